// Messages written by hand, word by word.

import CapnProto

/// A struct pointer: `offset` in words from the end of the pointer.
func structPointer(offset: Int, data: Int, pointers: Int) -> UInt64 {
  UInt64(UInt32(truncatingIfNeeded: offset << 2)) | UInt64(data) << 32 | UInt64(pointers) << 48
}

/// A list pointer; `size` as numbered on the wire, `count` of elements, or of words for 7.
func listPointer(offset: Int, size: Int, count: Int) -> UInt64 {
  UInt64(UInt32(truncatingIfNeeded: offset << 2)) | 1 | UInt64(size) << 32 | UInt64(count) << 35
}

/// A far pointer to `offset` words into `segment`.
func farPointer(segment: Int, offset: Int, double: Bool = false) -> UInt64 {
  2 | (double ? 4 : 0) | UInt64(offset) << 3 | UInt64(segment) << 32
}

/// The tag of a list of structs: a struct pointer whose offset is the count.
func tag(count: Int, data: Int, pointers: Int) -> UInt64 {
  structPointer(offset: count, data: data, pointers: pointers)
}

/// Segments with their table in front.
func frame(_ segments: [[UInt64]]) -> [UInt8] {
  var table = [UInt32(segments.count - 1)] + segments.map { UInt32($0.count) }
  if table.count % 2 != 0 { table.append(0) }
  var bytes: [UInt8] = []
  for word in table { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
  for word in segments.joined() { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
  return bytes
}

/// A message of one segment.
func frame(_ words: [UInt64]) -> [UInt8] { frame([words]) }

/// The bytes of a text, padded to words.
func words(_ text: String) -> [UInt64] {
  var bytes = Array(text.utf8)
  while bytes.count % 8 != 0 { bytes.append(0) }
  return stride(from: 0, to: bytes.count, by: 8).map { start in
    bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// The error that `body` throws on the root of `bytes`, if any.
func failure(
  _ bytes: [UInt8], words: Int = 8 << 20, depth: Int = 64, _ body: (AnyPointer) throws(WireError) -> Void
) -> WireError? {
  let limiter = ReadLimiter(words: words, depth: depth)
  do throws(WireError) {
    try body(try Message(framed: bytes.span.bytes, limiter: limiter).root)
    return nil
  } catch { return error }
}

/// Follows every pointer, without a schema; the number of pointers followed.
func walk(_ pointer: AnyPointer) throws(WireError) -> Int {
  switch try pointer.kind {
  case .null: return 0
  case .capability: return 1
  case .structure: return 1 + (try walk(try pointer.structure))
  case .list:
    let list = try pointer.list(of: .empty)
    var sum = 1
    switch list.size {
    case .composite: for i in 0..<list.count { sum += try walk(list.structure(i)) }
    case .pointer:
      let pointers = AnyPointerList(list)
      for i in 0..<pointers.count { sum += try walk(pointers[i]) }
    default: break
    }
    return sum
  }
}

func walk(_ structure: StructReader) throws(WireError) -> Int {
  var sum = 0
  for i in 0..<structure.size.pointers { if let pointer = structure.pointer(i) { sum += try walk(pointer) } }
  return sum
}
