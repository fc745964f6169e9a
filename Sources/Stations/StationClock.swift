// The two clocks of a station. Logic modules never see them.

#if canImport(Glibc)
  import Glibc
#endif

/// Nanoseconds of the system's clocks.
public enum StationClock {
  /// Since the epoch; may jump.
  public static var wall: Int64 { read(CLOCK_REALTIME) }
  /// Since some point in the past; never goes back.
  public static var monotonic: Int64 { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
