// One replay: look at the files, run the line over them, report.

import Bytes
import Configuration
import Detection
import Events
import LogFiles
import LogFormats
import Reports

#if canImport(Glibc)
  import Glibc
#endif

final class Replay {
  let options: ReplayOptions
  var formats: [LogFormat] = []
  private var decisions: [String] = []

  init(_ options: ReplayOptions) { self.options = options }

  func run() throws -> ReplayCommand.Status {
    let files = try plan()
    let publisher = try options.publishing.map { try Publisher($0, options: options, files: files) }
    let line = try Line(options, formats: formats, publisher: publisher)
    if !options.isQuiet { sayDecisions(files) }
    for cost in line.costlyRules { ReplayCommand.say("millrace-replay: \(cost)") }

    let settings = options.line
    let scheduler = Scheduler(
      line: line, files: files, partitions: settings.partitions, threads: options.threads,
      windowLength: settings.windowLength, limits: settings.clock
    ) { LineChunker(chunkSize: $0, maxLine: settings.maxLine) }
    let total = files.allSatisfy { $0.size != nil } ? files.reduce(0) { $0 + ($1.size ?? 0) } : nil
    var progress = Progress()
    scheduler.run { bytes, lines in
      if !options.isQuiet { progress.show(done: bytes, total: total, lines: lines) }
    }
    progress.clear()
    if let publisher { return try finish(line, scheduler, publisher) }
    if let comparison = line.comparison { return try finish(line, scheduler, comparison) }
    return try finish(line, scheduler, files)
  }

  /// Looks at the head of every file: its format, and where in time it begins.
  func plan() throws -> [PlannedFile] {
    var files: [PlannedFile] = []
    let clock = options.line.clock
    for path in try InputFiles.expand(options.files) {
      var index: Int?
      var time: Nanoseconds?
      var span: Nanoseconds = 0
      var decision = ""
      let name = printable(path)
      let file = try PlannedFile(path: path, position: files.count) { head in
        if head.byteCount == 0 {
          decision = "\(name): empty"
          return
        }
        var format = options.format
        if let format {
          decision = "\(name): \(format.qualifiedName), as asked for"
        } else {
          var detector = FormatDetector(options: options.parse)
          detector.feed(text: head, isWhole: head.byteCount < PlannedFile.headLength)
          let answer = detector.decide()
          format = answer.format
          decision = "\(name): \(answer.explanation)"
        }
        guard let format else { return }
        index = self.index(of: format)
        (time, span) = PlannedFile.firstTime(head, format, options.parse, clock)
      }
      file.formatIndex = index
      file.firstTime = time
      file.chunkSpan = span
      decisions.append(decision)
      files.append(file)
    }
    return files
  }

  /// What was decided for each file; for more than a screenful the first of each format stands for the others.
  private func sayDecisions(_ files: [PlannedFile]) {
    guard files.count > 20 else {
      for decision in decisions { ReplayCommand.say(decision) }
      return
    }
    for index in formats.indices {
      let same = files.indices.filter { files[$0].formatIndex == index }
      guard let first = same.first else { continue }
      ReplayCommand.say(decisions[first])
      if same.count > 1 { ReplayCommand.say("  and \(same.count - 1) more files of \(formats[index].qualifiedName)") }
    }
    let others = files.indices.filter { files[$0].formatIndex == nil }
    for index in others.prefix(10) { ReplayCommand.say(decisions[index]) }
    if others.count > 10 {
      ReplayCommand.say("  and \(others.count - 10) more files that are empty or of no known format")
    }
  }

  private func index(of format: LogFormat) -> Int {
    if let index = formats.firstIndex(where: { $0.qualifiedName == format.qualifiedName }) {
      return index
    }
    formats.append(format)
    return formats.count - 1
  }

  private func finish(_ line: Line, _ scheduler: Scheduler, _ files: [PlannedFile]) throws -> ReplayCommand.Status {
    var status = sayFaults(line)
    let attacks = line.analysis.finish()
    try line.deadLetters?.close()
    try line.verdicts?.close()
    if let path = options.sources {
      let output = try OutputFile(path: path)
      try line.analysis.writeSources(to: output)
      try output.close()
    }
    let totals = line.totals
    if !options.isQuiet { coverage(totals, line.coverage) }
    var report = ReportBuilder(options: options, formats: formats).build(
      line, files: files, attacks: attacks)
    report.partial = partial(line, scheduler)
    if scheduler.wasInterrupted { ReplayCommand.say("millrace-replay: interrupted; the report is partial") }
    try write(report)
    if status == .done, options.failsOnAttack, !attacks.isEmpty { status = .attacked }
    if sayTooLittle(totals, so: "nothing is known about attacks") { status = .failed }
    return status
  }

