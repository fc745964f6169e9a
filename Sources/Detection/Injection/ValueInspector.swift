// Decodes one value and runs the detectors that its bytes call for.

import Bytes

/// Scratch space of one level of decoding, reused from value to value.
struct DecodingScratch: ~Copyable {
  var first = ByteBuffer(capacity: 1024)
  var original = ByteBuffer(capacity: 1024)
  var lower = ByteBuffer(capacity: 1024)
  var squeezed = ByteBuffer(capacity: 600)
}

/// Judges single values. Owns its scratch space; nothing is allocated after warm-up.
struct ValueInspector: ~Copyable {
  private var outer = DecodingScratch()
  private var inner = DecodingScratch()
  private var wrapped = ByteBuffer(capacity: 1024)

  /// Bytes that no detector needs to look at.
  private static let harmless: ByteTraits = [.letter, .digit, .minus, .dot]
  /// A longer value is judged by its first bytes.
  static let longest = 1 << 15

  /// Adds what the detectors find in `raw` to `tally`. `plus`: whether `+` is a space here.
  mutating func inspect(_ raw: RawSpan, place: ValuePlace, plus: Bool, into tally: inout EvidenceTally) {
    let raw = raw.byteCount > Self.longest ? raw.extracting(0..<Self.longest) : raw
    let traits = ByteTraits.scan(raw)
    if traits.isSubset(of: Self.harmless) {
      if raw.byteCount >= 200 { tally.add(.overflow, MemoryProbes.overflow(raw)) }
      // Left are what may be base64, names of files and classes, and words run into dots.
      guard traits.contains(.letter) else { return }
      if !traits.contains(.dot) || raw.byteCount < 8, raw.byteCount < 16 || !traits.contains(.digit) { return }
    }
    wrapped.removeAll()
    Self.judge(
      raw, traits, place, plus, &outer.first, &outer.original, &outer.lower, &outer.squeezed, &wrapped, &tally)
    if wrapped.count > 0 { Self.judgeWrapped(&wrapped, place, &inner, &tally) }
  }

  /// The buffers are parameters of their own so that the compiler sees that they are apart.
  private static func judge(
    _ raw: RawSpan, _ rawTraits: ByteTraits, _ place: ValuePlace, _ plus: Bool, _ first: inout ByteBuffer,
    _ original: inout ByteBuffer, _ lower: inout ByteBuffer, _ squeezed: inout ByteBuffer,
    _ wrapped: inout ByteBuffer, _ tally: inout EvidenceTally
  ) {
    let findings = decode(raw, rawTraits, plus: plus, &first, &original)
    let traits = rawTraits.isDisjoint(with: .needsDecoding) ? rawTraits : ByteTraits.scan(original.bytes)
    lowercase(original.bytes, &lower)
    detect(original.bytes, lower.bytes, traits, findings, place, &squeezed, &tally)
    if raw.byteCount >= 16 { _ = Base64.decodeText(original.bytes, into: &wrapped) }
  }

  /// What base64 held, one level deep: it must be worse than what stands in the open to count as much.
  private static func judgeWrapped(
    _ text: inout ByteBuffer, _ place: ValuePlace, _ scratch: inout DecodingScratch, _ tally: inout EvidenceTally
  ) {
    let traits = ByteTraits.scan(text.bytes)
    if traits.isSubset(of: harmless) { return }
    var within = EvidenceTally()
    judgeText(
      text.bytes, traits, place, &scratch.first, &scratch.original, &scratch.lower, &scratch.squeezed, &within)
    tally.add(within, percent: 90)
  }

  private static func judgeText(
    _ text: RawSpan, _ rawTraits: ByteTraits, _ place: ValuePlace, _ first: inout ByteBuffer,
    _ original: inout ByteBuffer, _ lower: inout ByteBuffer, _ squeezed: inout ByteBuffer, _ tally: inout EvidenceTally
  ) {
    let findings = decode(text, rawTraits, plus: false, &first, &original)
    lowercase(original.bytes, &lower)
    detect(original.bytes, lower.bytes, ByteTraits.scan(original.bytes), findings, place, &squeezed, &tally)
  }

