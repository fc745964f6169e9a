// A campaign stage that is saved, lost and restored goes on as if nothing had been.

import Bytes
import Testing

@testable import Detection

@Suite struct CampaignStateTests {
  static let rules = [UInt64(3): RuleTitle(id: "some-rule", title: "A rule", severity: .high)]

  static func settings(_ dice: inout Dice) -> CampaignSettings {
    var settings = CampaignSettings()
    // Small enough for every bound to be met.
    if dice.roll(2) == 0 {
      settings.openCampaigns = 12
      settings.membersInMemory = 120
      settings.shownSources = 5
    }
    return settings
  }

  @Test(arguments: [UInt64](1...30))
  func aStageCutAtAnyStepTellsTheSame(seed: UInt64) throws {
    var dice = Dice(seed)
    let settings = Self.settings(&dice)
    let steps = dice.steps(300)
    var sink = NoSourceSink()

    var whole = CampaignStage(settings: settings, rules: Self.rules)
    var expected: [[Attack]] = []
    for step in steps { expected.append(whole.consume(step.candidates, watermark: step.end, sources: &sink)) }
    expected.append(whole.close(sources: &sink))

    var stage = CampaignStage(settings: settings, rules: Self.rules)
    stage.trackChanges()
    var saved = SavedState()
    saved.apply(stage.takeChanges())
    var next = 0
    var told = [[Attack]](repeating: [], count: steps.count + 1)
    var position = 0
    var restarts = 0
    while next < steps.count {
      told[next] = stage.consume(steps[next].candidates, watermark: steps[next].end, sources: &sink)
      next += 1
      if dice.roll(5) == 0 {
        saved.apply(stage.takeChanges())
        position = next
      }
      if dice.roll(12) == 0, restarts < 20 {
        // Killed: what is told again must be what was told.
        restarts += 1
        let before = told
        stage = try CampaignStage(settings: settings, rules: Self.rules, restoring: saved)
        while position < next {
          told[position] = stage.consume(steps[position].candidates, watermark: steps[position].end, sources: &sink)
          position += 1
        }
        #expect(told == before, "seed \(seed), step \(next)")
        // Replayed but not saved: the next kill replays them again.
        saved.apply(stage.takeChanges())
        position = next
      }
    }
    told[steps.count] = stage.close(sources: &sink)
    #expect(told == expected, "seed \(seed)")
    #expect(restarts > 5)
    let memory = whole.memory
    #expect(stage.memory.campaigns == memory.campaigns && stage.memory.members == memory.members)
  }

  @Test func onlyWhatChangedIsSaved() {
    var dice = Dice(4)
    var stage = CampaignStage()
    stage.trackChanges()
    var sink = NoSourceSink()
    for step in dice.steps(40) { _ = stage.consume(step.candidates, watermark: step.end, sources: &sink) }
    #expect(stage.takeChanges().count > 10)
    #expect(stage.takeChanges().map(\.name) == [Array("core".utf8)])
  }

  @Test func damagedStateIsReadOrRefused() {
    var dice = Dice(9)
    var stage = CampaignStage()
    stage.trackChanges()
    var sink = NoSourceSink()
    let steps = dice.steps(60)
    for step in steps { _ = stage.consume(step.candidates, watermark: step.end, sources: &sink) }
    let parts = stage.takeChanges()
    var refused = 0
    for _ in 0..<2_000 {
      var damaged = parts
      let place = dice.roll(damaged.count)
      guard var bytes = damaged[place].bytes, !bytes.isEmpty else { continue }
      if dice.roll(3) == 0 { bytes = Array(bytes.prefix(dice.roll(bytes.count))) }
      if !bytes.isEmpty { bytes[dice.roll(bytes.count)] = UInt8(dice.roll(256)) }
      damaged[place].bytes = bytes
      var saved = SavedState()
      saved.apply(damaged)
      do {
        var restored = try CampaignStage(settings: CampaignSettings(), rules: [:], restoring: saved)
        for step in steps.suffix(3) { _ = restored.consume(step.candidates, watermark: step.end, sources: &sink) }
        _ = restored.close(sources: &sink)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 300)
  }
}
