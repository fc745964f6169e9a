// Following pointers: what a pointer word says, where it leads, and every check on the way.

/// A pointer whose type is not known, or not known yet.
public struct AnyPointer: ~Escapable, BitwiseCopyable {
  @usableFromInline let context: ReadContext
  @usableFromInline let segment: Segment
  /// Byte offset of the pointer word in `segment`, inside it.
  @usableFromInline let at: Int
  /// Levels that may still be followed from here.
  @usableFromInline let depth: Int

  @inlinable @inline(__always)
  @_lifetime(copy context, copy segment)
  init(context: ReadContext, segment: Segment, at: Int, depth: Int) {
    self.context = context
    self.segment = segment
    self.at = at
    self.depth = depth
  }

  /// What a pointer leads to.
  public enum Kind: Sendable { case null, structure, list, capability }

  @inlinable
  public var isNull: Bool { segment.word(at) == 0 }

  /// What the pointer leads to, through far pointers.
  public var kind: Kind {
    get throws(WireError) {
      if isNull { return .null }
      let word = try target().word
      switch word & 3 {
      case 0: return .structure
      case 1: return .list
      default:
        // The other bits of the lower half are reserved.
        guard word & 0xffff_ffff == 3 else { throw .pointerKind }
        return .capability
      }
    }
  }

  /// The struct pointed at; a null pointer reads as a struct of no size, all defaults.
  @inlinable
  public var structure: StructReader {
    @_lifetime(copy self)
    get throws(WireError) {
      if isNull { return StructReader(absentIn: context, segment: segment) }
      let place = try target()
      guard place.word & 3 == 0 else { throw .pointerKind }
      let dataBytes = Int(truncatingIfNeeded: place.word >> 32 & 0xffff) &* 8
      let pointers = Int(truncatingIfNeeded: place.word >> 48)
      let size = dataBytes &+ pointers &* 8
      // What has no size may be anywhere, as in libcapnp: nothing is read.
      guard place.segment.holds(place.start, size) || size == 0 else { throw .outOfBounds }
      guard depth > 0 else { throw .nestingDepth }
      try context.charge(words: dataBytes >> 3 &+ pointers)
      return StructReader(
        context: context, segment: place.segment, data: place.start,
        shape: Shape(dataBytes: dataBytes, pointers: pointers, depth: depth &- 1))
    }
  }

