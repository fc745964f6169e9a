// The notifier with a real receiver, and with a real Alertmanager.

import Detection
import Foundation
import Kafka
import KafkaTestSupport
import Testing

@testable import Terminal

@Suite(.enabled(if: TestKafka.isWanted)) struct NotifyProgramTests {
  private static let receiver =
    "/" + (#filePath.split(separator: "/").dropLast() + ["receiver.py"]).joined(separator: "/")

  private func environment(_ line: TestLine, _ notify: String) -> [String: String] {
    line.environment.merging(["MILLRACE_ATTACKS__NOTIFY": notify]) { $1 }
  }

  private func port(_ receiver: Program) -> String {
    eventually("a port") { receiver.output.hasSuffix("\n") }
    return receiver.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func received(_ receiver: Program) throws -> [[String: Any]] {
    try receiver.text("requests").split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }

  @Test func eachChangeIsDeliveredThoughTheReceiverFailsAndTheNotifierIsKilled() throws {
    guard try TestKafka.one().isReal else {
      return TestKafka.leftOut("a notifier that is killed", "the stand-in gives its partitions to no other for minutes")
    }
    let line = try TestLine("notify")
    try line.makeTopic("attacks")
    // Told before there was a webhook: nobody waits for it.
    try line.tell([attack(9)])
    let receiver = Program("exec python3 '\(Self.receiver)' requests 500 503")
    let port = port(receiver)
    let settings = environment(
      line,
      "[{name: ops, url: \"http://127.0.0.1:\(port)/hook\", headers: {X-Token: secret}, "
        + "template: \"{state} {kind} {zone}\"}]")
    var notifier: Program? = Program("exec $BIN/millrace-attacks notify", environment: settings)
    eventually("it tells") { notifier?.errors.contains("telling") ?? false }
    try line.tell([attack(1), attack(1, .ongoing, requests: 300)])
    try eventually("both are delivered") { try received(receiver).count { $0["status"] as? Int == 200 } == 2 }
    // Killed at any moment: what was delivered and not committed may come again, with the same key.
    notifier?.signal(SIGKILL)
    notifier = nil
    try line.tell([attack(1, .ended, requests: 400)])
    let second = Program("exec $BIN/millrace-attacks notify", environment: settings)
    try eventually("the end is delivered") {
      try received(receiver).contains { ($0["body"] as? [String: Any])?["event"] as? String == "ended" }
    }
    let all = try received(receiver)
    #expect(all.prefix(3).map { $0["status"] as? Int } == [500, 503, 200])
    #expect(all.allSatisfy { $0["token"] as? String == "secret" && $0["path"] as? String == "/hook" })
    let keys = all.compactMap { $0["key"] as? String }
    #expect(Set(keys).count == 3 && keys.allSatisfy { $0.hasPrefix(Attack.text(ofId: 1)) })
    let texts = all.compactMap { ($0["body"] as? [String: Any])?["text"] as? String }
    #expect(texts.first == "started injection shop.example" && texts.last == "ended injection shop.example")
    second.signal(SIGTERM)
    #expect(second.end() == 0)
    #expect(!second.errors.contains("secret") && !second.errors.contains("/hook"))
  }

  @Test func anAlertmanagerRingsAndStops() throws {
    let binary = "/usr/bin/prometheus-alertmanager"
    try #require(FileManager.default.isExecutableFile(atPath: binary), "apt-get install prometheus-alertmanager")
    let line = try TestLine("alerts")
    try line.makeTopic("attacks")
    let manager = Program(
      """
      printf 'route: {receiver: none}\\nreceivers: [{name: none}]\\n' >config
      exec \(binary) --config.file=config --storage.path=data --cluster.listen-address= \\
        --web.listen-address=127.0.0.1:0
      """)
    // Any port: it says which.
    let words = "msg=\"Listening on\" address=127.0.0.1:"
    eventually("a port: \(manager.errors)") {
      manager.errors.components(separatedBy: words).dropFirst().first?.contains("\n") ?? false
    }
    let port = try #require(
      manager.errors.components(separatedBy: words).dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) })
    func alerts() -> [[String: Any]] {
      let asked = Program("curl -sf http://127.0.0.1:\(port)/api/v2/alerts")
      guard asked.end() == 0 else { return [] }
      return (try? JSONSerialization.jsonObject(with: Data(asked.output.utf8))) as? [[String: Any]] ?? []
    }
    func names(_ alert: [String: Any]) -> [String: String] { alert["labels"] as? [String: String] ?? [:] }
    let settings = environment(line, "[{name: am, kind: alertmanager, url: \"http://127.0.0.1:\(port)\"}]")
    let notifier = Program("exec $BIN/millrace-attacks notify --since all", environment: settings)
    eventually("it tells") { notifier.errors.contains("telling") }
    try line.tell([attack(1), attack(2, kind: .flood)])
    eventually("two alerts: \(manager.errors)") { alerts().count == 2 }
    #expect(alerts().contains { names($0)["attack"] == Attack.text(ofId: 1) && names($0)["zone"] == "shop.example" })
    try line.tell([attack(1, .ended)])
    eventually("one is over") { alerts().map { names($0)["kind"] } == ["flood"] }
    notifier.signal(SIGTERM)
    #expect(notifier.end() == 0)
  }

  @Test func aWrongWebhookIsFoundByCheck() throws {
    for notify in [
      "[]", "[{url: \"ftp://x\"}]", "[{url: \"http://x\", template: \"{nonsense}\"}]",
      "[{name: a, url: \"http://x\"}, {name: a, url: \"http://y\"}]",
    ] {
      let program = Program(
        "$BIN/millrace-attacks notify --check", environment: ["MILLRACE_ATTACKS__NOTIFY": notify])
      #expect(program.end() == 2, "\(notify)")
    }
  }
}
