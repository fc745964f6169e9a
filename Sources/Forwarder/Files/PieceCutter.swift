// Cuts the next piece of whole lines off a source's text, at its position.

import Bytes
import LogFiles

/// A line that has been looked through and has no end yet, or is too long to be kept.
struct LongLine: Equatable {
  var line = OverlongLine(length: 0, hash: 0, head: [])
  /// Where it begins.
  var start: UInt64
}

enum Cut: Equatable {
  /// `PieceCutter.text` holds whole lines.
  case lines
  /// A line longer than the limit: it stands for `bytes` bytes with its end.
  case overlong(OverlongLine, bytes: UInt64)
  /// No whole line is there now.
  case nothing
  /// The text has been read to its end: nothing follows, or only what was said to be waited for.
  case end
  /// What stands before the position is not what was read there: the file was truncated, and maybe written to again.
  case replaced
}

/// Reused from piece to piece and source to source: it keeps the memory.
final class PieceCutter {
  private var buffer = ByteBuffer(capacity: 512 << 10)
  private var from = 0
  private var to = 0
  let maxLine: Int

  init(maxLine: Int) { self.maxLine = max(maxLine, 16) }

  /// The whole lines of the last cut. Valid until the next.
  var text: RawSpan {
    @_lifetime(borrow self)
    get {
      // The buffer's memory belongs to this object, which the span keeps borrowed.
      let bytes = buffer.bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[from..<to]) }
      return _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }
  }

  /// Bytes of it.
  var count: Int { to - from }

  /// Cuts up to `target` bytes at `position`, more where the first line is longer.
  ///
  /// - Parameters:
  ///   - takesRest: The text will not grow: a last line without its end is a line.
  ///   - long: What is known of a line whose end has not been seen; kept by the caller from call to call.
  func cut(
    _ source: some SourceText, at position: Position, target: Int, takesRest: Bool, long: inout LongLine?
  ) throws(LogFileError) -> Cut {
    if let found = long, found.start == position.offset {
      return try skip(source, takesRest: takesRest, long: &long, found)
    }
    long = nil
    buffer.removeAll()
    (from, to) = (0, 0)
    let overlap = position.tail.count
    let start = position.offset &- UInt64(overlap)
    if source.canBeReplaced {
      if overlap == 0, let end = source.end, end < position.offset { return .replaced }
      let n = try source.read(at: start, upTo: overlap + target, into: &buffer)
      guard n >= overlap, Self.begins(buffer, with: position.tail) else { return .replaced }
      from = overlap
    } else {
      _ = try source.read(at: position.offset, upTo: target, into: &buffer)
    }
    return try finish(source, at: position, takesRest, &long)
  }

  private func finish(
    _ source: some SourceText, at position: Position, _ takesRest: Bool, _ long: inout LongLine?
  ) throws(LogFileError) -> Cut {
    to = from
    if buffer.count == from { return .end }
    if let last = buffer.bytes.extracting(from..<buffer.count).lastIndex(of: 0x0a) {
      to = from + last + 1
      return .lines
    }
    // One line that is longer than what was read, or has no end yet.
    while true {
      let count = buffer.count - from
      if count > maxLine {
        let found = LongLine(start: position.offset)
        long = found
        return try skip(source, takesRest: takesRest, long: &long, found)
      }
      let more = min(max(count, 4096), maxLine + 1 - count)
      let n = try source.read(at: position.offset + UInt64(count), upTo: max(more, 1), into: &buffer)
      if n == 0 {
        guard takesRest else { return .nothing }
        to = buffer.count
        return .lines
      }
      if let end = buffer.bytes.firstIndex(of: 0x0a, from: buffer.count - n) {
        to = end + 1
        return .lines
      }
    }
  }

  private static func begins(_ buffer: borrowing ByteBuffer, with tail: [UInt8]) -> Bool {
    buffer.bytes.extracting(first: tail.count).isEqual(to: tail)
  }

  private static func copy(_ buffer: borrowing ByteBuffer, first count: Int) -> [UInt8] {
    buffer.bytes.extracting(first: count).copied()
  }

  private static func fold(_ buffer: borrowing ByteBuffer, first count: Int, into line: inout OverlongLine) {
    line.append(block: buffer.bytes.extracting(first: count))
  }

  /// Reads on through a line that is not kept, a block at a time, at most 16 MiB a call.
  private func skip(
    _ source: some SourceText, takesRest: Bool, long: inout LongLine?, _ found: LongLine
  ) throws(LogFileError) -> Cut {
    var found = found
    (from, to) = (0, 0)
    for _ in 0..<256 {
      buffer.removeAll()
      let n = try source.read(
        at: found.start + found.line.length, upTo: OverlongLine.block, into: &buffer)
      let lineEnd = buffer.bytes.firstIndex(of: 0x0a, from: 0)
      let known = lineEnd ?? n
      if found.line.head.isEmpty {
        found.line.head = Self.copy(buffer, first: min(known, OverlongLine.headLength))
      }
      if lineEnd == nil, n < OverlongLine.block, !takesRest {
        // The block is not whole yet: it is looked at again when there is more.
        long = found
        return .nothing
      }
      if known > 0 { Self.fold(buffer, first: known, into: &found.line) }
      if lineEnd != nil || n < OverlongLine.block {
        long = nil
        return .overlong(found.line, bytes: found.line.length + (lineEnd == nil ? 0 : 1))
      }
    }
    long = found
    return .nothing
  }
}

extension RawSpan {
  func isEqual(to other: [UInt8]) -> Bool {
    guard byteCount == other.count else { return false }
    for i in 0..<byteCount where unsafeLoad(fromByteOffset: i, as: UInt8.self) != other[i] { return false }
    return true
  }
}
