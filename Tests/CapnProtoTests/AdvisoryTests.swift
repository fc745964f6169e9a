// Every security advisory of Cap'n Proto that speaks of reading messages, as a test with its name.

import AllocationCounter
import CapnProto
import Testing

@Suite struct AdvisoryTests {
  /// A list of structs whose count times size wraps around 32 bits: 2^29 elements of 2^13 bytes.
  @Test func advisory_2015_03_02_0_aListWhoseSizeOverflowsIsRefused() {
    for (count, data) in [(1 << 29, 1), (1 << 29 - 1, 0xffff), (1 << 28, 16), (0x3fff_ffff, 0xffff)] {
      let message = frame([listPointer(offset: 0, size: 7, count: 1), tag(count: count, data: data, pointers: 0), 0])
      #expect(failure(message) { (root) throws(WireError) in _ = try root.list(of: .composite) } == .listTag)
    }
    // And plain elements: 2^29 - 1 of eight bytes are 2^35 bits.
    for size in 2...6 {
      let message = frame([listPointer(offset: 0, size: size, count: 1 << 29 - 1), 0])
      #expect(failure(message) { (root) throws(WireError) in _ = try walk(root) } == .outOfBounds)
    }
  }

  /// Text of no bytes, or without its NUL, whose length less the NUL would be -1.
  @Test func advisory_2015_03_02_1_textWithoutItsNULIsRefused() throws {
    let empty = frame([listPointer(offset: 0, size: 2, count: 0)])
    #expect(failure(empty) { (root) throws(WireError) in _ = try root.text } == .unterminatedText)
    let open = frame([listPointer(offset: 0, size: 2, count: 8)] + words("abcdefgh"))
    #expect(failure(open) { (root) throws(WireError) in _ = try root.text } == .unterminatedText)
    // The advisory's way round the check: copied without being looked at, then read in the copy.
    for message in [empty, open] {
      let limiter = ReadLimiter()
      var copy = MessageBuilder()
      try copy.root.copy(try Message(framed: message.span.bytes, limiter: limiter).root)
      let copied = Array(bytes(copy.framed))
      #expect(failure(copied) { (root) throws(WireError) in _ = try root.text } == .unterminatedText)
    }
  }

  /// A pointer that leads before its segment.
  @Test func advisory_2015_03_02_1_aPointerBeforeTheSegmentIsRefused() {
    for offset in [-2, -3, -1000, -(1 << 29)] {
      let structure = frame([structPointer(offset: offset, data: 1, pointers: 0), 0, 0])
      #expect(failure(structure) { (root) throws(WireError) in _ = try root.structure } == .outOfBounds)
      let list = frame([listPointer(offset: offset, size: 2, count: 8), 0, 0])
      #expect(failure(list) { (root) throws(WireError) in _ = try root.data } == .outOfBounds)
    }
  }

  /// Half a thousand million structs of no size in two words.
  @Test func advisory_2015_03_02_2_structsOfNoSizeAreChargedByTheirCount() {
    let message = frame([listPointer(offset: 0, size: 7, count: 0), tag(count: 1 << 29 - 1, data: 0, pointers: 0)])
    #expect(failure(message) { (root) throws(WireError) in _ = try root.list(of: .composite) } == .traversalLimit)
    // The same as a list of Void.
    let voids = frame([listPointer(offset: 0, size: 0, count: 1 << 29 - 1)])
    #expect(failure(voids) { (root) throws(WireError) in _ = try root.list(of: .composite) } == .traversalLimit)
  }

  /// Many pointers to one large object.
  @Test func advisory_2015_03_02_2_pointersToTheSameBytesAreChargedEachTime() {
    let count = 1000
    var segment = [listPointer(offset: 0, size: 6, count: count)]
    for i in 0..<count { segment.append(listPointer(offset: count - 1 - i, size: 5, count: 10_000)) }
    segment += Array(repeating: 0, count: 10_000)
    #expect(failure(frame(segment)) { (root) throws(WireError) in _ = try walkData(root) } == .traversalLimit)
  }

  private func walkData(_ root: AnyPointer) throws(WireError) -> Int {
    let lists = ListOfLists<ScalarList<UInt64>>(try root.list(of: .pointer))
    var sum = 0
    for i in 0..<lists.count { sum += try lists[i].count }
    return sum
  }

