// Cuts a stream into syslog messages (RFC 6587): by octet counts or by line ends, whichever each message uses.

import Bytes

/// One connection's framing. Pure: bytes in, messages out. Holds at most one message.
struct SyslogFraming {
  private enum State {
    /// At the start of a message.
    case start
    /// Digits of an octet count.
    case count(Int)
    /// So many bytes of a counted message are to come.
    case counted(Int)
    /// Up to the next line end.
    case line
    /// So many bytes of a message that is too long are let go of.
    case skipping(Int)
    /// The rest of a line that is too long is let go of.
    case skippingLine
  }
  private var state = State.start
  private var held: [UInt8] = []
  let limit: Int
  /// Messages longer than the limit, which were let go of.
  private(set) var overlong = 0

  /// - Parameter limit: Bytes of a message.
  init(limit: Int) { self.limit = max(limit, 1) }

  /// Takes in what came, and hands out each message that is whole, without its framing.
  mutating func take(_ bytes: [UInt8], _ body: ([UInt8]) -> Void) {
    var at = 0
    while at < bytes.count {
      switch state {
      case .start:
        let byte = bytes[at]
        if byte == 0x0a || byte == 0x0d || byte == 0 {
          at += 1
        } else if byte >= 0x31, byte <= 0x39 {
          state = .count(0)
        } else {
          state = .line
        }
      case .count(let count):
        let byte = bytes[at]
        if byte >= 0x30, byte <= 0x39, held.count < 9 {
          held.append(byte)
          state = .count(count * 10 + Int(byte - 0x30))
          at += 1
        } else if byte == 0x20, count > 0 {
          held.removeAll(keepingCapacity: true)
          if count > limit {
            overlong += 1
            state = .skipping(count)
          } else {
            state = .counted(count)
          }
          at += 1
        } else {
          // A line that begins with a digit.
          state = .line
        }
      case .counted(let left):
        let n = min(left, bytes.count - at)
        held += bytes[at..<at + n]
        at += n
        state = left == n ? .start : .counted(left - n)
        if left == n { finish(body) }
      case .skipping(let left):
        let n = min(left, bytes.count - at)
        at += n
        state = left == n ? .start : .skipping(left - n)
      case .line:
        // Some senders end a message with a NUL.
        let end = bytes[at...].firstIndex { $0 == 0x0a || $0 == 0 } ?? bytes.count
        held += bytes[at..<end]
        at = min(end + 1, bytes.count)
        if end < bytes.count {
          state = .start
          finish(body)
        } else if held.count > limit {
          held.removeAll(keepingCapacity: true)
          overlong += 1
          state = .skippingLine
        }
      case .skippingLine:
        let end = bytes[at...].firstIndex { $0 == 0x0a || $0 == 0 } ?? bytes.count
        at = min(end + 1, bytes.count)
        if end < bytes.count { state = .start }
      }
    }
  }

  /// The connection has ended: a line without its end is a message.
  mutating func end(_ body: ([UInt8]) -> Void) {
    if case .line = state { finish(body) }
    held.removeAll()
    state = .start
  }

  private mutating func finish(_ body: ([UInt8]) -> Void) {
    while let last = held.last, last == 0x0d || last == 0x0a || last == 0 { held.removeLast() }
    if held.count > limit {
      overlong += 1
    } else if !held.isEmpty {
      body(held)
    }
    held.removeAll(keepingCapacity: true)
  }
}
