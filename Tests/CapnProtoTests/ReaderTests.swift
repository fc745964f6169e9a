// Far pointers, lists read as what they were not sent as, and what is not there.

import CapnProto
import Testing

@Suite struct ReaderTests {
  @Test func aFarPointerIsFollowedToItsLandingPad() throws {
    let message = frame([
      [farPointer(segment: 1, offset: 1)],
      [0, structPointer(offset: 0, data: 1, pointers: 0), 0x1234],
    ])
    let limiter = ReadLimiter()
    let root = try Message(framed: message.span.bytes, limiter: limiter).rootStruct
    #expect(root.scalar(0, as: UInt64.self) == 0x1234)
  }

  @Test func aDoubleFarPointerIsFollowedToItsContent() throws {
    let message = frame([
      [farPointer(segment: 1, offset: 0, double: true)],
      [farPointer(segment: 2, offset: 1), listPointer(offset: 0, size: 2, count: 5)],
      [0] + words("hello"),
    ])
    let limiter = ReadLimiter()
    let root = try Message(framed: message.span.bytes, limiter: limiter).root
    #expect(bytes(try root.data) == Array("hello".utf8))
  }

  @Test func dataBehindAFarPointerIsReadLikeAnyOther() throws {
    let message = frame([
      [structPointer(offset: 0, data: 0, pointers: 1), farPointer(segment: 1, offset: 0)],
      [listPointer(offset: 0, size: 2, count: 3)] + words("far"),
    ])
    let limiter = ReadLimiter()
    let root = try Message(framed: message.span.bytes, limiter: limiter).rootStruct
    #expect(bytes(try root.data(0)) == Array("far".utf8))
  }

  @Test func farPointersThatLeadNowhereAreRefused() {
    let cases: [([[UInt64]], WireError)] = [
      ([[farPointer(segment: 7, offset: 0)], [0]], .farPointer),
      ([[farPointer(segment: 1, offset: 1)], [0]], .outOfBounds),
      ([[farPointer(segment: 1, offset: 0, double: true)], [0]], .outOfBounds),
      // A landing pad that is far itself.
      ([[farPointer(segment: 1, offset: 0)], [farPointer(segment: 0, offset: 0)]], .farPointer),
      // A double one whose pad is not far.
      (
        [[farPointer(segment: 1, offset: 0, double: true)], [structPointer(offset: 0, data: 0, pointers: 0), 0]],
        .farPointer
      ),
      // A tag that is far.
      (
        [
          [farPointer(segment: 1, offset: 0, double: true)],
          [farPointer(segment: 0, offset: 0), farPointer(segment: 0, offset: 0)],
        ], .farPointer
      ),
      // Content past its segment.
      (
        [
          [farPointer(segment: 1, offset: 0, double: true)],
          [farPointer(segment: 0, offset: 1), structPointer(offset: 0, data: 1, pointers: 0)],
        ], .outOfBounds
      ),
    ]
    for (segments, error) in cases {
      #expect(failure(frame(segments)) { (root) throws(WireError) in _ = try root.structure } == error)
    }
  }

  @Test func aPointerCannotReachIntoTheNextSegment() {
    let message = frame([[structPointer(offset: 0, data: 1, pointers: 0)], [1, 2, 3]])
    #expect(failure(message) { (root) throws(WireError) in _ = try root.structure } == .outOfBounds)
  }

  @Test func aListOfScalarsIsReadAsStructs() throws {
    let message = frame([
      structPointer(offset: 0, data: 0, pointers: 2), listPointer(offset: 1, size: 4, count: 2), 0, 7 | 9 << 32,
    ])
    let limiter = ReadLimiter()
    let new = try NewStructs.read(from: try Message(framed: message.span.bytes, limiter: limiter))
    let values = try new.values
    #expect(values.count == 2 && values[0].number == 7 && values[1].number == 9)
  }

  @Test func aListOfTextsIsReadAsStructs() throws {
    var message = MessageBuilder()
    do {
      let old = message.start(OldScalarsBuilder.self)
      let names = old.initNames(count: 2)
      names.set(0, "Ada")
      names.set(1, "Grace")
    }
    let limiter = ReadLimiter()
    let new = try NewStructs.read(from: try Message(framed: message.framed, limiter: limiter))
    let named = try new.names
    #expect(named.count == 2 && named[1].age == 0)
    #expect(bytes(try named[1].name) == Array("Grace".utf8))
  }

