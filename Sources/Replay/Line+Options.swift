// The line as the options ask for it: rules, detectors, lists.

import Bytes
import Configuration
import Detection
import LogFiles
import LogFormats
import Rollups

extension Line {
  convenience init(_ options: ReplayOptions, formats: [LogFormat]) throws {
    let settings = options.line
    let seed = settings.aggregator.hashSeed
    let rules = try options.ruleSet()
    let scorer = RequestScorer(rules: rules, hashKey: seed)
    let analysis = Analysis(
      partitions: settings.partitions, windowLength: settings.windowLength, limits: settings.aggregator.limits,
      hashSeed: seed, behaviour: try options.behaviour(), campaigns: CampaignSettings(options.pipeline), rules: rules,
      sources: options.sources == nil ? nil : SourceLedger())
    self.init(settings: settings, formats: formats, options: options.parse, analysis: analysis) {
      RequestScorer(rules: rules, hashKey: seed)
    }
    ruleCount = scorer.ruleNames.count
    if let path = options.deadLetters { deadLetters = try DeadLetters(path: path) }
    if let path = options.verdicts {
      verdicts = try VerdictList(path: path, threshold: settings.threshold, ruleNames: scorer.ruleNames)
    }
  }
}

extension ReplayOptions {
  /// The shipped rules, as far as the pipeline wants them, and those of the user's directories, by name of file.
  func ruleSet() throws -> RuleSet {
    var files: [(name: String, text: [UInt8])] = []
    if pipeline.flag("rules.built_in") { files += ShippedRules.files.map { ($0.name, Array($0.text.utf8)) } }
    for directory in ruleDirectories {
      let paths: [String]
      do throws(LogFileError) {
        paths = try InputFiles.expand(["\(directory)/*.yml"])
      } catch {
        throw SetupError("--rules \(directory): no Sigma rules (*.yml) can be read there")
      }
      for path in paths {
        guard let text = contents(of: path) else { throw SetupError("\(path): cannot be read") }
        files.append((path, text))
      }
    }
    do throws(ConfigurationErrors) {
      return try RuleSet.load(files, disabled: Set(pipeline.texts("rules.disabled")))
    } catch {
      throw SetupError("\(error)")
    }
  }

  /// What the zone stage is told: the networks of crawlers.
  func behaviour() throws(SetupError) -> BehaviourSettings {
    var behaviour = BehaviourSettings(pipeline)
    behaviour.loneMatchScore = line.threshold
    guard let path = crawlers else { return behaviour }
    guard let bytes = contents(of: path) else { throw SetupError("--crawlers \(path): cannot be read") }
    for (number, line) in String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .enumerated() {
      // `NETWORK`, or `NAME NETWORK`; `#` begins a comment.
      let words = line.prefix { $0 != "#" }.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," || $0 == "\r" }
      )
      guard let last = words.last else { continue }
      guard words.count <= 2, let network = Network(String(last)) else {
        throw SetupError(
          "\(path), line \(number + 1): expected a network such as 192.0.2.0/24, after a name if need be")
      }
      behaviour.crawlers.append(TrustedRange(name: words.count == 2 ? String(words[0]) : "crawler", network: network))
    }
    return behaviour
  }
}