  /// The bytes of a `Data`; a null pointer reads as none.
  @inlinable @inline(__always)
  public var data: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) {
      if isNull { return segment.none }
      return try byteList()
    }
  }

  /// The bytes of a `Text` without its NUL, not checked to be UTF-8; a null pointer reads as none.
  @inlinable
  public var text: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) {
      if isNull { return segment.none }
      let bytes = try byteList()
      let end = bytes.byteCount &- 1
      guard end >= 0, bytes.unsafeLoad(fromUncheckedByteOffset: end, as: UInt8.self) == 0 else {
        throw .unterminatedText
      }
      return bytes.extracting(0..<end)
    }
  }

  /// A pointer to no bytes, at itself.
  @inlinable @inline(__always)
  static var emptyData: UInt64 { 0x2_ffff_fffd }

  /// The bytes of a `Data` whose pointer is not a near one to a list of bytes: far, or wrong. Takes the parts of a
  /// reader, so that they can stay in registers where this is not called.
  @usableFromInline @inline(never)
  @_lifetime(copy context, copy segment)
  static func distantData(_ context: ReadContext, _ segment: Segment, at: Int) throws(WireError) -> RawSpan {
    try AnyPointer(context: context, segment: segment, at: at, depth: 0).byteList()
  }

  @inlinable @inline(__always)
  @_lifetime(copy self)
  func byteList() throws(WireError) -> RawSpan {
    let place = try target()
    guard place.word & 3 == 1 else { throw .pointerKind }
    guard ElementSize.of(place.word) == .byte else { throw .elementSize }
    let count = Int(truncatingIfNeeded: place.word >> 35)
    let padded = (count &+ 7) & ~7
    guard place.segment.holds(place.start, padded) else {
      if count == 0 { return segment.none }
      throw .outOfBounds
    }
    try context.charge(words: padded >> 3)
    return place.segment.bytes(place.start, count)
  }

  /// The list pointed at, to be read as one of `expected` elements; a null pointer reads as an empty list.
  ///
  /// Follows the rules by which lists are upgraded: elements may be larger than expected, a list of scalars or
  /// pointers may be read as one of structs and the other way round, but bits only as bits.
  @inlinable
  @_lifetime(copy self)
  public func list(of expected: ElementSize) throws(WireError) -> ListReader {
    if isNull { return ListReader(emptyIn: context, segment: segment) }
    let place = try target()
    guard place.word & 3 == 1 else { throw .pointerKind }
    guard depth > 0 else { throw .nestingDepth }
    let size = ElementSize.of(place.word)
    let count = Int(truncatingIfNeeded: place.word >> 35)
    guard size == .composite else {
      return try plainList(place, size, count: count, expected: expected)
    }
    // Here the count is of words, and a tag shaped like a struct pointer holds the count of elements.
    let bytes = count &* 8
    guard place.segment.holds(place.start, bytes &+ 8) else { throw .outOfBounds }
    try context.charge(words: count &+ 1)
    let tag = place.segment.word(place.start)
    guard tag & 3 == 0 else { throw .listTag }
    let elements = Int(truncatingIfNeeded: tag >> 2 & 0x3fff_ffff)
    let dataBytes = Int(truncatingIfNeeded: tag >> 32 & 0xffff) &* 8
    let pointers = Int(truncatingIfNeeded: tag >> 48)
    let step = dataBytes &+ pointers &* 8
    guard elements &* step <= bytes else { throw .listTag }
    // Elements of no size cost the sender nothing and the reader something each.
    if step == 0 { try context.charge(words: elements) }
    var start = place.start &+ 8
    switch expected {
    case .empty, .composite: break
    case .bit: throw .elementSize
    case .byte, .twoBytes, .fourBytes, .eightBytes:
      guard dataBytes > 0 else { throw .elementSize }
    case .pointer:
      guard pointers > 0 else { throw .elementSize }
      if elements > 0 { start = start &+ dataBytes }
    }
    return ListReader(
      context: context, segment: place.segment, start: start, count: elements,
      layout: ListLayout(stepBytes: step, size: .composite),
      shape: Shape(dataBytes: expected == .pointer ? 0 : dataBytes, pointers: pointers, depth: depth &- 1))
  }

  @usableFromInline
  @_lifetime(copy self, copy place)
  func plainList(
    _ place: Place, _ size: ElementSize, count: Int, expected: ElementSize
  ) throws(WireError) -> ListReader {
    let step = size.bits
    let bytes = (count &* step &+ 63) >> 6 &* 8
    guard place.segment.holds(place.start, bytes) || bytes == 0 else { throw .outOfBounds }
    try context.charge(words: bytes >> 3)
    if size == .empty { try context.charge(words: count) }
    let isPointer = size == .pointer
    switch expected {
    case .empty: break
    case .composite: guard size != .bit else { throw .elementSize }
    case .pointer: guard isPointer else { throw .elementSize }
    default: guard !isPointer, step >= expected.bits else { throw .elementSize }
    }
    if expected == .bit, size != .bit { throw .elementSize }
    return ListReader(
      context: context, segment: place.segment, start: place.start, count: count,
      layout: ListLayout(stepBytes: step >> 3, size: size),
      shape: Shape(dataBytes: isPointer ? 0 : step >> 3, pointers: isPointer ? 1 : 0, depth: depth &- 1))
  }

  /// Where a pointer leads: its word (the one that describes the object), the segment, and the offset there.
  /// The offset is not checked yet.
  @usableFromInline
  struct Place: ~Escapable, BitwiseCopyable {
    @usableFromInline let segment: Segment
    @usableFromInline let word: UInt64
    @usableFromInline let start: Int

    @inlinable @inline(__always)
    @_lifetime(copy segment)
    init(segment: Segment, word: UInt64, start: Int) {
      self.segment = segment
      self.word = word
      self.start = start
    }
  }

  @inlinable @inline(__always)
  @_lifetime(copy self)
  func target() throws(WireError) -> Place {
    let word = segment.word(at)
    if word & 3 != 2 { return Place(segment: segment, word: word, start: AnyPointer.start(word, at: at)) }
    return try farTarget(word)
  }

  /// Offset of the object that the near pointer `word` at `at` leads to; may be negative.
  @inlinable @inline(__always)
  static func start(_ word: UInt64, at: Int) -> Int {
    at &+ 8 &+ Int(Int32(truncatingIfNeeded: word) >> 2) &* 8
  }

  /// Follows a far pointer, or a double-far one: its landing pad is a far pointer and a tag.
  @usableFromInline @inline(never)
  @_lifetime(copy self)
  func farTarget(_ word: UInt64) throws(WireError) -> Place {
    let isDouble = word & 4 != 0
    let landing = try context.segment(UInt32(truncatingIfNeeded: word >> 32), current: segment)
    let pad = Int(truncatingIfNeeded: word >> 3 & 0x1fff_ffff) &* 8
    guard landing.holds(pad, isDouble ? 16 : 8) else { throw .outOfBounds }
    try context.charge(words: isDouble ? 2 : 1)
    let first = landing.word(pad)
    if !isDouble {
      // A landing pad that is far itself would make a chain without end.
      guard first & 3 != 2 else { throw .farPointer }
      return Place(segment: landing, word: first, start: AnyPointer.start(first, at: pad))
    }
    guard first & 7 == 2 else { throw .farPointer }
    let tag = landing.word(pad &+ 8)
    guard tag & 3 != 2 else { throw .farPointer }
    let content = try context.segment(UInt32(truncatingIfNeeded: first >> 32), current: segment)
    return Place(segment: content, word: tag, start: Int(truncatingIfNeeded: first >> 3 & 0x1fff_ffff) &* 8)
  }
}

/// The sizes that elements of a list can have, numbered as on the wire.
public enum ElementSize: UInt8, Sendable, BitwiseCopyable {
  case empty, bit, byte, twoBytes, fourBytes, eightBytes, pointer, composite

  @inlinable @inline(__always)
  static func of(_ listPointer: UInt64) -> ElementSize {
    switch listPointer >> 32 & 7 {
    case 0: .empty
    case 1: .bit
    case 2: .byte
    case 3: .twoBytes
    case 4: .fourBytes
    case 5: .eightBytes
    case 6: .pointer
    default: .composite
    }
  }

  /// Bits of an element; 0 for composite ones, whose tag says.
  @inlinable @inline(__always)
  public var bits: Int {
    switch self {
    case .empty, .composite: 0
    case .bit: 1
    case .byte: 8
    case .twoBytes: 16
    case .fourBytes: 32
    case .eightBytes, .pointer: 64
    }
  }
}
