// What is normal for a zone: a sample of its requests that nobody suspects, for saying whom a block would hit.

import Bytes
import Rollups

#if canImport(Glibc)
  import Glibc
#endif

/// A sample of `limit` requests in which newer ones count more: the weight of a request halves every `halfLife`.
///
/// Bottom-k of exponential keys with a decay in time (Efraimidis and Spirakis 2006; Cormode et al. 2009, forward decay):
/// which requests it holds does not depend on the order in which they come.
struct NormalTraffic: Sendable {
  static let limit = 64
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

  init() {}

  /// Takes a request, unless those that it has are better. `texts` is asked only where it is kept. O(limit) then, else O(1).
  mutating func add(
    time: Nanoseconds, client: IPAddress, userAgent: UInt64, hash: UInt64, texts: () -> RequestTexts
  ) {
    let u = (Double(hash >> 11) + 0.5) / 9_007_199_254_740_992
    let rank = log(-log(u)) - Double(time) / 1e9 * (log(2) / Self.halfLife)
    guard rank < worst else { return }
    let entry = Entry(rank: rank, fields: RequestFields(client: client, userAgent: userAgent, texts()))
    guard !entries.contains(entry) else { return }
    if entries.count >= Self.limit, let i = entries.indices.max(by: { entries[$0].rank < entries[$1].rank }) {
      entries[i] = entry
    } else {
      entries.append(entry)
    }
    findWorst()
  }

  private mutating func findWorst() {
    if entries.count >= Self.limit { worst = entries.reduce(-Double.infinity) { max($0, $1.rank) } }
  }

  /// All of them in a defined order, where it is time to tell the campaign stage again.
  mutating func told(at time: Nanoseconds) -> [RequestFields] {
    guard !entries.isEmpty, lastTold == .min || time &- lastTold >= Self.interval else { return [] }
    lastTold = time
    return entries.sorted { $0.rank < $1.rank }.map(\.fields)
  }

  func write(to state: inout StateWriter) {
    state.signed(lastTold)
    state.count(entries.count)
    for entry in entries {
      state.number(entry.rank)
      entry.fields.write(to: &state)
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    lastTold = try state.signed()
    let count = try state.count(ofAtLeast: 29)
    guard count <= Self.limit else { throw .invalid("\(count) normal requests", at: state.position) }
    for _ in 0..<count {
      entries.append(Entry(rank: try state.double(), fields: try RequestFields(from: &state)))
    }
    findWorst()
  }
}

extension RequestFields {
  func write(to state: inout StateWriter) {
    state.address(client)
    for value in [userAgent, path, pathShape, queryNames, method] { state.number(value) }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init(
      client: try state.address(), userAgent: try state.small(), path: try state.small(),
      pathShape: try state.small(), queryNames: try state.small(), method: try state.small())
  }
}

extension ZoneState {
  /// Takes of a window's sample what nobody suspects. Nothing while the zone is flooded.
  mutating func learnNormal(_ window: borrowing ZoneWindow) {
    guard !flood.isOn else { return }
    for item in window.sampledRequests() where item.score < 50 {
      if let slot = clients.find(item.client), clients.profiles[slot].isSuspect { continue }
      let target = window.text(item.target)
      // Stamps are often of whole seconds: what a client asks for in one must not come or go together.
      let place = hash.hash(UInt64(bitPattern: item.time), hash.hash(target))
      let word = hash.hash(hash.hash(item.client.high, item.client.low), place)
      normal.add(time: item.time, client: item.client, userAgent: item.userAgent, hash: word) {
        RequestTexts(method: item.method.bytes, target: [UInt8](copying: target)[...])
      }
    }
  }
}
