// What is normal for a zone: a sample of its requests that nobody suspects, for saying whom a block would hit.

import Bytes
import Rollups

#if canImport(Glibc)
  import Glibc
#endif

/// A sample of `limit` requests in which newer ones count more: the weight of a request halves every `halfLife`.
///
/// A busy zone may have `wideLimit` of them, so that a fingerprint's harm is known to a hundredth and not just to a
/// sixteenth; the zone stage says which, for memory is bounded.
///
/// Bottom-k of exponential keys with a decay in time (Efraimidis and Spirakis 2006; Cormode et al. 2009, forward decay):
/// which requests it holds does not depend on the order in which they come.
struct NormalTraffic: Sendable {
  static let limit = 64
  static let wideLimit = 256
  /// Zones of one stage that may have the larger sample.
  static let wideZones = 1_024
  static let halfLife = 6.0 * 3_600
  /// How often the campaign stage is told of it.
  static let interval: Nanoseconds = 300 * nanosecondsPerSecond

  struct Entry: Sendable, Equatable {
    var rank: Double
    var fields: RequestFields
  }
  private(set) var entries: [Entry] = []
  /// The largest rank, where it is full.
  private var worst = Double.infinity
  /// When the campaign stage was last told.
  private var lastTold: Nanoseconds = .min
  private(set) var isWide = false
  /// Requests that it was offered of late.
  private var offered = DecayedSum()
  private var most: Int { isWide ? Self.wideLimit : Self.limit }

  init() {}

  /// Whether the zone is so busy that a larger sample is worth its memory: some hundred requests in the last hour.
  var isWorthMore: Bool { !isWide && entries.count >= Self.limit && offered.value >= 400 }

  /// Lets it have the larger sample. It fills with what comes from now on.
  mutating func widen() {
    isWide = true
    worst = .infinity
  }

  mutating func count(_ requests: Int, at time: Nanoseconds) {
    if !isWide { offered.add(Double(requests), at: time, halfLife: ZoneContext.hour) }
  }

  /// Takes a request, unless those that it has are better. `texts` is asked only where it is kept. O(limit) then, else O(1).
  mutating func add(
    time: Nanoseconds, client: IPAddress, userAgent: UInt64, hash: UInt64, status: UInt16 = 0,
    marks: RequestMarks = RequestMarks(), texts: () -> RequestTexts
  ) {
    let u = (Double(hash >> 11) + 0.5) / 9_007_199_254_740_992
    let rank = log(-log(u)) - Double(time) / 1e9 * (log(2) / Self.halfLife)
    guard rank < worst else { return }
    guard !entries.contains(where: { $0.rank == rank && $0.fields.client == client }) else { return }
    let entry = Entry(
      rank: rank, fields: RequestFields(client: client, userAgent: userAgent, status: status, marks: marks, texts()))
    if entries.count >= most, let i = entries.indices.max(by: { entries[$0].rank < entries[$1].rank }) {
      entries[i] = entry
    } else {
      entries.append(entry)
    }
    findWorst()
  }

  private mutating func findWorst() {
    if entries.count >= most { worst = entries.reduce(-Double.infinity) { max($0, $1.rank) } }
  }

  /// All of them in a defined order, where it is time to tell the campaign stage again.
  mutating func told(at time: Nanoseconds) -> [RequestFields] {
    guard !entries.isEmpty, lastTold == .min || time &- lastTold >= Self.interval else { return [] }
    lastTold = time
    return entries.sorted { $0.rank < $1.rank }.map(\.fields)
  }

  /// All of it but what `writeMarks` writes, which is a later part of a saved zone.
  func write(to state: inout StateWriter) {
    state.signed(lastTold)
    state.count(entries.count)
    for entry in entries {
      state.number(entry.rank)
      entry.fields.writeHashes(to: &state)
    }
  }

  func writeMarks(to state: inout StateWriter) {
    state.flag(isWide)
    offered.write(to: &state)
    for entry in entries {
      state.half(entry.fields.status)
      entry.fields.marks.write(to: &state)
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    lastTold = try state.signed()
    let count = try state.count(ofAtLeast: 29)
    guard count <= Self.wideLimit else { throw .invalid("\(count) normal requests", at: state.position) }
    for _ in 0..<count {
      entries.append(Entry(rank: try state.double(), fields: try RequestFields(hashes: &state)))
    }
    // A state without marks is of a time when none was wide.
    findWorst()
  }

  mutating func readMarks(_ state: inout StateReader) throws(StateError) {
    isWide = try state.flag()
    offered = try DecayedSum(from: &state)
    guard entries.count <= most else { throw .invalid("\(entries.count) normal requests", at: state.position) }
    for i in entries.indices {
      entries[i].fields.status = try state.half()
      entries[i].fields.marks = try RequestMarks(from: &state)
    }
    worst = .infinity
    findWorst()
  }
}

extension RequestFields {
  func write(to state: inout StateWriter) {
    writeHashes(to: &state)
    state.half(status)
    marks.write(to: &state)
  }

  func writeHashes(to state: inout StateWriter) {
    state.address(client)
    for value in [userAgent, path, pathShape, queryNames, method] { state.number(value) }
  }

  init(hashes state: inout StateReader) throws(StateError) {
    self.init(
      client: try state.address(), userAgent: try state.small(), path: try state.small(),
      pathShape: try state.small(), queryNames: try state.small(), method: try state.small())
  }

  /// - Parameter isMarked: Whether it was written with its marks.
  init(from state: inout StateReader, isMarked: Bool) throws(StateError) {
    try self.init(hashes: &state)
    guard isMarked else { return }
    (status, marks) = (try state.half(), try RequestMarks(from: &state))
  }
}

extension ZoneState {
  /// Takes of a window's sample what nobody suspects. Nothing while the zone is flooded.
  mutating func learnNormal(_ window: borrowing ZoneWindow) {
    guard !flood.isOn else { return }
    let sample = window.sampledRequests()
    normal.count(sample.count, at: window.end)
    let isWatching = guesses.isWatching
    for item in sample where item.score < 50 {
      if let slot = clients.find(item.client), clients.profiles[slot].isSuspect { continue }
      let target = window.text(item.target)
      if isWatching, (200..<400).contains(item.status) {
        let guess = GuessedValue(target: [UInt8](copying: target)[...], hash: hash)
        if let guess { guesses.learn(guess, by: item.client, at: window.end, hash: hash) }
      }
      // Stamps are often of whole seconds: what a client asks for in one must not come or go together.
      let place = hash.hash(UInt64(bitPattern: item.time), hash.hash(target))
      let word = hash.hash(hash.hash(item.client.high, item.client.low), place)
      normal.add(
        time: item.time, client: item.client, userAgent: item.userAgent, hash: word, status: item.status,
        marks: RequestMarks(item)
      ) {
        RequestTexts(method: item.method.bytes, target: [UInt8](copying: target)[...])
      }
    }
  }
}
