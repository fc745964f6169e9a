// What is known of one request by itself: the answer of the rules and the injection detectors.
// Rollups counts verdicts; Detection makes them.

import Bytes
import CapnProto
import Events

/// Classes of attack a request can belong to. The raw bit is stored in `ClientActivity.classes`.
public struct AttackClasses: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let sqlInjection = AttackClasses(rawValue: 1 << 0)
  public static let crossSiteScripting = AttackClasses(rawValue: 1 << 1)
  public static let pathTraversal = AttackClasses(rawValue: 1 << 2)
  public static let fileInclusion = AttackClasses(rawValue: 1 << 3)
  public static let commandInjection = AttackClasses(rawValue: 1 << 4)
  public static let templateInjection = AttackClasses(rawValue: 1 << 5)
  public static let expressionInjection = AttackClasses(rawValue: 1 << 6)
  public static let noSQLInjection = AttackClasses(rawValue: 1 << 7)
  public static let xmlExternalEntity = AttackClasses(rawValue: 1 << 8)
  public static let serverSideRequestForgery = AttackClasses(rawValue: 1 << 9)
  public static let headerInjection = AttackClasses(rawValue: 1 << 10)
  public static let webShell = AttackClasses(rawValue: 1 << 11)
  public static let secretExposure = AttackClasses(rawValue: 1 << 12)
  public static let vulnerabilityProbe = AttackClasses(rawValue: 1 << 13)
  public static let scanner = AttackClasses(rawValue: 1 << 14)
  public static let badClient = AttackClasses(rawValue: 1 << 15)
  public static let deserialization = AttackClasses(rawValue: 1 << 16)
  public static let ldapInjection = AttackClasses(rawValue: 1 << 17)
  public static let protocolAbuse = AttackClasses(rawValue: 1 << 18)
  public static let openRedirect = AttackClasses(rawValue: 1 << 19)
  public static let fileUpload = AttackClasses(rawValue: 1 << 20)
  /// A rule of the user's own that names no class we know.
  public static let other = AttackClasses(rawValue: 1 << 31)

  /// The names used in reports, rules (`tags: millrace.CLASS`) and verdict files, in bit order.
  public static let names: [(name: String, value: AttackClasses)] = [
    ("sqli", .sqlInjection), ("xss", .crossSiteScripting), ("traversal", .pathTraversal),
    ("file-inclusion", .fileInclusion), ("cmdi", .commandInjection), ("ssti", .templateInjection),
    ("expression", .expressionInjection), ("nosqli", .noSQLInjection), ("xxe", .xmlExternalEntity),
    ("ssrf", .serverSideRequestForgery), ("crlf", .headerInjection), ("webshell", .webShell),
    ("secrets", .secretExposure), ("vulnerability", .vulnerabilityProbe), ("scanner", .scanner),
    ("bad-client", .badClient), ("deserialization", .deserialization), ("ldapi", .ldapInjection),
    ("protocol", .protocolAbuse), ("redirect", .openRedirect), ("upload", .fileUpload), ("other", .other),
  ]

  /// Names of the classes present, in bit order. Allocates.
  public var list: [String] { Self.names.filter { contains($0.value) }.map(\.name) }
}

/// Score, classes and rules of one request. A plain value without heap storage.
public struct RequestVerdict: Sendable, Equatable {
  /// 0 to 100: how sure the evidence in this one request is that it is an attack.
  public var score: UInt8 = 0
  public var ruleCount: UInt8 = 0
  /// The user vouches for it: it was not judged, and counts for no client, path or rate.
  public var isAllowed = false
  public var classes: AttackClasses = []
  /// Indices into the rule set, the strongest first; the first `ruleCount` are valid. Further matches are dropped.
  public var rules = SIMD8<UInt16>(repeating: 0)

  @inlinable public init() {}
  public static let clean = RequestVerdict()
  public static let allowed: RequestVerdict = {
    var verdict = RequestVerdict()
    verdict.isAllowed = true
    return verdict
  }()
}

/// Judges requests one batch at a time. Pure: the same events give the same verdicts, in any batch.
public protocol RequestClassifier: ~Copyable {
  /// Hash of everything that the verdicts depend on.
  var ruleSetHash: UInt64 { get }
  /// The stable identity (hash of its id) of each rule, by index.
  var ruleHashes: [UInt64] { get }
  /// Writes one verdict for each event of `events` to `verdicts`, which it first clears.
  mutating func classify(_ events: borrowing HttpEventList, into verdicts: inout [RequestVerdict])
  /// Appends to `hits` which correlations count which events, and the groups' values to `texts`. Called after
  /// `classify` with its verdicts; by default there are none.
  mutating func correlate(
    _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict], into hits: inout [CorrelationHit],
    texts: inout ByteBuffer)
}
