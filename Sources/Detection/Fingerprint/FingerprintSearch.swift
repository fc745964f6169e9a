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
  /// As `normalHits`, for each choice of parts: entry `n` is of those whose bits `n` has. Empty where it is not known.
  public var hitsOfParts: [Int]
  public init(parts: [Part], covers: Double, normalHits: Int, hitsOfParts: [Int] = []) {
    (self.parts, self.covers, self.normalHits) = (parts, covers, normalHits)
    self.hitsOfParts = hitsOfParts
  }

  /// Normal requests that some of its parts hit by themselves; nil where that is not known.
  /// - Parameter choice: A bit for each part.
  public func normalHits(ofParts choice: Int) -> Int? {
    if choice == (1 << parts.count) - 1 { return normalHits }
    return hitsOfParts.indices.contains(choice) ? hitsOfParts[choice] : nil
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
  var status: UInt16 = 0
  var marks = RequestMarks()
  /// Of `marks.tlsFingerprint`.
  var tlsText: [UInt8] = []

  /// Priority sampling (Duffield, Lund and Thorup 2007): the largest are kept.
  var priority: Double { Self.priority(id: id, weight: weight) }

  static func priority(id: UInt64, weight: UInt64) -> Double {
    Double(max(weight, 1)) / ((Double(id >> 11) + 0.5) / 9_007_199_254_740_992)
  }

  var fields: RequestFields {
    RequestFields(client: client, userAgent: userAgent, status: status, marks: marks, texts)
  }

  /// Whether `text` has anything to show of a field. Allocates nothing.
  func shows(_ field: FingerprintField) -> Bool {
    switch field {
    case .userAgent: !agent.isEmpty
    case .tlsFingerprint: !tlsText.isEmpty
    case .country: marks.hasCountry
    default: true
    }
  }

  func text(of field: FingerprintField) -> [UInt8] {
    switch field {
    case .userAgent: agent
    case .network: Array(client.networkText.utf8)
    case .path: texts.path
    case .pathShape: texts.pathShape
    case .queryNames: texts.queryNames
    case .method: texts.method
    case .protocolVersion: marks.protocolText
    case .tlsFingerprint: tlsText
    case .country: marks.countryText
    case .asn: Array("AS\(marks.asn)".utf8)
    case .noReferrer: [0x2d]
    case .status: Array(String(status).utf8)
    }
  }
}

/// A weighted sample of an attack's requests, in no defined order.
struct AttackRequests: Sendable, Equatable {
  static let limit = 24
  private(set) var items: [AttackRequest] = []
  /// Of `items`.
  private(set) var fields: [RequestFields] = []

  init() {}

  /// Whether a request would be taken.
  func admits(id: UInt64, weight: UInt64) -> Bool {
    if items.contains(where: { $0.id == id }) { return false }
    if items.count < Self.limit { return true }
    let priority = AttackRequest.priority(id: id, weight: weight)
    return items.contains { $0.priority < priority }
  }

  mutating func add(_ item: AttackRequest) {
    guard admits(id: item.id, weight: item.weight) else { return }
    if items.count < Self.limit {
      items.append(item)
      fields.append(item.fields)
    } else if let least = items.indices.min(by: { items[$0].priority < items[$1].priority }) {
      (items[least], fields[least]) = (item, item.fields)
    }
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
      state.half(item.status)
      item.marks.write(to: &state)
      state.bytes(item.tlsText)
    }
  }

  /// - Parameter isMarked: Whether it was written with the marks of its requests.
  init(from state: inout StateReader, isMarked: Bool) throws(StateError) {
    let count = try state.count(ofAtLeast: 37)
    guard count <= Self.limit else { throw .invalid("\(count) sampled requests", at: state.position) }
    for _ in 0..<count {
      items.append(
        AttackRequest(
          id: try state.word(), weight: try state.number(), client: try state.address(),
          userAgent: try state.word(), agent: try state.bytes(),
          texts: RequestTexts(
            method: try state.bytes(), path: try state.bytes(), queryNames: try state.bytes()),
          status: isMarked ? try state.half() : 0, marks: isMarked ? try RequestMarks(from: &state) : RequestMarks(),
          tlsText: isMarked ? try state.bytes() : []))
    }
    fields = items.map(\.fields)
  }
}

/// Looks for the combination of at most three fields that covers the attack and spares the rest.
enum FingerprintSearch {
  /// Fewer normal requests than this say nothing.
  static let leastNormal = 16
  /// How much better another fingerprint must be for the one that was told to give way: in parts of the attack covered,
  /// less twice the share of normal requests hit, less `priceOfAField` for each field after the first.
  static let margin = 0.1
  private static let priceOfAField = 0.05

  /// What is asked of a fingerprint: the share of the attack that it covers at least, and of normal requests at most.
  private typealias Bar = (covers: Double, hits: Double)
  private static let good: Bar = (0.8, 0.02)
  private static let fair: Bar = (0.5, 0.035)
  /// One that was told may be a little worse before it is dropped.
  private static let stillFair: Bar = (0.45, 0.045)

  /// A value of a field.
  private struct Term {
    var field: FingerprintField
    var example: Int
    /// A bit for each of the attack's requests, and of the normal ones.
    var attack: UInt32
    var normal: SIMD4<UInt64>
    var weight: Double
  }

  private struct Choice {
    var terms: [Term]
    var covers: Double
    var hits: Int
    var share: Double
    var value: Double { covers - 2 * share - priceOfAField * Double(terms.count - 1) }
    func meets(_ bar: Bar) -> Bool { covers >= bar.covers && share <= bar.hits }
  }

