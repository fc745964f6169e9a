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

  /// Arrivals that come to `lines` lines between `start` and `duration` later, whatever part of the week that is.
  static func plan(lines: Int, start: Nanoseconds, duration: Nanoseconds) -> [Arrivals] {
    let awake = DayCurve.mean(from: start, for: duration, DayCurve.weight)
    let open = DayCurve.mean(from: start, for: duration) { DayCurve.isOfficeHour($0) ? 1 : 0 }
    return shares.map { kind, share, perArrival in
      // Of the arrivals at the highest rate, this part is let in. Machines poll by night as by day; where no office
      // opens, its people's share goes to nobody.
      let accepted = kind == .staff ? max(open, 0.05) : kind == .feed ? 1 : awake / DayCurve.highest
      return Arrivals(kind: kind, gap: Double(duration) / (Double(lines) * share / perArrival / accepted))
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
