// Cap'n Proto's packing: zero bytes of each word are left out, runs of zero words and of words without zeros
// are counted. (encoding specification, section "Packing")

#if canImport(Glibc)
  import Glibc
#endif

/// Memory for packed or unpacked bytes, used again and again.
///
/// Invariant of the unsafe code: `base` addresses `capacity` bytes, the first `count` of which are initialised.
public struct PackedBuffer: ~Copyable, @unchecked Sendable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var count = 0

  public init(capacity: Int = 4096) {
    self.capacity = max(capacity, 64)
    base = .allocate(byteCount: self.capacity, alignment: 8)
  }

  deinit { base.deallocate() }

  /// What `pack` or `unpack` left.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      let span = RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  private mutating func reserve(_ extra: Int) {
    guard capacity - count < extra else { return }
    let wanted = max(capacity * 2, count + extra)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 8)
    moved.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = moved
    capacity = wanted
  }

  private mutating func append(_ byte: UInt8) {
    base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// Packs `source`, whole words; what is left of a last word is filled with zeros.
  public mutating func pack(_ source: RawSpan) {
    count = 0
    let words = (source.byteCount + 7) / 8
    func word(_ index: Int) -> UInt64 {
      let start = index * 8
      if source.byteCount - start >= 8 {
        return source.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self)
      }
      var value: UInt64 = 0
      for i in start..<source.byteCount {
        value |= UInt64(source.unsafeLoad(fromUncheckedByteOffset: i, as: UInt8.self)) << UInt64(8 * (i - start))
      }
      return value
    }
    var i = 0
    while i < words {
      let value = word(i)
      i += 1
      reserve(10)
      var tag: UInt8 = 0
      let tagPlace = count
      append(0)
      for bit in 0..<8 {
        let byte = UInt8(truncatingIfNeeded: value >> UInt64(8 * bit))
        if byte != 0 {
          tag |= 1 << UInt8(bit)
          append(byte)
        }
      }
      base.storeBytes(of: tag, toByteOffset: tagPlace, as: UInt8.self)
      if tag == 0 {
        // Zero words that follow, up to 255.
        var run = 0
        while run < 255, i < words, word(i) == 0 {
          run += 1
          i += 1
        }
        append(UInt8(run))
      } else if tag == 0xff {
        // Words with at most one zero byte are cheaper as they are.
        let first = i
        while i - first < 255, i < words, PackedBuffer.zeroBytes(word(i)) < 2 { i += 1 }
        reserve(1 + (i - first) * 8)
        append(UInt8(i - first))
        for index in first..<i {
          base.storeBytes(of: word(index), toByteOffset: count, as: UInt64.self)
          count += 8
        }
      }
    }
  }

  private static func zeroBytes(_ word: UInt64) -> Int {
    var zeros = 0
    for bit in 0..<8 where UInt8(truncatingIfNeeded: word >> UInt64(8 * bit)) == 0 { zeros += 1 }
    return zeros
  }

  /// Unpacks `source`, to at most `limit` bytes.
  ///
  /// - Throws: `.packing` where `source` ends inside a word or a run, or unpacks to more than `limit`.
  public mutating func unpack(_ source: RawSpan, limit: Int) throws(WireError) {
    count = 0
    var i = 0
    let end = source.byteCount
    func byte(_ index: Int) -> UInt8 { source.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self) }
    while i < end {
      let tag = byte(i)
      i += 1
      let present = tag.nonzeroBitCount
      guard end - i >= present, limit - count >= 8 else { throw .packing }
      var value: UInt64 = 0
      for bit in 0..<8 where tag >> UInt8(bit) & 1 != 0 {
        value |= UInt64(byte(i)) << UInt64(8 * bit)
        i += 1
      }
      reserve(8)
      base.storeBytes(of: value, toByteOffset: count, as: UInt64.self)
      count += 8
      guard tag == 0 || tag == 0xff else { continue }
      guard i < end else { throw .packing }
      let run = Int(byte(i)) * 8
      i += 1
      guard limit - count >= run else { throw .packing }
      reserve(run)
      if tag == 0 {
        memset(base + count, 0, run)
      } else {
        guard end - i >= run else { throw .packing }
        source.withUnsafeBytes { if run > 0 { memcpy(base + count, $0.baseAddress! + i, run) } }
        i += run
      }
      count += run
    }
  }
}
