// A merged window as text that says all that is in it, to compare windows and to see what differs.

import Bytes
import Rollups
import Sketches

func describe(_ window: borrowing ZoneWindow, evidence: Bool = true) -> String {
  var text = "window \(window.start) \(window.length) \(window.scope) late=\(window.isLate)"
  text += " zone='\(window.zone.decodedString())' events=\(window.events) \(window.firstTime)...\(window.lastTime)\n"
  text += "counts \(window.counts)\n clients \(window.distinctClients) evicted \(window.evictions)\n"
  for i in 0..<window.clientCount {
    let row = window.client(i)
    text += "client \(row.address) \(row.firstTime) \(row.lastTime) \(row.counts) error \(row.error)"
    text += " score \(row.maxScore) \(row.scoreSum) \(row.classes.list) robots \(row.robots)"
    for set in [row.paths, row.failedPaths, row.queries, row.users, row.userAgents] { text += " " + bytes(set, window) }
    text += " ua '\(window.userAgent(row.userAgent).decodedString())'"
    text += " login '\(row.loginPath == 0 ? "" : window.path(row.loginPath).decodedString())' "
    var parts: [String] = []
    window.forEachRule(of: row) { parts.append("\($0.rule):\($0.count)") }
    if evidence { window.forEachEvidence(of: row) { if $0.rank > 0 { parts.append(line($0, window)) } } }
    text += parts.joined(separator: ",") + "\n"
  }
  text += hitters("paths", window.paths) + hitters("agents", window.userAgents)
  text += hitters("referrers", window.referrers) + hitters("fingerprints", window.fingerprints)
  text += "latency \(window.latency.count)"
  for q in [0, 0.5, 0.99, 1] { text += " \(window.latency.quantile(q).map(String.init) ?? "-")" }
  text += "\n"
  for i in 0..<window.statusCount { text += "status \(window.status(i).code) \(window.status(i).count)\n" }
  for item in window.sampledRequests() {
    text += "sample \(item.time) \(item.client) \(item.status) \(window.text(item.target).decodedString())\n"
  }
  for i in 0..<window.ruleCount {
    let row = window.rule(i)
    var parts: [String] = []
    window.forEachEvidence(of: row) { parts.append(line($0, window)) }
    text += "rule \(row.rule) \(row.matches) \(bytes(row.clients, window)) \(evidence ? parts : [])\n"
  }
  for i in 0..<window.signatureCount {
    let row = window.signature(i)
    var parts: [String] = []
    window.forEachEvidence(of: row) { parts.append(line($0, window)) }
    text += "signature \(row.kind) '\(window.text(row.value).decodedString())' \(row.requests) \(row.errors)"
    text += " \(row.matched) \(bytes(row.clients, window)) \(bytes(row.queries, window)) \(evidence ? parts : [])\n"
  }
  for i in 0..<window.correlationCount {
    let row = window.correlation(i)
    text += "correlation \(row.correlation) '\(window.text(row.group).decodedString())' \(row.count)"
    text += " \(bytes(row.values, window)) \(row.firstTime) \(row.lastTime)\n"
  }
  return text
}

private func bytes(_ set: DistinctSet, _ window: borrowing ZoneWindow) -> String {
  var buffer = ByteBuffer()
  window.write(set, to: &buffer)
  return buffer.bytes.copied().map { String($0, radix: 16) }.joined()
}

private func line(_ item: EvidenceItem, _ window: borrowing ZoneWindow) -> String {
  "\(window.sourcePath(item.source).decodedString()):\(item.line) \(item.score) \(window.text(item.request).decodedString())"
    + " \(item.bytes) \(item.asn) \(item.country) \(item.protocolVersion) \(item.hasReferrer)"
    + " '\(window.fingerprint(item.fingerprint).decodedString())'"
}

private func hitters(_ name: String, _ sketch: borrowing SpaceSaving) -> String {
  var text = "\(name) \(sketch.total) floor \(sketch.floor):"
  sketch.top(.max) {
    let entry = sketch[$0]
    text += " '\(sketch.key($0).decodedString())' \(entry.lower)+\(entry.error) \(entry.first) \(entry.second)"
  }
  return text + "\n"
}
