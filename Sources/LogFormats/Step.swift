// The flat program a format string compiles to, and the compiler's front half that all dialects share.

/// One step: read a field, then a literal that ends it.
struct Step: Sendable {
  /// How far the field reaches.
  enum Extent: UInt8, Sendable {
    /// No field: only the literal.
    case none
    /// Up to the terminator.
    case delimited
    /// Up to the terminator, whose first byte is a quote; a quote behind a backslash belongs to the field.
    case quoted
    /// The common-log stamp: its length is known from its own text.
    case commonTime
    /// An IPv4 address or anything else up to the terminator.
    case address
    /// ASCII digits, or `-`.
    case number
    /// A fixed-layout part of a time: its length is known from its own text.
    case timePart
  }

  var extent: Extent
  var field: Field
  /// Blanks before the field are skipped: columns aligned with spaces.
  var padded = false
  /// A number follows the terminator: helps to tell it from the same bytes within the field.
  var beforeNumber = false
  /// First byte of the terminator; meaningless when `literalCount` is 0.
  var first: UInt8 = 0
  var literalStart: UInt32 = 0
  /// 0 means: to the end of the line.
  var literalCount: UInt32 = 0
}

/// Collects literals and fields in order and joins each field with the literal behind it.
struct ProgramBuilder {
  private(set) var steps: [Step] = []
  private(set) var literals: [UInt8] = []
  private var pending: Step?
  private var text: [UInt8] = []
  let format: String

  init(format: String) { self.format = format }

  mutating func literal(_ byte: UInt8) { text.append(byte) }
  mutating func literal(_ string: some Sequence<UInt8>) { text.append(contentsOf: string) }

  /// Adds a field. `column` is its place in the format string, from 1.
  mutating func field(_ field: Field, padded: Bool = false, column: Int) throws(FormatError) {
    let openedByQuote = text.last == UInt8(ascii: "\"")
    if pending != nil, text.isEmpty {
      let selfEnding = pending?.extent == .timePart || pending?.extent == .commonTime || pending?.extent == .number
      if pending?.field == .path, field == .markedQuery || field == .query {
        // Apache's %U%q: one target.
        pending?.field = .target
        return
      }
      if !selfEnding {
        throw FormatError(
          format: format, column: column,
          reason: "nothing separates this field from the one before it; put a space or another mark between them")
      }
    }
    flush(final: false)
    pending = Step(extent: Self.extent(of: field, quoted: openedByQuote), field: field, padded: padded)
  }

  /// The finished program.
  mutating func finish() throws(FormatError) -> TextProgram {
    flush(final: true)
    for index in steps.indices.dropLast() where steps[index + 1].extent == .number {
      steps[index].beforeNumber = steps[index].extent == .quoted
    }
    let useful = steps.filter { $0.field != .ignored && $0.field != .identity && $0.extent != .none }
    if useful.isEmpty {
      throw FormatError(format: format, column: 1, reason: "the format names no field that this program reads")
    }
    return TextProgram(steps: steps, literals: literals)
  }

  private mutating func flush(final: Bool) {
    var step: Step
    if let pending {
      step = pending
    } else {
      if text.isEmpty { return }
      step = Step(extent: .none, field: .ignored)
    }
    step.first = text.first ?? 0
    step.literalStart = UInt32(literals.count)
    step.literalCount = UInt32(text.count)
    // A field in quotes may hold escaped quotes; one whose terminator merely has a quote later may not.
    if step.extent == .quoted, text.first != UInt8(ascii: "\"") { step.extent = .delimited }
    literals.append(contentsOf: text)
    steps.append(step)
    text.removeAll()
    pending = nil
  }

  private static func extent(of field: Field, quoted: Bool) -> Step.Extent {
    if quoted {
      switch field {
      case .status, .bytes, .requestBytes, .serverPort: return .delimited
      default: return .quoted
      }
    }
    switch field {
    case .client: return .address
    case .commonTime: return .commonTime
    case .status, .bytes, .requestBytes, .serverPort: return .number
    case .year, .shortYear, .monthNumber, .monthName, .day, .hour, .hour12, .meridiem, .minute, .second,
      .millisecondFraction, .microsecondFraction, .offset, .dateColumn, .timeColumn:
      return .timePart
    default: return .delimited
    }
  }
}
