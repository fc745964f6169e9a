// The decoded form of a field, for rules: what the last decoder behind the server would see.

import Bytes

/// Decodes fields to a fixed depth: three layers of percent encoding, then one of text encodings, then
/// comments. Letter case is kept; rules match without regard to it unless they say `cased`.
///
/// Owns scratch space that it reuses, so that nothing is allocated after warm-up. One a thread.
public struct Normalizer: ~Copyable {
  private var first = ByteBuffer(capacity: 4096)
  private var second = ByteBuffer(capacity: 4096)

  public init() {}

  /// Appends the decoded form of `input` to `output` and says what was undone.
  ///
  /// Empty findings mean that what was appended equals the input. O(n), 1-2 ns a byte where something
  /// needs decoding, a scan otherwise.
  public mutating func normalize(
    _ input: RawSpan, kind: FieldKind, into output: inout ByteBuffer
  ) -> NormalizationFindings {
    let flags = ByteTraits.scan(input)
    if flags.isDisjoint(with: .needsDecoding) {
      output.append(input)
      return []
    }
    return Self.decodeAll(input, plusFrom: Self.plusStart(input, kind), first: &first, second: &second, into: &output)
  }

  /// All layers. The buffers are parameters so that the compiler sees that they are apart.
  private static func decodeAll(
    _ input: RawSpan, plusFrom: Int, first: inout ByteBuffer, second: inout ByteBuffer, into output: inout ByteBuffer
  ) -> NormalizationFindings {
    first.removeAll()
    var findings = decodeEscapes(input, plusFrom: plusFrom, into: &first, scratch: &second)
    second.removeAll()
    TextDecoding.decode(first.bytes, into: &second, findings: &findings)
    replaceComments(second.bytes, into: &output, findings: &findings)
    return findings
  }

  /// From where `+` is a space.
  static func plusStart(_ input: RawSpan, _ kind: FieldKind) -> Int {
    switch kind {
    case .query: 0
    case .target: input.firstIndex(of: 0x3f) ?? .max
    case .path, .header, .cookie, .body: .max
    }
  }

  /// Up to three layers of percent encoding, into an empty `output`.
  static func decodeEscapes(
    _ input: RawSpan, plusFrom: Int, into output: inout ByteBuffer, scratch: inout ByteBuffer
  ) -> NormalizationFindings {
    var findings: NormalizationFindings = []
    var inner: NormalizationFindings = []
    let outcome = PercentDecoding.decode(input, plusFrom: plusFrom, into: &output, findings: &findings)
    if outcome.changed, !findings.isEmpty || output.count != input.byteCount { findings.insert(.percent) }
    guard outcome.more, PercentDecoding.hasEscape(output.bytes) else { return findings }
    scratch.removeAll()
    _ = PercentDecoding.decode(output.bytes, plusFrom: .max, into: &scratch, findings: &inner)
    findings.insert(.doublePercent)
    output.removeAll()
    if PercentDecoding.hasEscape(scratch.bytes) {
      _ = PercentDecoding.decode(scratch.bytes, plusFrom: .max, into: &output, findings: &inner)
      findings.insert(.triplePercent)
    } else {
      output.append(scratch.bytes)
    }
    if inner.contains(.unicodePercent) { findings.insert(.unicodePercent) }
    if inner.contains(.needlessPercent) { findings.insert(.needlessPercent) }
    return findings
  }

  /// Appends `input` with each closed `/* ... */` read as one space, as SQL does.
  static func replaceComments(
    _ input: RawSpan, into output: inout ByteBuffer, findings: inout NormalizationFindings
  ) {
    let n = input.byteCount
    var copied = 0
    var i = 0
    while let slash = input.firstIndex(of: 0x2f, from: i) {
      i = slash &+ 1
      guard i < n, input.unchecked(i) == 0x2a else { continue }
      var end = i &+ 1
      var close = -1
      while let star = input.firstIndex(of: 0x2a, from: end) {
        if star &+ 1 < n, input.unchecked(star &+ 1) == 0x2f {
          close = star &+ 2
          break
        }
        end = star &+ 1
      }
      guard close > 0 else { break }
      output.append(input.extracting(copied..<slash))
      output.append(0x20)
      findings.insert(.comments)
      copied = close
      i = close
    }
    output.append(input.extracting(copied..<n))
  }
}
