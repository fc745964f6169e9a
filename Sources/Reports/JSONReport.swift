// The report for programs. `docs/report.schema.json` describes it.

import Bytes
import Detection

/// One JSON document, the same bytes for the same report.
public enum JSONReport {
  /// Of the document's form: the value of its key `version`.
  public static let version: UInt64 = 1

  public static func render(_ report: ReplayReport, into output: inout ByteBuffer) {
    var json = JSONWriter()
    json.beginObject()
    json.member("version", version)
    writeInput(report, &json)
    writeTraffic(report.traffic, &json)
    json.key("attacks")
    write(report.attacks, &json)
    writeLedger(report.ledger, &json)
    json.key("remarks")
    json.beginArray()
    for remark in report.remarks {
      json.element()
      json.string(remark)
    }
    json.endArray()
    json.endObject()
    json.output.append(0x0a)
    output.append(json.output.bytes)
  }

  private static func writeInput(_ report: ReplayReport, _ json: inout JSONWriter) {
    let input = report.input
    json.key("input")
    json.beginObject()
    json.key("files")
    json.beginArray()
    for file in input.files {
      json.element()
      json.beginObject(inline: true)
      json.member("path", file.path)
      json.member("format", file.format)
      json.member("bytes", file.bytes)
      json.member("lines", file.lines)
      json.member("parsed", file.parsed)
      json.endObject()
    }
    json.endArray()
    json.member("bytes", input.bytes)
    json.member("lines", input.lines)
    json.member("parsed", input.parsed)
    json.member("unparsed", input.unparsed)
    json.member("first", time: input.first)
    json.member("last", time: input.last)
    json.key("coverage")
    // Rounded down, so that it is 1 only where all parsed.
    json.number((input.coverage * 1e6).rounded(.down) / 1e6, decimals: 6)
    json.key("unparsed_shapes")
    json.beginArray()
    for shape in input.unparsedShapes {
      json.element()
      json.beginObject(inline: true)
      json.member("shape", shape.shape)
      json.member("count", shape.count)
      json.member("file", shape.file)
      json.member("line", shape.line)
      json.endObject()
    }
    json.endArray()
    json.key("partial")
    if let partial = report.partial { json.string(partial) } else { json.null() }
    json.endObject()
  }

  private static func writeTraffic(_ traffic: TrafficReport, _ json: inout JSONWriter) {
    json.key("traffic")
    json.beginObject()
    json.member("requests", traffic.requests)
    json.member("bytes", traffic.bytes)
    json.member("clients", traffic.clients)
    json.member("matched", traffic.matched)
    json.key("status")
    write(traffic.statuses, &json)
    json.key("methods")
    json.beginObject(inline: true)
    json.member("get", traffic.methods.get)
    json.member("head", traffic.methods.head)
    json.member("post", traffic.methods.post)
    json.member("other", traffic.methods.other)
    json.endObject()
    json.key("latency_us")
    if let latency = traffic.latency {
      json.beginObject(inline: true)
      json.member("p50", latency.p50)
      json.member("p90", latency.p90)
      json.member("p99", latency.p99)
      json.endObject()
    } else {
      json.null()
    }
    json.key("series")
    json.beginObject()
    json.member("start", time: traffic.series.isEmpty ? nil : traffic.seriesStart)
    json.member("step_seconds", Double(traffic.seriesStep) / Double(nanosecondsPerSecond))
    json.key("points")
    json.beginArray()
    for point in traffic.series {
      json.element()
      json.beginObject(inline: true)
      json.member("requests", point.requests)
      json.member("bytes", point.bytes)
      json.member("matched", point.matched)
      json.key("status")
      write(point.statuses, &json)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.key("top")
    json.beginObject()
    for (name, tops) in [
      ("paths", traffic.paths), ("clients", traffic.topClients), ("networks", traffic.networks),
      ("user_agents", traffic.userAgents), ("referrers", traffic.referrers), ("hosts", traffic.hosts),
    ] {
      json.key(name)
      json.beginArray()
      for top in tops {
        json.element()
        json.beginObject(inline: true)
        json.member("value", top.value)
        json.member("requests", top.requests)
        json.member("lower", top.lower)
        json.member("upper", top.upper)
        json.member("bytes", top.bytes)
        json.member("errors", top.errors)
        json.endObject()
      }
      json.endArray()
    }
    json.endObject()
    json.endObject()
  }

  private static func write(_ statuses: TrafficReport.Statuses, _ json: inout JSONWriter) {
    json.beginObject(inline: true)
    for (name, count) in zip(["1xx", "2xx", "3xx", "4xx", "5xx"], statuses.all) { json.member(name, count) }
    json.endObject()
  }

  private static func writeLedger(_ ledger: LedgerReport, _ json: inout JSONWriter) {
    json.key("ledger")
    json.beginObject()
    json.member("lines", ledger.lines)
    json.member("parsed", ledger.parsed)
    json.member("unparsed", ledger.unparsed)
    json.member("ahead", ledger.ahead)
    json.member("sampled_out", ledger.sampledOut)
    json.member("late", ledger.late)
    json.member("excluded", ledger.excluded)
    json.member("aggregated", ledger.aggregated)
    if ledger.allowed > 0 { json.member("allowed", ledger.allowed) }
    json.member("balances", ledger.balances)
    json.endObject()
  }
}

extension JSONReport {
  /// The value of the report's key `attacks`, as a document of its own.
  public static func attacks(_ attacks: [Attack], into output: inout ByteBuffer) {
    var json = JSONWriter()
    write(attacks, &json)
    json.output.append(0x0a)
    output.append(json.output.bytes)
  }

