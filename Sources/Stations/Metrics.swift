// The registry of a station's metrics, and their text for Prometheus (exposition format 0.0.4).

import Synchronization

/// All series of one name: one for each combination of label values.
///
/// Looking a series up takes a lock and a hash: keep what the subscript returns and bump that.
public final class MetricFamily<Series: MetricSeries>: Sendable {
  let name: String
  let labels: [String]
  let unit: MetricUnit
  let bounds: [Int64]
  private let series = Mutex<[[String]: Series]>([:])
  /// Label values may come from input: past this many combinations they share the series of `other`.
  static var most: Int { 2000 }

  init(name: String, labels: [String], unit: MetricUnit, bounds: [Int64]) {
    (self.name, self.labels, self.unit, self.bounds) = (name, labels, unit, bounds)
  }

  /// The series with these label values, in the order of the family's labels; made when first asked for.
  public subscript(_ values: String...) -> Series { self[values] }

  public subscript(_ values: [String]) -> Series {
    precondition(values.count == labels.count, "\(name) has \(labels.count) labels")
    return series.withLock { series in
      if let found = series[values] { return found }
      let values = series.count < Self.most ? values : labels.map { _ in "other" }
      if let found = series[values] { return found }
      let made = Series(bounds: bounds)
      series[values] = made
      return made
    }
  }

  /// Forgets a series: a partition that is not this worker's any more.
  public func remove(_ values: String...) { series.withLock { $0[values] = nil } }

  func expose(to text: inout String) {
    let all = series.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (values, series) in all {
      let shown = zip(labels, values).map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
      series.expose(name, shown, unit, bounds, to: &text)
    }
  }
}

public typealias CounterFamily = MetricFamily<Counter>
public typealias GaugeFamily = MetricFamily<Gauge>
public typealias HistogramFamily = MetricFamily<Histogram>

/// A station's metrics. A name is registered once; asking again with the same type and labels gives the same family.
///
/// Names are `millrace_PROGRAM_what_unit_total`, in base units; a counter ends in `_total`. A name against that, or one
/// that was registered as something else, is a programmer's mistake and traps.
public final class Metrics: Sendable {
  private struct Entry: Sendable {
    var help: String
    var type: String
    var family: any Sendable
    var expose: @Sendable (inout String) -> Void
  }
  private struct State {
    var entries: [String: Entry] = [:]
    var scrapes: [@Sendable () -> Void] = []
  }
  private let state = Mutex(State())

  public init() {}

  public func counter(_ name: String, unit: MetricUnit = .one, _ help: String) -> Counter {
    counters(name, unit: unit, labels: [], help)[[]]
  }
  public func counters(_ name: String, unit: MetricUnit = .one, labels: [String], _ help: String) -> CounterFamily {
    family(name, unit, labels, help)
  }
  public func gauge(_ name: String, unit: MetricUnit = .one, _ help: String) -> Gauge {
    gauges(name, unit: unit, labels: [], help)[[]]
  }
  public func gauges(_ name: String, unit: MetricUnit = .one, labels: [String], _ help: String) -> GaugeFamily {
    family(name, unit, labels, help)
  }
  /// - Parameter bounds: Upper bounds of the buckets, rising: nanoseconds for `.seconds`, millionths for `.ratio`.
  public func histogram(
    _ name: String, unit: MetricUnit = .seconds, bounds: [Int64] = Metrics.latencies, _ help: String
  ) -> Histogram {
    histograms(name, unit: unit, bounds: bounds, labels: [], help)[[]]
  }
  public func histograms(
    _ name: String, unit: MetricUnit = .seconds, bounds: [Int64] = Metrics.latencies, labels: [String], _ help: String
  ) -> HistogramFamily {
    precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds of \(name) do not rise")
    return family(name, unit, labels, help, bounds)
  }

  /// 1 ms to 60 s.
  public static let latencies: [Int64] = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000,
  ].map { $0 * 1_000_000 }

  /// Runs before each exposition, on the status server's thread: sets gauges that are cheaper to ask than to keep.
  public func onScrape(_ update: @escaping @Sendable () -> Void) { state.withLock { $0.scrapes.append(update) } }

  private func family<Series: MetricSeries>(
    _ name: String, _ unit: MetricUnit, _ labels: [String], _ help: String, _ bounds: [Int64] = []
  ) -> MetricFamily<Series> {
    let base = name.hasSuffix("_total") ? String(name.dropLast(6)) : name
    precondition(isMetricName(name) && labels.allSatisfy(isLabelName), "'\(name)' is no name of a metric")
    precondition((Series.typeName == "counter") == (base != name), "\(name): counters, and only they, end in _total")
    precondition(unit.suffix.map { base.hasSuffix("_" + $0) } ?? true, "\(name) must end in its unit")
    return state.withLock { state in
      if let entry = state.entries[name] {
        guard let family = entry.family as? MetricFamily<Series>, family.labels == labels else {
          preconditionFailure("\(name) is registered as something else")
        }
        return family
      }
      let family = MetricFamily<Series>(name: name, labels: labels, unit: unit, bounds: bounds)
      state.entries[name] = Entry(
        help: help, type: Series.typeName, family: family, expose: { family.expose(to: &$0) })
      return family
    }
  }

  /// All metrics, by name. A family without series is left out.
  public func exposition() -> String {
    for update in state.withLock({ $0.scrapes }) { update() }
    var text = ""
    for (name, entry) in state.withLock({ $0.entries }).sorted(by: { $0.key < $1.key }) {
      var samples = ""
      entry.expose(&samples)
      if samples.isEmpty { continue }
      let help = entry.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(entry.type)\n\(samples)"
    }
    return text
  }
}

/// As the format wants label values: backslash, quote and line end escaped. What is no terminal's business is escaped
/// as well: people read this page.
private func escaped(_ value: String) -> String {
  var shown = ""
  for scalar in value.unicodeScalars.prefix(256) {
    switch scalar {
    case "\\": shown += "\\\\"
    case "\"": shown += "\\\""
    case "\n": shown += "\\n"
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse:
        shown += "\\\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
  }
  return shown
}

private func isLabelName(_ name: String) -> Bool { isMetricName(name) && !name.hasPrefix("__") && name != "le" }

private func isMetricName(_ name: String) -> Bool {
  guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
  return name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
}