  /// Percent layers, then text encodings, into `output`.
  private static func decode(
    _ raw: RawSpan, _ traits: ByteTraits, plus: Bool, _ first: inout ByteBuffer, _ output: inout ByteBuffer
  ) -> NormalizationFindings {
    output.removeAll()
    guard !traits.isDisjoint(with: .needsDecoding) else {
      output.append(raw)
      return []
    }
    first.removeAll()
    var findings = Normalizer.decodeEscapes(raw, plusFrom: plus ? 0 : .max, into: &first, scratch: &output)
    output.removeAll()
    TextDecoding.decode(first.bytes, into: &output, findings: &findings)
    return findings
  }

  private static func lowercase(_ input: RawSpan, _ output: inout ByteBuffer) {
    output.removeAll()
    let n = input.byteCount
    output.append(upTo: n) { bytes in
      for i in 0..<n { bytes[i] = input.unchecked(i).asciiLowercased }
      return n
    }
  }

  private static func detect(
    _ original: RawSpan, _ text: RawSpan, _ traits: ByteTraits, _ findings: NormalizationFindings,
    _ place: ValuePlace, _ squeezed: inout ByteBuffer, _ tally: inout EvidenceTally
  ) {
    let value = DecodedValue(
      text: text, original: original, traits: traits, findings: findings, place: place, isProse: isProse(text))
    if text.byteCount >= 200 { tally.add(.overflow, MemoryProbes.overflow(text)) }
    if traits.contains(.percent) { tally.add(.formatString, value.discounted(MemoryProbes.format(text))) }
    SQLInjection.inspect(value, &tally)
    let markup: ByteTraits = [.angle, .equals]
    if !traits.isDisjoint(with: markup) { MarkupInjection.inspect(value, &tally) }
    ScriptInjection.inspect(value, &tally)
    let product = place == .userAgent && isProduct(text)
    if !product { FileAccess.inspect(value, &tally) }
    if !product, place != .referrer {
      CommandInjection.inspect(value, &tally)
    } else {
      CommandInjection.functionImport(text, &tally)
    }
    ExpressionInjection.inspect(value, &squeezed, &tally)
    DataInjection.inspect(value, &tally)
    if traits.contains(.slash) || traits.contains(.backslash) || traits.contains(.colon) {
      AddressInjection.inspect(value, &tally)
    }
  }

  /// Whether a user agent is a list of products with comments, in which `; id;` names a language.
  private static func isProduct(_ text: RawSpan) -> Bool {
    guard text.contains("("), text.contains("/") else { return false }
    return !text.contains("`") && !text.contains("$(") && !text.contains("/etc/") && !text.contains("/bin/")
      && !text.contains("|")
  }

  /// At least 12 plain words, and at least 7 of 10 pieces between spaces are plain words.
  private static func isProse(_ text: RawSpan) -> Bool {
    let n = text.byteCount
    guard n >= 60 else { return false }
    var pieces = 0
    var words = 0
    var i = 0
    while i < n {
      while i < n, text.unchecked(i).isSpace { i &+= 1 }
      guard i < n else { break }
      let start = i
      var letters = 0
      while i < n, !text.unchecked(i).isSpace {
        let c = text.unchecked(i)
        if c.isASCIILetter || c >= 0x80 { letters &+= 1 }
        i &+= 1
      }
      pieces &+= 1
      let last = text.unchecked(i &- 1)
      let punctuation = last == 0x2e || last == 0x2c || last == 0x21 || last == 0x3f || last == 0x3a ? 1 : 0
      if letters > 0, letters >= i &- start &- punctuation, i &- start < 24 { words &+= 1 }
    }
    return words >= 12 && words &* 10 >= pieces &* 7
  }
}
