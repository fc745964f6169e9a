// What failed, matched a rule, wrote something or tried to log in: counted by rule and by signature, and
// kept as evidence.

import Bytes
import CapnProto
import Events
import Sketches

extension ZoneWindow {
  @inline(never)
  mutating func addSuspicious(
    _ event: borrowing HttpEvent, verdict: RequestVerdict, place: borrowing BatchPlace, row number: Int,
    target: RawSpan, path: RawSpan, pathHash: UInt64, agent: RawSpan, agentHash: UInt64,
    login: (tried: Bool, failed: Bool), matched: Bool, ruleHashes: [UInt64]
  ) {
    let weight = place.weight
    let failed = event.status >= 400
    if login.tried {
      rows[number].logins.count(weight)
      if login.failed { rows[number].loginFailures.count(weight) }
      // Of several, the smallest hash: a choice that doesn't depend on order.
      let held = rows[number].loginPath
      rows[number].loginPath = held == 0 ? pathHash : min(held, pathHash)
    }
    if matched {
      rows[number].matched.count(weight)
      rows[number].classes.formUnion(verdict.classes)
    }
    if verdict.score > rows[number].maxScore { rows[number].maxScore = verdict.score }
    let (scores, tooMany) = UInt32(verdict.score).multipliedReportingOverflow(by: weight)
    rows[number].scoreSum.count(tooMany ? .max : scores)

    let posted = event.method == .post
    let rank = max(verdict.score, login.failed ? 4 : login.tried ? 3 : failed ? 2 : posted ? 1 : 0)
    let item = evidenceItem(event, verdict: verdict, place: place, agentHash: agentHash, rank: rank)
    if rank > 0 { rows[number].evidence = keepEvidence(item, in: rows[number].evidence, place: place, request: target) }

    let clientHash = hash.hash(item.client.high, item.client.low)
    for i in 0..<Int(min(verdict.ruleCount, 8)) {
      let index = Int(verdict.rules[i])
      guard index < ruleHashes.count else { continue }
      countRule(
        ruleHashes[index], row: number, clientHash: clientHash, item: item, event: event, place: place,
        request: target)
    }

    let queryHash =
      path.byteCount < target.byteCount ? hash.hash(target.extracting(path.byteCount..<target.byteCount)) : 0
    let counted = SignatureCount(
      weight: UInt64(weight), failed: failed, matched: matched, clientHash: clientHash, queryHash: queryHash)
    countSignature(.path, path, valueHash: pathHash, counted, item: item, place: place, request: target)
    countSignature(
      .userAgent, agent, valueHash: agentHash, counted, item: item, place: place, request: target)
    if login.tried {
      countSignature(.loginPath, path, valueHash: pathHash, counted, item: item, place: place, request: target)
    }
    if matched {
      // Bounded like every value; the tail of a long payload adds nothing to its form.
      withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { shape in
        let bytes = UnsafeRawBufferPointer(rebasing: shape[0..<payloadShape(of: target, into: shape)]).bytes
        countSignature(
          .payloadShape, bytes, valueHash: hash.hash(bytes), counted, item: item, place: place, request: target)
      }
    }
  }

  /// What one request adds to its signatures.
  struct SignatureCount {
    var weight: UInt64
    var failed: Bool
    var matched: Bool
    var clientHash: UInt64
    var queryHash: UInt64
  }

  mutating func countRule(
    _ rule: UInt64, row number: Int, clientHash: UInt64, item: EvidenceItem, event: borrowing HttpEvent,
    place: borrowing BatchPlace, request: RawSpan
  ) {
    let entry = ruleEntry(rule)
    if entry >= 0 {
      ruleRows[entry].matches = ruleRows[entry].matches.saturatingAdd(UInt64(place.weight))
      sets.insert(clientHash, into: &ruleRows[entry].clients)
      ruleRows[entry].evidence = keepEvidence(item, in: ruleRows[entry].evidence, place: place, request: request)
    }
    addRule(RuleMatches(rule: rule, count: UInt64(place.weight)), toRow: number)
  }

  /// Number of the rule's row, -1 where there is no room: rule sets are smaller than the limit, so a full table means
  /// hostile input.
  mutating func ruleEntry(_ rule: UInt64) -> Int {
    let entry = ruleIndex.find(rule)
    if entry >= 0 { return entry }
    guard ruleRows.count < limits.rules else { return -1 }
    ruleRows.append(RuleRow(rule: rule))
    return ruleIndex.insert(rule)
  }

