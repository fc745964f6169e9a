// Merging a partial that was handed over: what merging its record would do, from the tables themselves.

import Bytes
import Sketches

extension ZoneWindow {
  /// Adds another partial of the same window. O(what is in it).
  mutating func merge(_ other: borrowing ZoneWindow) {
    firstTime = min(firstTime, other.firstTime)
    lastTime = max(lastTime, other.lastTime)
    ruleSet = other.ruleSet
    events = events.saturatingAdd(other.events)
    for i in 0..<other.sources.count { nameSource(other.sources[i].id, other.text(other.sources[i].path)) }
    paths.merge(other.paths)
    userAgents.merge(other.userAgents)
    referrers.merge(other.referrers)
    fingerprints.merge(other.fingerprints)
    mergeClients(other)
    latency.merge(other.latency)
    for i in 0..<other.statusRows.count { addStatus(other.statusRows[i].code, other.statusRows[i].count) }
    for i in 0..<other.samples.count {
      let kept = other.samples[i]
      guard samples.admits(kept.rank) else { continue }
      var item = kept.item
      item.target = keepText(other.text(item.target))
      samples.insert(item, rank: kept.rank)
    }
    for i in 0..<other.ruleRows.count {
      let given = other.ruleRows[i]
      let entry = ruleEntry(given.rule)
      guard entry >= 0 else { continue }
      ruleRows[entry].matches = ruleRows[entry].matches.saturatingAdd(given.matches)
      sets.merge(given.clients, of: other.sets, into: &ruleRows[entry].clients)
      ruleRows[entry].evidence = mergeEvidence(given.evidence, of: other, into: ruleRows[entry].evidence)
    }
    mergeSignatures(other)
    mergeCorrelations(other)
  }

  private mutating func mergeClients(_ other: borrowing ZoneWindow) {
    let floor = other.clientFloor
    if other.evictions > 0 {
      otherClients += other.otherClients
      evictions = evictions.saturatingAdd(other.evictions)
      evictedNetworks.merge(other.evictedNetworks)
      countAllClients()
      try? allClients.merge(other.allClients)
      // A client of ours may have been evicted there.
      for i in 0..<rows.count { rows[i].error.count(UInt32(truncatingIfNeeded: min(floor, 0xffff_ffff))) }
    }
    for i in 0..<other.rows.count {
      let given = other.rows[i]
      let number = mergeRow(given, clientHash: other.clientIndex[i], floor: floor)
      let row = rows.unsafeAddress(of: number)
      sets.merge(given.paths, of: other.sets, into: &row.pointee.paths)
      guard given.hasDetail else { continue }
      row.pointee.addDetail(given)
      sets.merge(given.failedPaths, of: other.sets, into: &row.pointee.failedPaths)
      sets.merge(given.queries, of: other.sets, into: &row.pointee.queries)
      sets.merge(given.users, of: other.sets, into: &row.pointee.users)
      sets.merge(given.userAgents, of: other.sets, into: &row.pointee.userAgents)
      row.pointee.evidence = mergeEvidence(given.evidence, of: other, into: row.pointee.evidence)
      var place = given.rules
      while place >= 0 {
        addRule(other.ruleLinks[Int(place)].matches, toRow: number)
        place = other.ruleLinks[Int(place)].next
      }
    }
    clientFloor = clientFloor.saturatingAdd(floor)
    if rows.count > 2 * limits.clients { evictClients() }
  }

  /// Takes in a list of the other's evidence; returns the head of ours.
  private mutating func mergeEvidence(_ list: Int32, of other: borrowing ZoneWindow, into head: Int32) -> Int32 {
    var head = head
    var place = list
    while place >= 0 {
      let item = other.evidence[Int(place)]
      if admits(item, in: head) { head = insertEvidence(item, request: other.text(item.request), in: head) }
      place = item.next
    }
    return head
  }

  private mutating func mergeSignatures(_ other: borrowing ZoneWindow) {
    let ownFloor = raiseSignatureErrors(by: other.signatureFloor)
    for i in 0..<other.signatureRows.count {
      let given = other.signatureRows[i]
      let entry = mergeSignature(given, value: other.text(given.value), floor: other.signatureFloor, ownFloor: ownFloor)
      // Good until the next signature.
      let row = signatureRows.unsafeAddress(of: entry)
      sets.merge(given.clients, of: other.sets, into: &row.pointee.clients)
      sets.merge(given.queries, of: other.sets, into: &row.pointee.queries)
      row.pointee.evidence = mergeEvidence(given.evidence, of: other, into: row.pointee.evidence)
    }
    signatureFloor = ownFloor.saturatingAdd(other.signatureFloor)
    if signatureRows.count > 2 * limits.signatures { evictSignatures() }
  }

  private mutating func mergeCorrelations(_ other: borrowing ZoneWindow) {
    droppedCorrelations = droppedCorrelations.saturatingAdd(other.droppedCorrelations)
    for i in 0..<other.correlationRows.count {
      let given = other.correlationRows[i]
      let entry = correlationEntry(
        given.correlation, groupHash: given.groupHash, group: other.text(given.group), time: given.firstTime)
      guard entry >= 0 else {
        droppedCorrelations = droppedCorrelations.saturatingAdd(given.count)
        continue
      }
      let row = correlationRows.unsafeAddress(of: entry)
      row.pointee.add(given)
      sets.merge(given.values, of: other.sets, into: &row.pointee.values)
      row.pointee.evidence = mergeEvidence(given.evidence, of: other, into: row.pointee.evidence)
    }
  }
}
