// A campaign as it is saved.

import Bytes

extension Campaign {
  /// - Parameter isLed: Whether the index leads here by a key.
  func write(to state: inout StateWriter, memberKey: (IPAddress) -> UInt64, isLed: (UInt64) -> Bool) {
    state.word(serial)
    state.byte(group.rawValue)
    state.bytes(zone)
    state.byte(UInt8(truncatingIfNeeded: kind.order))
    state.flag(isNoise)
    state.text(id)
    state.signed(start)
    state.signed(end)
    state.number(requests)
    state.word(correlation)
    state.number(logDoubt)
    state.number(UInt64(max(sureMembers, 0)))
    state.number(bestConfidence)
    facts.write(to: &state)
    state.flag(gotIn)
    state.flag(sawCommonAnswer)
    state.flag(success != nil)
    state.number(success?.bytes ?? 0)
    state.number(success?.errorPage ?? 0)
    state.count(answers.count)
    for answer in answers { answer.write(to: &state) }
    state.flag(refused)
    state.signed(beats)
    state.signed(lastTold)
    state.flag(changed)
    state.flag(isDormant)
    state.number(peakRate)
    state.signed(rateWindow)
    state.number(rateRequests)
    state.number(largestSpilled)
    state.count(spilled.count)
    for word in spilled { state.word(word) }
    state.count(classRequests.count)
    for (bit, count) in classRequests.sorted(by: { $0.key < $1.key }) {
      state.number(bit)
      state.number(count)
    }
    state.count(rules.count)
    for (rule, count) in rules.sorted(by: { $0.key < $1.key }) {
      state.word(rule)
      state.number(count)
    }
    state.count(targets.entries.count)
    for target in targets.entries {
      state.bytes(target.path)
      state.number(target.count)
      state.number(target.error)
    }
    state.count(evidence.count)
    for line in evidence { line.write(to: &state) }
    sample.write(to: &state)
    harm.write(to: &state)
    state.flag(hasNewSample)
    state.signed(normalTime)
    state.count(signatureMembers.count)
    for (signature, count) in signatureMembers.sorted(by: { $0.key < $1.key }) {
      state.word(signature)
      state.signed(Int64(count))
    }
    state.count(keys.count)
    for key in keys {
      state.word(key)
      state.flag(isLed(key))
    }
    state.count(members.count)
    for (address, member) in sortedMembers {
      state.address(address)
      state.number(member.requests)
      state.signed(member.first)
      state.signed(member.last)
      state.number(member.confidence)
      state.word(member.signature)
      state.flag(member.isLoud)
      state.flag(isLed(memberKey(address)))
    }
  }

