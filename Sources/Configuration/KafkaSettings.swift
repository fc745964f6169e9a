// How a pipeline says that brokers are reached, as librdkafka wants to hear it.

extension Settings {
  /// Properties of librdkafka for a client of `program`, in order; those of `kafka.properties` come last and win.
  ///
  /// `transactional.id`, `group.id` and what makes a producer or a consumer is the caller's; so is
  /// `transaction.timeout.ms` (`kafka.transaction_timeout`), which a consumer would warn of.
  /// - Parameter program: `aggregator`: the client id is `millrace-aggregator` where the pipeline names none.
  public func kafkaProperties(program: String) -> [SettingProperty] {
    var properties: [SettingProperty] = []
    func add(_ name: String, _ value: String) {
      if !value.isEmpty { properties.append(SettingProperty(name, value)) }
    }
    add("bootstrap.servers", texts("kafka.bootstrap").joined(separator: ","))
    let client = text("kafka.client_id")
    add("client.id", client.isEmpty ? "millrace-\(program)" : client)
    let security = text("kafka.security.protocol")
    if security != "plaintext" { add("security.protocol", security) }
    if security.hasSuffix("ssl") {
      add("ssl.ca.location", text("kafka.security.ca_file"))
      add("ssl.certificate.location", text("kafka.security.certificate_file"))
      add("ssl.key.location", text("kafka.security.key_file"))
      add("ssl.key.password", text("kafka.security.key_password"))
    }
    if security.hasPrefix("sasl") {
      add("sasl.mechanism", text("kafka.security.mechanism"))
      add("sasl.username", text("kafka.security.username"))
      add("sasl.password", text("kafka.security.password"))
    }
    for property in self.properties("kafka.properties") {
      properties.removeAll { $0.name == property.name }
      properties.append(property)
    }
    return properties
  }
}
