// What --publish asks for, and what does not go with it.

import Configuration
import Pipelines

struct Publishing {
  /// Times real time; nil is as fast as possible.
  var speed: Double?
  /// Also what was published before.
  var repeats: Bool

  /// nil where nothing is to be published.
  init?(_ parsed: ParsedOptions) throws(SetupError) {
    (speed, repeats) = (parsed.number("speed"), parsed.has("again"))
    guard parsed.has("publish") else {
      if speed != nil || repeats { throw SetupError("--speed and --again go with --publish") }
      return nil
    }
    if parsed.has("follow") { throw SetupError("--publish ends with its input; millrace-forwarder stays with a file") }
    for name in ["report", "output", "html", "json", "verdicts", "sources", "fail-on-attack"] where parsed.has(name) {
      throw SetupError("--publish analyses nothing: there is no --\(name)")
    }
    for name in ["rules", "threshold", "crawlers", "zone"] where parsed.has(name) {
      throw SetupError("--publish judges nothing: what --\(name) says belongs into the pipeline")
    }
  }
}
