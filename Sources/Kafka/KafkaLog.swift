// What librdkafka has to say, handed to the program.

/// A line of librdkafka's own log.
public struct KafkaLog: Sendable {
  /// As in syslog: 0 emergency ... 3 error, 4 warning, 5 notice, 6 information, 7 debug.
  public var level: Int
  /// A word for the part that speaks, as in `FAIL` or `CONFWARN`.
  public var facility: String
  public var text: String
}

/// Takes a line of the log. It is called from any of librdkafka's threads, so it must neither wait nor call Kafka.
public typealias KafkaLogHandler = @Sendable (KafkaLog) -> Void
