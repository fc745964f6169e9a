// What /health/live and /health/ready answer: named checks, and heartbeats of the loops that must turn.

import Synchronization

/// A station's health. Ready: all checks pass. Live: every heartbeat has beaten within its time.
public final class Health: Sendable {
  private struct State {
    /// The reason it fails; nil when it passes.
    var checks: [String: String?] = [:]
    var beats: [String: (last: Int64, within: Int64)] = [:]
  }
  private let state = Mutex(State())
  private let clock: @Sendable () -> Int64

  /// - Parameter clock: Monotonic nanoseconds; for tests.
  public init(clock: @escaping @Sendable () -> Int64 = { StationClock.monotonic }) { self.clock = clock }

  /// A check fails until it is told to pass: a station is not ready before it says so.
  public func expect(_ check: String, because reason: String = "starting") { fail(check, reason) }
  public func pass(_ check: String) { state.withLock { $0.checks[check] = .some(nil) } }
  public func fail(_ check: String, _ reason: String) { state.withLock { $0.checks[check] = .some(reason) } }

  /// A loop has turned. It has to turn again within `within` nanoseconds, or the station is not live.
  public func beat(_ loop: String, within: Int64) {
    let now = clock()
    state.withLock { $0.beats[loop] = (now, within) }
  }
  /// The loop has ended as it should.
  public func endBeat(_ loop: String) { state.withLock { $0.beats[loop] = nil } }

  /// Checks that fail, with their reasons, by name; empty when ready.
  public var unready: [(name: String, reason: String)] {
    state.withLock { state in
      state.checks.compactMap { name, reason in reason.map { (name, $0) } }.sorted { $0.0 < $1.0 }
    }
  }

  /// Loops that stand still, by name; empty when live.
  public var stuck: [(name: String, reason: String)] {
    let now = clock()
    return state.withLock { state in
      state.beats.compactMap { name, beat in
        let age = now &- beat.last
        return age > beat.within ? (name, "no turn for \(age / 1_000_000_000) s") : nil
      }.sorted { $0.0 < $1.0 }
    }
  }
}
