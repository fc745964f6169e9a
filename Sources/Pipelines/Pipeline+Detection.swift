// What is looked for: rules, thresholds, crawlers.

import Bytes
import Configuration
import Detection
import LogFiles

extension Pipeline {
  /// The shipped rules, as far as the pipeline wants them, and those of the user's directories, by name of file.
  /// - Parameter directories: Of `--rules`, after those of the pipeline.
  public func ruleSet(directories: [String] = []) throws(SetupError) -> RuleSet {
    var files: [(name: String, text: [UInt8])] = []
    if settings.flag("rules.built_in") { files += ShippedRules.files.map { ($0.name, Array($0.text.utf8)) } }
    for directory in settings.texts("rules.directories") + directories {
      let paths: [String]
      do throws(LogFileError) {
        paths = try InputFiles.expand(["\(directory)/*.yml"])
      } catch {
        throw SetupError("--rules \(directory): no Sigma rules (*.yml) can be read there")
      }
      for path in paths {
        guard let text = fileContents(path) else { throw SetupError("\(path): cannot be read") }
        files.append((path, text))
      }
    }
    do throws(ConfigurationErrors) {
      return try RuleSet.load(files, disabled: Set(settings.texts("rules.disabled")))
    } catch {
      throw SetupError("\(error)")
    }
  }

  /// What the zone stage is told: the networks of crawlers.
  /// - Parameters:
  ///   - crawlers: File of `--crawlers`, instead of the pipeline's.
  ///   - lists: As `addressLists` gave them: those of crawlers and monitors are believed as well.
  public func behaviour(
    crawlers: String? = nil, lists: [LoadedList]
  ) throws(SetupError) -> BehaviourSettings {
    var behaviour = BehaviourSettings(settings)
    var ranges = try crawlerRanges(crawlers)
    for list in lists where [.crawler, .monitor].contains(list.kind) {
      ranges += list.networks.map { TrustedRange(name: list.source.name, network: $0) }
    }
    // At once: each assignment makes a table.
    if !ranges.isEmpty { behaviour.crawlers = ranges }
    return behaviour
  }

  /// The networks of `detection.crawlers`, or of the file that stands in for it.
  private func crawlerRanges(_ crawlers: String?) throws(SetupError) -> [TrustedRange] {
    var ranges: [TrustedRange] = []
    let path = crawlers ?? settings.text("detection.crawlers")
    guard !path.isEmpty else { return ranges }
    guard let bytes = fileContents(path) else {
      throw SetupError("\(crawlers == nil ? "detection.crawlers" : "--crawlers") \(path): cannot be read")
    }
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
      ranges.append(TrustedRange(name: words.count == 2 ? String(words[0]) : "crawler", network: network))
    }
    return ranges
  }
}
