// Which format a log is in, from its first lines, and why.

import Bytes
import Events

/// Collects the first lines of a log and decides. Up to 1,000 lines or 1 MiB are looked at.
public struct FormatDetector {
  public struct Candidate: Sendable {
    public var format: LogFormat
    /// Share of the lines looked at that it reads, 0 to 1.
    public var coverage: Double
    /// Share of the lines that it reads best: with more fields than any other.
    public var best: Double
  }

  public struct Decision: Sendable {
    /// nil when no format reads anything.
    public var format: LogFormat?
    /// The reason in words, for the person who gave `--format auto`.
    public var explanation: String
    /// Every format that reads any line, the best first.
    public var candidates: [Candidate]
  }

  public static let maxLines = 1000
  public static let maxBytes = 1 << 20

  private var lines: [[UInt8]] = []
  private var bytes = 0
  private let options: ParseOptions

  public init(options: ParseOptions = ParseOptions()) { self.options = options }

  /// Whether enough lines were given.
  public var isFull: Bool { lines.count >= Self.maxLines || bytes >= Self.maxBytes }

  /// Takes a line without its line feed. Blank lines count for nothing.
  public mutating func feed(_ line: RawSpan) {
    if isFull || line.byteCount == 0 { return }
    let copy = line.extracting(0..<min(line.byteCount, 65_536)).copied()
    lines.append(copy)
    bytes += copy.count
  }

  /// Takes the lines of a piece of text; a last line without its end is left out unless `isWhole`.
  public mutating func feed(text: RawSpan, isWhole: Bool) {
    var start = 0
    while start < text.byteCount, !isFull {
      guard let end = text.firstIndex(of: 0x0a, from: start) else {
        if isWhole { feed(text.extracting(start..<text.byteCount)) }
        return
      }
      feed(text.extracting(start..<end))
      start = end + 1
    }
  }

  /// Decides. Reads every line given by every format: some ms.
  ///
  /// The format that gets most out of all lines is taken; others join it where they read lines that it cannot, or get
  /// more out of at least one line in a hundred.
  public func decide() -> Decision {
    let formats = wrapperStacks().flatMap { stack in
      LogFormat.all.map { format in
        var format = format
        format.wrappers = stack
        return format
      }
    }
    let scores = formats.map { score($0) }
    let counted = lines.indices.filter { line in scores.contains { $0[line] != Self.skipped } }
    guard !counted.isEmpty else {
      return Decision(format: nil, explanation: "there are no lines to tell the format from", candidates: [])
    }
    var reached = [Int](repeating: 0, count: lines.count)
    var taken: [(format: Int, lines: Int)] = []
    while let next = bestAddition(to: reached, scores, counted, taken.map(\.format), formats) {
      taken.append((next, counted.count { scores[next][$0] > reached[$0] }))
      for line in counted { reached[line] = max(reached[line], scores[next][line]) }
    }
    let candidates = formats.indices.map { index in
      Candidate(
        format: formats[index],
        coverage: Double(counted.count { scores[index][$0] > 0 }) / Double(counted.count),
        best: Double(counted.count { scores[index][$0] > 0 && scores[index][$0] == reached[$0] })
          / Double(counted.count))
    }.filter { $0.coverage > 0 }.enumerated().sorted {
      ($1.element.best, $1.element.coverage, $0.offset) < ($0.element.best, $0.element.coverage, $1.offset)
    }.map(\.element)
    guard let first = taken.first else {
      return Decision(
        format: nil,
        explanation: "none of the \(LogFormat.all.count) formats reads any of the first \(counted.count) lines; "
          + "give the server's format string, such as --format 'nginx:$remote_addr ...'", candidates: candidates)
    }
    let read = counted.count { scores[first.format][$0] > 0 }
    let others = taken.dropFirst().map { (formats[$0.format], $0.lines) }
    return Decision(
      format: combine(taken.map { formats[$0.format] }),
      explanation: Self.explain(formats[first.format], read, others, counted.count), candidates: candidates)
  }

  /// The format that adds most to what is reached; nil when none adds enough.
  private func bestAddition(
    to reached: [Int], _ scores: [[Int]], _ counted: [Int], _ taken: [Int], _ formats: [LogFormat]
  ) -> Int? {
    var best: (index: Int, gain: Int)?
    for index in formats.indices where !taken.contains(index) {
      if let first = taken.first {
        // An error log repeats what an access log says: it is read by itself or not at all.
        if formats[index].name == "nginx-error" || formats[index].wrappers != formats[first].wrappers { continue }
      }
      var gain = 0
      var improved = 0
      var added = 0
      for line in counted where scores[index][line] > reached[line] {
        gain += scores[index][line] - reached[line]
        if reached[line] == 0 { added += 1 } else { improved += 1 }
      }
      guard added > 0 || improved * 100 >= counted.count, gain > best?.gain ?? 0 else { continue }
      best = (index, gain)
    }
    return best?.index
  }

  // MARK: Scoring

  private static let skipped = -1

