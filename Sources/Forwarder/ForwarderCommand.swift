// millrace-forwarder from its arguments to its exit status.

import Bytes
import Configuration
import Detection
import Kafka
import Pipelines
import Stations
import Topics

#if canImport(Glibc)
  import Glibc
#endif

public enum ForwarderCommand {
  public static let version = "0.1.0"

  public static let table = OptionTable(
    program: "millrace-forwarder", version: version,
    summary: "Reads logs where they are written and sends them to the line, each line once.",
    description: [
      "millrace-forwarder follows the files, sockets and pipes that its pipeline names (forwarder.sources), reads their "
        + "lines into batches of events and writes these to the topic `events`, together with the positions it has come "
        + "to, in one transaction: after a crash it goes on exactly there.",
      "A file is known by what is in it, not by its name: renamed, copied and compressed logs are not counted again.",
      "While no broker answers it stops reading files; nothing is dropped.",
      "What must not leave the host can be blanked (forwarder.redact), and busy zones thinned out (forwarder.sampling). "
        + "The detection rules see every line before that.",
    ],
    options: PipelineOptions.options + [
      OptionSpec(
        "drain", group: "Running",
        help: "Read what is there now, to the end of every file, send it, and end.")
    ],
    exitCodes: StationProgram.exitCodes,
    examples: [
      ("millrace-forwarder --pipeline web.yaml", "Follow what the pipeline names."),
      ("millrace-forwarder --pipeline web.yaml --check", "Check the pipeline and show what is in effect."),
    ])

  /// Runs the program; the result is its exit status.
  public static func run(_ arguments: [String]) -> Int32 {
    StationProgram(
      table: table,
      check: { _, settings in
        _ = try ForwarderOptions(settings)
        return []
      },
      run: { station, parsed in
        let options = try ForwarderOptions(station.settings)
        try ForwarderProgram(station, options, drains: parsed.has("drain")).run()
      })(arguments)
  }
}

/// What the pipeline says, checked.
struct ForwarderOptions {
  var host: String
  var engine = EngineSettings()
  var sources: [ForwarderSource]
  var files: [FilePatterns] = []
  var listeners: [SyslogListenerSettings] = []
  /// What tells a source that is no file from others, by number.
  var streamNames: [Int: String] = [:]
  /// Number of the source that is standard input.
  var standardInput: Int?
  var rescan: Int64
  var redaction = Redaction()
  var sampling = Sampling()
  /// Read only where events are judged here: before any is blanked or left out.
  private var rules: RuleSet?
  private var hashSeed: UInt64 = 0

  /// - Parameter now: Wall clock, ns: syslog's old headers do not say the year.
  init(_ settings: Settings, now: Nanoseconds = StationClock.wall) throws(SetupError) {
    let pipeline = Pipeline(settings: settings, file: "")
    host = settings.text("forwarder.host")
    if host.isEmpty { host = Self.hostName }
    sources = settings.forwarderSources
    rescan = settings.duration("forwarder.rescan")
    engine.host = Array(host.utf8)
    engine.clock = pipeline.clock
    engine.maxLine = pipeline.maxLine
    engine.windowLength = settings.duration("windows.length")
    // A record is about 1.6 times its lines.
    engine.batchText = max(1024, settings.bytes("forwarder.batch_bytes") * 5 / 8)
    engine.batchAge = settings.duration("forwarder.batch_age")
    engine.transactionBytes = max(1 << 20, settings.bytes("forwarder.queue_bytes") / 2)
    engine.spread = settings.integer("forwarder.spread")
    engine.heartbeat = settings.duration("forwarder.heartbeat")
    redaction.parameters = Set(settings.texts("forwarder.redact.query_parameters").map { $0.lowercased() })
    redaction.cookies = Set(settings.texts("forwarder.redact.cookies").map { $0.lowercased() })
    redaction.emails = settings.flag("forwarder.redact.emails")
    redaction.tokens = settings.flag("forwarder.redact.tokens")
    sampling = Sampling(
      settings.properties("forwarder.sampling").map { ($0.name, Int($0.value) ?? 1) },
      defaultZone: pipeline.aggregator.defaultZone, seed: pipeline.hashSeed)
    if !redaction.isEmpty || !sampling.isEmpty { rules = try pipeline.ruleSet() }
    hashSeed = pipeline.hashSeed
    for (number, source) in sources.enumerated() {
      var lines = LineSettings()
      lines.format = try Pipeline.format(source.format, "format of forwarder.sources, number \(number + 1)")
      lines.options = try pipeline.parseOptions(timeZone: source.timeZone)
      lines.zone = Array(source.zone.lowercased().utf8)
      switch source.origin {
      case .files(let patterns, let exclude):
        files.append(FilePatterns(patterns: patterns, exclude: exclude, origin: number))
      case .syslog(let listener):
        // The header is around every line, whatever the format of what is in it.
        if lines.format?.wrappers.contains(.syslog) == false { lines.format?.wrappers.insert(.syslog, at: 0) }
        lines.options.referenceTime = now
        listeners.append(
          SyslogListenerSettings(
            listener: listener, origin: number, certificateFile: source.certificateFile, keyFile: source.keyFile,
            clientAuthorityFile: source.clientAuthorityFile))
        streamNames[number] = source.id.isEmpty ? "syslog \(listener.address)" : source.id
      case .stdin:
        standardInput = number
        streamNames[number] = source.id.isEmpty ? "-" : source.id
      }
      engine.sources.append(lines)
    }
  }

  /// The rules that slow everything down, where rules are used.
  var costlyRules: [RuleCost] { rules?.costlyRules() ?? [] }

  /// nil where everything leaves as it is.
  func departure() -> Departure? {
    if redaction.isEmpty, sampling.isEmpty { return nil }
    return Departure(redaction, sampling, scorer: RequestScorer(rules: rules, hashKey: hashSeed))
  }

  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, 255) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension SyslogListener {
  /// As the pipeline writes it.
  var address: String {
    switch self {
    case .udp(let host, let port): "udp://\(host):\(port)"
    case .tcp(let host, let port): "tcp://\(host):\(port)"
    case .tls(let host, let port): "tls://\(host):\(port)"
    case .unix(let path): "unix://\(path)"
    }
  }
}
