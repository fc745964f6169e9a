// pipelines/NAME.yaml: one file describes a whole line. `table` is the one place where a key is defined; the file
// pipelines/web.yaml is what the table's defaults look like when written out, and a test keeps the two equal.

/// The keys of a pipeline file and how one is loaded.
public enum PipelineFile {
  /// Every key, grouped as in the file. Others than those named here are refused.
  public static let table: [Setting] =
    input + windows + detection + detectors + allow + reputation + kafka + topics + stations + operation

  static let second: Int64 = 1_000_000_000
  static let day: Int64 = 86_400 * second

  static let input: [Setting] = [
    Setting("name", .text, "web", "Name of the line, shown in reports."),
    Setting(
      "partitions", .integer(1...1024), "16",
      "Input partitions: the unit of parallel work, and what the topic `events` has. Results depend on it."),
    Setting(
      "zones", .texts, "", "Hosts that are zones of their own from the start. Others earn it by answering successfully."
    ),
    Setting(
      "input.format", .text, "auto",
      "Format of the lines: auto, a name from docs/formats.md, or an Apache LogFormat or nginx log_format string."),
    Setting(
      "input.time_zone", .text, "UTC", "Zone of stamps that do not say theirs: UTC, or an offset such as +02:00."),
    Setting(
      "input.trusted_proxies", .texts, "",
      "Networks whose X-Forwarded-For is believed, in CIDR form. Empty: the address that connected is the client."),
    Setting(
      "input.max_line", .bytes(1024...(64 << 20)), "1MiB", "A longer line is not parsed but kept as a dead letter."),
    Setting(
      "input.max_disorder", .duration(0...day), "2s",
      "How far a line may be behind the newest of its source before it counts as late. Late is counted, not lost."),
    Setting(
      "input.max_ahead", .duration(second...(400 * day)), "1h",
      "A stamp further ahead of its source than this is believed only once 16 more agree with it."),
  ]

  static let windows: [Setting] = [
    Setting("windows.length", .duration(second...(3600 * second)), "10s", "Length of a window of aggregation."),
    Setting(
      "windows.max_zones", .integer(1...65536), "2048", "Zones (hosts) in one window and partition; others share one."),
    Setting(
      "windows.max_clients", .integer(16...1_000_000), "4096",
      "Clients followed one by one in a window and partition; others are counted together."),
    Setting(
      "windows.slow_request", .duration(1_000_000...day), "5s",
      "A request that takes this long, less what sending its answer takes at 64 KiB/s, counts as slow."),
  ]

  static let detection: [Setting] = [
    Setting("rules.built_in", .flag, "true", "Use the shipped rules."),
    Setting(
      "rules.directories", .texts, "", "Directories with more Sigma rules (*.yml), read at the start and on SIGHUP."),
    Setting("rules.disabled", .texts, "", "Ids of rules and of built-in detectors that are not used."),
    Setting("detection.threshold", .integer(0...100), "50", "A request with this score or more is judged an attack."),
    Setting(
      "detection.hash_seed", .integer(0...Int.max), "0", isSecret: true, "Key of all hashing; keep it to yourself."),
    Setting("detection.crawlers", .text, "", "File with the networks that search crawlers come from, one a line."),
  ]

  /// What Detection's behaviour tests and campaigns read; a test there keeps these defaults equal to its own.
  static let detectors: [Setting] = [
    Setting("detectors.scanning.missing_paths", .integer(1...1_000_000), "20", "Distinct missing paths in one visit."),
    Setting(
      "detectors.scanning.failed_share", .number(0...1), "0.5", "Least share of the visit's requests that failed."),
    Setting("detectors.logins.failures", .integer(1...1_000_000), "10", "Failed logins in one visit."),
    Setting(
      "detectors.logins.slow_failures", .number(1...1_000_000), "15",
      "Failed logins over days, older ones counting less."),
    Setting(
      "detectors.logins.stuffing_addresses", .integer(2...1_000_000), "15",
      "Addresses that each fail to log in a few times before they are one attack."),
    Setting(
      "detectors.scraping.pages", .integer(1...1_000_000), "200",
      "Distinct pages in one visit without what a browser loads with them."),
    Setting(
      "detectors.scraping.polite_rate", .number(0...1_000_000), "2",
      "Requests a second a declared crawler may make; ten times as many where it reads robots.txt and finds its pages."),
    Setting(
      "detectors.load.flood_rate", .number(0...1_000_000_000), "30",
      "Requests a second from which a rise is a flood; smaller ones, from a 7.5th of it, by what they do."),
    Setting("detectors.load.flood_ratio", .number(1...1_000_000), "4", "A flood is this many times the baseline..."),
    Setting(
      "detectors.load.flood_deviations", .number(0...1_000_000), "8", "... and this many deviations above it."),
    Setting(
      "detectors.load.busting_queries", .integer(1...1_000_000), "100", "Distinct queries on one path in one visit."),
    Setting(
      "detectors.load.costly_requests", .integer(1...1_000_000), "30",
      "Slow requests, or server errors, that one client causes in one visit."),
    Setting(
      "detectors.clients.remembered", .integer(16...10_000_000), "65536",
      "Clients remembered in each zone, and twice as many in all of them; the longest unseen go first."),
    Setting(
      "detectors.clients.expiry", .duration(second...(400 * day)), "40d", "A client unseen for this long is forgotten."),
    Setting("detectors.clients.visit_gap", .duration(second...day), "30m", "A pause this long ends a visit."),
    Setting(
      "campaigns.update_interval", .duration(second...day), "1m",
      "An attack that goes on is told again no sooner than this."),
  ]

  /// A pipeline from a file and the environment.
  /// - Parameters:
  ///   - text: nil for the built-in pipeline.
  ///   - file: Name for errors.
  public static func load(
    _ text: [UInt8]? = nil, file: String = "built-in web.yaml", environment: [(name: String, value: String)] = []
  ) throws(ConfigurationErrors) -> Settings {
    let settings = try Settings(table: table, text: text, file: file, environment: environment)
    let errors = settings.contradictions
    if !errors.isEmpty { throw ConfigurationErrors(errors) }
    return settings
  }

  /// The built-in pipeline as a file: what pipelines/web.yaml holds.
  public static var web: String {
    """
    # The pipeline for web logs, with every key at its default. Copy it, keep the keys that differ, and pass it with
    # --pipeline FILE. Any key can be overridden from the environment: MILLRACE_WINDOWS__LENGTH=30s.

    """ + Settings(table: table).yaml(help: true)
  }
}
