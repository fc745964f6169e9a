// Encodings of the text itself. UTF-16, which Windows servers and shells write, becomes UTF-8 as it
// is read; Latin-1 and anything else stays as bytes, since what a client sent need not be text.

/// How the characters of a file are written.
public enum TextEncoding: String, Sendable {
  /// ASCII, UTF-8, Latin-1, or bytes of no encoding: read as they are.
  case bytes
  case utf16LittleEndian = "UTF-16LE"
  case utf16BigEndian = "UTF-16BE"

  /// The encoding that `head` shows, and the length of its byte order mark.
  ///
  /// Without a mark, UTF-16 is told by ASCII's zero bytes: all at odd or all at even places of the first
  /// line. A log that merely holds NUL bytes has no such regularity.
  static func detect(_ head: UnsafeRawBufferPointer) -> (encoding: TextEncoding, mark: Int) {
    if head.count >= 3, head[0] == 0xef, head[1] == 0xbb, head[2] == 0xbf { return (.bytes, 3) }
    if head.count >= 2, head[0] == 0xff, head[1] == 0xfe { return (.utf16LittleEndian, 2) }
    if head.count >= 2, head[0] == 0xfe, head[1] == 0xff { return (.utf16BigEndian, 2) }
    let sample = head.prefix(256)
    guard sample.count >= 16 else { return (.bytes, 0) }
    var even = 0
    var odd = 0
    for (i, byte) in sample.enumerated() where byte == 0 {
      if i & 1 == 0 { even += 1 } else { odd += 1 }
    }
    let half = sample.count / 2
    if odd >= half * 7 / 8, even == 0 { return (.utf16LittleEndian, 0) }
    if even >= half * 7 / 8, odd == 0 { return (.utf16BigEndian, 0) }
    return (.bytes, 0)
  }
}

/// UTF-16 to UTF-8, a buffer at a time. Unpaired surrogates become U+FFFD.
public struct UTF16Transcoder {
  public let bigEndian: Bool
  /// An odd byte left by the previous buffer.
  private var leftover: UInt8?
  private var highSurrogate: UInt32 = 0

  public init(bigEndian: Bool) { self.bigEndian = bigEndian }

  /// Most bytes that `transcode` writes for `count` bytes of input.
  public static func capacity(for count: Int) -> Int { (count + 1) / 2 * 3 + 6 }

  /// Writes the UTF-8 of `input` to `output`, which has `capacity(for:)` bytes, and returns how many.
  public mutating func transcode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
    var written = 0
    func put(_ scalar: UInt32) {
      if scalar < 0x80 {
        output[written] = UInt8(scalar)
        written += 1
      } else if scalar < 0x800 {
        output[written] = UInt8(0xc0 | scalar >> 6)
        output[written + 1] = UInt8(0x80 | scalar & 0x3f)
        written += 2
      } else if scalar < 0x10000 {
        output[written] = UInt8(0xe0 | scalar >> 12)
        output[written + 1] = UInt8(0x80 | scalar >> 6 & 0x3f)
        output[written + 2] = UInt8(0x80 | scalar & 0x3f)
        written += 3
      } else {
        output[written] = UInt8(0xf0 | scalar >> 18)
        output[written + 1] = UInt8(0x80 | scalar >> 12 & 0x3f)
        output[written + 2] = UInt8(0x80 | scalar >> 6 & 0x3f)
        output[written + 3] = UInt8(0x80 | scalar & 0x3f)
        written += 4
      }
    }
    func take(_ first: UInt8, _ second: UInt8) {
      let unit = bigEndian ? UInt32(first) << 8 | UInt32(second) : UInt32(second) << 8 | UInt32(first)
      if unit & 0xfc00 == 0xdc00, highSurrogate != 0 {
        put(0x10000 + ((highSurrogate & 0x3ff) << 10 | unit & 0x3ff))
        highSurrogate = 0
        return
      }
      if highSurrogate != 0 {
        put(0xfffd)
        highSurrogate = 0
      }
      if unit & 0xfc00 == 0xd800 {
        highSurrogate = unit
      } else {
        put(unit & 0xfc00 == 0xdc00 ? 0xfffd : unit)
      }
    }
    var i = 0
    if let first = leftover, !input.isEmpty {
      take(first, input[0])
      leftover = nil
      i = 1
    }
    while i + 1 < input.count {
      take(input[i], input[i + 1])
      i += 2
    }
    if i < input.count { leftover = input[i] }
    return written
  }
}
