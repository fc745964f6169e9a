// What detectors and summaries ask of a window. Nothing here allocates unless it says so.

import Bytes
import Sketches

extension ZoneWindow {
  /// Host, lower case, without port; empty for the shared zone.
  public var zone: RawSpan {
    @_lifetime(borrow self)
    get { zoneBytes.bytes }
  }

  /// End of the window, ns.
  public var end: Nanoseconds {
    let (sum, overflow) = start.addingReportingOverflow(length)
    return overflow ? .max : sum
  }

  /// Counts of the whole zone. O(1) once merged, else O(clients).
  public var counts: RequestCounts { isComplete ? totals : sumOfRows() }

  func sumOfRows() -> RequestCounts {
    // There are less than 2^32 rows, so sums of 32-bit counts don't overflow.
    var sum = RequestCounts()
    rows.withElements { rows in
      for i in rows.indices { sum.addWithoutOverflow(rows[i]) }
    }
    sum += otherClients
    return sum
  }

  /// Rows of clients; `client(_:)` takes 0..<clientCount.
  public var clientCount: Int { rows.count }

  /// Row by place: in order of address once merged.
  public func client(_ place: Int) -> ClientRow { rows[isComplete ? Int(order[place]) : place] }

  /// Has the processor fetch a row that will be asked for soon.
  public func prefetchClient(_ place: Int) { rows.prefetch(isComplete ? Int(order[place]) : place) }

  /// Distinct clients: exact while no row was evicted, else estimated (standard error 1.6 %).
  public var distinctClients: UInt64 { countsAllClients ? allClients.estimate : UInt64(rows.count) }

  /// Distinct values in a set of one of this window's rows: exact to 63, else with a standard error of 6.5 %. O(1) to
  /// 63 values, O(256) beyond.
  public func count(of set: DistinctSet) -> UInt64 { sets.estimate(set) }

  /// Calls `body` with every value of the set as 32 bits of a hash, in no defined order; false where there are too many
  /// and they are not held.
  public func forEachValue(of set: DistinctSet, _ body: (UInt32) -> Void) -> Bool { sets.forEach(set, body) }

  /// Appends the set as the bytes of a `HyperLogLog` of precision 8, to be merged elsewhere.
  public func write(_ set: DistinctSet, to buffer: inout ByteBuffer) { sets.write(set, to: &buffer) }

  /// A hash of the whole set that doesn't depend on order, 0 for the empty set: equal sets of paths have equal ones.
  public func identity(of set: DistinctSet) -> UInt64 {
    if set.isEmpty { return 0 }
    var sum: UInt64 = 0
    if sets.forEach(set, { sum &+= hash.hash(UInt64($0)) }) { return hash.hash(sum) | 1 }
    // Too many to list: their number, roughly.
    return hash.hash(0x6c6f_7473, sets.estimate(set).nextPowerOf2) | 1
  }

  /// The path with this hash, cut to 256 bytes; empty where it was evicted.
  @_lifetime(borrow self)
  public func path(_ hash: UInt64) -> RawSpan {
    let entry = paths.find(hash)
    return entry < 0 ? RawSpan() : paths.key(entry)
  }

  /// The user agent with this hash, cut to 256 bytes; empty where it was empty or evicted.
  @_lifetime(borrow self)
  public func userAgent(_ hash: UInt64) -> RawSpan {
    let entry = userAgents.find(hash)
    return entry < 0 ? RawSpan() : userAgents.key(entry)
  }

  @_lifetime(borrow self)
  public func referrer(_ hash: UInt64) -> RawSpan {
    let entry = referrers.find(hash)
    return entry < 0 ? RawSpan() : referrers.key(entry)
  }

  /// The TLS fingerprint with this hash, cut to 256 bytes; empty where there is none or it was evicted.
  @_lifetime(borrow self)
  public func fingerprint(_ hash: UInt64) -> RawSpan {
    let entry = hash == 0 ? -1 : fingerprints.find(hash)
    return entry < 0 ? RawSpan() : fingerprints.key(entry)
  }

  /// Bytes of a text of one of this window's rows.
  @_lifetime(borrow self)
  public func text(_ range: TextRange) -> RawSpan {
    texts.bytes.extracting(Int(range.offset)..<Int(range.offset) &+ Int(range.count))
  }

  /// Path of the file, or name of the listener, of a source that evidence names.
  @_lifetime(borrow self)
  public func sourcePath(_ id: UInt64) -> RawSpan {
    for i in 0..<sources.count where sources[i].id == id { return text(sources[i].path) }
    return RawSpan()
  }

  /// A client's evidence, the best first; at most 3.
  public func forEachEvidence(of row: ClientRow, _ body: (EvidenceItem) -> Void) { walk(row.evidence, body) }
  public func forEachEvidence(of row: RuleRow, _ body: (EvidenceItem) -> Void) { walk(row.evidence, body) }
  public func forEachEvidence(of row: SignatureRow, _ body: (EvidenceItem) -> Void) { walk(row.evidence, body) }
  public func forEachEvidence(of row: CorrelationRow, _ body: (EvidenceItem) -> Void) { walk(row.evidence, body) }

  func walk(_ head: Int32, _ body: (EvidenceItem) -> Void) {
    var place = head
    while place >= 0 {
      let item = evidence[Int(place)]
      body(item)
      place = item.next
    }
  }

  /// Rules that a client's requests matched, by rule; at most `ZoneWindow.rulesOfAClient`.
  public func forEachRule(of row: ClientRow, _ body: (RuleMatches) -> Void) {
    var place = row.rules
    while place >= 0 {
      body(ruleLinks[Int(place)].matches)
      place = ruleLinks[Int(place)].next
    }
  }

  public static var rulesOfAClient: Int { 32 }

  /// Rules that matched, by rule once merged.
  public var ruleCount: Int { ruleRows.count }
  public func rule(_ place: Int) -> RuleRow { ruleRows[place] }

  /// By hash once merged.
  public var signatureCount: Int { signatureRows.count }
  public func signature(_ place: Int) -> SignatureRow { signatureRows[place] }

  /// By correlation and group once merged; only in scope `.global`.
  public var correlationCount: Int { correlationRows.count }
  public func correlation(_ place: Int) -> CorrelationRow { correlationRows[place] }

  /// Requests by status code, ascending once merged.
  public var statusCount: Int { statusRows.count }
  public func status(_ place: Int) -> StatusRow { statusRows[place] }

  /// The sampled requests, by priority: a uniform sample, bottom-k. Allocates.
  public func sampledRequests() -> [TupleItem] { samples.sorted().map(\.item) }
}

extension UInt64 {
  var nextPowerOf2: UInt64 { self <= 1 ? 1 : 1 << UInt64(64 - Swift.min((self - 1).leadingZeroBitCount, 63)) }
}
