// W3C extended logs: columns named by the last `#Fields:` directive. IIS writes blanks between them, CloudFront tabs.

import Bytes
import Events

/// The columns in force. Changes as directives are read; keeps its memory.
struct W3CColumns: Sendable, Equatable {
  var fields: [Field] = []

  init() {}
  init(_ names: String) {
    var names = names
    names.withUTF8 { read($0.span.bytes, 0, $0.count) }
  }

  /// Takes the names in `start..<end`, separated by blanks.
  mutating func read(_ line: RawSpan, _ start: Int, _ end: Int) {
    fields.removeAll(keepingCapacity: true)
    var p = start
    while p < end {
      while p < end, line.unchecked(p) <= 0x20 { p += 1 }
      let name = p
      while p < end, line.unchecked(p) > 0x20 { p += 1 }
      if p > name, fields.count < 256 { fields.append(Self.field(line.extracting(name..<p))) }
    }
  }

  static func field(_ name: RawSpan) -> Field {
    func named(_ text: StaticString) -> Bool { name.equalsIgnoringCase(text) }
    if named("date") { return .dateColumn }
    if named("time") { return .timeColumn }
    if named("timestamp") || named("x-timestamp") || named("localtime") || named("gmttime") { return .anyTime }
    if named("c-ip") { return .client }
    if named("cs-username") { return .remoteUser }
    if named("s-port") { return .serverPort }
    if named("cs-method") { return .method }
    if named("cs-uri-stem") || named("cs-uri-path") { return .path }
    if named("cs-uri-query") { return .query }
    if named("cs-uri") { return .target }
    if named("sc-status") { return .status }
    if named("sc-bytes") { return .bytes }
    if named("cs-bytes") { return .requestBytes }
    if named("time-taken") { return .durationSeconds }
    if named("cs(user-agent)") { return .userAgent }
    if named("cs(referer)") { return .referrer }
    if named("cs(cookie)") { return .cookie }
    if named("cs-host") || named("cs(host)") || named("x-host-header") { return .host }
    if named("cs-version") || named("cs-protocol-version") { return .protocolVersion }
    if named("x-forwarded-for") || named("cs(x-forwarded-for)") { return .forwardedFor }
    if named("x-edge-result-type") || named("s-action") { return .cacheStatus }
    if named("sc-content-type") || named("sc(content-type)") || named("rs(content-type)") { return .contentType }
    if named("c-country") { return .country }
    return .ignored
  }
}

enum W3CLayout {
  static func run(
    _ whole: RawSpan, _ from: Int, _ to: Int, _ columns: borrowing W3CColumns, _ state: inout LineState,
    _ fields: inout HttpFields
  ) -> Match {
    let count = columns.fields.count
    guard count > 0 else { return .mismatch }
    let line = whole.extracting(0..<to)
    let tabbed = line.firstIndex(of: 0x09, from: from) != nil
    let separator: UInt8 = tabbed ? 0x09 : 0x20
    var p = from
    var column = 0
    while column < count {
      guard p <= to else { return .mismatch }
      var start = p
      var end: Int
      var quoted = false
      if p < to, line.unchecked(p) == 0x22, let close = closingQuote(line, p + 1, separator) {
        quoted = true
        start = p + 1
        end = close
        p = close + 2
      } else {
        end = line.firstIndex(of: separator, from: p) ?? to
        p = end + 1
      }
      var field = columns.fields[column]
      switch field {
      case .userAgent where !quoted: field = tabbed ? .encodedUserAgent : .plusUserAgent
      // CloudFront counts seconds, with a point; IIS whole milliseconds.
      case .durationSeconds where !tabbed && !contains(line, start, end, 0x2e): field = .durationMilliseconds
      default: break
      }
      let range = FieldRange(offset: start, count: end - start)
      if field != .ignored, !state.set(field, range, line, &fields) { return field.isTime ? .badTime : .mismatch }
      column += 1
    }
    // More columns than names: some other log, or the blank in an unescaped value.
    guard p >= to else { return .mismatch }
    state.values.parts.assumeUTC()
    return .matched
  }

  /// A directive in `from..<to`, which begins with '#'. Only `#Fields:` changes anything.
  static func directive(_ line: RawSpan, _ from: Int, _ to: Int, _ columns: inout W3CColumns) {
    let text = line.extracting(from..<to)
    guard text.prefixEqualsIgnoringCase("#fields:") else { return }
    columns.read(line, from + 8, to)
  }

  private static func contains(_ line: RawSpan, _ start: Int, _ end: Int, _ byte: UInt8) -> Bool {
    for p in start..<end where line.unchecked(p) == byte { return true }
    return false
  }

  private static func closingQuote(_ line: RawSpan, _ start: Int, _ separator: UInt8) -> Int? {
    var from = start
    while let hit = line.firstIndex(of: 0x22, from: from) {
      if hit + 1 == line.byteCount || line.unchecked(hit + 1) == separator { return hit }
      from = hit + 1
    }
    return nil
  }
}
