// Evidence: the few lines that best show what was done. Which are kept is a matter of their rank, time and
// place, never of the order in which they came.

import Bytes
import Events
import Sketches

extension ZoneWindow {
  /// Lines kept for each row.
  public static var evidenceOfARow: Int { 3 }

  /// Keeps the item if it is among the best of its list; returns the list's head.
  mutating func keepEvidence(
    _ item: EvidenceItem, in head: Int32, place: borrowing BatchPlace, request: RawSpan
  ) -> Int32 {
    guard admits(item, in: head) else { return head }
    nameSource(place.source, place.sourcePath)
    return insertEvidence(item, request: request, in: head)
  }

  /// Whether the item would be among the best of its list.
  mutating func admits(_ item: EvidenceItem, in head: Int32) -> Bool {
    var place = head
    var length = 0
    while place >= 0 {
      // By address: most candidates are refused, and an item is large.
      let held = evidence.unsafeAddress(of: Int(place))
      // The same line: a request counts for a row once.
      if held.pointee.ordinal == item.ordinal && held.pointee.source == item.source { return false }
      length += 1
      place = held.pointee.next
      if place < 0 {
        if length < Self.evidenceOfARow { return true }
        return item.rank != held.pointee.rank ? item.rank > held.pointee.rank : item.isBetter(than: held.pointee)
      }
    }
    return true
  }

  /// Puts an item that `admits` let through into its place; what is worst goes where there are too many, and so does an
  /// example without rank once there is something better.
  mutating func insertEvidence(_ item: EvidenceItem, request: RawSpan, in list: Int32) -> Int32 {
    var item = item
    var head = list
    if head >= 0, (evidence[Int(head)].rank == 0) != (item.rank == 0) {
      if item.rank == 0 { return head }
      release(head)
      head = -1
    }
    item.request = keepText(request.extracting(0..<min(request.byteCount, limits.request)))
    var previous: Int32 = -1
    var place = head
    while place >= 0, !item.isBetter(than: evidence[Int(place)]) {
      previous = place
      place = evidence[Int(place)].next
    }
    item.next = place
    let added: Int32
    if freeEvidence >= 0 {
      added = freeEvidence
      freeEvidence = evidence[Int(added)].next
      evidence[Int(added)] = item
    } else {
      added = Int32(truncatingIfNeeded: evidence.count)
      evidence.append(item)
    }
    if previous < 0 { head = added } else { evidence[Int(previous)].next = added }
    // Cut the list.
    place = head
    for _ in 1..<Self.evidenceOfARow where place >= 0 { place = evidence[Int(place)].next }
    if place >= 0, evidence[Int(place)].next >= 0 {
      let rest = evidence[Int(place)].next
      evidence[Int(place)].next = -1
      release(rest)
    }
    return head
  }

  /// Gives a list back to the pool.
  mutating func release(_ list: Int32) {
    var head = list
    while head >= 0 {
      let next = evidence[Int(head)].next
      evidence[Int(head)].next = freeEvidence
      freeEvidence = head
      head = next
    }
  }

  /// Remembers the name of a source that evidence refers to. Sources are few.
  mutating func nameSource(_ id: UInt64, _ path: RawSpan) {
    for i in 0..<sources.count where sources[i].id == id { return }
    guard sources.count < 4096 else { return }
    sources.append(SourceRow(id: id, path: keepText(path.extracting(0..<min(path.byteCount, 1024)))))
  }
}
