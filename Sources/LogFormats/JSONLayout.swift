// Reads the mapped fields out of a line that is a JSON object (RFC 8259), in one pass, building nothing.

import Bytes
import Events

/// JSON lines by field map. Of an array the first element counts. Numbers may be strings and the other way round.
struct JSONLayout: Sendable {
  let map: JSONMap
  /// Objects and arrays inside one another beyond this make a line unreadable.
  static let maxDepth = 64

  func run(
    _ whole: RawSpan, _ from: Int, _ to: Int, _ state: inout LineState, _ fields: inout HttpFields
  ) -> Match {
    var start = from
    while start < to, whole.unchecked(start) <= 0x20 { start += 1 }
    guard start < to, whole.unchecked(start) == 0x7b else { return .mismatch }
    var reader = Reader(escaped: false, ranks: InlineArray(repeating: 255), found: false, badTime: false)
    let line = whole.extracting(0..<to)
    reader.escaped = line.firstIndex(of: 0x5c, from: start) != nil
    var p = start + 1
    guard reader.object(line, &p, map, JSONMap.root, 1, &state, &fields) else { return .mismatch }
    while p < to {
      if line.unchecked(p) > 0x20 { return .mismatch }
      p += 1
    }
    if reader.badTime { return .badTime }
    guard reader.found else { return .mismatch }
    if fields.method == .unknown, fields.methodText.isEmpty, !fields.flags.contains(.emptyRequest),
      !fields.flags.contains(.malformedRequest)
    {
      fields.method = .get
    }
    return .matched
  }

  private struct Reader {
    /// Whether the line has a backslash anywhere.
    var escaped: Bool
    /// For each field the rank of the key that gave it.
    var ranks: InlineArray<64, UInt8>
    /// Whether anything but a time was found: else the line is some other JSON.
    var found: Bool
    var badTime: Bool

    @inline(__always)
    static func skipBlanks(_ line: RawSpan, _ p: inout Int) {
      while p < line.byteCount, line.unchecked(p) <= 0x20 { p &+= 1 }
    }

    /// Index of the quote that ends the string whose first byte is at `p`; -1 if none does.
    @inline(__always)
    func stringEnd(_ line: RawSpan, _ p: Int) -> Int {
      var from = p
      while let hit = line.firstIndex(of: 0x22, from: from) {
        if !escaped { return hit }
        var slashes = hit
        while slashes > p, line.unchecked(slashes &- 1) == 0x5c { slashes &-= 1 }
        if (hit &- slashes) & 1 == 0 { return hit }
        from = hit &+ 1
      }
      return -1
    }

    /// The members of an object whose brace is before `p`.
    mutating func object(
      _ line: RawSpan, _ p: inout Int, _ map: borrowing JSONMap, _ node: UInt16, _ depth: Int,
      _ state: inout LineState, _ fields: inout HttpFields
    ) -> Bool {
      let to = line.byteCount
      Self.skipBlanks(line, &p)
      if p < to, line.unchecked(p) == 0x7d {
        p &+= 1
        return true
      }
      while true {
        guard p < to, line.unchecked(p) == 0x22 else { return false }
        let key = p &+ 1
        let keyEnd = stringEnd(line, key)
        if keyEnd < 0 { return false }
        p = keyEnd &+ 1
        Self.skipBlanks(line, &p)
        guard p < to, line.unchecked(p) == 0x3a else { return false }
        p &+= 1
        Self.skipBlanks(line, &p)
        let child = map.child(of: node, line, key, keyEnd)
        guard value(line, &p, map, child, depth, &state, &fields) else { return false }
        Self.skipBlanks(line, &p)
        guard p < to else { return false }
        let next = line.unchecked(p)
        p &+= 1
        if next == 0x7d { return true }
        guard next == 0x2c else { return false }
        Self.skipBlanks(line, &p)
      }
    }

