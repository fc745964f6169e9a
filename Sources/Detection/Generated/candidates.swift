// Generated from candidates.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto
import Events

// What the analyzer's zone stage writes and its campaign stage reads, in one partition: few and condensed.

/// Of one partition of `rollups`, in order of `end`. What one window gave may take several records.
public struct CandidatesRecord: ~Escapable, BitwiseCopyable, StructView {
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
  public var schemaVersion: UInt16 { reader.scalar(0, of: 24) }

  /// Of `rollups`.
  @inlinable @inline(__always)
  public var partition: UInt16 { reader.scalar(2, of: 24) }

  /// ns; of the window, of the window that late ones are due with, or how far all is said.
  @inlinable @inline(__always)
  public var end: Int64 { reader.scalar(8, of: 24) }

  @inlinable @inline(__always)
  public var ruleSet: UInt64 { reader.scalar(16, of: 24) }

  /// From windows that came late: no step of their own.
  @inlinable @inline(__always)
  public var late: Bool { reader.bit(32) }

  /// Names of files, which evidence refers to.
  @inlinable
  public var files: DataList {
    @_lifetime(copy self)
    get throws(WireError) { DataList(try reader.list(0, of: DataList.elementSize)) }
  }
  /// Whether `files` was set.
  @inlinable
  public var hasFiles: Bool { reader.hasPointer(0) }

  @inlinable
  public var said: Said {
    @_lifetime(copy self)
    get { Said(reader) }
  }

  public struct Said: ~Escapable, BitwiseCopyable, StructView {
    @usableFromInline let reader: StructReader

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    public init(_ reader: StructReader) { self.reader = reader }

    /// The members of the union.
    public enum Which: Sendable, CaseIterable {
      case candidates
      case progress
      /// One that a newer schema added.
      case unrecognized
    }

    /// The member that is set.
    @inlinable
    public var which: Which {
      switch reader.scalar(6, as: UInt16.self) {
      case 0: .candidates
      case 1: .progress
      default: .unrecognized
      }
    }

    /// Of one window; none where it had nothing to tell.
    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var candidates: CandidateContentList {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(6, as: UInt16.self) == 0 else { throw .unionMember }
        return CandidateContentList(try reader.list(1, of: CandidateContentList.elementSize))
      }
    }
    /// Whether `candidates` was set.
    @inlinable
    public var hasCandidates: Bool { reader.scalar(6, as: UInt16.self) == 0 && reader.hasPointer(1) }

    // progress holds nothing: Nothing more comes for windows that end by `end`; its largest value: nothing at all.
  }

  /// Builder of `Said`.
  public struct SaidBuilder: ~Escapable, BitwiseCopyable {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    /// Of one window; none where it had nothing to tell.
    @inlinable
    @_lifetime(copy self)
    public func initCandidates(count: Int) -> CandidateContentListBuilder {
      builder.set(0 as UInt16, at: 6)
      return CandidateContentListBuilder(makeAt: builder.pointer(1), count: count)
    }
    @inlinable
    public func placeCandidates(_ list: borrowing GrowingStructList<CandidateContentBuilder>) {
      builder.set(0 as UInt16, at: 6)
      list.place(at: builder.pointer(1))
    }

    /// Makes `progress` the member of the union that is set.
    @inlinable
    public func setProgress() { builder.set(1 as UInt16, at: 6) }
  }
}
public typealias CandidatesRecordList = StructList<CandidatesRecord>

/// Builder of `CandidatesRecord`.
public struct CandidatesRecordBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 3, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var schemaVersion: UInt16 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// Of `rollups`.
  @inlinable @inline(__always)
  public var partition: UInt16 {
    get { builder.get(2) }
    nonmutating set { builder.set(newValue, at: 2) }
  }

  /// ns; of the window, of the window that late ones are due with, or how far all is said.
  @inlinable @inline(__always)
  public var end: Int64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var ruleSet: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// From windows that came late: no step of their own.
  @inlinable @inline(__always)
  public var late: Bool {
    get { builder.getBit(32) }
    nonmutating set { builder.setBit(newValue, at: 32) }
  }

  /// Names of files, which evidence refers to.
  @inlinable
  @_lifetime(copy self)
  public func initFiles(count: Int) -> DataListBuilder {
    return DataListBuilder(makeAt: builder.pointer(0), count: count)
  }

  @inlinable
  public var said: CandidatesRecord.SaidBuilder {
    @_lifetime(copy self)
    get { CandidatesRecord.SaidBuilder(builder) }
  }
}
public typealias CandidatesRecordListBuilder = StructListBuilder<CandidatesRecordBuilder>

