// Sigma correlations: counting the matches of rules over a time span, by group.

import Bytes

/// A correlation, ready to be counted.
public struct Correlation: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Matches of the rules.
    case eventCount
    /// Distinct values of a field among them.
    case valueCount
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
}
