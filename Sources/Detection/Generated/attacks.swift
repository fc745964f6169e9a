// Generated from attacks.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto

// What the campaign stage writes and everyone else reads: the state of one attack, whole, each time it changes.

/// One record of the topic `attacks`. Its key is the attack's id as 16 hexadecimal digits, or "closed".
public struct AttackRecord: ~Escapable, BitwiseCopyable, StructView {
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
  public var schemaVersion: UInt16 { reader.scalar(0, of: 16) }

  /// ns; the campaign stage had taken the windows that end by it.
  @inlinable @inline(__always)
  public var watermark: Int64 { reader.scalar(8, of: 16) }

  @inlinable
  public var told: Told {
    @_lifetime(copy self)
    get { Told(reader) }
  }

  public struct Told: ~Escapable, BitwiseCopyable, StructView {
    @usableFromInline let reader: StructReader

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    public init(_ reader: StructReader) { self.reader = reader }

    /// The members of the union.
    public enum Which: Sendable, CaseIterable {
      case attack
      case closed
      /// One that a newer schema added.
      case unrecognized
    }

    /// The member that is set.
    @inlinable
    public var which: Which {
      switch reader.scalar(2, as: UInt16.self) {
      case 0: .attack
      case 1: .closed
      default: .unrecognized
      }
    }

    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var attack: AttackContent {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(2, as: UInt16.self) == 0 else { throw .unionMember }
        return AttackContent(try reader.structure(0))
      }
    }
    /// Whether `attack` was set.
    @inlinable
    public var hasAttack: Bool { reader.scalar(2, as: UInt16.self) == 0 && reader.hasPointer(0) }

    // closed holds nothing: All input has ended: no attack changes after this.
  }

  /// Builder of `Told`.
  public struct ToldBuilder: ~Escapable, BitwiseCopyable {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable
    @_lifetime(copy self)
    public func initAttack() -> AttackContentBuilder {
      builder.set(0 as UInt16, at: 2)
      return AttackContentBuilder(builder.pointer(0).makeStruct(AttackContentBuilder.size))
    }
    @inlinable
    public func setAttack(_ value: AttackContent) throws(WireError) {
      builder.set(0 as UInt16, at: 2)
      try builder.pointer(0).copy(value.reader)
    }

    /// Makes `closed` the member of the union that is set.
    @inlinable
    public func setClosed() { builder.set(1 as UInt16, at: 2) }
  }
}
public typealias AttackRecordList = StructList<AttackRecord>

/// Builder of `AttackRecord`.
public struct AttackRecordBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var schemaVersion: UInt16 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// ns; the campaign stage had taken the windows that end by it.
  @inlinable @inline(__always)
  public var watermark: Int64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable
  public var told: AttackRecord.ToldBuilder {
    @_lifetime(copy self)
    get { AttackRecord.ToldBuilder(builder) }
  }
}
public typealias AttackRecordListBuilder = StructListBuilder<AttackRecordBuilder>

public struct AttackContent: ~Escapable, BitwiseCopyable, StructView {
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

  /// From its content: kind, zone, class, start and first source. 16 hexadecimal digits in text.
  @inlinable @inline(__always)
  public var id: UInt64 { reader.scalar(0, of: 96) }

  /// An ended attack whose actors come back is ongoing again, under the same id.
  @inlinable @inline(__always)
  public var state: AttackStateCode { AttackStateCode(wire: reader.scalar(8, of: 96)) }

  @inlinable @inline(__always)
  public var kind: AttackKindCode { AttackKindCode(wire: reader.scalar(10, of: 96)) }

  @inlinable @inline(__always)
  public var severity: SeverityCode { SeverityCode(wire: reader.scalar(12, of: 96)) }

