// The command line and the pipeline file, put together and checked: what a replay is to do.

import Bytes
import Configuration
import Events
import LogFormats
import Pipelines

#if canImport(Glibc)
  import Glibc
#endif

enum ReportForm: String { case text, json, html }

struct ReplayOptions {
  var files: [String] = []
  var pipeline: Pipeline
  /// nil: told from the lines.
  var format: LogFormat?
  var parse = ParseOptions()
  var line = LineSettings()
  var zoneName: String?
  var ruleDirectories: [String] = []
  /// The rule set to compare with; empty: nothing is compared.
  var otherRules: [String] = []
  /// Examples of each kind of difference.
  var examples = 5
  var crawlers: String?
  /// Those of the pipeline's reputation.lists, once they have been read.
  var lists: [Pipeline.LoadedList] = []
  var threads: Int
  var report = ReportForm.text
  /// Id of the one attack to report, or its first digits.
  var explains: String?
  var output: String?
  var html: String?
  var json: String?
  var verdicts: String?
  var sources: String?
  var deadLetters: String?
  var minimumCoverage: Double?
  var failsOnAttack: Bool
  var follows: Bool
  var isQuiet: Bool
  var color: String
  /// nil: nothing is published.
  var publishing: Publishing?

  init(_ parsed: ParsedOptions, environment: [(name: String, value: String)], now: Nanoseconds) throws(SetupError) {
    files = parsed.arguments
    // The pipeline first; the command line overrides it.
    pipeline = try Pipeline(path: parsed.value("pipeline"), environment: environment)
    threads = parsed.integer("threads") ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    failsOnAttack = parsed.has("fail-on-attack")
    follows = parsed.has("follow")
    publishing = try Publishing(parsed)
    isQuiet = parsed.has("quiet")
    color = parsed.value("color") ?? "auto"
    report = parsed.value("report").flatMap { ReportForm(rawValue: $0) } ?? .text
    explains = parsed.value("explain")
    if explains != nil, report == .html { throw SetupError("--explain prints text, or JSON with --report json") }
    if explains != nil, parsed.has("follow") {
      throw SetupError("--explain is told at the end, which --follow has not")
    }
    output = parsed.value("output")
    html = parsed.value("html")
    json = parsed.value("json")
    verdicts = parsed.value("verdicts")
    sources = parsed.value("sources")
    deadLetters = parsed.value("dead-letters")
    minimumCoverage = parsed.number("min-coverage")
    ruleDirectories = parsed.values("rules")
    otherRules = parsed.values("diff-rules")
    examples = parsed.integer("examples") ?? examples
    try Self.checkComparison(parsed)
    crawlers = parsed.value("crawlers")
    parse = try pipeline.parseOptions(timeZone: parsed.value("time-zone"), proxies: parsed.values("trusted-proxies"))
    if let asked = parsed.value("format") {
      format = try Pipeline.format(asked, "--format")
    } else {
      format = try pipeline.format()
    }

    line.clock = pipeline.clock
    line.maxLine = pipeline.maxLine
    line.partitions = pipeline.partitions
    line.aggregator = pipeline.aggregator
    line.windowLength = line.aggregator.windowLength
    line.threshold = parsed.integer("threshold").map { UInt8(clamping: $0) } ?? pipeline.threshold
    line.aggregator.matchThreshold = line.threshold
    line.since = try Self.time(parsed, "since", now)
    line.until = try Self.time(parsed, "until", now)
    if let since = line.since, let until = line.until, since >= until {
      throw SetupError("--since is not before --until: nothing would be left")
    }
    zoneName = parsed.value("zone")
    line.zone = Array((zoneName ?? "").lowercased().utf8)
    // Lines that name no host are requests to the one that is asked for.
    if !line.zone.isEmpty { line.aggregator.defaultZone = line.zone }
  }

  /// What does not go with a comparison of rules.
  private static func checkComparison(_ parsed: ParsedOptions) throws(SetupError) {
    guard parsed.has("diff-rules") else {
      if parsed.has("examples") { throw SetupError("--examples goes with --diff-rules") }
      return
    }
    for name in ["publish", "follow", "html", "json", "verdicts", "sources", "crawlers", "explain", "fail-on-attack"]
    where parsed.has(name) {
      throw SetupError("--diff-rules compares what two rule sets make of single requests: there is no --\(name)")
    }
    if parsed.value("report") == "html" {
      throw SetupError("--diff-rules: the comparison is text or json; leave --report html out")
    }
  }

  private static func time(_ parsed: ParsedOptions, _ name: String, _ now: Nanoseconds) throws(SetupError)
    -> Nanoseconds?
  {
    guard let text = parsed.value(name) else { return nil }
    guard let time = TimeArgument.parse(text, now: now) else {
      throw SetupError(
        "--\(name): '\(text)' is no time; write 2016-02-20T08:00:00Z, 2016-02-20, @1456000000, or an age such as 2h")
    }
    return time
  }
}