public struct CandidateContent: ~Escapable, BitwiseCopyable, StructView {
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
  public var zone: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `zone` was set.
  @inlinable
  public var hasZone: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var kind: AttackKindCode { AttackKindCode(wire: reader.scalar(0, of: 120)) }

  /// An attack by itself, rather than a stray request or two.
  @inlinable @inline(__always)
  public var loud: Bool { reader.bit(16) }

  /// A probe was answered with success.
  @inlinable @inline(__always)
  public var succeeded: Bool { reader.bit(17) }

  /// A probe was answered otherwise.
  @inlinable @inline(__always)
  public var refused: Bool { reader.bit(18) }

  /// Bits of AttackClasses.
  @inlinable @inline(__always)
  public var classes: UInt32 { reader.scalar(4, of: 120) }

  @inlinable @inline(__always)
  public var windowStart: Int64 { reader.scalar(8, of: 120) }

  @inlinable @inline(__always)
  public var windowEnd: Int64 { reader.scalar(16, of: 120) }

  /// :: where no single client is meant.
  @inlinable @inline(__always)
  public var clientHigh: UInt64 { reader.scalar(24, of: 120) }

  @inlinable @inline(__always)
  public var clientLow: UInt64 { reader.scalar(32, of: 120) }

  /// May lie before the window: what led up to it.
  @inlinable @inline(__always)
  public var first: Int64 { reader.scalar(40, of: 120) }

  @inlinable @inline(__always)
  public var last: Int64 { reader.scalar(48, of: 120) }

  /// Not told before.
  @inlinable @inline(__always)
  public var requests: UInt64 { reader.scalar(56, of: 120) }

  /// 0 to 1.
  @inlinable @inline(__always)
  public var confidence: Double { reader.scalar(64, of: 120) }

  /// Of its set of paths and user agent; 0 unknown.
  @inlinable @inline(__always)
  public var signature: UInt64 { reader.scalar(72, of: 120) }

  @inlinable @inline(__always)
  public var userAgent: UInt64 { reader.scalar(80, of: 120) }

  @inlinable @inline(__always)
  public var loginPath: UInt64 { reader.scalar(88, of: 120) }

  /// The rule that matched most; 0 none.
  @inlinable @inline(__always)
  public var rule: UInt64 { reader.scalar(96, of: 120) }

  /// Hash of its id; 0 none.
  @inlinable @inline(__always)
  public var correlation: UInt64 { reader.scalar(104, of: 120) }

  @inlinable @inline(__always)
  public var target: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `target` was set.
  @inlinable
  public var hasTarget: Bool { reader.hasPointer(1) }

  @inlinable @inline(__always)
  public var targetRequests: UInt64 { reader.scalar(112, of: 120) }

  @inlinable
  public var rules: CandidateContent.RuleList {
    @_lifetime(copy self)
    get throws(WireError) { CandidateContent.RuleList(try reader.list(2, of: CandidateContent.RuleList.elementSize)) }
  }
  /// Whether `rules` was set.
  @inlinable
  public var hasRules: Bool { reader.hasPointer(2) }

  @inlinable
  public var evidence: CandidateContent.EvidenceList {
    @_lifetime(copy self)
    get throws(WireError) { CandidateContent.EvidenceList(try reader.list(3, of: CandidateContent.EvidenceList.elementSize)) }
  }
  /// Whether `evidence` was set.
  @inlinable
  public var hasEvidence: Bool { reader.hasPointer(3) }

  @inlinable
  public var facts: CandidateFactsContent {
    @_lifetime(copy self)
    get throws(WireError) { CandidateFactsContent(try reader.structure(4)) }
  }
  /// Whether `facts` was set.
  @inlinable
  public var hasFacts: Bool { reader.hasPointer(4) }

