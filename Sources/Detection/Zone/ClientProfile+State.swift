// A client as it is saved: about a hundred bytes where it did little.

import Bytes
import Rollups

extension ClientProfile {
  func write(to state: inout StateWriter) {
    state.address(address)
    state.signed(firstSeen)
    state.signed(lastSeen)
    state.signed(visitStart)
    state.signed(longTime)
    visit.write(to: &state)
    life.write(to: &state)
    state.number(visits)
    state.number(peak)
    for bitmap in [paths, failedPaths, queries, users, failedPathsEver, members] { bitmap.write(to: &state) }
    state.word(topPath)
    state.number(topPathSurplus)
    state.word(agents)
    state.word(agent)
    state.word(signature)
    state.word(loginPath)
    state.number(longFailures)
    state.number(longSuccesses)
    state.number(rate)
    state.half(told.rawValue)
    state.half(toldEver.rawValue)
    toldRequests.write(to: &state)
    state.flag(robots)
    state.flag(isSuspect)
    state.byte(maxScore)
    state.number(classes.rawValue)
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init(address: try state.address(), firstSeen: try state.signed())
    lastSeen = try state.signed()
    visitStart = try state.signed()
    longTime = try state.signed()
    visit = try ClientTally(from: &state)
    life = try ClientTally(from: &state)
    visits = try state.small()
    peak = try state.small()
    paths = try DistinctBitmap(from: &state)
    failedPaths = try DistinctBitmap(from: &state)
    queries = try DistinctBitmap(from: &state)
    users = try DistinctBitmap(from: &state)
    failedPathsEver = try DistinctBitmap(from: &state)
    members = try DistinctBitmap(from: &state)
    topPath = try state.word()
    topPathSurplus = try state.small()
    agents = try state.word()
    agent = try state.word()
    signature = try state.word()
    loginPath = try state.word()
    longFailures = try state.double()
    longSuccesses = try state.double()
    rate = try state.double()
    told = RaisedKinds(rawValue: try state.half())
    toldEver = RaisedKinds(rawValue: try state.half())
    toldRequests = try ToldRequests(from: &state)
    robots = try state.flag()
    isSuspect = try state.flag()
    maxScore = try state.byte()
    classes = AttackClasses(rawValue: try state.small())
  }
}

extension ClientTally {
  func write(to state: inout StateWriter) {
    for count in [
      requests, status2xx, failed, serverErrors, post, matched, logins, loginFailures, slow, assets, referrers,
      cacheHits, cacheMisses, challenges, turnedAway,
    ] { state.number(count) }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    func next(_ state: inout StateReader) throws(StateError) -> UInt32 {
      let count = try state.small()
      guard count <= Self.most else { throw .invalid("a count of \(count)", at: state.position) }
      return UInt32(count)
    }
    requests = try next(&state)
    status2xx = try next(&state)
    failed = try next(&state)
    serverErrors = try next(&state)
    post = try next(&state)
    matched = try next(&state)
    logins = try next(&state)
    loginFailures = try next(&state)
    slow = try next(&state)
    assets = try next(&state)
    referrers = try next(&state)
    cacheHits = try next(&state)
    cacheMisses = try next(&state)
    challenges = try next(&state)
    turnedAway = try next(&state)
  }
}

extension DistinctBitmap {
  /// The bits that are set where they are few, else all.
  func write(to state: inout StateWriter) {
    let set = occupied
    guard set < 32 else {
      state.byte(0xff)
      for i in 0..<4 { state.word(bits[i]) }
      return
    }
    state.byte(UInt8(set))
    for i in 0..<4 {
      var word = bits[i]
      while word != 0 {
        state.byte(UInt8(i * 64 + word.trailingZeroBitCount))
        word &= word &- 1
      }
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init()
    let set = try state.byte()
    if set == 0xff {
      for i in 0..<4 { bits[i] = try state.word() }
      return
    }
    guard set < 32 else { throw .invalid("\(set) bits", at: state.position) }
    for _ in 0..<set { insert(UInt64(try state.byte()) << 56) }
  }
}
