// From fields of lines to one EventBatch: the record that the rest of the line reads.

import Bytes
import CapnProto

/// Where a batch comes from: what its header says before the first event is in.
public struct BatchOrigin: Sendable, Equatable {
  /// Id of the source, stable across restarts.
  public var source: UInt64
  /// Host that read it.
  public var host: [UInt8]
  /// File or listener.
  public var path: [UInt8]
  /// Number of the batch in its source, from 0.
  public var sequence: UInt64 = 0
  /// Number in the source of the first line the batch accounts for, from 0.
  public var firstOrdinal: UInt64 = 0
  /// Line number in the file of `byteBegin`, from 1; 0 where there is no file.
  public var firstLine: UInt64 = 0
  /// The bytes of the (decompressed) file the batch accounts for.
  public var byteBegin: UInt64 = 0
  public var byteEnd: UInt64 = 0
  /// Each event stands for this many.
  public var weight: UInt32 = 1

  public init(source: UInt64, host: [UInt8] = [], path: [UInt8] = []) {
    self.source = source
    self.host = host
    self.path = path
  }
}

/// Where every line of a batch went: the schema's `Ledger` as a plain value.
public struct BatchLedger: Sendable, Equatable {
  public var lines: UInt32 = 0
  public var parsed: UInt32 = 0
  public var unparsed: UInt32 = 0
  public var ahead: UInt32 = 0
  public var sampledOut: UInt32 = 0
  public var late: UInt32 = 0
  public init() {}
}

/// Writes batches of HTTP events, of unparsed lines, or of nothing (a heartbeat, an end), one after another into
/// memory that it keeps: from the second batch on nothing is allocated, unless a batch is larger than any before.
///
/// `begin`, then `append` for each event or line (not both in one batch), then `finish`; `message` is the record
/// until the next `begin`. `stamp` changes what a later stage knows better.
public struct EventBatchWriter: ~Copyable, Sendable {
  @usableFromInline var builder: MessageBuilder
  @usableFromInline var events: GrowingStructList<HttpEventBuilder>
  @usableFromInline var lines: GrowingStructList<UnparsedLineBuilder>
  /// Longer fields are cut and flagged `.truncated`.
  public let largestField: Int
  /// Host of requests that name none; empty: they have none.
  public var defaultHost: [UInt8] = []

  /// `textCapacity` and `eventCapacity`: what to set memory aside for at first.
  public init(textCapacity: Int = 256 << 10, eventCapacity: Int = 1024, largestField: Int = 64 << 10) {
    builder = MessageBuilder(capacity: textCapacity + eventCapacity * HttpEventBuilder.size.bytes)
    events = GrowingStructList(capacity: eventCapacity)
    lines = GrowingStructList(capacity: 16)
    self.largestField = max(largestField, 0)
  }

  /// Events, or unparsed lines, in the batch so far.
  @inlinable
  public var count: Int { events.count &+ lines.count }

  /// Bytes of the batch so far, with its table.
  @inlinable
  public var byteCount: Int { builder.byteCount &+ events.byteCount &+ lines.byteCount }

  /// Starts a batch over.
  public mutating func begin(_ origin: BatchOrigin) {
    events.removeAll()
    lines.removeAll()
    let batch = builder.start(EventBatchBuilder.self)
    batch.schemaVersion = Events.schemaVersion
    batch.sequence = origin.sequence
    batch.firstOrdinal = origin.firstOrdinal
    batch.firstLine = origin.firstLine
    batch.byteBegin = origin.byteBegin
    batch.byteEnd = origin.byteEnd
    batch.weight = origin.weight
    let source = batch.initSource()
    source.id = origin.source
    if !origin.host.isEmpty { source.setHost(origin.host.span.bytes) }
    if !origin.path.isEmpty { source.setPath(origin.path.span.bytes) }
    _ = batch.initLedger()
  }

  /// Adds one event. The ranges of `fields` lie in `line` or `scratch`.
  ///
  /// - Parameters:
  ///   - lineOffset: start of the line after the batch's `byteBegin`.
  ///   - lineNumber: number of the line after the batch's `firstLine`.
  @inlinable
  public mutating func append(
    _ fields: borrowing HttpFields, line: RawSpan, scratch: RawSpan, lineOffset: UInt32, lineNumber: UInt32
  ) {
    let limit = largestField
    let event = events.append(in: builder)
    event.time = fields.time
    event.clientHigh = fields.client.high
    event.clientLow = fields.client.low
    event.bytes = fields.bytes
    event.duration = fields.duration
    event.lineOffset = lineOffset
    event.lineNumber = lineNumber
    event.asn = fields.asn
    event.status = fields.status
    event.country = fields.country
    event.method = fields.method
    event.protocol = fields.protocolVersion
    event.cacheStatus = fields.cacheStatus
    event.flags = fields.flags.rawValue
    var isCut = false
    if !fields.host.isEmpty {
      event.setHost(Self.cut(fields.host, line, scratch, limit, &isCut))
    } else if !defaultHost.isEmpty {
      event.setHost(defaultHost.span.bytes)
    }
    if !fields.target.isEmpty { event.setTarget(Self.cut(fields.target, line, scratch, limit, &isCut)) }
    if !fields.userAgent.isEmpty { event.setUserAgent(Self.cut(fields.userAgent, line, scratch, limit, &isCut)) }
    if !fields.referrer.isEmpty { event.setReferrer(Self.cut(fields.referrer, line, scratch, limit, &isCut)) }
    if fields.hasExtra { Self.setExtra(event.initExtra(), fields, line, scratch, limit, &isCut) }
    if isCut { event.flags |= HttpFlags.truncated.rawValue }
  }

