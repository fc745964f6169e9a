// The ids that were given, so that none is given twice: the first million.

struct AttackIds: Sendable {
  static let limit = 1_000_000
  private var known: Set<UInt64> = []
  /// In the order in which they were given.
  private(set) var all: [UInt64] = []

  func contains(_ id: UInt64) -> Bool { known.contains(id) }

  mutating func insert(_ id: UInt64) {
    guard all.count < Self.limit, known.insert(id).inserted else { return }
    all.append(id)
  }
}
