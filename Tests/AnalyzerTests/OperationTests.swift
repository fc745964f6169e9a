// What an operator does to an analyzer that runs, on a real Kafka: reload, end, lose a worker.

import Detection
import Kafka
import KafkaTestSupport
import Testing

@testable import Analyzer

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.serialized, .enabled(if: TestKafka.isWanted))
struct OperationTests {
  typealias Line = KafkaTests.Line

  /// Rules by which it knows, as a file: correlations and rules name attacks.
  private static func rules(_ count: Int) -> String {
    (0..<count).map {
      """
      ---
      title: Rule \($0)
      id: 00000000-0000-4000-8000-00000000000\($0)
      logsource:
        category: webserver
      detection:
        selection:
          cs-uri-query|contains: 'never-there-\($0)'
        condition: selection
      level: high

      """
    }.joined()
  }

  private func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  private func waitFor(_ text: String, from worker: Worker) {
    let deadline = ContinuousClock.now + .seconds(240)
    while !worker.text.contains(text) {
      guard ContinuousClock.now < deadline else {
        Issue.record("no sign of '\(text)': \(worker.text)")
        return
      }
      usleep(20_000)
    }
  }

  private func drain(_ line: Line) throws {
    let last = try line.start(drains: true)
    #expect(last.wait() == 0, "\(last.text)")
    let (attacks, closed) = try line.attacks()
    #expect(attacks == line.simulated.expected && closed == 1)
  }

  @Test func reloadsInTheMiddleLoseNoWindowAndAnEmptySetIsRefused() throws {
    let line = try Line(lines: 10_000, seed: 23, partitions: 2)
    let folder = "/tmp/\(line.kafka.name("millrace-reload"))"
    mkdir(folder, 0o700)
    defer { for name in ["/own.yml", "/pipeline.yaml", ""] { remove(folder + name) } }
    write(Self.rules(3), to: "\(folder)/own.yml")
    let whole = "name: web\nrules: {directories: [\"\(folder)\"]}\n"
    // Its own file is no rule.
    write(whole, to: "\(folder)/pipeline.yaml")
    try line.publish(upTo: 0.4)
    let worker = try Worker(
      "millrace-analyzer", ["--pipeline", "\(folder)/pipeline.yaml"], environment: line.environment)
    waitFor("partitions taken", from: worker)
    write(Self.rules(4), to: "\(folder)/own.yml")
    worker.hangUp()
    waitFor("1 added", from: worker)
    try line.publish(upTo: 0.7)
    write("name: web\nrules: {built_in: false, directories: [\"\(folder)\"]}\n", to: "\(folder)/pipeline.yaml")
    worker.hangUp()
    waitFor("it drops", from: worker)
    write("", to: "\(folder)/own.yml")
    worker.hangUp()
    waitFor("there are no rules in it", from: worker)
    try line.publish(upTo: 1)
    worker.terminate()
    #expect(worker.wait() == 0, "\(worker.text)")
    try drain(line)
  }

  @Test func aWorkerAskedToEndLeavesNothingHalfDone() throws {
    let line = try Line(lines: 8_000, seed: 24, partitions: 2)
    try line.publish(upTo: 0.5)
    // Nobody is killed here, and no broker shall give up a transaction while the machine is slow.
    let worker = try Worker(
      "millrace-analyzer", [],
      environment: line.environment.merging(["MILLRACE_KAFKA__TRANSACTION_TIMEOUT": "120s"]) { $1 })
    let deadline = ContinuousClock.now + .seconds(240)
    while try line.committed() ?? 0 == 0 { try #require(ContinuousClock.now < deadline, "\(worker.text)") }
    try line.publish(upTo: 0.8)
    worker.terminate()
    #expect(worker.wait() == 0, "\(worker.text)")
    #expect(worker.text.contains("ending reason=SIGTERM") && !worker.text.contains("given up"), "\(worker.text)")
    try line.publish(upTo: 1)
    try drain(line)
  }

  @Test func aWorkerThatHasLostItsPartitionsBeginsFromWhatIsCommitted() throws {
    let line = try Line(lines: 8_000, seed: 25, partitions: 2)
    try line.publish(upTo: 0.5)
    let paused = try line.start(drains: false)
    waitFor("partitions taken", from: paused)
    paused.pause()
    let heir = try line.start(drains: false)
    waitFor("now=3", from: heir)
    try line.publish(upTo: 1)
    paused.goOn()
    waitFor("partitions lost", from: paused)
    for worker in [heir, paused] { worker.terminate() }
    for worker in [heir, paused] { #expect(worker.wait() == 0, "\(worker.text)") }
    try drain(line)
  }
}
