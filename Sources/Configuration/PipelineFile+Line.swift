// The keys that only the line has, not replay: brokers, topics, the programs' own, and what all of them share.

extension PipelineFile {
  static let kafka: [Setting] = [
    Setting("kafka.bootstrap", .texts, "localhost:9092", "Brokers to start from, host:port."),
    Setting(
      "kafka.topic_prefix", .text, "millrace-web",
      "Topics are called PREFIX.events and so on. Two lines on the same brokers need two prefixes."),
    Setting("kafka.client_id", .text, "", "What brokers log; millrace-PROGRAM where it is empty."),
    Setting(
      "kafka.transaction_timeout", .duration(second...(900 * second)), "10s",
      "How long a dead program's open transaction hides what comes after it."),
    Setting(
      "kafka.max_record", .bytes((64 << 10)...(512 << 20)), "8MiB",
      "The largest record, in the topics that are made and in the producers."),
    Setting(
      "kafka.security.protocol", .choice(["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"]), "plaintext",
      "How brokers are spoken to."),
    Setting("kafka.security.ca_file", .text, "", "Certificates that brokers are checked by; the system's if empty."),
    Setting("kafka.security.certificate_file", .text, "", "This client's certificate, where brokers want one."),
    Setting("kafka.security.key_file", .text, "", "Its private key."),
    Setting("kafka.security.key_password", .text, "", isSecret: true, "What unlocks the private key."),
    Setting(
      "kafka.security.mechanism", .choice(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]), "SCRAM-SHA-512",
      "How SASL proves the user."),
    Setting("kafka.security.username", .text, "", "User of SASL."),
    Setting("kafka.security.password", .text, "", isSecret: true, "Password of SASL; better from the environment."),
    Setting(
      "kafka.properties", .properties, "",
      "Any property of librdkafka, over those that the keys above set: {linger.ms: 5}."),
  ]

  /// The defaults of each topic: partitions (0: those of the topic it follows), retention, meaning.
  private static let topicDefaults: [(LineTopic, partitions: String, retention: String, help: String)] = [
    (.events, "0", "1d", "Batches of events. 0 partitions: as many as `partitions` says."),
    (.rollups, "16", "7d", "Partial aggregates of windows."),
    (.candidates, "1", "7d", "What may be an attack; always one partition."),
    (.attacks, "1", "90d", "What the line is for."),
    (.checkpoints, "4", "0", "Positions in files, compacted by source."),
    (.reputation, "1", "0", "Known addresses, compacted; always one partition."),
    (.aggregatorState, "0", "0", "Compacted; as many partitions as events."),
    (.zoneState, "0", "0", "Compacted; as many partitions as rollups."),
    (.campaignState, "0", "0", "Compacted; as many partitions as candidates."),
    (.deadLetters, "1", "30d", "What could not be read, with the reason."),
  ]

  static let topics: [Setting] = topicDefaults.flatMap { topic, partitions, retention, help in
    let isFirst = topic == .events
    return [
      Setting(
        "topics.\(topic.rawValue).name", .text, "",
        help + (isFirst ? " Its whole name, prefix and all; made from kafka.topic_prefix where it is empty." : "")),
      Setting("topics.\(topic.rawValue).partitions", .integer(0...10_000), partitions, ""),
      Setting(
        "topics.\(topic.rawValue).replication", .integer(0...100), "0",
        isFirst ? "Copies of each record; 0: the brokers' own default. Use 3 where there are three brokers." : ""),
      Setting(
        "topics.\(topic.rawValue).retention", .duration(0...(36_500 * day)), retention,
        isFirst ? "Age at which records go; 0: never. Compacted topics keep the last of each key." : ""),
      Setting(
        "topics.\(topic.rawValue).properties", .properties, "",
        isFirst ? "Any other property of a topic: {compression.type: zstd}." : ""),
    ]
  }

  static let source: [Setting] = [
    Setting("files", .texts, "", "Patterns of log files to follow."),
    Setting("exclude", .texts, "", "Patterns of files among them that are left alone."),
    Setting(
      "syslog", .text, "",
      "Where to listen: udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT or unix:///PATH (datagrams)."),
    Setting("certificate_file", .text, "", "For tls: the certificate, with its chain."),
    Setting("key_file", .text, "", "For tls: its private key."),
    Setting("ca_file", .text, "", "For tls: clients must show a certificate signed by one of these."),
    Setting("stdin", .flag, "false", "Read standard input."),
    Setting("id", .text, "", "A stable name of the source, where a host and a path or address do not tell it apart."),
    Setting("format", .text, "", "Format of the lines, as input.format, which stands in where it is empty."),
    Setting("zone", .text, "", "Host that lines without one were sent to."),
    Setting("time_zone", .text, "", "As input.time_zone, which stands in where it is empty."),
  ]

  static let webhook: [Setting] = [
    Setting("name", .text, "", "For logs and metrics; webhook-N where it is empty."),
    Setting("url", .text, "", isSecret: true, "http:// or https://."),
    Setting("kind", .choice(["generic", "alertmanager", "slack"]), "generic", "What is posted."),
    Setting("headers", .properties, "", isSecret: true, "Headers of the request."),
    Setting(
      "template", .text, "", "Text of the message, with {kind}, {zone}, {state}, {id} and the like; built in if empty."),
    Setting("rate_limit", .integer(1...100_000), "60", "Most messages a minute; more wait."),
    Setting("timeout", .duration(second...(600 * second)), "10s", "For one request."),
    Setting("retry_for", .duration(0...(30 * day)), "1d", "How long one message is tried before it is given up."),
    Setting("min_confidence", .number(0...1), "0", "Attacks less sure than this are not told."),
    Setting("ca_file", .text, "", "Certificates that the receiver is checked by; the system's if empty."),
  ]

  static let stations: [Setting] = [
    Setting("forwarder.sources", .items(source), "", "Where lines come from."),
    Setting("forwarder.host", .text, "", "Name of this host in what it sends; the system's where it is empty."),
    Setting(
      "forwarder.batch_bytes", .bytes((4 << 10)...(4 << 20)), "256KiB", "A batch is sent when it is this large..."),
    Setting(
      "forwarder.batch_age", .duration(1_000_000...(60 * second)), "500ms",
      "... or its first line has waited this long."),
    Setting(
      "forwarder.spread", .integer(1...1024), "4", "Partitions that one source's batches go round; a part of all."),
    Setting(
      "forwarder.queue_bytes", .bytes((1 << 20)...(16 << 30)), "64MiB",
      "What may wait for the brokers before reading stops."),
    Setting(
      "forwarder.heartbeat", .duration(100_000_000...(3600 * second)), "1s",
      "How often a source without lines says that it lives."),
    Setting(
      "forwarder.rescan", .duration(100_000_000...(3600 * second)), "10s",
      "How often patterns are looked up again, and files where notification does not work."),
    Setting(
      "forwarder.sampling", .properties, "",
      "Zones of which one event in N is sent, with the weight N: {static.example.org: 10, \"*\": 1}."),
    Setting(
      "forwarder.redact.query_parameters", .texts, "",
      "Parameters whose values are blanked before they leave the host, after the rules have seen them; * for all."),
    Setting("forwarder.redact.cookies", .texts, "", "The same for cookies."),
    Setting("forwarder.redact.emails", .flag, "false", "Blank e-mail addresses."),
    Setting("forwarder.redact.tokens", .flag, "false", "Blank what looks like a token, key or session."),

    Setting(
      "aggregator.idle_after", .duration(second...day), "30s",
      "A source or partition without a record for this long is announced idle and holds no window open."),
    Setting(
      "aggregator.max_lag", .duration(second...(400 * day)), "1m",
      "A source further behind the others than this is late rather than holding them back."),
    Setting(
      "aggregator.commit_interval", .duration(10_000_000...(60 * second)), "200ms",
      "The longest time between two transactions."),
    Setting(
      "aggregator.queue_bytes", .bytes((1 << 20)...(16 << 30)), "64MiB", "Records fetched and not yet counted."),

    Setting(
      "analyzer.commit_interval", .duration(10_000_000...(60 * second)), "200ms",
      "The longest time between two transactions."),
    Setting(
      "analyzer.state_interval", .duration(100_000_000...(3600 * second)), "10s",
      "How often what is remembered is written: what came since the last time is read again after a restart."),
    Setting("analyzer.queue_bytes", .bytes((1 << 20)...(16 << 30)), "64MiB", "Records fetched and not yet merged."),

    Setting("attacks.notify", .items(webhook), "", "Who is told of attacks (millrace-attacks notify)."),
  ]

  static let operation: [Setting] = [
    Setting(
      "status.listen", .text, "",
      "Address of /metrics and /health, such as 127.0.0.1:9464 or [::]:9464; nothing listens where it is empty."),
    Setting("log.level", .choice(["debug", "info", "warning", "error"]), "info", "Least severity that is logged."),
    Setting("log.format", .choice(["text", "json"]), "text", "Form of the lines on standard error."),
    Setting(
      "shutdown.timeout", .duration(100_000_000...(3600 * second)), "20s",
      "How long a program that is asked to end may drain what it holds."),
    Setting(
      "reload.force", .flag, "false",
      "Take a new rule set even if it is empty or drops more than half of the old one."),
  ]
}
