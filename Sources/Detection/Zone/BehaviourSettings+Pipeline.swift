// The part of a pipeline file that the stages read.

import Bytes
import Configuration

extension BehaviourSettings {
  /// The thresholds of a pipeline; what its file has no key for keeps its default.
  public init(_ pipeline: Settings) {
    self.init()
    missingPaths = pipeline.integer("detectors.scanning.missing_paths")
    failedShare = pipeline.number("detectors.scanning.failed_share")
    loginFailures = UInt64(pipeline.integer("detectors.logins.failures"))
    slowLoginFailures = pipeline.number("detectors.logins.slow_failures")
    stuffingAddresses = pipeline.integer("detectors.logins.stuffing_addresses")
    scrapedPages = pipeline.integer("detectors.scraping.pages")
    politeRate = pipeline.number("detectors.scraping.polite_rate")
    floodRate = pipeline.number("detectors.load.flood_rate")
    floodRatio = pipeline.number("detectors.load.flood_ratio")
    floodDeviations = pipeline.number("detectors.load.flood_deviations")
    bustingQueries = pipeline.integer("detectors.load.busting_queries")
    costlyRequests = UInt64(pipeline.integer("detectors.load.costly_requests"))
    clientsPerZone = pipeline.integer("detectors.clients.remembered")
    clientsInAll = 2 * clientsPerZone
    clientExpiry = pipeline.duration("detectors.clients.expiry")
    visitGap = pipeline.duration("detectors.clients.visit_gap")
    loneMatchScore = UInt8(clamping: pipeline.integer("detection.threshold"))
  }
}

extension CampaignSettings {
  public init(_ pipeline: Settings) {
    self.init()
    updateInterval = pipeline.duration("campaigns.update_interval")
  }
}
