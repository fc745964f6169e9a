import Bytes
import Detection
import Testing

@testable import Reputation

private let minute: Nanoseconds = 60 * nanosecondsPerSecond
private let day: Nanoseconds = 86_400 * nanosecondsPerSecond
private func address(_ n: UInt32) -> IPAddress { IPAddress(v4: 0xc000_0200 &+ n) }
private func network(_ n: UInt32) -> Network { Network(address(n), prefix: 128) }

private func attack(_ id: UInt64, _ start: Nanoseconds, _ end: Nanoseconds, from sources: [UInt32]) -> Attack {
  var attack = Attack(id: Attack.text(ofId: id), kind: .scanning, zone: [], start: start, end: end)
  attack.requests = 1
  attack.sources = sources.map { Attack.Source(address: address($0), requests: 1, lower: 1, upper: 1) }
  return attack
}

private struct Dice {
  var state: UInt64
  mutating func roll(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
}

@Suite struct AddressHistoryTests {
  @Test func theScoreGrowsWithEveryAttackAndHalvesInThirtyDays() {
    #expect([0, 1, 2, 4, 8, 64, .max].map { AddressHistory.score(attacks: $0) } == [0, 25, 44, 68, 90, 100, 100])
    let half = AddressHistory.halfLife
    #expect([0, half, 2 * half, 3 * half, 8 * half].map { AddressHistory.score(68, after: $0) } == [68, 34, 17, 9, 0])
    #expect(AddressHistory.score(100, after: half / 2) == 75)
    #expect(AddressHistory.score(68, after: -1) == 68 && AddressHistory.score(255, after: 0) == 100)
    #expect(AddressHistory.score(100, after: .max) == 0 && AddressHistory.score(100, after: .min) == 100)
    for days in 0..<300 {
      let (now, next) = (Int64(days) * day, Int64(days + 1) * day)
      #expect(AddressHistory.score(90, after: next) <= AddressHistory.score(90, after: now))
    }
  }

  @Test func endsAreRoundedDownToTenMinutes() {
    #expect(AddressHistory.rounded(25 * minute) == 20 * minute && AddressHistory.rounded(20 * minute) == 20 * minute)
    #expect(AddressHistory.rounded(-minute) == -10 * minute)
    #expect(AddressHistory.rounded(.max) <= .max && AddressHistory.rounded(.min) == .min)
  }

  @Test func anAttackIsNeverAmongThoseBeforeIt() {
    let seen = (1...5).map { AddressHistory.Seen(start: Int64($0) * day, end: Int64($0) * day + 600) }
    let history = AddressHistory(seen.shuffled())
    #expect(history?.attacks == 5 && history?.recent.map(\.start) == seen.reversed().map(\.start))
    for i in 1...5 {
      let before = history?.before(Int64(i) * day)
      #expect(before?.attacks ?? 0 == UInt32(i - 1))
      #expect(i == 1 || before?.last == Int64(i - 1) * day + 600)
    }
    #expect(history?.before(.max)?.attacks == 5 && history?.before(.min) == nil)
  }

  /// More began since than are listed: it is told of fewer at most by itself, and never of itself alone.
  @Test func whereMoreBeganSinceThanAreListedTheAttackItselfIsStillLeftOut() {
    let seen = (1...20).map { AddressHistory.Seen(start: Int64($0), end: Int64($0)) }
    let history = AddressHistory(seen)
    #expect(history?.before(21)?.attacks == 20 && history?.before(20)?.attacks == 19)
    #expect(history?.before(13)?.attacks == 11 && history?.before(14)?.attacks == 13)
    #expect(AddressHistory(Array(seen.prefix(9)))?.before(1) == nil)
    #expect(AddressHistory([]) == nil)
  }
}

@Suite struct AttackMemoryTests {
  @Test func anAttackCountsOnceHoweverOftenItIsTold() {
    var memory = AttackMemory(span: 90 * day)
    for minutes in 1...50 { memory.take(attack(1, 0, Int64(minutes) * minute, from: [1, 2]), told: day) }
    memory.take(attack(2, day, day, from: [1]), told: day)
    let found = memory.histories(of: [network(1), network(2), network(3)])
    #expect(found[network(1)]?.attacks == 2 && found[network(2)]?.attacks == 1 && found[network(3)] == nil)
    #expect(found[network(2)]?.last == 50 * minute && found[network(1)]?.last == day)
  }