  /// Ends a replay that only publishes: no report, but the same complaints about what could not be read.
  private func finish(_ line: Line, _ scheduler: Scheduler, _ publisher: Publisher) throws -> ReplayCommand.Status {
    var status = sayFaults(line)
    try line.deadLetters?.close()
    try publisher.finish()
    let totals = line.totals
    if !options.isQuiet {
      coverage(totals, line.coverage)
      ReplayCommand.say("published \(publisher.batches) batches of \(totals.parsed) events to '\(publisher.topic)'")
    }
    if scheduler.wasInterrupted {
      ReplayCommand.complain("interrupted: the rest of the input is not published")
      status = .failed
    }
    if sayTooLittle(totals, so: "nothing was published") { status = .failed }
    return status
  }

  /// Ends a replay that compares two rule sets.
  private func finish(_ line: Line, _ scheduler: Scheduler, _ comparison: RuleComparison) throws -> ReplayCommand.Status
  {
    var status = sayFaults(line)
    try line.deadLetters?.close()
    let totals = line.totals
    if !options.isQuiet { coverage(totals, line.coverage) }
    var report = comparison.finish()
    report.partial = partial(line, scheduler)
    try write(to: options.output ?? "-") { text, width, color in
      if options.report == .json {
        report.renderJSON(into: &text)
      } else {
        report.render(width: width, color: color, into: &text)
      }
    }
    if sayTooLittle(totals, so: "nothing is known about the rules") { status = .failed }
    return status
  }

  /// Says which files could not be read whole.
  private func sayFaults(_ line: Line) -> ReplayCommand.Status {
    for fault in line.faults { ReplayCommand.complain("\(fault)") }
    return line.faults.isEmpty ? .done : .failed
  }

  /// Says that too few lines could be read, where it is so: a watch that reads nothing must not look like a quiet day.
  private func sayTooLittle(_ totals: LineTotals, so consequence: String) -> Bool {
    var isTooLittle = false
    if totals.parsed + totals.filtered == 0, totals.unparsed > 0 {
      ReplayCommand.complain("none of the lines could be read: \(consequence)")
      isTooLittle = true
    }
    if let minimum = options.minimumCoverage, totals.coverage < minimum {
      ReplayCommand.complain(
        "only \(percent(totals.coverage)) of the lines could be read; --min-coverage asks for \(percent(minimum))")
      isTooLittle = true
    }
    return isTooLittle
  }

  /// Why a report tells of a part only.
  private func partial(_ line: Line, _ scheduler: Scheduler) -> String? {
    if scheduler.wasInterrupted { return "interrupted: what follows is what had been read by then" }
    return line.faults.first.map { "\($0)" }
  }

  private func write(_ report: ReplayReport) throws {
    let attack = try options.explains.map { try Attack.only($0, of: report.attacks) }
    try write(to: options.output ?? "-") { text, width, color in
      switch (options.report, attack) {
      case (.text, let attack?): TextReport.explain(attack, width: width, color: color, into: &text)
      case (.text, nil): TextReport.render(report, width: width, color: color, into: &text)
      case (.json, let attack?):
        JSONReport.line(attack, into: &text)
        text.append(0x0a)
      case (.json, nil): JSONReport.render(report, into: &text)
      case (.html, _): HTMLReport.render(report, into: &text)
      }
    }
    if let path = options.html { try write(to: path) { text, _, _ in HTMLReport.render(report, into: &text) } }
    if let path = options.json { try write(to: path) { text, _, _ in JSONReport.render(report, into: &text) } }
  }

  private func write(to path: String, _ render: (inout ByteBuffer, _ width: Int, _ color: Bool) -> Void) throws {
    let output = try OutputFile(path: path)
    var text = ByteBuffer(capacity: 1 << 16)
    let isStandard = path == "-"
    render(
      &text, (isStandard ? ReplayCommand.terminalWidth(1) : nil) ?? 100,
      options.usesColor(onTerminal: isStandard && isatty(1) == 1))
    output.write(text.bytes)
    try output.close()
  }

  private func coverage(_ totals: LineTotals, _ coverage: ParseCoverage) {
    let wanted = totals.parsed + totals.filtered + totals.unparsed + totals.ahead
    guard wanted > 0 else { return }
    ReplayCommand.say("read \(totals.parsed + totals.filtered) of \(wanted) lines (\(percent(totals.coverage)))")
    if totals.parsed == 0, totals.filtered > 0 {
      ReplayCommand.say("  " + Remarks.nothingLeft(options.line, totals))
    }
    if totals.late > 0 {
      ReplayCommand.say(
        "  \(totals.late) of them late: older than the lines before them by more than input.max_disorder; they are "
          + "counted, but a clock that was set back blurs when attacks took place")
    }
    for shape in coverage.frequentShapes.prefix(5) {
      ReplayCommand.say("  \(shape.count) \(shape.reason.name): \(String(decoding: shape.text, as: UTF8.self))")
    }
  }

  private func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded(.down))
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
  }
}
