// Runs the flat program of a text format over a line. This is the hot loop of the module.

import Bytes
import Events

/// A compiled text format.
///
/// A field reaches to the literal behind it: in quotes, to the first quote that is not behind a backslash and that the
/// rest of the literal follows, so that servers which do not escape quotes are read too. Behind the last field a blank
/// and anything more is allowed: formats grow at their end.
struct TextProgram: Sendable {
  let steps: [Step]
  let literals: [UInt8]

  /// Whether any field is a stamp or a part of one.
  var hasTime: Bool { steps.contains { $0.field.isTime } }

  func run(
    _ whole: RawSpan, _ from: Int, _ to: Int, _ state: inout LineState, _ fields: inout HttpFields
  ) -> Match {
    let line = whole.extracting(0..<to)
    let escaped = line.firstIndex(of: 0x5c, from: from) != nil
    var p = from
    let steps = steps.span
    let literals = literals.span
    let last = steps.count &- 1
    for index in 0..<steps.count {
      let step = steps[unchecked: index]
      if step.padded { while p < to, line.unchecked(p) == 0x20 { p &+= 1 } }
      switch step.extent {
      case .none: break
      case .address:
        let next = Self.shortIPv4(line, p, to, &fields.client)
        if next >= 0, Self.ends(line, next, to, step, literals, index == last) {
          p = next
          state.values.hasPeer = true
          if !state.values.options.trustedProxies.isEmpty { state.values.pending.insert(.forwarding) }
          break
        }
        let end = Self.find(line, p, to, step, literals, false, index == last)
        guard end >= 0, state.values.set(.client, line, p, end, false, &fields) else { return .mismatch }
        p = end
      case .commonTime:
        let next = state.values.stamps.common(line, p, to, &fields.time)
        if next < 0 { return next == -2 ? .badTime : .mismatch }
        state.values.hasTime = true
        p = next
        if !Self.ends(line, p, to, step, literals, index == last) { return .mismatch }
      case .number:
        var value: UInt64 = 0
        // HAProxy marks what is not final yet with a plus.
        if p < to, line.unchecked(p) == 0x2b { p &+= 1 }
        var q = p
        while q < to {
          let digit = line.unchecked(q) &- 0x30
          if digit > 9 { break }
          value = value &* 10 &+ UInt64(digit)
          q &+= 1
        }
        if q == p {
          guard q < to, line.unchecked(q) == 0x2d else { return .mismatch }
          q &+= 1
        } else if q &- p > 18 {
          value = line.decimal(p, q) ?? 0
        }
        p = q
        if !Self.ends(line, p, to, step, literals, index == last) { return .mismatch }
        switch step.field {
        case .status:
          if value > 999 { return .mismatch }
          fields.status = UInt16(truncatingIfNeeded: value)
        case .bytes: fields.bytes = value
        case .requestBytes: fields.requestBytes = value
        default: fields.serverPort = UInt16(clamping: value)
        }
      case .timePart:
        p = state.values.parts.set(step.field, line, p, to)
        if p < 0 || !Self.ends(line, p, to, step, literals, index == last) { return .mismatch }
        state.values.pending.insert(.parts)
      case .delimited, .quoted:
        var end = Self.find(line, p, to, step, literals, escaped && step.extent == .quoted, index == last)
        if end < 0 {
          // A line cut short within its last field, as syslog does to long ones, is still worth reading.
          guard index == last, step.extent == .quoted, index > 0, !Self.hasQuote(line, p, to) else { return .mismatch }
          end = to
          fields.flags.insert(Flag.truncated)
        }
        var range = FieldRange(offset: p, count: end &- p)
        if escaped, step.field != .ignored, Self.containsBackslash(line, p, end) {
          range = Escapes.unescape(line, p, end, into: &state.scratch)
        }
        switch step.field {
        case .ignored: break
        case .request where !range.inScratch:
          RequestLine.split(line, p, end, inScratch: false, &fields)
        case .userAgent where !range.inScratch:
          if !(end &- p == 1 && line.unchecked(p) == 0x2d) { fields.userAgent = range }
        case .referrer where !range.inScratch:
          if !(end &- p == 1 && line.unchecked(p) == 0x2d) { fields.referrer = range }
        default:
          if !state.set(step.field, range, line, &fields) {
            return step.field.isTime ? .badTime : .mismatch
          }
        }
        p = end
      }
      if step.extent == .none, !Self.ends(line, p, to, step, literals, index == last) { return .mismatch }
      p &+= Int(step.literalCount)
    }
    return .matched
  }