  @Test func whatGoesOnChangesNothingForTenMinutes() {
    var memory = AttackMemory(span: 90 * day)
    memory.take(attack(1, 0, 20 * minute, from: [1]), told: 0)
    let version = memory.version
    for second in 0..<599 {
      memory.take(attack(1, 0, 20 * minute + Int64(second) * nanosecondsPerSecond, from: [1]), told: 0)
    }
    #expect(memory.version == version)
    memory.take(attack(1, 0, 30 * minute, from: [1]), told: 0)
    #expect(memory.version != version)
  }

  @Test func everySourceThatWasToldCountsAndAWholeNetworkOnce() {
    var memory = AttackMemory(span: 90 * day)
    memory.take(attack(1, 0, 0, from: [1, 2]), told: 0)
    memory.take(attack(1, 0, 0, from: [3]), told: 0)
    let net = Network(address(0), prefix: 120)
    let found = memory.histories(of: [net, network(1), network(3)])
    #expect(found.mapValues(\.attacks) == [net: 1, network(1): 1, network(3): 1])
  }

  @Test func anAttackThatBecamePartOfAnotherIsTakenBack() {
    var memory = AttackMemory(span: 90 * day)
    memory.take(attack(1, 0, 0, from: [1]), told: 0)
    var withdrawn = attack(1, 0, 0, from: [1])
    (withdrawn.state, withdrawn.requests) = (.ended, 0)
    memory.take(withdrawn, told: 0)
    #expect(memory.histories(of: [network(1)]).isEmpty && memory.sources == 0)
  }

  @Test func whoReadsWhatIsLeftOfTheTopicKnowsWhatOneKnowsWhoReadItAll() {
    let seed = SystemRandomNumberGenerator().firstWord
    var dice = Dice(state: seed)
    var records: [(Attack, Nanoseconds)] = []
    for i in 0..<2_000 {
      let time = Int64(i) * day / 4
      let start = time - Int64(dice.roll(5)) * minute
      records.append((attack(UInt64(i / 3), start, time, from: [UInt32(dice.roll(20))]), time))
    }
    let span = 90 * day
    var (all, late) = (AttackMemory(span: span), AttackMemory(span: span))
    for (attack, time) in records { all.take(attack, told: time) }
    // Whole attacks have gone: retention is longer than one is told of.
    let oldest = (records.last?.1 ?? 0) - span
    let kept = Set(records.filter { $0.1 >= oldest }.map(\.0.id))
    for (attack, time) in records where kept.contains(attack.id) { late.take(attack, told: time) }
    let networks = (0..<20).map { network(UInt32($0)) }
    let found = all.histories(of: networks)
    #expect(found == late.histories(of: networks) && found.count == 20, "seed \(seed)")
  }

