// Kinds, states and severities, here and in the schema.

extension AttackKind {
  var code: AttackKindCode {
    switch self {
    case .injection: .injection
    case .scanning: .scanning
    case .bruteForce: .bruteForce
    case .credentialStuffing: .credentialStuffing
    case .scraping: .scraping
    case .flood: .flood
    case .distributedFlood: .distributedFlood
    case .cacheBusting: .cacheBusting
    case .slowRequests: .slowRequests
    case .errorStorm: .errorStorm
    case .formSpam: .formSpam
    case .correlation: .correlation
    }
  }

  init(_ code: AttackKindCode) {
    self =
      switch code {
      case .injection: .injection
      case .scanning: .scanning
      case .bruteForce: .bruteForce
      case .credentialStuffing: .credentialStuffing
      case .scraping: .scraping
      case .flood: .flood
      case .distributedFlood: .distributedFlood
      case .cacheBusting: .cacheBusting
      case .slowRequests: .slowRequests
      case .errorStorm: .errorStorm
      case .formSpam: .formSpam
      case .correlation: .correlation
      }
  }
}

extension AttackState {
  var code: AttackStateCode {
    switch self {
    case .started: .started
    case .ongoing: .ongoing
    case .ended: .ended
    }
  }
  init(_ code: AttackStateCode) {
    self =
      switch code {
      case .started: .started
      case .ongoing: .ongoing
      case .ended: .ended
      }
  }
}

extension Severity {
  var code: SeverityCode {
    switch self {
    case .low: .low
    case .medium: .medium
    case .high: .high
    case .critical: .critical
    }
  }
  init(_ code: SeverityCode) {
    self =
      switch code {
      case .low: .low
      case .medium: .medium
      case .high: .high
      case .critical: .critical
      }
  }
}

extension FingerprintField {
  var code: FingerprintFieldCode {
    switch self {
    case .userAgent: .userAgent
    case .network: .network
    case .path: .path
    case .pathShape: .pathShape
    case .queryNames: .queryNames
    case .method: .method
    case .protocolVersion: .`protocol`
    case .tlsFingerprint: .tlsFingerprint
    case .country: .country
    case .asn: .asn
    case .noReferrer: .noReferrer
    case .status: .status
    }
  }
  init(_ code: FingerprintFieldCode) {
    self =
      switch code {
      case .userAgent: .userAgent
      case .network: .network
      case .path: .path
      case .pathShape: .pathShape
      case .queryNames: .queryNames
      case .method: .method
      case .`protocol`: .protocolVersion
      case .tlsFingerprint: .tlsFingerprint
      case .country: .country
      case .asn: .asn
      case .noReferrer: .noReferrer
      case .status: .status
      }
  }
}

extension AddressKind {
  var code: AddressKindCode {
    switch self {
    case .tor: .tor
    case .abuse: .abuse
    case .vpn: .vpn
    case .hosting: .hosting
    case .crawler: .crawler
    case .monitor: .monitor
    case .other: .other
    }
  }
  init(_ code: AddressKindCode) {
    self =
      switch code {
      case .tor: .tor
      case .abuse: .abuse
      case .vpn: .vpn
      case .hosting: .hosting
      case .crawler: .crawler
      case .monitor: .monitor
      case .other: .other
      }
  }
}
