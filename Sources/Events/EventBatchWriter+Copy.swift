// An event of one batch in another, as it is or with what must not leave the host replaced.

import Bytes
import CapnProto

/// A rule that matched an event before it was redacted, and the score of the event's whole verdict; 0 where the rule is
/// only counted by correlations.
public struct CarriedMatch: Sendable, Equatable {
  public var rule: UInt64
  public var score: UInt8
  public init(rule: UInt64, score: UInt8) { (self.rule, self.score) = (rule, score) }
}

/// Where the new text of an event's fields lies; what is empty stays out.
public struct ReplacedText: Sendable {
  public var target = 0..<0
  public var userAgent = 0..<0
  public var referrer = 0..<0
  public var remoteUser = 0..<0
  public var methodText = 0..<0
  public var contentType = 0..<0
  public var cookie = 0..<0
  public var body = 0..<0
  public init() {}
}

extension EventBatchWriter {
  /// Adds a copy of `event`.
  public mutating func append(copyOf event: borrowing HttpEvent) throws(WireError) {
    let copy = events.append(in: builder)
    Self.copyNumbers(event, to: copy)
    if case let bytes = try event.host, bytes.byteCount > 0 { copy.setHost(bytes) }
    if case let bytes = try event.target, bytes.byteCount > 0 { copy.setTarget(bytes) }
    if case let bytes = try event.userAgent, bytes.byteCount > 0 { copy.setUserAgent(bytes) }
    if case let bytes = try event.referrer, bytes.byteCount > 0 { copy.setReferrer(bytes) }
    guard event.hasExtra else { return }
    let extra = copy.initExtra()
    let original = try event.extra
    try Self.copyRest(original, to: extra)
    if original.hasRemoteUser { extra.setRemoteUser(try original.remoteUser) }
    if original.hasMethodText { extra.setMethodText(try original.methodText) }
    if original.hasContentType { extra.setContentType(try original.contentType) }
    if original.hasCookie { extra.setCookie(try original.cookie) }
    if original.hasBody { extra.setBody(try original.body) }
  }

  /// Adds a copy of `event` whose text is replaced by that in `text`, marked as judged, with what was found in the
  /// original.
  public mutating func append(
    copyOf event: borrowing HttpEvent, with fields: ReplacedText, in text: RawSpan, matches: [CarriedMatch]
  ) throws(WireError) {
    let copy = events.append(in: builder)
    Self.copyNumbers(event, to: copy)
    copy.flags |= HttpFlags.judged.rawValue
    if case let bytes = try event.host, bytes.byteCount > 0 { copy.setHost(bytes) }
    if !fields.target.isEmpty { copy.setTarget(text.extracting(fields.target)) }
    if !fields.userAgent.isEmpty { copy.setUserAgent(text.extracting(fields.userAgent)) }
    if !fields.referrer.isEmpty { copy.setReferrer(text.extracting(fields.referrer)) }
    guard event.hasExtra || !matches.isEmpty else { return }
    let extra = copy.initExtra()
    if event.hasExtra { try Self.copyRest(try event.extra, to: extra) }
    if !fields.remoteUser.isEmpty { extra.setRemoteUser(text.extracting(fields.remoteUser)) }
    if !fields.methodText.isEmpty { extra.setMethodText(text.extracting(fields.methodText)) }
    if !fields.contentType.isEmpty { extra.setContentType(text.extracting(fields.contentType)) }
    if !fields.cookie.isEmpty { extra.setCookie(text.extracting(fields.cookie)) }
    if !fields.body.isEmpty { extra.setBody(text.extracting(fields.body)) }
    guard !matches.isEmpty else { return }
    let list = extra.initMatches(count: matches.count)
    for (index, match) in matches.enumerated() {
      let entry = list[index]
      entry.rule = match.rule
      entry.score = match.score
    }
  }

  private static func copyNumbers(_ event: borrowing HttpEvent, to copy: HttpEventBuilder) {
    copy.time = event.time
    copy.clientHigh = event.clientHigh
    copy.clientLow = event.clientLow
    copy.bytes = event.bytes
    copy.duration = event.duration
    copy.lineOffset = event.lineOffset
    copy.lineNumber = event.lineNumber
    copy.asn = event.asn
    copy.status = event.status
    copy.country = event.country
    copy.method = event.method
    copy.protocol = event.protocol
    copy.cacheStatus = event.cacheStatus
    copy.flags = event.flags
  }

  /// What of the rare fields no client writes freely.
  private static func copyRest(_ original: borrowing HttpExtra, to extra: HttpExtraBuilder) throws(WireError) {
    extra.requestBytes = original.requestBytes
    extra.serverPort = original.serverPort
    if original.hasTlsFingerprint { extra.setTlsFingerprint(try original.tlsFingerprint) }
    if original.hasUpstream { extra.setUpstream(try original.upstream) }
  }
}
