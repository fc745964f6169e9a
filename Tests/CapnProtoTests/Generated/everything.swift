// Generated from everything.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto

// Every feature that the generator knows, for the tests that compare it with libcapnp.

@inlinable
public var answer: Int32 { -42 }

@inlinable
public var greeting: String { "say \"hello\"\u{a}" }

public let octets: [UInt8] = [0, 255, 16]

/// 0.5
@inlinable
public var half: Double { Double(bitPattern: 0x3fe0_0000_0000_0000) }

@inlinable
public var favourite: Colour { Colour(wire: 2) }

/// The words of a `Point`; read it as the root of `Message(segment:limiter:)`.
public let origin = WireConstant([0x1_0000_0000, 0xffff_fffb_0000_0001])

/// The words of a `ScalarList<UInt16>`; read it as the root of `Message(segment:limiter:)`.
public let primes = WireConstant([0x23_0000_0001, 0x7_0005_0003_0002])

/// One field of each kind.
public struct Everything: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  /// The members of the union.
  public enum Which: Sendable, CaseIterable {
    case none
    case number
    case name
    case circle
    case truth
    case hue
    case several
    /// One that a newer schema added.
    case unrecognized
  }

  /// The member that is set.
  @inlinable
  public var which: Which {
    switch reader.scalar(60, as: UInt16.self) {
    case 0: .none
    case 1: .number
    case 2: .name
    case 3: .circle
    case 4: .truth
    case 5: .hue
    case 6: .several
    default: .unrecognized
    }
  }

  // nothing holds nothing.

  @inlinable @inline(__always)
  public var flag: Bool { reader.bit(0) }

  @inlinable @inline(__always)
  public var otherFlag: Bool { !reader.bit(1) }

  @inlinable @inline(__always)
  public var i8: Int8 { reader.scalar(1, of: 80) }

  @inlinable @inline(__always)
  public var i16: Int16 { Int16(bitPattern: reader.scalar(2, of: 80, as: UInt16.self) ^ 0xfed4) }

  @inlinable @inline(__always)
  public var i32: Int32 { reader.scalar(4, of: 80) }

  @inlinable @inline(__always)
  public var i64: Int64 { Int64(bitPattern: reader.scalar(8, of: 80, as: UInt64.self) ^ 0xffff_fffe_d5fa_0e00) }

  @inlinable @inline(__always)
  public var u8: UInt8 { reader.scalar(16, of: 80) ^ 0xc8 }

  @inlinable @inline(__always)
  public var u16: UInt16 { reader.scalar(18, of: 80) }

  @inlinable @inline(__always)
  public var u32: UInt32 { reader.scalar(20, of: 80) ^ 0xdead_beef }

  @inlinable @inline(__always)
  public var u64: UInt64 { reader.scalar(24, of: 80) }

  @inlinable @inline(__always)
  public var f32: Float { Float(bitPattern: reader.scalar(32, of: 80, as: UInt32.self) ^ 0x3fc0_0000) }

  @inlinable @inline(__always)
  public var f64: Double { reader.scalar(40, of: 80) }

  @inlinable @inline(__always)
  public var f64WithDefault: Double { Double(bitPattern: reader.scalar(48, of: 80, as: UInt64.self) ^ 0xbfc0_0000_0000_0000) }

  @inlinable
  public var text: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.text(0) }
  }
  /// Whether `text` was set.
  @inlinable
  public var hasText: Bool { reader.hasPointer(0) }

  public var textWithDefault: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) {
      guard reader.hasPointer(1) else { return try reader.constant(Self.defaultTextWithDefault).text }
      return try reader.text(1)
    }
  }
  /// Whether `textWithDefault` was set.
  @inlinable
  public var hasTextWithDefault: Bool { reader.hasPointer(1) }
  static let defaultTextWithDefault = WireConstant([0x6a_0000_0001, 0x2067_6e69_6874_6f6e, 0x6469_6173])

  @inlinable @inline(__always)
  public var data: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `data` was set.
  @inlinable
  public var hasData: Bool { reader.hasPointer(2) }

  public var dataWithDefault: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) {
      guard reader.hasPointer(3) else { return try reader.constant(Self.defaultDataWithDefault).data }
      return try reader.data(3)
    }
  }
  /// Whether `dataWithDefault` was set.
  @inlinable
  public var hasDataWithDefault: Bool { reader.hasPointer(3) }
  static let defaultDataWithDefault = WireConstant([0x4a_0000_0001, 0x807_0605_0403_0201, 0x9])

  @inlinable @inline(__always)
  public var colour: Colour { Colour(wire: reader.scalar(36, of: 80)) }

  @inlinable @inline(__always)
  public var colourWithDefault: Colour { Colour(wire: reader.scalar(38, of: 80) ^ 0x1) }

  @inlinable
  public var point: Point {
    @_lifetime(copy self)
    get throws(WireError) { Point(try reader.structure(4)) }
  }
  /// Whether `point` was set.
  @inlinable
  public var hasPoint: Bool { reader.hasPointer(4) }

  public var pointWithDefault: Point {
    @_lifetime(copy self)
    get throws(WireError) {
      guard reader.hasPointer(5) else { return Point(try reader.constant(Self.defaultPointWithDefault).structure) }
      return Point(try reader.structure(5))
    }
  }
  /// Whether `pointWithDefault` was set.
  @inlinable
  public var hasPointWithDefault: Bool { reader.hasPointer(5) }
  static let defaultPointWithDefault = WireConstant([0x1_0000_0000, 0xffff_fffd_0000_0003])

  /// Recursive.
  @inlinable
  public var child: Everything {
    @_lifetime(copy self)
    get throws(WireError) { Everything(try reader.structure(6)) }
  }
  /// Whether `child` was set.
  @inlinable
  public var hasChild: Bool { reader.hasPointer(6) }

  @inlinable
  public var voids: VoidList {
    @_lifetime(copy self)
    get throws(WireError) { VoidList(try reader.list(7, of: VoidList.elementSize)) }
  }
  /// Whether `voids` was set.
  @inlinable
  public var hasVoids: Bool { reader.hasPointer(7) }

  @inlinable
  public var bools: BoolList {
    @_lifetime(copy self)
    get throws(WireError) { BoolList(try reader.list(8, of: BoolList.elementSize)) }
  }
  /// Whether `bools` was set.
  @inlinable
  public var hasBools: Bool { reader.hasPointer(8) }

  @inlinable
  public var i8s: ScalarList<Int8> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<Int8>(try reader.list(9, of: ScalarList<Int8>.elementSize)) }
  }
  /// Whether `i8s` was set.
  @inlinable
  public var hasI8s: Bool { reader.hasPointer(9) }

  @inlinable
  public var i16s: ScalarList<Int16> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<Int16>(try reader.list(10, of: ScalarList<Int16>.elementSize)) }
  }
  /// Whether `i16s` was set.
  @inlinable
  public var hasI16s: Bool { reader.hasPointer(10) }

  @inlinable
  public var u32s: ScalarList<UInt32> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<UInt32>(try reader.list(11, of: ScalarList<UInt32>.elementSize)) }
  }
  /// Whether `u32s` was set.
  @inlinable
  public var hasU32s: Bool { reader.hasPointer(11) }

  @inlinable
  public var u64s: ScalarList<UInt64> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<UInt64>(try reader.list(12, of: ScalarList<UInt64>.elementSize)) }
  }
  /// Whether `u64s` was set.
  @inlinable
  public var hasU64s: Bool { reader.hasPointer(12) }

  @inlinable
  public var f32s: ScalarList<Float> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<Float>(try reader.list(13, of: ScalarList<Float>.elementSize)) }
  }
  /// Whether `f32s` was set.
  @inlinable
  public var hasF32s: Bool { reader.hasPointer(13) }

  public var f64s: ScalarList<Double> {
    @_lifetime(copy self)
    get throws(WireError) {
      guard reader.hasPointer(14) else { return ScalarList<Double>(try reader.constant(Self.defaultF64s).list(of: ScalarList<Double>.elementSize)) }
      return ScalarList<Double>(try reader.list(14, of: ScalarList<Double>.elementSize))
    }
  }
  /// Whether `f64s` was set.
  @inlinable
  public var hasF64s: Bool { reader.hasPointer(14) }
  static let defaultF64s = WireConstant([0x15_0000_0001, 0x3ff8_0000_0000_0000, 0xc002_0000_0000_0000])

  @inlinable
  public var texts: TextList {
    @_lifetime(copy self)
    get throws(WireError) { TextList(try reader.list(15, of: TextList.elementSize)) }
  }
  /// Whether `texts` was set.
  @inlinable
  public var hasTexts: Bool { reader.hasPointer(15) }

  @inlinable
  public var datas: DataList {
    @_lifetime(copy self)
    get throws(WireError) { DataList(try reader.list(16, of: DataList.elementSize)) }
  }
  /// Whether `datas` was set.
  @inlinable
  public var hasDatas: Bool { reader.hasPointer(16) }

  @inlinable
  public var colours: EnumList<Colour> {
    @_lifetime(copy self)
    get throws(WireError) { EnumList<Colour>(try reader.list(17, of: EnumList<Colour>.elementSize)) }
  }
  /// Whether `colours` was set.
  @inlinable
  public var hasColours: Bool { reader.hasPointer(17) }

  @inlinable
  public var points: PointList {
    @_lifetime(copy self)
    get throws(WireError) { PointList(try reader.list(18, of: PointList.elementSize)) }
  }
  /// Whether `points` was set.
  @inlinable
  public var hasPoints: Bool { reader.hasPointer(18) }

  @inlinable
  public var lists: ListOfLists<ScalarList<Int16>> {
    @_lifetime(copy self)
    get throws(WireError) { ListOfLists<ScalarList<Int16>>(try reader.list(19, of: ListOfLists<ScalarList<Int16>>.elementSize)) }
  }
  /// Whether `lists` was set.
  @inlinable
  public var hasLists: Bool { reader.hasPointer(19) }

  @inlinable
  public var textLists: ListOfLists<TextList> {
    @_lifetime(copy self)
    get throws(WireError) { ListOfLists<TextList>(try reader.list(20, of: ListOfLists<TextList>.elementSize)) }
  }
  /// Whether `textLists` was set.
  @inlinable
  public var hasTextLists: Bool { reader.hasPointer(20) }

  public var pointLists: ListOfLists<PointList> {
    @_lifetime(copy self)
    get throws(WireError) {
      guard reader.hasPointer(21) else { return ListOfLists<PointList>(try reader.constant(Self.defaultPointLists).list(of: ListOfLists<PointList>.elementSize)) }
      return ListOfLists<PointList>(try reader.list(21, of: ListOfLists<PointList>.elementSize))
    }
  }
  /// Whether `pointLists` was set.
  @inlinable
  public var hasPointLists: Bool { reader.hasPointer(21) }
  static let defaultPointLists = WireConstant([0x16_0000_0001, 0xf_0000_0005, 0x7_0000_0009, 0x1_0000_0004, 0xffff_fff8_0000_0001, 0x1_0000_0000])

  @inlinable
  public var anything: AnyPointer? {
    @_lifetime(copy self)
    get { reader.pointer(22) }
  }
  /// Whether `anything` was set.
  @inlinable
  public var hasAnything: Bool { reader.hasPointer(22) }

  @inlinable
  public var area: Area {
    @_lifetime(copy self)
    get { Area(reader) }
  }

  // none holds nothing.

  /// Nil where another member of the union is set.
  @inlinable
  public var number: Int64? { reader.scalar(60, as: UInt16.self) == 1 ? Int64(bitPattern: reader.scalar(64, of: 80, as: UInt64.self) ^ 0x63) : nil }

  /// - Throws: `.unionMember` where another member of the union is set.
  @inlinable
  public var name: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) {
      guard reader.scalar(60, as: UInt16.self) == 2 else { throw .unionMember }
      return try reader.text(24)
    }
  }
  /// Whether `name` was set.
  @inlinable
  public var hasName: Bool { reader.scalar(60, as: UInt16.self) == 2 && reader.hasPointer(24) }

  /// Nil where another member of the union is set.
  @inlinable
  public var circle: Circle? {
    @_lifetime(copy self)
    get { reader.scalar(60, as: UInt16.self) == 3 ? Circle(reader) : nil }
  }

  /// Nil where another member of the union is set.
  @inlinable
  public var truth: Bool? { reader.scalar(60, as: UInt16.self) == 4 ? reader.bit(2) : nil }

  /// Nil where another member of the union is set.
  @inlinable
  public var hue: Colour? { reader.scalar(60, as: UInt16.self) == 5 ? Colour(wire: reader.scalar(64, of: 80)) : nil }

  /// - Throws: `.unionMember` where another member of the union is set.
  @inlinable
  public var several: ScalarList<UInt8> {
    @_lifetime(copy self)
    get throws(WireError) {
      guard reader.scalar(60, as: UInt16.self) == 6 else { throw .unionMember }
      return ScalarList<UInt8>(try reader.list(24, of: ScalarList<UInt8>.elementSize))
    }
  }
  /// Whether `several` was set.
  @inlinable
  public var hasSeveral: Bool { reader.scalar(60, as: UInt16.self) == 6 && reader.hasPointer(24) }

  /// A named one.
  @inlinable
  public var choice: Choice {
    @_lifetime(copy self)
    get { Choice(reader) }
  }

  @inlinable
  public var nested: Everything.Nested {
    @_lifetime(copy self)
    get throws(WireError) { Everything.Nested(try reader.structure(26)) }
  }
  /// Whether `nested` was set.
  @inlinable
  public var hasNested: Bool { reader.hasPointer(26) }

  @inlinable
  public var nestedList: Everything.NestedList {
    @_lifetime(copy self)
    get throws(WireError) { Everything.NestedList(try reader.list(27, of: Everything.NestedList.elementSize)) }
  }
  /// Whether `nestedList` was set.
  @inlinable
  public var hasNestedList: Bool { reader.hasPointer(27) }

  @inlinable @inline(__always)
  public var kind: Everything.Nested.Kind { Everything.Nested.Kind(wire: reader.scalar(76, of: 80)) }

  /// A keyword of Swift.
  @inlinable @inline(__always)
  public var `class`: UInt8 { reader.scalar(17, of: 80) }

  /// A name that accessors have themselves.
  @inlinable @inline(__always)
  public var reader_: UInt8 { reader.scalar(78, of: 80) }

  @inlinable @inline(__always)
  public var renamed: UInt8 { reader.scalar(79, of: 80) }

  public struct Area: ~Escapable, BitwiseCopyable, StructView {
    @usableFromInline let reader: StructReader

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    public init(_ reader: StructReader) { self.reader = reader }

    @inlinable @inline(__always)
    public var width: UInt16 { reader.scalar(56, of: 80) ^ 0xa }

    @inlinable @inline(__always)
    public var height: UInt16 { reader.scalar(58, of: 80) }

    @inlinable
    public var label: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.text(23) }
    }
    /// Whether `label` was set.
    @inlinable
    public var hasLabel: Bool { reader.hasPointer(23) }
  }

  /// Builder of `Area`.
  public struct AreaBuilder: ~Escapable, BitwiseCopyable {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable @inline(__always)
    public var width: UInt16 {
      get { builder.get(56) ^ 0xa }
      nonmutating set { builder.set(newValue ^ 0xa, at: 56) }
    }

    @inlinable @inline(__always)
    public var height: UInt16 {
      get { builder.get(58) }
      nonmutating set { builder.set(newValue, at: 58) }
    }

    @inlinable
    public func setLabel(_ text: String) {
      builder.pointer(23).setText(text)
    }
    @inlinable
    public func setLabel(_ bytes: RawSpan) {
      builder.pointer(23).setText(bytes)
    }
  }

  public struct Circle: ~Escapable, BitwiseCopyable, StructView {
    @usableFromInline let reader: StructReader

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    public init(_ reader: StructReader) { self.reader = reader }

    @inlinable
    public var centre: Point {
      @_lifetime(copy self)
      get throws(WireError) { Point(try reader.structure(24)) }
    }
    /// Whether `centre` was set.
    @inlinable
    public var hasCentre: Bool { reader.hasPointer(24) }

    @inlinable @inline(__always)
    public var radius: Double { reader.scalar(64, of: 80) }

    @inlinable @inline(__always)
    public var filled: Bool { reader.bit(2) }
  }

  /// Builder of `Circle`.
  public struct CircleBuilder: ~Escapable, BitwiseCopyable {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable
    @_lifetime(copy self)
    public func initCentre() -> PointBuilder {
      return PointBuilder(builder.pointer(24).makeStruct(PointBuilder.size))
    }
    /// What `initCentre` made, again.
    @inlinable
    @_lifetime(copy self)
    public func resumeCentre() -> PointBuilder { PointBuilder(builder.pointer(24).resumeStruct(PointBuilder.size)) }
    @inlinable
    public func setCentre(_ value: Point) throws(WireError) {
      try builder.pointer(24).copy(value.reader)
    }

    @inlinable @inline(__always)
    public var radius: Double {
      get { builder.get(64) }
      nonmutating set { builder.set(newValue, at: 64) }
    }

    @inlinable @inline(__always)
    public var filled: Bool {
      get { builder.getBit(2) }
      nonmutating set { builder.setBit(newValue, at: 2) }
    }
  }

  /// A named one.
  public struct Choice: ~Escapable, BitwiseCopyable, StructView {
    @usableFromInline let reader: StructReader

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    public init(_ reader: StructReader) { self.reader = reader }

    /// The members of the union.
    public enum Which: Sendable, CaseIterable {
      case left
      case right
      case neither
      /// One that a newer schema added.
      case unrecognized
    }

    /// The member that is set.
    @inlinable
    public var which: Which {
      switch reader.scalar(62, as: UInt16.self) {
      case 0: .left
      case 1: .right
      case 2: .neither
      default: .unrecognized
      }
    }

    /// Nil where another member of the union is set.
    @inlinable
    public var left: UInt32? { reader.scalar(62, as: UInt16.self) == 0 ? reader.scalar(72, of: 80) : nil }

    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var right: Point {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(62, as: UInt16.self) == 1 else { throw .unionMember }
        return Point(try reader.structure(25))
      }
    }
    /// Whether `right` was set.
    @inlinable
    public var hasRight: Bool { reader.scalar(62, as: UInt16.self) == 1 && reader.hasPointer(25) }

    // neither holds nothing.
  }

  /// Builder of `Choice`.
  public struct ChoiceBuilder: ~Escapable, BitwiseCopyable {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    /// Makes it the member of the union that is set.
    @inlinable
    public func setLeft(_ newValue: UInt32) {
      builder.set(0 as UInt16, at: 62)
      builder.set(newValue, at: 72)
    }

    @inlinable
    @_lifetime(copy self)
    public func initRight() -> PointBuilder {
      builder.set(1 as UInt16, at: 62)
      return PointBuilder(builder.pointer(25).makeStruct(PointBuilder.size))
    }
    @inlinable
    public func setRight(_ value: Point) throws(WireError) {
      builder.set(1 as UInt16, at: 62)
      try builder.pointer(25).copy(value.reader)
    }

    /// Makes `neither` the member of the union that is set.
    @inlinable
    public func setNeither() { builder.set(2 as UInt16, at: 62) }
  }

  public struct Nested: ~Escapable, BitwiseCopyable, StructView {
    @usableFromInline let reader: StructReader

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    public init(_ reader: StructReader) { self.reader = reader }

    /// The struct itself, to copy it whole or to look at it without its schema.
    @inlinable
    public var content: StructReader {
      @_lifetime(copy self)
      get { reader }
    }

    @inlinable @inline(__always)
    public var kind: Everything.Nested.Kind { Everything.Nested.Kind(wire: reader.scalar(0, of: 8)) }

    @inlinable
    public var value: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.text(0) }
    }
    /// Whether `value` was set.
    @inlinable
    public var hasValue: Bool { reader.hasPointer(0) }

    @inlinable
    public static var limit: UInt8 { 12 }

    public enum Kind: UInt16, WireEnum, CaseIterable {
      case plain
      case fancy

      /// The enumerant of this number; `plain` where this schema has none such.
      @inlinable @inline(__always)
      public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 2) }

      /// The number on the wire.
      @inlinable @inline(__always)
      public var wire: UInt16 { WireEnumTag.number(self) }
    }
  }
  public typealias NestedList = StructList<Nested>

  /// Builder of `Nested`.
  public struct NestedBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 1, pointers: 1) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable @inline(__always)
    public var kind: Everything.Nested.Kind {
      get { Everything.Nested.Kind(wire: builder.get(0)) }
      nonmutating set { builder.set(newValue.wire, at: 0) }
    }

    @inlinable
    public func setValue(_ text: String) {
      builder.pointer(0).setText(text)
    }
    @inlinable
    public func setValue(_ bytes: RawSpan) {
      builder.pointer(0).setText(bytes)
    }
  }
  public typealias NestedListBuilder = StructListBuilder<NestedBuilder>
}
public typealias EverythingList = StructList<Everything>

