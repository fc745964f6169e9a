// From the text of one column to the value it stands for.

import Bytes
import Events

/// The part of a line's state that reads text but writes none: so it can be changed while scratch space is read.
struct LineValues {
  struct Pending: OptionSet {
    let rawValue: UInt8
    static let parts = Pending(rawValue: 1)
    static let origin = Pending(rawValue: 2)
    static let pathAndQuery = Pending(rawValue: 4)
    static let forwarding = Pending(rawValue: 8)
    static let host = Pending(rawValue: 16)
  }

  let options: ParseOptions
  var stamps: StampParser
  /// What has to be put together at the end of the line.
  var pending: Pending = []
  var hasTime = false
  var hasPeer = false
  /// Time of the last line that had one: what a line without one is given.
  var lastTime: Nanoseconds = 0
  /// Time in the wrapper of this line, for a layout without one.
  var wrapperTime: Nanoseconds?
  var forwardedFor: FieldRange = .absent
  var forwarded: FieldRange = .absent
  var path: FieldRange = .absent
  var query: FieldRange = .absent
  var queryIsMarked = false
  /// Whether `forwardedFor` held an address; known after the end of the line.
  var wasForwarded = false
  var parts = TimeParts()

  init(options: ParseOptions) {
    self.options = options
    stamps = StampParser(zone: options.timeZone)
  }

  mutating func clear() {
    pending = []
    forwardedFor = .absent
    forwarded = .absent
    path = .absent
    query = .absent
    queryIsMarked = false
    wasForwarded = false
    parts = TimeParts()
  }

  mutating func composedTime() -> Nanoseconds? { parts.time(zone: options.timeZone) }

  /// Gives `field` the bytes `start..<end`. False when they cannot be that field, which makes the line a mismatch.
  mutating func set(
    _ field: Field, _ bytes: RawSpan, _ start: Int, _ end: Int, _ inScratch: Bool, _ fields: inout HttpFields
  ) -> Bool {
    let absent = end <= start || (end &- start == 1 && bytes.unchecked(start) == 0x2d)
    let range =
      absent ? FieldRange(offset: 0, count: 0) : FieldRange(offset: start, count: end &- start, inScratch: inScratch)
    switch field {
    case .ignored: return true
    case .identity: return absent || ClientAddress.parse(bytes, start, end) == nil
    case .request:
      RequestLine.split(bytes, start, end, inScratch: inScratch, &fields)
    case .absoluteRequest:
      RequestLine.split(bytes, start, end, inScratch: inScratch, &fields)
      if !fields.flags.contains(.malformedRequest) { pending.insert(.origin) }
    case .userAgent, .encodedUserAgent, .plusUserAgent: fields.userAgent = range
    case .referrer: fields.referrer = range
    case .remoteUser:
      if !absent, swallowsColumn(bytes, start, end, fields.flags.contains(Flag.unresolvedClient)) { return false }
      fields.remoteUser = range
    case .client: return setClient(bytes, start, end, absent, inScratch, &fields)
    case .forwardedFor:
      // Several headers may say the same: an absent one takes nothing back.
      if !absent {
        forwardedFor = range
        pending.insert(.forwarding)
      }
    case .forwarded:
      if !absent {
        forwarded = range
        pending.insert(.forwarding)
      }
    case .host:
      if !absent {
        fields.host = range
        pending.insert(.host)
      }
    case .method:
      if !absent { RequestLine.setMethod(bytes, start, end, inScratch, &fields) }
    case .target:
      if !absent { fields.target = range }
    case .absoluteTarget:
      fields.target = range
      if !absent { pending.insert(.origin) }
    case .path:
      path = range
      pending.insert(.pathAndQuery)
    case .query, .markedQuery:
      query = range
      queryIsMarked = field == .markedQuery || (!absent && bytes.unchecked(start) == 0x3f)
      pending.insert(.pathAndQuery)
    case .protocolVersion:
      if !absent { fields.protocolVersion = RequestLine.version(bytes, start, end) ?? .unknown }
    case .cookie: fields.cookie = range
    case .contentType: fields.contentType = range
    case .body: fields.body = range
    case .upstream: fields.upstream = range
    case .tlsFingerprint: fields.tlsFingerprint = range
    case .cacheStatus: fields.cacheStatus = absent ? .unknown : cacheStatus(bytes, start, end)
    case .country:
      if end - start == 2 {
        fields.country = UInt16(bytes.unchecked(start) & 0xdf) << 8 | UInt16(bytes.unchecked(start + 1) & 0xdf)
      }
    default:
      return absent ? setAbsentNumber(field) : setNumber(field, bytes, start, end, &fields)
    }
    return true
  }

