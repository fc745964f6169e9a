// One key of a configuration file: its type, bounds, default and meaning.

/// Type of a setting's value. Durations are nanoseconds, sizes bytes.
public enum SettingKind: Sendable, Hashable {
  case text
  case flag
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  /// `500ms`, `10s`, `5m`, `2h`, `7d`.
  case duration(ClosedRange<Int64>)
  /// `4096`, `64KiB`, `16MiB`, `1GiB`.
  case bytes(ClosedRange<Int>)
  case choice([String])
  /// A list of text; one value alone is a list of one.
  case texts
  /// A map of names to single values, in the order written: another program's properties, a request's headers.
  case properties
  /// A list of maps, each with these keys.
  case items([Setting])
}

/// A name and its value.
public struct SettingProperty: Sendable, Hashable {
  public var name: String
  public var value: String
  public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }

  /// Whether the name speaks of something that is not to be shown.
  var isSecret: Bool {
    let name = name.lowercased()
    return ["password", "secret", "token", "authorization", "jaas", "key.pem", "api-key", "cookie"].contains {
      name.contains($0)
    }
  }
}

public enum SettingValue: Sendable, Hashable {
  case text(String)
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case duration(Int64)
  case bytes(Int)
  case texts([String])
  case properties([SettingProperty])
  case items([Settings])
}

/// A key of a settings table. `key` is the path in the file, joined by dots: `windows.length`.
public struct Setting: Sendable, Hashable {
  public var key: String
  public var kind: SettingKind
  public var standard: SettingValue
  public var help: String
  /// Masked wherever settings are shown.
  public var isSecret: Bool

  /// - Parameter standard: As it would stand in the file. One that does not parse is a programmer's mistake and traps.
  public init(_ key: String, _ kind: SettingKind, _ standard: String, isSecret: Bool = false, _ help: String) {
    (self.key, self.kind, self.help, self.isSecret) = (key, kind, help, isSecret)
    switch kind.value(of: standard) {
    case .success(let value): self.standard = value
    case .failure(let problem): preconditionFailure("default of \(key): \(problem.message)")
    }
  }
}

struct SettingProblem: Error { var message: String }

