// The keys of what is known before a log is read: requests that are allowed, and lists of addresses.

extension PipelineFile {
  private static let permission: [Setting] = [
    Setting("networks", .texts, "", "Addresses and networks that the request comes from."),
    Setting("path", .text, "", "The path, decoded: /health."),
    Setting("path_prefix", .text, "", "The path or what it is under: /static holds /static/a but not /statics."),
    Setting("user_agent", .text, "", "The whole user agent, as the client writes it."),
    Setting("user_agent_contains", .text, "", "A part of it; anybody can write that."),
  ]

  static let allow: [Setting] = [
    Setting(
      "allow", .items(permission), "",
      "Requests that are never judged nor counted in any attack. All that an entry names must hold: several networks "
        + "are alternatives, the other keys conditions.")
  ]

  private static let addressList: [Setting] = [
    Setting(
      "name", .text, "", "What it is called in attacks; its file's or its address's last part where it is empty."),
    Setting("path", .text, "", "Its file, plain or compressed."),
    Setting(
      "url", .text, "", isSecret: true,
      "In place of path: where millrace-reputation fetches it, http:// or https://; analyzers know it from the topic."),
    Setting("ca_file", .text, "", "Certificates that its server is checked by; the system's if empty."),
    Setting(
      "expiry", .duration(second...(400 * day)), "7d",
      "How long it holds where it cannot be read again; it counts from when millrace-reputation read it."),
    Setting(
      "format", .choice(["auto", "plain", "csv", "netset", "tor", "ipsum", "json"]), "auto", "How it is written."),
    Setting("column", .integer(1...1000), "1", "Of csv: the field with the address."),
    Setting("least", .integer(1...1000), "1", "Of ipsum: addresses that are on fewer lists are left out."),
    Setting(
      "kind", .choice(["tor", "abuse", "vpn", "hosting", "crawler", "monitor", "other"]), "abuse",
      "What it says of those on it. Crawlers and monitors in a file are believed, as those of detection.crawlers are."),
  ]

  static let reputation: [Setting] = [
    Setting(
      "reputation.lists", .items(addressList), "", "Lists of addresses that sources of attacks are held against."),
    Setting(
      "reputation.country", .text, "", "Database of MaxMind's format (.mmdb) with the countries of addresses."),
    Setting("reputation.asn", .text, "", "The same with their autonomous systems."),
    Setting(
      "reputation.refresh", .duration(second...(30 * day)), "1h", "How often millrace-reputation reads the lists."),
    Setting("reputation.timeout", .duration(second...(3600 * second)), "1m", "For one list over HTTP."),
    Setting(
      "reputation.least_share", .number(0...1), "0.5",
      "A list that comes back with less than this share of its networks is refused, and the one before stays."),
    Setting(
      "reputation.max_networks", .integer(1...20_000_000), "1000000",
      "Networks kept of all lists together; those beyond are left out, and told."),
  ]
}
