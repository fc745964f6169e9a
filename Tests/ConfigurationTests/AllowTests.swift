import Configuration
import Testing

private func errors(_ yaml: String) -> String {
  do {
    _ = try PipelineFile.load(Array(yaml.utf8), file: "p.yaml")
    return ""
  } catch { return "\(error)" }
}

@Suite struct AllowTests {
  @Test func whatIsAllowedIsReadTyped() throws {
    let settings = try PipelineFile.load(
      Array(
        """
        allow:
          - {networks: [192.0.2.0/24, 2001:db8::1], path: /health}
          - {user_agent_contains: Monitor/1}
          - {path_prefix: /static/}
          - {user_agent: "My client"}
        """.utf8))
    let allowed = settings.allowances
    #expect(allowed.count == 4)
    #expect(
      allowed[0].networks.map(\.description) == ["192.0.2.0/24", "2001:db8::1/128"] && allowed[0].path == "/health")
    #expect(allowed[1].userAgentPart == "Monitor/1" && allowed[2].pathPrefix == "/static/")
    #expect(allowed[3].userAgent == "My client")
  }

  @Test(arguments: [
    "0.0.0.0/0", "::/0", "128.0.0.0/1", "10.0.0.0/7", "::/1", "::/64", "::/95", "::ffff:0:0/96", "::ffff:0.0.0.0/96",
    "2000::/3", "::", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/+8", "192.0.2", "office", "192.0.2.1/ 8",
    "192.0.2.0/٨",
  ])
  func aNetworkThatIsTooWideOrNoneIsRefusedWithItsPlace(network: String) {
    let told = errors("allow:\n  - {networks: [\"\(network)\"]}\n")
    #expect(told.contains("p.yaml:2") && told.contains("allow[0].networks"), "\(network): \(told)")
  }

  @Test(arguments: [
    "{path: health}", "{path_prefix: /}", "{path_prefix: //}", "{path: /a/../b}", "{path: /a/%2e}", "{path: \"/a?b\"}",
    "{path: /a//b}", "{path: /a/./b}", "{path: /a/..}", "{path: '/a\\\\b'}", "{path: \"/a#b\"}", "{path: \"/a;b\"}",
    "{path: \"/a b\"}", "{user_agent_contains: Moz}", "{}",
  ])
  func anEntryThatCouldNeverHoldOrHoldsTooMuchIsRefused(entry: String) {
    #expect(errors("allow:\n  - \(entry)\n").contains("allow"), "\(entry)")
  }

  @Test func listsOfAddressesAreReadTyped() throws {
    let settings = try PipelineFile.load(
      Array(
        """
        reputation:
          country: country.mmdb
          lists:
            - {path: lists/exits.txt, kind: tor}
            - {name: bad, path: bad.csv, format: csv, column: 3}
        """.utf8))
    let lists = settings.addressLists
    #expect(lists.map(\.name) == ["exits.txt", "bad"] && lists.map(\.kind) == ["tor", "abuse"])
    #expect(lists[1].format == "csv" && lists[1].column == 3 && lists[0].path == "lists/exits.txt")
    #expect(settings.text("reputation.country") == "country.mmdb")
  }

  @Test func listsNeedAPathAndANameOfTheirOwn() {
    #expect(errors("reputation: {lists: [{kind: tor}]}").contains("each needs a path or a url"))
    #expect(errors("reputation: {lists: [{path: a/x}, {path: b/x}]}").contains("'x' is the name of a list already"))
    #expect(errors("reputation: {lists: [{path: a, kind: bad}]}").contains("kind"))
    #expect(
      errors("reputation: {lists: [{path: a, url: \"https://a.example/x\"}]}").contains("only one of path and url"))
    #expect(errors("reputation: {lists: [{url: \"file:///etc/passwd\"}]}").contains("http:// or https://"))
    #expect(errors("reputation: {lists: [{path: a, expiry: 1h}]}").contains("expires before it is read again"))
    #expect(errors("topics: {reputation: {partitions: 2}}").contains("must be 1"))
    #expect(errors("topics: {reputation: {retention: 7d}}").contains("must be 0"))
    #expect(errors("reputation: {lists: [{path: a, name: \"a\\nb\"}]}").contains("no name of a list"))
    let many = (0..<65).map { "{path: l\($0)}" }.joined(separator: ", ")
    #expect(errors("reputation: {lists: [\(many)]}").contains("64 lists"))
  }
}
