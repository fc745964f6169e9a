import Configuration
import Stations
import Testing

@Suite struct ReloadPolicyTests {
  func rules(_ range: Range<Int>, _ text: String = "") -> [String: String] {
    Dictionary(uniqueKeysWithValues: range.map { ("r\($0)", "\($0)\(text)") })
  }

  @Test func theSameRulesAreNoChange() {
    #expect(ReloadPolicy().decide(what: "rules", old: rules(0..<9), new: rules(0..<9)) == .unchanged)
  }

  @Test func whatChangedIsSaidByName() {
    guard
      case .accept(let change) = ReloadPolicy().decide(
        what: "rules", old: ["a": "1", "b": "1", "c": "1"], new: ["a": "1", "b": "2", "d": "1"])
    else { return #expect(Bool(false)) }
    #expect(change.added == ["d"] && change.removed == ["c"] && change.changed == ["b"])
    #expect("\(change)" == "1 added (d), 1 removed (c), 1 changed (b); 3 now")
  }

  @Test func anEmptySetIsRefused() {
    guard case .refuse(_, let reason) = ReloadPolicy().decide(what: "rules", old: rules(0..<1), new: [:]) else {
      return #expect(Bool(false))
    }
    #expect(reason.hasPrefix("there are no rules in it") && reason.contains("reload.force"))
  }

  @Test func halfMayGoButNotMore() {
    let policy = ReloadPolicy()
    guard case .accept = policy.decide(what: "rules", old: rules(0..<10), new: rules(0..<5)),
      case .refuse(let change, let reason) = policy.decide(what: "rules", old: rules(0..<10), new: rules(0..<4))
    else { return #expect(Bool(false)) }
    #expect(change.removed.count == 6 && reason.hasPrefix("it drops 6 of 10 rules"))
    // That others came in their place does not make it less of a loss.
    guard case .refuse = policy.decide(what: "rules", old: rules(0..<10), new: rules(6..<30)) else {
      return #expect(Bool(false))
    }
    // All of them rewritten is an upgrade.
    guard case .accept = policy.decide(what: "rules", old: rules(0..<10), new: rules(0..<10, "new")) else {
      return #expect(Bool(false))
    }
  }

  @Test func whoForcesItGetsIt() {
    guard case .accept = ReloadPolicy(isForced: true).decide(what: "rules", old: rules(0..<10), new: [:]) else {
      return #expect(Bool(false))
    }
  }

  @Test func aReloadSaysWhatOnlyARestartApplies() throws {
    let old = try PipelineFile.load()
    let text = "partitions: 8\ndetection: {threshold: 70}\nlog: {level: debug}\nkafka: {bootstrap: 'b:1'}\n"
    let change = SettingsChange(from: old, to: try PipelineFile.load(Array(text.utf8)))
    #expect(change.applied == ["detection.threshold", "log.level"])
    #expect(change.needRestart == ["kafka.bootstrap", "partitions"])
  }

  @Test func everyReloadableKeyExists() {
    for name in SettingsChange.reloadable {
      #expect(PipelineFile.table.contains { name.hasSuffix(".") ? $0.key.hasPrefix(name) : $0.key == name }, "\(name)")
    }
  }
}