  /// What most lines do not have.
  @usableFromInline @inline(never)
  static func setExtra(
    _ extra: HttpExtraBuilder, _ fields: borrowing HttpFields, _ line: RawSpan, _ scratch: RawSpan, _ limit: Int,
    _ isCut: inout Bool
  ) {
    extra.requestBytes = fields.requestBytes
    extra.serverPort = fields.serverPort
    if !fields.remoteUser.isEmpty { extra.setRemoteUser(Self.cut(fields.remoteUser, line, scratch, limit, &isCut)) }
    if !fields.methodText.isEmpty { extra.setMethodText(Self.cut(fields.methodText, line, scratch, limit, &isCut)) }
    if !fields.contentType.isEmpty { extra.setContentType(Self.cut(fields.contentType, line, scratch, limit, &isCut)) }
    if !fields.cookie.isEmpty { extra.setCookie(Self.cut(fields.cookie, line, scratch, limit, &isCut)) }
    if !fields.body.isEmpty { extra.setBody(Self.cut(fields.body, line, scratch, limit, &isCut)) }
    if !fields.tlsFingerprint.isEmpty {
      extra.setTlsFingerprint(Self.cut(fields.tlsFingerprint, line, scratch, limit, &isCut))
    }
    if !fields.upstream.isEmpty { extra.setUpstream(Self.cut(fields.upstream, line, scratch, limit, &isCut)) }
  }

  /// The bytes of a field, no more than `limit` of them.
  @inlinable @inline(__always)
  @_lifetime(copy line, copy scratch)
  static func cut(
    _ field: FieldRange, _ line: RawSpan, _ scratch: RawSpan, _ limit: Int, _ isCut: inout Bool
  ) -> RawSpan {
    let bytes = field.bytes(line: line, scratch: scratch)
    if bytes.byteCount <= limit { return bytes }
    isCut = true
    return bytes.extracting(first: limit)
  }

  /// Adds a line that is no event.
  ///
  /// - Parameters:
  ///   - head: its first bytes; as many as are worth keeping.
  ///   - length: bytes of the whole line.
  ///   - hash: of the whole line.
  public mutating func appendUnparsed(
    reason: UnparsedLine.Reason, head: RawSpan, length: UInt64, hash: UInt64, lineOffset: UInt32, lineNumber: UInt32
  ) {
    let kept = head.extracting(first: min(head.byteCount, largestField))
    let line = lines.append(in: builder)
    line.reason = reason
    line.lineOffset = lineOffset
    line.lineNumber = lineNumber
    line.length = length
    line.hash = hash
    if kept.byteCount > 0 { line.setHead(kept) }
  }

  /// Ends the batch: `message` is it from now on.
  ///
  /// A batch to which nothing was appended is a heartbeat, or an end where `final` says so.
  public mutating func finish(
    lowWatermark: Nanoseconds = .min, firstTime: Nanoseconds = 0, lastTime: Nanoseconds = 0,
    ledger: BatchLedger = BatchLedger(), final: Bool = false
  ) {
    precondition(events.count == 0 || lines.count == 0, "a batch holds events or unparsed lines, not both")
    do {
      let total = UInt32(truncatingIfNeeded: count)
      let batch = builder.resume(EventBatchBuilder.self)
      batch.count = total
      if events.count > 0 {
        batch.events.placeHttp(events)
      } else if lines.count > 0 {
        batch.events.placeUnparsed(lines)
      }
    }
    stamp(lowWatermark: lowWatermark, firstTime: firstTime, lastTime: lastTime, ledger: ledger, final: final)
  }

  /// Writes the parts of the header that depend on what the source said before, again if need be. O(1).
  public mutating func stamp(
    lowWatermark: Nanoseconds, firstTime: Nanoseconds, lastTime: Nanoseconds, ledger: BatchLedger, final: Bool
  ) {
    let batch = builder.resume(EventBatchBuilder.self)
    batch.lowWatermark = lowWatermark
    batch.firstTime = firstTime
    batch.lastTime = lastTime
    batch.final = final
    let entries = batch.resumeLedger()
    entries.lines = ledger.lines
    entries.parsed = ledger.parsed
    entries.unparsed = ledger.unparsed
    entries.ahead = ledger.ahead
    entries.sampledOut = ledger.sampledOut
    entries.late = ledger.late
  }

  /// The finished batch with its segment table: a Kafka record, or what `Message(framed:limiter:)` opens.
  @inlinable
  public var message: RawSpan {
    @_lifetime(borrow self)
    get { builder.framed }
  }
}

extension HttpFields {
  /// Whether any field is present that only `HttpExtra` holds.
  @inlinable @inline(__always)
  var hasExtra: Bool {
    // One test instead of nine: counts and numbers are zero where a field is absent.
    let counts =
      remoteUser.count | methodText.count | contentType.count | cookie.count | body.count | tlsFingerprint.count
      | upstream.count
    return UInt64(counts) | requestBytes | UInt64(serverPort) != 0
  }
}
