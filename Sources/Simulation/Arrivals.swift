// Who arrives, how often, and what for.

import Bytes

/// A Poisson process of arrivals, thinned by the day curve.
struct Arrivals: Sendable {
  enum Kind: Sendable { case visitor, app, feed, download, staff, stray }
  var kind: Kind
  /// Mean time between arrivals at the curve's highest point, ns.
  var gap: Double

  /// Shares of the lines, and how many lines an arrival comes to (measured, within a few percent).
  static let shares: [(kind: Kind, share: Double, lines: Double)] = [
    (.visitor, 0.66, 24), (.app, 0.13, 12.8), (.feed, 0.03, 1), (.download, 0.03, 2.8), (.staff, 0.02, 25),
    (.stray, 0.01, 1),
  ]

  /// What crawlers and monitors write, who never arrive: they are always there.
  static let residentShare = 0.12

  static func plan(lines: Int, duration: Nanoseconds) -> [Arrivals] {
    shares.map { kind, share, perArrival in
      // Office hours are 50 of the week's 168; machines poll by night as by day.
      let highest = kind == .staff ? 168.0 / 50 : kind == .feed ? 1 : DayCurve.highest
      return Arrivals(kind: kind, gap: Double(duration) / (Double(lines) * share / perArrival * highest))
    }
  }
}

extension TrafficSimulator {
  /// Somebody arrives, and the next arrival of the kind is planned. Only single requests are made here.
  mutating func arrive(_ index: Int, at now: Nanoseconds) -> Bool {
    let arrival = arrivals[index]
    queue.push(.arrival(Int32(index)), at: now + max(1, Int64(random.exponential(mean: arrival.gap))))
    switch arrival.kind {
    case .staff:
      guard DayCurve.isOfficeHour(now) else { return false }
    case .feed: break
    case .download:
      // A release is out: for a while, far more come.
      let progress = Double(now - configuration.start) / Double(configuration.duration)
      let released = progress > 0.55 && progress < 0.62
      guard released || random.chance(DayCurve.weight(at: now) / DayCurve.highest / 2) else { return false }
    default:
      guard random.chance(DayCurve.weight(at: now) / DayCurve.highest) else { return false }
    }
    switch arrival.kind {
    case .visitor: startVisit(at: now)
    case .app: startApp(at: now)
    case .download: startDownload(at: now)
    case .staff: startStaff(at: now)
    case .feed:
      pollFeed()
      return true
    case .stray:
      stray()
      return true
    }
    return false
  }

  mutating func act(_ slot: Int32, at now: Nanoseconds) -> Bool {
    switch actors[slot].kind {
    case .visitor: visit(slot, at: now)
    case .app: callAPI(slot, at: now)
    case .crawler: crawl(slot, at: now)
    case .monitor: check(slot, at: now)
    case .download: fetchPiece(slot, at: now)
    case .staff: administer(slot, at: now)
    }
  }
}
