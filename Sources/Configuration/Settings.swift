// Settings: a table of keys, read from a YAML file, overridden by the environment, typed and with their origin.
//
// A key that the table does not know is refused with its place and the nearest name: a mistyped key that is silently
// ignored costs more than one that is refused.

/// Where a setting's value came from.
public enum SettingOrigin: Sendable, Hashable {
  case builtIn
  case file(String, Place)
  case environment(String)
}

/// Values for every key of a table. Asking for a key that is not in the table, or as another type, is a
/// programmer's mistake and traps.
///
/// Two are equal when all their values are, wherever these came from.
public struct Settings: Sendable, Hashable {
  public let table: [Setting]
  /// What is said before a key in messages: `forwarder.sources[0].` in an item of a list.
  private let prefix: String
  private var values: [String: (value: SettingValue, origin: SettingOrigin)]
  /// Things to tell the user that are not errors.
  public private(set) var notes: [String] = []

  /// The table's defaults.
  public init(table: [Setting]) { self.init(table: table, prefix: "") }

  private init(table: [Setting], prefix: String) {
    self.table = table
    self.prefix = prefix
    values = [:]
    for setting in table { values[setting.key] = (setting.standard, .builtIn) }
  }

  /// Reads `text` over the defaults, then the environment over that.
  /// - Parameters:
  ///   - text: The file's contents, or nil when there is none.
  ///   - environment: Names and values; those without the prefix `MILLRACE_` are ignored. `MILLRACE_A__B_C`
  ///     overrides the key `a.b_c`.
  public init(
    table: [Setting], text: [UInt8]?, file: String, environment: [(name: String, value: String)] = []
  ) throws(ConfigurationErrors) {
    self.init(table: table)
    var errors: [ConfigurationError] = []
    if let text {
      do throws(ConfigurationError) {
        let documents = try YamlReader.documents(text, file: file)
        if documents.count > 1 {
          errors.append(
            ConfigurationError(file: file, place: documents[1].place, message: "one document is expected, not several"))
        }
        if let root = documents.first, !root.isNull { read(root, under: "", file: file, errors: &errors) }
      } catch {
        errors.append(error)
      }
    }
    override(by: environment, errors: &errors)
    if !errors.isEmpty { throw ConfigurationErrors(errors) }
  }

  private mutating func read(_ node: YamlNode, under path: String, file: String, errors: inout [ConfigurationError]) {
    func complain(_ place: Place, _ message: String) {
      errors.append(ConfigurationError(file: file, place: place, message: message))
    }
    guard let pairs = node.map else {
      let shown = path.isEmpty ? prefix.isEmpty ? "the file" : "'\(prefix.dropLast())'" : "'\(prefix)\(path)'"
      complain(node.place, "\(shown) must be a map of keys, not \(node.kindName)")
      return
    }
    for pair in pairs {
      let key = path.isEmpty ? pair.key : "\(path).\(pair.key)"
      if let setting = table.first(where: { $0.key == key }) {
        read(pair.value, as: setting, origin: .file(file, pair.value.place), file: file, errors: &errors)
      } else if table.contains(where: { $0.key.hasPrefix(key + ".") }) {
        if !pair.value.isNull { read(pair.value, under: key, file: file, errors: &errors) }
      } else {
        complain(pair.keyPlace, "unknown key '\(prefix)\(key)'" + suggestion(for: pair.key, among: names(under: path)))
      }
    }
  }

