// What one webhook is told of attacks, apart from when and how.

import Bytes
import Configuration
import Detection

/// Renders messages and remembers whom it told of what. Pure.
struct Messages: Sendable {
  let webhook: Webhook
  let pipeline: String
  private let template: Template
  private(set) var alerts: AlertBook
  /// Attacks whose end is owed: they were told of.
  private var told: Set<String> = []
  private static let toldLimit = 100_000

  init(_ webhook: Webhook, pipeline: String) throws(Template.Wrong) {
    (self.webhook, self.pipeline) = (webhook, pipeline)
    template = try Template(webhook.template)
    alerts = AlertBook(pipeline: pipeline)
  }

  /// Whether this state of an attack is to be told: it is sure enough, or it was before.
  func wants(_ attack: Attack) -> Bool {
    if told.contains(attack.id) { return true }
    return attack.confidence >= webhook.minConfidence && !attack.isWithdrawn
  }

  /// The document to post for it. It then counts as told.
  /// - Parameter now: Wall clock.
  mutating func body(_ attack: Attack, now: Nanoseconds) -> [UInt8] {
    let text = template.text(attack, pipeline: pipeline)
    remember(attack)
    switch webhook.kind {
    case .generic: return Payloads.generic(attack, text: text, pipeline: pipeline)
    case .slack: return Payloads.slack(text)
    case .alertmanager: return Payloads.alertmanager(alerts.take(attack, text: text, now: now))
    }
  }

  /// Takes note of what was told before this program started.
  mutating func recall(_ attack: Attack, now: Nanoseconds) {
    guard wants(attack) else { return }
    remember(attack)
    if webhook.kind == .alertmanager {
      _ = alerts.take(attack, text: template.text(attack, pipeline: pipeline), now: now)
    }
  }

  private mutating func remember(_ attack: Attack) {
    if attack.state == .ended {
      told.remove(attack.id)
    } else if told.count < Self.toldLimit {
      told.insert(attack.id)
    }
  }

  /// Documents that tell a receiver again what goes on, where it wants that.
  func reminders(now: Nanoseconds) -> [[UInt8]] {
    guard webhook.kind == .alertmanager else { return [] }
    let all = alerts.alive(now: now)
    return stride(from: 0, to: all.count, by: 100).map {
      Payloads.alertmanager(Array(all[$0..<min($0 + 100, all.count)]))
    }
  }

  /// Where to post: an Alertmanager may be given by its address alone.
  var url: String {
    guard webhook.kind == .alertmanager, !webhook.url.contains("/api/") else { return webhook.url }
    return (webhook.url.hasSuffix("/") ? String(webhook.url.dropLast()) : webhook.url) + "/api/v2/alerts"
  }
}
