import Testing

@testable import Stations

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.serialized) struct StationTests {
  @Test(arguments: [SIGTERM, SIGINT]) func theFirstSignalDrains(_ number: Int32) {
    let probe = Probe()
    #expect(probe.says("started"))
    probe.signal(number)
    #expect(probe.end() == 0)
    #expect(probe.log.contains("drained time_left_positive=true") && probe.log.contains(": ended\n"))
  }

  @Test func aSecondSignalEndsAtOnce() {
    let probe = Probe("--stuck")
    #expect(probe.says("started"))
    let begun = ContinuousClock.now
    probe.signal(SIGTERM)
    #expect(probe.says(": ending "))
    // What comes within half a second is the same wish, told twice by a parent: so it is told until it is another.
    var status: Int32 = 0
    var times = 0
    while !probe.log.contains("a second time"), times < 600 {
      probe.signal(SIGTERM)
      usleep(100_000)
      times += 1
    }
    status = probe.end()
    let took = ContinuousClock.now - begun
    #expect(status == 128 + SIGTERM && took > .milliseconds(500), "\(status) after \(took)")
  }

  @Test func whoDoesNotDrainInTimeIsEnded() {
    let probe = Probe("--stuck", environment: "MILLRACE_SHUTDOWN__TIMEOUT=100ms")
    #expect(probe.says("started"))
    probe.signal(SIGTERM)
    #expect(probe.end() == 1)
    #expect(probe.log.contains("not drained in time"))
  }

  @Test func whoseWorkIsDoneEndsWellThoughTakingLeaveHangs() {
    let probe = Probe("--lingers")
    #expect(probe.says("started"))
    probe.signal(SIGTERM)
    #expect(probe.end() == 0)
    #expect(probe.log.contains("ending without leave") && !probe.log.contains("not drained in time"))
  }

  @Test func hangUpReloadsAndAWrongFileChangesNothing() {
    let probe = Probe("--pipeline pipeline.yaml")
    #expect(probe.says("started"))
    probe.write("name: other\n")
    probe.signal(SIGHUP)
    #expect(probe.says("reloaded name=other"))
    probe.write("nmae: x\n")
    probe.signal(SIGHUP)
    #expect(probe.says("not reloaded error=\"pipeline.yaml:1:1: unknown key 'nmae' (did you mean 'name'?)\""))
    probe.signal(SIGTERM)
    #expect(probe.end() == 0)
  }

  @Test func aClosedPipeDoesNotEndIt() {
    let probe = Probe()
    #expect(probe.says("started"))
    probe.signal(SIGPIPE)
    // Nor does what another program is told to read its lists by.
    probe.signal(SIGUSR1)
    probe.signal(SIGHUP)
    #expect(probe.says("reloaded"))
    probe.signal(SIGTERM)
    #expect(probe.end() == 0)
  }

  @Test func theStatusPagesAnswerUntilItEnds() throws {
    let probe = Probe("--stuck", environment: "MILLRACE_STATUS__LISTEN=127.0.0.1:0 MILLRACE_LOG__FORMAT=json")
    #expect(probe.says("\"started\""))
    let rest = try #require(probe.log.split(separator: "\"port\":").last)
    let port = try #require(UInt16(rest.prefix { $0.isNumber }))
    let page = RawClient.get("/metrics", port: port).httpBody
    #expect(page.contains("millrace_build_info{program=\"probe\",version=\"0.0.1\",pipeline=\"web\"} 1\n"))
    #expect(page.contains("process_resident_memory_bytes "))
    #expect(RawClient.get("/health/ready", port: port).hasPrefix("HTTP/1.1 200 "))
    probe.signal(SIGTERM)
    #expect(probe.says("\"ending\""))
    let ready = RawClient.get("/health/ready", port: port)
    #expect(ready.hasPrefix("HTTP/1.1 503 ") && ready.contains("ending: SIGTERM"))
    #expect(RawClient.get("/health/live", port: port).hasPrefix("HTTP/1.1 200 "))
  }

  @Test func exitCodesTellUsageFromFailure() {
    func outcome(_ arguments: String, _ pipeline: String = "", _ environment: String = "") -> (Int32, Probe) {
      let probe = Probe(arguments, pipeline: pipeline, environment: environment)
      return (probe.end(), probe)
    }
    #expect(outcome("--fail").0 == 1)
    #expect(outcome("--nonsense").0 == 2)
    #expect(outcome("--pipeline missing.yaml").0 == 2)
    #expect(outcome("--help").0 == 0)
    let (status, probe) = outcome(
      "--check --pipeline pipeline.yaml", "kafka: {bootstrp: 'a'}\ntopics: {candidates: {partitions: 2}}\n")
    #expect(
      status == 2 && probe.log.contains("pipeline.yaml:1:9: unknown key 'kafka.bootstrp' (did you mean 'bootstrap'?)"))
    let (variable, other) = outcome("--check", "", "MILLRACE_KAFKA__SECURITY__PROTOCOL=tls")
    #expect(
      variable == 2 && other.log.contains("MILLRACE_KAFKA__SECURITY__PROTOCOL: 'tls' is not one of plaintext, ssl"))
    let (listens, third) = outcome("", "", "MILLRACE_STATUS__LISTEN=192.0.2.1:9")
    #expect(listens == 1 && third.log.contains("cannot listen at 192.0.2.1:9"))
  }

  @Test func whatIsInEffectIsPrintedWithoutSecrets() {
    let probe = Probe("--print-effective", environment: "MILLRACE_KAFKA__SECURITY__PASSWORD=hunter2 MILLRACE_NAME=shop")
    #expect(probe.end() == 0)
    let text = probe.text("out")
    #expect(text.contains("name: shop  # MILLRACE_NAME\n") && !text.contains("hunter2"))
    #expect(text.contains("password: \"***\"  # MILLRACE_KAFKA__SECURITY__PASSWORD\n"))
  }
}
