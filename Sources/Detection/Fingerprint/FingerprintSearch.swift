// The smallest combination of fields that singles an attack out.

import Bytes

/// Which requests are the attack's, as far as a filter in front of the server can tell.
public struct Fingerprint: Sendable, Equatable {
  public struct Part: Sendable, Equatable {
    public var field: FingerprintField
    /// As the client sent it, or a network in CIDR notation.
    public var value: [UInt8]
    public init(field: FingerprintField, value: [UInt8]) { (self.field, self.value) = (field, value) }
  }
  /// All must hold.
  public var parts: [Part]
  /// Share of the attack's sampled requests for which they do, 0 to 1.
  public var covers: Double
  /// Of the zone's sampled normal requests (`Attack.normalSampled`), those for which they do.
  public var normalHits: Int
  public init(parts: [Part], covers: Double, normalHits: Int) {
    (self.parts, self.covers, self.normalHits) = (parts, covers, normalHits)
  }
}

/// One request of an attack, kept as an example of all.
struct AttackRequest: Sendable, Equatable {
  /// Of its place: keeps it from being taken twice.
  var id: UInt64
  /// Requests that it stands for.
  var weight: UInt64
  var client: IPAddress
  /// Hash as a rollup has it, and text.
  var userAgent: UInt64
  var agent: [UInt8]
  var texts: RequestTexts

  /// Priority sampling (Duffield, Lund and Thorup 2007): the largest are kept.
  var priority: Double { Double(max(weight, 1)) / ((Double(id >> 11) + 0.5) / 9_007_199_254_740_992) }

  func text(of field: FingerprintField) -> [UInt8] {
    switch field {
    case .userAgent: agent
    case .network: Array("\(client.network)/\(client.isIPv4 ? 24 : 48)".utf8)
    case .path: texts.path
    case .pathShape: texts.pathShape
    case .queryNames: texts.queryNames
    case .method: texts.method
    }
  }
}

/// A weighted sample of an attack's requests, in no defined order.
struct AttackRequests: Sendable, Equatable {
  static let limit = 24
  private(set) var items: [AttackRequest] = []

  init() {}

  mutating func add(_ item: AttackRequest) {
    guard !items.contains(where: { $0.id == item.id }) else { return }
    guard items.count >= Self.limit else { return items.append(item) }
    guard let least = items.indices.min(by: { items[$0].priority < items[$1].priority }),
      items[least].priority < item.priority
    else { return }
    items[least] = item
  }

  /// Estimates of how many requests each stands for.
  var weights: [Double] {
    let threshold = items.count < Self.limit ? 0 : items.reduce(Double.infinity) { min($0, $1.priority) }
    return items.map { max(Double(max($0.weight, 1)), threshold) }
  }

  func write(to state: inout StateWriter) {
    state.count(items.count)
    for item in items {
      state.word(item.id)
      state.number(item.weight)
      state.address(item.client)
      state.word(item.userAgent)
      for text in [item.agent, item.texts.method, item.texts.path, item.texts.queryNames] { state.bytes(text) }
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    let count = try state.count(ofAtLeast: 37)
    guard count <= Self.limit else { throw .invalid("\(count) sampled requests", at: state.position) }
    for _ in 0..<count {
      items.append(
        AttackRequest(
          id: try state.word(), weight: try state.number(), client: try state.address(),
          userAgent: try state.word(), agent: try state.bytes(),
          texts: RequestTexts(
            method: try state.bytes(), path: try state.bytes(), queryNames: try state.bytes())))
    }
  }
}

/// Looks for the combination of at most three fields that covers the attack and spares the rest.
enum FingerprintSearch {
  /// Fewer normal requests than this say nothing.
  static let leastNormal = 16
  /// Values of a field that are tried: those of most requests.
  private static let valuesTried = 3

  private struct Term {
    var field: FingerprintField
    var example: Int
    /// A bit for each of the attack's requests, and of the normal ones.
    var attack: UInt64
    var normal: UInt64
  }

