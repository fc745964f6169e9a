// What is known of a source of an attack from elsewhere: lists of addresses, the country and network it is registered in.

/// What a list of addresses says of those on it. In the order in which they are told.
public enum AddressKind: String, Sendable, CaseIterable, Comparable {
  case tor, abuse, vpn, hosting, crawler, monitor, other
  public static func < (a: Self, b: Self) -> Bool { a.order < b.order }
  private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What is known of one address.
public struct SourceNote: Sendable, Equatable {
  /// A list that the address is on.
  public struct Mention: Sendable, Equatable {
    public var list: String
    public var kind: AddressKind
    public init(list: String, kind: AddressKind) { (self.list, self.kind) = (list, kind) }
  }
  /// In the order of the pipeline.
  public var lists: [Mention] = []
  /// ISO 3166 code of two letters; "" where it is unknown.
  public var country = ""
  /// Number of the autonomous system; 0 where it is unknown.
  public var asn: UInt32 = 0
  /// Who runs that system, as the database has it.
  public var organisation = ""
  /// Attacks that the line had told of before, with this address among their sources.
  public var earlierAttacks: UInt32 = 0
  /// What these say against it, 0 to 100; older ones say less.
  public var score: UInt8 = 0

  public init() {}

  public var isEmpty: Bool { self == SourceNote() }
}

extension SourceNote {
  /// What kinds its lists are of, each once, the most telling first.
  public var kinds: [AddressKind] { Set(lists.map(\.kind)).sorted() }

  /// `Tor exit, 3 lists, seen in 4 earlier attacks, score 68, DE, AS64496`; "" where there is nothing.
  public var text: String {
    var parts: [String] = []
    if kinds.contains(.tor) { parts.append("Tor exit") }
    if kinds.contains(.crawler) { parts.append("crawler") }
    if kinds.contains(.monitor) { parts.append("monitor") }
    if kinds.contains(.vpn) { parts.append("VPN or proxy") }
    if kinds.contains(.hosting) { parts.append("hosting") }
    if kinds.contains(.abuse) { parts.append("known for abuse") }
    if !lists.isEmpty { parts.append(lists.count == 1 ? "1 list" : "\(lists.count) lists") }
    if earlierAttacks > 0 {
      parts.append("seen in \(earlierAttacks) earlier \(earlierAttacks == 1 ? "attack" : "attacks")")
    }
    if score > 0 { parts.append("score \(score)") }
    if !country.isEmpty { parts.append(country) }
    if asn > 0 { parts.append("AS\(asn)") }
    return parts.joined(separator: ", ")
  }
}