  /// The fewest fields that cover four fifths and hit at most a fiftieth of what is normal; else the best that covers half
  /// and hits at most a thirtieth, at first without what is of the answer; else nil. Equals are decided by the order of
  /// fields. A fingerprint that was told before
  /// stays, as long as it nearly does as much, unless the one that is found is better by `margin`: who has put it into a
  /// filter should not have to change that from window to window.
  ///
  /// O(fields³ + sampled requests · fields): a field can only have one value that covers more than half, and a combination
  /// covers no more than each of its fields.
  static func find(
    _ requests: AttackRequests, normal: [RequestFields], told: Fingerprint? = nil
  ) -> Fingerprint? {
    guard !requests.items.isEmpty, normal.count >= leastNormal else { return nil }
    let normal = normal.prefix(NormalTraffic.wideLimit)
    let values = terms(requests, normal)
    let weights = requests.weights
    let total = weights.reduce(0, +)
    func judge(_ terms: [Term]) -> Choice {
      var (attack, hit) = (UInt32.max, SIMD4<UInt64>(repeating: .max))
      for term in terms { (attack, hit) = (attack & term.attack, hit & term.normal) }
      var covered = 0.0
      while attack != 0 {
        covered += weights[attack.trailingZeroBitCount]
        attack &= attack &- 1
      }
      let hits = count(hit)
      return Choice(
        terms: terms, covers: min(covered / total, 1), hits: hits, share: Double(hits) / Double(normal.count))
    }
    // What says something of the answer only where nothing else does: nobody can be turned away by that.
    let seen = values.filter(\.field.canBeSeenBeforeTheAnswer)
    var found: Choice?
    for (terms, bar) in [(seen, good), (seen, fair), (values, good), (values, fair)] where found == nil {
      found = best(of: terms.filter { $0.weight >= bar.covers * total }, bar, judge)
    }
    if let told, let kept = terms(of: told, among: values, requests).map(judge), kept.meets(stillFair),
      found.map({ $0.value < kept.value + margin }) ?? true
    {
      found = kept
    }
    return found.map { fingerprint($0, requests) }
  }

  /// The best of the fewest terms that meets the bar.
  private static func best(of terms: [Term], _ bar: Bar, _ judge: ([Term]) -> Choice) -> Choice? {
    var best: Choice?
    /// Appends further terms until there are `size`, and keeps the best that is good enough.
    func extend(_ chosen: [Term], from first: Int, to size: Int) {
      if chosen.count == size {
        if size == 1, !chosen[0].field.canStandAlone { return }
        let choice = judge(chosen)
        if choice.meets(bar), choice.value > best?.value ?? -.infinity { best = choice }
        return
      }
      for i in first..<max(first, terms.count)
      where !chosen.contains(where: {
        $0.field == terms[i].field || ($0.field == .path && terms[i].field == .pathShape)
      }) {
        extend(chosen + [terms[i]], from: i + 1, to: size)
      }
    }
    for size in 1...3 where best == nil { extend([], from: 0, to: size) }
    return best
  }

  private static func fingerprint(_ choice: Choice, _ requests: AttackRequests) -> Fingerprint {
    let hits = (0..<(1 << choice.terms.count)).map { some in
      var hit = SIMD4<UInt64>(repeating: .max)
      for (i, term) in choice.terms.enumerated() where some >> i & 1 == 1 { hit &= term.normal }
      return some == 0 ? 0 : count(hit)
    }
    return Fingerprint(
      parts: choice.terms.map {
        Fingerprint.Part(field: $0.field, value: requests.items[$0.example].text(of: $0.field))
      },
      covers: choice.covers, normalHits: choice.hits, hitsOfParts: hits)
  }

  private static func count(_ bits: SIMD4<UInt64>) -> Int {
    (0..<4).reduce(0) { $0 + bits[$1].nonzeroBitCount }
  }

  /// The terms of a fingerprint; nil where the sample no longer holds one of its values.
  private static func terms(of told: Fingerprint, among terms: [Term], _ requests: AttackRequests) -> [Term]? {
    var found: [Term] = []
    for part in told.parts {
      let term = terms.first { $0.field == part.field && requests.items[$0.example].text(of: $0.field) == part.value }
      guard let term else { return nil }
      found.append(term)
    }
    return found.isEmpty ? nil : found
  }

  /// The values of all fields that enough of the attack's requests have, in the order of fields; of a field those of most
  /// requests first.
  private static func terms(_ requests: AttackRequests, _ normal: ArraySlice<RequestFields>) -> [Term] {
    let fields = requests.fields
    let weights = requests.weights
    let least = stillFair.covers * weights.reduce(0, +)
    // In the order of their ids: what comes first of equals must not depend on the order in which they came.
    let order = requests.items.indices.sorted { requests.items[$0].id < requests.items[$1].id }
    var terms: [Term] = []
    var values: [(value: UInt32, term: Term)] = []
    for field in FingerprintField.allCases {
      values.removeAll(keepingCapacity: true)
      for i in order {
        let value = fields[i][field]
        guard value != 0, requests.items[i].shows(field) else { continue }
        let place = values.firstIndex { $0.value == value } ?? values.count
        if place == values.count {
          values.append((value, Term(field: field, example: i, attack: 0, normal: .zero, weight: 0)))
        }
        values[place].term.weight += weights[i]
        values[place].term.attack |= 1 << UInt32(i)
      }
      values.removeAll { $0.term.weight < least }
      if values.isEmpty { continue }
      values.sort { $0.term.weight != $1.term.weight ? $0.term.weight > $1.term.weight : $0.value < $1.value }
      for (i, request) in normal.enumerated() {
        let value = request[field]
        for k in values.indices where values[k].value == value {
          values[k].term.normal[i >> 6] |= 1 << UInt64(i & 63)
        }
      }
      terms += values.lazy.map(\.term)
    }
    return terms
  }
}
