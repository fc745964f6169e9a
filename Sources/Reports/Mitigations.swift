// What to do about an attack: ready to paste, with an expiry, an undo, and whom else it would hit.

import Bytes
import Detection

/// One measure. Texts hold no byte of a client but printable ASCII without quotes, backslashes and backticks.
package struct Mitigation: Equatable {
  package enum Basis: String { case addresses, fingerprint }
  /// `nftables`, `nginx`, `haproxy`, `kubernetes`, `crowdsec`, `flowspec`.
  package var kind: String
  package var basis: Basis
  /// Seconds for which it should stand.
  package var expires: Int
  /// Of the normal requests looked at (`Attack.normalSampled`), those that it would hit.
  package var normalHits: Int
  package var text: String
  package var undo: String
  /// What it does not do; may be empty.
  package var note: String
}

extension Mitigation {
  /// As `undo`, on one line.
  package var undoLine: String { undo.split(separator: "\n").joined(separator: "; ") }
  package var hours: Int { expires / 3_600 }
}

extension Fingerprint {
  /// `covers`, 0 to 1 whatever was read.
  package var share: Double { covers.isFinite ? min(max(covers, 0), 1) : 0 }
}

extension Attack {
  /// Measures against it, the most fitting first. Empty where no source is known and nothing singles it out.
  package var mitigations: [Mitigation] {
    let writer = MitigationWriter(attack: self)
    let byAddress = writer.byAddress()
    let byFingerprint = writer.byFingerprint()
    return sourceCount > UInt64(sources.count) ? byFingerprint + byAddress : byAddress + byFingerprint
  }

  /// `user_agent "curl/8" and path "/login": covers 97 % of it, hits 0 of 64 normal requests (at most 6 %)`.
  package var fingerprintText: String? {
    guard let fingerprint else { return nil }
    let parts = fingerprint.parts.map { "\($0.field.name) \"\(shown($0.value))\"" }
    return parts.joined(separator: " and ")
      + ": covers \(UInt64((fingerprint.share * 100).rounded())) % of it, hits \(normalText(fingerprint.normalHits))"
  }

  /// `0 of 64 normal requests (at most 6 %)`.
  package func normalText(_ hits: Int) -> String {
    guard normalSampled > 0 else { return "an unknown share of normal requests" }
    let most = UInt64((Self.upperShare(hits, of: normalSampled) * 100).rounded(.up))
    return "\(max(hits, 0)) of \(normalSampled) sampled normal requests (at most \(most) %)"
  }

  /// Upper end of the 95 % interval of Wilson (1927) for a share.
  package static func upperShare(_ hits: Int, of count: Int) -> Double {
    guard count > 0 else { return 1 }
    let (n, z) = (Double(count), 1.96)
    let p = Double(min(max(hits, 0), count)) / n
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return min(1, (p + z * z / (2 * n) + spread) / (1 + z * z / n))
  }
}

struct MitigationWriter {
  let attack: Attack

  private var id: String { attack.id.filter { $0.isHexDigit && $0.isASCII } }
  private var name: String { "millrace_\(id)" }
  /// Load passes; those who look for a way in come back.
  private var seconds: Int {
    switch attack.kind {
    case .flood, .distributedFlood, .cacheBusting, .slowRequests, .errorStorm: 3_600
    default: 4 * 3_600
    }
  }
  private static let stands = "It stands until it is removed."
  private var hours: String { "\(seconds / 3_600)h" }

  // MARK: Addresses

  func byAddress() -> [Mitigation] {
    let addresses = attack.sources.map(\.address).filter { !$0.isUnknown }
    guard !addresses.isEmpty else { return [] }
    let rest = attack.sourceCount > UInt64(addresses.count)
    let note =
      rest
      ? "These are the \(addresses.count) most active of \(Figures.grouped(attack.sourceCount)) addresses; --sources FILE lists all."
      : ""
    func measure(_ kind: String, _ text: String, undo: String, endsByItself: Bool = false) -> Mitigation {
      Mitigation(
        kind: kind, basis: .addresses, expires: seconds, normalHits: attack.normalFromSources, text: text, undo: undo,
        note: endsByItself ? note : note + (note.isEmpty ? "" : " ") + Self.stands)
    }
    func prefix(_ address: IPAddress) -> String { "\(address)/\(address.isIPv4 ? 32 : 128)" }
    let prefixes = addresses.map(prefix)
    return [
      measure("nftables", nftables(addresses), undo: "nft delete table inet \(name)", endsByItself: true),
      measure(
        "nginx",
        "geo $\(name) {\n  default 0;\n" + prefixes.map { "  \($0) 1;\n" }.joined() + "}\n"
          + "# in the server block:\nif ($\(name)) { return 403; }\n",
        undo: "Remove the geo block and the if, then: nginx -s reload"),
      measure(
        "haproxy",
        haproxy(prefixes), undo: "Remove these lines, then reload haproxy"),
      measure(
        "kubernetes",
        "kubectl annotate ingress NAME --overwrite \\\n  nginx.ingress.kubernetes.io/denylist-source-range=\(prefixes.joined(separator: ","))\n",
        undo: "kubectl annotate ingress NAME nginx.ingress.kubernetes.io/denylist-source-range-"),
      measure(
        "crowdsec",
        addresses.map {
          "cscli decisions add --ip \($0) --duration \(hours) --type ban --reason \"millrace \(id)\"\n"
        }.joined(),
        undo: addresses.map { "cscli decisions delete --ip \($0)" }.joined(separator: "\n"), endsByItself: true),
      measure(
        "flowspec",
        prefixes.map {
          "flow route { match { source \($0); protocol tcp; destination-port [ =80 =443 ]; } then { discard; } }\n"
        }.joined(), undo: "Withdraw these routes"),
    ]
  }

