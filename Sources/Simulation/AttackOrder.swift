// Which attacks to mix in: `sqli:3,bruteforce@0.2,flood` in words of the command line.

/// The attacks that can be asked for, by the name they are asked for with.
public enum SimulatedAttackKind: String, CaseIterable, Sendable {
  case sqli, nosqli, xss, traversal, cmdi, ssti, log4shell, ssrf, xxe, crlf, webshell, secrets, scan, bruteforce
  case credentialStuffing = "credential-stuffing"
  case flood
  case distributedFlood = "distributed-flood"
  case scraping
  case cacheBusting = "cache-busting"
  case slow
  case errorStorm = "error-storm"
  case quietCampaign = "quiet-campaign"
  case quietBruteforce = "quiet-bruteforce"
  case formSpam = "form-spam"

  /// The behaviour that a detector should name, in the words of the reports.
  public var behaviour: StaticString {
    switch self {
    case .sqli, .nosqli, .xss, .traversal, .cmdi, .ssti, .log4shell, .ssrf, .xxe, .crlf, .quietCampaign: "injection"
    case .webshell, .secrets, .scan: "scanning"
    case .bruteforce, .quietBruteforce: "brute-force"
    case .credentialStuffing: "credential-stuffing"
    case .flood: "flood"
    case .distributedFlood: "distributed-flood"
    case .scraping: "scraping"
    case .cacheBusting: "cache-busting"
    case .slow: "slow-requests"
    case .errorStorm: "error-storm"
    case .formSpam: "form-spam"
    }
  }

  /// The class of its requests; "" where the requests by themselves are harmless.
  public var attackClass: StaticString {
    switch self {
    case .sqli, .quietCampaign: "sqli"
    case .nosqli: "nosqli"
    case .xss: "xss"
    case .traversal: "traversal"
    case .cmdi: "cmdi"
    case .ssti: "ssti"
    case .log4shell: "expression"
    case .ssrf: "ssrf"
    case .xxe: "xxe"
    case .crlf: "crlf"
    case .webshell: "webshell"
    case .secrets: "secrets"
    case .scan: "scanner"
    default: ""
    }
  }
}

/// One kind of attack, how many of it, how strong.
public struct AttackOrder: Sendable, Equatable {
  public var kind: SimulatedAttackKind
  /// Separate attacks, each with sources of its own.
  public var count = 1
  /// Factor on the number of requests of each.
  public var intensity = 1.0

  public init(_ kind: SimulatedAttackKind, count: Int = 1, intensity: Double = 1) {
    (self.kind, self.count, self.intensity) = (kind, count, intensity)
  }

  /// One of each kind.
  public static let all = SimulatedAttackKind.allCases.map { AttackOrder($0) }

  /// A mix that shows what a detector should find, strong and quiet.
  public static let usual: [AttackOrder] = [
    .sqli, .xss, .traversal, .log4shell, .scan, .secrets, .bruteforce, .credentialStuffing, .distributedFlood,
    .scraping,
    .quietCampaign,
  ].map { AttackOrder($0) }

  /// Reads `default` (the usual mix), `all`, `none`, or names with `:COUNT` and `@INTENSITY`, comma-separated.
  public static func list(_ text: String) throws(SimulationError) -> [AttackOrder] {
    if text == "none" || text.isEmpty { return [] }
    if text == "default" { return usual }
    var orders: [AttackOrder] = []
    for part in text.split(separator: ",") {
      let intensityParts = part.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      let countParts = (intensityParts.first ?? "").split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = countParts.first.map(String.init) ?? ""
      var count = 1
      var intensity = 1.0
      if countParts.count == 2 {
        guard let value = Int(countParts[1]), (1...100).contains(value) else {
          throw SimulationError("attacks: '\(part)': the count after ':' is a number from 1 to 100")
        }
        count = value
      }
      if intensityParts.count == 2 {
        guard let value = Double(intensityParts[1]), value > 0, value <= 1000 else {
          throw SimulationError("attacks: '\(part)': the intensity after '@' is a number over 0, up to 1000")
        }
        intensity = value
      }
      if name == "all" {
        orders += SimulatedAttackKind.allCases.map { AttackOrder($0, count: count, intensity: intensity) }
        continue
      }
      guard let kind = SimulatedAttackKind(rawValue: name) else {
        let known = SimulatedAttackKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw SimulationError("attacks: there is no '\(name)'; there are \(known), all, default and none")
      }
      orders.append(AttackOrder(kind, count: count, intensity: intensity))
    }
    return orders
  }
}
