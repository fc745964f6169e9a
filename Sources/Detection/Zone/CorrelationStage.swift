// From the counts of the global window to findings: which groups of which correlations reached their conditions.

import Bytes
import Rollups

/// Sums the correlations of a rule set over the windows of all hosts. Pure, and bounded as `CorrelationState` is.
public struct CorrelationStage: Sendable {
  struct Group: Hashable {
    var correlation: Int
    var values: [UInt8]
  }
  var state: CorrelationState
  /// Groups whose events have been told, until when: so that the overlap of two spans is told once.
  var told: [Group: Nanoseconds] = [:]

  public init(_ correlations: [Correlation]) { state = CorrelationState(correlations) }

  /// Takes in one merged window; windows of a zone say nothing of correlations. Windows come in order of time, late
  /// ones apart. O(groups remembered).
  public mutating func consume(_ window: borrowing ZoneWindow) -> [CorrelationFinding] {
    guard window.scope == .global, !state.correlations.isEmpty else { return [] }
    var fresh: [Group: (count: UInt64, evidence: [EvidenceRecord])] = [:]
    var values = ByteBuffer(capacity: 64)
    for place in 0..<window.correlationCount {
      let row = window.correlation(place)
      values.removeAll()
      window.write(row.values, to: &values)
      state.add(
        correlation: row.correlation, group: window.text(row.group), count: row.count, values: values.bytes,
        windowStart: window.start, windowEnd: window.end, firstTime: row.firstTime, lastTime: row.lastTime)
      guard let number = state.number(of: row.correlation) else { continue }
      let group = Group(correlation: number, values: [UInt8](copying: window.text(row.group)))
      // One row, or one of each rule.
      var (count, evidence) = fresh[group] ?? (0, [])
      let (sum, overflow) = count.addingReportingOverflow(row.count)
      count = overflow ? .max : sum
      window.forEachEvidence(of: row) { evidence.append(EvidenceRecord($0, of: window)) }
      fresh[group] = (count, evidence)
    }
    // Late events count towards the spans that are to come; the span they belong to has been judged.
    if window.isLate { return [] }
    told = told.filter { $0.value > window.start }
    return state.advance(to: window.end).map { match in
      let group = Group(correlation: match.correlation, values: match.group)
      let correlation = state.correlations[match.correlation]
      let known = told[group] != nil
      let (until, overflow) = window.end.addingReportingOverflow(correlation.timespan)
      told[group] = overflow ? .max : until
      state.note(group.correlation, group.values)
      let new = fresh[group]
      let values = correlation.values(ofGroup: match.group.span.bytes)
      return CorrelationFinding(
        correlation: correlation.info.hash, group: match.group,
        count: known ? new?.count ?? 1 : match.events,
        firstTime: known ? max(match.firstTime, window.start) : match.firstTime, lastTime: match.lastTime,
        client: correlation.client(of: values), evidence: new?.evidence ?? [], reached: match.count,
        isDistinct: correlation.kind == .valueCount)
    }
  }
}

extension Correlation {
  /// The address among a group's values, where it is grouped by client.
  fileprivate func client(of values: [(name: String, value: [UInt8])]) -> IPAddress? {
    guard let fields = groupBy.first else { return nil }
    for (index, value) in values.enumerated() where fields.indices.contains(index) && fields[index] == .client {
      return IPAddress(String(decoding: value.value, as: UTF8.self))
    }
    return nil
  }
}