  /// Text of userAgent, cut to 128 bytes; empty where it is not known.
  @inlinable @inline(__always)
  public var agent: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(5) }
  }
  /// Whether `agent` was set.
  @inlinable
  public var hasAgent: Bool { reader.hasPointer(5) }

  /// What is normal for the zone: with one of its candidates from time to time.
  @inlinable
  public var normal: CandidateContent.NormalList {
    @_lifetime(copy self)
    get throws(WireError) { CandidateContent.NormalList(try reader.list(6, of: CandidateContent.NormalList.elementSize)) }
  }
  /// Whether `normal` was set.
  @inlinable
  public var hasNormal: Bool { reader.hasPointer(6) }

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

    @inlinable @inline(__always)
    public var rule: UInt64 { reader.scalar(0, of: 16) }

    @inlinable @inline(__always)
    public var count: UInt64 { reader.scalar(8, of: 16) }
  }
  public typealias RuleList = StructList<Rule>

  /// Builder of `Rule`.
  public struct RuleBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 2, pointers: 0) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable @inline(__always)
    public var rule: UInt64 {
      get { builder.get(0) }
      nonmutating set { builder.set(newValue, at: 0) }
    }

    @inlinable @inline(__always)
    public var count: UInt64 {
      get { builder.get(8) }
      nonmutating set { builder.set(newValue, at: 8) }
    }
  }
  public typealias RuleListBuilder = StructListBuilder<RuleBuilder>

  /// A sampled request that nobody suspects. Hashes, 0 where there is none.
  public struct Normal: ~Escapable, BitwiseCopyable, StructView {
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
    public var clientHigh: UInt64 { reader.scalar(0, of: 56) }

    @inlinable @inline(__always)
    public var clientLow: UInt64 { reader.scalar(8, of: 56) }

    @inlinable @inline(__always)
    public var userAgent: UInt32 { reader.scalar(16, of: 56) }

    @inlinable @inline(__always)
    public var path: UInt32 { reader.scalar(20, of: 56) }

    @inlinable @inline(__always)
    public var pathShape: UInt32 { reader.scalar(24, of: 56) }

    @inlinable @inline(__always)
    public var queryNames: UInt32 { reader.scalar(28, of: 56) }

    @inlinable @inline(__always)
    public var method: UInt32 { reader.scalar(32, of: 56) }

    @inlinable @inline(__always)
    public var tlsFingerprint: UInt32 { reader.scalar(36, of: 56) }

    @inlinable @inline(__always)
    public var asn: UInt32 { reader.scalar(40, of: 56) }

    /// Sent to the client, as in Evidence of rollups.
    @inlinable @inline(__always)
    public var bytes: UInt32 { reader.scalar(44, of: 56) }

    @inlinable @inline(__always)
    public var status: UInt16 { reader.scalar(48, of: 56) }

    @inlinable @inline(__always)
    public var country: UInt16 { reader.scalar(50, of: 56) }

    @inlinable @inline(__always)
    public var `protocol`: `Protocol` { `Protocol`(wire: reader.scalar(52, of: 56)) }

    /// There was one.
    @inlinable @inline(__always)
    public var referrer: Bool { reader.bit(432) }
  }
  public typealias NormalList = StructList<Normal>

  /// Builder of `Normal`.
  public struct NormalBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 7, pointers: 0) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

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
    public var userAgent: UInt32 {
      get { builder.get(16) }
      nonmutating set { builder.set(newValue, at: 16) }
    }

    @inlinable @inline(__always)
    public var path: UInt32 {
      get { builder.get(20) }
      nonmutating set { builder.set(newValue, at: 20) }
    }

    @inlinable @inline(__always)
    public var pathShape: UInt32 {
      get { builder.get(24) }
      nonmutating set { builder.set(newValue, at: 24) }
    }

    @inlinable @inline(__always)
    public var queryNames: UInt32 {
      get { builder.get(28) }
      nonmutating set { builder.set(newValue, at: 28) }
    }

    @inlinable @inline(__always)
    public var method: UInt32 {
      get { builder.get(32) }
      nonmutating set { builder.set(newValue, at: 32) }
    }

    @inlinable @inline(__always)
    public var tlsFingerprint: UInt32 {
      get { builder.get(36) }
      nonmutating set { builder.set(newValue, at: 36) }
    }

    @inlinable @inline(__always)
    public var asn: UInt32 {
      get { builder.get(40) }
      nonmutating set { builder.set(newValue, at: 40) }
    }

    /// Sent to the client, as in Evidence of rollups.
    @inlinable @inline(__always)
    public var bytes: UInt32 {
      get { builder.get(44) }
      nonmutating set { builder.set(newValue, at: 44) }
    }

    @inlinable @inline(__always)
    public var status: UInt16 {
      get { builder.get(48) }
      nonmutating set { builder.set(newValue, at: 48) }
    }

    @inlinable @inline(__always)
    public var country: UInt16 {
      get { builder.get(50) }
      nonmutating set { builder.set(newValue, at: 50) }
    }

    @inlinable @inline(__always)
    public var `protocol`: `Protocol` {
      get { `Protocol`(wire: builder.get(52)) }
      nonmutating set { builder.set(newValue.wire, at: 52) }
    }

    /// There was one.
    @inlinable @inline(__always)
    public var referrer: Bool {
      get { builder.getBit(432) }
      nonmutating set { builder.setBit(newValue, at: 432) }
    }
  }
  public typealias NormalListBuilder = StructListBuilder<NormalBuilder>

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
    public var source: UInt64 { reader.scalar(0, of: 72) }

    @inlinable @inline(__always)
    public var ordinal: UInt64 { reader.scalar(8, of: 72) }

    @inlinable @inline(__always)
    public var line: UInt64 { reader.scalar(16, of: 72) }

    @inlinable @inline(__always)
    public var time: Int64 { reader.scalar(24, of: 72) }

    @inlinable @inline(__always)
    public var clientHigh: UInt64 { reader.scalar(32, of: 72) }

    @inlinable @inline(__always)
    public var clientLow: UInt64 { reader.scalar(40, of: 72) }

    /// Place in files.
    @inlinable @inline(__always)
    public var file: UInt32 { reader.scalar(48, of: 72) }

    @inlinable @inline(__always)
    public var status: UInt16 { reader.scalar(52, of: 72) }

    @inlinable @inline(__always)
    public var score: UInt8 { reader.scalar(54, of: 72) }

    @inlinable @inline(__always)
    public var request: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.data(0) }
    }
    /// Whether `request` was set.
    @inlinable
    public var hasRequest: Bool { reader.hasPointer(0) }

    /// Hash as in Normal, and text, cut to 128 bytes.
    @inlinable @inline(__always)
    public var tlsFingerprint: UInt32 { reader.scalar(56, of: 72) }

    @inlinable @inline(__always)
    public var tlsText: RawSpan {
      @_lifetime(copy self)
      get throws(WireError) { try reader.data(1) }
    }
    /// Whether `tlsText` was set.
    @inlinable
    public var hasTlsText: Bool { reader.hasPointer(1) }

    @inlinable @inline(__always)
    public var asn: UInt32 { reader.scalar(60, of: 72) }

    @inlinable @inline(__always)
    public var bytes: UInt32 { reader.scalar(64, of: 72) }

    @inlinable @inline(__always)
    public var country: UInt16 { reader.scalar(68, of: 72) }

    @inlinable @inline(__always)
    public var `protocol`: `Protocol` { `Protocol`(wire: reader.scalar(70, of: 72)) }

    @inlinable @inline(__always)
    public var referrer: Bool { reader.bit(440) }

    /// Its answer may show that it succeeded.
    @inlinable @inline(__always)
    public var tells: Bool { reader.bit(441) }
  }
  public typealias EvidenceList = StructList<Evidence>

  /// Builder of `Evidence`.
  public struct EvidenceBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    public static var size: StructSize { StructSize(dataWords: 9, pointers: 2) }

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable @inline(__always)
    public var source: UInt64 {
      get { builder.get(0) }
      nonmutating set { builder.set(newValue, at: 0) }
    }

    @inlinable @inline(__always)
    public var ordinal: UInt64 {
      get { builder.get(8) }
      nonmutating set { builder.set(newValue, at: 8) }
    }

    @inlinable @inline(__always)
    public var line: UInt64 {
      get { builder.get(16) }
      nonmutating set { builder.set(newValue, at: 16) }
    }

    @inlinable @inline(__always)
    public var time: Int64 {
      get { builder.get(24) }
      nonmutating set { builder.set(newValue, at: 24) }
    }

    @inlinable @inline(__always)
    public var clientHigh: UInt64 {
      get { builder.get(32) }
      nonmutating set { builder.set(newValue, at: 32) }
    }

    @inlinable @inline(__always)
    public var clientLow: UInt64 {
      get { builder.get(40) }
      nonmutating set { builder.set(newValue, at: 40) }
    }

    /// Place in files.
    @inlinable @inline(__always)
    public var file: UInt32 {
      get { builder.get(48) }
      nonmutating set { builder.set(newValue, at: 48) }
    }

    @inlinable @inline(__always)
    public var status: UInt16 {
      get { builder.get(52) }
      nonmutating set { builder.set(newValue, at: 52) }
    }

    @inlinable @inline(__always)
    public var score: UInt8 {
      get { builder.get(54) }
      nonmutating set { builder.set(newValue, at: 54) }
    }

    @inlinable @inline(__always)
    public func setRequest(_ bytes: RawSpan) {
      builder.pointer(0).setData(bytes)
    }

    /// Hash as in Normal, and text, cut to 128 bytes.
    @inlinable @inline(__always)
    public var tlsFingerprint: UInt32 {
      get { builder.get(56) }
      nonmutating set { builder.set(newValue, at: 56) }
    }

    @inlinable @inline(__always)
    public func setTlsText(_ bytes: RawSpan) {
      builder.pointer(1).setData(bytes)
    }

    @inlinable @inline(__always)
    public var asn: UInt32 {
      get { builder.get(60) }
      nonmutating set { builder.set(newValue, at: 60) }
    }

    @inlinable @inline(__always)
    public var bytes: UInt32 {
      get { builder.get(64) }
      nonmutating set { builder.set(newValue, at: 64) }
    }

    @inlinable @inline(__always)
    public var country: UInt16 {
      get { builder.get(68) }
      nonmutating set { builder.set(newValue, at: 68) }
    }

    @inlinable @inline(__always)
    public var `protocol`: `Protocol` {
      get { `Protocol`(wire: builder.get(70)) }
      nonmutating set { builder.set(newValue.wire, at: 70) }
    }

    @inlinable @inline(__always)
    public var referrer: Bool {
      get { builder.getBit(440) }
      nonmutating set { builder.setBit(newValue, at: 440) }
    }

    /// Its answer may show that it succeeded.
    @inlinable @inline(__always)
    public var tells: Bool {
      get { builder.getBit(441) }
      nonmutating set { builder.setBit(newValue, at: 441) }
    }
  }
  public typealias EvidenceListBuilder = StructListBuilder<EvidenceBuilder>
}
public typealias CandidateContentList = StructList<CandidateContent>

