// Where the fields of an event are in a JSON line: a trie of key paths, flattened into a hash table.

import Bytes

/// Compiled field map. Paths are written with dots; a dotted path also matches a key that has the dots in it, at any
/// level, because both spellings are common (`{"source":{"ip":...}}`, `{"source.ip":...}`).
struct JSONMap: Sendable {
  struct Edge: Sendable {
    var parent: UInt16
    var child: UInt16
    var keyStart: UInt32
    var keyCount: UInt32
    var words: KeyWords
  }
  /// First and last eight bytes of a key: all of one up to 16 bytes long.
  struct KeyWords: Sendable, Equatable {
    var head: UInt64
    var tail: UInt64

    @inline(__always)
    init(_ bytes: RawSpan, _ start: Int, _ end: Int) {
      if end &- start >= 8 {
        head = bytes.word(start)
        tail = bytes.word(end &- 8)
        return
      }
      var word: UInt64 = 0
      var p = start
      while p < end {
        word = word << 8 | UInt64(bytes.unchecked(p))
        p &+= 1
      }
      head = word
      tail = 0
    }
  }
  struct Leaf: Sendable {
    var field: Field = .ignored
    /// Among several keys for one field, the one listed first wins.
    var rank: UInt8 = 0
    var isLeaf = false
  }

  private(set) var edges: [Edge] = []
  private(set) var keys: [UInt8] = []
  /// Open addressing; index of the edge plus one, 0 is free. A power of two long.
  private(set) var table: [UInt16] = []
  private(set) var leaves: [Leaf] = [Leaf(), Leaf()]

  /// The node of nothing, and the node of the whole object.
  static let nowhere: UInt16 = 0
  static let root: UInt16 = 1

  init(_ entries: [(field: Field, path: String)]) {
    var ranks = [UInt8](repeating: 0, count: 64)
    for (field, path) in entries {
      let rank = ranks[Int(field.rawValue)]
      ranks[Int(field.rawValue)] = rank < 254 ? rank + 1 : 254
      insert(Self.root, path.split(separator: ".", omittingEmptySubsequences: false).map(String.init), field, rank)
    }
    var size = 64
    while size < edges.count * 4 { size *= 2 }
    table = [UInt16](repeating: 0, count: size)
    for (index, edge) in edges.enumerated() {
      var slot = Self.slot(edge.parent, edge.words, Int(edge.keyCount), size)
      while table[slot] != 0 { slot = (slot + 1) & (size - 1) }
      table[slot] = UInt16(index + 1)
    }
  }

  private mutating func insert(_ node: UInt16, _ parts: [String], _ field: Field, _ rank: UInt8) {
    for split in 1...parts.count {
      let child = edge(node, Array(parts[..<split].joined(separator: ".").utf8))
      guard child != Self.nowhere else { continue }
      if split == parts.count {
        if !leaves[Int(child)].isLeaf { leaves[Int(child)] = Leaf(field: field, rank: rank, isLeaf: true) }
      } else {
        insert(child, Array(parts[split...]), field, rank)
      }
    }
  }

  private mutating func edge(_ parent: UInt16, _ key: [UInt8]) -> UInt16 {
    for edge in edges where edge.parent == parent {
      if Array(keys[Int(edge.keyStart)..<Int(edge.keyStart + edge.keyCount)]) == key { return edge.child }
    }
    guard leaves.count < 4096 else { return Self.nowhere }
    let child = UInt16(leaves.count)
    leaves.append(Leaf())
    edges.append(
      Edge(
        parent: parent, child: child, keyStart: UInt32(keys.count), keyCount: UInt32(key.count),
        words: KeyWords(key.span.bytes, 0, key.count)))
    keys.append(contentsOf: key)
    return child
  }

  @inline(__always)
  static func slot(_ parent: UInt16, _ words: KeyWords, _ count: Int, _ size: Int) -> Int {
    let mixed = (words.head ^ (words.tail &* 0xff51_afd7_ed55_8ccd) ^ UInt64(parent) << 48 ^ UInt64(count) << 40)
    return Int(truncatingIfNeeded: (mixed &* 0x9e37_79b9_7f4a_7c15) >> 40) & (size &- 1)
  }

  /// The node that key `start..<end` of `line` leads to from `node`; `nowhere` if none.
  @inline(__always)
  func child(of node: UInt16, _ line: RawSpan, _ start: Int, _ end: Int) -> UInt16 {
    let words = KeyWords(line, start, end)
    let table = table.span
    let edges = edges.span
    var slot = Self.slot(node, words, end &- start, table.count)
    while true {
      let index = table[unchecked: slot]
      if index == 0 { return Self.nowhere }
      let edge = edges[unchecked: Int(index) &- 1]
      if edge.parent == node, edge.words == words, Int(edge.keyCount) == end &- start, matches(edge, line, start) {
        return edge.child
      }
      slot = (slot &+ 1) & (table.count &- 1)
    }
  }

  @inline(__always)
  private func matches(_ edge: Edge, _ line: RawSpan, _ start: Int) -> Bool {
    // What lies between the first and the last eight bytes.
    let keys = keys.span
    var i = 8
    while i < Int(edge.keyCount) &- 8 {
      if keys[unchecked: Int(edge.keyStart) &+ i] != line.unchecked(start &+ i) { return false }
      i &+= 1
    }
    return true
  }
}
