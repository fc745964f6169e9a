// The truth beside the traffic, as two tables.

import Bytes

extension TrafficSimulator {
  /// Header of the table that `write` fills: a row a line that belongs to an attack.
  public static let truthHeader = "line\tattack\tkind\tclass\tclient\n"

  func append(_ truth: LineTruth, to rows: inout ByteBuffer) {
    let run = runs[truth.attack]
    rows.append(decimal: truth.line)
    rows.append("\t")
    rows.append(run.id)
    rows.append("\t")
    rows.append(run.kind.behaviour)
    rows.append("\t")
    // A request that is harmless by itself has no class.
    if truth.carriesPayload { rows.append(run.kind.attackClass) } else { rows.append("-") }
    rows.append("\t")
    rows.append(truth.client)
    rows.append("\n")
  }

  /// A row an attack: id, name, kind, class, zone, start, end (RFC 3339), requests, number of sources, sources.
  public func writeAttackTable(into rows: inout ByteBuffer) {
    rows.append("attack\tname\tkind\tclass\tzone\tstart\tend\trequests\tsource_count\tsources\n")
    for attack in attacks {
      rows.append("\(attack.id)\t\(attack.kind.rawValue)\t\(attack.kind.behaviour)\t")
      rows.append("\(attack.kind.attackClass)".isEmpty ? "-" : "\(attack.kind.attackClass)")
      rows.append("\t\(attack.zone)\t\(CivilTime.rfc3339(attack.start))\t\(CivilTime.rfc3339(attack.end))\t")
      rows.append("\(attack.requests)\t\(attack.sources.count)\t")
      rows.append(attack.sources.map(\.description).joined(separator: ","))
      rows.append("\n")
    }
  }
}
