// How clients write text into a URL: browsers' forms, paths, and the ways attackers prefer.

import Bytes

/// A way of writing arbitrary bytes into a query.
enum QueryEncoding: Sendable {
  /// A browser's form: `+` for space, percent for all but the unreserved.
  case form
  /// `%20` for space, percent for all but the unreserved: JavaScript's encodeURIComponent.
  case component
  /// Only what would break the request line: what a careless tool sends.
  case minimal
  /// Percent twice.
  case double
  /// Every byte as percent.
  case everything
}

extension ByteBuffer {
  mutating func append(_ bytes: RawSpan, as encoding: QueryEncoding) {
    for i in 0..<bytes.byteCount {
      let byte = bytes.unchecked(i)
      let unreserved =
        byte.isASCIILetter || byte.isASCIIDigit || byte == 0x2d || byte == 0x2e || byte == 0x5f || byte == 0x7e
      switch encoding {
      case .form where byte == 0x20: append(0x2b)
      case .form where unreserved && byte != 0x7e || byte == 0x2a: append(byte)
      case .component where unreserved || (byte >= 0x27 && byte <= 0x2a) || byte == 0x21: append(byte)
      case .minimal where byte > 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x23 && byte != 0x26 && byte != 0x2b:
        append(byte)
      case .double where unreserved: append(byte)
      case .double:
        append(0x25)
        append(0x32)
        append(0x35)
        append(hexByte: byte)
      default:
        append(0x25)
        append(hexByte: byte)
      }
    }
  }

  mutating func append(_ text: StaticString, as encoding: QueryEncoding) {
    // Static text lives for ever, so the span's lifetime is not in question.
    let bytes = RawSpan(_unsafeStart: UnsafeRawPointer(text.utf8Start), byteCount: text.utf8CodeUnitCount)
    append(bytes, as: encoding)
  }

  @inline(__always)
  mutating func append(hexByte byte: UInt8) {
    let high = byte >> 4
    let low = byte & 15
    append(high < 10 ? 0x30 + high : 0x37 + high)
    append(low < 10 ? 0x30 + low : 0x37 + low)
  }
}
