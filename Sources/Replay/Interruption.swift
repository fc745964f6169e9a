// Signals: Ctrl-C asks for what there is so far; a closed pipe is an errno, not a death.

import LogFiles
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

enum Interruption {
  fileprivate static let requested = Atomic<Bool>(false)
  /// When the first signal came, ms of the monotonic clock; 0 before it.
  fileprivate static let firstAt = Atomic<Int>(0)

  /// Whether Ctrl-C (or SIGTERM) asked to stop reading.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// From now on the first SIGINT or SIGTERM stops the reading; one that comes later ends the program as ever.
  ///
  /// Later means more than half a second: a parent such as timeout(1) signals its child and then its group, which is
  /// one wish told twice.
  static func install() {
    var action = sigaction()
    // The atomics are made here, so that the handler need not.
    requested.store(false, ordering: .relaxed)
    firstAt.store(0, ordering: .relaxed)
    LogReader.pipesMayEnd.store(false, ordering: .relaxed)
    action.__sigaction_handler.sa_handler = interrupt
    action.sa_flags = SA_RESTART
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    signal(SIGPIPE, SIG_IGN)
    // A parent that blocks signals in its threads hands that down.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    sigaddset(&wanted, SIGINT)
    sigaddset(&wanted, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
  }
}

/// Runs in a signal handler: atomics, and calls that are safe there.
private func interrupt(_ number: Int32) {
  var clock = timespec()
  clock_gettime(CLOCK_MONOTONIC, &clock)
  let now = clock.tv_sec * 1000 + clock.tv_nsec / 1_000_000
  let first = Interruption.firstAt.load(ordering: .relaxed)
  if first == 0 {
    Interruption.firstAt.store(max(now, 1), ordering: .relaxed)
  } else if now - first > 500 {
    signal(number, SIG_DFL)
    raise(number)
    return
  }
  Interruption.requested.store(true, ordering: .relaxed)
  LogReader.pipesMayEnd.store(true, ordering: .relaxed)
}
