// How lines are read: format, zone of their stamps, proxies, limits.

import Bytes
import Configuration
import Events
import LogFormats

extension Pipeline {
  /// The format of `input.format`; nil where it is to be told from the lines.
  public func format() throws(SetupError) -> LogFormat? {
    try Self.format(settings.text("input.format"), "input.format")
  }

  /// Options of parsing; what the command line says goes before what the pipeline does.
  /// - Parameters:
  ///   - timeZone: Of `--time-zone`.
  ///   - proxies: Of `--trusted-proxies`, each a network or a list of them.
  public func parseOptions(timeZone: String? = nil, proxies: [String] = []) throws(SetupError) -> ParseOptions {
    var options = ParseOptions()
    let zone = timeZone ?? settings.text("input.time_zone")
    guard let rules = Self.timeZone(zone) else {
      throw SetupError(
        "\(timeZone == nil ? "input.time_zone" : "--time-zone"): '\(zone)' is no zone; give UTC, an offset such as +02:00, "
          + "or a name such as Europe/Berlin")
    }
    options.timeZone = rules
    let asked = proxies.flatMap { $0.split(separator: ",").map(String.init) }
    for proxy in asked.isEmpty ? settings.texts("input.trusted_proxies") : asked {
      guard let network = Network(proxy) else {
        throw SetupError(
          "\(asked.isEmpty ? "input.trusted_proxies" : "--trusted-proxies"): '\(proxy)' is no network; write it as "
            + "192.0.2.0/24")
      }
      options.trustedProxies.append(network)
    }
    return options
  }

  /// What a source's clock believes.
  public var clock: ClockLimits {
    var limits = ClockLimits()
    limits.maxDisorder = settings.duration("input.max_disorder")
    limits.maxAhead = settings.duration("input.max_ahead")
    return limits
  }

  /// Bytes of the longest line that is parsed.
  public var maxLine: Int { settings.bytes("input.max_line") }

  /// A format by name or by format string; nil for `auto`. `place` names the option for errors.
  public static func format(_ text: String, _ place: String) throws(SetupError) -> LogFormat? {
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
      throw SetupError("\(place): \(error)")
    }
  }

  /// A zone by offset or by the name of a file of the zone database.
  public static func timeZone(_ name: String) -> TimeZoneRules? {
    if let rules = TimeZoneRules(name) { return rules }
    guard TimeZoneRules.isZoneName(name), let bytes = fileContents("/usr/share/zoneinfo/\(name)") else { return nil }
    return TimeZoneRules(tzif: bytes)
  }
}
