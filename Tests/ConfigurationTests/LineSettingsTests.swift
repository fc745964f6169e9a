import Configuration
import Testing

@Suite struct LineSettingsTests {
  func load(_ text: String, _ environment: [(name: String, value: String)] = []) throws(ConfigurationErrors) -> Settings
  {
    try PipelineFile.load(Array(text.utf8), file: "p.yaml", environment: environment)
  }

  func failures(_ text: String, _ environment: [(name: String, value: String)] = []) -> [String] {
    do throws(ConfigurationErrors) {
      _ = try load(text, environment)
      return []
    } catch {
      return error.errors.map(\.description)
    }
  }

  // MARK: Topics

  @Test func everyTopicHasANameAPartitionCountAndAPolicy() throws {
    let topics = try load("").topics
    #expect(
      topics.map { "\($0.name) \($0.partitions) \($0.properties.first { $0.name == "cleanup.policy" }?.value ?? "")" }
        == [
          "millrace-web.events 16 delete", "millrace-web.rollups 16 delete", "millrace-web.candidates 1 delete",
          "millrace-web.attacks 1 delete", "millrace-web.checkpoints 4 compact",
          "millrace-web.reputation 1 compact",
          "millrace-web.aggregator-state 16 compact", "millrace-web.zone-state 16 compact",
          "millrace-web.campaign-state 1 compact", "millrace-web.dead-letters 1 delete",
        ])
  }

  @Test func stateFollowsThePartitionsOfItsTopic() throws {
    let settings = try load(
      "partitions: 4\ntopics: {rollups: {partitions: 7}}\n", [("MILLRACE_KAFKA__TOPIC_PREFIX", "run7")])
    #expect(settings.topic(.events).partitions == 4 && settings.topic(.aggregatorState).partitions == 4)
    #expect(settings.topic(.zoneState).partitions == 7 && settings.topic(.campaignState).partitions == 1)
    #expect(settings.topic(.zoneState).name == "run7.zone-state" && settings.topic(.events).replication == nil)
  }

  @Test func aPropertyOfATopicGoesBeforeWhatTheKeysSay() throws {
    let topic = try load("topics: {events: {name: e, replication: 3, properties: {retention.ms: 5, x.y: z}}}\n").topic(
      .events)
    #expect(topic.name == "e" && topic.replication == 3)
    #expect(topic.properties.filter { $0.name == "retention.ms" }.map(\.value) == ["5"])
    #expect(topic.properties.contains(SettingProperty("x.y", "z")))
  }

  @Test func topicsThatCannotBeAreRefused() {
    #expect(
      failures("topics:\n  candidates: {partitions: 2}\n  zone_state: {partitions: 3}\n  events: {partitions: 3}\n")
        == [
          "p.yaml:2:28: topics.candidates.partitions: must be 1: attacks are joined in one place",
          "p.yaml:3:28: topics.zone_state.partitions: must be 16, as rollups has (or 0, which means that)",
          "p.yaml:4:24: topics.events.partitions: must be 16, as `partitions` says (or 0, which means that)",
        ])
    #expect(
      failures("topics: {events: {name: a}, attacks: {name: a}}\n") == [
        "p.yaml:1:45: topics.attacks.name: 'a' is the topic of events already"
      ])
    #expect(failures("kafka: {topic_prefix: 'a b'}\n").count == 1)
    #expect(failures("kafka: {bootstrap: []}\n") == ["p.yaml:1:20: kafka.bootstrap: name at least one broker"])
  }

  // MARK: Kafka

  @Test func whatLibrdkafkaIsTold() throws {
    let plain = try load("").kafkaProperties(program: "aggregator")
    #expect(
      plain == [
        SettingProperty("bootstrap.servers", "localhost:9092"), SettingProperty("client.id", "millrace-aggregator"),
      ])
    let settings = try load(
      "kafka: {security: {protocol: sasl_ssl, ca_file: /ca, username: u, password: p}, properties: {linger.ms: 5}}\n",
      [("MILLRACE_KAFKA__BOOTSTRAP", "a:1, b:2"), ("MILLRACE_KAFKA__CLIENT_ID", "me")])
    #expect(
      settings.kafkaProperties(program: "x").map { "\($0.name)=\($0.value)" } == [
        "bootstrap.servers=a:1,b:2", "client.id=me", "security.protocol=sasl_ssl", "ssl.ca.location=/ca",
        "sasl.mechanism=SCRAM-SHA-512", "sasl.username=u", "sasl.password=p", "linger.ms=5",
      ])
  }

  @Test func aMapComesFromTheEnvironmentAsPairsOrAsYaml() throws {
    #expect(
      try load("kafka: {properties: {a: 1}}\n", [("MILLRACE_KAFKA__PROPERTIES", "linger.ms=5, x=a=b")]).properties(
        "kafka.properties") == [SettingProperty("linger.ms", "5"), SettingProperty("x", "a=b")])
    #expect(
      try load("", [("MILLRACE_KAFKA__PROPERTIES", "{linger.ms: 5, x: 'a, b'}")]).properties("kafka.properties") == [
        SettingProperty("linger.ms", "5"), SettingProperty("x", "a, b"),
      ])
    #expect(
      failures("", [("MILLRACE_KAFKA__PROPERTIES", "linger")]) == [
        "MILLRACE_KAFKA__PROPERTIES: name=value pairs are expected, separated by commas"
      ])
    #expect(
      failures("", [("MILLRACE_KAFKA__PROPERTIES", "{a: [1]}")]).first?.hasPrefix("MILLRACE_KAFKA__PROPERTIES:1:1: ")
        == true)
  }

  // MARK: Sources

  static let sources = """
    input: {format: combined, time_zone: +02:00}
    forwarder:
      sources:
        - {files: [/var/log/a*.log, /b], exclude: '*.gz', zone: shop.example}
        - syslog: udp://0.0.0.0:5514
          format: nginx
        - {syslog: "tls://[::]:6514", certificate_file: c, key_file: k}
        - {syslog: unix:///run/log.sock}
        - {stdin: true, time_zone: UTC}

    """

  @Test func sourcesAreFilesListenersAndStandardInput() throws {
    let sources = try load(Self.sources).forwarderSources
    #expect(sources.count == 5)
    guard case .files(let files, let exclude) = sources[0].origin, case .syslog(let udp) = sources[1].origin,
      case .syslog(let tls) = sources[2].origin, case .syslog(let unix) = sources[3].origin,
      case .stdin = sources[4].origin
    else { return #expect(Bool(false)) }
    #expect(files == ["/var/log/a*.log", "/b"] && exclude == ["*.gz"] && sources[0].zone == "shop.example")
    #expect(sources[0].format == "combined" && sources[1].format == "nginx")
    #expect(sources[0].timeZone == "+02:00" && sources[4].timeZone == "UTC")
    #expect(udp == .udp(host: "0.0.0.0", port: 5514) && tls == .tls(host: "::", port: 6514))
    #expect(unix == .unix(path: "/run/log.sock"))
  }

  @Test func sourcesComeFromTheEnvironmentAsYaml() throws {
    let settings = try load(Self.sources, [("MILLRACE_FORWARDER__SOURCES", "[{stdin: true}]")])
    #expect(settings.forwarderSources.count == 1)
    #expect(
      failures("", [("MILLRACE_FORWARDER__SOURCES", "[{stdim: true}]")]) == [
        "MILLRACE_FORWARDER__SOURCES:1:3: unknown key 'forwarder.sources[0].stdim' (did you mean 'stdin'?)"
      ])
  }

  @Test func sourcesThatCannotBeAreRefused() {
    #expect(
      failures(
        """
        forwarder:
          sources:
            - {zone: x}
            - {files: [a], stdin: true}
            - {syslog: "http://a:1"}
            - {syslog: "tls://a:1"}
            - {stdin: true}
            - 3
            - {files: [a], formt: b}

        """) == [
          "p.yaml:8:7: 'forwarder.sources[5]' must be a map of keys, not a single value",
          "p.yaml:9:20: unknown key 'forwarder.sources[6].formt' (did you mean 'format'?)",
        ])
    #expect(
      failures(
        """
        forwarder:
          sources:
            - {zone: x}
            - {files: [a], stdin: true}
            - {syslog: "http://a:1"}
            - {syslog: "tls://a:1"}
            - {stdin: true}

        """) == [
          "p.yaml:3:5: forwarder.sources: each needs one of files, syslog and stdin",
          "p.yaml:4:27: forwarder.sources[1].stdin: only one of files, syslog and stdin can be given",
          "p.yaml:5:16: forwarder.sources[2].syslog: 'http://a:1' is no address; write udp://HOST:PORT, tcp://HOST:PORT, "
            + "tls://HOST:PORT or unix:///PATH",
          "p.yaml:6:16: forwarder.sources[3].syslog: tls needs certificate_file and key_file",
          "p.yaml:7:15: forwarder.sources[4].stdin: standard input is a source already",
        ])
    #expect(
      failures("forwarder: {sources: a}\n") == [
        "p.yaml:1:22: forwarder.sources: a list of maps is expected, not a single value"
      ])
    #expect(failures("forwarder: {sampling: {a: 0}}\n").count == 1)
    #expect(failures("status: {listen: nowhere}\n").count == 1)
  }

  @Test func addressesAreReadOrRefused() {
    for text in [
      "udp://a", "udp://a:99999", "udp://::1:1", "unix://a", "a:1", "://", "udp:/a:1",
      "unix:///\(String(repeating: "a", count: 200))",
    ] {
      #expect(SyslogListener(text) == nil, "\(text)")
    }
    #expect(SyslogListener("tcp://:514") == .tcp(host: "", port: 514))
  }

  // MARK: Webhooks

  @Test func webhooksKeepTheirSecrets() throws {
    let text = """
      attacks:
        notify:
          - {url: "https://hooks.example/T0/secret1", kind: slack, rate_limit: 5}
          - {name: pager, url: "http://b/", headers: {Authorization: Bearer secret2, X-Own: secret3}}

      """
    let settings = try load(text)
    #expect(settings.webhooks.map(\.name) == ["webhook-1", "pager"])
    #expect(settings.webhooks[0].kind == .slack && settings.webhooks[0].rateLimit == 5)
    #expect(settings.webhooks[1].headers.map(\.value) == ["Bearer secret2", "secret3"])
    let shown = settings.yaml()
    #expect(!shown.contains("secret") && shown.contains("Authorization: \"***\""))
    #expect(
      failures("attacks: {notify: [{url: 'ftp://x', kind: pager}]}\n") == [
        "p.yaml:1:43: attacks.notify[0].kind: 'pager' is not one of generic, alertmanager, slack"
      ])
    #expect(failures("attacks: {notify: [{name: a}]}\n") == ["p.yaml:1:19: attacks.notify: each needs a url"])
  }

  // MARK: Shown

  @Test func whatIsShownReadsBackToTheSame() throws {
    let settings = try load(
      Self.sources + "kafka: {properties: {linger.ms: 5, 'a: b': \"c\\u202e\\u2028\\x85#\"}}\n",
      [("MILLRACE_FORWARDER__SAMPLING", "a.example=10"), ("MILLRACE_LOG__LEVEL", "debug")])
    let again = try load(settings.yaml())
    #expect(settings == again)
    #expect(
      again.yaml().split(separator: "\n").map { $0.prefix { $0 != "#" } }.count
        == settings.yaml().split(separator: "\n").count)
    #expect(settings != (try load("")))
  }

  @Test func aMaskedSecretReadsBackAsNotTold() throws {
    let settings = try load(
      "kafka: {security: {password: hunter2}, properties: {sasl.password: hunter3, a: b}}\ndetection: {hash_seed: 77}\n"
    )
    let shown = settings.yaml()
    #expect(!shown.contains("hunter") && !shown.contains("77"))
    let again = try load(shown, [("MILLRACE_KAFKA__SECURITY__PASSWORD", "hunter2")])
    #expect(again.text("kafka.security.password") == "hunter2" && again.integer("detection.hash_seed") == 0)
    #expect(again.properties("kafka.properties") == [SettingProperty("a", "b")])
    #expect(again.notes.contains { $0.contains("MILLRACE_DETECTION__HASH_SEED") })
  }

  @Test func aSecretThatIsWrongIsNotRepeated() {
    #expect(
      failures("detection: {hash_seed: hunter2}\n") == ["p.yaml:1:24: detection.hash_seed: not a value for this key"])
  }
}