  /// The chief class of its requests, or empty.
  @inlinable
  public var attackClass: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.text(0) }
  }
  /// Whether `attackClass` was set.
  @inlinable
  public var hasAttackClass: Bool { reader.hasPointer(0) }

  /// Host; "" for those that no line confirms; "*" for many.
  @inlinable @inline(__always)
  public var zone: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `zone` was set.
  @inlinable
  public var hasZone: Bool { reader.hasPointer(1) }

  /// ns
  @inlinable @inline(__always)
  public var start: Int64 { reader.scalar(16, of: 96) }

  @inlinable @inline(__always)
  public var end: Int64 { reader.scalar(24, of: 96) }

  /// 0 to 1.
  @inlinable @inline(__always)
  public var confidence: Double { reader.scalar(32, of: 96) }

  /// 0 in an ended attack: what was told of it has become part of others.
  @inlinable @inline(__always)
  public var requests: UInt64 { reader.scalar(40, of: 96) }

  /// Requests a second.
  @inlinable @inline(__always)
  public var peakRate: Double { reader.scalar(48, of: 96) }

  @inlinable @inline(__always)
  public var baselineRate: Double { reader.scalar(56, of: 96) }

  @inlinable @inline(__always)
  public var sourceCount: UInt64 { reader.scalar(64, of: 96) }

  /// The most active.
  @inlinable
  public var sources: AttackContent.SourceList {
    @_lifetime(copy self)
    get throws(WireError) { AttackContent.SourceList(try reader.list(2, of: AttackContent.SourceList.elementSize)) }
  }
  /// Whether `sources` was set.
  @inlinable
  public var hasSources: Bool { reader.hasPointer(2) }

  @inlinable
  public var targets: AttackContent.TargetList {
    @_lifetime(copy self)
    get throws(WireError) { AttackContent.TargetList(try reader.list(3, of: AttackContent.TargetList.elementSize)) }
  }
  /// Whether `targets` was set.
  @inlinable
  public var hasTargets: Bool { reader.hasPointer(3) }

  @inlinable
  public var rules: AttackContent.RuleList {
    @_lifetime(copy self)
    get throws(WireError) { AttackContent.RuleList(try reader.list(4, of: AttackContent.RuleList.elementSize)) }
  }
  /// Whether `rules` was set.
  @inlinable
  public var hasRules: Bool { reader.hasPointer(4) }

  @inlinable
  public var evidence: AttackContent.EvidenceList {
    @_lifetime(copy self)
    get throws(WireError) { AttackContent.EvidenceList(try reader.list(5, of: AttackContent.EvidenceList.elementSize)) }
  }
  /// Whether `evidence` was set.
  @inlinable
  public var hasEvidence: Bool { reader.hasPointer(5) }

  /// Names of files, which evidence refers to.
  @inlinable
  public var files: DataList {
    @_lifetime(copy self)
    get throws(WireError) { DataList(try reader.list(6, of: DataList.elementSize)) }
  }
  /// Whether `files` was set.
  @inlinable
  public var hasFiles: Bool { reader.hasPointer(6) }

  @inlinable
  public var explanation: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.text(7) }
  }
  /// Whether `explanation` was set.
  @inlinable
  public var hasExplanation: Bool { reader.hasPointer(7) }

  /// All must hold. Empty where nothing singles it out.
  @inlinable
  public var fingerprint: AttackContent.PartList {
    @_lifetime(copy self)
    get throws(WireError) { AttackContent.PartList(try reader.list(8, of: AttackContent.PartList.elementSize)) }
  }
  /// Whether `fingerprint` was set.
  @inlinable
  public var hasFingerprint: Bool { reader.hasPointer(8) }

  /// Share of the attack's sampled requests for which they do.
  @inlinable @inline(__always)
  public var covers: Double { reader.scalar(72, of: 96) }

  /// Of the zone's sampled normal requests, those for which they do.
  @inlinable @inline(__always)
  public var normalHits: UInt32 { reader.scalar(80, of: 96) }

  @inlinable @inline(__always)
  public var normalSampled: UInt32 { reader.scalar(84, of: 96) }

  /// Those from sources of the attack.
  @inlinable @inline(__always)
  public var normalFromSources: UInt32 { reader.scalar(88, of: 96) }

  /// What is known of sources from elsewhere.
  @inlinable
  public var notes: AttackContent.NoteList {
    @_lifetime(copy self)
    get throws(WireError) { AttackContent.NoteList(try reader.list(9, of: AttackContent.NoteList.elementSize)) }
  }
  /// Whether `notes` was set.
  @inlinable
  public var hasNotes: Bool { reader.hasPointer(9) }

  /// As normalHits, for each choice of parts: entry n is of the parts whose bits n has.
  @inlinable
  public var hitsOfParts: ScalarList<UInt64> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<UInt64>(try reader.list(10, of: ScalarList<UInt64>.elementSize)) }
  }
  /// Whether `hitsOfParts` was set.
  @inlinable
  public var hasHitsOfParts: Bool { reader.hasPointer(10) }

  public struct Source: ~Escapable, BitwiseCopyable, StructView {
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

    /// Address, as in HttpEvent.
    @inlinable @inline(__always)
    public var clientHigh: UInt64 { reader.scalar(0, of: 40) }

    @inlinable @inline(__always)
    public var clientLow: UInt64 { reader.scalar(8, of: 40) }

    @inlinable @inline(__always)
    public var requests: UInt64 { reader.scalar(16, of: 40) }

    @inlinable @inline(__always)
    public var lower: UInt64 { reader.scalar(24, of: 40) }

    @inlinable @inline(__always)
    public var upper: UInt64 { reader.scalar(32, of: 40) }
  }
  public typealias SourceList = StructList<Source>

  /// Builder of `Source`.
  public struct SourceBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 5, pointers: 0) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    /// Address, as in HttpEvent.
    @inlinable @inline(__always)
    public var clientHigh: UInt64 {
      get { builder.get(0) }
      nonmutating set { builder.set(newValue, at: 0) }
    }

    @inlinable @inline(__always)
    public var clientLow: UInt64 {
      get { builder.get(8) }
      nonmutating set { builder.set(newValue, at: 8) }
    }

    @inlinable @inline(__always)
    public var requests: UInt64 {
      get { builder.get(16) }
      nonmutating set { builder.set(newValue, at: 16) }
    }

    @inlinable @inline(__always)
    public var lower: UInt64 {
      get { builder.get(24) }
      nonmutating set { builder.set(newValue, at: 24) }
    }

    @inlinable @inline(__always)
    public var upper: UInt64 {
      get { builder.get(32) }
      nonmutating set { builder.set(newValue, at: 32) }
    }
  }
  public typealias SourceListBuilder = StructListBuilder<SourceBuilder>

  public struct Note: ~Escapable, BitwiseCopyable, StructView {
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

    /// Place in sources.
    @inlinable @inline(__always)
    public var source: UInt32 { reader.scalar(0, of: 16) }

    @inlinable
    public var lists: AttackContent.MentionList {
      @_lifetime(copy self)
      get throws(WireError) { AttackContent.MentionList(try reader.list(0, of: AttackContent.MentionList.elementSize)) }
    }
    /// Whether `lists` was set.
    @inlinable
    public var hasLists: Bool { reader.hasPointer(0) }

    /// Code of two letters, or empty.
    @inlinable
    public var country: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.text(1) }
    }
    /// Whether `country` was set.
    @inlinable
    public var hasCountry: Bool { reader.hasPointer(1) }

    /// 0: unknown.
    @inlinable @inline(__always)
    public var asn: UInt32 { reader.scalar(4, of: 16) }

    @inlinable
    public var organisation: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.text(2) }
    }
    /// Whether `organisation` was set.
    @inlinable
    public var hasOrganisation: Bool { reader.hasPointer(2) }

    /// Of the line's own, that it was seen in before.
    @inlinable @inline(__always)
    public var earlierAttacks: UInt32 { reader.scalar(8, of: 16) }

    /// What these say against it, 0 to 100, when the attack ended.
    @inlinable @inline(__always)
    public var score: UInt8 { reader.scalar(12, of: 16) }
  }
  public typealias NoteList = StructList<Note>

  /// Builder of `Note`.
  public struct NoteBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 2, pointers: 3) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    /// Place in sources.
    @inlinable @inline(__always)
    public var source: UInt32 {
      get { builder.get(0) }
      nonmutating set { builder.set(newValue, at: 0) }
    }

    @inlinable
    @_lifetime(copy self)
    public func initLists(count: Int) -> AttackContent.MentionListBuilder {
      return AttackContent.MentionListBuilder(makeAt: builder.pointer(0), count: count)
    }
    @inlinable
    public func placeLists(_ list: borrowing GrowingStructList<AttackContent.MentionBuilder>) {
      list.place(at: builder.pointer(0))
    }

    /// Code of two letters, or empty.
    @inlinable
    public func setCountry(_ text: String) {
      builder.pointer(1).setText(text)
    }
    @inlinable
    public func setCountry(_ bytes: RawSpan) {
      builder.pointer(1).setText(bytes)
    }

    /// 0: unknown.
    @inlinable @inline(__always)
    public var asn: UInt32 {
      get { builder.get(4) }
      nonmutating set { builder.set(newValue, at: 4) }
    }

    @inlinable
    public func setOrganisation(_ text: String) {
      builder.pointer(2).setText(text)
    }
    @inlinable
    public func setOrganisation(_ bytes: RawSpan) {
      builder.pointer(2).setText(bytes)
    }

    /// Of the line's own, that it was seen in before.
    @inlinable @inline(__always)
    public var earlierAttacks: UInt32 {
      get { builder.get(8) }
      nonmutating set { builder.set(newValue, at: 8) }
    }

    /// What these say against it, 0 to 100, when the attack ended.
    @inlinable @inline(__always)
    public var score: UInt8 {
      get { builder.get(12) }
      nonmutating set { builder.set(newValue, at: 12) }
    }
  }
  public typealias NoteListBuilder = StructListBuilder<NoteBuilder>

  public struct Mention: ~Escapable, BitwiseCopyable, StructView {
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
    public var list: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.text(0) }
    }
    /// Whether `list` was set.
    @inlinable
    public var hasList: Bool { reader.hasPointer(0) }

    @inlinable @inline(__always)
    public var kind: AddressKindCode { AddressKindCode(wire: reader.scalar(0, of: 8)) }
  }
  public typealias MentionList = StructList<Mention>

  /// Builder of `Mention`.
  public struct MentionBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 1, pointers: 1) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable
    public func setList(_ text: String) {
      builder.pointer(0).setText(text)
    }
    @inlinable
    public func setList(_ bytes: RawSpan) {
      builder.pointer(0).setText(bytes)
    }

    @inlinable @inline(__always)
    public var kind: AddressKindCode {
      get { AddressKindCode(wire: builder.get(0)) }
      nonmutating set { builder.set(newValue.wire, at: 0) }
    }
  }
  public typealias MentionListBuilder = StructListBuilder<MentionBuilder>

  public struct Part: ~Escapable, BitwiseCopyable, StructView {
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
    public var field: FingerprintFieldCode { FingerprintFieldCode(wire: reader.scalar(0, of: 8)) }

    /// As the client sent it, or a network in CIDR notation.
    @inlinable @inline(__always)
    public var value: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.data(0) }
    }
    /// Whether `value` was set.
    @inlinable
    public var hasValue: Bool { reader.hasPointer(0) }
  }
  public typealias PartList = StructList<Part>

  /// Builder of `Part`.
  public struct PartBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 1, pointers: 1) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable @inline(__always)
    public var field: FingerprintFieldCode {
      get { FingerprintFieldCode(wire: builder.get(0)) }
      nonmutating set { builder.set(newValue.wire, at: 0) }
    }

    /// As the client sent it, or a network in CIDR notation.
    @inlinable @inline(__always)
    public func setValue(_ bytes: RawSpan) {
      builder.pointer(0).setData(bytes)
    }
  }
  public typealias PartListBuilder = StructListBuilder<PartBuilder>

  public struct Target: ~Escapable, BitwiseCopyable, StructView {
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
    public var path: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.data(0) }
    }
    /// Whether `path` was set.
    @inlinable
    public var hasPath: Bool { reader.hasPointer(0) }

    @inlinable @inline(__always)
    public var requests: UInt64 { reader.scalar(0, of: 24) }

    @inlinable @inline(__always)
    public var lower: UInt64 { reader.scalar(8, of: 24) }

    @inlinable @inline(__always)
    public var upper: UInt64 { reader.scalar(16, of: 24) }
  }
  public typealias TargetList = StructList<Target>

  /// Builder of `Target`.
  public struct TargetBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 3, pointers: 1) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable @inline(__always)
    public func setPath(_ bytes: RawSpan) {
      builder.pointer(0).setData(bytes)
    }

    @inlinable @inline(__always)
    public var requests: UInt64 {
      get { builder.get(0) }
      nonmutating set { builder.set(newValue, at: 0) }
    }

    @inlinable @inline(__always)
    public var lower: UInt64 {
      get { builder.get(8) }
      nonmutating set { builder.set(newValue, at: 8) }
    }

    @inlinable @inline(__always)
    public var upper: UInt64 {
      get { builder.get(16) }
      nonmutating set { builder.set(newValue, at: 16) }
    }
  }
  public typealias TargetListBuilder = StructListBuilder<TargetBuilder>

  public struct Rule: ~Escapable, BitwiseCopyable, StructView {
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
    public var id: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.text(0) }
    }
    /// Whether `id` was set.
    @inlinable
    public var hasId: Bool { reader.hasPointer(0) }

    @inlinable
    public var title: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.text(1) }
    }
    /// Whether `title` was set.
    @inlinable
    public var hasTitle: Bool { reader.hasPointer(1) }

    @inlinable @inline(__always)
    public var matches: UInt64 { reader.scalar(0, of: 8) }
  }
  public typealias RuleList = StructList<Rule>

  /// Builder of `Rule`.
  public struct RuleBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 1, pointers: 2) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable
    public func setId(_ text: String) {
      builder.pointer(0).setText(text)
    }
    @inlinable
    public func setId(_ bytes: RawSpan) {
      builder.pointer(0).setText(bytes)
    }

    @inlinable
    public func setTitle(_ text: String) {
      builder.pointer(1).setText(text)
    }
    @inlinable
    public func setTitle(_ bytes: RawSpan) {
      builder.pointer(1).setText(bytes)
    }

    @inlinable @inline(__always)
    public var matches: UInt64 {
      get { builder.get(0) }
      nonmutating set { builder.set(newValue, at: 0) }
    }
  }
  public typealias RuleListBuilder = StructListBuilder<RuleBuilder>

  public struct Evidence: ~Escapable, BitwiseCopyable, StructView {
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
    public var line: UInt64 { reader.scalar(0, of: 40) }

    @inlinable @inline(__always)
    public var time: Int64 { reader.scalar(8, of: 40) }

    @inlinable @inline(__always)
    public var clientHigh: UInt64 { reader.scalar(16, of: 40) }

    @inlinable @inline(__always)
    public var clientLow: UInt64 { reader.scalar(24, of: 40) }

    /// Place in files.
    @inlinable @inline(__always)
    public var file: UInt32 { reader.scalar(32, of: 40) }

    @inlinable @inline(__always)
    public var status: UInt16 { reader.scalar(36, of: 40) }

    @inlinable @inline(__always)
    public var request: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.data(0) }
    }
    /// Whether `request` was set.
    @inlinable
    public var hasRequest: Bool { reader.hasPointer(0) }
  }
  public typealias EvidenceList = StructList<Evidence>

  /// Builder of `Evidence`.
  public struct EvidenceBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 5, pointers: 1) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable @inline(__always)
    public var line: UInt64 {
      get { builder.get(0) }
      nonmutating set { builder.set(newValue, at: 0) }
    }

    @inlinable @inline(__always)
    public var time: Int64 {
      get { builder.get(8) }
      nonmutating set { builder.set(newValue, at: 8) }
    }

    @inlinable @inline(__always)
    public var clientHigh: UInt64 {
      get { builder.get(16) }
      nonmutating set { builder.set(newValue, at: 16) }
    }

    @inlinable @inline(__always)
    public var clientLow: UInt64 {
      get { builder.get(24) }
      nonmutating set { builder.set(newValue, at: 24) }
    }

    /// Place in files.
    @inlinable @inline(__always)
    public var file: UInt32 {
      get { builder.get(32) }
      nonmutating set { builder.set(newValue, at: 32) }
    }

    @inlinable @inline(__always)
    public var status: UInt16 {
      get { builder.get(36) }
      nonmutating set { builder.set(newValue, at: 36) }
    }

    @inlinable @inline(__always)
    public func setRequest(_ bytes: RawSpan) {
      builder.pointer(0).setData(bytes)
    }
  }
  public typealias EvidenceListBuilder = StructListBuilder<EvidenceBuilder>
}
public typealias AttackContentList = StructList<AttackContent>

