// Log lines on standard error: levels, text or JSON, and a problem that repeats told at most once a second.

import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A station's log. Safe to use from any thread; a line is one write.
///
/// Messages are constant text; what varies stands in fields. Warnings and errors with the same message are one problem
/// (or say with `key` what is): after the first, a second has to pass until the next line, which says how many were
/// left out (`suppressed`). Debug and info lines are limited only when they have a key.
public final class Logger: Sendable {
  public let program: String
  private let minimum: Atomic<Int>
  private let format: LogFormat
  private let clock: @Sendable () -> (wall: Int64, monotonic: Int64)
  private let sink: @Sendable ([UInt8]) -> Void

  private struct Problem {
    var level: LogLevel
    var message: String
    /// Monotonic time before which it is not told again.
    var quietUntil: Int64
    var suppressed: Int64
  }
  private let problems = Mutex<[String: Problem]>([:])
  private static let interval: Int64 = 1_000_000_000
  /// Problems remembered; when there are more, those that may be told again are forgotten, then all.
  private static let most = 512

  /// - Parameters:
  ///   - clock: Nanoseconds of both clocks; for tests.
  ///   - sink: Takes whole lines, one call each, under a lock; standard error by default.
  public init(
    program: String, level: LogLevel = .info, format: LogFormat = .text,
    clock: @escaping @Sendable () -> (wall: Int64, monotonic: Int64) = {
      (StationClock.wall, StationClock.monotonic)
    },
    sink: @escaping @Sendable ([UInt8]) -> Void = { writeAll($0, to: 2) }
  ) {
    (self.program, self.format, self.clock, self.sink) = (program, format, clock, sink)
    minimum = Atomic(level.rawValue)
  }

  public var level: LogLevel {
    get { LogLevel(rawValue: minimum.load(ordering: .relaxed)) ?? .info }
    set { minimum.store(newValue.rawValue, ordering: .relaxed) }
  }

  /// Whether a line of this level would be written: asked before making an expensive one.
  public func writes(_ level: LogLevel) -> Bool { level.rawValue >= minimum.load(ordering: .relaxed) }

  public func debug(_ message: String, _ fields: KeyValuePairs<String, LogValue> = [:], key: String? = nil) {
    log(.debug, message, fields, key: key)
  }
  public func info(_ message: String, _ fields: KeyValuePairs<String, LogValue> = [:], key: String? = nil) {
    log(.info, message, fields, key: key)
  }
  public func warning(_ message: String, _ fields: KeyValuePairs<String, LogValue> = [:], key: String? = nil) {
    log(.warning, message, fields, key: key)
  }
  public func error(_ message: String, _ fields: KeyValuePairs<String, LogValue> = [:], key: String? = nil) {
    log(.error, message, fields, key: key)
  }

  /// - Parameter key: What makes two lines the same problem; the message, for warnings and errors, where it is nil.
  public func log(
    _ level: LogLevel, _ message: String, _ fields: KeyValuePairs<String, LogValue> = [:], key: String? = nil
  ) {
    guard writes(level) else { return }
    let now = clock()
    var all = fields.map { ($0.key, $0.value) }
    problems.withLock { problems in
      if let key = key ?? (level >= .warning ? message : nil) {
        if var problem = problems[key] {
          if now.monotonic < problem.quietUntil {
            problem.suppressed &+= 1
            problems[key] = problem
            return
          }
          if problem.suppressed > 0 { all.append(("suppressed", .integer(problem.suppressed))) }
        } else if problems.count >= Self.most {
          tellSuppressed(&problems, now, all: false)
          if problems.count >= Self.most { tellSuppressed(&problems, now, all: true) }
        }
        problems[key] = Problem(
          level: level, message: message, quietUntil: now.monotonic &+ Self.interval, suppressed: 0)
      }
      write(level, message, all, now.wall)
    }
  }

  /// Tells what was left out and has not come again for a second. Called every second by a station, and at its end.
  /// - Parameter all: Whether the second has passed or not.
  public func flush(all: Bool = false) {
    let now = clock()
    problems.withLock { tellSuppressed(&$0, now, all: all) }
  }

  private func tellSuppressed(
    _ problems: inout [String: Problem], _ now: (wall: Int64, monotonic: Int64), all: Bool
  ) {
    let over = problems.filter { all || $0.value.quietUntil <= now.monotonic }.sorted { $0.key < $1.key }
    for (key, problem) in over {
      if problem.suppressed > 0 {
        write(problem.level, problem.message, [("suppressed", .integer(problem.suppressed))], now.wall)
        // The line just written counts: the next one waits its second.
        problems[key]?.suppressed = 0
        problems[key]?.quietUntil = now.monotonic &+ Self.interval
        if !all { continue }
      }
      problems[key] = nil
    }
  }

  /// Under the lock, so that lines stand in the order of their times.
  private func write(_ level: LogLevel, _ message: String, _ fields: [(String, LogValue)], _ time: Int64) {
    switch format {
    case .text:
      sink(LogLine.text(time: time, level: level, program: program, message: message, fields: fields))
    case .json:
      sink(LogLine.json(time: time, level: level, program: program, message: message, fields: fields))
    }
  }
}

/// Writes all of `bytes`; false, with errno, where that fails.
@discardableResult
public func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var done = 0
  while done < bytes.count {
    let n = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
    if n < 0 {
      if errno == EINTR { continue }
      if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, 1000)
        continue
      }
      return false
    }
    done += n
  }
  return true
}