/// Builder of `Everything`.
public struct EverythingBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 10, pointers: 28) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  // nothing holds nothing.

  @inlinable @inline(__always)
  public var flag: Bool {
    get { builder.getBit(0) }
    nonmutating set { builder.setBit(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var otherFlag: Bool {
    get { !builder.getBit(1) }
    nonmutating set { builder.setBit(!newValue, at: 1) }
  }

  @inlinable @inline(__always)
  public var i8: Int8 {
    get { builder.get(1) }
    nonmutating set { builder.set(newValue, at: 1) }
  }

  @inlinable @inline(__always)
  public var i16: Int16 {
    get { Int16(bitPattern: builder.get(2, as: UInt16.self) ^ 0xfed4) }
    nonmutating set { builder.set(UInt16(bitPattern: newValue) ^ 0xfed4, at: 2) }
  }

  @inlinable @inline(__always)
  public var i32: Int32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  @inlinable @inline(__always)
  public var i64: Int64 {
    get { Int64(bitPattern: builder.get(8, as: UInt64.self) ^ 0xffff_fffe_d5fa_0e00) }
    nonmutating set { builder.set(UInt64(bitPattern: newValue) ^ 0xffff_fffe_d5fa_0e00, at: 8) }
  }

  @inlinable @inline(__always)
  public var u8: UInt8 {
    get { builder.get(16) ^ 0xc8 }
    nonmutating set { builder.set(newValue ^ 0xc8, at: 16) }
  }

  @inlinable @inline(__always)
  public var u16: UInt16 {
    get { builder.get(18) }
    nonmutating set { builder.set(newValue, at: 18) }
  }

  @inlinable @inline(__always)
  public var u32: UInt32 {
    get { builder.get(20) ^ 0xdead_beef }
    nonmutating set { builder.set(newValue ^ 0xdead_beef, at: 20) }
  }

  @inlinable @inline(__always)
  public var u64: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var f32: Float {
    get { Float(bitPattern: builder.get(32, as: UInt32.self) ^ 0x3fc0_0000) }
    nonmutating set { builder.set(newValue.bitPattern ^ 0x3fc0_0000, at: 32) }
  }

  @inlinable @inline(__always)
  public var f64: Double {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var f64WithDefault: Double {
    get { Double(bitPattern: builder.get(48, as: UInt64.self) ^ 0xbfc0_0000_0000_0000) }
    nonmutating set { builder.set(newValue.bitPattern ^ 0xbfc0_0000_0000_0000, at: 48) }
  }

  @inlinable
  public func setText(_ text: String) {
    builder.pointer(0).setText(text)
  }
  @inlinable
  public func setText(_ bytes: RawSpan) {
    builder.pointer(0).setText(bytes)
  }

  @inlinable
  public func setTextWithDefault(_ text: String) {
    builder.pointer(1).setText(text)
  }
  @inlinable
  public func setTextWithDefault(_ bytes: RawSpan) {
    builder.pointer(1).setText(bytes)
  }

  @inlinable @inline(__always)
  public func setData(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setDataWithDefault(_ bytes: RawSpan) {
    builder.pointer(3).setData(bytes)
  }

  @inlinable @inline(__always)
  public var colour: Colour {
    get { Colour(wire: builder.get(36)) }
    nonmutating set { builder.set(newValue.wire, at: 36) }
  }

  @inlinable @inline(__always)
  public var colourWithDefault: Colour {
    get { Colour(wire: builder.get(38) ^ 0x1) }
    nonmutating set { builder.set(newValue.wire ^ 0x1, at: 38) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initPoint() -> PointBuilder {
    return PointBuilder(builder.pointer(4).makeStruct(PointBuilder.size))
  }
  /// What `initPoint` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumePoint() -> PointBuilder { PointBuilder(builder.pointer(4).resumeStruct(PointBuilder.size)) }
  @inlinable
  public func setPoint(_ value: Point) throws(WireError) {
    try builder.pointer(4).copy(value.reader)
  }

  @inlinable
  @_lifetime(copy self)
  public func initPointWithDefault() -> PointBuilder {
    return PointBuilder(builder.pointer(5).makeStruct(PointBuilder.size))
  }
  /// What `initPointWithDefault` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumePointWithDefault() -> PointBuilder { PointBuilder(builder.pointer(5).resumeStruct(PointBuilder.size)) }
  @inlinable
  public func setPointWithDefault(_ value: Point) throws(WireError) {
    try builder.pointer(5).copy(value.reader)
  }

  /// Recursive.
  @inlinable
  @_lifetime(copy self)
  public func initChild() -> EverythingBuilder {
    return EverythingBuilder(builder.pointer(6).makeStruct(EverythingBuilder.size))
  }
  /// What `initChild` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeChild() -> EverythingBuilder { EverythingBuilder(builder.pointer(6).resumeStruct(EverythingBuilder.size)) }
  @inlinable
  public func setChild(_ value: Everything) throws(WireError) {
    try builder.pointer(6).copy(value.reader)
  }

  @inlinable
  @_lifetime(copy self)
  public func initVoids(count: Int) -> VoidListBuilder {
    return VoidListBuilder(makeAt: builder.pointer(7), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initBools(count: Int) -> BoolListBuilder {
    return BoolListBuilder(makeAt: builder.pointer(8), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initI8s(count: Int) -> ScalarListBuilder<Int8> {
    return ScalarListBuilder<Int8>(makeAt: builder.pointer(9), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initI16s(count: Int) -> ScalarListBuilder<Int16> {
    return ScalarListBuilder<Int16>(makeAt: builder.pointer(10), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initU32s(count: Int) -> ScalarListBuilder<UInt32> {
    return ScalarListBuilder<UInt32>(makeAt: builder.pointer(11), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initU64s(count: Int) -> ScalarListBuilder<UInt64> {
    return ScalarListBuilder<UInt64>(makeAt: builder.pointer(12), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initF32s(count: Int) -> ScalarListBuilder<Float> {
    return ScalarListBuilder<Float>(makeAt: builder.pointer(13), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initF64s(count: Int) -> ScalarListBuilder<Double> {
    return ScalarListBuilder<Double>(makeAt: builder.pointer(14), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initTexts(count: Int) -> TextListBuilder {
    return TextListBuilder(makeAt: builder.pointer(15), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initDatas(count: Int) -> DataListBuilder {
    return DataListBuilder(makeAt: builder.pointer(16), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initColours(count: Int) -> EnumListBuilder<Colour> {
    return EnumListBuilder<Colour>(makeAt: builder.pointer(17), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initPoints(count: Int) -> PointListBuilder {
    return PointListBuilder(makeAt: builder.pointer(18), count: count)
  }
  @inlinable
  public func placePoints(_ list: borrowing GrowingStructList<PointBuilder>) {
    list.place(at: builder.pointer(18))
  }

  @inlinable
  @_lifetime(copy self)
  public func initLists(count: Int) -> ListOfListsBuilder<ScalarListBuilder<Int16>> {
    return ListOfListsBuilder<ScalarListBuilder<Int16>>(makeAt: builder.pointer(19), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initTextLists(count: Int) -> ListOfListsBuilder<TextListBuilder> {
    return ListOfListsBuilder<TextListBuilder>(makeAt: builder.pointer(20), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initPointLists(count: Int) -> ListOfListsBuilder<PointListBuilder> {
    return ListOfListsBuilder<PointListBuilder>(makeAt: builder.pointer(21), count: count)
  }

  @inlinable
  public var anything: AnyPointerBuilder {
    @_lifetime(copy self)
    get { builder.pointer(22) }
  }

  @inlinable
  public var area: Everything.AreaBuilder {
    @_lifetime(copy self)
    get { Everything.AreaBuilder(builder) }
  }

  /// Makes `none` the member of the union that is set.
  @inlinable
  public func setNone() { builder.set(0 as UInt16, at: 60) }

  /// Makes it the member of the union that is set.
  @inlinable
  public func setNumber(_ newValue: Int64) {
    builder.set(1 as UInt16, at: 60)
    builder.set(UInt64(bitPattern: newValue) ^ 0x63, at: 64)
  }

  @inlinable
  public func setName(_ text: String) {
    builder.set(2 as UInt16, at: 60)
    builder.pointer(24).setText(text)
  }
  @inlinable
  public func setName(_ bytes: RawSpan) {
    builder.set(2 as UInt16, at: 60)
    builder.pointer(24).setText(bytes)
  }

  /// Makes it the member of the union that is set, all defaults.
  @inlinable
  @_lifetime(copy self)
  public func initCircle() -> Everything.CircleBuilder {
    builder.set(3 as UInt16, at: 60)
    builder.pointer(24).setNull()
    builder.set(0 as UInt64, at: 64)
    builder.setBit(false, at: 2)
    return Everything.CircleBuilder(builder)
  }

  /// Makes it the member of the union that is set.
  @inlinable
  public func setTruth(_ newValue: Bool) {
    builder.set(4 as UInt16, at: 60)
    builder.setBit(newValue, at: 2)
  }

  /// Makes it the member of the union that is set.
  @inlinable
  public func setHue(_ newValue: Colour) {
    builder.set(5 as UInt16, at: 60)
    builder.set(newValue.wire, at: 64)
  }

  @inlinable
  @_lifetime(copy self)
  public func initSeveral(count: Int) -> ScalarListBuilder<UInt8> {
    builder.set(6 as UInt16, at: 60)
    return ScalarListBuilder<UInt8>(makeAt: builder.pointer(24), count: count)
  }

  /// A named one.
  @inlinable
  public var choice: Everything.ChoiceBuilder {
    @_lifetime(copy self)
    get { Everything.ChoiceBuilder(builder) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initNested() -> Everything.NestedBuilder {
    return Everything.NestedBuilder(builder.pointer(26).makeStruct(Everything.NestedBuilder.size))
  }
  /// What `initNested` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeNested() -> Everything.NestedBuilder { Everything.NestedBuilder(builder.pointer(26).resumeStruct(Everything.NestedBuilder.size)) }
  @inlinable
  public func setNested(_ value: Everything.Nested) throws(WireError) {
    try builder.pointer(26).copy(value.reader)
  }

  @inlinable
  @_lifetime(copy self)
  public func initNestedList(count: Int) -> Everything.NestedListBuilder {
    return Everything.NestedListBuilder(makeAt: builder.pointer(27), count: count)
  }
  @inlinable
  public func placeNestedList(_ list: borrowing GrowingStructList<Everything.NestedBuilder>) {
    list.place(at: builder.pointer(27))
  }

  @inlinable @inline(__always)
  public var kind: Everything.Nested.Kind {
    get { Everything.Nested.Kind(wire: builder.get(76)) }
    nonmutating set { builder.set(newValue.wire, at: 76) }
  }

  /// A keyword of Swift.
  @inlinable @inline(__always)
  public var `class`: UInt8 {
    get { builder.get(17) }
    nonmutating set { builder.set(newValue, at: 17) }
  }

  /// A name that accessors have themselves.
  @inlinable @inline(__always)
  public var reader_: UInt8 {
    get { builder.get(78) }
    nonmutating set { builder.set(newValue, at: 78) }
  }

  @inlinable @inline(__always)
  public var renamed: UInt8 {
    get { builder.get(79) }
    nonmutating set { builder.set(newValue, at: 79) }
  }
}
public typealias EverythingListBuilder = StructListBuilder<EverythingBuilder>

public struct Empty: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }
}
public typealias EmptyList = StructList<Empty>

/// Builder of `Empty`.
public struct EmptyBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 0, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }
}
public typealias EmptyListBuilder = StructListBuilder<EmptyBuilder>

public struct Old: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var number: UInt32 { reader.scalar(0, of: 8) }
}
public typealias OldList = StructList<Old>

/// Builder of `Old`.
public struct OldBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 1, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var number: UInt32 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }
}
public typealias OldListBuilder = StructListBuilder<OldBuilder>

public struct New: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var number: UInt32 { reader.scalar(0, of: 16) }

  @inlinable @inline(__always)
  public var added: UInt64 { reader.scalar(8, of: 16) ^ 0x5 }

  @inlinable
  public var note: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.text(0) }
  }
  /// Whether `note` was set.
  @inlinable
  public var hasNote: Bool { reader.hasPointer(0) }

  @inlinable
  public var more: ScalarList<UInt8> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<UInt8>(try reader.list(1, of: ScalarList<UInt8>.elementSize)) }
  }
  /// Whether `more` was set.
  @inlinable
  public var hasMore: Bool { reader.hasPointer(1) }
}
public typealias NewList = StructList<New>

/// Builder of `New`.
public struct NewBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var number: UInt32 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var added: UInt64 {
    get { builder.get(8) ^ 0x5 }
    nonmutating set { builder.set(newValue ^ 0x5, at: 8) }
  }

  @inlinable
  public func setNote(_ text: String) {
    builder.pointer(0).setText(text)
  }
  @inlinable
  public func setNote(_ bytes: RawSpan) {
    builder.pointer(0).setText(bytes)
  }

  @inlinable
  @_lifetime(copy self)
  public func initMore(count: Int) -> ScalarListBuilder<UInt8> {
    return ScalarListBuilder<UInt8>(makeAt: builder.pointer(1), count: count)
  }
}
public typealias NewListBuilder = StructListBuilder<NewBuilder>

public struct OldScalars: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable
  public var values: ScalarList<UInt32> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<UInt32>(try reader.list(0, of: ScalarList<UInt32>.elementSize)) }
  }
  /// Whether `values` was set.
  @inlinable
  public var hasValues: Bool { reader.hasPointer(0) }

  @inlinable
  public var names: TextList {
    @_lifetime(copy self)
    get throws(WireError) { TextList(try reader.list(1, of: TextList.elementSize)) }
  }
  /// Whether `names` was set.
  @inlinable
  public var hasNames: Bool { reader.hasPointer(1) }
}
public typealias OldScalarsList = StructList<OldScalars>

/// Builder of `OldScalars`.
public struct OldScalarsBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 0, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable
  @_lifetime(copy self)
  public func initValues(count: Int) -> ScalarListBuilder<UInt32> {
    return ScalarListBuilder<UInt32>(makeAt: builder.pointer(0), count: count)
  }

  @inlinable
  @_lifetime(copy self)
  public func initNames(count: Int) -> TextListBuilder {
    return TextListBuilder(makeAt: builder.pointer(1), count: count)
  }
}
public typealias OldScalarsListBuilder = StructListBuilder<OldScalarsBuilder>

public struct NewStructs: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable
  public var values: OldList {
    @_lifetime(copy self)
    get throws(WireError) { OldList(try reader.list(0, of: OldList.elementSize)) }
  }
  /// Whether `values` was set.
  @inlinable
  public var hasValues: Bool { reader.hasPointer(0) }

  @inlinable
  public var names: NamedList {
    @_lifetime(copy self)
    get throws(WireError) { NamedList(try reader.list(1, of: NamedList.elementSize)) }
  }
  /// Whether `names` was set.
  @inlinable
  public var hasNames: Bool { reader.hasPointer(1) }
}
public typealias NewStructsList = StructList<NewStructs>

/// Builder of `NewStructs`.
public struct NewStructsBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 0, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable
  @_lifetime(copy self)
  public func initValues(count: Int) -> OldListBuilder {
    return OldListBuilder(makeAt: builder.pointer(0), count: count)
  }
  @inlinable
  public func placeValues(_ list: borrowing GrowingStructList<OldBuilder>) {
    list.place(at: builder.pointer(0))
  }

  @inlinable
  @_lifetime(copy self)
  public func initNames(count: Int) -> NamedListBuilder {
    return NamedListBuilder(makeAt: builder.pointer(1), count: count)
  }
  @inlinable
  public func placeNames(_ list: borrowing GrowingStructList<NamedBuilder>) {
    list.place(at: builder.pointer(1))
  }
}
public typealias NewStructsListBuilder = StructListBuilder<NewStructsBuilder>

public struct Named: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable
  public var name: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.text(0) }
  }
  /// Whether `name` was set.
  @inlinable
  public var hasName: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var age: UInt8 { reader.scalar(0, of: 8) }
}
public typealias NamedList = StructList<Named>

/// Builder of `Named`.
public struct NamedBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 1, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable
  public func setName(_ text: String) {
    builder.pointer(0).setText(text)
  }
  @inlinable
  public func setName(_ bytes: RawSpan) {
    builder.pointer(0).setText(bytes)
  }

  @inlinable @inline(__always)
  public var age: UInt8 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }
}
public typealias NamedListBuilder = StructListBuilder<NamedBuilder>
