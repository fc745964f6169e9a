// Which compression a file has, told by its first bytes and never by its name: rotated logs are
// renamed, and a name lies at no cost.

/// Compressions that are read.
public enum Compression: String, Sendable, CaseIterable {
  case none = "plain"
  case gzip
  case zstd
  case xz
  case bzip2

  /// The compression whose magic number `head` begins with; 6 bytes suffice.
  public init(magic head: UnsafeRawBufferPointer) {
    func begins(_ bytes: [UInt8]) -> Bool { head.count >= bytes.count && head.prefix(bytes.count).elementsEqual(bytes) }
    if begins([0x1f, 0x8b, 0x08]) {
      self = .gzip
    } else if begins([0x28, 0xb5, 0x2f, 0xfd]) {
      self = .zstd
    } else if head.count >= 4, head[0] & 0xf0 == 0x50, head[1] == 0x2a, head[2] == 0x4d, head[3] == 0x18 {
      self = .zstd  // A skippable frame first (RFC 8878, section 3.1.2), as pzstd writes.
    } else if begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) {
      self = .xz
    } else if begins([0x42, 0x5a, 0x68]), head.count >= 4, (0x31...0x39).contains(head[3]) {
      self = .bzip2
    } else {
      self = .none
    }
  }
}

extension Compression {
  /// What a file is whose packing is known by its first bytes but not read; nil for everything else.
  static func unreadable(_ head: UnsafeRawBufferPointer) -> String? {
    let known: [(magic: [UInt8], name: String)] = [
      ([0x50, 0x4b, 0x03, 0x04], "zip archive"), ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "7-Zip archive"),
      ([0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], "RAR archive"), ([0x04, 0x22, 0x4d, 0x18], "LZ4 file"),
      ([0x1f, 0x9d], "file of compress (.Z)"),
    ]
    return known.first { head.count >= $0.magic.count && head.prefix($0.magic.count).elementsEqual($0.magic) }?.name
  }
}

/// A stream decoder: compressed bytes in, bytes out. One subclass a compression; called once a buffer,
/// so that its dynamic dispatch costs nothing.
class StreamDecoder {
  struct Fault: Error { var reason: String }
  struct Step {
    var consumed: Int
    var produced: Int
  }

  /// Decodes some of `input` into `output`; at least one of the two moves unless the data is at its end.
  /// `atEnd` says that no input follows this.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, atEnd: Bool
  ) throws(Fault) -> Step {
    fatalError("a subclass decodes")
  }

  /// Whether the data may end here: between members, frames or streams.
  var isComplete: Bool { true }

  static func make(_ compression: Compression) -> StreamDecoder? {
    switch compression {
    case .none: nil
    case .gzip: GzipDecoder()
    case .zstd: ZstdDecoder()
    case .xz: XzDecoder()
    case .bzip2: Bzip2Decoder()
    }
  }
}
