// Where a source stands, and what its file is known by: plain values, kept in the topic `checkpoints`.

import Bytes
import CapnProto
import Events
import LogFormats

/// What a file is known by, whatever it is called and wherever it lies.
struct FileIdentity: Equatable, Sendable {
  /// Bytes that are hashed at most.
  static let mostHead = 1024
  private static let key = KeyedHash(key: 0x6865_6164)

  /// Hash of the first `headLength` bytes, decompressed.
  var headHash: UInt64 = 0
  var headLength = 0
  var device: UInt64 = 0
  var inode: UInt64 = 0

  static func hash(_ bytes: RawSpan) -> UInt64 { key.hash(bytes) }

  /// Whether a file whose first bytes these are, at least as many as were hashed, may be it.
  func matches(head: RawSpan) -> Bool {
    headLength > 0 && head.byteCount >= headLength && Self.hash(head.extracting(first: headLength)) == headHash
  }
}

/// The next line of a source, and all that its batch depends on.
struct Position: Equatable, Sendable {
  /// Bytes before the position that are kept to prove that a file was read up to here.
  static let mostTail = 256

  /// First byte, decompressed, that is in no batch yet.
  var offset: UInt64 = 0
  /// Number of the line there, from 1.
  var line: UInt64 = 1
  /// Number of that line in the source, from 0.
  var ordinal: UInt64 = 0
  /// Number of the next batch.
  var sequence: UInt64 = 0
  /// Highest stamp believed.
  var time: Nanoseconds?
  var carried = FormatState()
  /// The last bytes before the position.
  var tail: [UInt8] = []
  /// The file was read to its end and will not grow.
  var isFinal = false

  /// Keeps the end of what was read.
  mutating func keepTail(of text: RawSpan) {
    let count = text.byteCount
    if count >= Self.mostTail {
      tail = text.extracting(count - Self.mostTail..<count).copied()
    } else {
      tail += text.copied()
      if tail.count > Self.mostTail { tail.removeFirst(tail.count - Self.mostTail) }
    }
  }
}

/// What is known of a source that this run has not opened yet.
struct SavedSource: Sendable, Equatable {
  enum Kind: Sendable { case file, stream }
  var kind = Kind.file
  var id: UInt64
  var path: [UInt8]
  var identity = FileIdentity()
  var position = Position()
  /// Length and hash of the bytes before the position; the bytes themselves are not saved.
  var tailLength = 0
  var tailHash: UInt64 = 0
  /// Wall clock, ns.
  var written: Int64 = 0
}

/// Writes and reads the records of the topic `checkpoints`.
final class CheckpointWriter {
  private var builder = MessageBuilder(capacity: 1024)

  /// The record of a source; good until the next.
  func write(_ source: SavedSource) { Self.write(source, to: &builder) }

  private static func write(_ source: SavedSource, to builder: inout MessageBuilder) {
    let record = builder.start(CheckpointBuilder.self)
    record.schemaVersion = checkpointVersion
    record.kind = source.kind == .file ? .file : .stream
    record.source = source.id
    record.written = source.written
    record.headHash = source.identity.headHash
    record.headLength = UInt32(clamping: source.identity.headLength)
    record.device = source.identity.device
    record.inode = source.identity.inode
    let position = source.position
    record.tailLength = UInt32(clamping: source.tailLength)
    record.tailHash = source.tailHash
    record.position = position.offset
    record.line = position.line
    record.ordinal = position.ordinal
    record.sequence = position.sequence
    record.time = position.time ?? .min
    record.final = position.isFinal
    let carried = position.carried.encoded
    if !carried.isEmpty { record.setCarried(carried.span.bytes) }
    if !source.path.isEmpty { record.setPath(source.path.span.bytes) }
  }

  /// The record of the owner.
  func write(owner instance: UInt64, path: [UInt8], written: Int64) {
    Self.write(owner: instance, path, written, to: &builder)
  }

  private static func write(
    owner instance: UInt64, _ path: [UInt8], _ written: Int64, to builder: inout MessageBuilder
  ) {
    let record = builder.start(CheckpointBuilder.self)
    record.schemaVersion = checkpointVersion
    record.kind = .owner
    record.instance = instance
    record.written = written
    if !path.isEmpty { record.setPath(path.span.bytes) }
  }

  var record: RawSpan {
    @_lifetime(borrow self)
    get {
      // The builder's memory belongs to this object, which the span keeps borrowed.
      let bytes = builder.framed.withUnsafeBytes { $0 }
      return _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }
  }
}

/// A record of the topic, read.
enum SavedRecord: Equatable, Sendable {
  case source(SavedSource)
  case owner(instance: UInt64, written: Int64)

  /// - Throws: where the record is damaged, or of a version that this program does not know.
  init(_ record: RawSpan, limiter: borrowing ReadLimiter) throws(CheckpointError) {
    do {
      let read = Checkpoint(try Message(framed: record, limiter: limiter).rootStruct)
      guard read.schemaVersion == checkpointVersion else { throw CheckpointError.version(read.schemaVersion) }
      if read.kind == .owner {
        self = .owner(instance: read.instance, written: read.written)
        return
      }
      var source = SavedSource(id: read.source, path: try read.path.copied())
      source.kind = read.kind == .file ? .file : .stream
      source.written = read.written
      source.identity.headHash = read.headHash
      source.identity.headLength = min(Int(read.headLength), FileIdentity.mostHead)
      source.identity.device = read.device
      source.identity.inode = read.inode
      source.tailLength = min(Int(read.tailLength), Position.mostTail)
      source.tailHash = read.tailHash
      source.position.offset = min(read.position, UInt64(Int64.max))
      source.position.line = min(max(read.line, 1), UInt64(Int64.max))
      source.position.ordinal = min(read.ordinal, UInt64(Int64.max))
      source.position.sequence = min(read.sequence, UInt64(Int64.max))
      source.position.time = read.time == .min ? nil : read.time
      source.position.isFinal = read.final
      guard let carried = FormatState(encoded: try read.carried.copied()) else { throw CheckpointError.carried }
      source.position.carried = carried
      self = .source(source)
    } catch let error as WireError {
      throw .wire(error)
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw .carried
    }
  }
}

enum CheckpointError: Error, Equatable, CustomStringConvertible {
  case wire(WireError)
  case version(UInt16)
  case carried

  var description: String {
    switch self {
    case .wire(let error): "a damaged checkpoint: \(error)"
    case .version(let version):
      "a checkpoint of version \(version), which this program does not know; run the newer one, or empty the topic"
    case .carried: "a checkpoint whose state of the format cannot be read"
    }
  }
}
