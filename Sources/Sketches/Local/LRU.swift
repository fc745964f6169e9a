// The n most recently used of something. Local: it is not merged.

/// A map of fixed capacity that forgets what was used longest ago. O(1) an operation; allocates until full.
public struct LRU<Key: Hashable, Value> {
  fileprivate struct Node {
    var key: Key
    var value: Value
    var newer: Int
    var older: Int
  }
  private var nodes: [Node] = []
  private var places: [Key: Int] = [:]
  private var newest = -1
  private var oldest = -1
  public let capacity: Int

  public init(capacity: Int) { self.capacity = max(1, capacity) }

  public var count: Int { nodes.count }

  /// The value, which becomes the most recently used.
  public mutating func value(for key: Key) -> Value? {
    guard let place = places[key] else { return nil }
    touch(place)
    return nodes[place].value
  }

  /// The value, its age unchanged.
  public func peek(_ key: Key) -> Value? { places[key].map { nodes[$0].value } }

  /// Sets the value as the most recently used; returns what had to go.
  @discardableResult
  public mutating func set(_ value: Value, for key: Key) -> (key: Key, value: Value)? {
    if let place = places[key] {
      nodes[place].value = value
      touch(place)
      return nil
    }
    if nodes.count < capacity {
      nodes.append(Node(key: key, value: value, newer: -1, older: -1))
      places[key] = nodes.count - 1
      link(nodes.count - 1)
      return nil
    }
    let place = oldest
    let gone = (nodes[place].key, nodes[place].value)
    places[gone.0] = nil
    unlink(place)
    nodes[place].key = key
    nodes[place].value = value
    places[key] = place
    link(place)
    return gone
  }

  /// Keys and values, the most recently used first.
  public func forEach(_ body: (Key, Value) -> Void) {
    var place = newest
    while place >= 0 {
      body(nodes[place].key, nodes[place].value)
      place = nodes[place].older
    }
  }

  private mutating func touch(_ place: Int) {
    guard place != newest else { return }
    unlink(place)
    link(place)
  }

  private mutating func link(_ place: Int) {
    nodes[place].newer = -1
    nodes[place].older = newest
    if newest >= 0 { nodes[newest].newer = place }
    newest = place
    if oldest < 0 { oldest = place }
  }

  private mutating func unlink(_ place: Int) {
    let (newer, older) = (nodes[place].newer, nodes[place].older)
    if newer >= 0 { nodes[newer].older = older } else { newest = older }
    if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
  }
}

extension LRU: Sendable where Key: Sendable, Value: Sendable {}
extension LRU.Node: Sendable where Key: Sendable, Value: Sendable {}
