// What attacks are called in front of people.

import Detection

extension Attack {
  /// `SQL injection`, `Credential stuffing`.
  package var title: String {
    switch kind {
    case .injection:
      switch attackClass {
      case "sqli": "SQL injection"
      case "xss": "Script injection"
      case "traversal": "Path traversal"
      case "file-inclusion": "File inclusion"
      case "cmdi": "Command injection"
      case "ssti": "Template injection"
      case "expression": "Expression injection"
      case "nosqli": "NoSQL injection"
      case "xxe": "XML external entities"
      case "ssrf": "Request forgery"
      case "crlf": "Header injection"
      case "webshell": "Web shell"
      case "secrets": "Search for secrets"
      case "vulnerability": "Known vulnerabilities"
      case "deserialization": "Deserialisation"
      case "ldapi": "LDAP injection"
      case "protocol": "Protocol abuse"
      case "redirect": "Open redirect"
      case "upload": "File upload"
      default: "Injection"
      }
    case .scanning:
      switch attackClass {
      case "webshell": "Scan for web shells"
      case "secrets": "Scan for secrets"
      case "vulnerability": "Vulnerability scan"
      default: "Scan"
      }
    case .bruteForce: "Password guessing"
    case .credentialStuffing: "Credential stuffing"
    case .scraping: "Scraping"
    case .flood: "Flood"
    case .distributedFlood: "Distributed flood"
    case .cacheBusting: "Cache busting"
    case .slowRequests: "Slow requests"
    case .errorStorm: "Error storm"
    case .formSpam: "Form spam"
    case .correlation: "Correlation"
    }
  }

  /// `8.2/s`; `413/s, usually 11.6/s` where it is known what is usual: that is learned of load alone.
  package var rates: String {
    let peak = Figures.rate(peakRate)
    return baselineRate > 0 ? "\(peak), usually \(Figures.rate(baselineRate))" : peak
  }

  /// The zone, or what stands for the hosts that no line confirms, or for many.
  package var zoneName: String {
    zone == Attack.manyZones ? "(many hosts)" : zone.isEmpty ? "(any host)" : shown(zone)
  }
}
