// What a column of a log can mean to us. Every dialect's names map onto these; all else is `ignored`.

/// Meaning of one column. How its text becomes a value is said in `LineState.set`.
enum Field: UInt8, Sendable, CaseIterable {
  case ignored

  /// Address of the peer, with or without a port.
  case client
  /// `X-Forwarded-For`: a list of addresses, the nearest last.
  case forwardedFor
  /// `Forwarded` (RFC 7239).
  case forwarded
  /// An identity (RFC 1413): ignored, but it must not look like an address. See `TextProgram`.
  case identity
  case remoteUser

  case host
  case serverPort
  /// The whole request line: method, target, protocol.
  case request
  /// The same where servers always write the absolute form (ALB, Squid): scheme and authority come off the target.
  case absoluteRequest
  case method
  case target
  /// A target in absolute form on its own, as Squid logs it.
  case absoluteTarget
  case path
  /// Without the question mark.
  case query
  /// With it, as Apache's `%q`.
  case markedQuery
  case protocolVersion

  case status
  case bytes
  case requestBytes
  case durationSeconds
  case durationMilliseconds
  case durationMicroseconds
  case durationNanoseconds
  /// A number with its unit, as Go and Traefik print it: `12ms`, `1.5s`, `300µs`.
  case durationWithUnit

  case userAgent
  /// A user agent that was percent-encoded by the server, as CloudFront does.
  case encodedUserAgent
  /// A user agent whose spaces were written as plus signs, as IIS does.
  case plusUserAgent
  case referrer
  case cookie
  case contentType
  case body
  case upstream
  case cacheStatus
  case country
  case asn
  case tlsFingerprint

  /// `20/Feb/2016:00:00:45 -0500`, with or without offset and fraction.
  case commonTime
  /// Any stamp that can be told by looking at it: RFC 3339, epoch of any unit, common.
  case anyTime
  case epochSeconds
  case epochMilliseconds
  case epochMicroseconds
  case epochNanoseconds
  /// Parts of a stamp that a format writes as columns or by strftime. Put together at the end of the line.
  case year
  case shortYear
  case monthNumber
  case monthName
  case day
  case hour
  case hour12
  case meridiem
  case minute
  case second
  case millisecondFraction
  case microsecondFraction
  case offset
  /// `2016-02-20` and `00:00:45`, as W3C extended logs have them.
  case dateColumn
  case timeColumn
}
