// Signals: Ctrl-C asks for what there is so far; a closed pipe is an errno, not a death.

import LogFiles
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

enum Interruption {
  fileprivate static let requested = Atomic<Bool>(false)

  /// Whether Ctrl-C (or SIGTERM) asked to stop reading.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// From now on the first SIGINT or SIGTERM stops the reading; the second one ends the program as ever.
  static func install() {
    var action = sigaction()
    // The atomics are made here, so that the handler need not.
    requested.store(false, ordering: .relaxed)
    LogReader.pipesMayEnd.store(false, ordering: .relaxed)
    action.__sigaction_handler.sa_handler = interrupt
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
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

/// Runs in a signal handler: two atomic stores, nothing else.
private func interrupt(_ signal: Int32) {
  Interruption.requested.store(true, ordering: .relaxed)
  LogReader.pipesMayEnd.store(true, ordering: .relaxed)
}