  /// A line of haproxy's holds 64 words; those of one name are one list.
  private func haproxy(_ prefixes: [String]) -> String {
    stride(from: 0, to: prefixes.count, by: 50).map {
      "acl \(name) src \(prefixes[$0..<min($0 + 50, prefixes.count)].joined(separator: " "))\n"
    }.joined() + "http-request deny deny_status 403 if \(name)\n"
  }

  private func nftables(_ addresses: [IPAddress]) -> String {
    var text = "table inet \(name) {\n"
    var rules = ""
    for (family, type, match) in [(true, "ipv4_addr", "ip"), (false, "ipv6_addr", "ip6")] {
      let members = addresses.filter { $0.isIPv4 == family }
      guard !members.isEmpty else { continue }
      let set = family ? "sources4" : "sources6"
      text += "  set \(set) {\n    type \(type); flags timeout;\n    elements = {\n"
      text += members.map { "      \($0) timeout \(hours)" }.joined(separator: ",\n") + "\n    }\n  }\n"
      rules += "    \(match) saddr @\(set) drop\n"
    }
    text += "  chain input {\n    type filter hook input priority -10; policy accept;\n" + rules + "  }\n}\n"
    return text
  }

  // MARK: Fingerprint

  /// More than this share of normal requests is not turned away by the rest of a fingerprint, where a product cannot match
  /// all of it.
  private static let mostOfNormal = 0.05

  func byFingerprint() -> [Mitigation] {
    guard let fingerprint = attack.fingerprint else { return [] }
    return [nginx(fingerprint), haproxy(fingerprint)].compactMap { $0 }
  }

  /// A measure by those parts that a product can match; nil where what is left would hit too much, or nobody knows how much.
  /// - Parameter matched: Places of those parts.
  private func measure(
    _ kind: String, _ fingerprint: Fingerprint, matched: [Int], text: String, undo: String, note: String = ""
  ) -> Mitigation? {
    let choice = matched.reduce(0) { $0 | 1 << $1 }
    guard !matched.isEmpty, let hits = fingerprint.normalHits(ofParts: choice) else { return nil }
    var note = note
    if matched.count < fingerprint.parts.count {
      guard attack.normalSampled > 0, Double(hits) <= Self.mostOfNormal * Double(attack.normalSampled) else {
        return nil
      }
      let others = fingerprint.parts.indices.filter { !matched.contains($0) }.map { fingerprint.parts[$0].field.name }
      note = "Without \(others.joined(separator: " and ")), which \(kind) cannot match by itself. " + note
    }
    return Mitigation(
      kind: kind, basis: .fingerprint, expires: seconds, normalHits: hits, text: text, undo: undo,
      note: note + Self.stands)
  }

