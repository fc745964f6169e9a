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
public struct Settings: Sendable {
  public let table: [Setting]
  private var values: [String: (value: SettingValue, origin: SettingOrigin)]
  /// Things to tell the user that are not errors.
  public private(set) var notes: [String] = []

  /// The table's defaults.
  public init(table: [Setting]) {
    self.table = table
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
      complain(node.place, "\(path.isEmpty ? "the file" : "'\(path)'") must be a map of keys, not \(node.kindName)")
      return
    }
    for pair in pairs {
      let key = path.isEmpty ? pair.key : "\(path).\(pair.key)"
      if let setting = table.first(where: { $0.key == key }) {
        switch Self.value(of: pair.value, as: setting.kind) {
        case .success(let value): values[key] = (value, .file(file, pair.value.place))
        case .failure(let problem): complain(pair.value.place, "\(key): \(problem.message)")
        }
      } else if table.contains(where: { $0.key.hasPrefix(key + ".") }) {
        if !pair.value.isNull { read(pair.value, under: key, file: file, errors: &errors) }
      } else {
        complain(pair.keyPlace, "unknown key '\(key)'" + suggestion(for: pair.key, among: names(under: path)))
      }
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
    case (.text, .scalar(let scalar)): return .success(.text(scalar.isNull ? "" : scalar.text))
    case (_, .scalar(let scalar)) where !scalar.isNull: return kind.value(of: scalar.text)
    default: return .failure(SettingProblem(message: "a single value is expected, not \(node.kindName)"))
    }
  }

  private mutating func override(
    by environment: [(name: String, value: String)], errors: inout [ConfigurationError]
  ) {
    // Sorted, so that errors do not depend on the order of the environment.
    for (name, text) in environment.sorted(by: { $0.name < $1.name }) where name.hasPrefix("MILLRACE_") {
      let key = Self.key(ofVariable: name)
      guard let setting = table.first(where: { $0.key == key }) else {
        let near = suggestion(for: name, among: table.map { Self.variable(for: $0.key) })
        if name.contains("__") {
          errors.append(ConfigurationError(file: name, place: nil, message: "overrides no key" + near))
        } else {
          notes.append("\(name) overrides no key and is ignored" + near)
        }
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

  private func entry(_ key: String) -> (value: SettingValue, origin: SettingOrigin) {
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

  // MARK: Shown

  /// The effective values as a YAML file that reads back to the same (but for secrets, which are masked).
  /// - Parameter help: With each key's meaning above it, instead of its origin beside it.
  public func yaml(help: Bool = false) -> String {
    var text = ""
    var open: [String] = []
    for setting in table {
      let path = setting.key.split(separator: ".").map(String.init)
      let groups = Array(path.dropLast())
      let shared = zip(open, groups).prefix { $0 == $1 }.count
      for level in shared..<groups.count {
        if help, level == 0 { text += "\n" }
        text += String(repeating: "  ", count: level) + groups[level] + ":\n"
      }
      if help, groups.isEmpty { text += "\n" }
      open = groups
      let margin = String(repeating: "  ", count: groups.count)
      let (value, origin) = entry(setting.key)
      if help { text += wrapped(setting.help, indent: 0, width: 100 - margin.count).commented(margin) }
      // A default is no secret.
      let masked = setting.isSecret && origin != .builtIn
      text += "\(margin)\(path[path.count - 1]): \(masked ? "\"***\"" : value.yaml)"
      if !help {
        switch origin {
        case .builtIn: break
        case .file(let file, let place): text += "  # \(file):\(place)"
        case .environment(let name): text += "  # \(name)"
        }
      }
      text += "\n"
    }
    return text
  }
}

extension String {
  /// Each line after `margin` and `# `.
  fileprivate func commented(_ margin: String) -> String {
    split(separator: "\n").map { "\(margin)# \($0)\n" }.joined()
  }
}
