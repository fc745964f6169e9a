// A format's line as a short program: fixed text, and what to put between.

import Bytes

/// What a `<name>` in a template stands for.
enum LineField: String, Sendable {
  case client, address, user, method, target, stem, query, status, bytes, host, referrer, agent, cookie, body, type
  case `protocol`, version, token
  /// `02/Jun/2025:00:00:00`, `2025-06-02T00:00:00`, `2025-06-02`, `00:00:00`.
  case stamp, iso, date, clock
  /// Whole seconds since 1970, and the three digits after them.
  case epoch, ms
  /// How long it took.
  case seconds, milliseconds, nanoseconds
}

struct LineTemplate: Sendable {
  enum Step: Sendable {
    case text(PoolSlice)
    /// With a dash where there is nothing.
    case field(LineField, dash: Bool)
  }
  private(set) var pool = BytePool()
  private(set) var steps: [Step] = []

  /// `template` is one of ours: a name it does not know is a mistake in this module. `<<` is a `<`.
  init(_ template: String) {
    var rest = template[...]
    var text = ""
    while let character = rest.popFirst() {
      guard character == "<" else {
        text.append(character)
        continue
      }
      if rest.first == "<" {
        rest.removeFirst()
        text.append("<")
        continue
      }
      let word = rest.prefix { $0 != ">" }
      rest = rest.dropFirst(word.count + 1)
      let dash = word.last == "-"
      guard let field = LineField(rawValue: String(dash ? word.dropLast() : word)) else {
        preconditionFailure("no field is called '\(word)'")
      }
      if !text.isEmpty { steps.append(.text(pool.add(text))) }
      text = ""
      steps.append(.field(field, dash: dash))
    }
    if !text.isEmpty { steps.append(.text(pool.add(text))) }
  }
}
