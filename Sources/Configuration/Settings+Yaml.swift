// Settings written out: as an effective configuration, or as a file that explains every key.

extension Settings {
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
      if help { text += explanation(of: setting, margin: margin) }
      text += "\(margin)\(path[path.count - 1]):"
      var comment = ""
      if !help {
        switch origin {
        case .builtIn: break
        case .file(let file, let place): comment = "  # \(printableComment(file)):\(place)"
        case .environment(let name): comment = "  # \(printableComment(name))"
        }
      }
      if case .items(let items) = value, !items.isEmpty {
        text += comment + "\n"
        for item in items { text += "\(margin)  - \(item.inlineYaml)\n" }
      } else {
        text += " \(shown(setting, value, origin))\(comment)\n"
      }
    }
    return text
  }

  /// The keys that are not at their defaults, as a map on one line: an item of a list.
  var inlineYaml: String {
    var parts: [String] = []
    for setting in table {
      let (value, origin) = entry(setting.key)
      guard origin != .builtIn else { continue }
      parts.append("\(setting.key): \(shown(setting, value, origin))")
    }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  /// A default is no secret.
  private func shown(_ setting: Setting, _ value: SettingValue, _ origin: SettingOrigin) -> String {
    guard setting.isSecret, origin != .builtIn, value != setting.standard else { return value.yaml }
    if case .properties = value { return value.yaml(masked: true) }
    return "\"\(secretMask)\""
  }

  private func explanation(of setting: Setting, margin: String) -> String {
    let width = 100 - margin.count
    var text = setting.help.isEmpty ? "" : wrapped(setting.help, indent: 0, width: width).commented(margin)
    if case .items(let table) = setting.kind {
      text += "Each is a map of:\n".commented(margin)
      for item in table {
        text += wrapped("\(item.key) (\(item.standard.yaml)): \(item.help)", indent: 2, width: width).commented(margin)
      }
    }
    return text
  }
}

/// A file's name as it may stand in a comment: line ends and control characters would end it.
private func printableComment(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }))
}

extension String {
  /// Each line after `margin` and `# `.
  fileprivate func commented(_ margin: String) -> String {
    split(separator: "\n").map { "\(margin)# \($0)\n" }.joined()
  }
}