  @Test func memoryIsBoundedAndHostileRecordsAreHarmless() {
    var memory = AttackMemory(span: 90 * day, limit: 1_000)
    for i in 0..<5_000 {
      memory.take(attack(UInt64(i), .min, .max, from: (0..<20).map { UInt32(i * 20 + $0) }), told: Int64(i))
    }
    #expect(memory.sources <= 1_000 && memory.count <= 50 && memory.forgotten > 0)
    for i in 0..<5_000 { memory.take(attack(UInt64(i), 0, 0, from: []), told: 0) }
    #expect(memory.count <= 1_000)
    for time in [Nanoseconds.min, -1, 0, .max] {
      memory.take(attack(1, .max, .min, from: [1]), told: time)
      memory.take(attack(2, .min, .min, from: []), told: time)
    }
    var many = attack(3, 0, 0, from: Array(0..<20_000))
    many.sources.append(Attack.Source(address: .unknown, requests: 0, lower: 0, upper: 0))
    memory.take(many, told: .max)
    #expect(memory.sources <= 1_000 && memory.histories(of: [Network(.unknown, prefix: 128)]).isEmpty)
    many.id = "no number"
    memory.take(many, told: 0)
  }
}

extension SystemRandomNumberGenerator {
  fileprivate var firstWord: UInt64 {
    var copy = self
    return copy.next()
  }
}

@Suite struct EarlierAttacksTests {
  private func known(_ histories: [Network: AddressHistory]) -> KnownAddresses {
    var known = KnownAddresses(lists: [
      .init(name: "a", kind: .tor, networks: [network(1)]), .init(name: "b", kind: .tor, networks: [network(1)]),
      .init(name: "c", kind: .tor, networks: [network(1)]),
    ])
    known.replace(histories: histories)
    return known
  }

  @Test func aSourceIsToldWithItsEarlierAttacksAndTheirScore() throws {
    let seen = (1...4).map { AddressHistory.Seen(start: Int64($0) * day, end: Int64($0) * day) }
    let known = known([network(1): try #require(AddressHistory(seen))])
    var now = attack(9, 4 * day + 1, 4 * day + minute, from: [1])
    now.sourceCount = 1
    known.describe(&now)
    #expect(now.sources[0].note?.text == "Tor exit, 3 lists, seen in 4 earlier attacks, score 68")
    #expect(now.explanation.contains("Tor exit, 3 lists, seen in 4 earlier attacks, score 68 (a, b, c)"))
    // A month later they say half.
    var later = attack(9, 34 * day, 34 * day, from: [1])
    known.describe(&later)
    #expect(later.sources[0].note?.earlierAttacks == 4 && later.sources[0].note?.score == 34)
  }

  @Test func theAttackThatIsToldIsNoEarlierOne() throws {
    var memory = AttackMemory(span: 90 * day)
    for i in 1...3 {
      let one = attack(UInt64(i), Int64(i) * day, Int64(i) * day + minute, from: [1])
      memory.take(one, told: Int64(i) * day)
      let known = known(memory.histories(of: [network(1)]))
      var again = one
      again.end += minute
      known.describe(&again)
      #expect(again.sources[0].note?.earlierAttacks == UInt32(i - 1))
      #expect(again.sources[0].note?.score ?? 0 <= [0, 25, 44][i - 1])
    }
  }

  @Test func whatTheStageItselfKnowsCountsWhereItIsMore() throws {
    let known = known([network(1): try #require(AddressHistory([.init(start: 1, end: 1)]))])
    var now = attack(9, day, day, from: [1, 2])
    var note = SourceNote()
    note.earlierAttacks = 7
    now.sources[0].note = note
    now.sources[1].note = note
    known.describe(&now)
    #expect(now.sources.map { $0.note?.earlierAttacks } == [7, 7])
  }

  @Test func anAddressOfAScoredNetworkIsToldWithItsHistory() throws {
    let net = Network(address(0), prefix: 120)
    let known = known([
      net: try #require(AddressHistory([.init(start: 1, end: 1), .init(start: 2, end: 2)])),
      network(5): try #require(AddressHistory([.init(start: 1, end: 1)])),
    ])
    #expect(known.note(of: address(5), at: day).earlierAttacks == 2)
    #expect(known.note(of: IPAddress(v4: 1), at: day).isEmpty && known.note(of: .unknown, at: day).isEmpty)
    for time in [Nanoseconds.min, .max] { #expect(known.note(of: address(5), at: time).score <= 100) }
  }
}
