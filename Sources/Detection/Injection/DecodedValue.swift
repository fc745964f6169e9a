// One value of a request as the detectors see it.

import Bytes

/// Where in the request a value stood: what is odd in a path is ordinary in a comment form.
enum ValuePlace: Sendable {
  case path, parameter, parameterName, cookie, header, userAgent, referrer, body, json
}

/// A value with its encodings undone.
struct DecodedValue: ~Escapable {
  /// ASCII in lower case.
  let text: RawSpan
  /// The same bytes in their own case.
  let original: RawSpan
  let traits: ByteTraits
  let findings: NormalizationFindings
  let place: ValuePlace
  /// Whether the value reads like prose or a document: many words and most of it letters and spaces.
  let isProse: Bool

  @_lifetime(copy text, copy original)
  init(
    text: RawSpan, original: RawSpan, traits: ByteTraits, findings: NormalizationFindings, place: ValuePlace,
    isProse: Bool
  ) {
    self.text = text
    self.original = original
    self.traits = traits
    self.findings = findings
    self.place = place
    self.isProse = isProse
  }

  /// `score`, less where the value is a document: code in a forum's post is talked about, not sent.
  @inline(__always)
  func discounted(_ score: Int) -> Int { isProse ? score * 11 / 20 : score }
}

extension RawSpan {
  /// The byte at `index`, or 0 outside.
  @inline(__always)
  func at(_ index: Int) -> UInt8 { index >= 0 && index < byteCount ? unchecked(index) : 0 }

  /// Whether `text` stands at `index`.
  @inline(__always)
  func holds(_ text: StaticString, at index: Int) -> Bool {
    let n = text.utf8CodeUnitCount
    guard index >= 0, index &+ n <= byteCount else { return false }
    for k in 0..<n where unchecked(index &+ k) != text.utf8Start[k] { return false }
    return true
  }

  @inline(__always)
  func contains(_ text: StaticString) -> Bool { firstRange(of: text) != nil }

  /// The first index at or after `index` that is no white space.
  @inline(__always)
  func skippingSpace(_ index: Int) -> Int {
    var i = index
    while i < byteCount, unchecked(i).isSpace { i &+= 1 }
    return i
  }

  /// The end of the run of letters, digits and `_` that begins at `index`.
  @inline(__always)
  func wordEnd(_ index: Int) -> Int {
    var i = index
    while i < byteCount, unchecked(i).isWord { i &+= 1 }
    return i
  }
}

extension UInt8 {
  @inline(__always) var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0d) }
  @inline(__always) var isWord: Bool { isASCIILetter || isASCIIDigit || self == 0x5f }
}
