// The keys of a pipeline as a part of docs/operation.md.

extension PipelineFile {
  /// A Markdown table for each group of keys: key, default, values, meaning.
  public static var reference: String {
    var text = ""
    var group: String?
    for setting in table {
      let first = setting.key.split(separator: ".").first.map(String.init) ?? ""
      let own = setting.key.contains(".") ? first : ""
      if own != group {
        text += (group == nil ? "" : "\n") + (own.isEmpty ? "" : "### \(own)\n")
        text += "| key | default | values | meaning |\n|---|---|---|---|\n"
        group = own
      }
      text += row(setting.key, setting)
      if case .items(let table) = setting.kind {
        for item in table { text += row("\(setting.key)[].\(item.key)", item) }
      }
    }
    return text
  }

  private static func row(_ key: String, _ setting: Setting) -> String {
    // What Markdown would take for its own.
    let meaning = setting.help.map { "|<*".contains($0) ? "\\\($0)" : String($0) }.joined()
    let secret = setting.isSecret ? " *Secret.*" : ""
    return "| `\(key)` | `\(setting.standard.yaml)` | \(setting.kind.values) | \(meaning)\(secret) |\n"
  }
}

extension SettingKind {
  /// What may be given, for people.
  fileprivate var values: String {
    switch self {
    case .text: "text"
    case .flag: "true, false"
    case .integer(let range):
      range.upperBound == Int.max ? "from \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .duration(let range): "\(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
    case .bytes(let range): "\(ByteCount.text(range.lowerBound)) to \(ByteCount.text(range.upperBound))"
    case .choice(let choices): choices.joined(separator: ", ")
    case .texts: "list"
    case .properties: "map"
    case .items: "list of maps"
    }
  }
}