/// Builder of `CandidateContent`.
public struct CandidateContentBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 15, pointers: 7) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public func setZone(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable @inline(__always)
  public var kind: AttackKindCode {
    get { AttackKindCode(wire: builder.get(0)) }
    nonmutating set { builder.set(newValue.wire, at: 0) }
  }

  /// An attack by itself, rather than a stray request or two.
  @inlinable @inline(__always)
  public var loud: Bool {
    get { builder.getBit(16) }
    nonmutating set { builder.setBit(newValue, at: 16) }
  }

  /// A probe was answered with success.
  @inlinable @inline(__always)
  public var succeeded: Bool {
    get { builder.getBit(17) }
    nonmutating set { builder.setBit(newValue, at: 17) }
  }

  /// A probe was answered otherwise.
  @inlinable @inline(__always)
  public var refused: Bool {
    get { builder.getBit(18) }
    nonmutating set { builder.setBit(newValue, at: 18) }
  }

  /// Bits of AttackClasses.
  @inlinable @inline(__always)
  public var classes: UInt32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  @inlinable @inline(__always)
  public var windowStart: Int64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var windowEnd: Int64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// :: where no single client is meant.
  @inlinable @inline(__always)
  public var clientHigh: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var clientLow: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  /// May lie before the window: what led up to it.
  @inlinable @inline(__always)
  public var first: Int64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var last: Int64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// Not told before.
  @inlinable @inline(__always)
  public var requests: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  /// 0 to 1.
  @inlinable @inline(__always)
  public var confidence: Double {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// Of its set of paths and user agent; 0 unknown.
  @inlinable @inline(__always)
  public var signature: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  @inlinable @inline(__always)
  public var userAgent: UInt64 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  @inlinable @inline(__always)
  public var loginPath: UInt64 {
    get { builder.get(88) }
    nonmutating set { builder.set(newValue, at: 88) }
  }

  /// The rule that matched most; 0 none.
  @inlinable @inline(__always)
  public var rule: UInt64 {
    get { builder.get(96) }
    nonmutating set { builder.set(newValue, at: 96) }
  }

  /// Hash of its id; 0 none.
  @inlinable @inline(__always)
  public var correlation: UInt64 {
    get { builder.get(104) }
    nonmutating set { builder.set(newValue, at: 104) }
  }

  @inlinable @inline(__always)
  public func setTarget(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  @inlinable @inline(__always)
  public var targetRequests: UInt64 {
    get { builder.get(112) }
    nonmutating set { builder.set(newValue, at: 112) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initRules(count: Int) -> CandidateContent.RuleListBuilder {
    return CandidateContent.RuleListBuilder(makeAt: builder.pointer(2), count: count)
  }
  @inlinable
  public func placeRules(_ list: borrowing GrowingStructList<CandidateContent.RuleBuilder>) {
    list.place(at: builder.pointer(2))
  }

  @inlinable
  @_lifetime(copy self)
  public func initEvidence(count: Int) -> CandidateContent.EvidenceListBuilder {
    return CandidateContent.EvidenceListBuilder(makeAt: builder.pointer(3), count: count)
  }
  @inlinable
  public func placeEvidence(_ list: borrowing GrowingStructList<CandidateContent.EvidenceBuilder>) {
    list.place(at: builder.pointer(3))
  }

  @inlinable
  @_lifetime(copy self)
  public func initFacts() -> CandidateFactsContentBuilder {
    return CandidateFactsContentBuilder(builder.pointer(4).makeStruct(CandidateFactsContentBuilder.size))
  }
  /// What `initFacts` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeFacts() -> CandidateFactsContentBuilder { CandidateFactsContentBuilder(builder.pointer(4).resumeStruct(CandidateFactsContentBuilder.size)) }
  @inlinable
  public func setFacts(_ value: CandidateFactsContent) throws(WireError) {
    try builder.pointer(4).copy(value.reader)
  }

  /// Text of userAgent, cut to 128 bytes; empty where it is not known.
  @inlinable @inline(__always)
  public func setAgent(_ bytes: RawSpan) {
    builder.pointer(5).setData(bytes)
  }

  /// What is normal for the zone: with one of its candidates from time to time.
  @inlinable
  @_lifetime(copy self)
  public func initNormal(count: Int) -> CandidateContent.NormalListBuilder {
    return CandidateContent.NormalListBuilder(makeAt: builder.pointer(6), count: count)
  }
  @inlinable
  public func placeNormal(_ list: borrowing GrowingStructList<CandidateContent.NormalBuilder>) {
    list.place(at: builder.pointer(6))
  }
}
public typealias CandidateContentListBuilder = StructListBuilder<CandidateContentBuilder>

/// Numbers behind a candidate: enough to say in words why it was raised.
public struct CandidateFactsContent: ~Escapable, BitwiseCopyable, StructView {
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
  public var requests: UInt64 { reader.scalar(0, of: 144) }

  @inlinable @inline(__always)
  public var failed: UInt64 { reader.scalar(8, of: 144) }

  @inlinable @inline(__always)
  public var serverErrors: UInt64 { reader.scalar(16, of: 144) }

  @inlinable @inline(__always)
  public var slow: UInt64 { reader.scalar(24, of: 144) }

  @inlinable @inline(__always)
  public var matched: UInt64 { reader.scalar(32, of: 144) }

  @inlinable @inline(__always)
  public var logins: UInt64 { reader.scalar(40, of: 144) }

  @inlinable @inline(__always)
  public var loginFailures: UInt64 { reader.scalar(48, of: 144) }

  @inlinable @inline(__always)
  public var distinctPaths: UInt64 { reader.scalar(56, of: 144) }

  @inlinable @inline(__always)
  public var missingPaths: UInt64 { reader.scalar(64, of: 144) }

  @inlinable @inline(__always)
  public var distinctQueries: UInt64 { reader.scalar(72, of: 144) }

  @inlinable @inline(__always)
  public var users: UInt64 { reader.scalar(80, of: 144) }

  @inlinable @inline(__always)
  public var maxScore: UInt8 { reader.scalar(88, of: 144) }

  @inlinable @inline(__always)
  public var addresses: UInt64 { reader.scalar(96, of: 144) }

  @inlinable @inline(__always)
  public var crowd: UInt64 { reader.scalar(104, of: 144) }

  /// Requests a second.
  @inlinable @inline(__always)
  public var rate: Double { reader.scalar(112, of: 144) }

  @inlinable @inline(__always)
  public var baselineRate: Double { reader.scalar(120, of: 144) }

  @inlinable @inline(__always)
  public var threshold: Double { reader.scalar(128, of: 144) }

  /// ns of history behind the baseline.
  @inlinable @inline(__always)
  public var learned: Int64 { reader.scalar(136, of: 144) }

  /// Where baselineRate is from: 0 the last minutes, 1-24 an hour of the day, 25-192 of the week, 193 a network.
  @inlinable @inline(__always)
  public var basis: UInt16 { reader.scalar(90, of: 144) }
}
public typealias CandidateFactsContentList = StructList<CandidateFactsContent>

/// Builder of `CandidateFactsContent`.
public struct CandidateFactsContentBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 18, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var requests: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var failed: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var serverErrors: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var slow: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var matched: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var logins: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var loginFailures: UInt64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  @inlinable @inline(__always)
  public var distinctPaths: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  @inlinable @inline(__always)
  public var missingPaths: UInt64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  @inlinable @inline(__always)
  public var distinctQueries: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  @inlinable @inline(__always)
  public var users: UInt64 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  @inlinable @inline(__always)
  public var maxScore: UInt8 {
    get { builder.get(88) }
    nonmutating set { builder.set(newValue, at: 88) }
  }

  @inlinable @inline(__always)
  public var addresses: UInt64 {
    get { builder.get(96) }
    nonmutating set { builder.set(newValue, at: 96) }
  }

  @inlinable @inline(__always)
  public var crowd: UInt64 {
    get { builder.get(104) }
    nonmutating set { builder.set(newValue, at: 104) }
  }

  /// Requests a second.
  @inlinable @inline(__always)
  public var rate: Double {
    get { builder.get(112) }
    nonmutating set { builder.set(newValue, at: 112) }
  }

  @inlinable @inline(__always)
  public var baselineRate: Double {
    get { builder.get(120) }
    nonmutating set { builder.set(newValue, at: 120) }
  }

  @inlinable @inline(__always)
  public var threshold: Double {
    get { builder.get(128) }
    nonmutating set { builder.set(newValue, at: 128) }
  }

  /// ns of history behind the baseline.
  @inlinable @inline(__always)
  public var learned: Int64 {
    get { builder.get(136) }
    nonmutating set { builder.set(newValue, at: 136) }
  }

  /// Where baselineRate is from: 0 the last minutes, 1-24 an hour of the day, 25-192 of the week, 193 a network.
  @inlinable @inline(__always)
  public var basis: UInt16 {
    get { builder.get(90) }
    nonmutating set { builder.set(newValue, at: 90) }
  }
}
public typealias CandidateFactsContentListBuilder = StructListBuilder<CandidateFactsContentBuilder>
