// A long-running program: its settings, log, metrics, health, and when it has to stop.

import CPlatform
import Configuration
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// What every program of the line shares. Made inert; `start` begins to listen and to take signals.
///
/// The program's loop asks `shouldStop` and `takeReload()` as it turns; what sleeps in poll or epoll watches
/// `wakeDescriptor` as well. After `shouldStop` it has until `deadline` to drain what it holds.
public final class Station: Sendable {
  /// Its name without `millrace-`: `aggregator`.
  public let program: String
  public let version: String
  /// As the program started with; what a reload brings is the program's to keep.
  public let settings: Settings
  public let log: Logger
  public let metrics: Metrics
  public let health: Health
  /// Readable (an eventfd) while a stop is asked for, or a reload that was not taken. Never read from it.
  public let wakeDescriptor: Int32

  private let stopping = Atomic<Bool>(false)
  private let reloading = Atomic<Bool>(false)
  private let nudged = Atomic<Bool>(false)
  /// Monotonic; 0 while not stopping.
  private let deadlineTime = Atomic<Int64>(0)
  private let doneTime = Atomic<Int64>(0)
  private let server = Mutex<StatusServer?>(nil)
  private let ticks = Mutex<[@Sendable () -> Void]>([])
  private let reload: @Sendable () throws(ConfigurationErrors) -> Settings
  /// How long after its deadline a program that does not end is ended.
  static let grace: Int64 = 5_000_000_000
  private static let farewell: Int64 = 5_000_000_000

  /// - Parameters:
  ///   - program: `aggregator`.
  ///   - reload: Reads the pipeline again, for `reloadedSettings`.
  public init(
    program: String, version: String, settings: Settings, log: Logger? = nil,
    reload: @escaping @Sendable () throws(ConfigurationErrors) -> Settings
  ) {
    (self.program, self.version, self.settings, self.reload) = (program, version, settings, reload)
    self.log =
      log
      ?? Logger(
        program: "millrace-\(program)", level: LogLevel(name: settings.text("log.level")) ?? .info,
        format: LogFormat(rawValue: settings.text("log.format")) ?? .text)
    metrics = Metrics()
    health = Health()
    wakeDescriptor = platform_eventfd()
    metrics.addProcess()
    metrics.gauges(
      "millrace_build_info", labels: ["program", "version", "pipeline"], "Always 1; says what runs.")[
        program, version, settings.text("name")
      ].set(1)
  }

  /// Takes signals and, where `status.listen` says so, answers HTTP. Call it before any other thread is made.
  public func start() throws(StatusServerError) {
    takeSignals()
    let listen = settings.text("status.listen")
    guard !listen.isEmpty else { return }
    let made = try StatusServer(listen: listen, metrics: metrics, health: health)
    server.withLock { $0 = made }
    log.info("status pages", ["listen": .text(listen), "port": LogValue(made.port)])
  }

  /// The port of the status pages; nil while there are none.
  public var statusPort: UInt16? { server.withLock { $0?.port } }

  /// Stops answering and tells what the log had left out.
  public func finish() {
    server.withLock { server in
      server?.stop()
      server = nil
    }
    log.flush(all: true)
  }

  // MARK: When to stop

  /// Whether the program is to drain and end.
  public var shouldStop: Bool { stopping.load(ordering: .acquiring) }

  /// Monotonic time (`StationClock.monotonic`) by which it is to have ended; nil while it need not stop.
  public var deadline: Int64? {
    let time = deadlineTime.load(ordering: .acquiring)
    return time == 0 ? nil : time
  }

  /// Nanoseconds that are left for draining, at least 0; `shutdown.timeout` while it need not stop.
  public var timeLeft: Int64 {
    deadline.map { max(0, $0 - StationClock.monotonic) } ?? settings.duration("shutdown.timeout")
  }

  /// Says that all is committed and what is left is to take leave of the brokers. librdkafka may wait long for a group that is
  /// being rearranged; who has nothing to lose does not, and ends with status 0 after five seconds.
  public func workIsDone() { doneTime.store(max(1, StationClock.monotonic), ordering: .releasing) }

  /// Asks the program to drain and end, as SIGTERM does: for a `--drain` that has arrived, or an error elsewhere.
  public func requestStop(because reason: String) {
    guard stopping.exchange(true, ordering: .acquiringAndReleasing) == false else { return }
    let timeout = settings.duration("shutdown.timeout")
    deadlineTime.store(max(1, StationClock.monotonic &+ timeout), ordering: .releasing)
    health.fail("running", "ending: \(reason)")
    log.info("ending", ["reason": .text(reason), "timeout_seconds": .seconds(timeout)])
    wake()
  }

  /// Sleeps until a stop or a reload is asked for, or the time is over.
  /// - Parameter nanoseconds: The longest wait.
  public func wait(_ nanoseconds: Int64) {
    var descriptor = pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)
    poll(&descriptor, 1, Int32(clamping: (max(0, nanoseconds) &+ 999_999) / 1_000_000))
  }

  /// Calls `body` about every second, on a thread that no loop of the program holds up. It must not wait for anything.
  public func everySecond(_ body: @escaping @Sendable () -> Void) { ticks.withLock { $0.append(body) } }

  // MARK: Reloading

  /// Whether SIGHUP has come since the last call.
  public func takeReload() -> Bool {
    guard reloading.exchange(false, ordering: .acquiringAndReleasing) else { return false }
    if !shouldStop {
      var count: UInt64 = 0
      _ = read(wakeDescriptor, &count, 8)
      // What came in between is not lost.
      if reloading.load(ordering: .acquiring) || shouldStop { wake() }
    }
    return true
  }

  public func requestReload() {
    reloading.store(true, ordering: .releasing)
    wake()
  }

  /// Whether SIGUSR1 has come since the last call. It wakes nobody: who cares for it asks twice a second.
  public func takeNudge() -> Bool { nudged.exchange(false, ordering: .acquiringAndReleasing) }

  /// The pipeline as it stands now: the file read again, the environment over it.
  public func reloadedSettings() throws(ConfigurationErrors) -> Settings { try reload() }

  private func wake() {
    var one: UInt64 = 1
    _ = write(wakeDescriptor, &one, 8)
  }

  private func takeSignals() {
    Signals.install(
      Signals.Handlers(
        drain: { [self] in requestStop(because: $0) },
        endNow: { [self] name, number in
          log.warning("ending at once: asked a second time", ["signal": .text(name)])
          _exit(128 + number)
        },
        reload: { [self] in
          log.info("reloading", ["reason": "SIGHUP"])
          requestReload()
        },
        nudge: { [self] in nudged.store(true, ordering: .releasing) },
        tick: { [self] in
          log.flush()
          for tick in ticks.withLock({ $0 }) { tick() }
          let done = doneTime.load(ordering: .acquiring)
          if done != 0, StationClock.monotonic &- done > Self.farewell {
            log.warning("ending without leave: the brokers do not answer, and all is committed")
            log.flush(all: true)
            _exit(0)
          }
          if let deadline, StationClock.monotonic > deadline &+ Self.grace {
            log.error("ending at once: not drained in time")
            _exit(1)
          }
        }))
  }
}