  /// Whether the terminator of `step` stands at `p`, and at the end of the program nothing but a blank behind it.
  @inline(__always)
  private static func ends(
    _ line: RawSpan, _ p: Int, _ to: Int, _ step: Step, _ literals: Span<UInt8>, _ isLast: Bool
  ) -> Bool {
    let count = Int(step.literalCount)
    if p &+ count > to { return false }
    if count > 0 {
      if line.unchecked(p) != step.first { return false }
      var i = 1
      while i < count {
        if line.unchecked(p &+ i) != literals[unchecked: Int(step.literalStart) &+ i] { return false }
        i &+= 1
      }
    }
    if isLast, p &+ count < to {
      let next = line.unchecked(p &+ count)
      return next == 0x20 || next == 0x09 || next == 0x2c
    }
    return true
  }

  /// Where the terminator of `step` begins at or after `p`; -1 if nowhere.
  @inline(__always)
  private static func find(
    _ line: RawSpan, _ p: Int, _ to: Int, _ step: Step, _ literals: Span<UInt8>, _ escapes: Bool, _ isLast: Bool
  ) -> Int {
    if step.literalCount == 0 { return to }
    // Most empty columns are a dash.
    if p &+ 1 < to, line.unchecked(p) == 0x2d, line.unchecked(p &+ 1) == step.first,
      ends(line, p &+ 1, to, step, literals, isLast)
    {
      return p &+ 1
    }
    var from = p
    while let hit = line.firstIndex(of: step.first, from: from) {
      if ends(line, hit, to, step, literals, isLast),
        !step.beforeNumber || isNumberStart(line, hit &+ Int(step.literalCount), to)
      {
        if !escapes { return hit }
        var slashes = hit
        while slashes > p, line.unchecked(slashes &- 1) == 0x5c { slashes &-= 1 }
        if (hit &- slashes) & 1 == 0 { return hit }
      }
      from = hit &+ 1
    }
    return -1
  }

  @inline(__always)
  private static func isNumberStart(_ line: RawSpan, _ p: Int, _ to: Int) -> Bool {
    guard p < to else { return false }
    let byte = line.unchecked(p)
    return byte &- 0x30 < 10 || byte == 0x2d || byte == 0x2b
  }

  /// Whether a quote follows at all: then the field is not cut short but something else.
  private static func hasQuote(_ line: RawSpan, _ p: Int, _ to: Int) -> Bool {
    line.firstIndex(of: 0x22, from: p) != nil
  }

  @inline(__always)
  private static func containsBackslash(_ line: RawSpan, _ start: Int, _ end: Int) -> Bool {
    guard let hit = line.firstIndex(of: 0x5c, from: start) else { return false }
    return hit < end
  }

  /// A dotted IPv4 address at `p`: returns the index behind it, or -1.
  @inline(__always)
  private static func shortIPv4(_ line: RawSpan, _ start: Int, _ to: Int, _ address: inout IPAddress) -> Int {
    var p = start
    var value: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var dots = 0
    while p < to {
      let byte = line.unchecked(p)
      let digit = byte &- 0x30
      if digit < 10 {
        octet = octet &* 10 &+ UInt32(digit)
        digits &+= 1
        if digits > 3 { return -1 }
      } else if byte == 0x2e {
        if digits == 0 || octet > 255 || dots == 3 { return -1 }
        value = value << 8 | octet
        octet = 0
        digits = 0
        dots &+= 1
      } else {
        break
      }
      p &+= 1
    }
    if dots != 3 || digits == 0 || octet > 255 { return -1 }
    address = IPAddress(v4: value << 8 | octet)
    return p
  }
}

extension Field {
  /// Whether this is a stamp, so that text which is none makes the line's time bad rather than the line of another format.
  var isTime: Bool { rawValue >= Field.commonTime.rawValue }
}