extension SettingKind {
  /// Reads one value as written, in a file or in the environment (where a list is separated by commas).
  func value(of text: String) -> Result<SettingValue, SettingProblem> {
    func bad(_ wanted: String) -> Result<SettingValue, SettingProblem> {
      .failure(SettingProblem(message: "'\(text)' is not \(wanted)"))
    }
    switch self {
    case .text: return .success(.text(text))
    case .flag:
      switch text.lowercased() {
      case "true": return .success(.flag(true))
      case "false": return .success(.flag(false))
      default: return bad("true or false")
      }
    case .integer(let range):
      guard let value = Int(text), range.contains(value) else {
        return bad("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return .success(.integer(value))
    case .number(let range):
      guard let value = Double(text), range.contains(value) else {
        return bad("a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return .success(.number(value))
    case .duration(let range):
      guard let value = DurationText.parse(text), range.contains(value) else {
        return bad(
          "a duration from \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound)), such as 10s"
        )
      }
      return .success(.duration(value))
    case .bytes(let range):
      guard let value = ByteCount.parse(text), range.contains(value) else {
        return bad(
          "a size from \(ByteCount.text(range.lowerBound)) to \(ByteCount.text(range.upperBound)), such as 64KiB")
      }
      return .success(.bytes(value))
    case .choice(let choices):
      guard choices.contains(text) else {
        return bad("one of \(choices.joined(separator: ", "))" + suggestion(for: text, among: choices))
      }
      return .success(.text(text))
    case .texts:
      let parts = text.split(separator: ",").map { part in String(part.trimmingSpaces) }
      return .success(.texts(parts.filter { !$0.isEmpty }))
    case .properties:
      var properties: [SettingProperty] = []
      for part in text.split(separator: ",") where !part.trimmingSpaces.isEmpty {
        let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].trimmingSpaces.isEmpty else {
          return .failure(SettingProblem(message: "name=value pairs are expected, separated by commas"))
        }
        properties.append(SettingProperty(String(sides[0].trimmingSpaces), String(sides[1].trimmingSpaces)))
      }
      return .success(.properties(properties))
    case .items:
      return text.isEmpty ? .success(.items([])) : .failure(SettingProblem(message: "a list of maps is expected"))
    }
  }
}

extension SettingKind {
  /// Whether such a value in the environment is YAML rather than plain text.
  func isStructured(_ text: String) -> Bool {
    switch self {
    case .items: true
    case .properties: text[...].trimmingSpaces.hasPrefix("{")
    default: false
    }
  }
}

extension Substring {
  var trimmingSpaces: Substring {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}

extension SettingValue {
  /// As it stands in a file, on one line.
  public var yaml: String { yaml(masked: false) }

  /// - Parameter masked: Every value of a map is masked; without it, those whose names speak of secrets.
  func yaml(masked: Bool) -> String {
    switch self {
    case .properties(let properties):
      "{"
        + properties.map { property in
          let value = masked || property.isSecret ? "\"\(secretMask)\"" : quotedYaml(property.value)
          return "\(quotedYaml(property.name)): \(value)"
        }.joined(separator: ", ") + "}"
    case .items(let items): "[" + items.map(\.inlineYaml).joined(separator: ", ") + "]"
    case .text(let text): quotedYaml(text)
    case .flag(let flag): flag ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .duration(let value): DurationText.text(value)
    case .bytes(let value): ByteCount.text(value)
    case .texts(let texts): "[" + texts.map(quotedYaml).joined(separator: ", ") + "]"
    }
  }
}

/// What stands for a secret wherever settings are shown. Read back, it means that the secret was not told.
let secretMask = "***"

/// Text as a plain scalar where that is safe, else in double quotes.
func quotedYaml(_ text: String) -> String {
  let plain = text.utf8.allSatisfy { byte in
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2d || byte == 0x2f
      || byte == 0x2e || byte == 0x5f
  }
  let scalar = YamlScalar(text: text, isPlain: true)
  if plain, !text.isEmpty, !text.hasPrefix("-"), !scalar.isNull, scalar.bool == nil, scalar.number == nil {
    return text
  }
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\t": quoted += "\\t"
    default:
      if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) {
        let digits = String(scalar.value, radix: 16)
        quoted += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
      } else if scalar.properties.generalCategory == .format || (0x2028...0x2029).contains(scalar.value) {
        // Line ends to YAML, or what turns text around on a terminal.
        let digits = String(scalar.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
  }
  return quoted + "\""
}

/// Durations as people write them.
public enum DurationText {
  static let units: [(suffix: String, nanoseconds: Int64)] = [
    ("ms", 1_000_000), ("us", 1000), ("ns", 1), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
  ]

  /// Nanoseconds of `500ms`, `10s`, `5m`, `2h`, `7d`; `0` needs no unit. nil when it is none or does not fit.
  public static func parse(_ text: String) -> Int64? {
    if text == "0" { return 0 }
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let digits = text.dropLast(unit.suffix.utf8.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ ($0 &- 0x30) < 10 }), let count = Int64(digits) else { return nil }
    let (value, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
    return overflow ? nil : value
  }

  /// The shortest exact form.
  public static func text(_ nanoseconds: Int64) -> String {
    if nanoseconds == 0 { return "0" }
    for suffix in ["d", "h", "m", "s", "ms", "us"] {
      if let unit = units.first(where: { $0.suffix == suffix }), nanoseconds % unit.nanoseconds == 0 {
        return "\(nanoseconds / unit.nanoseconds)\(suffix)"
      }
    }
    return "\(nanoseconds)ns"
  }
}

/// Sizes as people write them.
public enum ByteCount {
  static let units: [(suffix: String, bytes: Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
  ]

  public static func parse(_ text: String) -> Int? {
    let unit = units.first { text.hasSuffix($0.suffix) }
    let digits = text.dropLast(unit == nil ? 0 : 3)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ ($0 &- 0x30) < 10 }), let count = Int(digits) else { return nil }
    let (value, overflow) = count.multipliedReportingOverflow(by: unit?.bytes ?? 1)
    return overflow ? nil : value
  }

  public static func text(_ bytes: Int) -> String {
    for unit in units.reversed() where bytes >= unit.bytes && bytes % unit.bytes == 0 {
      return "\(bytes / unit.bytes)\(unit.suffix)"
    }
    return String(bytes)
  }
}