  /// A number or time that is `-` or empty is unknown; a column of a composed stamp may not be.
  private func setAbsentNumber(_ field: Field) -> Bool { field.rawValue < Field.year.rawValue }

  private mutating func setNumber(
    _ field: Field, _ bytes: RawSpan, _ start: Int, _ end: Int, _ fields: inout HttpFields
  ) -> Bool {
    switch field {
    case .status:
      // Several statuses are those of tries one after another: the last is what the client got.
      guard let value = bytes.decimal(lastOfList(bytes, start, end), end) ?? wholePart(bytes, start, end) else {
        return false
      }
      fields.status = UInt16(clamping: value)
    case .bytes:
      guard let value = bytes.decimal(start, end) ?? wholePart(bytes, start, end) else { return false }
      fields.bytes = value
    case .requestBytes:
      guard let value = bytes.decimal(start, end) ?? wholePart(bytes, start, end) else { return false }
      fields.requestBytes = value
    case .serverPort:
      guard let value = bytes.decimal(start, end) else { return false }
      fields.serverPort = UInt16(clamping: value)
    case .asn: fields.asn = UInt32(clamping: bytes.decimal(start, end) ?? 0)
    case .durationSeconds: return setDuration(bytes.scaledDecimal(start, end, scale: 1_000_000), &fields)
    case .durationMilliseconds: return setDuration(bytes.scaledDecimal(start, end, scale: 1000), &fields)
    case .durationMicroseconds: return setDuration(bytes.scaledDecimal(start, end, scale: 1), &fields)
    case .durationNanoseconds:
      return setDuration(bytes.scaledDecimal(start, end, scale: 1).map { $0 / 1000 }, &fields)
    case .durationWithUnit: return setDurationWithUnit(bytes, start, end, &fields)
    case .commonTime:
      hasTime = true
      return stamps.common(bytes, start, end, &fields.time) == end
    case .anyTime: return setTime(stamps.any(bytes, start, end), &fields)
    case .epochSeconds: return setTime(stamps.epoch(bytes, start, end, scale: 1_000_000_000), &fields)
    case .epochMilliseconds: return setTime(stamps.epoch(bytes, start, end, scale: 1_000_000), &fields)
    case .epochMicroseconds: return setTime(stamps.epoch(bytes, start, end, scale: 1000), &fields)
    case .epochNanoseconds: return setTime(stamps.epoch(bytes, start, end, scale: 1), &fields)
    default:
      pending.insert(.parts)
      return parts.set(field, bytes, start, end) == end
    }
    return true
  }

  private mutating func setTime(_ time: Nanoseconds?, _ fields: inout HttpFields) -> Bool {
    guard let time else { return false }
    fields.time = time
    hasTime = true
    return true
  }

  /// A negative duration (ELB's -1) or one that is no number is unknown, not an error.
  private func setDuration(_ microseconds: UInt64?, _ fields: inout HttpFields) -> Bool {
    if let microseconds { fields.duration = UInt32(clamping: min(microseconds, 0xffff_fffe)) }
    return true
  }

  private func setDurationWithUnit(_ bytes: RawSpan, _ start: Int, _ end: Int, _ fields: inout HttpFields) -> Bool {
    var stop = end
    while stop > start, !bytes.unchecked(stop - 1).isASCIIDigit { stop -= 1 }
    let unit = bytes.extracting(stop..<end)
    if unit.equals("ms") || unit.byteCount == 0 {
      return setDuration(bytes.scaledDecimal(start, stop, scale: 1000), &fields)
    }
    if unit.equals("s") { return setDuration(bytes.scaledDecimal(start, stop, scale: 1_000_000), &fields) }
    if unit.equals("us") || unit.equals("µs") {
      return setDuration(bytes.scaledDecimal(start, stop, scale: 1), &fields)
    }
    if unit.equals("ns") { return setDuration(bytes.scaledDecimal(start, stop, scale: 1).map { $0 / 1000 }, &fields) }
    return false
  }

