// An audit as a person and as a program read it.

import Bytes
import Detection
import Reports
import Rollups

extension Audit {
  /// Sums over all partitions.
  var total: (events: ConservationLedger, states: ConservationLedger, inRollups: UInt64) {
    var (events, states) = (ConservationLedger(), ConservationLedger())
    var inRollups: UInt64 = 0
    for partition in partitions {
      events += partition.ledger
      if let state = partition.state { states += state.ledger }
      inRollups &+= partition.inRollups
    }
    return (events, states, inRollups)
  }

  var unreadable: UInt64 { partitions.reduce(0) { $0 &+ $1.unreadable } }

  /// Events counted that wait in a window which is still open.
  var inOpenWindows: UInt64 {
    let states = total.states
    let counted = states.onTime &+ states.afterClose
    return counted > states.inWindows ? counted - states.inWindows : 0
  }

  /// Lines for a terminal, the verdict last.
  func text() -> String {
    let (events, states, inRollups) = total
    let found = discrepancies
    var text = ""
    func row(_ name: String, _ value: UInt64, _ note: String = "") {
      text += "  " + name.fitted(to: 34) + Figures.grouped(value).fitted(to: 16, right: true)
      text += (note.isEmpty ? "" : "  " + note) + "\n"
    }
    text += "events\n"
    row("sources", UInt64(sources.count), "\(sources.values.count { $0.isFinished }) finished")
    row("batches", events.batches)
    row("lines", events.lines)
    row("  parsed", events.parsed)
    row("  unparsed", events.unparsed)
    row("  ahead of their source's time", events.ahead)
    row("  sampled out", events.sampledOut)
    if unreadable > 0 { row("records that can't be read", unreadable) }
    text += "aggregator\n"
    if partitions.allSatisfy({ $0.state == nil }) {
      text += "  has not counted anything yet\n"
    } else {
      row("lines counted", states.lines)
      row("events counted", states.onTime &+ states.afterClose, "\(Figures.grouped(states.afterClose)) of them late")
      if states.allowed > 0 { row("  allowed, and not judged", states.allowed) }
      if states.damaged > 0 { row("events that can't be read", states.damaged) }
      if states.poisoned > 0 { row("records that became dead letters", states.poisoned) }
      row("  in windows that are written", states.inWindows)
      row("  in windows that are open", inOpenWindows)
    }
    text += "rollups\n"
    row("events in them", inRollups, "\(Figures.grouped(rollupRecords)) records")
    for (id, source) in sources.sorted(by: { $0.key < $1.key }) {
      let removed = gaps(of: source).removed
      if !removed.isEmpty { text += "removed by retention: \(Self.text(id, source)): sequence \(Self.text(removed))\n" }
    }
    for remark in remarks { text += shown(remark) + "\n" }
    if found.isEmpty {
      text += "All agrees: nothing is lost, nothing is counted twice.\n"
    } else {
      text += "\(Figures.plural(UInt64(found.count), "DISCREPANCY", "DISCREPANCIES"))\n"
      for one in found { text += "  " + shown(one) + "\n" }
    }
    return text
  }
}
