// Ours against libcapnp: what either encodes, the other decodes to the same, by libcapnp's JSON codec.

import CapnProto
import CapnProtoReference
import Foundation
import Testing

/// The root of the repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// Schemas of this repository, parsed by libcapnp.
struct ReferenceSchema: ~Copyable {
  let handle: OpaquePointer

  init(_ file: String) throws {
    var error = reference_result()
    guard let handle = reference_schema_open(repository, file, &error) else {
      _ = try taken(error)
      throw ReferenceError(description: "no schema")
    }
    reference_free(error)
    self.handle = handle
  }

  deinit { reference_schema_close(handle) }

  func json(_ type: String, _ message: [UInt8], flags: Int32 = 0) throws -> String {
    String(decoding: try taken(reference_to_json(handle, type, message, message.count, flags)), as: UTF8.self)
  }

  /// `segmentWords` of few words makes a message of many segments.
  func random(_ type: String, seed: UInt64, segmentWords: Int, flags: Int32 = 0) throws -> [UInt8] {
    try taken(reference_random(handle, type, seed, segmentWords, flags))
  }

  func encoded(_ type: String, _ json: String) throws -> [UInt8] {
    try taken(reference_from_json(handle, type, json, 1024, 0))
  }
}

private let everything = "Tests/CapnProtoTests/Schemas/everything.capnp"
private let segmentSizes = [8192, 1, 7, 32]

@Suite struct DifferentialTests {
  @Test func whatLibcapnpEncodesOurAccessorsReadAndWriteAgainTheSame() throws {
    let schema = try ReferenceSchema(everything)
    var message = MessageBuilder()
    let limiter = ReadLimiter()
    for seed: UInt64 in 1...400 {
      let theirs = try schema.random("Everything", seed: seed, segmentWords: segmentSizes[Int(seed) % 4])
      let from = try Everything.read(from: try Message(framed: theirs.span.bytes, limiter: limiter))
      try copy(from, message.start(EverythingBuilder.self))
      #expect(try schema.json("Everything", bytes(message.framed)) == schema.json("Everything", theirs), "seed \(seed)")
    }
  }

  @Test(arguments: [
    (everything, "Everything"), ("Schemas/events.capnp", "EventBatch"), ("Schemas/rollups.capnp", "Rollup"),
  ])
  func whatLibcapnpEncodesIsCopiedTheSameWithoutASchema(file: String, type: String) throws {
    let schema = try ReferenceSchema(file)
    var message = MessageBuilder()
    let limiter = ReadLimiter()
    for seed: UInt64 in 1...200 {
      let theirs = try schema.random(type, seed: seed, segmentWords: segmentSizes[Int(seed) % 4])
      message.removeAll()
      try message.root.copy(try Message(framed: theirs.span.bytes, limiter: limiter).root)
      #expect(try schema.json(type, bytes(message.framed)) == schema.json(type, theirs), "seed \(seed)")
    }
  }

  @Test func whatWeEncodeGoesThroughLibcapnpAndBack() throws {
    let schema = try ReferenceSchema(everything)
    let limiter = ReadLimiter()
    for seed: UInt64 in 1...100 {
      // Our encoding, libcapnp's JSON of it, libcapnp's encoding of that, read and encoded by us again.
      let random = try schema.random("Everything", seed: seed, segmentWords: 8192)
      var first = MessageBuilder()
      try copy(
        try Everything.read(from: try Message(framed: random.span.bytes, limiter: limiter)),
        first.start(EverythingBuilder.self))
      let json = try schema.json("Everything", bytes(first.framed))
      let theirs = try schema.encoded("Everything", json)
      var second = MessageBuilder()
      try copy(
        try Everything.read(from: try Message(framed: theirs.span.bytes, limiter: limiter)),
        second.start(EverythingBuilder.self))
      #expect(try schema.json("Everything", bytes(second.framed)) == json, "seed \(seed)")
    }
  }

  @Test func packedMessagesGoBothWays() throws {
    let schema = try ReferenceSchema(everything)
    let limiter = ReadLimiter()
    var packed = PackedBuffer()
    for seed: UInt64 in 1...100 {
      let theirs = try schema.random("Everything", seed: seed, segmentWords: 16, flags: Int32(REFERENCE_PACKED))
      try packed.unpack(theirs.span.bytes, limit: 1 << 20)
      var message = MessageBuilder()
      try message.root.copy(try Message(framed: packed.bytes, limiter: limiter).root)
      packed.pack(message.framed)
      let ours = try schema.json("Everything", bytes(packed.bytes), flags: Int32(REFERENCE_PACKED))
      #expect(try ours == schema.json("Everything", theirs, flags: Int32(REFERENCE_PACKED)), "seed \(seed)")
    }
  }

  /// Random damage: whatever libcapnp lets through we let through, following as many pointers; what it refuses
  /// we refuse.
  @Test func damagedMessagesAreRefusedWhereLibcapnpRefusesThem() throws {
    let schema = try ReferenceSchema(everything)
    var refused = 0
    for seed: UInt64 in 1...3000 {
      var random = Random(seed: seed)
      var message = try schema.random("Everything", seed: seed % 40, segmentWords: segmentSizes[Int(seed) % 4])
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        message[Int.random(in: 8..<message.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let theirs = reference_walk(message, message.count, 1 << 20, 64)
      defer { reference_free(theirs) }
      var count = 0
      let error = failure(message, words: 1 << 20) { (root) throws(WireError) in count = try walk(root) }
      #expect((error == nil) == (theirs.ok != 0), "seed \(seed): \(String(describing: error))")
      if error == nil, theirs.ok != 0 { #expect(count == theirs.count, "seed \(seed)") } else { refused += 1 }
    }
    #expect(refused > 100)
  }
}
