// The command line and the pipeline file, put together and checked: what a replay is to do.

import Bytes
import Configuration
import Events
import LogFormats

#if canImport(Glibc)
  import Glibc
#endif

/// A complaint about the command line or the configuration: status 2.
struct SetupError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

enum ReportForm: String { case text, json, html }

struct ReplayOptions {
  var files: [String] = []
  var pipeline: Settings
  /// nil: told from the lines.
  var format: LogFormat?
  var parse = ParseOptions()
  var line = LineSettings()
  var zoneName: String?
  var ruleDirectories: [String] = []
  var crawlers: String?
  var threads: Int
  var report = ReportForm.text
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

  init(_ parsed: ParsedOptions, environment: [(name: String, value: String)], now: Nanoseconds) throws(SetupError) {
    files = parsed.arguments
    // The pipeline first; the command line overrides it.
    var text: [UInt8]?
    if let path = parsed.value("pipeline") {
      guard let bytes = contents(of: path) else {
        throw SetupError("--pipeline \(path): \(String(cString: strerror(errno)))")
      }
      text = bytes
    }
    do throws(ConfigurationErrors) {
      pipeline = try PipelineFile.load(
        text, file: parsed.value("pipeline") ?? "built-in web.yaml", environment: environment)
    } catch {
      throw SetupError("\(error)")
    }
    threads = parsed.integer("threads") ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    failsOnAttack = parsed.has("fail-on-attack")
    follows = parsed.has("follow")
    isQuiet = parsed.has("quiet")
    color = parsed.value("color") ?? "auto"
    report = parsed.value("report").flatMap { ReportForm(rawValue: $0) } ?? .text
    output = parsed.value("output")
    html = parsed.value("html")
    json = parsed.value("json")
    verdicts = parsed.value("verdicts")
    sources = parsed.value("sources")
    deadLetters = parsed.value("dead-letters")
    minimumCoverage = parsed.number("min-coverage")
    ruleDirectories = pipeline.texts("rules.directories") + parsed.values("rules")
    let crawlersFile = parsed.value("crawlers") ?? pipeline.text("detection.crawlers")
    crawlers = crawlersFile.isEmpty ? nil : crawlersFile

    let zone = parsed.value("time-zone") ?? pipeline.text("input.time_zone")
    guard let timeZone = Self.timeZone(zone) else {
      throw SetupError(
        "--time-zone: '\(zone)' is no zone; give UTC, an offset such as +02:00, or a name such as Europe/Berlin")
    }
    parse.timeZone = timeZone
    let proxies = parsed.values("trusted-proxies").flatMap { $0.split(separator: ",").map(String.init) }
    for proxy in proxies.isEmpty ? pipeline.texts("input.trusted_proxies") : proxies {
      guard let network = Network(proxy) else {
        throw SetupError("--trusted-proxies: '\(proxy)' is no network; write it as 192.0.2.0/24")
      }
      parse.trustedProxies.append(network)
    }
    format = try Self.format(parsed.value("format") ?? pipeline.text("input.format"))

    line.clock.maxDisorder = pipeline.duration("input.max_disorder")
    line.clock.maxAhead = pipeline.duration("input.max_ahead")
    line.maxLine = pipeline.bytes("input.max_line")
    line.windowLength = pipeline.duration("windows.length")
    line.partitions = pipeline.integer("partitions")
    line.threshold = UInt8(clamping: parsed.integer("threshold") ?? pipeline.integer("detection.threshold"))
    line.aggregator.windowLength = line.windowLength
    line.aggregator.hashSeed = UInt64(pipeline.integer("detection.hash_seed"))
    line.aggregator.matchThreshold = line.threshold
    line.aggregator.slowRequest = UInt32(clamping: pipeline.duration("windows.slow_request") / 1000)
    line.aggregator.namedZones = pipeline.texts("zones").map { Array($0.lowercased().utf8) }
    line.aggregator.limits.clients = pipeline.integer("windows.max_clients")
    line.aggregator.openTables = pipeline.integer("windows.max_zones")
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

  private static func format(_ text: String) throws(SetupError) -> LogFormat? {
    if text == "auto" || text.isEmpty { return nil }
    // A bare format string: `$` speaks nginx, `%` Apache.
    let isNamed = text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x2d || $0 == 0x2b }
    do throws(FormatError) {
      if !isNamed, !text.contains(":") || text.hasPrefix("$") || text.hasPrefix("%"), !text.contains("log_format"),
        !text.contains("LogFormat")
      {
        if text.utf8.contains(0x24) { return try LogFormat(formatString: text, dialect: .nginx) }
        if text.utf8.contains(0x25) { return try LogFormat(formatString: text, dialect: .apache) }
      }
      return try LogFormat(specification: text)
    } catch {
      throw SetupError("--format: \(error)")
    }
  }

  private static func timeZone(_ name: String) -> TimeZoneRules? {
    if let rules = TimeZoneRules(name) { return rules }
    guard TimeZoneRules.isZoneName(name), let bytes = contents(of: "/usr/share/zoneinfo/\(name)") else { return nil }
    return TimeZoneRules(tzif: bytes)
  }
}

/// The bytes of a small file; nil, with errno, where it cannot be read.
func contents(of path: String, limit: Int = 64 << 20) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while bytes.count < limit {
    let n = read(descriptor, &buffer, buffer.count)
    if n < 0, errno == EINTR { continue }
    if n < 0 { return nil }
    if n == 0 { break }
    bytes += buffer[..<n]
  }
  return bytes
}

/// The environment, as names and values.
func environmentVariables() -> [(name: String, value: String)] {
  var result: [(name: String, value: String)] = []
  var entry = environ
  while let text = entry.pointee {
    let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { result.append((String(parts[0]), String(parts[1]))) }
    entry += 1
  }
  return result
}
