// What is gathered while one line is read, and how the text of a column becomes a value.

import Bytes
import Events

/// How a layout and a line got on.
enum Match: UInt8 {
  case matched
  /// The line is not of this layout.
  case mismatch
  /// It is, but its stamp names no possible time.
  case badTime
}

/// Scratch space and the values that need more than one column.
struct LineState: ~Copyable {
  /// Where escapes are undone.
  var scratch = ByteBuffer(capacity: 4096)
  var values: LineValues
  /// Fields with nothing in them: a copy is quicker than building them for every line.
  private let blank = HttpFields()

  init(options: ParseOptions) { values = LineValues(options: options) }

  @inline(__always)
  mutating func begin(_ fields: inout HttpFields) {
    fields = blank
    scratch.removeAll()
    if values.pending != [] || values.forwardedFor.count != 0 { values.clear() }
    values.hasTime = false
    values.hasPeer = false
    values.wrapperTime = nil
  }

  /// Gives `field` the bytes of `range`.
  @inline(__always)
  mutating func set(_ field: Field, _ range: FieldRange, _ line: RawSpan, _ fields: inout HttpFields) -> Bool {
    let start = range.offset
    let end = start &+ Int(range.count)
    if range.inScratch { return Self.set(field, &values, scratch, start, end, &fields) }
    switch field {
    case .encodedUserAgent:
      fields.userAgent =
        end - start == 1 && line.unchecked(start) == 0x2d
        ? .absent : Escapes.percentDecode(line, start, end, into: &scratch)
      return true
    case .plusUserAgent:
      fields.userAgent =
        end - start == 1 && line.unchecked(start) == 0x2d
        ? .absent : Escapes.plusDecode(line, start, end, into: &scratch)
      return true
    default: return values.set(field, line, start, end, false, &fields)
    }
  }

  @inline(never)
  private static func set(
    _ field: Field, _ values: inout LineValues, _ scratch: borrowing ByteBuffer, _ start: Int, _ end: Int,
    _ fields: inout HttpFields
  ) -> Bool {
    values.set(field, scratch.bytes, start, end, true, &fields)
  }

  /// Puts together what took more than one column. Called once at the end of a line that matched.
  @inline(__always)
  mutating func finish(_ line: RawSpan, _ fields: inout HttpFields) -> Match {
    if values.pending == [] {
      settleTime(&fields)
      return .matched
    }
    return finishSlowly(line, &fields)
  }

  @inline(never)
  private mutating func finishSlowly(_ line: RawSpan, _ fields: inout HttpFields) -> Match {
    if values.pending.contains(.parts) {
      guard let time = values.composedTime() else { return .badTime }
      fields.time = time
      values.hasTime = true
    }
    settleTime(&fields)
    if values.pending.contains(.origin) {
      if fields.target.inScratch {
        RequestLine.stripOrigin(scratch.bytes, &fields)
      } else {
        RequestLine.stripOrigin(line, &fields)
      }
    }
    if values.pending.contains(.pathAndQuery) { joinTarget(line, &fields) }
    if values.pending.contains(.forwarding) { resolveClient(line, &fields) }
    if !fields.host.isEmpty { tidyHost(line, &fields) }
    return .matched
  }

  /// A line without a stamp has its wrapper's, or that of the line before it.
  @inline(__always)
  private mutating func settleTime(_ fields: inout HttpFields) {
    if !values.hasTime { fields.time = values.wrapperTime ?? values.lastTime }
    values.lastTime = fields.time
  }

  private mutating func resolveClient(_ line: RawSpan, _ fields: inout HttpFields) {
    let peer = values.hasPeer
    let trusted = values.options.trustedProxies
    values.wasForwarded = !values.forwardedFor.isEmpty && listsAnAddress(values.forwardedFor, line)
    if peer, !ClientAddress.isTrusted(fields.client, trusted) { return }
    let list = values.forwardedFor
    var found: IPAddress?
    if !list.isEmpty {
      found = ClientAddress.resolve(
        list.bytes(line: line, scratch: scratch.bytes), 0, Int(list.count), trusted: trusted, skipPrivate: !peer)
    }
    let header = values.forwarded
    if found == nil, !header.isEmpty {
      found = ClientAddress.resolveForwarded(
        header.bytes(line: line, scratch: scratch.bytes), 0, Int(header.count), trusted: trusted)
    }
    guard let found else { return }
    fields.client = found
    fields.flags.remove(Flag.unresolvedClient)
    if peer { fields.flags.insert(.forwarded) }
  }

  private func listsAnAddress(_ list: FieldRange, _ line: RawSpan) -> Bool {
    ClientAddress.resolve(
      list.bytes(line: line, scratch: scratch.bytes), 0, Int(list.count), trusted: [], skipPrivate: false) != nil
  }

  private mutating func joinTarget(_ line: RawSpan, _ fields: inout HttpFields) {
    let (path, query) = (values.path, values.query)
    if query.isEmpty || !fields.target.isEmpty {
      if fields.target.isEmpty { fields.target = path }
      return
    }
    let begin = scratch.count
    append(path, line)
    if !values.queryIsMarked { scratch.append(0x3f) }
    append(query, line)
    fields.target = FieldRange(offset: begin, count: scratch.count - begin, inScratch: true)
  }

  private mutating func append(_ range: FieldRange, _ line: RawSpan) {
    if range.inScratch {
      for i in 0..<Int(range.count) { scratch.append(scratch[range.offset + i]) }
    } else {
      scratch.append(line.extracting(range.offset..<range.offset + Int(range.count)))
    }
  }

  /// Host in lower case, without its port, which becomes the server's port unless that is known.
  private mutating func tidyHost(_ line: RawSpan, _ fields: inout HttpFields) {
    let range = fields.host
    let start = range.offset
    var end = start + Int(range.count)
    var upper = false
    var colon = -1
    var colons = 0
    for p in start..<end {
      let byte = range.inScratch ? scratch[p] : line.unchecked(p)
      if byte == 0x3a {
        colons += 1
        colon = p
      } else if byte &- 0x41 < 26 {
        upper = true
      } else if byte == 0x5d {
        colons = 0
      }
    }
    if colons == 1 {
      var port = 0
      for p in colon + 1..<max(end, colon + 1) {
        let digit = (range.inScratch ? scratch[p] : line.unchecked(p)) &- 0x30
        guard digit < 10, port < 65_536 else {
          port = -1
          break
        }
        port = port * 10 + Int(digit)
      }
      if port >= 0, port < 65_536 {
        end = colon
        if fields.serverPort == 0 { fields.serverPort = UInt16(port) }
      }
    }
    if upper, !range.inScratch {
      let begin = scratch.count
      for p in start..<end { scratch.append(line.unchecked(p).asciiLowercased) }
      fields.host = FieldRange(offset: begin, count: end - start, inScratch: true)
    } else {
      if upper { for p in start..<end { scratch[p] = scratch[p].asciiLowercased } }
      fields.host = FieldRange(offset: start, count: end - start, inScratch: range.inScratch)
    }
  }
}