  /// Counts a rule in a client's row. O(rules of the row), which are few.
  mutating func addRule(_ matches: RuleMatches, toRow number: Int) {
    // In the order of the rules' hashes, so that the list doesn't depend on that of the requests.
    var previous: Int32 = -1
    var place = rows[number].rules
    var length = 0
    while place >= 0 {
      let link = ruleLinks[Int(place)]
      if link.matches.rule == matches.rule {
        ruleLinks[Int(place)].matches.count = link.matches.count.saturatingAdd(matches.count)
        return
      }
      if link.matches.rule > matches.rule { break }
      previous = place
      place = link.next
      length += 1
    }
    guard length < Self.rulesOfAClient, ruleLinks.count < 16 * limits.clients else { return }
    let added = Int32(truncatingIfNeeded: ruleLinks.count)
    ruleLinks.append(RuleLink(matches: matches, next: place))
    if previous < 0 { rows[number].rules = added } else { ruleLinks[Int(previous)].next = added }
  }

  mutating func countSignature(
    _ kind: SignatureRow.Kind, _ value: RawSpan, valueHash: UInt64, _ counted: SignatureCount, item: EvidenceItem,
    place: borrowing BatchPlace, request: RawSpan
  ) {
    let entry = signatureEntry(hash.hash(valueHash, UInt64(kind.rawValue)), kind, value)
    signatureRows[entry].requests = signatureRows[entry].requests.saturatingAdd(counted.weight)
    if counted.failed { signatureRows[entry].errors = signatureRows[entry].errors.saturatingAdd(counted.weight) }
    if counted.matched { signatureRows[entry].matched = signatureRows[entry].matched.saturatingAdd(counted.weight) }
    sets.insert(counted.clientHash, into: &signatureRows[entry].clients)
    if counted.queryHash != 0 { sets.insert(counted.queryHash, into: &signatureRows[entry].queries) }
    signatureRows[entry].evidence = keepEvidence(
      item, in: signatureRows[entry].evidence, place: place, request: request)
  }

  mutating func signatureEntry(_ signature: UInt64, _ kind: SignatureRow.Kind, _ value: RawSpan) -> Int {
    let entry = signatureIndex.find(signature)
    if entry >= 0 { return entry }
    if signatureRows.count >= 2 * limits.signatures { evictSignatures() }
    var row = SignatureRow(
      hash: signature, kind: kind, value: keepText(value.extracting(0..<min(value.byteCount, 256))))
    row.error = signatureFloor
    signatureRows.append(row)
    return signatureIndex.insert(signature)
  }

  func evidenceItem(
    _ event: borrowing HttpEvent, verdict: RequestVerdict, place: borrowing BatchPlace, agentHash: UInt64,
    rank: UInt8
  ) -> EvidenceItem {
    var item = EvidenceItem(
      source: place.source, line: place.firstLine == 0 ? 0 : place.firstLine &+ UInt64(event.lineNumber),
      offset: place.byteBegin &+ UInt64(event.lineOffset), ordinal: place.firstOrdinal &+ UInt64(event.lineNumber),
      time: event.time, client: IPAddress(high: event.clientHigh, low: event.clientLow), userAgent: agentHash,
      status: event.status, method: event.method, score: verdict.score, rank: rank)
    item.bytes = UInt32(clamping: event.bytes)
    (item.asn, item.country, item.protocolWire) = (event.asn, event.country, event.protocol.wire)
    item.hasReferrer = event.hasReferrer
    if event.hasExtra { item.fingerprint = (try? fingerprintHash(event)) ?? 0 }
    return item
  }
}

/// The form of a request target: runs of digits become `0`, long runs of hexadecimal digits `h`, letters lower case.
/// Requests made by one tool with changing numbers and identifiers
/// come out alike.
func payloadShape(of target: RawSpan, into shape: UnsafeMutableRawBufferPointer) -> Int {
  var i = 0
  var count = 0
  // No piece of the form is longer than what it stands for.
  let n = min(target.byteCount, shape.count)
  func append(_ byte: UInt8) {
    shape[count] = byte
    count += 1
  }
  while i < n {
    let byte = target.unchecked(i)
    if byte == 0x25, i + 2 < n, target.unchecked(i + 1).hexValue != nil, target.unchecked(i + 2).hexValue != nil {
      append(0x25)
      append(target.unchecked(i + 1).asciiLowercased)
      append(target.unchecked(i + 2).asciiLowercased)
      i += 3
      continue
    }
    guard byte.isASCIIDigit || byte.isASCIILetter else {
      append(byte)
      i += 1
      continue
    }
    let start = i
    var digits = false
    var hexadecimal = true
    while i < n, target.unchecked(i).isASCIIDigit || target.unchecked(i).isASCIILetter {
      if target.unchecked(i).isASCIIDigit { digits = true }
      if target.unchecked(i).hexValue == nil { hexadecimal = false }
      i += 1
    }
    if digits && hexadecimal && i - start >= 8 {
      append(0x68)
      continue
    }
    // Words are what a payload says; only their case and their numbers change.
    var inDigits = false
    for j in start..<i {
      let byte = target.unchecked(j)
      if byte.isASCIIDigit {
        if !inDigits { append(0x30) }
        inDigits = true
      } else {
        append(byte.asciiLowercased)
        inDigits = false
      }
    }
  }
  return count
}