    /// One value; what it holds is stored where `node` says.
    private mutating func value(
      _ line: RawSpan, _ p: inout Int, _ map: borrowing JSONMap, _ node: UInt16, _ depth: Int,
      _ state: inout LineState, _ fields: inout HttpFields
    ) -> Bool {
      guard p < line.byteCount else { return false }
      switch line.unchecked(p) {
      case 0x22:
        let start = p &+ 1
        let end = stringEnd(line, start)
        if end < 0 { return false }
        p = end &+ 1
        if node != JSONMap.nowhere { store(map.leaves[Int(node)], line, start, end, true, &state, &fields) }
        return true
      case 0x7b:
        if node == JSONMap.nowhere { return skipContainer(line, &p, depth) }
        guard depth < JSONLayout.maxDepth else { return false }
        p &+= 1
        return object(line, &p, map, node, depth + 1, &state, &fields)
      case 0x5b:
        if node == JSONMap.nowhere { return skipContainer(line, &p, depth) }
        guard depth < JSONLayout.maxDepth else { return false }
        p &+= 1
        return array(line, &p, map, node, depth + 1, &state, &fields)
      default:
        let start = p
        while p < line.byteCount {
          let byte = line.unchecked(p)
          if byte == 0x2c || byte == 0x7d || byte == 0x5d || byte <= 0x20 { break }
          p &+= 1
        }
        guard p > start else { return false }
        // null is the same as absent; true and false are no field of ours.
        let first = line.unchecked(start)
        if first == 0x2d || first.isASCIIDigit {
          if node != JSONMap.nowhere { store(map.leaves[Int(node)], line, start, p, false, &state, &fields) }
          return true
        }
        let word = line.extracting(start..<p)
        return word.equals("null") || word.equals("true") || word.equals("false")
      }
    }

    private mutating func array(
      _ line: RawSpan, _ p: inout Int, _ map: borrowing JSONMap, _ node: UInt16, _ depth: Int,
      _ state: inout LineState, _ fields: inout HttpFields
    ) -> Bool {
      var node = node
      Self.skipBlanks(line, &p)
      if p < line.byteCount, line.unchecked(p) == 0x5d {
        p &+= 1
        return true
      }
      while true {
        guard value(line, &p, map, node, depth, &state, &fields) else { return false }
        node = JSONMap.nowhere
        Self.skipBlanks(line, &p)
        guard p < line.byteCount else { return false }
        let next = line.unchecked(p)
        p &+= 1
        if next == 0x5d { return true }
        guard next == 0x2c else { return false }
        Self.skipBlanks(line, &p)
      }
    }

    /// Passes over an object or array that holds nothing of ours.
    private func skipContainer(_ line: RawSpan, _ p: inout Int, _ depth: Int) -> Bool {
      var depth = depth
      let outer = depth
      while p < line.byteCount {
        let byte = line.unchecked(p)
        p &+= 1
        switch byte {
        case 0x22:
          let end = stringEnd(line, p)
          if end < 0 { return false }
          p = end &+ 1
        case 0x7b, 0x5b:
          depth += 1
          if depth > JSONLayout.maxDepth { return false }
        case 0x7d, 0x5d:
          depth -= 1
          if depth == outer { return true }
        default: break
        }
      }
      return false
    }

    private mutating func store(
      _ leaf: JSONMap.Leaf, _ line: RawSpan, _ start: Int, _ end: Int, _ isString: Bool, _ state: inout LineState,
      _ fields: inout HttpFields
    ) {
      guard leaf.isLeaf, end > start, leaf.rank < ranks[Int(leaf.field.rawValue)] else { return }
      if end - start == 1, line.unchecked(start) == 0x2d { return }
      var range = FieldRange(offset: start, count: end - start)
      if isString, escaped, let hit = line.firstIndex(of: 0x5c, from: start), hit < end {
        range = Escapes.unescape(line, start, end, into: &state.scratch)
      }
      guard state.set(leaf.field, range, line, &fields) else {
        if leaf.field.isTime { badTime = true }
        return
      }
      ranks[Int(leaf.field.rawValue)] = leaf.rank
      if !leaf.field.isTime { found = true }
    }
  }
}
