// Many addresses that guess: codes of vouchers, numbers of accounts, tokens of shared files. Each asks one endpoint a few
// times, with ever new values, and is mostly turned away.

import Bytes

/// Who guesses at which endpoint.
///
/// Values tell guessing from what else fails. Gone pages are asked for again and again, by many; a program with a fault
/// asks again for the one thing it wants; who guesses asks for something new each time, and hardly for what others have
/// asked. An endpoint that fails for those who load pages, and for everybody else, is broken. Bounded at `limit` endpoints
/// with `memberLimit` addresses and `valueLimit` values each; O(`memberLimit`) for each request that is noted.
struct GuessTest: Sendable {
  static let limit = 32
  static let memberLimit = 256
  static let valueLimit = 256
  static let memory: Nanoseconds = 3 * ZoneContext.day
  /// Addresses with several values that make a crowd, and values of all of them; addresses where nobody was seen to find
  /// something there.
  static let least = 12
  static let leastValues = 40
  static let leastUnproven = 24
  /// Addresses from which on it is worth knowing whether others find something.
  static let few = 4

  struct Member: Sendable {
    var address: IPAddress
    /// When it was last turned away, and first.
    var time: Nanoseconds
    var since: Nanoseconds
    /// Requests that failed here, and those of them whose values were looked at.
    var failed: UInt32 = 0
    var noted: UInt32 = 0
    /// Values, a bit for each.
    var values: UInt64 = 0
    /// An app or a program that says what it is for.
    var isProgram = false
    var isTold = false
  }
  struct Endpoint: Sendable {
    var members: [Member] = []
    /// The latest values, each with whom it was first asked by: a ring.
    var values: [UInt64] = []
    var next: UInt32 = 0
    /// Values noted, and those of them that another had asked.
    var noted: UInt32 = 0
    var repeated: UInt32 = 0
    /// Others who found something, and who did not though they use the site as one does: a bit for each.
    var served: UInt64 = 0
    var missed: UInt64 = 0
    var lastServed: Nanoseconds = .min
    /// The crowd that guesses; 0 for none.
    var crowd: UInt64 = 0
    var last: Nanoseconds = .min
  }
  var endpoints: [UInt64: Endpoint] = [:]
  /// Since it was saved.
  var hasChanged = false

  /// Whether it is to be told what others find.
  var isWatching: Bool { endpoints.values.contains(where: \.isWatched) }

  /// Others than those who are turned away were served.
  mutating func learn(_ guess: GuessedValue, by address: IPAddress, at time: Nanoseconds, hash: KeyedHash) {
    guard let endpoint = endpoints[guess.endpoint], endpoint.isWatched,
      !endpoint.members.contains(where: { $0.address == address })
    else {
      return
    }
    hasChanged = true
    endpoints[guess.endpoint]?.served |= Self.bit(hash.hash(address.high, address.low))
    endpoints[guess.endpoint]?.lastServed = max(endpoint.lastServed, time)
  }

  /// Somebody who uses the site as one does was turned away.
  mutating func miss(_ guess: GuessedValue, by address: IPAddress, hash: KeyedHash) {
    guard endpoints[guess.endpoint] != nil else { return }
    hasChanged = true
    endpoints[guess.endpoint]?.missed |= Self.bit(hash.hash(address.high, address.low))
  }

  /// A crowd that guesses, and those of it who are not yet known as such.
  struct Found {
    var crowd: AlikeVisits.Found
    /// The address at hand is one of them.
    var isMember: Bool
  }