  /// The size of a message whose lists hold nothing, found by copying it: the loop is not entered.
  @Test func advisory_2015_03_05_0_copyingStructsOfNoSizeDoesNotCountThem() throws {
    let count = 1 << 22
    let message = frame([listPointer(offset: 0, size: 7, count: 0), tag(count: count, data: 0, pointers: 0)])
    let limiter = ReadLimiter()
    var copy = MessageBuilder()
    try copy.root.copy(try Message(framed: message.span.bytes, limiter: limiter).root)
    #expect(copy.byteCount == 24)
    let many = frame([listPointer(offset: 0, size: 7, count: 0), tag(count: 1 << 29 - 1, data: 0, pointers: 0)])
    #expect(
      failure(many) { (root) throws(WireError) in
        var copy = MessageBuilder()
        try copy.root.copy(root)
      } == .traversalLimit)
  }

  /// Bounds checks that a compiler may leave out because the arithmetic before them "cannot" overflow: ends of
  /// ranges at every edge.
  @Test func advisory_2017_04_17_0_rangesAreCheckedAtEveryEdge() {
    for offset in [-1 << 29, -2, -1, 0, 1, 2, 3, (1 << 29) - 1] {
      for count in [0, 1, 7, 8, 9, 16, 17, 1 << 20, (1 << 29) - 1] {
        let message = frame([listPointer(offset: offset, size: 2, count: count), 0, 0])
        let end = (1 + offset) * 8 + (count + 7) / 8 * 8
        let isInside = count == 0 || 1 + offset >= 0 && end <= 24
        let error = failure(message) { (root) throws(WireError) in #expect(try root.data.byteCount == count) }
        #expect(error == (isInside ? nil : .outOfBounds), "offset \(offset), count \(count)")
      }
    }
  }

  /// A list of structs read as one of pointers, whose structs have no pointers, or are looked at as if they began
  /// where their pointers do.
  @Test func advisory_2022_11_30_0_structsReadAsPointersStayInside() throws {
    let dataOnly = frame([
      listPointer(offset: 0, size: 7, count: 2), tag(count: 2, data: 1, pointers: 0),
      listPointer(offset: 0, size: 2, count: 8),
      listPointer(offset: 0, size: 2, count: 8),
    ])
    #expect(failure(dataOnly) { (root) throws(WireError) in _ = try root.list(of: .pointer) } == .elementSize)
    // 65,535 words of data, one pointer: the first element's pointer is the last word of the message.
    let wide = frame(
      [listPointer(offset: 0, size: 7, count: 65_536), tag(count: 1, data: 65_535, pointers: 1)]
        + Array(repeating: 0, count: 65_536))
    let error = failure(wide) { (root) throws(WireError) in
      let texts = TextList(try root.list(of: .pointer))
      #expect(texts.count == 1)
      #expect(try texts[0].byteCount == 0)
      // The advisory's second step: the list of pointers, taken for one of structs again.
      let again = try root.list(of: .pointer).structure(0)
      #expect(again.size == (0, 1))
      _ = try walk(again)
    }
    #expect(error == nil)
    // Of no elements, the position of the pointers would be past the end.
    let none = frame([listPointer(offset: 0, size: 7, count: 0), tag(count: 0, data: 65_535, pointers: 1)])
    #expect(failure(none) { (root) throws(WireError) in _ = try root.list(of: .pointer).count } == nil)
  }

  /// A count of segments that wraps around to none.
  @Test func advisory_2026_03_12_0_aSegmentCountThatWrapsIsRefused() throws {
    let message: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]
    let limiter = ReadLimiter()
    #expect(throws: WireError.segmentCount) {
      _ = try Message(framed: message.span.bytes, limiter: limiter).byteCount
    }
    var stream = FrameReader()
    stream.append(message.span.bytes)
    #expect(throws: WireError.segmentCount) { _ = try stream.next() }
  }

  /// Segment sizes whose sum wraps around 32 bits.
  @Test func advisory_2026_07_09_segmentSizesThatWrapAreRefused() throws {
    var message: [UInt8] = [1, 0, 0, 0] + [0, 0, 0, 0x20] + [0, 0, 0, 0xe0] + [0, 0, 0, 0]
    message += Array(repeating: 0, count: 64)
    let limiter = ReadLimiter()
    #expect(throws: WireError.truncatedFrame) {
      _ = try Message(framed: message.span.bytes, limiter: limiter).byteCount
    }
    var stream = FrameReader()
    stream.append(message.span.bytes)
    #expect(throws: WireError.messageSize) { _ = try stream.next() }
  }

  /// An enumerant that the schema does not have, where a table would be looked up.
  @Test func advisory_2026_07_09_anUnknownEnumerantIsTheFirst() {
    for raw: UInt16 in [3, 255, 256, 0x8000, 0xffff] { #expect(Colour(wire: raw) == .red) }
  }

  /// Structs that contain themselves, without an advisory of its own: the nesting limit is for them.
  @Test func aMessageThatPointsAtItselfEndsAtTheNestingLimit() {
    let loop = frame([structPointer(offset: -1, data: 0, pointers: 1)])
    #expect(failure(loop) { (root) throws(WireError) in _ = try walk(root) } == .nestingDepth)
    let list = frame([listPointer(offset: -1, size: 6, count: 1)])
    #expect(failure(list) { (root) throws(WireError) in _ = try walk(root) } == .nestingDepth)
    #expect(failure(loop, depth: 0) { (root) throws(WireError) in _ = try root.structure } == .nestingDepth)
  }
}

func bytes(_ span: RawSpan) -> [UInt8] { span.withUnsafeBytes { Array($0) } }
