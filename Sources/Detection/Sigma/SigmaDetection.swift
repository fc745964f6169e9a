// The `detection` section: search identifiers, each a map (all of it), a list of maps (any of them) or a list of
// values looked for anywhere (any of them).

import Bytes
import Configuration

struct SigmaDetectionParser {
  let file: String

  func error(_ place: Configuration.Place, _ message: String) -> ConfigurationError {
    ConfigurationError(file: file, place: place, message: message)
  }

  /// One search identifier.
  func search(_ node: YamlNode) throws(ConfigurationError) -> RuleExpression {
    switch node.content {
    case .map(let pairs): return try map(pairs, at: node.place)
    case .list(let list):
      guard !list.isEmpty else { throw error(node.place, "an empty list matches nothing") }
      var parts: [RuleExpression] = []
      for item in list {
        switch item.content {
        case .map(let pairs): parts.append(try map(pairs, at: item.place))
        case .scalar: parts.append(try field("", modifiers: [], [item], at: item.place))
        case .list: throw error(item.place, "a list in a list has no meaning here")
        }
      }
      return .anyOf(parts)
    case .scalar: return try field("", modifiers: [], [node], at: node.place)
    }
  }

  private func map(_ pairs: [YamlPair], at place: Configuration.Place) throws(ConfigurationError) -> RuleExpression {
    guard !pairs.isEmpty else { throw error(place, "an empty map matches nothing") }
    var parts: [RuleExpression] = []
    for pair in pairs {
      let words = pair.key.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let values: [YamlNode]
      switch pair.value.content {
      case .scalar: values = [pair.value]
      case .list(let list): values = list
      case .map: throw error(pair.value.place, "a value or a list of values is expected, not a map")
      }
      guard !values.isEmpty else { throw error(pair.value.place, "an empty list matches nothing") }
      parts.append(try field(words[0], modifiers: Array(words.dropFirst()), values, at: pair.keyPlace))
    }
    return .allOf(parts)
  }

  private func field(
    _ name: String, modifiers names: [String], _ values: [YamlNode], at place: Configuration.Place
  ) throws(ConfigurationError) -> RuleExpression {
    let field: SigmaField
    if name.isEmpty {
      field = .text(.anywhere)
    } else if let known = SigmaField(name: name) {
      field = known
    } else if let reason = SigmaField.absent[name.lowercased()] {
      throw error(place, "field '\(name)' is not supported: \(reason)")
    } else {
      throw error(
        place,
        "field '\(name)' is not one that web logs have" + suggestion(for: name, among: SigmaField.names.map(\.name)))
    }
    var modifiers: SigmaModifiers
    do throws(SigmaProblem) { modifiers = try SigmaModifiers(names) } catch { throw self.error(place, error.message) }
    // Without a field, a value is looked for anywhere in any field.
    if name.isEmpty, modifiers.kind == .text, !modifiers.startsWith, !modifiers.endsWith { modifiers.contains = true }
    var parts: [RuleExpression] = []
    for value in values {
      guard let scalar = value.scalar else {
        throw error(value.place, "a single value is expected, not \(value.kindName)")
      }
      do throws(SigmaProblem) {
        parts.append(try Self.test(field, modifiers, scalar))
      } catch {
        throw self.error(value.place, error.message)
      }
    }
    let combined: RuleExpression = modifiers.all ? .allOf(parts) : .anyOf(parts)
    return modifiers.isNegated ? .not(combined) : combined
  }

  /// One value of one field.
  static func test(_ field: SigmaField, _ modifiers: SigmaModifiers, _ scalar: YamlScalar) throws(SigmaProblem)
    -> RuleExpression
  {
    if let part = modifiers.timePart { return try time(field, part, modifiers, scalar) }
    if field == .time {
      throw SigmaProblem(
        "a time is compared by a part of it: minute, hour, day, week, month or year, such as 'time|hour|gte: 22'")
    }
    switch modifiers.kind {
    case .exists:
      guard let wanted = scalar.bool else { throw SigmaProblem("'exists' takes true or false") }
      if field == .text(.anywhere) { throw SigmaProblem("'exists' needs a field") }
      return wanted ? .present(field) : .not(.present(field))
    case .network:
      guard field == .client else { throw SigmaProblem("'cidr' needs a field that is an address") }
      guard let network = Network(scalar.text) else {
        throw SigmaProblem("'\(scalar.text)' is not a network such as 10.0.0.0/8")
      }
      return .network(network)
    case .compare(let comparison):
      guard case .number(let number) = field else {
        throw SigmaProblem("'\(comparison.rawValue)' needs a field that is a number")
      }
      guard let value = Self.number(scalar) else { throw SigmaProblem("'\(scalar.text)' is not a number") }
      return .number(number, comparison, value)
    case .fieldReference: return try reference(field, modifiers, scalar)
    case .regex:
      guard case .text(let text) = field else { throw SigmaProblem("'re' needs a field that is text") }
      let options = RegexOptions(
        ignoreCase: modifiers.ignoreCase, multiline: modifiers.multiline, dotAll: modifiers.dotAll)
      if let problem = ConfirmingRegex.problem(in: scalar.text, options) { throw SigmaProblem(problem) }
      return .text(TextTest(field: text, pattern: .regex(scalar.text, options), isCased: false))
    case .text:
      if scalar.isNull {
        if field == .text(.anywhere) { throw SigmaProblem("null needs a field") }
        return .not(.present(field))
      }
      return try value(field, modifiers, scalar)
    }
  }

