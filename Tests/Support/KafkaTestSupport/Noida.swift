// The stand-in where there is no Kafka: noida-db of PyPI.

import Foundation

enum Noida {
  static func start() throws -> String { throw TestKafka.Missing(what: "no broker found") }
}
