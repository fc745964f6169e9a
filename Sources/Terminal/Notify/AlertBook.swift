// Attacks as Alertmanager knows them: an alert is its labels, and is over when its end is past.

import Bytes
import Detection
import Reports

struct Alert: Sendable, Equatable {
  struct Pair: Sendable, Equatable {
    var name: String
    var value: String
  }
  /// Which alert it is; routes go by them.
  var labels: [Pair]
  var annotations: [Pair]
  var start: Nanoseconds
  var end: Nanoseconds
}

/// The alerts that go on. Alertmanager wants to hear of them again and again, else it takes them for over.
struct AlertBook: Sendable {
  /// How long an alert holds without being told again.
  static let lifetime: Nanoseconds = 300 * nanosecondsPerSecond
  static let limit = 10_000

  private var open: [String: Alert] = [:]
  let pipeline: String

  init(pipeline: String) { self.pipeline = pipeline }

  /// What is to be told of a new state: the alert, and where its labels have changed the end of the old one.
  mutating func take(_ attack: Attack, text: String, now: Nanoseconds) -> [Alert] {
    var alert = Self.alert(attack, text: text, pipeline: pipeline)
    var told: [Alert] = []
    if var old = open[attack.id], old.labels != alert.labels {
      (old.start, old.end) = Self.over(old.start, by: now)
      told.append(old)
    }
    if attack.state == .ended {
      open[attack.id] = nil
      (alert.start, alert.end) = Self.over(attack.start, by: min(attack.end, now))
    } else {
      if open[attack.id] != nil || open.count < Self.limit { open[attack.id] = alert }
      alert = Self.alive(alert, now)
    }
    return told + [alert]
  }

  /// All that goes on, by id.
  func alive(now: Nanoseconds) -> [Alert] { open.sorted { $0.key < $1.key }.map { Self.alive($0.value, now) } }

  /// A log may be ahead of the clock; an alert may not begin after its end.
  private static func alive(_ alert: Alert, _ now: Nanoseconds) -> Alert {
    var alert = alert
    alert.end = now &+ lifetime
    alert.start = min(alert.start, now)
    return alert
  }

  private static func over(_ start: Nanoseconds, by end: Nanoseconds) -> (Nanoseconds, Nanoseconds) {
    // Of one moment only it would be none.
    start < end ? (start, end) : (end &- nanosecondsPerSecond, end)
  }

  private static func alert(_ attack: Attack, text: String, pipeline: String) -> Alert {
    Alert(
      labels: [
        .init(name: "alertname", value: "MillraceAttack"), .init(name: "attack", value: attack.id),
        .init(name: "kind", value: attack.kind.rawValue),
        .init(name: "class", value: shown(attack.attackClass)), .init(name: "zone", value: attack.zoneName),
        .init(name: "severity", value: attack.severity.name), .init(name: "pipeline", value: shown(pipeline)),
      ].filter { !$0.value.isEmpty },
      annotations: [
        .init(name: "summary", value: "\(attack.title) on \(attack.zoneName)"), .init(name: "description", value: text),
      ], start: attack.start, end: attack.end)
  }
}