  /// A part of the time: a whole number.
  private static func time(
    _ field: SigmaField, _ name: String, _ modifiers: SigmaModifiers, _ scalar: YamlScalar
  ) throws(SigmaProblem) -> RuleExpression {
    guard field == .time, let part = NumberField.timeParts[name] else {
      throw SigmaProblem("'\(name)' needs a field that is a time: date, time or timestamp")
    }
    guard let value = scalar.integer, part.range.contains(Int(clamping: value)) else {
      throw SigmaProblem("'\(scalar.text)' is not a number from \(part.range.lowerBound) to \(part.range.upperBound)")
    }
    var comparison = Comparison.equal
    if case .compare(let asked) = modifiers.kind { comparison = asked }
    return .number(part.field, comparison, Double(value))
  }

  private static func number(_ scalar: YamlScalar) -> Double? {
    scalar.number ?? YamlScalar(text: scalar.text, isPlain: true).number
  }

  private static func value(
    _ field: SigmaField, _ modifiers: SigmaModifiers, _ scalar: YamlScalar
  ) throws(SigmaProblem) -> RuleExpression {
    let globs = try modifiers.globs(of: scalar.text)
    switch field {
    case .text(let text):
      return .anyOf(globs.map { textValue(text, $0, isCased: modifiers.isCased) })
    case .number(let number):
      if globs.count == 1, let literal = globs[0].literal {
        if literal.isEmpty { return .not(.present(field)) }
        guard let value = Self.number(scalar) else {
          throw SigmaProblem("'\(scalar.text)' is not a number, which this field is")
        }
        return .number(number, .equal, value)
      }
      return .anyOf(globs.map { .digits(number, $0) })
    case .client:
      if globs.count == 1, globs[0].literal == [] { return .not(.present(field)) }
      if globs.count == 1, globs[0].literal != nil {
        guard let network = Network(scalar.text) else { throw SigmaProblem("'\(scalar.text)' is not an address") }
        return .network(network)
      }
      return .anyOf(globs.map { .address($0) })
    case .time: throw SigmaProblem("a time is compared by a part of it")
    case .method: return .anyOf(globs.map { .method($0, isCased: modifiers.isCased) })
    case .protocolVersion: return .anyOf(globs.map { .protocolVersion($0, isCased: modifiers.isCased) })
    }
  }

  private static func textValue(_ field: TextField, _ glob: Glob, isCased: Bool) -> RuleExpression {
    if glob.tokens.isEmpty { return .not(.present(.text(field))) }
    if glob.tokens == [.many] { return field == .anywhere ? .constant(true) : .present(.text(field)) }
    return .text(TextTest(field: field, pattern: .glob(glob), isCased: isCased))
  }

  private static func reference(
    _ field: SigmaField, _ modifiers: SigmaModifiers, _ scalar: YamlScalar
  ) throws(SigmaProblem) -> RuleExpression {
    guard let other = SigmaField(name: scalar.text) else {
      throw SigmaProblem("'\(scalar.text)' is not the name of a field")
    }
    switch (field, other) {
    case (.text(.anywhere), _): throw SigmaProblem("'fieldref' needs a field")
    case (.text, .text), (.number, .number), (.client, .client): break
    default: throw SigmaProblem("'fieldref' compares text with text and numbers with numbers")
    }
    let comparison: FieldComparison =
      modifiers.contains ? .contains : modifiers.startsWith ? .startsWith : modifiers.endsWith ? .endsWith : .equal
    if comparison != .equal, case .text = field {
    } else if comparison != .equal {
      throw SigmaProblem("only text can contain, start or end with another field")
    }
    return .fields(field, comparison, other, isCased: modifiers.isCased)
  }
}
