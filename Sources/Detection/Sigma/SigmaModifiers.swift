// `field|modifier|modifier`: which modifiers there are, which go together, and what they make of values.

import Bytes
import Configuration

/// The modifiers of one key, checked against each other.
struct SigmaModifiers {
  enum Kind: Equatable {
    case text, regex, network, exists, fieldReference
    case compare(Comparison)
  }
  var kind = Kind.text
  var contains = false
  var startsWith = false
  var endsWith = false
  var all = false
  var isCased = false
  var isNegated = false
  var ignoreCase = false
  var multiline = false
  var dotAll = false
  /// `minute` and the like: the part of a time that is compared.
  var timePart: String?
  /// In the order given.
  var encodings: [String] = []

  static let known = [
    "contains", "startswith", "endswith", "all", "cased", "neq", "re", "i", "m", "s", "cidr", "exists", "fieldref",
    "gt",
    "gte", "lt", "lte", "base64", "base64offset", "wide", "utf16", "utf16le", "utf16be", "windash",
    "minute", "hour", "day", "week", "month", "year",
  ]

  init(_ names: [String]) throws(SigmaProblem) {
    for name in names {
      switch name {
      case "contains": contains = true
      case "startswith": startsWith = true
      case "endswith": endsWith = true
      case "all": all = true
      case "cased": isCased = true
      case "neq": isNegated = true
      case "re": try set(.regex)
      case "i", "ignorecase": ignoreCase = true
      case "m", "multiline": multiline = true
      case "s", "dotall": dotAll = true
      case "cidr": try set(.network)
      case "exists": try set(.exists)
      case "fieldref": try set(.fieldReference)
      case "gt", "gte", "lt", "lte": if let comparison = Comparison(rawValue: name) { try set(.compare(comparison)) }
      case "base64", "base64offset", "wide", "utf16", "utf16le", "utf16be", "windash": encodings.append(name)
      case "expand": throw SigmaProblem("modifier 'expand' is not supported: write the placeholder's values out")
      case "minute", "hour", "day", "week", "month", "year":
        if timePart != nil { throw SigmaProblem("only one part of a time can be compared") }
        timePart = name
      default: throw SigmaProblem("unknown modifier '\(name)'" + suggestion(for: name, among: Self.known))
      }
    }
    try check()
  }

  private mutating func set(_ kind: Kind) throws(SigmaProblem) {
    guard self.kind == .text else {
      throw SigmaProblem("modifiers that each change the meaning of the value exclude each other")
    }
    self.kind = kind
  }

  private func check() throws(SigmaProblem) {
    let positions = [contains, startsWith, endsWith].filter { $0 }.count
    if positions > 1 { throw SigmaProblem("only one of contains, startswith and endswith can be used") }
    if kind != .regex, ignoreCase || multiline || dotAll {
      throw SigmaProblem("modifiers i, m and s need 're' before them")
    }
    if let timePart {
      var isPlain = kind == .text
      if case .compare = kind { isPlain = true }
      guard isPlain, positions == 0, !isCased, encodings.isEmpty else {
        throw SigmaProblem("'\(timePart)' goes with gt, gte, lt, lte, neq and all only")
      }
    }
    switch kind {
    case .text: break
    case .fieldReference:
      if !encodings.isEmpty { throw SigmaProblem("'fieldref' names a field, which has no encoding") }
    case .regex:
      if positions > 0 || isCased || !encodings.isEmpty {
        throw SigmaProblem("'re' goes with i, m, s, all and neq only; a regular expression is case-sensitive without i")
      }
    case .network, .exists, .compare:
      if positions > 0 || isCased || !encodings.isEmpty {
        throw SigmaProblem("this modifier goes with all and neq only")
      }
    }
  }

  /// The values that one value stands for, encoded.
  func globs(of text: String) throws(SigmaProblem) -> [Glob] {
    let plain = Glob(sigma: text)
    var globs = [plain]
    if !encodings.isEmpty {
      guard let literal = plain.literal else { throw SigmaProblem("wildcards cannot be encoded") }
      var values = [literal]
      for encoding in encodings { values = try Self.encode(values, encoding) }
      values.removeAll { $0.isEmpty }
      if values.isEmpty { throw SigmaProblem("too short to be found by '\(encodings.joined(separator: "|"))'") }
      globs = values.map { Glob(literal: $0) }
    }
    return globs.map { $0.wrapped(before: contains || endsWith, after: contains || startsWith) }
  }

  private static func encode(_ values: [[UInt8]], _ encoding: String) throws(SigmaProblem) -> [[UInt8]] {
    var encoded: [[UInt8]] = []
    for value in values {
      switch encoding {
      case "base64": encoded.append(ValueEncoding.base64(value))
      case "base64offset": encoded += ValueEncoding.base64Offsets(value)
      case "wide", "utf16le": encoded.append(ValueEncoding.utf16(value, bigEndian: false, mark: false))
      case "utf16be": encoded.append(ValueEncoding.utf16(value, bigEndian: true, mark: false))
      case "utf16": encoded.append(ValueEncoding.utf16(value, bigEndian: false, mark: true))
      default:
        guard let variants = ValueEncoding.dashVariants(value) else {
          throw SigmaProblem("more than four dashes under 'windash'")
        }
        encoded += variants
      }
    }
    return encoded
  }
}

/// What is wrong with a part of a rule; the parser adds the place.
struct SigmaProblem: Error {
  var message: String
  init(_ message: String) { self.message = message }
}
