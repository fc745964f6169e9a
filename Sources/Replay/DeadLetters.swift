// Lines that became no event, each with its reason and its place: one JSON object a line.

import Bytes
import Events
import LogFiles

final class DeadLetters {
  private let output: OutputFile

  init(path: String) throws(OutputError) { output = try OutputFile(path: path) }

  /// - Parameters:
  ///   - line: From 1.
  ///   - offset: Of the line's first byte in its (decompressed) file.
  ///   - head: The first bytes; at most `OverlongLine.headLength` are written.
  func write(
    reason: UnparsedLine.Reason, file: String, line: UInt64, offset: UInt64, length: UInt64, hash: UInt64,
    head: RawSpan
  ) {
    var text = ByteBuffer(capacity: 4096)
    text.append("{\"reason\":\"\(reason.label)\",\"file\":\"")
    text.appendJSON(Array(file.utf8).span.bytes)
    text.append("\",\"line\":\(line),\"offset\":\(offset),\"length\":\(length),\"hash\":\"")
    let hex = String(hash, radix: 16)
    text.append(String(repeating: "0", count: 16 - hex.utf8.count) + hex)
    text.append("\",\"head\":\"")
    text.appendJSON(head.extracting(0..<min(head.byteCount, OverlongLine.headLength)))
    text.append("\"}\n")
    output.write(text.bytes)
  }

  func close() throws(OutputError) { try output.close() }
}

extension ByteBuffer {
  /// Appends bytes as the inside of a JSON string. Bytes that are not ASCII become `\u00XX`, which says what they
  /// were whatever their encoding.
  mutating func appendJSON(_ bytes: RawSpan) {
    let digits: StaticString = "0123456789abcdef"
    for i in 0..<bytes.byteCount {
      let byte = bytes.unchecked(i)
      switch byte {
      case 0x22, 0x5c:
        append(0x5c)
        append(byte)
      case 0x20..<0x7f: append(byte)
      default:
        append("\\u00")
        append(digits.utf8Start[Int(byte >> 4)])
        append(digits.utf8Start[Int(byte & 15)])
      }
    }
  }
}
