import Bytes
import Detection
import Reports
import Rollups

extension Audit {
  /// One document, described in docs/operation.md.
  func json(into output: inout ByteBuffer) {
    var json = JSONWriter()
    let found = discrepancies
    json.beginObject()
    json.member("agrees", found.isEmpty)
    json.key("discrepancies")
    Self.write(found, &json)
    json.key("remarks")
    Self.write(remarks, &json)
    json.key("sources")
    json.beginArray()
    for (id, source) in sources.sorted(by: { $0.key < $1.key }) {
      let gaps = gaps(of: source)
      json.element()
      json.beginObject(inline: true)
      json.member("id", Attack.text(ofId: id))
      json.member("name", source.name)
      json.member("batches", source.seen.count)
      json.member("lines", source.lines)
      json.member("last_sequence", source.seen.largest ?? 0)
      json.member("finished", source.isFinished)
      json.key("missing")
      Self.write(gaps.missing, &json)
      json.key("removed")
      Self.write(gaps.removed, &json)
      json.key("repeated")
      json.beginArray()
      for number in source.duplicates.sorted() {
        json.element()
        json.number(number)
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.key("partitions")
    json.beginArray()
    for (number, partition) in partitions.enumerated() {
      json.element()
      json.beginObject(inline: true)
      json.member("partition", UInt64(number))
      json.member("first_offset", UInt64(clamping: partition.first))
      json.member("unreadable", partition.unreadable)
      json.key("events")
      Self.write(partition.ledger, &json)
      json.key("counted")
      if let state = partition.state { Self.write(state.ledger, &json) } else { json.null() }
      json.member("position", UInt64(clamping: partition.state?.position ?? 0))
      json.member("closed", partition.state?.isClosed ?? false)
      json.member("in_rollups", partition.inRollups)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.output.append(0x0a)
    output.append(json.output.bytes)
  }

  private static func write(_ texts: [String], _ json: inout JSONWriter) {
    json.beginArray()
    for text in texts {
      json.element()
      json.string(text)
    }
    json.endArray()
  }

  private static func write(_ ranges: [ClosedRange<UInt64>], _ json: inout JSONWriter) {
    json.beginArray()
    for range in ranges {
      json.element()
      json.beginArray()
      json.element()
      json.number(range.lowerBound)
      json.element()
      json.number(range.upperBound)
      json.endArray()
    }
    json.endArray()
  }

  private static func write(_ ledger: ConservationLedger, _ json: inout JSONWriter) {
    json.beginObject()
    json.member("batches", ledger.batches)
    json.member("lines", ledger.lines)
    json.member("parsed", ledger.parsed)
    json.member("unparsed", ledger.unparsed)
    json.member("ahead", ledger.ahead)
    json.member("sampled_out", ledger.sampledOut)
    json.member("late", ledger.late)
    json.member("events", ledger.events)
    json.member("damaged", ledger.damaged)
    json.member("on_time", ledger.onTime)
    json.member("after_close", ledger.afterClose)
    json.member("in_windows", ledger.inWindows)
    json.member("windows", ledger.windows)
    json.member("late_partials", ledger.latePartials)
    json.member("poisoned", ledger.poisoned)
    if ledger.allowed > 0 { json.member("allowed", ledger.allowed) }
    json.endObject()
  }
}
