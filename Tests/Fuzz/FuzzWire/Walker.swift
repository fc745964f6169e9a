// What is done with each input. An error is an answer; a trap or a read out of bounds is a finding.

import CapnProto
import Events
import Rollups

struct Walker: ~Copyable {
  private let limiter = ReadLimiter(words: 1 << 14)
  private var copy = MessageBuilder()
  private var packed = PackedBuffer()
  private var sum: UInt64 = 0

  mutating func run(_ bytes: RawSpan) {
    try? walk(bytes)
    try? readEvents(bytes)
    try? readRollup(bytes)
    try? unpack(bytes)
  }

  /// Follows every pointer without a schema, and copies the message.
  private mutating func walk(_ bytes: RawSpan) throws(WireError) {
    try visit(try Message(framed: bytes, limiter: limiter).root)
    copy.removeAll()
    let root = try Message(framed: bytes, limiter: limiter).root
    try copy.root.copy(root)
  }

  private mutating func visit(_ pointer: AnyPointer) throws(WireError) {
    switch try pointer.kind {
    case .null, .capability: return
    case .structure: try visit(try pointer.structure)
    case .list:
      let list = try pointer.list(of: .empty)
      switch list.size {
      case .composite: for i in 0..<list.count { try visit(list.structure(i)) }
      case .pointer:
        let pointers = AnyPointerList(try pointer.list(of: .pointer))
        for i in 0..<pointers.count { try visit(pointers[i]) }
      case .byte: sum &+= UInt64(try pointer.data.byteCount)
      case .eightBytes:
        let words = ScalarList<UInt64>(try pointer.list(of: .eightBytes))
        for i in 0..<words.count { sum &+= words[i] }
      default: break
      }
    }
  }

  private mutating func visit(_ structure: StructReader) throws(WireError) {
    let (dataBytes, pointers) = structure.size
    for i in 0..<(dataBytes + 15) / 8 { sum &+= structure.scalar(i * 8) }
    for i in 0...pointers { if let pointer = structure.pointer(i) { try visit(pointer) } }
  }

  private mutating func touch(_ bytes: RawSpan) {
    for i in 0..<bytes.byteCount { sum &+= UInt64(bytes.unsafeLoad(fromByteOffset: i, as: UInt8.self)) }
  }

  private mutating func readEvents(_ bytes: RawSpan) throws(WireError) {
    let batch = try EventBatch.read(from: try Message(framed: bytes, limiter: limiter))
    touch(try batch.source.path)
    sum &+= UInt64(try batch.ledger.parsed)
    switch batch.events.which {
    case .http:
      let events = try batch.events.http
      for i in 0..<events.count {
        let event = events[i]
        sum &+= event.bytes &+ UInt64(event.status) &+ UInt64(event.method.wire)
        touch(try event.host)
        touch(try event.target)
        touch(try event.userAgent)
        touch(try event.extra.cookie)
        let matches = try event.extra.matches
        for j in 0..<matches.count { sum &+= matches[j].rule }
      }
    case .unparsed:
      let lines = try batch.events.unparsed
      for i in 0..<lines.count {
        sum &+= UInt64(lines[i].reason.wire)
        touch(try lines[i].head)
      }
    case .none, .dns, .auth, .unrecognized: break
    }
  }

  private mutating func readRollup(_ bytes: RawSpan) throws(WireError) {
    let rollup = try Rollup.read(from: try Message(framed: bytes, limiter: limiter))
    touch(try rollup.zone)
    let clients = try rollup.clients
    for i in 0..<clients.count { sum &+= clients[i].high &+ clients[i].low }
  }

  /// What unpacks must pack and unpack to the same.
  private mutating func unpack(_ bytes: RawSpan) throws(WireError) {
    try packed.unpack(bytes, limit: 1 << 16)
    var again = PackedBuffer()
    again.pack(packed.bytes)
    var third = PackedBuffer()
    try third.unpack(again.bytes, limit: 1 << 16)
    precondition(third.bytes.byteCount == packed.bytes.byteCount, "packing lost bytes")
  }
}
