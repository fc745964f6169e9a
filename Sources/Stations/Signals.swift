// Signals, taken by one thread that waits for them: nothing runs in a handler.

import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

enum Signals {
  /// What the waiting thread calls, always one at a time.
  struct Handlers: Sendable {
    /// SIGTERM or SIGINT, the first time.
    var drain: @Sendable (_ name: String) -> Void
    /// The same again.
    var endNow: @Sendable (_ name: String, _ number: Int32) -> Void
    var reload: @Sendable () -> Void
    /// SIGUSR1.
    var nudge: @Sendable () -> Void
    /// About once a second.
    var tick: @Sendable () -> Void
  }

  /// A parent such as timeout(1) signals its child and then the child's group: one wish, told twice.
  static let sameWish: Int64 = 500_000_000

  /// Blocks the signals and starts the thread. Call it before any other thread is made: threads inherit what is blocked,
  /// and one that blocks nothing would die of a signal. SIGPIPE is ignored.
  static func install(_ handlers: Handlers) {
    signal(SIGPIPE, SIG_IGN)
    var wanted = waitedFor()
    pthread_sigmask(SIG_BLOCK, &wanted, nil)
    let context = Unmanaged.passRetained(Box(handlers)).toOpaque()
    var thread = pthread_t()
    if pthread_create(&thread, nil, { waitForSignals($0) }, context) == 0 { pthread_detach(thread) }
  }

  fileprivate static func waitedFor() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1] { sigaddset(&set, number) }
    return set
  }

  fileprivate final class Box: Sendable {
    let handlers: Handlers
    init(_ handlers: Handlers) { self.handlers = handlers }
  }
}

private func waitForSignals(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let handlers = Unmanaged<Signals.Box>.fromOpaque(context).takeRetainedValue().handlers
  var wanted = Signals.waitedFor()
  var first: Int64?
  while true {
    var second = timespec(tv_sec: 1, tv_nsec: 0)
    let number = sigtimedwait(&wanted, nil, &second)
    switch number {
    case SIGHUP: handlers.reload()
    case SIGUSR1: handlers.nudge()
    case SIGTERM, SIGINT:
      let name = number == SIGTERM ? "SIGTERM" : "SIGINT"
      let now = StationClock.monotonic
      if let first {
        if now &- first > Signals.sameWish { handlers.endNow(name, number) }
      } else {
        first = now
        handlers.drain(name)
      }
    default: handlers.tick()
    }
  }
}