  /// Takes one key's value, unless it is wrong.
  private mutating func read(
    _ node: YamlNode, as setting: Setting, origin: SettingOrigin, file: String, errors: inout [ConfigurationError]
  ) {
    let shown = prefix + setting.key
    if case .items(let table) = setting.kind {
      guard let list = node.isNull ? [] : node.list else {
        errors.append(
          ConfigurationError(
            file: file, place: node.place, message: "\(shown): a list of maps is expected, not \(node.kindName)"))
        return
      }
      var items: [Settings] = []
      for (index, node) in list.enumerated() {
        var item = Settings(table: table, prefix: "\(shown)[\(index)].")
        item.read(node, under: "", file: file, errors: &errors)
        notes += item.notes
        items.append(item)
      }
      values[setting.key] = (.items(items), origin)
      return
    }
    // What `--print-effective` shows is a pipeline still, but for the secrets.
    if setting.isSecret, node.text == secretMask {
      notes.append("\(shown) is masked (\(secretMask)) and left as it was; give it in \(Self.variable(for: shown))")
      return
    }
    switch Self.value(of: node, as: setting.kind) {
    case .success(.properties(let properties)):
      let told = properties.filter { $0.value != secretMask }
      for property in properties where property.value == secretMask {
        notes.append("\(shown): '\(property.name)' is masked (\(secretMask)) and left out")
      }
      values[setting.key] = (.properties(told), origin)
    case .success(let value): values[setting.key] = (value, origin)
    case .failure(let problem):
      let message = setting.isSecret ? "not a value for this key" : problem.message
      errors.append(ConfigurationError(file: file, place: node.place, message: "\(shown): \(message)"))
    }
  }

