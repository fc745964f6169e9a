import Bytes
import Detection
import Foundation
import Testing

@testable import Configuration
@testable import Terminal

private func webhook(_ kind: Webhook.Kind = .generic, template: String = "", minConfidence: Double = 0) -> Webhook {
  Webhook(
    name: "test", url: "http://127.0.0.1:9", kind: kind, headers: [], template: template, rateLimit: 60,
    timeout: 1_000_000_000, retryFor: 0, minConfidence: minConfidence, authorityFile: "")
}

private func object(_ bytes: [UInt8]) throws -> [String: Any] {
  try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
}

private func alerts(_ bytes: [UInt8]) throws -> [[String: Any]] {
  try JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]] ?? []
}

@Suite struct TemplateTests {
  @Test func wordsInBracesStandForTheAttack() throws {
    let template = try Template("{{{kind}} {zone}: {requests} {state} {source} {pipeline}")
    #expect(
      template.text(attack(1, requests: 12345), pipeline: "web")
        == "{injection} shop.example: 12,345 started 198.51.100.1 web")
    for name in Template.names { _ = try Template("{\(name)}") }
    #expect(try !Template("").text(attack(1), pipeline: "web").contains("{"))
  }

  @Test(arguments: ["{nonsense}", "{kind", "{}", "{ kind }"])
  func aWrongTemplateIsRefused(text: String) { #expect(throws: Template.Wrong.self) { try Template(text) } }

  @Test func nothingHostileIsInTheText() throws {
    let names = Template.names.map { "{\($0)}" }.joined(separator: " ")
    let text = try Template(names).text(hostileAttack(1), pipeline: "a\u{1b}")
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f || $0 == "\u{202e}" })
  }
}

@Suite struct MessageTests {
  @Test func aGenericMessageHasTheWholeAttack() throws {
    var messages = try Messages(webhook(), pipeline: "web")
    let message = try object(messages.body(hostileAttack(1), now: noon))
    #expect(message["id"] as? String == Attack.text(ofId: 1))
    #expect(message["event"] as? String == "ongoing")
    #expect((message["attack"] as? [String: Any])?["kind"] as? String == "injection")
  }

  @Test func slackGetsTextThatItCannotMistakeForMarkup() throws {
    var messages = try Messages(webhook(.slack, template: "<!channel> & {zone}"), pipeline: "web")
    let message = try object(messages.body(attack(1, zone: "<b>"), now: noon))
    #expect(message["text"] as? String == "&lt;!channel&gt; &amp; &lt;b&gt;")
  }

  @Test func anAlertEndsAndItsOldLabelsWithIt() throws {
    var messages = try Messages(webhook(.alertmanager), pipeline: "web")
    let now = noon + 3600 * nanosecondsPerSecond
    var told = attack(1)
    let first = try alerts(messages.body(told, now: now))
    #expect(first.count == 1 && first[0]["startsAt"] as? String == "2026-01-01T12:00:00Z")
    #expect(first[0]["endsAt"] as? String == "2026-01-01T13:05:00Z")
    told.severity = .critical
    told.state = .ongoing
    let second = try alerts(messages.body(told, now: now))
    // The alert of the old severity is over, else it would ring for ever.
    #expect(second.count == 2 && second[0]["endsAt"] as? String == "2026-01-01T13:00:00Z")
    #expect(try messages.reminders(now: now).flatMap { try alerts($0) }.count == 1)
    told.state = .ended
    let last = try alerts(messages.body(told, now: now))
    #expect(last.count == 1 && last[0]["endsAt"] as? String == "2026-01-01T12:05:00Z")
    #expect(messages.reminders(now: now).isEmpty)
    #expect(messages.url == "http://127.0.0.1:9/api/v2/alerts")
  }

  @Test func whatWasToldIsToldOfUntilItsEnd() throws {
    var messages = try Messages(webhook(minConfidence: 0.9), pipeline: "web")
    var unsure = attack(1)
    unsure.confidence = 0.5
    #expect(!messages.wants(unsure))
    var sure = unsure
    sure.confidence = 0.95
    #expect(messages.wants(sure))
    _ = messages.body(sure, now: noon)
    #expect(messages.wants(unsure), "less sure than before, but told of")
    let over = attack(1, .ended, requests: 0)
    #expect(messages.wants(over), "part of others now: its end is owed")
    _ = messages.body(over, now: noon)
    #expect(!messages.wants(over))
  }

  @Test func whatWasToldBeforeARestartIsRemembered() throws {
    var messages = try Messages(webhook(.alertmanager), pipeline: "web")
    messages.recall(attack(1), now: noon)
    messages.recall(attack(2), now: noon)
    messages.recall(attack(2, .ended), now: noon)
    #expect(try messages.reminders(now: noon).flatMap { try alerts($0) }.count == 1)
  }
}

@Suite struct PaceTests {
  @Test func noMinuteHasMoreThanTheLimit() {
    var limit = RateLimit(perMinute: 5)
    var sent: [Int64] = []
    var now: Int64 = 1
    for step in 0..<200 as Range<Int64> {
      now += step % 7 * 1_000_000_000
      now = max(now, limit.next(now))
      limit.take(now)
      sent.append(now)
    }
    for i in sent.indices.dropFirst(5) { #expect(sent[i] - sent[i - 5] >= 60_000_000_000) }
  }

  @Test func failuresAreWaitedForLongerAndLonger() {
    var backoff = Backoff()
    #expect((0..<8).map { _ in backoff.next() / 1_000_000_000 } == [1, 2, 4, 8, 16, 32, 60, 60])
    #expect(backoff.next(asked: 90_000_000_000) == 90_000_000_000)
    #expect(backoff.next(asked: .max) == 3_600_000_000_000)
    backoff.reset()
    #expect(backoff.next() == 1_000_000_000)
  }

  @Test func onlyWhatWillNeverBeTakenIsRefused() {
    func verdict(_ code: Int) -> PostResult.Verdict { PostResult.status(code, retryAfter: 0, body: "").verdict }
    #expect([200, 204].allSatisfy { verdict($0) == .delivered })
    #expect([400, 413, 422].allSatisfy { verdict($0) == .refused })
    #expect([0, 301, 401, 403, 404, 408, 429, 500, 503].allSatisfy { verdict($0) == .again })
    #expect(PostResult.failed("gone").verdict == .again)
  }
}
