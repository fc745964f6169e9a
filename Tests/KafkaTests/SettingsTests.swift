import Kafka
import KafkaTestSupport
import Synchronization
import Testing

struct SettingsTests {
  private func settings(_ properties: [(String, String)] = []) -> KafkaSettings {
    var settings = KafkaSettings(bootstrap: "127.0.0.1:1")
    settings.properties = properties
    return settings
  }

  @Test(arguments: [KafkaSettings.Role.producer, .consumer, .admin])
  func theDefaultsAreTaken(role: KafkaSettings.Role) throws {
    var settings = settings()
    try settings.check(role)
    settings.groupID = "group"
    settings.instanceID = "instance"
    settings.transactionalID = "id"
    settings.statisticsMilliseconds = 1000
    try settings.check(role)
  }

  @Test func aPropertyThatDoesNotExistIsToldByItsName() {
    let error = #expect(throws: KafkaError.self) { try settings([("linger.mss", "5")]).check(.producer) }
    #expect(error?.kind == .config)
    #expect(error?.text == "No such configuration property: \"linger.mss\"")
  }

  @Test func aValueThatIsNotTakenIsToldWithWhatIs() {
    let error = #expect(throws: KafkaError.self) { try settings([("acks", "sometimes")]).check(.producer) }
    #expect(error?.kind == .config)
    #expect(error?.text.contains("acks") == true, "\(error?.text ?? "")")
    let large = #expect(throws: KafkaError.self) { try settings([("session.timeout.ms", "-3")]).check(.consumer) }
    #expect(large?.text.contains("session.timeout.ms") == true, "\(large?.text ?? "")")
  }

  @Test func settingsThatContradictEachOtherAreRefused() {
    let error = #expect(throws: KafkaError.self) {
      try settings([("enable.idempotence", "true"), ("acks", "1")]).check(.producer)
    }
    #expect(error?.kind == .config)
    #expect(error?.text.contains("acks") == true)
  }

  @Test func prefixedPropertiesReachTheirSortOfClientOnly() throws {
    let settings = settings([
      ("producer.linger.ms", "7"), ("consumer.fetch.wait.max.ms", "9"), ("socket.nagle.disable", "true"),
    ])
    func last(_ name: String, _ role: KafkaSettings.Role) -> String? {
      settings.effective(role).last { $0.name == name }?.value
    }
    #expect(last("linger.ms", .producer) == "7")
    #expect(last("linger.ms", .consumer) == nil)
    #expect(last("fetch.wait.max.ms", .consumer) == "9")
    #expect(last("fetch.wait.max.ms", .producer) == nil)
    #expect(last("socket.nagle.disable", .admin) == "true")
    try settings.check(.producer)
    try settings.check(.consumer)
  }

  @Test(arguments: KafkaSettings.SASL.Mechanism.allCases, [false, true])
  func namesAndPasswordsAreTakenOverPlainAndOverTLS(mechanism: KafkaSettings.SASL.Mechanism, isEncrypted: Bool) throws {
    var settings = settings()
    settings.sasl = .init(mechanism: mechanism, user: "u", password: "p")
    if isEncrypted { settings.tls = .init() }
    try settings.check(.producer)
    let security = settings.effective(.producer).last { $0.name == "security.protocol" }?.value
    #expect(security == (isEncrypted ? "sasl_ssl" : "sasl_plaintext"))
  }

  @Test func aFileOfAuthoritiesThatIsNotThereIsRefused() {
    var settings = settings()
    var tls = KafkaSettings.TLS()
    tls.authorityFile = "/no/such/file.pem"
    settings.tls = tls
    let error = #expect(throws: KafkaError.self) { try settings.check(.consumer) }
    #expect(error?.kind == .config)
    #expect(error?.text.contains("ssl.ca.location") == true)
  }

  @Test func secretsAreKnownByName() {
    for name in [
      "sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem", "producer.sasl.password",
      "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config",
    ] {
      #expect(KafkaSettings.isSecret(name), "\(name)")
      #expect(KafkaSettings.masked(name, "x") == "***")
    }
    for name in ["sasl.username", "linger.ms", "ssl.ca.location", "ssl.key.location"] {
      #expect(!KafkaSettings.isSecret(name), "\(name)")
      #expect(KafkaSettings.masked(name, "x") == "x")
    }
    var settings = settings([("ssl.keystore.password", "hush")])
    settings.sasl = .init(mechanism: .plain, user: "u", password: "hush")
    let printed = settings.effective(.producer).map { KafkaSettings.masked($0.name, $0.value) }
    #expect(!printed.contains { $0.contains("hush") })
  }

  @Test func theLogReachesTheProgramAndABrokerThatIsAwayIsTold() throws {
    let lines = Lines()
    var settings = settings()
    settings.log = { lines.append($0) }
    let producer = try KafkaProducer(settings)
    let deadline = ContinuousClock.now + .seconds(120)
    var errors: [KafkaError] = []
    while ContinuousClock.now < deadline, errors.isEmpty || lines.all.isEmpty {
      producer.poll(milliseconds: 50)
      errors += producer.takeErrors()
    }
    #expect(lines.all.contains { $0.facility == "FAIL" && $0.level == 3 && $0.text.contains("127.0.0.1:1") })
    #expect(errors.first?.isRetriable == true)
  }
}

private final class Lines: Sendable {
  private let lines = Mutex<[KafkaLog]>([])
  var all: [KafkaLog] { lines.withLock { $0 } }
  func append(_ line: KafkaLog) { lines.withLock { $0.append(line) } }
}