  private func nginx(_ fingerprint: Fingerprint) -> Mitigation? {
    var maps = ""
    var matched: [Int] = []
    var needsRegistry = false
    for (i, part) in fingerprint.parts.enumerated() where part.field.canBeSeenBeforeTheAnswer {
      guard let value = Self.text(of: part) else { return nil }
      let isCut = part.value.count >= 128
      let pattern = "^\(Self.pattern(value, of: part.field))"
      let end = isCut ? "" : "$"
      let one = "\(name)_\(i)"
      func map(_ variable: String, _ match: String) -> String { "map \(variable) $\(one) { default 0; \(match) 1; }\n" }
      switch part.field {
      case .network: maps += "geo $\(one) { default 0; \(value) 1; }\n"
      case .userAgent: maps += map("$http_user_agent", "\"~\(pattern)\(end)\"")
      case .path, .pathShape: maps += map("$request_uri", "\"~\(pattern)\(isCut ? "" : "([?]|$)")\"")
      case .queryNames: maps += map("$args", "\"~\(pattern)\(end)\"")
      case .method: maps += map("$request_method", "\"~\(pattern)\(end)\"")
      case .protocolVersion: maps += map("$server_protocol", "\"\(value)\"")
      case .noReferrer: maps += map("$http_referer", "\"\"")
      case .country:
        maps += map("$geoip2_data_country_code", "\"\(value)\"")
        needsRegistry = true
      case .asn:
        maps += map("$geoip2_data_asn", "\"\(value.drop { $0.isLetter })\"")
        needsRegistry = true
      case .tlsFingerprint, .status: continue
      }
      matched.append(i)
    }
    let all = matched.map { "$\(name)_\($0)" }.joined()
    let ones = String(repeating: "1", count: matched.count)
    maps += "map \"\(all)\" $\(name) { default 0; \"\(ones)\" 1; }\n"
    maps += "# in the server block:\nif ($\(name)) { return 403; }\n"
    return measure(
      "nginx", fingerprint, matched: matched, text: maps, undo: "Remove the maps and the if, then: nginx -s reload",
      note: needsRegistry
        ? "It needs ngx_http_geoip2_module with variables of these names; without it nginx does not start. " : "")
  }

  private func haproxy(_ fingerprint: Fingerprint) -> Mitigation? {
    var acls = ""
    var matched: [Int] = []
    for (i, part) in fingerprint.parts.enumerated() where part.field.canBeSeenBeforeTheAnswer {
      guard let value = Self.text(of: part) else { return nil }
      let isCut = part.value.count >= 128
      let pattern = "^\(Self.pattern(value, of: part.field))"
      let acl = "acl \(name)_\(i)"
      switch part.field {
      case .network: acls += "\(acl) src \(value)\n"
      case .userAgent: acls += "\(acl) req.fhdr(user-agent) -m \(isCut ? "beg" : "str") -- '\(value)'\n"
      case .path: acls += "\(acl) path -m \(isCut ? "beg" : "str") -- '\(value)'\n"
      case .pathShape: acls += "\(acl) path -m reg '\(pattern)\(isCut ? "" : "$")'\n"
      case .queryNames: acls += "\(acl) query -m reg '\(pattern)\(isCut ? "" : "$")'\n"
      case .method: acls += "\(acl) method -- '\(value)'\n"
      case .protocolVersion: acls += "\(acl) req.ver '\(value.drop { $0 != "/" }.dropFirst())'\n"
      case .noReferrer: acls += "\(acl) req.fhdr_cnt(referer) eq 0\n"
      // Countries and networks come from maps of its own, which it may not have.
      case .country, .asn, .tlsFingerprint, .status: continue
      }
      matched.append(i)
    }
    acls += "http-request deny deny_status 403 if " + matched.map { "\(name)_\($0)" }.joined(separator: " ") + "\n"
    return measure(
      "haproxy", fingerprint, matched: matched, text: acls, undo: "Remove these lines, then reload haproxy")
  }

  /// The text, where it can stand in any configuration between quotes: nothing of it is escaped, so nothing can be undone.
  static func plain(_ value: [UInt8]) -> String? {
    guard !value.isEmpty,
      value.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && ![0x22, 0x27, 0x5c, 0x60].contains($0) })
    else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  /// A part's text, where it is one: what stands in a configuration without quotes around it, or is no pattern there, must be
  /// what it is meant to be, whoever wrote the record that it is from.
  private static func text(of part: Fingerprint.Part) -> String? {
    guard let text = plain(part.value) else { return nil }
    let isOne =
      switch part.field {
      case .network: Network(text) != nil
      case .country: text.utf8.count == 2 && text.allSatisfy(\.isLetter)
      case .asn: text.hasPrefix("AS") && UInt32(text.dropFirst(2)) != nil
      case .protocolVersion: text.hasPrefix("HTTP/") && text.dropFirst(5).allSatisfy { $0.isNumber || $0 == "." }
      default: true
      }
    return isOne ? text : nil
  }

  /// A regular expression without backslashes that matches the value of a field.
  static func pattern(_ value: String, of field: FingerprintField) -> String {
    if field == .queryNames {
      return value.split(separator: "&").map { literal($0) + "(=[^&]*)?" }.joined(separator: "&")
    }
    guard field == .pathShape else { return literal(value) }
    return value.split(separator: "#", omittingEmptySubsequences: false).map { literal($0) }
      .joined(separator: "[0-9A-Fa-f]+")
  }

  private static func literal(_ text: some StringProtocol) -> String {
    var pattern = ""
    for character in text {
      switch character {
      case ".", "+", "*", "?", "(", ")", "[", "{", "}", "$", "|": pattern += "[\(character)]"
      case "]": pattern += "[]]"
      // No class can hold it alone: any character stands for it.
      case "^": pattern += "."
      default: pattern.append(character)
      }
    }
    return pattern
  }
}
