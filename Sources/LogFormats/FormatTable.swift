// The table of formats. A new one is a line.

enum FormatTable {
  private struct Entry {
    let name: String
    let description: String
    let dialect: FormatDialect
    let strings: [String]
  }

  private static func entry(_ name: String, _ description: String, _ dialect: FormatDialect, _ strings: String...)
    -> Entry
  { Entry(name: name, description: description, dialect: dialect, strings: strings) }

  private static let entries: [Entry] = [
    entry(
      "combined", "Apache and nginx combined", .apache,
      #"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#),
    entry("common", "NCSA common", .apache, #"%h %l %u %t "%r" %>s %b"#),
  ]

  static let formats: [LogFormat] = entries.map { entry in
    let layouts = entry.strings.map { string in
      do {
        return try LogFormat(formatString: string, dialect: entry.dialect).layouts[0]
      } catch {
        // The table is ours: a test compiles all of it.
        preconditionFailure("\(entry.name): \(error)")
      }
    }
    return LogFormat(name: entry.name, description: entry.description, layouts: layouts)
  }
}
