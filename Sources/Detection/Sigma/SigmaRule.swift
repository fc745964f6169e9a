// Rules and correlations as parsed, before they are compiled.

import Bytes
import Configuration
import Rollups

/// Sigma's `level`: how serious a match is.
public enum RuleLevel: Int, Sendable, Comparable, CaseIterable {
  case informational = 0
  case low, medium, high, critical
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  public var name: String { ["informational", "low", "medium", "high", "critical"][rawValue] }

  init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }
}

/// What is known of a rule besides what it matches.
public struct RuleInfo: Sendable, Hashable {
  /// The rule's `id`, or its name, or its title where it has none.
  public var id: String
  public var name: String
  public var title: String
  public var level: RuleLevel
  public var status: String
  public var tags: [String]
  /// From the tags `millrace.CLASS`, `cve...` and those of ATT&CK; `.other` where none is known.
  public var classes: AttackClasses
  /// Hash of the id with a fixed key: the rule's identity in rollups and verdicts.
  public var hash: UInt64
  public var file: String
  /// Line of the rule's title, from 1.
  public var line: Int
  /// False where the rule only serves correlations.
  public var isReported: Bool
}

/// A detection rule with the tree of what it matches.
struct SigmaRule {
  var info: RuleInfo
  var source: LogSource
  var expression: RuleExpression
}

/// A rule's `logsource`, lower-cased.
struct LogSource: Equatable {
  var category: String?
  var product: String?
  var service: String?

  /// Whether all that `other` asks for is so here.
  func isPart(of other: LogSource) -> Bool {
    func fits(_ asked: String?, _ own: String?) -> Bool { asked == nil || asked == own }
    return fits(other.category, category) && fits(other.product, product) && fits(other.service, service)
  }
}

extension RuleInfo {
  /// Key of `hash`. Fixed: a rule's identity does not depend on a pipeline's seed.
  private static let identity = KeyedHash(key: 0x6d69_6c6c_7261_6365)

  static func hash(ofId id: String) -> UInt64 { identity.hash(id) }

  /// Classes of attack that tags name.
  static func classes(ofTags tags: [String]) -> AttackClasses {
    var classes: AttackClasses = []
    for tag in tags {
      let tag = tag.lowercased()
      if tag.hasPrefix("millrace.") {
        if let known = AttackClasses.names.first(where: { "millrace." + $0.name == tag }) {
          classes.insert(known.value)
        }
      } else if tag.hasPrefix("cve.") || tag.hasPrefix("cve-") {
        classes.insert(.vulnerabilityProbe)
      } else if tag.hasPrefix("attack.t1595") || tag == "attack.reconnaissance" {
        classes.insert(.scanner)
      } else if tag.hasPrefix("attack.t1505.003") {
        classes.insert(.webShell)
      }
    }
    return classes.isEmpty ? .other : classes
  }
}