  /// Notes what a client was turned away with. Returns the crowd of the endpoint, if there is one.
  /// - Parameters:
  ///   - failed: Requests that failed there in this window, as far as that is known.
  ///   - failedEver: Of the client, wherever: who fails elsewhere as well does not guess here.
  ///   - isProgram: It says what it is for: others must have been served.
  ///   - visitorsLoad: Whether the zone's visitors load what belongs to pages.
  mutating func note(
    _ guesses: [GuessedValue], of address: IPAddress, failed: UInt32, failedEver: UInt32, isProgram: Bool,
    visitorsLoad: Bool, at now: Nanoseconds, hash: KeyedHash
  ) -> Found? {
    guard let key = guesses.first?.endpoint, makeRoom(for: key, at: now) else { return nil }
    hasChanged = true
    var endpoint = endpoints.removeValue(forKey: key) ?? Endpoint()
    defer { endpoints[key] = endpoint }
    endpoint.last = max(endpoint.last, now)
    let who = hash.hash(address.high, address.low)
    let own = endpoint.place(of: address, at: now)
    for guess in guesses {
      endpoint.remember(guess.value, by: who)
      endpoint.members[own].values |= Self.bit(guess.value)
    }
    endpoint.members[own].noted = min(endpoint.members[own].noted &+ UInt32(guesses.count), 1 << 24)
    endpoint.members[own].failed = min(endpoint.members[own].failed &+ min(failed, 1 << 20), 1 << 24)
    endpoint.members[own].isProgram = isProgram
    endpoint.members[own].time = max(endpoint.members[own].time, now)
    let isAimed = endpoint.members[own].failed &* 2 >= min(failedEver, 1 << 24)
    endpoint.judge(now, visitorsLoad: visitorsLoad) { hash.hash(key, UInt64(bitPattern: now)) | 1 }
    guard endpoint.crowd != 0 else { return nil }
    var fresh: [IPAddress] = []
    for i in endpoint.members.indices where i != own && !endpoint.members[i].isTold && endpoint.members[i].guesses {
      endpoint.members[i].isTold = true
      fresh.append(endpoint.members[i].address)
    }
    // Of a crowd that is known, one try is enough for who came for nothing else.
    let isOnlyHere = !isProgram && failedEver == endpoint.members[own].failed
    let isMember = isAimed && (endpoint.members[own].guesses || isOnlyHere)
    if isMember { endpoint.members[own].isTold = true }
    let size = max(endpoint.members.count(where: \.isTold), Self.least)
    return Found(
      crowd: AlikeVisits.Found(kind: .scanning, crowd: endpoint.crowd, fresh: fresh, size: size), isMember: isMember)
  }

  static func bit(_ hash: UInt64) -> UInt64 { 1 << (hash >> 58) }

  /// Whether there is an endpoint of that key, or may be. The one that gives way has the fewest addresses.
  private mutating func makeRoom(for key: UInt64, at now: Nanoseconds) -> Bool {
    if endpoints[key] != nil || endpoints.count < Self.limit { return true }
    endpoints = endpoints.filter { $0.value.last > now &- Self.memory }
    if endpoints.count < Self.limit { return true }
    let least = endpoints.filter { $0.value.crowd == 0 }.min {
      ($0.value.members.count, $0.value.last, $0.key) < ($1.value.members.count, $1.value.last, $1.key)
    }
    guard let least else { return false }
    endpoints.removeValue(forKey: least.key)
    return true
  }
}

extension GuessTest.Member {
  /// Whether it asks for something new most times, and has done so more than once.
  var guesses: Bool {
    values.nonzeroBitCount >= 2 && UInt32(values.nonzeroBitCount) &* 10 >= 7 &* min(noted, 32)
  }
}

extension GuessTest.Endpoint {
  /// Whether it is worth knowing what others find.
  var isWatched: Bool { crowd == 0 && members.count >= GuessTest.few }

  /// The place of an address among the members. The one that was longest quiet gives way.
  fileprivate mutating func place(of address: IPAddress, at now: Nanoseconds) -> Int {
    if let known = members.firstIndex(where: { $0.address == address }) { return known }
    let member = GuessTest.Member(address: address, time: now, since: now)
    if members.count < GuessTest.memberLimit {
      members.append(member)
      return members.count - 1
    }
    let oldest = members.indices.min { members[$0].time < members[$1].time } ?? 0
    members[oldest] = member
    return oldest
  }

