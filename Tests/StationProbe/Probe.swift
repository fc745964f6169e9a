import Configuration
import Stations

#if canImport(Glibc)
  import Glibc
#endif

struct ProbeFailure: Error, CustomStringConvertible { var description = "as asked" }

func probe(_ station: Station, _ options: ParsedOptions) throws {
  if options.has("fail") { throw ProbeFailure() }
  station.health.pass("running")
  while !station.shouldStop || options.has("stuck") {
    station.wait(1_000_000_000)
    if station.takeReload() {
      do throws(ConfigurationErrors) {
        let settings = try station.reloadedSettings()
        station.log.info("reloaded", ["name": .text(settings.text("name"))])
      } catch {
        station.log.error("not reloaded", ["error": LogValue(error)])
      }
    }
  }
  if options.has("lingers") {
    station.workIsDone()
    while true { sleep(60) }
  }
  station.log.info("drained", ["time_left_positive": LogValue(station.timeLeft > 0)])
}