  /// For each line the number of fields the format gets out of it, 0 if it cannot read it, -1 if there is nothing in it.
  private func score(_ format: LogFormat) -> [Int] {
    var parser = LineParser(format: format, options: options)
    var fields = HttpFields()
    return lines.map { line in
      switch parser.parse(line.span.bytes, into: &fields) {
      case .event:
        return Self.value(of: fields, hasTime: format.readsTime) + (parser.lastLineWasForwarded ? 1 : 0)
      case .skip, .continuation: return Self.skipped
      case .unparsed: return 0
      }
    }
  }

  private static func value(of fields: HttpFields, hasTime: Bool) -> Int {
    var score = 1
    if hasTime, fields.time != 0 { score += 4 }
    if !fields.client.isUnknown { score += 4 }
    if fields.status >= 100, fields.status < 600 { score += 4 }
    if fields.method != .unknown || fields.methodText.count > 0 { score += 2 }
    if fields.protocolVersion != .unknown { score += 1 }
    if fields.bytes > 0 { score += 1 }
    if fields.duration != .max { score += 1 }
    if fields.requestBytes > 0 { score += 1 }
    if fields.serverPort > 0 { score += 1 }
    for range in [
      fields.host, fields.target, fields.userAgent, fields.referrer, fields.remoteUser, fields.contentType,
      fields.cookie, fields.body, fields.tlsFingerprint, fields.upstream,
    ] where !range.isEmpty { score += 1 }
    if fields.flags.contains(.malformedRequest) { score -= 1 }
    return score
  }

  // MARK: Wrappers

  /// What may be around the lines: the commonest stack of wrappers, what is left of it without its inner ones, nothing.
  private func wrapperStacks() -> [[Wrapper]] {
    var counts: [(wrappers: [Wrapper], count: Int)] = []
    for line in lines {
      let found = Self.wrappers(around: line, options)
      if let index = counts.firstIndex(where: { $0.wrappers == found }) {
        counts[index].count += 1
      } else {
        counts.append((found, 1))
      }
    }
    var stack: [Wrapper] = []
    var most = 0
    for (wrappers, count) in counts where !wrappers.isEmpty && count > most { (stack, most) = (wrappers, count) }
    // The whole stack first: a lenient first column could swallow a header.
    return (0...stack.count).reversed().map { Array(stack[..<$0]) }
  }

  private static func wrappers(around line: [UInt8], _ options: ParseOptions) -> [Wrapper] {
    var result: [Wrapper] = []
    var text = line
    while result.count < 3, let (wrapper, inner) = unwrap(text.span.bytes, StampParser(zone: options.timeZone)) {
      result.append(wrapper)
      text = inner
    }
    return result
  }

  private static func unwrap(_ bytes: RawSpan, _ stamps: StampParser) -> (Wrapper, [UInt8])? {
    let end = bytes.byteCount
    if let piece = ContainerFrame.docker(bytes, 0, end, stamps) {
      var inner = ByteBuffer()
      _ = Escapes.unescape(bytes, piece.start, piece.end, into: &inner)
      return (.docker, inner.bytes.copied())
    }
    if let piece = ContainerFrame.cri(bytes, 0, end, stamps) {
      return (.cri, bytes.extracting(piece.start..<piece.end).copied())
    }
    var ignored: Nanoseconds?
    guard let start = SyslogHeader.skip(bytes, 0, end, stamps, reference: nil, &ignored) else { return nil }
    return (.syslog, bytes.extracting(start..<end).copied())
  }

  // MARK: The answer

  /// One format out of several, so that a log of mixed lines is read whole.
  private func combine(_ formats: [LogFormat]) -> LogFormat {
    if formats.count == 1 { return formats[0] }
    // A layout that stops early also reads the lines of one that reads on: those that read more come first.
    let ordered = formats.enumerated().sorted {
      $0.element.fieldCount != $1.element.fieldCount
        ? $0.element.fieldCount > $1.element.fieldCount : $0.offset < $1.offset
    }.map(\.element)
    return LogFormat(
      name: formats.map(\.name).joined(separator: ","), description: "several formats in one log",
      layouts: ordered.flatMap(\.layouts), wrappers: formats[0].wrappers)
  }

  private static func explain(
    _ first: LogFormat, _ read: Int, _ others: [(LogFormat, Int)], _ counted: Int
  ) -> String {
    func percent(_ n: Int) -> String {
      let tenths = (n * 1000 + counted / 2) / counted
      return n == counted ? "all" : "\(tenths / 10).\(tenths % 10) %"
    }
    var text = "\(first.qualifiedName): reads \(percent(read)) of the first \(counted) lines"
    if !others.isEmpty {
      text += ", and lines of other formats are among them: "
      text += others.map { "\($0.qualifiedName) (\(percent($1)))" }.joined(separator: ", ")
    }
    return text
  }
}

extension LogFormat {
  /// Whether its lines have stamps of their own.
  var readsTime: Bool {
    layouts.contains {
      if case .text(let program) = $0 { program.hasTime } else { true }
    }
  }

  /// Fields that its fullest layout reads.
  var fieldCount: Int {
    layouts.map { layout in
      switch layout {
      case .text(let program): program.steps.count { $0.field != .ignored && $0.field != .identity }
      case .json(let json): json.map.leaves.count { $0.isLeaf }
      case .w3c(let columns): columns.fields.count { $0 != .ignored }
      }
    }.max() ?? 0
  }
}
