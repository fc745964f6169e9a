// A zone as it is saved, apart from its clients, networks and crowds, which are parts of their own.

import Bytes

extension ZoneState {
  /// Names of the parts of a zone. A zone's name is the client's to choose, so it stands last.
  enum Part {
    static func core(_ zone: [UInt8]) -> [UInt8] { Array("zone/".utf8) + zone }
    static func crowds(_ zone: [UInt8]) -> [UInt8] { Array("crowds/".utf8) + zone }
    static func season(_ zone: [UInt8]) -> [UInt8] { Array("season/".utf8) + zone }
    static func clients(_ zone: [UInt8], _ number: UInt64) -> [UInt8] { Array("clients/\(number)/".utf8) + zone }
    static func networks(_ zone: [UInt8], _ number: UInt64) -> [UInt8] { Array("networks/\(number)/".utf8) + zone }
  }

  /// In the order in which they are saved.
  private static var alike: [WritableKeyPath<ZoneState, AlikeVisits>] {
    [\.probes, \.walks, \.loneMisses, \.agentWalks, \.numberings, \.oddities]
  }
  private static var hashedCounts: [WritableKeyPath<ZoneState, HashedCounts>] {
    [\.formSenders, \.linkedMisses, \.browsers]
  }

  /// Appends the parts that changed. O(clients used since the last time).
  mutating func takeChanges(_ writer: inout StateWriter, into parts: inout [StatePart]) {
    let zone = zone
    clients.takeChanges(&writer, { Part.clients(zone, $0) }, into: &parts)
    networks.takeChanges(&writer, { Part.networks(zone, $0) }, into: &parts)
    if crowds.hasChanged || guesses.hasChanged || Self.alike.contains(where: { self[keyPath: $0].hasChanged }) {
      crowds.hasChanged = false
      crowds.write(to: &writer)
      for visits in Self.alike {
        self[keyPath: visits].hasChanged = false
        self[keyPath: visits].write(to: &writer)
      }
      guesses.hasChanged = false
      guesses.write(to: &writer)
      parts.append(StatePart(name: Part.crowds(zone), bytes: writer.take()))
    }
    if baseline.season.hasChanged {
      baseline.season.hasChanged = false
      baseline.season.write(to: &writer)
      parts.append(StatePart(name: Part.season(zone), bytes: writer.take()))
    }
    clients.writeJournal(to: &writer)
    networks.writeJournal(to: &writer)
    writer.signed(lastSeen)
    context.write(to: &writer)
    baseline.write(to: &writer)
    shape.write(to: &writer)
    flood.write(to: &writer)
    ordinary.write(to: &writer)
    loginForms.write(to: &writer)
    writer.count(robots.count)
    for robot in robots.sorted() { writer.word(robot) }
    clientRate.write(to: &writer)
    clientWindows.write(to: &writer)
    writer.flag(bareLoginsFailed)
    writer.flag(isStuffed)
    normal.write(to: &writer)
    for counts in Self.hashedCounts { self[keyPath: counts].write(to: &writer) }
    baseline.season.writeCurrent(to: &writer)
    networkLoads.write(to: &writer)
    normal.writeMarks(to: &writer)
    parts.append(StatePart(name: Part.core(zone), bytes: writer.take()))
  }

  /// Appends word that the zone is no more.
  mutating func forget(into parts: inout [StatePart]) {
    let zone = zone
    clients.forgetJournal({ Part.clients(zone, $0) }, into: &parts)
    networks.forgetJournal({ Part.networks(zone, $0) }, into: &parts)
    parts.append(StatePart(name: Part.crowds(zone), bytes: nil))
    parts.append(StatePart(name: Part.season(zone), bytes: nil))
    parts.append(StatePart(name: Part.core(zone), bytes: nil))
  }

