// Signals that end a screen: it must give the terminal back first.

import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

enum Interrupts {
  private static let seen = Atomic<Bool>(false)

  /// Whether SIGINT, SIGTERM or SIGHUP has come.
  static var hasCome: Bool { seen.load(ordering: .relaxed) }

  static func install() {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number) { _ in Interrupts.seen.store(true, ordering: .relaxed) } }
  }
}
