// Reading to an end must not wait for ever on brokers that are away.

import Stations

/// Nothing came for too long.
struct OutOfPatience: Error, CustomStringConvertible {
  var seconds: Int
  var what: String
  var errors: [String]
  var description: String {
    let last = errors.last.map { " (\($0))" } ?? ""
    return "nothing came for \(seconds) s while waiting for \(what)\(last): are the brokers of kafka.bootstrap up?"
  }
}

final class Patience {
  private let seconds: Int
  private var last = StationClock.monotonic
  private var errors: [String] = []

  init(seconds: Int) { self.seconds = seconds }

  /// Something came.
  func renew() { last = StationClock.monotonic }

  /// Throws once nothing has come for so long.
  func check(_ what: String, _ news: [String] = []) throws {
    if !news.isEmpty { errors = news }
    guard StationClock.monotonic &- last < Int64(seconds) &* 1_000_000_000 else {
      throw OutOfPatience(seconds: seconds, what: what, errors: errors)
    }
  }
}
