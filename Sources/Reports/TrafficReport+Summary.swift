// From the sketches of a run to the plain values of a report.

import Bytes
import Rollups
import Sketches

extension TrafficReport {
  /// The traffic of a run, with the `top` most frequent values of each kind.
  public init(_ summary: borrowing TrafficSummary, top: Int = 20) {
    self.init()
    let counts = summary.counts
    requests = counts.requests
    bytes = counts.bytes
    statuses = Statuses(counts.status1xx, counts.status2xx, counts.status3xx, counts.status4xx, counts.status5xx)
    methods = (counts.get, counts.head, counts.post, counts.otherMethods)
    matched = counts.matched
    clients = summary.distinctClients
    if let p50 = summary.latency.quantile(0.5), let p90 = summary.latency.quantile(0.9),
      let p99 = summary.latency.quantile(0.99)
    {
      latency = Latency(p50: p50, p90: p90, p99: p99)
    }
    seriesStart = summary.series.start
    seriesStep = summary.series.step
    series = summary.series.points.map { point in
      Point(
        requests: point.requests, bytes: point.bytes,
        statuses: Statuses(point.status1xx, point.status2xx, point.status3xx, point.status4xx, point.status5xx),
        matched: point.matched)
    }
    paths = Self.tops(summary.paths, top) { $0.copied() }
    topClients = Self.tops(summary.clients, top) { Self.address($0, network: false) }
    networks = Self.tops(summary.networks, top) { Self.address($0, network: true) }
    userAgents = Self.tops(summary.userAgents, top) { $0.copied() }
    referrers = Self.tops(summary.referrers, top) { $0.copied() }.filter { !$0.value.isEmpty && $0.value != [0x2d] }
    hosts = Self.tops(summary.zones, top) { $0.copied() }
  }

  private static func tops(_ sketch: borrowing SpaceSaving, _ count: Int, _ value: (RawSpan) -> [UInt8]) -> [Top] {
    var numbers: [Int] = []
    sketch.top(count) { numbers.append($0) }
    return numbers.map { number in
      let entry = sketch[number]
      return Top(
        value: value(sketch.key(number)), requests: entry.upper, lower: entry.lower, upper: entry.upper,
        bytes: entry.first, errors: entry.second)
    }
  }

  private static func address(_ key: RawSpan, network: Bool) -> [UInt8] {
    guard let address = TrafficSummary.address(of: key) else { return key.copied() }
    if address.isUnknown { return Array("(unknown)".utf8) }
    return Array((address.description + (network ? address.isIPv4 ? "/24" : "/48" : "")).utf8)
  }
}
