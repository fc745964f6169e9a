// A format string pasted as it stands in a server's configuration.

enum ConfigurationLine {
  /// The format string and its dialect in `log_format NAME [escape=...] '...' '...';`, `LogFormat "..." NAME`, or a bare
  /// string that can be told by its own look. nil if it is none of them.
  static func read(_ text: String) -> (String, FormatDialect)? {
    let words = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" })
    if words.count == 2, words[0] == "log_format" { return (quoted(String(words[1])), .nginx) }
    if words.count == 2, words[0] == "LogFormat" { return (quoted(String(words[1])), .apache) }
    if words.count == 2, words[0] == "log-format" { return (String(words[1]), .haproxy) }
    if text.contains("%START_TIME") || text.contains("%REQ(") { return (text, .envoy) }
    if text.contains("%ci") || text.contains("%{+Q}r") { return (text, .haproxy) }
    if text.contains("$remote_addr") || text.contains("$request") || text.contains("$status") { return (text, .nginx) }
    if text.contains("%h") || text.contains("%a") || text.contains("%>s") || text.contains("%r") {
      return (text, .apache)
    }
    return nil
  }

  /// The quoted pieces one after another, as the servers join them. A quote behind a backslash belongs to the piece.
  private static func quoted(_ text: String) -> String {
    var result: [UInt8] = []
    var quote: UInt8 = 0
    var escaped = false
    for byte in text.utf8 {
      if quote == 0 {
        if byte == 0x22 || byte == 0x27 { quote = byte }
      } else if escaped {
        if byte != quote { result.append(0x5c) }
        result.append(byte)
        escaped = false
      } else if byte == 0x5c {
        escaped = true
      } else if byte == quote {
        quote = 0
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
