// How candidates become campaigns: when one is raised, how long it may be quiet, how much is kept.

import Bytes
import Rollups

/// Thresholds and bounds of the campaign stage.
public struct CampaignSettings: Sendable {
  /// A campaign is raised when one member is this sure, or all together reach `combinedConfidence`.
  public var memberConfidence = 0.5
  public var combinedConfidence = 0.6
  /// Candidates less sure than this are ignored.
  public var leastConfidence = 0.25
  /// An attack that goes on is told again no sooner than this.
  public var updateInterval: Nanoseconds = 60 * nanosecondsPerSecond
  /// Campaigns open at a time; members of all of them held in memory; attacks kept for `finish`.
  public var openCampaigns = 16_384
  public var membersInMemory = 262_144
  public var attacksKept = 8_192
  /// Sources, targets, rules and lines of evidence shown with an attack.
  public var shownSources = 20
  public var shownTargets = 20
  public var shownRules = 20
  public var shownEvidence = 10
  /// Attackers of one kind who follow each other this closely are one campaign.
  public var together: Nanoseconds = 600 * nanosecondsPerSecond
  /// So many clients of one signature among the background noise are a campaign of their own.
  public var signatureClients = 5
  /// Requests a second of one address, as a mean that halves every ten seconds, below which its guesses are not an attack
  /// of its own but part of all that is guessed at the same form.
  public var guessingPace = 0.08
  /// A campaign never waits longer than this for its next sign of life.
  public var longestQuiet: Nanoseconds = 7 * 86_400 * nanosecondsPerSecond

  public init() {}

  /// Quiet time after which a campaign has ended, before its own rhythm is known.
  func quiet(_ group: CampaignGroup, isNoise: Bool) -> Nanoseconds {
    let minutes: Int64 =
      switch group {
      case .payloads: isNoise ? 1_440 : 60
      case .logins: isNoise ? 1_440 : 360
      case .load: 10
      case .harvesting: 60
      case .cacheBusting: 30
      case .trouble: 15
      case .correlation: 30
      case .posting: 360
      }
    return minutes * 60 * nanosecondsPerSecond
  }
}

/// Kinds that are sides of the same doing and so may be one campaign.
enum CampaignGroup: UInt8, Sendable, CaseIterable {
  case payloads, logins, load, harvesting, cacheBusting, trouble, correlation, posting

  init(_ kind: AttackKind) {
    switch kind {
    case .injection, .scanning: self = .payloads
    case .bruteForce, .credentialStuffing: self = .logins
    case .flood, .distributedFlood: self = .load
    case .scraping: self = .harvesting
    case .cacheBusting: self = .cacheBusting
    case .slowRequests, .errorStorm: self = .trouble
    case .formSpam: self = .posting
    case .correlation: self = .correlation
    }
  }
}

/// Id and title of a rule, by the hash of its id.
public struct RuleTitle: Sendable, Equatable {
  public var id: String
  public var title: String
  /// How grave its author says a match is; nil where that depends on more.
  public var severity: Severity?
  /// What a match is of; empty where that is not known.
  public var classes: AttackClasses
  public init(id: String, title: String, severity: Severity? = nil, classes: AttackClasses = []) {
    (self.id, self.title, self.severity, self.classes) = (id, title, severity, classes)
  }
}
