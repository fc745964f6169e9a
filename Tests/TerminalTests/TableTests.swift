// The live table in a real terminal: tmux, 100 columns by 30 rows.

import Detection
import Foundation
import Kafka
import KafkaTestSupport
import Testing

@testable import Reports
@testable import Terminal

/// A terminal of its own.
final class TestTerminal {
  private let socket: String

  init(_ command: String, columns: Int, rows: Int, environment: [String: String]) {
    socket = "/tmp/millrace-tmux-\(getpid())-\(UInt64.random(in: 0...(.max)))"
    let variables = environment.map { "-e '\($0.key)=\($0.value)'" }.joined(separator: " ")
    _ = tmux(
      "-f /dev/null new-session -d -x \(columns) -y \(rows) \(variables) \"\(command); echo ended with \\$?; sleep 60\""
    )
  }

  deinit {
    _ = tmux("kill-server")
    // It leaves its socket behind.
    unlink(socket)
  }

  /// Runs tmux and returns what it says.
  func tmux(_ words: String) -> String {
    let program = Program("LC_ALL=C.UTF-8 tmux -S \(socket) \(words)")
    _ = program.end()
    return program.output
  }

  func press(_ keys: String) { _ = tmux("send-keys \(keys)") }
  var screen: String { tmux("capture-pane -p") }

  /// Waits until the screen shows this; the screen.
  @discardableResult
  func shows(_ words: String) -> String {
    var last = ""
    eventually("'\(words)' on the screen:\n\(last)") {
      last = screen
      return last.contains(words)
    }
    return last
  }
}

@Suite(.enabled(if: TestKafka.isWanted)) struct TableTests {
  @Test func theTableLivesInATerminal() throws {
    let line = try TestLine("table")
    try line.makeTopic("attacks")
    try line.tell((1...6).map { attack($0, kind: AttackKind.allCases[Int($0)], minutes: Int64(20 - $0)) })
    // What a record may hold: a rate that is no number is none of it.
    var hostile = hostileAttack(7)
    (hostile.confidence, hostile.peakRate) = (0.9, 3)
    (hostile.start, hostile.end) = (noon, noon + 1)
    try line.tell([attack(2, .ended, kind: .bruteForce, requests: 900, minutes: 22), hostile])
    let terminal = TestTerminal(
      "\(products)/millrace-attacks", columns: 100, rows: 30, environment: line.environment)
    let table = terminal.shows("6 now · 1 lately")
    #expect(table.contains("SEVERITY") && table.contains("Credential stuffing"))
    #expect(!table.unicodeScalars.contains { $0.isHostile && $0 != "\n" })

    // What comes is shown by itself.
    try line.tell([attack(8, .started, kind: .flood, zone: "日本.example", minutes: 60)])
    terminal.shows("日本.example")

    terminal.press("/ flood Enter")
    terminal.shows("of 8")
    terminal.press("Escape")
    terminal.shows("7 now")
    terminal.press("s")
    terminal.shows("sort: severity")
    terminal.press("p")
    terminal.shows("PAUSED")
    terminal.press("p j k Down Enter")
    let page = terminal.shows("Timeline")
    #expect(page.contains("Evidence"))
    terminal.press("Escape")
    terminal.shows("SEVERITY")
    terminal.press("'?'")
    terminal.shows("any key goes back")
    terminal.press("x")

    _ = terminal.tmux("resize-window -x 60 -y 12")
    var last = ""
    eventually("redrawn to its size:\n\(last)") {
      last = terminal.screen
      let lines = last.split(separator: "\n")
      return lines.count <= 12 && lines.contains { $0.contains("ATTACK") && !$0.contains("PEAK") }
    }
    terminal.press("q")
    terminal.shows("ended with 0")
  }

  @Test func aTerminalThatIsNotKnownGetsLines() throws {
    let line = try TestLine("dumb")
    try line.makeTopic("attacks")
    try line.tell([attack(1)])
    let terminal = TestTerminal(
      "TERM=no-such-terminal \(products)/millrace-attacks --since all", columns: 100, rows: 10,
      environment: line.environment)
    terminal.shows("lines instead of the table")
    terminal.shows("STARTED")
  }
}
