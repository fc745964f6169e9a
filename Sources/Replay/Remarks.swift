// What a reader should know of a run besides its numbers: what was looked for, and what could not be seen.

import Bytes
import Detection
import Reports

enum Remarks {
  /// The detectors beside the rules, with the limits that decide: what "nothing found" means.
  static func detectors(_ behaviour: BehaviourSettings, knowsDurations: Bool) -> [String] {
    var list = [
      "scans from \(behaviour.missingPaths) missing paths a visit",
      "guessed logins from \(behaviour.loginFailures) failures", "scraping from \(behaviour.scrapedPages) pages",
      "floods from \(plain(behaviour.floodRate)) requests/s and \(plain(behaviour.floodRatio)) times the usual",
      "cache busting from \(behaviour.bustingQueries) queries of one path",
      "error storms from \(behaviour.costlyRequests) errors by one client",
    ]
    if knowsDurations { list.append("slow requests from \(behaviour.costlyRequests) by one client") }
    return list
  }

  /// Sentences on what this input does not let anybody see.
  static func sentences(_ line: Line, _ report: ReplayReport) -> [String] {
    var list: [String] = []
    let totals = line.totals
    if totals.parsed == 0 {
      if totals.filtered > 0 { list.append(nothingLeft(line.settings, totals)) }
      return list
    }
    if let first = totals.first, let last = totals.last {
      let seconds = last.minusSaturating(first) / nanosecondsPerSecond
      if seconds < RateBaseline.coldStart / nanosecondsPerSecond {
        list.append(
          "The log covers less than \(RateBaseline.coldStart / nanosecondsPerSecond) s: its usual rate is unknown, and "
            + "only a flood from a few very loud clients can be told.")
      } else if seconds < RateBaseline.settled / nanosecondsPerSecond {
        list.append(
          "The log covers less than \(RateBaseline.settled / nanosecondsPerSecond / 60) minutes: its usual rate is not "
            + "settled, so floods must be twice as strong to be told and are told with less confidence.")
      }
    }
    if report.traffic.latency == nil {
      list.append("The log does not say how long answers took: only slow requests that were given up can be seen.")
    }
    // A few stragglers are how servers write.
    if totals.late > 0, totals.late >= totals.parsed / 100 {
      list.append(
        "\(totals.late) lines are older than those before them by more than input.max_disorder: a clock was set back or "
          + "hosts are mixed in one file, so the times of attacks are blurred.")
    }
    if report.ledger.allowed > 0 {
      list.append(
        "\(report.ledger.allowed) requests are allowed by the pipeline: they were not judged, and count for nothing but "
          + "the ledger.")
    }
    if totals.ahead > 0 {
      list.append("\(totals.ahead) lines bear a time that no line after them confirms, and were left out.")
    }
    return list
  }

  /// What to say where a filter let nothing through.
  static func nothingLeft(_ settings: LineSettings, _ totals: LineTotals) -> String {
    var text = "Nothing is left by "
    text += settings.since != nil || settings.until != nil ? "--since, --until" : ""
    if !settings.zone.isEmpty { text += (settings.since != nil || settings.until != nil ? " and " : "") + "--zone" }
    if let first = totals.readFirst, let last = totals.readLast {
      text += ": the log runs from \(CivilTime.rfc3339(first)) to \(CivilTime.rfc3339(last))"
      if let since = settings.since, since > last {
        text += ", and what is asked for begins at \(CivilTime.rfc3339(since))"
      }
      if let until = settings.until, until <= first {
        text += ", and what is asked for ends at \(CivilTime.rfc3339(until))"
      }
    }
    return text + "."
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
  }
}
