// Who is told of attacks: one item of `attacks.notify`.

/// A receiver of notifications.
public struct Webhook: Sendable {
  public enum Kind: String, Sendable { case generic, alertmanager, slack }
  public var name: String
  public var url: String
  public var kind: Kind
  public var headers: [SettingProperty]
  /// Empty: the built-in text.
  public var template: String
  /// Messages a minute.
  public var rateLimit: Int
  /// Nanoseconds, for one request.
  public var timeout: Int64
  /// Nanoseconds, for one message.
  public var retryFor: Int64
  /// 0 to 1.
  public var minConfidence: Double
  public var authorityFile: String
}

extension Settings {
  public var webhooks: [Webhook] {
    items("attacks.notify").enumerated().map { index, item in
      Webhook(
        name: item.text("name").isEmpty ? "webhook-\(index + 1)" : item.text("name"), url: item.text("url"),
        kind: Webhook.Kind(rawValue: item.text("kind")) ?? .generic, headers: item.properties("headers"),
        template: item.text("template"), rateLimit: item.integer("rate_limit"), timeout: item.duration("timeout"),
        retryFor: item.duration("retry_for"), minConfidence: item.number("min_confidence"),
        authorityFile: item.text("ca_file"))
    }
  }
}