  @Test func aListOfStructsIsReadAsScalarsAndTexts() throws {
    var message = MessageBuilder()
    do {
      let new = message.start(NewStructsBuilder.self)
      let values = new.initValues(count: 3)
      for i in 0..<3 { values[i].number = UInt32(i * 10) }
      let names = new.initNames(count: 2)
      names[0].setName("Ada")
      names[1].setName("Grace")
      names[1].age = 85
    }
    let limiter = ReadLimiter()
    let old = try OldScalars.read(from: try Message(framed: message.framed, limiter: limiter))
    #expect(try old.values.count == 3 && (try old.values)[2] == 20)
    #expect(bytes(try old.names[1]) == Array("Grace".utf8))
  }

  @Test func elementsTooSmallOrOfAnotherKindAreRefused() {
    let message = { (size: Int) in frame([listPointer(offset: 0, size: size, count: 1), 0]) }
    let cases: [(Int, ElementSize)] = [
      (2, .twoBytes), (3, .fourBytes), (4, .eightBytes), (5, .pointer), (6, .eightBytes), (1, .composite), (1, .byte),
      (0, .byte), (0, .pointer), (2, .bit),
    ]
    for (sent, expected) in cases {
      #expect(failure(message(sent)) { (root) throws(WireError) in _ = try root.list(of: expected) } == .elementSize)
    }
    #expect(failure(message(2)) { (root) throws(WireError) in _ = try root.structure } == .pointerKind)
    let structure = frame([structPointer(offset: 0, data: 1, pointers: 0), 0])
    #expect(failure(structure) { (root) throws(WireError) in _ = try root.data } == .pointerKind)
    #expect(failure(structure) { (root) throws(WireError) in _ = try root.list(of: .byte) } == .pointerKind)
    let capability = frame([3])
    #expect(failure(capability) { (root) throws(WireError) in _ = try root.structure } == .pointerKind)
  }

  @Test func fieldsTheSenderDidNotKnowReadAsTheirDefaults() throws {
    var message = MessageBuilder()
    message.start(OldBuilder.self).number = 3
    let limiter = ReadLimiter()
    let new = try New.read(from: try Message(framed: message.framed, limiter: limiter))
    #expect(new.number == 3 && new.added == 5 && !new.hasNote)
    #expect(try new.note.byteCount == 0 && new.more.count == 0)
  }

  @Test func aNullRootReadsAsAllDefaults() throws {
    let message = frame([0])
    let limiter = ReadLimiter()
    let all = try Everything.read(from: try Message(framed: message.span.bytes, limiter: limiter))
    #expect(all.otherFlag && !all.flag && all.i16 == -300 && all.i64 == -5_000_000_000 && all.u8 == 200)
    #expect(all.u32 == 0xdead_beef && all.f32 == 1.5 && all.f64WithDefault == -0.125)
    #expect(all.colour == .red && all.colourWithDefault == .green && all.area.width == 10)
    #expect(bytes(try all.textWithDefault) == Array("nothing said".utf8))
    #expect(bytes(try all.dataWithDefault) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(try all.pointWithDefault.x == 3 && all.pointWithDefault.y == 4)
    let floats = try all.f64s
    #expect(floats.count == 2 && floats[0] == 1.5 && floats[1] == -2.25)
    let points = try all.pointLists
    #expect(points.count == 2)
    #expect(try points[0].count == 1 && points[0][0].x == 1 && points[1].count == 0)
    #expect(all.which == .none && all.choice.which == .left && all.choice.left == 0)
  }