  /// The fewest fields that cover four fifths and hit at most a fiftieth of what is normal; else the best that covers half
  /// and hits at most a thirtieth; else nil. Equals are decided by the order of fields. O(values³), some thousand steps.
  static func find(_ requests: AttackRequests, normal: [RequestFields]) -> Fingerprint? {
    guard !requests.items.isEmpty, normal.count >= leastNormal else { return nil }
    let terms = terms(requests, normal)
    let weights = requests.weights
    let total = weights.reduce(0, +)
    var best: (terms: [Term], covers: Double, hits: Int)?
    var bestValue = -Double.infinity
    func consider(_ chosen: [Term]) -> (covers: Double, hits: Int) {
      var (attack, hit) = (UInt64.max, UInt64.max)
      for term in chosen { (attack, hit) = (attack & term.attack, hit & term.normal) }
      var covered = 0.0
      while attack != 0 {
        covered += weights[attack.trailingZeroBitCount]
        attack &= attack &- 1
      }
      return (covered / total, hit.nonzeroBitCount)
    }
    /// Appends further terms until there are `size`, and keeps the best that is good enough.
    func extend(_ chosen: [Term], from first: Int, to size: Int, covers least: Double, hits most: Double) {
      if chosen.count == size {
        // To turn away all of one method is no fingerprint.
        if size == 1, chosen[0].field == .method { return }
        let (covers, hits) = consider(chosen)
        let share = Double(hits) / Double(normal.count)
        guard covers >= least, share <= most, covers - 2 * share > bestValue else { return }
        best = (chosen, covers, hits)
        bestValue = covers - 2 * share
        return
      }
      for i in first..<max(first, terms.count)
      where !chosen.contains(where: {
        $0.field == terms[i].field || ($0.field == .path && terms[i].field == .pathShape)
      }) {
        extend(chosen + [terms[i]], from: i + 1, to: size, covers: least, hits: most)
      }
    }
    for size in 1...3 where best == nil { extend([], from: 0, to: size, covers: 0.8, hits: 0.02) }
    if best == nil { for size in 1...3 { extend([], from: 0, to: size, covers: 0.5, hits: 0.035) } }
    guard let best else { return nil }
    return Fingerprint(
      parts: best.terms.map { Fingerprint.Part(field: $0.field, value: requests.items[$0.example].text(of: $0.field)) },
      covers: best.covers, normalHits: best.hits)
  }

  private static func terms(_ requests: AttackRequests, _ normal: [RequestFields]) -> [Term] {
    let fields = requests.items.map { RequestFields(client: $0.client, userAgent: $0.userAgent, $0.texts) }
    let weights = requests.weights
    // In the order of their priorities: what comes first of equals must not depend on the order in which they came.
    let order = requests.items.indices.sorted { requests.items[$0].id < requests.items[$1].id }
    var terms: [Term] = []
    for field in FingerprintField.allCases {
      var values: [(value: UInt32, weight: Double, attack: UInt64, example: Int)] = []
      for i in order where fields[i][field] != 0 && !requests.items[i].text(of: field).isEmpty {
        let value = fields[i][field]
        let place = values.firstIndex { $0.value == value } ?? values.count
        if place == values.count { values.append((value, 0, 0, i)) }
        values[place].weight += weights[i]
        values[place].attack |= 1 << UInt64(i)
      }
      values.sort { $0.weight != $1.weight ? $0.weight > $1.weight : $0.value < $1.value }
      for value in values.prefix(valuesTried) {
        var hit: UInt64 = 0
        for (i, request) in normal.prefix(NormalTraffic.limit).enumerated() where request[field] == value.value {
          hit |= 1 << UInt64(i)
        }
        terms.append(Term(field: field, example: value.example, attack: value.attack, normal: hit))
      }
    }
    return terms
  }
}