  init(
    zone: [UInt8], settings: BehaviourSettings, hash: KeyedHash, core: [UInt8], saved: SavedState, version: UInt64
  ) throws(StateError) {
    self.init(zone: zone, settings: settings, hash: hash)
    var state = StateReader(core)
    clients = try ClientRegistry(limit: settings.clientsPerZone, from: &state) { saved[Part.clients(zone, $0)] }
    networks = try ClientRegistry(limit: settings.networksPerZone, from: &state) { saved[Part.networks(zone, $0)] }
    lastSeen = try state.signed()
    context = try ZoneContext(from: &state)
    baseline = try RateBaseline(from: &state)
    shape = try TrafficShape(from: &state)
    flood = try FloodTest(from: &state)
    ordinary = try OrdinaryMatches(from: &state)
    loginForms = try LoginForms(from: &state)
    for _ in 0..<(try state.count(ofAtLeast: 8)) { robots.insert(try state.word()) }
    clientRate = try DecayedSum(from: &state)
    clientWindows = try DecayedSum(from: &state)
    bareLoginsFailed = try state.flag()
    isStuffed = try state.flag()
    normal = try NormalTraffic(from: &state)
    for counts in Self.hashedCounts { self[keyPath: counts] = try HashedCounts(from: &state) }
    if version >= 5 {
      baseline.season = try SeasonalRates(current: &state)
      networkLoads = try NetworkLoads(from: &state)
    }
    if version >= 6 { try normal.readMarks(&state) }
    try state.finish()
    if version >= 5, let bytes = saved[Part.season(zone)] {
      var reader = StateReader(bytes)
      try baseline.season.readTable(&reader)
      try reader.finish()
    }
    if let bytes = saved[Part.crowds(zone)] {
      var reader = StateReader(bytes)
      crowds = try CrowdTest(from: &reader)
      for visits in Self.alike {
        self[keyPath: visits] = try AlikeVisits(self[keyPath: visits].likeness, from: &reader)
      }
      if version >= 7 { guesses = try GuessTest(from: &reader) }
      try reader.finish()
    }
  }
}

extension DecayedSum {
  func write(to state: inout StateWriter) {
    state.number(value)
    state.signed(time)
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    value = try state.double()
    time = try state.signed()
  }
}

extension ZoneContext {
  /// All of its sums, in the order in which they are saved.
  private static var sums: [WritableKeyPath<ZoneContext, DecayedSum>] {
    [
      \.requests, \.failed, \.queryRich, \.visitors, \.visitorsWithAssets, \.assets, \.recentRequests, \.recentErrors,
      \.recentSlow, \.bareFailures, \.bareSuccesses, \.recentLogins, \.recentLoginFailures, \.recentFailingClients,
      \.usualLogins, \.usualLoginFailures,
    ]
  }

  func write(to state: inout StateWriter) { for sum in Self.sums { self[keyPath: sum].write(to: &state) } }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    for sum in Self.sums { self[keyPath: sum] = try DecayedSum(from: &state) }
  }
}

extension RateBaseline {
  func write(to state: inout StateWriter) {
    state.number(level)
    state.number(deviation)
    state.signed(learned)
    state.signed(last)
    state.number(weight)
    for peak in hourPeaks { state.number(peak) }
    state.number(hourPeak)
    state.signed(Int64(hour))
    state.number(drift)
    state.number(slowLevel)
    state.number(slowWeight)
    state.signed(driftSince)
    state.signed(departedFor)
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    level = try state.double()
    deviation = try state.double()
    learned = try state.signed()
    last = try state.signed()
    weight = try state.double()
    for i in 0..<24 { hourPeaks[i] = try state.double() }
    hourPeak = try state.double()
    let hour = try state.signed()
    guard (-1..<24).contains(hour) else { throw .invalid("hour \(hour)", at: state.position) }
    self.hour = Int(hour)
    drift = try state.double()
    slowLevel = try state.double()
    slowWeight = try state.double()
    driftSince = try state.signed()
    departedFor = try state.signed()
  }
}

extension TrafficShape {
  func write(to state: inout StateWriter) {
    state.number(total)
    state.signed(time)
    state.number(scale)
    state.count(weights.count)
    for (cell, weight) in weights.sorted(by: { $0.key < $1.key }) {
      state.word(cell.word)
      state.number(weight)
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    total = try state.double()
    time = try state.signed()
    scale = try state.double()
    for _ in 0..<(try state.count(ofAtLeast: 16)) {
      let cell = Cell(try state.word())
      weights[cell] = try state.double()
    }
  }
}

extension FloodTest {
  func write(to state: inout StateWriter) {
    state.flag(isOn)
    state.number(excess)
    state.signed(began)
    state.signed(calmSince)
    state.flag(few)
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    isOn = try state.flag()
    excess = try state.double()
    began = try state.signed()
    calmSince = try state.signed()
    few = try state.flag()
  }
}

extension OrdinaryMatches {
  func write(to state: inout StateWriter) {
    state.count(visitors.count)
    for (rule, seen) in visitors.sorted(by: { $0.key < $1.key }) {
      state.word(rule)
      state.count(seen.count)
      state.address(seen.last)
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    for _ in 0..<(try state.count(ofAtLeast: 25)) {
      let rule = try state.word()
      let count = try state.number()
      visitors[rule] = (Int(min(count, 1 << 60)), try state.address())
    }
  }
}

extension LoginForms {
  func write(to state: inout StateWriter) {
    state.count(known.count)
    for (path, isForm) in known.sorted(by: { $0.key < $1.key }) {
      state.word(path)
      state.flag(isForm)
    }
    state.count(answers.count)
    for (path, answer) in answers.sorted(by: { $0.key < $1.key }) {
      state.word(path)
      state.count(answer.redirected)
      state.count(answer.shown)
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    for _ in 0..<(try state.count(ofAtLeast: 9)) {
      let path = try state.word()
      known[path] = try state.flag()
    }
    for _ in 0..<(try state.count(ofAtLeast: 10)) {
      let path = try state.word()
      let redirected = try state.number()
      let shown = try state.number()
      answers[path] = (Int(min(redirected, 1 << 30)), Int(min(shown, 1 << 30)))
    }
  }
}

extension AlikeVisits {
  func write(to state: inout StateWriter) {
    state.count(next)
    state.count(visits.count)
    for visit in visits {
      state.address(visit.address)
      state.signed(visit.time)
      visit.paths.write(to: &state)
      state.word(visit.key)
      state.word(visit.crowd)
    }
  }

