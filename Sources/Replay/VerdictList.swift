// `--verdicts`: a line for each request judged an attack, in the order of the input.

import Bytes
import CapnProto
import Detection
import Events
import Rollups

final class VerdictList {
  private let output: OutputFile
  private let threshold: UInt8
  private let ruleNames: [String]

  init(path: String, threshold: UInt8, ruleNames: [String]) throws(OutputError) {
    output = try OutputFile(path: path)
    (self.threshold, self.ruleNames) = (threshold, ruleNames)
    output.write("file\tline\tscore\tclasses\trules\tconfidence\n")
  }

  /// - Parameters:
  ///   - lines: Line of each event after `firstLine`.
  func write(_ verdicts: [RequestVerdict], lines: [UInt32], firstLine: UInt64, file: String) {
    for (index, verdict) in verdicts.enumerated() where verdict.score >= threshold && index < lines.count {
      var rules: [String] = []
      for slot in 0..<min(Int(verdict.ruleCount), 8) {
        let rule = Int(verdict.rules[slot])
        rules.append(rule < ruleNames.count ? ruleNames[rule] : "\(rule)")
      }
      output.write(
        "\(printable(file))\t\(firstLine + UInt64(lines[index]))\t\(verdict.score)\t"
          + "\(verdict.classes.list.joined(separator: ","))\t\(rules.joined(separator: ","))\t"
          + "\(ScoreCalibration.text(ofScore: verdict.score))\n")
    }
  }

  func close() throws(OutputError) { try output.close() }
}