  /// - Parameters:
  ///   - ledKeys: Appends the keys by which the index leads here.
  ///   - ledMembers: Appends the members by whose addresses it does.
  init(
    from state: inout StateReader, version: UInt64, ledKeys: inout [UInt64], ledMembers: inout [IPAddress]
  ) throws(StateError) {
    let serial = try state.word()
    let group = try state.byte()
    let zone = try state.bytes()
    let kind = try AttackKind(from: &state)
    guard let group = CampaignGroup(rawValue: group), group == CampaignGroup(kind) else {
      throw .invalid("a campaign of kind \(kind) in group \(group)", at: state.position)
    }
    let isNoise = try state.flag()
    let id = try state.text()
    var first = Candidate(
      zone: zone, kind: kind, windowStart: 0, windowEnd: 0, address: .unknown, first: try state.signed(),
      last: try state.signed(), requests: 0, confidence: 0)
    let requests = try state.number()
    first.correlation = try state.word()
    self.init(serial: serial, group: group, first: first, isNoise: isNoise)
    self.id = id
    self.requests = requests
    logDoubt = try state.double()
    sureMembers = Int(truncatingIfNeeded: try state.small())
    bestConfidence = try state.double()
    facts = try CandidateFacts(from: &state, version: version)
    gotIn = try state.flag()
    let isMarked = version >= 4
    if isMarked {
      sawCommonAnswer = try state.flag()
      let hasSuccess = try state.flag()
      let told = Success(bytes: try state.small(), errorPage: try state.small())
      if hasSuccess { success = told }
      let kept = try state.count(ofAtLeast: 4)
      guard kept <= Self.answersKept else { throw .invalid("\(kept) answers", at: state.position) }
      for _ in 0..<kept { answers.append(try Answer(from: &state)) }
    }
    refused = try state.flag()
    beats = try state.signed()
    guard beats >= 0, beats < 1 << 60 else { throw .invalid("\(beats) signs of life", at: state.position) }
    lastTold = try state.signed()
    changed = try state.flag()
    isDormant = try state.flag()
    peakRate = try state.double()
    rateWindow = try state.signed()
    rateRequests = try state.number()
    largestSpilled = try state.number()
    let bitmap = try state.count(ofAtLeast: 8)
    guard bitmap == 0 || bitmap == Self.spilledWords else {
      throw .invalid("a bitmap of \(bitmap) words", at: state.position)
    }
    for _ in 0..<bitmap { spilled.append(try state.word()) }
    for _ in 0..<(try state.count(ofAtLeast: 2)) {
      let bit = try state.small()
      classRequests[bit] = try state.number()
    }
    for _ in 0..<(try state.count(ofAtLeast: 9)) {
      let rule = try state.word()
      rules[rule] = try state.number()
    }
    for _ in 0..<(try state.count(ofAtLeast: 3)) {
      let path = try state.bytes()
      let entry = TargetCounts.Entry(path: path, count: try state.number(), error: try state.number())
      guard entry.error <= entry.count else { throw .invalid("a target with too large an error", at: state.position) }
      targets.entries.append(entry)
    }
    for _ in 0..<(try state.count(ofAtLeast: 32)) {
      evidence.append(try EvidenceRecord(from: &state, isMarked: isMarked))
    }
    sample = try AttackRequests(from: &state, isMarked: isMarked)
    harm = try Harm(from: &state, isMarked: isMarked)
    hasNewSample = isMarked ? try state.flag() : true
    if isMarked { normalTime = try state.signed() }
    for _ in 0..<(try state.count(ofAtLeast: 16)) {
      let signature = try state.word()
      let count = try state.signed()
      guard abs(count) < 1 << 40 else { throw .invalid("\(count) members alike", at: state.position) }
      signatureMembers[signature] = Int(count)
    }
    for _ in 0..<(try state.count(ofAtLeast: 9)) {
      let key = try state.word()
      keys.append(key)
      if try state.flag() { ledKeys.append(key) }
    }
    for _ in 0..<(try state.count(ofAtLeast: 51)) {
      let address = try state.address()
      let requests = try state.number()
      members[address] = Member(
        requests: requests, first: try state.signed(), last: try state.signed(), confidence: try state.double(),
        signature: try state.word(), isLoud: try state.flag())
      if try state.flag() { ledMembers.append(address) }
    }
  }
}

extension AttackKind {
  init(from state: inout StateReader) throws(StateError) {
    let number = Int(try state.byte())
    guard let kind = Self.allCases.first(where: { $0.order == number }) else {
      throw .invalid("kind \(number) of attack", at: state.position)
    }
    self = kind
  }
}

extension CandidateFacts {
  func write(to state: inout StateWriter) {
    state.number(requests)
    state.number(failed)
    state.number(serverErrors)
    state.number(slow)
    state.number(matched)
    state.number(logins)
    state.number(loginFailures)
    state.number(distinctPaths)
    state.number(missingPaths)
    state.number(distinctQueries)
    state.number(users)
    state.byte(maxScore)
    state.number(addresses)
    state.number(crowd)
    state.number(rate)
    state.number(baselineRate)
    state.number(threshold)
    state.signed(learned)
    state.half(basis.rawValue)
    state.number(zones)
  }

  /// - Parameter version: Of the campaign stage's state.
  init(from state: inout StateReader, version: UInt64) throws(StateError) {
    self.init()
    requests = try state.number()
    failed = try state.number()
    serverErrors = try state.number()
    slow = try state.number()
    matched = try state.number()
    logins = try state.number()
    loginFailures = try state.number()
    distinctPaths = try state.number()
    missingPaths = try state.number()
    distinctQueries = try state.number()
    users = try state.number()
    maxScore = try state.byte()
    addresses = try state.number()
    crowd = try state.number()
    rate = try state.double()
    baselineRate = try state.double()
    threshold = try state.double()
    learned = try state.signed()
    if version >= 3 { basis = BaselineBasis(rawValue: try state.half()) }
    if version >= 4 { zones = try state.number() }
  }
}

extension EvidenceRecord {
  func write(to state: inout StateWriter) {
    state.word(source)
    state.number(ordinal)
    state.bytes(file)
    state.number(line)
    state.signed(time)
    state.address(client)
    state.half(status)
    state.byte(score)
    state.bytes(request)
    marks.write(to: &state)
    state.bytes(tlsText)
    state.flag(tells)
  }

  /// - Parameter isMarked: Whether it was written with its marks.
  init(from state: inout StateReader, isMarked: Bool) throws(StateError) {
    self.init()
    source = try state.word()
    ordinal = try state.number()
    file = try state.bytes()
    line = try state.number()
    time = try state.signed()
    client = try state.address()
    status = try state.half()
    score = try state.byte()
    request = try state.bytes()
    guard isMarked else { return }
    marks = try RequestMarks(from: &state)
    tlsText = try state.bytes()
    tells = try state.flag()
  }
}
