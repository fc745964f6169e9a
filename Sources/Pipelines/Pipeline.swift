// A pipeline file as the programs of a line use it. All of them, replay included, read their settings here, so that the
// same file means the same in each.

import Bytes
import Configuration
import Detection
import Rollups

#if canImport(Glibc)
  import Glibc
#endif

/// A loaded pipeline.
public struct Pipeline: Sendable {
  /// Every key, with the environment's overrides.
  public let settings: Settings
  /// Name of its file, for messages.
  public let file: String

  public init(settings: Settings, file: String) { (self.settings, self.file) = (settings, file) }

  /// Loads a file, or the built-in pipeline where `path` is nil.
  public init(path: String?, environment: [(name: String, value: String)] = environmentVariables()) throws(SetupError) {
    var text: [UInt8]?
    if let path {
      guard let bytes = fileContents(path) else {
        throw SetupError("--pipeline \(path): \(String(cString: strerror(errno)))")
      }
      text = bytes
    }
    file = path ?? "built-in web.yaml"
    do throws(ConfigurationErrors) {
      settings = try PipelineFile.load(text, file: file, environment: environment)
    } catch {
      throw SetupError("\(error)")
    }
  }

  /// Input partitions: those of the topic `events`.
  public var partitions: Int { settings.integer("partitions") }
  /// Key of all hashing.
  public var hashSeed: UInt64 { UInt64(settings.integer("detection.hash_seed")) }
  /// Score from which a request is judged an attack.
  public var threshold: UInt8 { UInt8(clamping: settings.integer("detection.threshold")) }

  /// Settings of the aggregator of input partition 0; give each its number.
  public var aggregator: AggregatorSettings {
    var aggregator = AggregatorSettings()
    aggregator.windowLength = settings.duration("windows.length")
    aggregator.maxLag = settings.duration("aggregator.max_lag")
    aggregator.hashSeed = hashSeed
    aggregator.matchThreshold = threshold
    aggregator.slowRequest = UInt32(clamping: settings.duration("windows.slow_request") / 1000)
    aggregator.namedZones = settings.texts("zones").map { Array($0.lowercased().utf8) }
    aggregator.limits.clients = settings.integer("windows.max_clients")
    aggregator.openTables = settings.integer("windows.max_zones")
    return aggregator
  }
}
