// Finding the attack that somebody names.

import Detection

/// No attack, or more than one, has the id that was asked for.
public struct UnknownAttack: Error, CustomStringConvertible {
  public let description: String
}

extension Attack {
  /// The one whose id begins so.
  public static func only(_ id: String, of attacks: [Attack]) throws(UnknownAttack) -> Attack {
    let found = attacks.filter { !id.isEmpty && $0.id.hasPrefix(id.lowercased()) }
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      throw UnknownAttack(description: "no attack among the \(attacks.count) has the id '\(shown(id))'")
    }
    let ids = found.prefix(5).map(\.id).joined(separator: ", ")
    throw UnknownAttack(description: "\(found.count) attacks have ids that begin with '\(shown(id))': \(ids)")
  }
}
