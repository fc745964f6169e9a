// Whether a new rule set, list or set of thresholds may take the place of the old one, and what is different: pure.
//
// A file that an editor has just emptied, or a half-finished copy, reads as a small rule set without errors. Detection
// that silently ends is worse than rules of an hour ago, so such a set is refused unless someone says that it is meant.

import Configuration

/// What changed between two sets of named things, each list sorted by name.
public struct ReloadChange: Sendable, Hashable, CustomStringConvertible {
  public var added: [String]
  public var removed: [String]
  public var changed: [String]
  /// Size of the old set and of the new one.
  public var before: Int
  public var after: Int

  public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

  /// - Parameters:
  ///   - old: Names, each with anything that is equal exactly when the thing is: its text, a hash of it.
  ///   - new: The same.
  public init(from old: [String: String], to new: [String: String]) {
    added = new.keys.filter { old[$0] == nil }.sorted()
    removed = old.keys.filter { new[$0] == nil }.sorted()
    changed = new.filter { name, text in old[name].map { $0 != text } ?? false }.keys.sorted()
    (before, after) = (old.count, new.count)
  }

  /// `2 added (a, b), 1 removed (c), 1 changed (d); 10 now`: at most eight names of each.
  public var description: String {
    func part(_ names: [String], _ verb: String) -> String? {
      guard !names.isEmpty else { return nil }
      let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", and \(names.count - 8) more" : "")
      return "\(names.count) \(verb) (\(shown))"
    }
    let parts = [part(added, "added"), part(removed, "removed"), part(changed, "changed")].compactMap { $0 }
    return (parts.isEmpty ? "nothing changed" : parts.joined(separator: ", ")) + "; \(after) now"
  }
}

/// What to do with the new set.
public enum ReloadDecision: Sendable, Hashable {
  case unchanged
  case accept(ReloadChange)
  /// The reason says what to do if it was meant.
  case refuse(ReloadChange, reason: String)
}

public struct ReloadPolicy: Sendable {
  /// `--force-reload`, or `reload.force`.
  public var isForced: Bool
  public init(isForced: Bool = false) { self.isForced = isForced }

  /// Refuses a set that is empty, or in which more than half of the old names are gone; a thing that changed stays.
  /// - Parameters:
  ///   - old: Names, each with anything that is equal exactly when the thing is.
  ///   - new: The same.
  ///   - what: What they are, for the reason: `rules`.
  public func decide(what: String, old: [String: String], new: [String: String]) -> ReloadDecision {
    let change = ReloadChange(from: old, to: new)
    if change.isEmpty { return .unchanged }
    if isForced || change.before == 0 { return .accept(change) }
    let remedy = "; the old ones stay; if it is meant, set reload.force: true in the pipeline and reload again"
    if change.after == 0 { return .refuse(change, reason: "there are no \(what) in it\(remedy)") }
    if change.removed.count * 2 > change.before {
      return .refuse(
        change, reason: "it drops \(change.removed.count) of \(change.before) \(what), more than half\(remedy)")
    }
    return .accept(change)
  }
}

/// What of a changed pipeline takes effect on SIGHUP, and what waits for a restart.
public struct SettingsChange: Sendable, Hashable {
  /// Keys whose new values take effect, sorted.
  public var applied: [String]
  /// Keys that changed and that only a restart can apply, sorted.
  public var needRestart: [String]

  /// What may change while a line runs: thresholds, rules, who is told, and how much is logged. Anything that says where
  /// events go, or how they are cut, counted and hashed, would tear windows that are open.
  public static let reloadable = [
    "rules.", "detection.threshold", "detection.crawlers", "detectors.", "campaigns.", "allow", "reputation.",
    "attacks.notify",
    "forwarder.redact.", "log.level", "shutdown.timeout", "reload.force",
  ]

  public init(from old: Settings, to new: Settings) {
    applied = []
    needRestart = []
    for setting in old.table where old.value(setting.key) != new.value(setting.key) {
      let mayChange = Self.reloadable.contains {
        $0.hasSuffix(".") ? setting.key.hasPrefix($0) : setting.key == $0
      }
      if mayChange { applied.append(setting.key) } else { needRestart.append(setting.key) }
    }
    applied.sort()
    needRestart.sort()
  }
}
