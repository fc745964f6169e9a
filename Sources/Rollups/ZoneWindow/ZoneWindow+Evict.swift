// What happens when a table is full: the lighter half goes into what is counted as others, all at once.

import Bytes
import Sketches

extension ZoneWindow {
  /// Drops the rows worth least and keeps `limits.clients`. What they counted goes to `otherClients` and their
  /// networks, and bounds what a client without a row may have done.
  mutating func evictClients() {
    if !countsAllClients {
      countsAllClients = true
      for i in 0..<clientIndex.count { allClients.insert(clientIndex[i]) }
    }
    guard rows.count > limits.clients else { return }
    scratch.removeAll()
    for i in 0..<rows.count { scratch.append(rows[i].worth) }
    let cut = scratch.withMutableElements { selectLargest($0, rank: limits.clients) }
    var kept = 0
    clientIndex.removeAll()
    for i in 0..<rows.count {
      var row = rows[i]
      if row.worth <= cut {
        clientFloor = max(clientFloor, UInt64(row.requests.saturatingAdd(row.error)))
        drop(&row)
        continue
      }
      rows[kept] = row
      kept += 1
      clientIndex.insert(hash.hash(row.address.high, row.address.low))
    }
    rows.truncate(to: kept)
    compactRuleLinks()
    compactTexts()
  }

  mutating func drop(_ row: inout ClientRow) {
    evictions &+= 1
    otherClients += row.counts
    let network = row.address.network
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { key in
      key.storeBytes(of: network.high.bigEndian, toByteOffset: 0, as: UInt64.self)
      key.storeBytes(of: network.low.bigEndian, toByteOffset: 8, as: UInt64.self)
      evictedNetworks.add(
        UnsafeRawBufferPointer(key).bytes, hash: hash.hash(network.high, network.low), weight: UInt64(row.requests),
        first: row.bytes, second: UInt64(row.status4xx) + UInt64(row.status5xx))
    }
    sets.empty(&row.paths)
    sets.empty(&row.failedPaths)
    sets.empty(&row.queries)
    sets.empty(&row.users)
    sets.empty(&row.userAgents)
    release(row.evidence)
  }

  /// Drops the links of rows that are gone.
  mutating func compactRuleLinks() {
    guard ruleLinks.count > 0 else { return }
    var moved = FlatArray<RuleLink>()
    for i in 0..<rows.count {
      var place = rows[i].rules
      var previous: Int32 = -1
      rows[i].rules = -1
      while place >= 0 {
        let link = ruleLinks[Int(place)]
        let added = Int32(truncatingIfNeeded: moved.count)
        moved.append(RuleLink(matches: link.matches, next: -1))
        if previous < 0 { rows[i].rules = added } else { moved[Int(previous)].next = added }
        previous = added
        place = link.next
      }
    }
    swap(&moved, &ruleLinks)
  }

  mutating func evictSignatures() {
    scratch.removeAll()
    for i in 0..<signatureRows.count {
      scratch.append(signatureRows[i].requests.saturatingAdd(signatureRows[i].error))
    }
    signatureFloor = scratch.withMutableElements { selectLargest($0, rank: limits.signatures) }
    signatureIndex.removeAll()
    var kept = 0
    for i in 0..<signatureRows.count {
      var row = signatureRows[i]
      if row.requests.saturatingAdd(row.error) <= signatureFloor {
        sets.empty(&row.clients)
        sets.empty(&row.queries)
        release(row.evidence)
        continue
      }
      signatureRows[kept] = row
      kept += 1
      signatureIndex.insert(row.hash)
    }
    signatureRows.truncate(to: kept)
    compactTexts()
  }

  /// Copies the texts that are still meant, once there are many.
  mutating func compactTexts() {
    guard texts.count > limits.texts else { return }
    movedTexts.removeAll()
    // The free list is walked first, so that only living evidence is moved.
    var place = freeEvidence
    while place >= 0 {
      evidence[Int(place)].request = TextRange()
      place = evidence[Int(place)].next
    }
    for i in 0..<evidence.count where evidence[i].request.count > 0 {
      evidence[i].request = moved(evidence[i].request)
    }
    for i in 0..<signatureRows.count { signatureRows[i].value = moved(signatureRows[i].value) }
    for i in 0..<correlationRows.count { correlationRows[i].group = moved(correlationRows[i].group) }
    for i in 0..<sources.count { sources[i].path = moved(sources[i].path) }
    for i in 0..<samples.count {
      let target = moved(samples[i].item.target)
      samples.updateItem(i) { $0.target = target }
    }
    swap(&texts, &movedTexts)
  }

  mutating func moved(_ range: TextRange) -> TextRange {
    let offset = movedTexts.count
    for i in 0..<Int(range.count) { movedTexts.append(texts[Int(range.offset) + i]) }
    return TextRange(offset: offset, count: Int(range.count))
  }
}
