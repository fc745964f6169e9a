// A forwarder that leaves events out and blanks others: the ledger of the line still agrees.

import Foundation
import KafkaTestSupport
import Testing

@Suite(.enabled(if: TestKafka.isWanted)) struct SampledLineTests {
  private func log(_ number: Int) -> String {
    let second = number / 200
    let target =
      number % 50 == 0 ? "/?q=\(number)%27+UNION+SELECT+password+FROM+users--" : "/\(number % 97)?sid=\(number)"
    let time = String(format: "20/Feb/2016:00:%02d:%02d +0000", second / 60, second % 60)
    return "192.0.2.\(number % 250) - - [\(time)] \"GET \(target) HTTP/1.1\" 200 17 \"-\" \"test\"\n"
  }

  @Test func theLedgerAgreesWhenEventsAreLeftOut() throws {
    let line = try TestLine("sampled")
    let folder = Program("sleep 600")
    var text = (0..<20_000).map(log).joined()
    text += "no line at all\n"
    try text.write(toFile: folder.folder + "/access.log", atomically: true, encoding: .utf8)
    var environment = line.environment
    environment["MILLRACE_PARTITIONS"] = "3"
    environment["MILLRACE_FORWARDER__HOST"] = "testhost"
    environment["MILLRACE_FORWARDER__BATCH_BYTES"] = "16KiB"
    environment["MILLRACE_FORWARDER__SAMPLING"] = "*=8"
    environment["MILLRACE_FORWARDER__REDACT__QUERY_PARAMETERS"] = "*"
    environment["MILLRACE_FORWARDER__SOURCES"] = "[{files: [\(folder.folder)/access.log], format: combined}]"
    for command in ["$BIN/millrace-forwarder --drain", "$BIN/millrace-aggregator --drain"] {
      let program = Program("exec \(command)", environment: environment)
      #expect(program.end() == 0, "\(command): \(program.errors)")
    }
    let audit = Program("exec $BIN/millrace-attacks audit", environment: environment)
    #expect(audit.end() == 0, "\(audit.output) \(audit.errors)")
    #expect(audit.output.contains("All agrees"), "\(audit.output)")
    #expect(audit.output.contains("sampled out"))
  }
}