  private mutating func setClient(
    _ bytes: RawSpan, _ start: Int, _ end: Int, _ absent: Bool, _ inScratch: Bool, _ fields: inout HttpFields
  ) -> Bool {
    if absent {
      fields.flags.insert(Flag.unresolvedClient)
      return true
    }
    if let address = ClientAddress.parse(bytes, start, end) {
      fields.client = address
      hasPeer = true
      if !options.trustedProxies.isEmpty { pending.insert(.forwarding) }
      return true
    }
    fields.flags.insert(Flag.unresolvedClient)
    for p in start..<end where bytes.unchecked(p) == 0x2c {
      // A list where a peer should be: the server wrote X-Forwarded-For in its place.
      guard let address = ClientAddress.resolve(bytes, start, end, trusted: options.trustedProxies, skipPrivate: false)
      else { return false }
      fields.client = address
      fields.flags.remove(Flag.unresolvedClient)
      return true
    }
    // A peer by name is a peer, and none that is trusted; a socket's other end says nothing.
    if !bytes.extracting(start..<end).hasPrefix("unix:") { hasPeer = true }
    return ClientAddress.isName(bytes, start, end)
  }

  /// User names may hold blanks, but one that begins or ends with the dash of an empty column, or that follows a client
  /// which is no address, is two columns of another format.
  private func swallowsColumn(_ bytes: RawSpan, _ start: Int, _ end: Int, _ unresolved: Bool) -> Bool {
    for p in start..<end where bytes.unchecked(p) == 0x20 {
      return unresolved || bytes.extracting(start..<end).hasPrefix("- ")
        || (bytes.unchecked(end - 1) == 0x2d && bytes.unchecked(end - 2) == 0x20)
    }
    return false
  }

  private func lastOfList(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Int {
    var p = end
    while p > start, bytes.unchecked(p - 1).isASCIIDigit { p -= 1 }
    return p > start && (bytes.unchecked(p - 1) == 0x20 || bytes.unchecked(p - 1) == 0x2c) ? p : start
  }

  /// 200.0, as some JSON writers print integers.
  private func wholePart(_ bytes: RawSpan, _ start: Int, _ end: Int) -> UInt64? {
    bytes.scaledDecimal(start, end, scale: 1)
  }

  private func cacheStatus(_ bytes: RawSpan, _ start: Int, _ end: Int) -> CacheStatus {
    // Squid and CloudFront say more than one word: TCP_MISS/200, RefreshHit, MISS-CLUSTER.
    let text = bytes.extracting(start..<end)
    if contains(text, "revalidated") || contains(text, "refreshhit") { return .revalidated }
    if contains(text, "stale") || contains(text, "updating") { return .stale }
    if contains(text, "miss") { return .miss }
    if contains(text, "hit") { return .hit }
    if contains(text, "expired") { return .expired }
    if contains(text, "bypass") || contains(text, "pass") { return .bypass }
    if contains(text, "dynamic") { return .dynamic }
    if contains(text, "error") { return .error }
    return .unknown
  }

  private func contains(_ text: RawSpan, _ word: StaticString) -> Bool {
    let n = word.utf8CodeUnitCount
    guard text.byteCount >= n, text.byteCount <= 64 else { return false }
    for at in 0...(text.byteCount - n) where text.extracting(at..<at + n).equalsIgnoringCase(word) { return true }
    return false
  }
}

/// Flags of the hot path as values of this module: the option set's own are globals behind a call.
enum Flag {
  static var unresolvedClient: HttpFlags {
    @inline(__always) get { HttpFlags(rawValue: 1 << 5) }
  }
  static var truncated: HttpFlags {
    @inline(__always) get { HttpFlags(rawValue: 1 << 3) }
  }
}