  init(_ likeness: Likeness, from state: inout StateReader) throws(StateError) {
    self.init(likeness)
    let next = try state.number()
    let count = try state.count(ofAtLeast: 34)
    guard count <= Self.limit, next < Self.limit else { throw .invalid("\(count) visits", at: state.position) }
    self.next = Int(next)
    for _ in 0..<count {
      visits.append(
        Visit(
          address: try state.address(), time: try state.signed(), paths: try DistinctBitmap(from: &state),
          key: try state.word(), crowd: try state.word()))
    }
  }
}

extension GuessTest {
  func write(to state: inout StateWriter) {
    state.count(endpoints.count)
    for (key, endpoint) in endpoints.sorted(by: { $0.key < $1.key }) {
      state.word(key)
      for number in [endpoint.next, endpoint.noted, endpoint.repeated] { state.number(number) }
      for word in [endpoint.served, endpoint.missed, endpoint.crowd] { state.word(word) }
      state.signed(endpoint.last)
      state.signed(endpoint.lastServed)
      state.count(endpoint.values.count)
      for value in endpoint.values { state.word(value) }
      state.count(endpoint.members.count)
      for member in endpoint.members {
        state.address(member.address)
        state.signed(member.time)
        state.signed(member.since)
        state.number(member.failed)
        state.number(member.noted)
        state.word(member.values)
        state.flag(member.isProgram)
        state.flag(member.isTold)
      }
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    let count = try state.count(ofAtLeast: 38)
    guard count <= Self.limit else { throw .invalid("\(count) endpoints", at: state.position) }
    for _ in 0..<count {
      let key = try state.word()
      var endpoint = Endpoint()
      (endpoint.next, endpoint.noted, endpoint.repeated) = (try state.small(), try state.small(), try state.small())
      (endpoint.served, endpoint.missed, endpoint.crowd) = (try state.word(), try state.word(), try state.word())
      (endpoint.last, endpoint.lastServed) = (try state.signed(), try state.signed())
      let values = try state.count(ofAtLeast: 8)
      guard values <= Self.valueLimit else { throw .invalid("\(values) values", at: state.position) }
      for _ in 0..<values { endpoint.values.append(try state.word()) }
      let members = try state.count(ofAtLeast: 14)
      guard members <= Self.memberLimit else { throw .invalid("\(members) who guess", at: state.position) }
      for _ in 0..<members {
        var member = Member(address: try state.address(), time: try state.signed(), since: try state.signed())
        (member.failed, member.noted) = (try state.small(), try state.small())
        member.values = try state.word()
        (member.isProgram, member.isTold) = (try state.flag(), try state.flag())
        endpoint.members.append(member)
      }
      endpoints[key] = endpoint
    }
  }
}

extension CrowdTest {
  func write(to state: inout StateWriter) {
    state.count(crowds.count)
    for (key, crowd) in crowds.sorted(by: {
      $0.key.path != $1.key.path ? $0.key.path < $1.key.path : $0.key.trait.rawValue < $1.key.trait.rawValue
    }) {
      state.word(key.path)
      state.byte(key.trait.rawValue)
      state.flag(crowd.isOn)
      crowd.usual.write(to: &state)
      state.signed(crowd.last)
      state.count(crowd.members.count)
      for member in crowd.members {
        state.address(member.address)
        state.signed(member.time)
        state.number(member.requests)
        state.number(member.troubled)
      }
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    for _ in 0..<(try state.count(ofAtLeast: 35)) {
      let path = try state.word()
      guard let trait = CrowdTrait(rawValue: try state.byte()) else {
        throw .invalid("a crowd of no known sort", at: state.position)
      }
      var crowd = Crowd()
      crowd.isOn = try state.flag()
      crowd.usual = try DecayedSum(from: &state)
      crowd.last = try state.signed()
      for _ in 0..<(try state.count(ofAtLeast: 26)) {
        crowd.members.append(
          Member(
            address: try state.address(), time: try state.signed(), requests: try state.number(),
            troubled: try state.number()))
      }
      crowds[Key(trait: trait, path: path)] = crowd
    }
  }
}