  /// The upper half of a word is of the value, the lower of whom it was asked by.
  fileprivate mutating func remember(_ value: UInt64, by who: UInt64) {
    let (value, who) = (value & ~0xffff_ffff, who & 0xffff_ffff)
    if noted >= 1 << 12 { (noted, repeated) = (noted / 2, repeated / 2) }
    noted &+= 1
    if let known = values.firstIndex(where: { $0 & ~0xffff_ffff == value }) {
      if values[known] & 0xffff_ffff != who { repeated &+= 1 }
    } else if values.count < GuessTest.valueLimit {
      values.append(value | who)
    } else {
      values[Int(next) % GuessTest.valueLimit] = value | who
      next = (next &+ 1) % UInt32(GuessTest.valueLimit)
    }
  }

  /// Whether there is a crowd now, or still.
  fileprivate mutating func judge(_ now: Nanoseconds, visitorsLoad: Bool, id: () -> UInt64) {
    if crowd != 0 {
      if members.count(where: { $0.time > now &- GuessTest.memory && $0.isTold }) * 2 < GuessTest.least { crowd = 0 }
      return
    }
    var (count, nameless, all, earlier) = (0, 0, 0, 0)
    for member in members where member.time > now &- GuessTest.memory && member.guesses {
      count += 1
      if !member.isProgram { nameless += 1 }
      if member.since <= lastServed { earlier += 1 }
      all += member.values.nonzeroBitCount
    }
    guard count >= GuessTest.least, all >= GuessTest.leastValues, repeated &* 10 <= noted,
      missed.nonzeroBitCount <= count
    else { return }
    let isUnproven =
      visitorsLoad && nameless >= GuessTest.leastUnproven && repeated &* 20 <= noted
      && missed.nonzeroBitCount * 4 <= nameless
    // What has stopped working for all turns everybody away from then on.
    let works = served.nonzeroBitCount >= 2 && earlier * 2 >= count
    guard works || isUnproven else { return }
    crowd = id()
  }
}

extension ClientTests {
  /// What a client guessed in this window, all at one endpoint, if it is here for nothing but being turned away there:
  /// it loads nothing, is no robot that says so, and fails at more than what a page's links explain.
  func guesses(
    _ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup, hash: KeyedHash
  ) -> (values: [GuessedValue], isProgram: Bool)? {
    let life = profile.life
    guard life.share(life.failed) >= 0.4, life.assets == 0, life.logins == 0, life.matched &* 5 <= life.failed,
      !profile.robots, context.failedShare <= 0.3,
      // Pages lead there, or somebody says so whom no page of this site would be like.
      life.referrers &* 5 <= life.requests || context.assetVisitors >= 0.3
    else { return nil }
    let values = row.guessedValues(hash)
    guard let first = values.first, values.allSatisfy({ $0.endpoint == first.endpoint }) else { return nil }
    let agent = text(.userAgent, row.userAgent)
    switch UserAgentKind(agent) {
    case .absent, .browser: return (values, UserAgentKind.isEmbedded(agent))
    case .tool: return (values, UserAgentKind.isApp(agent))
    case .other: return (values, true)
    case .crawler, .feedReader, .monitor: return nil
    }
  }
}

extension ClientObservation {
  /// Of the lines kept of it that were turned away for what they asked, not for who asked or how often.
  func guessedValues(_ hash: KeyedHash) -> [GuessedValue] {
    evidence.compactMap { line in
      switch line.status {
      case 400, 403, 404, 410, 422:
        Self.isPackage(line.path) ? nil : GuessedValue(target: RequestTexts.target(of: line.request), hash: hash)
      default: nil
      }
    }
  }

  /// What an index of packages names, though it has gone since.
  private static func isPackage(_ path: [UInt8]) -> Bool { packages.contains { path.suffix($0.count) == $0[...] } }
  private static let packages = [".deb", ".rpm", ".apk", ".whl", ".jar", ".pom", ".crate", ".nupkg", ".tgz", ".xz"]
    .map { Array($0.utf8) }
}