/// Builder of `AttackContent`.
public struct AttackContentBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 12, pointers: 11) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// From its content: kind, zone, class, start and first source. 16 hexadecimal digits in text.
  @inlinable @inline(__always)
  public var id: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// An ended attack whose actors come back is ongoing again, under the same id.
  @inlinable @inline(__always)
  public var state: AttackStateCode {
    get { AttackStateCode(wire: builder.get(8)) }
    nonmutating set { builder.set(newValue.wire, at: 8) }
  }

  @inlinable @inline(__always)
  public var kind: AttackKindCode {
    get { AttackKindCode(wire: builder.get(10)) }
    nonmutating set { builder.set(newValue.wire, at: 10) }
  }

  @inlinable @inline(__always)
  public var severity: SeverityCode {
    get { SeverityCode(wire: builder.get(12)) }
    nonmutating set { builder.set(newValue.wire, at: 12) }
  }

  /// The chief class of its requests, or empty.
  @inlinable
  public func setAttackClass(_ text: String) {
    builder.pointer(0).setText(text)
  }
  @inlinable
  public func setAttackClass(_ bytes: RawSpan) {
    builder.pointer(0).setText(bytes)
  }

  /// Host; "" for those that no line confirms; "*" for many.
  @inlinable @inline(__always)
  public func setZone(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  /// ns
  @inlinable @inline(__always)
  public var start: Int64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var end: Int64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  /// 0 to 1.
  @inlinable @inline(__always)
  public var confidence: Double {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  /// 0 in an ended attack: what was told of it has become part of others.
  @inlinable @inline(__always)
  public var requests: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  /// Requests a second.
  @inlinable @inline(__always)
  public var peakRate: Double {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  @inlinable @inline(__always)
  public var baselineRate: Double {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  @inlinable @inline(__always)
  public var sourceCount: UInt64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// The most active.
  @inlinable
  @_lifetime(copy self)
  public func initSources(count: Int) -> AttackContent.SourceListBuilder {
    return AttackContent.SourceListBuilder(makeAt: builder.pointer(2), count: count)
  }
  @inlinable
  public func placeSources(_ list: borrowing GrowingStructList<AttackContent.SourceBuilder>) {
    list.place(at: builder.pointer(2))
  }

  @inlinable
  @_lifetime(copy self)
  public func initTargets(count: Int) -> AttackContent.TargetListBuilder {
    return AttackContent.TargetListBuilder(makeAt: builder.pointer(3), count: count)
  }
  @inlinable
  public func placeTargets(_ list: borrowing GrowingStructList<AttackContent.TargetBuilder>) {
    list.place(at: builder.pointer(3))
  }

  @inlinable
  @_lifetime(copy self)
  public func initRules(count: Int) -> AttackContent.RuleListBuilder {
    return AttackContent.RuleListBuilder(makeAt: builder.pointer(4), count: count)
  }
  @inlinable
  public func placeRules(_ list: borrowing GrowingStructList<AttackContent.RuleBuilder>) {
    list.place(at: builder.pointer(4))
  }

  @inlinable
  @_lifetime(copy self)
  public func initEvidence(count: Int) -> AttackContent.EvidenceListBuilder {
    return AttackContent.EvidenceListBuilder(makeAt: builder.pointer(5), count: count)
  }
  @inlinable
  public func placeEvidence(_ list: borrowing GrowingStructList<AttackContent.EvidenceBuilder>) {
    list.place(at: builder.pointer(5))
  }

  /// Names of files, which evidence refers to.
  @inlinable
  @_lifetime(copy self)
  public func initFiles(count: Int) -> DataListBuilder {
    return DataListBuilder(makeAt: builder.pointer(6), count: count)
  }

  @inlinable
  public func setExplanation(_ text: String) {
    builder.pointer(7).setText(text)
  }
  @inlinable
  public func setExplanation(_ bytes: RawSpan) {
    builder.pointer(7).setText(bytes)
  }

  /// All must hold. Empty where nothing singles it out.
  @inlinable
  @_lifetime(copy self)
  public func initFingerprint(count: Int) -> AttackContent.PartListBuilder {
    return AttackContent.PartListBuilder(makeAt: builder.pointer(8), count: count)
  }
  @inlinable
  public func placeFingerprint(_ list: borrowing GrowingStructList<AttackContent.PartBuilder>) {
    list.place(at: builder.pointer(8))
  }

  /// Share of the attack's sampled requests for which they do.
  @inlinable @inline(__always)
  public var covers: Double {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  /// Of the zone's sampled normal requests, those for which they do.
  @inlinable @inline(__always)
  public var normalHits: UInt32 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  @inlinable @inline(__always)
  public var normalSampled: UInt32 {
    get { builder.get(84) }
    nonmutating set { builder.set(newValue, at: 84) }
  }

  /// Those from sources of the attack.
  @inlinable @inline(__always)
  public var normalFromSources: UInt32 {
    get { builder.get(88) }
    nonmutating set { builder.set(newValue, at: 88) }
  }

  /// What is known of sources from elsewhere.
  @inlinable
  @_lifetime(copy self)
  public func initNotes(count: Int) -> AttackContent.NoteListBuilder {
    return AttackContent.NoteListBuilder(makeAt: builder.pointer(9), count: count)
  }
  @inlinable
  public func placeNotes(_ list: borrowing GrowingStructList<AttackContent.NoteBuilder>) {
    list.place(at: builder.pointer(9))
  }

  /// As normalHits, for each choice of parts: entry n is of the parts whose bits n has.
  @inlinable
  @_lifetime(copy self)
  public func initHitsOfParts(count: Int) -> ScalarListBuilder<UInt64> {
    return ScalarListBuilder<UInt64>(makeAt: builder.pointer(10), count: count)
  }
}
public typealias AttackContentListBuilder = StructListBuilder<AttackContentBuilder>

public enum AttackKindCode: UInt16, WireEnum, CaseIterable {
  case injection
  case scanning
  case bruteForce
  case credentialStuffing
  case scraping
  case flood
  case distributedFlood
  case cacheBusting
  case slowRequests
  case errorStorm
  case correlation
  case formSpam

  /// The enumerant of this number; `injection` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 12) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}

public enum AddressKindCode: UInt16, WireEnum, CaseIterable {
  case other
  case tor
  case abuse
  case vpn
  case hosting
  case crawler
  case monitor

  /// The enumerant of this number; `other` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 7) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}

public enum FingerprintFieldCode: UInt16, WireEnum, CaseIterable {
  case userAgent
  case network
  case path
  case pathShape
  case queryNames
  case method
  case `protocol`
  case tlsFingerprint
  case country
  case asn
  case noReferrer
  case status

  /// The enumerant of this number; `userAgent` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 12) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}

public enum AttackStateCode: UInt16, WireEnum, CaseIterable {
  case started
  case ongoing
  case ended

  /// The enumerant of this number; `started` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 3) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}

public enum SeverityCode: UInt16, WireEnum, CaseIterable {
  case low
  case medium
  case high
  case critical

  /// The enumerant of this number; `low` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 4) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}
