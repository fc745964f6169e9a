// Phones that wake all at once: a message to every user of an app brings thousands of addresses within a minute, each
// with a request or a few, and is no flood.

import Bytes

/// The clients of a window in excess that look like phones of an app which somebody just called: they say that they are
/// an app, are done after a few requests, get what they ask for, and the server bears it. Any of that can be forged, so
/// it excuses only what does no harm, nobody who goes on, and for `FloodTest.doubt` only where the app is new to the zone.
struct AppSurge {
  /// Requests of a visit that a phone makes at most, where the zone knows the app and where not.
  static let most: UInt32 = 12
  static let mostOfStrangers: UInt32 = 5
  /// How long a surge may last where the zone knows the app.
  static let longest: Nanoseconds = 3_600 * nanosecondsPerSecond
  /// Requests in calm windows, of the last hours, that make an app known.
  static let leastKnown = 5.0
  /// Shares of answers that are errors from which the surge does harm, or the server suffers.
  static let mostFailed = 0.1
  static let mostErrors = 0.05

  private(set) var requests: UInt64 = 0
  private var failed: UInt64 = 0
  private var ofKnown: UInt64 = 0
  /// Rows of an app that the zone knows.
  private(set) var known: [Bool]
  let isBorne: Bool

  /// O(rows); each user agent is looked at once.
  init(_ window: WindowActivity, shape: TrafficShape, text: TextLookup, visit: (Int) -> FloodTest.Visit?) {
    known = [Bool](repeating: false, count: window.clients.count)
    let all = window.counts.requests
    isBorne = Double(window.counts.status5xx) <= Self.mostErrors * Double(all)
    var asked: [UInt64: UInt64] = [:]
    for row in window.clients { asked[row.topPath] = saturating(asked[row.topPath] ?? 0, row.counts.requests) }
    var apps: [UInt64: (isApp: Bool, isKnown: Bool)] = [:]
    for i in window.clients.indices {
      let row = window.clients[i]
      let counts = row.counts
      guard counts.assets == 0, counts.matched == 0, counts.logins == 0 else { continue }
      var app = (isApp: false, isKnown: false)
      if let seen = apps[row.userAgent] {
        app = seen
      } else {
        let cells = TrafficShape.Cells(row)
        app = (
          UserAgentKind.isOfAPhone(text(.userAgent, row.userAgent)), shape.requests(cells.agent) >= Self.leastKnown
        )
        apps[row.userAgent] = app
      }
      guard app.isApp, let visit = visit(i), visit.tally.assets == 0 else { continue }
      // A path of nobody else's, as of one item or user, need not be known.
      let isKnown =
        app.isKnown && (asked[row.topPath] ?? 0 <= UInt64(Self.most) || shape.requests(row.topPath) >= Self.leastKnown)
      guard visit.isKnown || visit.tally.requests <= (isKnown ? Self.most : Self.mostOfStrangers) else { continue }
      requests = saturating(requests, counts.requests)
      failed = saturating(failed, saturating(counts.status4xx, counts.status5xx))
      if isKnown {
        ofKnown = saturating(ofKnown, counts.requests)
        known[i] = true
      }
    }
  }

  private var isHarmless: Bool { isBorne && Double(failed) <= Self.mostFailed * Double(requests) }

  /// Whether what is not of the phones would be no flood. `lasting`: for how long the zone has been in excess.
  func excuses(_ departure: RateBaseline.Departure, isOn: Bool, seconds: Double, lasting: Nanoseconds) -> Bool {
    guard isHarmless else { return false }
    let isKnown = Double(ofKnown) >= 0.9 * Double(requests)
    guard requests > 0, lasting < (isKnown ? Self.longest : FloodTest.doubt) else { return false }
    return departure.rate - Double(requests) / seconds <= departure.threshold * (isOn ? 0.5 : 1)
  }

  /// Whether phones of an app that the zone knows are bystanders of a flood: there is no sign that the flood feigns to
  /// be them, for nothing breaks, or they make up little of it.
  func spares(added: Double) -> Bool { isHarmless || Double(ofKnown) <= 0.15 * added }

  /// The same of a client that is not in the window.
  static func isOfAKnownApp(_ profile: ClientProfile, shape: TrafficShape, _ text: TextLookup) -> Bool {
    profile.visit.requests <= most && profile.visit.matched == 0
      && shape.requests(TrafficShape.Cells(profile).agent) >= leastKnown
      && shape.requests(profile.topPath) >= leastKnown
      && UserAgentKind.isOfAPhone(text(.userAgent, profile.agent))
  }
}
