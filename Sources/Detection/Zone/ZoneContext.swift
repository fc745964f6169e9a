// What is usual in a zone apart from its rate: the measure against which one client's behaviour is odd.

import Bytes

/// Sums over a zone's traffic that forget. Clients under suspicion are left out where they could hide what others do.
public struct ZoneContext: Sendable {
  static let day: Nanoseconds = 86_400 * nanosecondsPerSecond
  static let hour: Nanoseconds = 3_600 * nanosecondsPerSecond
  static let recent: Nanoseconds = 600 * nanosecondsPerSecond

  // Of clients not under suspicion, halved every day.
  var requests = DecayedSum()
  var failed = DecayedSum()
  var queryRich = DecayedSum()
  var visitors = DecayedSum()
  var visitorsWithAssets = DecayedSum()
  var assets = DecayedSum()
  // Of all clients, halved every ten minutes.
  var recentRequests = DecayedSum()
  var recentErrors = DecayedSum()
  var recentSlow = DecayedSum()
  // Logins by clients that load nothing else a browser would, halved every week.
  var bareFailures = DecayedSum()
  var bareSuccesses = DecayedSum()
  // Logins of all, halved every hour, and the addresses that failed.
  var recentLogins = DecayedSum()
  var recentLoginFailures = DecayedSum()
  var recentFailingClients = DecayedSum()
  // Logins of all, halved every week.
  var usualLogins = DecayedSum()
  var usualLoginFailures = DecayedSum()

  /// Share of requests answered 4xx.
  var failedShare: Double { Self.share(failed, requests) }
  var assetShare: Double { Self.share(assets, requests) }
  /// Share of requests by clients whose every request had a query string of its own.
  var queryRichShare: Double { Self.share(queryRich, requests) }
  /// Share of visitors that load assets: whether their absence says anything.
  var assetVisitors: Double { visitors.value < 3 ? 0 : visitorsWithAssets.value / visitors.value }

  /// Shares of server errors and slow answers among the last minutes' requests of everybody else, or nil where there
  /// were too few to say.
  func othersTroubles(than visit: ClientTally) -> (errors: Double, slow: Double)? {
    let others = recentRequests.value - Double(visit.requests)
    guard others >= 20 else { return nil }
    return (
      max(0, recentErrors.value - Double(visit.serverErrors)) / others,
      max(0, recentSlow.value - Double(visit.slow)) / others
    )
  }

  /// Whether the server lately failed one request in ten.
  var isTroubled: Bool { recentErrors.value >= 5 && recentErrors.value >= 0.1 * recentRequests.value }

  /// Requests of all clients in the last minutes, and how many were slow or server errors.
  var recently: (requests: Double, errors: Double, slow: Double) {
    (recentRequests.value, recentErrors.value, recentSlow.value)
  }

  /// Whether scripts that log in here nearly always fail: nobody's own program does that.
  var bareLoginsFail: Bool {
    assetVisitors >= 0.2 && bareFailures.value >= 10 && bareFailures.value >= 4 * bareSuccesses.value
  }

  /// Addresses that lately failed to log in, where failures have taken over; else nil.
  func stuffingAddresses(settings: BehaviourSettings) -> Double? {
    let failures = recentLoginFailures.value
    guard recentFailingClients.value >= Double(settings.stuffingAddresses), failures >= 0.6 * recentLogins.value,
      failures <= 10 * recentFailingClients.value
    else { return nil }
    // Before this hour: did logins here usually go through, or were there far fewer that failed?
    let before = max(0, usualLogins.value - recentLogins.value)
    let failedBefore = max(0, usualLoginFailures.value - failures)
    if before >= 20, failedBefore >= 0.7 * before, failures < 0.5 * failedBefore { return nil }
    return recentFailingClients.value
  }

  private static func share(_ part: DecayedSum, _ whole: DecayedSum) -> Double {
    whole.value < 1 ? 0 : part.value / whole.value
  }

  /// What one window adds: plain sums, taken in when the window is complete.
  struct Window {
    var requests: UInt64 = 0
    var failed: UInt64 = 0
    var queryRich: UInt64 = 0
    var assets: UInt64 = 0
    var visitors: UInt64 = 0
    var visitorsWithAssets: UInt64 = 0
    var allRequests: UInt64 = 0
    var serverErrors: UInt64 = 0
    var slow: UInt64 = 0
    var bareFailures: UInt64 = 0
    var bareSuccesses: UInt64 = 0
    var logins: UInt64 = 0
    var loginFailures: UInt64 = 0
    var failingClients: UInt64 = 0

    /// Adds one client's row. `isBare`: it logs in and loads nothing; `cameToLogIn`: it is
    /// here for little else.
    mutating func add(_ row: ClientObservation, _ profile: ClientProfile, isBare: Bool, cameToLogIn: Bool) {
      allRequests &+= row.counts.requests
      serverErrors &+= row.counts.status5xx
      slow &+= row.counts.slow
      if row.counts.logins > 0 {
        let failures = min(row.counts.loginFailures, row.counts.logins)
        if cameToLogIn || failures < row.counts.logins {
          logins &+= row.counts.logins
          loginFailures &+= failures
        }
        // A client counts once a visit, when its first failure comes.
        if failures > 0, cameToLogIn, UInt64(profile.visit.loginFailures) == failures { failingClients &+= 1 }
        if isBare {
          // Somebody who mistypes does so a few times, and then gets in: that counts as if it were three at most.
          let now = UInt64(profile.visit.loginFailures)
          bareFailures &+= min(now, 3) &- min(now &- min(failures, now), 3)
          bareSuccesses &+= row.counts.logins &- failures
        }
      }
      guard !profile.isSuspect else { return }
      requests &+= row.counts.requests
      failed &+= row.counts.status4xx
      assets &+= row.counts.assets
      let distinct = UInt64(row.queries.occupied)
      if row.counts.requests >= 4, distinct * 10 >= min(row.counts.requests, 100) * 7 {
        queryRich &+= row.counts.requests
      }
      // A visit is looked at once, when it reaches its third request.
      let before = UInt64(profile.visit.requests) &- min(row.counts.requests, UInt64(profile.visit.requests))
      if before < 3, profile.visit.requests >= 3 {
        visitors &+= 1
        if profile.visit.assets > 0 { visitorsWithAssets &+= 1 }
      }
    }
  }

  mutating func absorb(_ window: Window, at now: Nanoseconds) {
    func add(_ sum: inout DecayedSum, _ amount: UInt64, _ halfLife: Nanoseconds) {
      sum.add(Double(amount), at: now, halfLife: halfLife)
    }
    add(&requests, window.requests, Self.day)
    add(&failed, window.failed, Self.day)
    add(&assets, window.assets, Self.day)
    add(&queryRich, window.queryRich, Self.day)
    add(&visitors, window.visitors, Self.day)
    add(&visitorsWithAssets, window.visitorsWithAssets, Self.day)
    add(&recentRequests, window.allRequests, Self.recent)
    add(&recentErrors, window.serverErrors, Self.recent)
    add(&recentSlow, window.slow, Self.recent)
    add(&bareFailures, window.bareFailures, 7 * Self.day)
    add(&bareSuccesses, window.bareSuccesses, 7 * Self.day)
    add(&recentLogins, window.logins, Self.hour)
    add(&recentLoginFailures, window.loginFailures, Self.hour)
    add(&recentFailingClients, window.failingClients, Self.hour)
    add(&usualLogins, window.logins, 7 * Self.day)
    add(&usualLoginFailures, window.loginFailures, 7 * Self.day)
  }
}
