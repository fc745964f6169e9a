// What librdkafka says, in the log of the program that uses it.

import Kafka
import Stations

/// Hands what librdkafka says to a program's log, as warnings and errors only.
public func kafkaLog(_ log: Logger) -> KafkaLogHandler {
  { line in
    let level: LogLevel = line.level <= 3 ? .error : line.level == 4 ? .warning : line.level <= 6 ? .info : .debug
    log.log(
      min(level, .warning), "librdkafka", ["facility": .text(line.facility), "text": .text(line.text)],
      key: line.facility)
  }
}