  private static func write(_ attacks: [Attack], _ json: inout JSONWriter) {
    json.beginArray()
    for attack in ReplayReport.sorted(attacks) {
      json.element()
      write(attack, &json)
    }
    json.endArray()
  }

  /// One attack as an object; also what a stream of attacks writes, a line each.
  package static func write(_ attack: Attack, _ json: inout JSONWriter, inline: Bool = false) {
    json.beginObject(inline: inline)
    json.member("id", attack.id)
    json.member("state", attack.state.rawValue)
    json.member("severity", attack.severity.name)
    json.member("kind", attack.kind.rawValue)
    json.member("class", attack.attackClass)
    json.member("zone", attack.zone)
    json.member("start", time: attack.start)
    json.member("end", time: attack.end)
    json.member("confidence", min(max(attack.confidence, 0), 1))
    json.member("requests", attack.requests)
    json.member("peak_rate", max(attack.peakRate, 0))
    json.member("baseline_rate", max(attack.baselineRate, 0))
    json.member("source_count", attack.sourceCount)
    json.key("sources")
    json.beginArray()
    for source in attack.sources {
      json.element()
      json.beginObject(inline: true)
      json.member("address", source.address.description)
      json.member("requests", source.requests)
      json.member("lower", source.lower)
      json.member("upper", source.upper)
      if let note = source.note { write(note, &json) }
      json.endObject()
    }
    json.endArray()
    json.key("targets")
    json.beginArray()
    for target in attack.targets {
      json.element()
      json.beginObject(inline: true)
      json.member("path", target.path)
      json.member("requests", target.requests)
      json.member("lower", target.lower)
      json.member("upper", target.upper)
      json.endObject()
    }
    json.endArray()
    json.key("rules")
    json.beginArray()
    for rule in attack.rules {
      json.element()
      json.beginObject(inline: true)
      json.member("id", rule.id)
      json.member("title", rule.title)
      json.member("matches", rule.matches)
      json.endObject()
    }
    json.endArray()
    json.key("evidence")
    json.beginArray()
    for line in attack.evidence {
      json.element()
      json.beginObject(inline: true)
      json.member("file", line.file)
      json.member("line", line.line)
      json.member("time", time: line.time)
      json.member("request", line.request)
      json.member("client", line.client.description)
      json.member("status", UInt64(line.status))
      json.endObject()
    }
    json.endArray()
    json.member("explanation", attack.explanation)
    writeFingerprint(attack, &json)
    writeMitigations(attack, &json)
    json.endObject()
  }

  /// Members of a source, where something is known of it.
  private static func write(_ note: SourceNote, _ json: inout JSONWriter) {
    if !note.lists.isEmpty {
      json.key("lists")
      json.beginArray(inline: true)
      for mention in note.lists {
        json.element()
        json.beginObject(inline: true)
        json.member("name", mention.list)
        json.member("kind", mention.kind.rawValue)
        json.endObject()
      }
      json.endArray()
    }
    if !note.country.isEmpty { json.member("country", note.country) }
    if note.asn > 0 { json.member("asn", UInt64(note.asn)) }
    if !note.organisation.isEmpty { json.member("organisation", note.organisation) }
    if note.earlierAttacks > 0 { json.member("earlier_attacks", UInt64(note.earlierAttacks)) }
    if note.score > 0 { json.member("score", UInt64(note.score)) }
  }

  private static func writeFingerprint(_ attack: Attack, _ json: inout JSONWriter) {
    json.key("fingerprint")
    if let fingerprint = attack.fingerprint {
      json.beginObject(inline: true)
      json.key("fields")
      json.beginArray(inline: true)
      for part in fingerprint.parts {
        json.element()
        json.beginObject(inline: true)
        json.member("field", part.field.name)
        json.member("value", part.value)
        json.endObject()
      }
      json.endArray()
      json.member("covers", fingerprint.share)
      json.member("normal_hits", UInt64(max(fingerprint.normalHits, 0)))
      json.endObject()
    } else {
      json.null()
    }
    json.member("normal_sampled", UInt64(max(attack.normalSampled, 0)))
  }

  private static func writeMitigations(_ attack: Attack, _ json: inout JSONWriter) {
    json.key("mitigations")
    json.beginArray()
    for measure in attack.mitigations {
      json.element()
      json.beginObject(inline: true)
      json.member("kind", measure.kind)
      json.member("by", measure.basis.rawValue)
      json.member("expires", UInt64(measure.expires))
      json.member("normal_hits", UInt64(max(measure.normalHits, 0)))
      json.key("normal_share_at_most")
      if attack.normalSampled > 0 {
        json.number(Attack.upperShare(measure.normalHits, of: attack.normalSampled))
      } else {
        json.null()
      }
      json.member("text", measure.text)
      json.member("undo", measure.undo)
      json.member("note", measure.note)
      json.endObject()
    }
    json.endArray()
  }

  /// One attack as one line without its newline.
  public static func line(_ attack: Attack, into output: inout ByteBuffer) {
    var json = JSONWriter()
    write(attack, &json, inline: true)
    output.append(json.output.bytes)
  }
}
