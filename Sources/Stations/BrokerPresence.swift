// Whether a program's brokers answer, as a user sees it: one metric, one word when they stop and one when they are back.

import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// What a program does while no broker answers: it waits, asks again with growing pauses, and never ends for it.
///
/// One thread uses it. It knows nothing of Kafka: what may be asked again is the caller's to say.
public final class BrokerPresence {
  private let station: Station
  private let loop: String
  private let gauge: Gauge
  private let clock: () -> Int64
  private let sleep: (Int64) -> Void
  private let watch: CallWatch
  private var awaySince: Int64?
  private var pause = shortest
  /// Monotonic time before which `isDue` says no.
  private var nextLook: Int64 = 0

  private static let shortest: Int64 = 100_000_000
  private static let longest: Int64 = 2_000_000_000
  /// A call to brokers that are away may take a while; the loop is not stuck for that.
  private static let patience: Int64 = 120_000_000_000

  /// - Parameters:
  ///   - metric: `millrace_aggregator_broker_up`.
  ///   - loop: The heartbeat of the loop that waits.
  ///   - clock: Monotonic nanoseconds; for tests, as is `sleep`.
  public init(
    _ station: Station, metric: String, loop: String = "work",
    clock: @escaping () -> Int64 = { StationClock.monotonic },
    sleep: ((Int64) -> Void)? = nil
  ) {
    (self.station, self.loop, self.clock) = (station, loop, clock)
    self.sleep =
      sleep ?? { nanoseconds in
        // Once a stop is asked for, `wait` returns at once.
        if station.shouldStop { usleep(UInt32(clamping: nanoseconds / 1000)) } else { station.wait(nanoseconds) }
      }
    gauge = station.metrics.gauge(metric, "1 while brokers answer.")
    gauge.set(1)
    let watch = CallWatch()
    self.watch = watch
    let (gauge, health, log) = (gauge, station.health, station.log)
    station.everySecond { watch.look(gauge, health, log) }
  }

  /// A call of librdkafka's may wait for far longer than it was told to: then another thread says so.
  private final class CallWatch: Sendable {
    /// Monotonic; 0 while no call is made.
    let since = Atomic<Int64>(0)
    let isOverdue = Atomic<Bool>(false)
    private static let patience: Int64 = 8_000_000_000

    func look(_ gauge: Gauge, _ health: Health, _ log: Logger) {
      let begun = since.load(ordering: .acquiring)
      guard begun != 0, StationClock.monotonic &- begun > Self.patience else { return }
      isOverdue.store(true, ordering: .releasing)
      gauge.set(0)
      health.fail("kafka", "no broker answers")
      log.warning(
        "brokers do not answer; trying again", ["waiting_seconds": .seconds(StationClock.monotonic &- begun)])
    }
  }

  public var isAway: Bool { awaySince != nil }

  /// A call failed that brokers would have answered.
  public func isGone(_ reason: some Error) {
    if awaySince == nil {
      awaySince = clock()
      gauge.set(0)
      station.health.fail("kafka", "no broker answers")
    }
    station.log.warning("brokers do not answer; trying again", ["error": LogValue(reason)])
  }

  /// A call was answered.
  public func isBack() {
    pause = Self.shortest
    // Always: the watch may have looked just as the call ended.
    gauge.set(1)
    station.health.pass("kafka")
    guard let since = awaySince else { return }
    awaySince = nil
    station.log.info("brokers answer again", ["after_seconds": .seconds(clock() &- since)])
  }

  /// Whether it is time to look whether brokers are there: once a second, so that no loop does nothing else.
  public func isDue() -> Bool {
    let now = clock()
    guard now >= nextLook else { return false }
    nextLook = now &+ 1_000_000_000
    return true
  }

  /// Repeats a call until it is answered or fails for good, or until the time for ending is over.
  ///
  /// - Parameter mayRepeat: Whether a call that failed so may be made again.
  public func patiently<R, E: Error>(
    repeating mayRepeat: (E) -> Bool, _ call: () throws(E) -> R
  ) throws(E) -> R {
    while true {
      station.health.beat(loop, within: Self.patience)
      let begun = StationClock.monotonic
      watch.since.store(begun, ordering: .releasing)
      do throws(E) {
        let answer = try call()
        hasEnded(begun)
        isBack()
        return answer
      } catch {
        hasEnded(begun)
        guard mayRepeat(error), station.timeLeft > 0 else { throw error }
        isGone(error)
        rest()
      }
    }
  }

  private func hasEnded(_ begun: Int64) {
    watch.since.store(0, ordering: .releasing)
    if watch.isOverdue.exchange(false, ordering: .acquiringAndReleasing), awaySince == nil { awaySince = begun }
  }

  /// Milliseconds that one try may take: 5,000, less where the program has to end before.
  public var slice: Int { Int(clamping: max(100, min(5_000, station.timeLeft / 1_000_000))) }

  /// Waits before the next try: 100 ms, then twice as long each time, up to 2 s, until `isBack`. A stop ends the wait.
  public func rest() {
    station.health.beat(loop, within: Self.patience)
    sleep(station.shouldStop ? min(pause, station.timeLeft, Self.shortest) : pause)
    pause = min(Self.longest, pause &* 2)
  }
}
