// This project's own format strings, for what no server's language can say: `<client> [<time_common>] "<request>"`.

enum FieldsDialect {
  static func compile(_ format: String) throws(FormatError) -> TextProgram {
    var builder = ProgramBuilder(format: format)
    let text = Array(format.utf8)
    var at = 0
    while at < text.count {
      if text[at] == 0x5c, at + 1 < text.count {
        at += 1
        builder.literal(text[at] == 0x74 ? 0x09 : text[at])
        at += 1
        continue
      }
      guard text[at] == 0x3c else {
        builder.literal(text[at])
        at += 1
        continue
      }
      let column = at + 1
      guard let close = text[at...].firstIndex(of: 0x3e) else {
        throw FormatError(
          format: format, column: column, reason: "'<' is never closed; write '\\<' for the sign itself")
      }
      var name = String(decoding: text[(at + 1)..<close], as: UTF8.self)
      // A leading blank in the name: the column is aligned with spaces.
      let padded = name.hasPrefix(" ")
      if padded { name.removeFirst() }
      guard let field = Field.named(name) else {
        throw FormatError(
          format: format, column: column,
          reason: "no field is called '\(name)'; there are \(Field.names.map(\.name).joined(separator: ", "))")
      }
      try builder.field(field, padded: padded, column: column)
      at = close + 1
    }
    return try builder.finish()
  }
}