  /// Last components of the keys and groups directly under a path.
  private func names(under path: String) -> [String] {
    var names: [String] = []
    for setting in table {
      guard path.isEmpty || setting.key.hasPrefix(path + ".") else { continue }
      let rest = path.isEmpty ? setting.key[...] : setting.key.dropFirst(path.count + 1)
      let name = String(rest.prefix { $0 != "." })
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  private static func value(of node: YamlNode, as kind: SettingKind) -> Result<SettingValue, SettingProblem> {
    switch (kind, node.content) {
    case (.texts, .list(let list)):
      var texts: [String] = []
      for item in list {
        guard let text = item.text, !item.isNull else {
          return .failure(SettingProblem(message: "a list of single values is expected"))
        }
        texts.append(text)
      }
      return .success(.texts(texts))
    case (.texts, .scalar(let scalar)): return .success(.texts(scalar.isNull ? [] : [scalar.text]))
    case (.properties, .map(let pairs)):
      var properties: [SettingProperty] = []
      for pair in pairs {
        guard let text = pair.value.text else {
          return .failure(SettingProblem(message: "a single value is expected for '\(pair.key)'"))
        }
        properties.append(SettingProperty(pair.key, pair.value.isNull ? "" : text))
      }
      return .success(.properties(properties))
    case (.properties, _):
      if node.isNull { return .success(.properties([])) }
      return .failure(SettingProblem(message: "a map of names to values is expected, not \(node.kindName)"))
    case (.text, .scalar(let scalar)): return .success(.text(scalar.isNull ? "" : scalar.text))
    case (_, .scalar(let scalar)) where !scalar.isNull: return kind.value(of: scalar.text)
    default: return .failure(SettingProblem(message: "a single value is expected, not \(node.kindName)"))
    }
  }

  /// Variables with which the project itself is built and tested: they are meant for no setting.
  static func isOfBuild(_ name: String) -> Bool {
    ["MILLRACE_TARGETS", "MILLRACE_TEST_", "MILLRACE_REGENERATE", "MILLRACE_FUZZ"].contains { name.hasPrefix($0) }
  }

  private mutating func override(
    by environment: [(name: String, value: String)], errors: inout [ConfigurationError]
  ) {
    // Sorted, so that errors do not depend on the order of the environment.
    for (name, text) in environment.sorted(by: { $0.name < $1.name }) where name.hasPrefix("MILLRACE_") {
      let key = Self.key(ofVariable: name)
      guard let setting = table.first(where: { $0.key == key }) else {
        if Self.isOfBuild(name) { continue }
        let near = suggestion(for: name, among: table.map { Self.variable(for: $0.key) })
        if name.contains("__") {
          errors.append(ConfigurationError(file: name, place: nil, message: "overrides no key" + near))
        } else {
          notes.append("\(name) overrides no key and is ignored" + near)
        }
        continue
      }
      if setting.kind.isStructured(text) {
        override(setting, variable: name, yaml: text, errors: &errors)
        continue
      }
      switch setting.kind.value(of: text) {
      case .success(let value): values[key] = (value, .environment(name))
      case .failure(let problem):
        errors.append(
          ConfigurationError(
            file: name, place: nil, message: setting.isSecret ? "not a value for \(key)" : problem.message))
      }
    }
  }

  /// A list of maps, or a map in braces, in a variable is YAML, as it would stand in the file.
  private mutating func override(
    _ setting: Setting, variable name: String, yaml text: String, errors: inout [ConfigurationError]
  ) {
    do throws(ConfigurationError) {
      let documents = try YamlReader.documents(text, file: name)
      guard let node = documents.first else {
        values[setting.key] = (setting.standard, .environment(name))
        return
      }
      read(node, as: setting, origin: .environment(name), file: name, errors: &errors)
    } catch {
      errors.append(error)
    }
  }

  /// Name of the environment variable that overrides a key.
  public static func variable(for key: String) -> String {
    "MILLRACE_" + key.split(separator: ".").joined(separator: "__").uppercased()
  }

  static func key(ofVariable name: String) -> String {
    var key = ""
    var underscores = 0
    for character in name.dropFirst("MILLRACE_".count).lowercased() {
      if character == "_" {
        underscores += 1
        if underscores == 2 {
          key.removeLast()
          key += "."
          underscores = 0
          continue
        }
      } else {
        underscores = 0
      }
      key.append(character)
    }
    return key
  }

  // MARK: Values

  func entry(_ key: String) -> (value: SettingValue, origin: SettingOrigin) {
    guard let entry = values[key] else { preconditionFailure("no setting '\(key)' in the table") }
    return entry
  }

  public func origin(_ key: String) -> SettingOrigin { entry(key).origin }

  public func text(_ key: String) -> String {
    guard case .text(let value) = entry(key).value else { preconditionFailure("'\(key)' is not text") }
    return value
  }
  public func flag(_ key: String) -> Bool {
    guard case .flag(let value) = entry(key).value else { preconditionFailure("'\(key)' is not a flag") }
    return value
  }
  public func integer(_ key: String) -> Int {
    guard case .integer(let value) = entry(key).value else { preconditionFailure("'\(key)' is not an integer") }
    return value
  }
  public func number(_ key: String) -> Double {
    guard case .number(let value) = entry(key).value else { preconditionFailure("'\(key)' is not a number") }
    return value
  }
  /// Nanoseconds.
  public func duration(_ key: String) -> Int64 {
    guard case .duration(let value) = entry(key).value else { preconditionFailure("'\(key)' is not a duration") }
    return value
  }
  public func bytes(_ key: String) -> Int {
    guard case .bytes(let value) = entry(key).value else { preconditionFailure("'\(key)' is not a size") }
    return value
  }
  public func texts(_ key: String) -> [String] {
    guard case .texts(let value) = entry(key).value else { preconditionFailure("'\(key)' is not a list") }
    return value
  }

  public func properties(_ key: String) -> [SettingProperty] {
    guard case .properties(let value) = entry(key).value else { preconditionFailure("'\(key)' is not a map") }
    return value
  }
  /// The maps of a list, each with the keys of the list's own table.
  public func items(_ key: String) -> [Settings] {
    guard case .items(let value) = entry(key).value else { preconditionFailure("'\(key)' is not a list of maps") }
    return value
  }
  /// Any value.
  public func value(_ key: String) -> SettingValue { entry(key).value }

  /// Something wrong with a value that could be read: with the place, or the variable, that it came from.
  public func error(_ key: String, _ message: String) -> ConfigurationError {
    let message = "\(prefix)\(key): \(message)"
    return switch origin(key) {
    case .builtIn: ConfigurationError(file: "built-in", place: nil, message: message)
    case .file(let file, let place): ConfigurationError(file: file, place: place, message: message)
    case .environment(let name): ConfigurationError(file: name, place: nil, message: message)
    }
  }

  public static func == (a: Settings, b: Settings) -> Bool {
    a.table == b.table && a.table.allSatisfy { a.entry($0.key).value == b.entry($0.key).value }
  }
  public func hash(into hasher: inout Hasher) {
    for setting in table { hasher.combine(entry(setting.key).value) }
  }
}
