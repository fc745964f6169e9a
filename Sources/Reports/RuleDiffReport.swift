// What one set of rules finds and another does not: for who changes a rule.

import Bytes

/// The comparison of two rule sets, A and B, over the same requests.
public struct RuleDiffReport: Sendable {
  /// What one set says of a request.
  public struct Judgement: Sendable {
    public var score: UInt8
    /// Ids of the rules and detectors that matched, the loaded rules first.
    public var rules: [String]
    public init(score: UInt8, rules: [String]) { (self.score, self.rules) = (score, rules) }
  }
  /// A request on which the two differ. Bytes as received.
  public struct Example: Sendable {
    public var file: [UInt8]
    /// From 1.
    public var line: UInt64
    /// Method and target.
    public var request: [UInt8]
    public var host: [UInt8]
    public var userAgent: [UInt8]
    public var referrer: [UInt8]
    public var a: Judgement
    public var b: Judgement
    public init(
      file: [UInt8], line: UInt64, request: [UInt8], host: [UInt8], userAgent: [UInt8], referrer: [UInt8],
      a: Judgement, b: Judgement
    ) {
      (self.file, self.line, self.request, self.host) = (file, line, request, host)
      (self.userAgent, self.referrer, self.a, self.b) = (userAgent, referrer, a, b)
    }
  }
  /// Requests that one set finds and the other does not. Examples are the first of their kind, each request once.
  public struct Difference: Sendable {
    public var onlyA: UInt64 = 0
    public var onlyB: UInt64 = 0
    public var examplesA: [Example] = []
    public var examplesB: [Example] = []
    public init() {}
    public var total: UInt64 { onlyA &+ onlyB }
  }
  /// A rule, in A or B or both, by its id.
  public struct Rule: Sendable {
    public var id: String
    public var title: String
    public var isInA: Bool
    public var isInB: Bool
    /// Requests that it matches in A and in B.
    public var matchesA: UInt64 = 0
    public var matchesB: UInt64 = 0
    public var difference = Difference()
    public init(id: String, title: String, isInA: Bool, isInB: Bool) {
      (self.id, self.title, self.isInA, self.isInB) = (id, title, isInA, isInB)
    }
  }

  /// Where the sets come from, and how many rules they have.
  public var sourceA: [String] = []
  public var sourceB: [String] = []
  public var ruleCountA = 0
  public var ruleCountB = 0
  /// Score from which a request is judged an attack.
  public var threshold: UInt8 = 50
  public var requests: UInt64 = 0
  public var attacksA: UInt64 = 0
  public var attacksB: UInt64 = 0
  /// Requests judged an attack by one of them only.
  public var attacks = Difference()
  /// Requests that other rules match.
  public var changed: UInt64 = 0
  /// Rules whose matches differ, those with most differences first, then by id.
  public var rules: [Rule] = []
  /// What the reader should know beside.
  public var remarks: [String] = []
  /// Why the input was not read whole; nil if it was.
  public var partial: String?
  public init() {}
}
