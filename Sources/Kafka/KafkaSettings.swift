// How to reach a cluster, and every property of librdkafka by its own name.

/// Settings of a client. Nothing is checked here: `check(_:)` and the clients' initialisers do, with librdkafka's words.
public struct KafkaSettings: Sendable {
  /// `host:port`, comma-separated.
  public var bootstrap: String
  /// What brokers call this client in their logs and metrics.
  public var clientID = "millrace"
  /// Makes a producer transactional. It must be stable over restarts: who has it fences who had it.
  public var transactionalID: String?
  /// The group of a consumer that subscribes, and whose offsets are committed.
  public var groupID: String?
  /// Static membership: a restart within the session's timeout moves no partition.
  public var instanceID: String?
  /// Encryption, or none.
  public var tls: TLS?
  /// A name and a password, or none.
  public var sasl: SASL?
  /// librdkafka's properties by name, applied last, in order. `producer.X` and `consumer.X` reach clients of that sort
  /// only, `X` all of them.
  public var properties: [(String, String)] = []
  /// How often a client gathers `statistics`, in milliseconds. 0: never.
  public var statisticsMilliseconds = 0
  /// Where librdkafka's log goes. Without one it goes nowhere, and never to stderr.
  public var log: KafkaLogHandler?

  public init(bootstrap: String) { self.bootstrap = bootstrap }

  public struct TLS: Sendable {
    /// PEM file of the authorities believed. Without one, those of the system.
    public var authorityFile: String?
    /// PEM files of this client's own certificate and key, where brokers ask for one.
    public var certificateFile: String?
    public var keyFile: String?
    public var keyPassword: String?
    /// Whether the name in the broker's certificate must be the host's.
    public var verifiesHostname = true
    public init() {}
  }

  public struct SASL: Sendable {
    public enum Mechanism: String, Sendable, CaseIterable {
      case plain = "PLAIN"
      case scramSHA256 = "SCRAM-SHA-256"
      case scramSHA512 = "SCRAM-SHA-512"
    }
    public var mechanism: Mechanism
    public var user: String
    public var password: String
    public init(mechanism: Mechanism, user: String, password: String) {
      self.mechanism = mechanism
      self.user = user
      self.password = password
    }
  }

  /// What a client is for. Decides the defaults and which prefixed properties apply.
  public enum Role: String, Sendable { case producer, consumer, admin }
}

// MARK: Secrets

extension KafkaSettings {
  /// Whether the value of this property must not be printed.
  public static func isSecret(_ property: String) -> Bool {
    let name = property.lowercased()
    return name.hasSuffix("password") || name.hasSuffix("secret") || name.hasSuffix(".pem") || name.hasSuffix("_key")
      || name == "sasl.oauthbearer.config" || name.hasSuffix(".sasl.oauthbearer.config")
  }

  /// `value`, or stars where it is a secret.
  public static func masked(_ property: String, _ value: String) -> String { isSecret(property) ? "***" : value }
}

// MARK: In librdkafka's words

extension KafkaSettings {
  /// Name and value of every property that a client of this sort is given, in the order given, secrets included: later
  /// ones win. For printing, pass each through `masked`.
  public func effective(_ role: Role) -> [(name: String, value: String)] {
    var all: [(name: String, value: String)] = [
      ("bootstrap.servers", bootstrap), ("client.id", clientID), ("log_level", "6"),
      ("socket.keepalive.enable", "true"),
      // A cluster that was away for long is found again within two seconds, not ten.
      ("reconnect.backoff.max.ms", "2000"),
    ]
    let protocols = (tls == nil, sasl == nil)
    all.append(
      (
        "security.protocol",
        protocols == (true, true)
          ? "plaintext"
          : protocols == (false, true) ? "ssl" : protocols == (true, false) ? "sasl_plaintext" : "sasl_ssl"
      ))
    if let tls {
      if let file = tls.authorityFile { all.append(("ssl.ca.location", file)) }
      if let file = tls.certificateFile { all.append(("ssl.certificate.location", file)) }
      if let file = tls.keyFile { all.append(("ssl.key.location", file)) }
      if let password = tls.keyPassword { all.append(("ssl.key.password", password)) }
      all.append(("ssl.endpoint.identification.algorithm", tls.verifiesHostname ? "https" : "none"))
    }
    if let sasl {
      all += [
        ("sasl.mechanisms", sasl.mechanism.rawValue), ("sasl.username", sasl.user), ("sasl.password", sasl.password),
      ]
    }
    if statisticsMilliseconds > 0 { all.append(("statistics.interval.ms", String(statisticsMilliseconds))) }
    switch role {
    case .producer: all += producerDefaults
    case .consumer: all += consumerDefaults
    case .admin:
      // Offsets that the admin client tells are those that a reader of uncommitted records sees.
      all.append(("isolation.level", "read_uncommitted"))
    }
    for (name, value) in properties {
      if name.hasPrefix("producer.") {
        if role == .producer { all.append((String(name.dropFirst(9)), value)) }
      } else if name.hasPrefix("consumer.") {
        if role == .consumer { all.append((String(name.dropFirst(9)), value)) }
      } else {
        all.append((name, value))
      }
    }
    return all
  }

  private var producerDefaults: [(name: String, value: String)] {
    var all: [(name: String, value: String)] = [
      ("enable.idempotence", "true"), ("acks", "all"), ("compression.codec", "lz4"),
      // One record is a batch of events already, about 256 KiB: waiting for more gains little.
      ("linger.ms", "5"), ("batch.size", "1048576"), ("message.max.bytes", "8388608"),
      // Where 'full' is: back-pressure by bytes.
      ("queue.buffering.max.kbytes", "65536"), ("queue.buffering.max.messages", "100000"),
      ("partitioner", "murmur2_random"),
    ]
    if let transactionalID {
      all.append(("transactional.id", transactionalID))
      // An open transaction of a dead producer hides what follows it from readers of committed records.
      all.append(("transaction.timeout.ms", "10000"))
    }
    return all
  }

  private var consumerDefaults: [(name: String, value: String)] {
    var all: [(name: String, value: String)] = [
      // librdkafka wants a name even from a consumer that assigns for itself; none is joined and nothing committed then.
      ("group.id", groupID ?? "\(clientID)-reader"),
      ("isolation.level", "read_committed"), ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
      // An offset that is not there any more is an error, never a silent start elsewhere.
      ("auto.offset.reset", "error"), ("enable.partition.eof", "true"),
      ("allow.auto.create.topics", "false"),
      ("partition.assignment.strategy", "cooperative-sticky"),
      ("session.timeout.ms", "10000"), ("heartbeat.interval.ms", "3000"),
      // Partitions added to a topic are seen within this time.
      ("topic.metadata.refresh.interval.ms", "30000"),
      // What is fetched ahead, for all partitions together, and by one fetch.
      ("queued.max.messages.kbytes", "65536"), ("fetch.max.bytes", "16777216"), ("message.max.bytes", "8388608"),
      ("max.partition.fetch.bytes", "4194304"), ("fetch.wait.max.ms", "100"),
    ]
    if let instanceID { all.append(("group.instance.id", instanceID)) }
    return all
  }
}
