// From what a replay counted to what a report shows.

import Bytes
import Detection
import LogFormats
import Reports
import Rollups

struct ReportBuilder {
  let options: ReplayOptions
  let formats: [LogFormat]

  func build(_ line: Line, files: [PlannedFile], attacks: [Attack]) -> ReplayReport {
    var report = ReplayReport()
    report.input = input(line, files)
    report.traffic = line.analysis.traffic
    report.attacks = attacks
    report.ruleCount = line.ruleCount
    report.ledger = ledger(line)
    report.detectors = Remarks.detectors(line.analysis.behaviour, knowsDurations: report.traffic.latency != nil)
    report.remarks = Remarks.sentences(line, report)
    return report
  }

  private func input(_ line: Line, _ files: [PlannedFile]) -> InputReport {
    var input = InputReport()
    for file in files.sorted(by: { $0.position < $1.position }) {
      let tally = file.tally
      input.files.append(
        InputReport.File(
          path: Array(file.path.utf8), format: file.formatIndex.map { formats[$0].qualifiedName } ?? "unknown",
          bytes: tally.bytes, lines: tally.lines, parsed: tally.parsed + tally.filtered))
    }
    let totals = line.totals
    input.bytes = totals.bytes
    input.lines = totals.lines - totals.skipped
    input.parsed = totals.parsed + totals.filtered
    input.unparsed = totals.unparsed + totals.ahead
    input.first = totals.first
    input.last = totals.last
    input.unparsedShapes = line.coverage.frequentShapes.prefix(10).map {
      InputReport.UnparsedShape(shape: $0.text, count: $0.count, file: [], line: $0.exampleLine)
    }
    return input
  }

  private func ledger(_ line: Line) -> LedgerReport {
    var sum = ConservationLedger()
    for partition in line.partitions { sum += partition.ledger }
    var ledger = LedgerReport()
    let totals = line.totals
    ledger.lines = totals.lines - totals.skipped
    ledger.parsed = totals.parsed + totals.filtered
    ledger.unparsed = totals.unparsed
    ledger.ahead = totals.ahead
    ledger.late = totals.late
    ledger.excluded = totals.filtered
    ledger.aggregated = sum.inWindows
    ledger.allowed = sum.allowed
    return ledger
  }
}
