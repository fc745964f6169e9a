// What no single key of a pipeline can get wrong, but several can together.

extension Settings {
  /// Everything in a pipeline that cannot be, each with its place.
  var contradictions: [ConfigurationError] {
    topicErrors + sourceErrors + webhookErrors + samplingErrors + listenErrors
      + intervalErrors + allowErrors + listErrors
  }

  private var topicErrors: [ConfigurationError] {
    var errors: [ConfigurationError] = []
    var owners: [String: LineTopic] = [:]
    for topic in LineTopic.allCases {
      let settings = self.topic(topic)
      let key = "topics.\(topic.rawValue)"
      let nameKey = text("\(key).name").isEmpty ? "kafka.topic_prefix" : "\(key).name"
      if !isTopicName(settings.name) {
        let message = "'\(settings.name)' is no name of a topic: 1 to 249 letters, digits, '.', '_' and '-'"
        if errors.last?.message.hasPrefix("kafka.topic_prefix") != true { errors.append(error(nameKey, message)) }
      }
      if let other = owners[settings.name] {
        errors.append(error(nameKey, "'\(settings.name)' is the topic of \(other.rawValue) already"))
      }
      owners[settings.name] = topic
      if topic == .candidates, settings.partitions != 1 {
        errors.append(error("\(key).partitions", "must be 1: attacks are joined in one place"))
      }
      if topic == .reputation, settings.partitions != 1 {
        errors.append(error("\(key).partitions", "must be 1: a list is announced after its networks"))
      }
      if topic == .reputation, duration("\(key).retention") != 0 {
        errors.append(error("\(key).retention", "must be 0: what has not changed is not written again"))
      }
      if let followed = topic.followed, settings.partitions != self.topic(followed).partitions {
        errors.append(
          error(
            "\(key).partitions",
            "must be \(self.topic(followed).partitions), as \(followed.rawValue) has (or 0, which means that)"))
      }
    }
    let events = "topics.events.partitions"
    if topic(.events).partitions != integer("partitions") {
      // Replay and the line must cut a log alike.
      errors.append(error(events, "must be \(integer("partitions")), as `partitions` says (or 0, which means that)"))
    }
    if texts("kafka.bootstrap").isEmpty { errors.append(error("kafka.bootstrap", "name at least one broker")) }
    return errors
  }

  /// The brokers end a transaction that takes longer than its timeout, so that nothing would ever be committed.
  private var intervalErrors: [ConfigurationError] {
    let timeout = duration("kafka.transaction_timeout")
    return ["aggregator.commit_interval", "analyzer.commit_interval"].filter { duration($0) > timeout / 2 }.map {
      error($0, "must be at most half of kafka.transaction_timeout")
    }
  }

  private var sourceErrors: [ConfigurationError] {
    var errors: [ConfigurationError] = []
    var readsInput = false
    for source in items("forwarder.sources") {
      let isSyslog = !source.text("syslog").isEmpty
      let kinds = (source.texts("files").isEmpty ? 0 : 1) + (isSyslog ? 1 : 0) + (source.flag("stdin") ? 1 : 0)
      if kinds != 1 {
        let key = isSyslog ? "syslog" : source.flag("stdin") ? "stdin" : "files"
        // An item without any of them has no place of its own: the list's is the nearest.
        errors.append(
          kinds == 0
            ? error("forwarder.sources", "each needs one of files, syslog and stdin")
            : source.error(key, "only one of files, syslog and stdin can be given"))
      }
      if source.flag("stdin") {
        if readsInput { errors.append(source.error("stdin", "standard input is a source already")) }
        readsInput = true
      }
      guard isSyslog else { continue }
      guard let listener = SyslogListener(source.text("syslog")) else {
        errors.append(
          source.error(
            "syslog",
            "'\(source.text("syslog"))' is no address; write udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT or unix:///PATH"
          ))
        continue
      }
      if case .tls = listener, source.text("certificate_file").isEmpty || source.text("key_file").isEmpty {
        errors.append(source.error("syslog", "tls needs certificate_file and key_file"))
      }
    }
    return errors
  }

  private var webhookErrors: [ConfigurationError] {
    items("attacks.notify").compactMap { webhook in
      let url = webhook.text("url")
      if url.hasPrefix("http://") || url.hasPrefix("https://") { return nil }
      return url.isEmpty
        ? error("attacks.notify", "each needs a url")
        : webhook.error("url", "must start with http:// or https://")
    }
  }

  private var samplingErrors: [ConfigurationError] {
    properties("forwarder.sampling").compactMap { property in
      if let rate = Int(property.value), (1...1_000_000).contains(rate) { return nil }
      return error(
        "forwarder.sampling", "'\(property.name)': '\(property.value)' is not a whole number from 1 to 1000000")
    }
  }

  private var listenErrors: [ConfigurationError] {
    let listen = text("status.listen")
    guard !listen.isEmpty, hostAndPort(listen) == nil else { return [] }
    return [error("status.listen", "'\(listen)' is no address; write HOST:PORT, such as 127.0.0.1:9464")]
  }
}

private func isTopicName(_ name: String) -> Bool {
  (1...249).contains(name.utf8.count) && name != "." && name != ".."
    && name.utf8.allSatisfy { byte in
      (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2d || byte == 0x2e
        || byte == 0x5f
    }
}
