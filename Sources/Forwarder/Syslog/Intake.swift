// Where sockets leave their lines for the engine: bounded by bytes, taken in one go.

import CPlatform
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Who sent a line: one source each.
struct SenderKey: Hashable, Sendable {
  /// Number of the pipeline's source.
  var origin: Int
  /// Address, IPv4 mapped; zero for a socket of this host.
  var high: UInt64
  var low: UInt64
  var isOther = false
}

/// Safe to use from any thread.
final class Intake: Sendable {
  private struct State {
    var lines: [SenderKey: [UInt8]] = [:]
    /// Bytes here and in the engine that no committed transaction has.
    var held = 0
    var dropped: UInt64 = 0
    var overlong: UInt64 = 0
    var connections = 0
    var refused: UInt64 = 0
    var isSignalled = false
  }
  private let state = Mutex(State())
  /// Bytes that may be held.
  let limit: Int
  /// Readable when there are lines.
  let descriptor: Int32

  init(limit: Int) {
    self.limit = limit
    descriptor = platform_eventfd()
  }

  deinit { close(descriptor) }

  /// Adds a message as a line; false where there is no room.
  ///
  /// - Parameter counts: Whether a refused line is lost, and counted as such.
  func offer(_ message: some Collection<UInt8>, from sender: SenderKey, counts: Bool = true) -> Bool {
    let (isTaken, wakes) = state.withLock { state -> (Bool, Bool) in
      let size = message.count + 1
      guard state.held + size <= limit else {
        if counts { state.dropped &+= 1 }
        return (false, false)
      }
      state.held += size
      state.lines[sender, default: []].append(contentsOf: message.lazy.map { $0 == 0x0a ? 0x20 : $0 })
      state.lines[sender, default: []].append(0x0a)
      let wakes = !state.isSignalled
      state.isSignalled = true
      return (true, wakes)
    }
    if wakes {
      var one: UInt64 = 1
      _ = write(descriptor, &one, 8)
    }
    return isTaken
  }

  /// Whether a stream may be read on: half of the room is free.
  var hasRoom: Bool { state.withLock { $0.held < limit / 2 } }

  /// Takes every line, by sender in a fixed order.
  func take() -> [(sender: SenderKey, lines: [UInt8])] {
    let lines = state.withLock { state -> [SenderKey: [UInt8]] in
      if state.isSignalled {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
        state.isSignalled = false
      }
      defer { state.lines.removeAll(keepingCapacity: true) }
      return state.lines
    }
    return lines.map { ($0.key, $0.value) }.sorted {
      ($0.sender.origin, $0.sender.high, $0.sender.low) < ($1.sender.origin, $1.sender.high, $1.sender.low)
    }
  }

  /// So many bytes were committed.
  func release(_ bytes: Int) { if bytes > 0 { state.withLock { $0.held = max(0, $0.held - bytes) } } }

  func countOverlong(_ count: Int) { if count > 0 { state.withLock { $0.overlong &+= UInt64(count) } } }

  /// False where there are too many connections.
  func openConnection(most: Int) -> Bool {
    state.withLock { state in
      guard state.connections < most else {
        state.refused &+= 1
        return false
      }
      state.connections += 1
      return true
    }
  }
  func closeConnection() { state.withLock { $0.connections -= 1 } }

  struct Counts: Equatable {
    var held = 0
    var dropped: UInt64 = 0
    var overlong: UInt64 = 0
    var connections = 0
    var refused: UInt64 = 0
  }
  var counts: Counts {
    state.withLock {
      Counts(
        held: $0.held, dropped: $0.dropped, overlong: $0.overlong, connections: $0.connections, refused: $0.refused)
    }
  }
}
