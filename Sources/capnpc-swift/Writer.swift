// Lines of Swift with their indentation.

struct Writer {
  private(set) var text = ""
  private var depth = 0

  mutating func line(_ line: String = "") {
    text += line.isEmpty ? "\n" : String(repeating: "  ", count: depth) + line + "\n"
  }

  /// A doc comment, if there is anything to say.
  mutating func comment(_ comment: String) {
    var lines = comment.split(separator: "\n", omittingEmptySubsequences: false)
    while let last = lines.last, last.isEmpty { lines.removeLast() }
    for each in lines { line(each.isEmpty ? "///" : "/// \(each)") }
  }

  /// `head {`, the body, `}`.
  mutating func block(_ head: String, _ body: (inout Writer) -> Void) {
    line(head + " {")
    depth += 1
    body(&self)
    depth -= 1
    line("}")
  }
}

/// What the generator cannot do, and where.
struct Unsupported: Error { var place: String, reason: String }
