// The answer for one event: which rules match, the strongest first.

/// Up to 16 rule indices in a plain value. Further matches are dropped: they are weaker ones.
public struct MatchedRules: Sendable, Equatable {
  public private(set) var count: Int = 0
  var indices = SIMD16<UInt16>(repeating: 0)

  @inlinable public init() {}
  public static let none = MatchedRules()
  @inlinable public var isEmpty: Bool { count == 0 }

  /// Index into `RuleSet.rules` of the match number `position`, below `count`.
  public subscript(position: Int) -> Int {
    precondition(position >= 0 && position < count)
    return Int(indices[position])
  }

  mutating func append(_ rule: UInt16) {
    guard count < 16 else { return }
    indices[count] = rule
    count &+= 1
  }
}
