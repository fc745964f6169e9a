// A zone stage that is saved, lost and restored goes on as if nothing had been.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct ZoneStateTests {
  /// Visitors, probes, guesses, floods and spam on a few zones, from a seed.
  static func scripts(_ seed: UInt64) -> [ZoneScript] {
    var dice = Dice(seed)
    return (0..<4).map { zone in
      var script = ZoneScript()
      script.zone = "zone\(zone).example.org"
      for _ in 0..<(120 + dice.roll(120)) {
        let client = address(UInt32(10 + dice.roll(4)), UInt32(dice.roll(400)))
        let from = dice.unit() * 4_000
        let manner = dice.roll(9)
        for i in 0..<(1 + dice.roll(manner == 6 ? 250 : 30)) {
          var request = ScriptedRequest(time: from + Double(i) * dice.unit() * 4, client: client)
          request.path = "/page/\(dice.roll(40))"
          request.referrer = dice.roll(2) == 0
          switch manner {
          case 0:
            (request.path, request.status) = ("/missing/\(dice.roll(500)).php", 404)
          case 1:
            (request.path, request.method, request.status) = ("/login", "POST", dice.roll(9) == 0 ? 302 : 401)
          case 2:
            (request.score, request.classes, request.rule) = (UInt8(60 + dice.roll(40)), .sqlInjection, 5)
            request.query = "id=\(dice.roll(9_999))"
          case 3: request.query = "nocache=\(dice.roll(1 << 30))"
          case 4: (request.status, request.path) = (503, "/slow")
          case 5: (request.slow, request.path) = (true, "/slow")
          case 6: request.path = "/"
          case 7: (request.path, request.method, request.agent) = ("/comment", "POST", "bot/1.0")
          default: if dice.roll(3) == 0 { request.path = "/style\(dice.roll(4)).css" }
          }
          script.add(request)
        }
      }
      return script
    }
  }

  @Test(arguments: [UInt64](1...12))
  func aStageCutAtAnyWindowFindsTheSame(seed: UInt64) throws {
    var dice = Dice(seed &+ 1_000)
    var settings = BehaviourSettings()
    if seed % 3 == 0 {
      // Small enough for every bound to be met.
      settings.clientsPerZone = 40
      settings.networksPerZone = 6
      settings.zones = 3
      settings.clientExpiry = 300 * nanosecondsPerSecond
    }
    if seed % 2 == 0 { settings.clientsInAll = 90 }
    var windows: [(window: WindowActivity, texts: [UInt64: [UInt8]])] = []
    for script in Self.scripts(seed) {
      let made = script.windows()
      windows += made.windows.map { ($0, made.texts) }
    }
    windows.sort {
      $0.window.start != $1.window.start
        ? $0.window.start < $1.window.start : $0.window.zone.lexicographicallyPrecedes($1.window.zone)
    }
    func judge(_ stage: inout ZoneStage, _ i: Int) -> [Candidate] {
      var found: [Candidate] = []
      let texts = windows[i].texts
      stage.consume(windows[i].window, text: { texts[$1] ?? [] }, into: &found)
      return found
    }
    var whole = ZoneStage(settings: settings, seed: 7)
    let expected = windows.indices.map { judge(&whole, $0) }
    #expect(expected.joined().count > 50)

    var stage = ZoneStage(settings: settings, seed: 7)
    stage.trackChanges()
    var saved = SavedState()
    saved.apply(stage.takeChanges())
    var position = 0
    var restarts = 0
    for i in windows.indices {
      #expect(judge(&stage, i) == expected[i], "seed \(seed), window \(i)")
      if dice.roll(4) == 0 {
        saved.apply(stage.takeChanges())
        position = i + 1
      }
      if dice.roll(25) == 0 {
        restarts += 1
        stage = try ZoneStage(settings: settings, seed: 7, restoring: saved)
        for again in position..<(i + 1) {
          #expect(judge(&stage, again) == expected[again], "seed \(seed), window \(again) again")
        }
      }
    }
    #expect(restarts > 3)
    #expect(stage.memory == whole.memory)
    // What is saved is what is known, not what ever was.
    let clients = saved.names(after: "clients/").count
    #expect(clients <= Int(RegistryJournal.mostParts + 1) * settings.zones)
  }

  @Test func damagedStateIsReadOrRefused() throws {
    var dice = Dice(3)
    var stage = ZoneStage(seed: 7)
    stage.trackChanges()
    let made = Self.scripts(3)[0].windows()
    var found: [Candidate] = []
    for window in made.windows { stage.consume(window, text: { made.texts[$1] ?? [] }, into: &found) }
    let parts = stage.takeChanges()
    var refused = 0
    for _ in 0..<600 {
      var damaged = parts
      let place = dice.roll(damaged.count)
      guard var bytes = damaged[place].bytes, !bytes.isEmpty else { continue }
      if dice.roll(3) == 0 { bytes = Array(bytes.prefix(dice.roll(bytes.count))) }
      for _ in 0...dice.roll(3) where !bytes.isEmpty { bytes[dice.roll(bytes.count)] = UInt8(dice.roll(256)) }
      damaged[place].bytes = bytes
      var saved = SavedState()
      saved.apply(damaged)
      do throws(StateError) {
        var restored = try ZoneStage(settings: BehaviourSettings(), seed: 7, restoring: saved)
        var found: [Candidate] = []
        for window in made.windows.suffix(4) { restored.consume(window, text: { made.texts[$1] ?? [] }, into: &found) }
      } catch {
        refused += 1
      }
    }
    #expect(refused > 50)
  }
}
