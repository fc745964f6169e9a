// The numbers behind the metrics. All are integers, bumped by relaxed atomics from any thread, without a lock.

import Synchronization

/// What an integer counts, and how it is shown: Prometheus wants base units.
public enum MetricUnit: Sendable, Hashable {
  case one
  case bytes
  /// Nanoseconds, shown as seconds.
  case seconds
  /// Millionths, shown as a ratio.
  case ratio

  var suffix: String? {
    switch self {
    case .one: nil
    case .bytes: "bytes"
    case .seconds: "seconds"
    case .ratio: "ratio"
    }
  }

  /// Digits of the integer that stand behind the point.
  private var digits: Int {
    switch self {
    case .one, .bytes: 0
    case .seconds: 9
    case .ratio: 6
    }
  }

  /// The exact decimal number.
  func shown(_ magnitude: UInt64, isNegative: Bool = false) -> String {
    let sign = isNegative ? "-" : ""
    guard digits > 0 else { return "\(sign)\(magnitude)" }
    var text = Array(String(magnitude).utf8)
    while text.count <= digits { text.insert(0x30, at: 0) }
    text.insert(0x2e, at: text.count - digits)
    while text.last == 0x30 { text.removeLast() }
    if text.last == 0x2e { text.removeLast() }
    return sign + String(decoding: text, as: UTF8.self)
  }
  func shown(_ value: Int64) -> String { shown(value.magnitude, isNegative: value < 0) }
}

/// What a family is made of.
public protocol MetricSeries: AnyObject, Sendable {
  init(bounds: [Int64])
  static var typeName: String { get }
  /// Appends the sample lines.
  func expose(_ name: String, _ labels: String, _ unit: MetricUnit, _ bounds: [Int64], to text: inout String)
}

/// Only goes up.
public final class Counter: MetricSeries {
  private let value = Atomic<UInt64>(0)
  public static var typeName: String { "counter" }
  public init(bounds: [Int64]) {}

  /// Adds; a negative count is ignored.
  public func add(_ count: Int = 1) {
    if count > 0 { value.wrappingAdd(UInt64(count), ordering: .relaxed) }
  }
  /// Follows a total that someone else keeps: never goes back.
  public func raise(to total: Int64) {
    if total > 0 { value.max(UInt64(total), ordering: .relaxed) }
  }
  public var total: UInt64 { value.load(ordering: .relaxed) }

  public func expose(_ name: String, _ labels: String, _ unit: MetricUnit, _ bounds: [Int64], to text: inout String) {
    text += "\(name)\(braced(labels)) \(unit.shown(total))\n"
  }
}

/// Goes up and down.
public final class Gauge: MetricSeries {
  private let value = Atomic<Int64>(0)
  public static var typeName: String { "gauge" }
  public init(bounds: [Int64]) {}

  public func set(_ value: Int64) { self.value.store(value, ordering: .relaxed) }
  public func set(_ value: Int) { set(Int64(value)) }
  public func add(_ change: Int) { value.wrappingAdd(Int64(change), ordering: .relaxed) }
  public var current: Int64 { value.load(ordering: .relaxed) }

  public func expose(_ name: String, _ labels: String, _ unit: MetricUnit, _ bounds: [Int64], to text: inout String) {
    text += "\(name)\(braced(labels)) \(unit.shown(current))\n"
  }
}

/// Counts observations by size. Observing is O(log(buckets)).
public final class Histogram: MetricSeries {
  private let bounds: [Int64]
  /// bounds.count + 1 counts, then the sum. The memory is this object's alone, and freed with it; every access is atomic.
  private nonisolated(unsafe) let cells: UnsafeMutablePointer<Atomic<UInt64>>
  public static var typeName: String { "histogram" }

  /// - Parameter bounds: Upper bounds of the buckets, rising, in the integer that is observed.
  public init(bounds: [Int64]) {
    self.bounds = bounds
    cells = .allocate(capacity: bounds.count + 2)
    for index in 0..<(bounds.count + 2) { (cells + index).initialize(to: Atomic(0)) }
  }

  deinit {
    cells.deinitialize(count: bounds.count + 2)
    cells.deallocate()
  }

  public func observe(_ value: Int64) {
    // The first bucket whose bound is not below the value.
    var (low, high) = (0, bounds.count)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < value { low = middle + 1 } else { high = middle }
    }
    cells[low].wrappingAdd(1, ordering: .relaxed)
    cells[bounds.count + 1].wrappingAdd(UInt64(max(0, value)), ordering: .relaxed)
  }

  public func expose(_ name: String, _ labels: String, _ unit: MetricUnit, _ bounds: [Int64], to text: inout String) {
    var seen: UInt64 = 0
    let comma = labels.isEmpty ? "" : ","
    for (index, bound) in bounds.enumerated() {
      seen &+= cells[index].load(ordering: .relaxed)
      text += "\(name)_bucket{\(labels)\(comma)le=\"\(unit.shown(bound))\"} \(seen)\n"
    }
    seen &+= cells[bounds.count].load(ordering: .relaxed)
    text += "\(name)_bucket{\(labels)\(comma)le=\"+Inf\"} \(seen)\n"
    text += "\(name)_sum\(braced(labels)) \(unit.shown(cells[bounds.count + 1].load(ordering: .relaxed)))\n"
    text += "\(name)_count\(braced(labels)) \(seen)\n"
  }
}

private func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }
