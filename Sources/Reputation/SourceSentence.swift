// What is known of an attack's sources, in a sentence of its explanation. Only names from the pipeline and counts get
// in, and codes of countries: nothing that a client or the author of a list wrote.

import Detection

enum SourceSentence {
  static func text(_ attack: Attack) -> String {
    let notes = attack.sources.compactMap(\.note)
    guard !notes.isEmpty else { return "" }
    if attack.sourceCount == 1, let note = notes.first { return one(note) }
    var parts: [String] = []
    for kind in AddressKind.allCases {
      let holders = notes.filter { $0.kinds.contains(kind) }
      guard !holders.isEmpty else { continue }
      var names: [String] = []
      for mention in holders.flatMap(\.lists) where mention.kind == kind && !names.contains(mention.list) {
        names.append(mention.list)
      }
      parts.append("\(holders.count) \(many(kind, holders.count)) (\(listed(names.sorted())))")
    }
    let seen = notes.filter { $0.earlierAttacks > 0 }
    if !seen.isEmpty { parts.append("\(seen.count) seen in earlier attacks") }
    let countries = counted(notes.map(\.country).filter { !$0.isEmpty })
    if !countries.isEmpty { parts.append("from " + countries) }
    let systems = counted(notes.filter { $0.asn > 0 }.map { "AS\($0.asn)" })
    if !systems.isEmpty { parts.append("in " + systems) }
    guard !parts.isEmpty else { return "" }
    let who =
      attack.sourceCount > UInt64(attack.sources.count)
      ? "Of the \(attack.sources.count) most active sources" : "Of its \(attack.sources.count) sources"
    return "\(who): \(parts.joined(separator: ", "))."
  }

  private static func one(_ note: SourceNote) -> String {
    let names = note.lists.isEmpty ? "" : " (" + listed(note.lists.map(\.list)) + ")"
    return "Its address: \(note.text)\(names)."
  }

  private static func many(_ kind: AddressKind, _ count: Int) -> String {
    switch kind {
    case .tor: count == 1 ? "Tor exit" : "Tor exits"
    case .abuse: "known for abuse"
    case .vpn: count == 1 ? "VPN or proxy" : "VPNs or proxies"
    case .hosting: "of hosting networks"
    case .crawler: count == 1 ? "crawler" : "crawlers"
    case .monitor: count == 1 ? "monitor" : "monitors"
    case .other: "listed otherwise"
    }
  }

  /// The first of them, and how many more there are.
  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  /// The most frequent three: `DE (5), NL (4)`.
  private static func counted(_ values: [String]) -> String {
    var counts: [String: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    let sorted = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    return sorted.prefix(3).map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
  }
}
