// Sigma correlations: counting the matches of rules over a time span, by group.

import Bytes

/// A correlation, ready to be counted.
public struct Correlation: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Matches of the rules.
    case eventCount
    /// Distinct values of a field among them.
    case valueCount
    /// Different rules that match within the timespan.
    case temporal
    /// All rules, one after another as they are listed; requests with the same stamp are in either order.
    case temporalOrdered

    var isTemporal: Bool { self == .temporal || self == .temporalOrdered }
  }
  /// Bounds of the count that `condition` asks for; all of them hold.
  public struct Condition: Sendable, Hashable {
    public var minimum: UInt64 = 0
    public var maximum: UInt64 = .max
    /// `neq`.
    public var excluded: UInt64?

    public func holds(_ count: UInt64) -> Bool { count >= minimum && count <= maximum && count != excluded }
  }

  public var info: RuleInfo
  public var kind: Kind
  /// Indices of the rules that it counts.
  public var rules: [Int]
  /// For each rule of `rules`, the fields whose values make the group: aliases are resolved.
  var groupBy: [[SigmaField]]
  /// For each rule, the field that `valueCount` counts.
  var valueField: [SigmaField]
  /// Names of the group's fields, for reports.
  public var groupNames: [String]
  public var timespan: Nanoseconds
  public var condition: Condition
  /// Temporal ones only: for each rule of `rules`, what its matches are counted under. Of the ids of both, so that a
  /// saved state outlives a change of the list.
  var members: [UInt64] = []

  /// What matches of the correlation's rule at this position are counted under, in windows and on the wire. Where the
  /// rules are told apart, each has counts of its own, with its first and last time: sums, smallest and largest, which
  /// partials of a window can be merged by in any order.
  func key(at position: Int) -> UInt64 { kind.isTemporal ? members[position] : info.hash }

  /// The values of a group with the names of their fields, for reports. Bytes as received, lower-cased; addresses as
  /// text.
  public func values(ofGroup group: RawSpan) -> [(name: String, value: [UInt8])] {
    var values: [(name: String, value: [UInt8])] = []
    var place = 0
    for (index, name) in groupNames.enumerated() {
      guard place + 4 <= group.byteCount else { break }
      let length = (0..<4).reduce(0) { $0 | Int(group.unchecked(place + $1)) << (8 * $1) }
      place += 4
      guard length <= group.byteCount - place else { break }
      let bytes = group.extracting(place..<place + length)
      place += length
      if length == 16, groupBy.first.map({ $0.indices.contains(index) && $0[index] == .client }) ?? false {
        let words = [0, 8].map { start in (0..<8).reduce(UInt64(0)) { $0 << 8 | UInt64(bytes.unchecked(start + $1)) } }
        values.append((name, Array(IPAddress(high: words[0], low: words[1]).description.utf8)))
      } else {
        values.append((name, bytes.copied()))
      }
    }
    return values
  }
}
