// A line's Kafka as its pipeline describes it.

import Configuration
import Kafka

extension KafkaSettings {
  /// Clients of a program of the line. What `kafka.properties` says goes before everything else.
  ///
  /// - Parameters:
  ///   - program: `aggregator`.
  ///   - queue: Bytes that may wait in a client; librdkafka's default of this project where it is nil.
  ///   - properties: What the program itself wants.
  public init(
    _ settings: Settings, program: String, queue: Int? = nil, properties own: [(String, String)] = [],
    log: KafkaLogHandler? = nil
  ) {
    let told = settings.kafkaProperties(program: program)
    self.init(bootstrap: settings.texts("kafka.bootstrap").joined(separator: ","))
    self.log = log
    let largest = settings.bytes("kafka.max_record")
    // A record batch has a header of its own.
    properties = [
      ("message.max.bytes", String(largest + (64 << 10))),
      ("producer.transaction.timeout.ms", String(settings.duration("kafka.transaction_timeout") / 1_000_000)),
    ]
    if let queue {
      properties += [
        ("consumer.queued.max.messages.kbytes", String(max(1, queue >> 10))),
        ("producer.queue.buffering.max.kbytes", String(max(1, queue >> 10))),
      ]
    }
    properties += own
    properties += told.map { ($0.name, $0.value) }
  }
}

extension Settings {
  /// Name of a consumer group, and begin of transactional ids, of a program of the line.
  public func lineName(of program: String) -> String {
    let prefix = text("kafka.topic_prefix")
    return "\(prefix.isEmpty ? "millrace" : prefix)-\(program)"
  }
}