  @Test func membersOfAUnionThatAreNotSetAreNotRead() throws {
    var message = MessageBuilder()
    message.start(EverythingBuilder.self).setNumber(-1)
    let limiter = ReadLimiter()
    let all = try Everything.read(from: try Message(framed: message.framed, limiter: limiter))
    #expect(all.which == .number && all.number == -1 && all.truth == nil && all.circle == nil)
    #expect(throws: WireError.unionMember) {
      let limiter = ReadLimiter()
      _ = try Everything.read(from: try Message(framed: message.framed, limiter: limiter)).name
    }
  }

  @Test func constantsOfTheSchemaHaveTheirValues() throws {
    #expect(answer == -42 && greeting == "say \"hello\"\n" && octets == [0, 255, 16] && half == 0.5)
    #expect(favourite == .blue && Everything.Nested.limit == 12)
    let limiter = ReadLimiter()
    let point = try Point.read(from: try Message(segment: origin.segment, limiter: limiter))
    #expect(point.x == 1 && point.y == 2)
    let list = ScalarList<UInt16>(try Message(segment: primes.segment, limiter: limiter).root.list(of: .twoBytes))
    #expect(list.count == 4 && list[3] == 7)
  }

  @Test func everyEnumerantKeepsItsNumber() {
    for colour in Colour.allCases {
      #expect(colour.wire == colour.rawValue && Colour(wire: colour.rawValue) == colour)
    }
  }

  @Test func theTraversalLimitIsRefilledForEachMessage() throws {
    let message = frame([structPointer(offset: 0, data: 3, pointers: 0), 1, 2, 3])
    let limiter = ReadLimiter(words: 4)
    for _ in 0..<3 {
      #expect(try Message(framed: message.span.bytes, limiter: limiter).rootStruct.scalar(16, as: UInt64.self) == 3)
      #expect(limiter.remaining == 0)
    }
    let tight = ReadLimiter(words: 3)
    #expect(throws: WireError.traversalLimit) {
      _ = try Message(framed: message.span.bytes, limiter: tight).rootStruct.size
    }
  }

  @Test func structsOfAnOlderSenderReadAsDefaultsPastTheirEnd() throws {
    // Half a word of data is missing at either end of a field, and pointers after the first.
    for data in 0...3 {
      let fields = Array(1...3).prefix(data).map { UInt64($0) * 0x1_0000_0001 }
      let text = [listPointer(offset: 0, size: 2, count: 3)] + words("abc")
      let element = fields + text
      let message = frame(
        [listPointer(offset: 0, size: 7, count: element.count), tag(count: 1, data: data, pointers: 1)] + element)
      let limiter = ReadLimiter()
      let reader = try Message(framed: message.span.bytes, limiter: limiter).root.list(of: .composite).structure(0)
      for whole in [24, .max] {
        for place in 0..<3 {
          #expect(reader.scalar(place * 8, of: whole, as: UInt64.self) == (place < data ? fields[place] : 0))
          #expect(reader.scalar(place * 8 + 4, of: whole, as: UInt32.self) == (place < data ? UInt32(place + 1) : 0))
        }
      }
      #expect(bytes(try reader.data(0)) == Array("abc".utf8))
      #expect(bytes(try reader.data(1)) == [] && !reader.hasPointer(1))
    }
  }

  @Test func dataIsBytesAndNothingElse() throws {
    let content = words("abcdefgh")
    func read(_ pointer: UInt64, budget: Int = 8) throws(WireError) -> [UInt8] {
      let message = frame([structPointer(offset: 0, data: 0, pointers: 1), pointer] + content)
      let limiter = ReadLimiter(words: budget)
      return bytes(try Message(framed: message.span.bytes, limiter: limiter).rootStruct.data(0))
    }
    #expect(try read(listPointer(offset: 0, size: 2, count: 8)) == Array("abcdefgh".utf8))
    #expect(try read(0) == [])
    // Of no size: anywhere.
    for offset in [-100, 0, 100] { #expect(try read(listPointer(offset: offset, size: 2, count: 0)) == []) }
    for size in [0, 1, 3, 4, 5, 6, 7] {
      #expect(throws: WireError.elementSize) { _ = try read(listPointer(offset: 0, size: size, count: 1)) }
      #expect(throws: WireError.elementSize) { _ = try read(listPointer(offset: 0, size: size, count: 0)) }
    }
    // Structs whose words look like a null pointer's, and like an element's size.
    for data in [0, 1, 2, 8] {
      #expect(throws: WireError.pointerKind) { _ = try read(structPointer(offset: 0, data: data, pointers: 1)) }
    }
    for offset in [-4, 1, 1 << 28, -1 << 28] {
      #expect(throws: WireError.outOfBounds) { _ = try read(listPointer(offset: offset, size: 2, count: 8)) }
    }
    #expect(throws: WireError.outOfBounds) { _ = try read(listPointer(offset: 0, size: 2, count: 9)) }
    #expect(throws: WireError.outOfBounds) { _ = try read(listPointer(offset: 0, size: 2, count: 1 << 29 - 1)) }
    // The root pointer and its struct take two words of the budget.
    #expect(try read(listPointer(offset: 0, size: 2, count: 8), budget: 3) == Array("abcdefgh".utf8))
    #expect(throws: WireError.traversalLimit) {
      _ = try read(listPointer(offset: 0, size: 2, count: 1), budget: 2)
    }
  }
}
