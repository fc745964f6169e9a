import Testing

@testable import Detection

/// One search against one request.
struct MatchCase: CustomTestStringConvertible, Sendable {
  var search: String
  var request: Request
  var isMatch: Bool
  init(_ search: String, _ request: Request, _ isMatch: Bool) {
    (self.search, self.request, self.isMatch) = (search, request, isMatch)
  }
  var testDescription: String { "\(search) on \(request.target)" }
}

@Suite struct SigmaMatchingTests {
  static let values: [MatchCase] = [
    // Whole values, wildcards, escapes.
    MatchCase("cs-uri-stem: /Admin", Request(target: "/admin?x=1"), true),
    MatchCase("cs-uri-stem: /admin", Request(target: "/admin/"), false),
    MatchCase("cs-uri-stem: /a*n", Request(target: "/a/b/n"), true),
    MatchCase("cs-uri-stem: /a?c", Request(target: "/abc"), true),
    MatchCase("cs-uri-stem: /a?c", Request(target: "/ac"), false),
    MatchCase("c-uri: '/a\\?c'", Request(target: "/a?c"), true),
    MatchCase("c-uri: '/a\\?c'", Request(target: "/abc"), false),
    MatchCase("c-uri: '/a\\*c'", Request(target: "/a*c"), true),
    MatchCase("c-uri: '/a\\*c'", Request(target: "/abbc"), false),
    MatchCase("c-uri: '/a\\\\*c'", Request(target: "/a\\xc"), true),
    MatchCase("c-uri: '/a\\c'", Request(target: "/a\\c"), true),
    MatchCase("c-uri: '/a\\\\c'", Request(target: "/a\\c"), true),
    MatchCase("c-uri: '/a\\\\\\\\c'", Request(target: "/a\\\\c"), true),
    MatchCase("c-uri: '*a*b*c*'", Request(target: "/xaxbxcx"), true),
    MatchCase("c-uri: '*a*b*c*'", Request(target: "/xaxcxbx"), false),
    MatchCase("c-uri: '??'", Request(target: "/a"), true),
    MatchCase("c-uri: '??'", Request(target: "/ab"), false),
    MatchCase("c-uri: '*'", Request(target: "/"), true),
    MatchCase("cs-cookie: '*'", Request(), false),
    MatchCase("c-uri: [/a, /b]", Request(target: "/b"), true),
    MatchCase("c-uri: [/a, /b]", Request(target: "/c"), false),
    // contains, startswith, endswith, all, cased.
    MatchCase("c-uri|contains: SELECT", Request(target: "/?q=select"), true),
    MatchCase("c-uri|contains: 'a*z'", Request(target: "/?q=abcz1"), true),
    MatchCase("c-uri|startswith: /ADM", Request(target: "/admin"), true),
    MatchCase("c-uri|startswith: adm", Request(target: "/admin"), false),
    MatchCase("c-uri|endswith: .php", Request(target: "/x.PHP"), true),
    MatchCase("c-uri|endswith: .php", Request(target: "/x.php7"), false),
    MatchCase("c-uri|contains|all: [union, select]", Request(target: "/?q=union+select"), true),
    MatchCase("c-uri|contains|all: [union, select]", Request(target: "/?q=union"), false),
    MatchCase("c-uri|all|contains: [a, b]", Request(target: "/ab"), true),
    MatchCase("c-uri|contains|cased: Admin", Request(target: "/Admin"), true),
    MatchCase("c-uri|contains|cased: Admin", Request(target: "/admin"), false),
    MatchCase("c-uri|cased: /A*", Request(target: "/Ab"), true),
    MatchCase("c-uri|cased: /A*", Request(target: "/ab"), false),
    MatchCase("c-uri|contains: ''", Request(target: "/"), true),
    MatchCase("c-uri|neq: /a", Request(target: "/b"), true),
    MatchCase("c-uri|neq: [/a, /b]", Request(target: "/b"), false),
    MatchCase("c-uri|contains|neq: x", Request(target: "/b"), true),
    // Regular expressions.
    MatchCase("c-uri|re: 'id=\\d+'", Request(target: "/?id=42"), true),
    MatchCase("c-uri|re: 'ID=\\d+'", Request(target: "/?id=42"), false),
    MatchCase("c-uri|re|i: 'ID=\\d+'", Request(target: "/?id=42"), true),
    MatchCase("c-uri|re: '^/a'", Request(target: "/ab"), true),
    MatchCase("c-uri|re: '^a'", Request(target: "/ab"), false),
    MatchCase("c-uri|re: 'b$'", Request(target: "/ab"), true),
    MatchCase("c-uri|re: 'a$'", Request(target: "/ab"), false),
    MatchCase("c-uri|re: '\\A/a\\z'", Request(target: "/a"), true),
    MatchCase("c-uri|re: '\\A/a\\z'", Request(target: "/ab"), false),
    MatchCase("c-uri|re: '(a)\\1'", Request(target: "/xaay"), true),
    MatchCase("c-uri|re: '(a|b)\\1'", Request(target: "/xaby"), false),
    MatchCase("c-uri|re: 'foo(?!bar)'", Request(target: "/foobar"), false),
    MatchCase("c-uri|re: 'foo(?!bar)'", Request(target: "/foobaz"), true),
    MatchCase("c-uri|re: '(?<=x)foo'", Request(target: "/xfoo"), true),
    MatchCase("c-uri|re: '(?<=x)foo'", Request(target: "/yfoo"), false),
    MatchCase("c-uri|re: 'a*'", Request(target: "/zzz"), true),
    MatchCase("c-uri|re: 'a[^b]c'", Request(target: "/a%0ac"), true),
    MatchCase("c-uri|re: 'a.c'", Request(target: "/a%0ac"), false),
    MatchCase("c-uri|re|s: 'a.c'", Request(target: "/a%0ac"), true),
    MatchCase("c-uri|re: '^c'", Request(target: "/a%0ac"), false),
    MatchCase("c-uri|re|m: '^c'", Request(target: "/a%0ac"), true),
    MatchCase("c-uri|re|i|m|s: '^C.D'", Request(target: "/a%0ac%0ad"), true),
    MatchCase("c-uri|re|all: ['a', 'b']", Request(target: "/ab"), true),
    MatchCase("c-uri|re|all: ['a', 'z']", Request(target: "/ab"), false),
    // Fields of the target.
    MatchCase("cs-uri-query|contains: /admin", Request(target: "/admin?x"), true),
    MatchCase("cs-uri-query: a=b", Request(target: "/p?a=b"), true),
    MatchCase("cs-uri-query|startswith: a=", Request(target: "/p?a=b"), true),
    MatchCase("cs-uri-query|startswith: '/p?a='", Request(target: "/p?a=b"), true),
    MatchCase("cs-uri-query|startswith: p", Request(target: "/p?a=b"), false),
    MatchCase("cs-uri-query: ''", Request(target: "/p"), true),
    MatchCase("cs-uri-query: ''", Request(target: "/p?a"), false),
    MatchCase("cs-uri-query|re: '^a='", Request(target: "/p?a=b"), true),
    MatchCase("cs-uri-query|re: '^[^a]'", Request(target: "?a=b"), true),
    MatchCase("cs-uri-query|re: 'b$'", Request(target: "/p?a=b"), true),
    MatchCase("cs-uri-stem|re: '\\.php$'", Request(target: "/x.php?y"), true),
    MatchCase("cs-uri-stem|re: '\\.php$'", Request(target: "/x.phpx?y.php"), false),
    MatchCase("cs-uri-stem|re: '^/x'", Request(target: "http://h/x"), true),
    MatchCase("cs-uri-stem|re: '^(?!/y)/x'", Request(target: "/x?y"), true),
    MatchCase("c-uri-extension|re: '^p[[:alpha:]^]+$'", Request(target: "/x.php?y"), true),
    MatchCase("cs-uri-stem|endswith: .php", Request(target: "/x.php?a=.asp"), true),
    MatchCase("cs-uri-stem|contains: asp", Request(target: "/x.php?a=.asp"), false),
    MatchCase("cs-uri-stem|re: 'asp'", Request(target: "/x.php?a=.asp"), false),
    MatchCase("cs-uri-stem: /x", Request(target: "http://h.example/x?y"), true),
    MatchCase("c-uri-extension: PHP", Request(target: "/a.b/x.php?a=.asp"), true),
    MatchCase("c-uri-extension: [exe, dll]", Request(target: "/a.exe/x"), false),
    MatchCase("c-uri-extension|exists: false", Request(target: "/a.exe/x"), true),
    MatchCase("c-uri-extension: null", Request(target: "/x."), true),
    // As sent or decoded.
    MatchCase("c-uri|contains: '../'", Request(target: "/%2e%2e%2f"), true),
    MatchCase("c-uri|contains: '%2e%2e'", Request(target: "/%2e%2e%2f"), true),
    MatchCase("c-uri|contains: '<script'", Request(target: "/?q=%253Cscript"), true),
    MatchCase("c-uri|contains: 'a b'", Request(target: "/?q=a+b"), true),
    MatchCase("cs-uri-stem|contains: 'a b'", Request(target: "/a+b"), false),
    MatchCase("cs-uri-stem|contains: '?'", Request(target: "/a%3fb?c"), true),
    MatchCase("cs-uri-query: c", Request(target: "/a%3fb?c"), true),
    MatchCase("c-uri|contains: \"\\nSet-Cookie:\"", Request(target: "/?q=%0aset-cookie:x"), true),
    MatchCase("c-uri|startswith: set", Request(target: "/?q=%0aset"), false),
    MatchCase("c-uri|endswith: '/?q='", Request(target: "/?q=%0aset"), false),
    // Other columns.
    MatchCase("c-useragent|contains: sqlmap", Request(userAgent: "sqlmap/1.7"), true),
    MatchCase("c-useragent|contains: sqlmap", Request(target: "/sqlmap"), false),
    MatchCase("cs-user-agent: ''", Request(), true),
    MatchCase("cs-user-agent: null", Request(userAgent: "x"), false),
    MatchCase("cs-referer|contains: evil", Request(referrer: "http://evil.example/"), true),
    MatchCase("cs-referrer|contains: evil", Request(referrer: "http://evil.example/"), true),
    MatchCase("cs-host: Shop.example", Request(host: "shop.example"), true),
    MatchCase("r-dns|endswith: .example", Request(host: "shop.example"), true),
    MatchCase("cs-cookie|contains: 'O:8:'", Request(cookie: "s=O%3a8:x"), true),
    MatchCase("cs-body|contains: 'cmd='", Request(body: "cmd=id"), true),
    MatchCase("cs-content-type|contains: xml", Request(contentType: "text/XML"), true),
    MatchCase("cs-username: admin", Request(user: "Admin"), true),
    // Names, numbers, addresses.
    MatchCase("cs-method: post", Request(method: .post), true),
    MatchCase("cs-method: [PUT, DELETE]", Request(method: .post), false),
    MatchCase("cs-method: 'P*'", Request(method: .patch), true),
    MatchCase("cs-method|cased: post", Request(method: .post), false),
    MatchCase("cs-method: MKCOL", Request(method: .unknown, methodText: "mkcol"), true),
    MatchCase("cs-method: null", Request(method: .unknown), true),
    MatchCase("cs-version: HTTP/1.0", Request(version: .http10), true),
    MatchCase("cs-version|contains: '2'", Request(version: .http2), true),
    MatchCase("sc-status: 404", Request(status: 404), true),
    MatchCase("sc-status: '404'", Request(status: 404), true),
    MatchCase("sc-status: [500, 404]", Request(status: 404), true),
    MatchCase("sc-status: 404", Request(status: 405), false),
    MatchCase("sc-status: '4*'", Request(status: 405), true),
    MatchCase("sc-status|startswith: 4", Request(status: 504), false),
    MatchCase("sc-status|gte: 500", Request(status: 500), true),
    MatchCase("sc-status|gt: 500", Request(status: 500), false),
    MatchCase("sc-status|lt: 500", Request(status: 499), true),
    MatchCase("sc-status|lte: 499.5", Request(status: 499), true),
    MatchCase("sc-status|neq: 200", Request(status: 404), true),
    MatchCase("sc-status: null", Request(status: 0), true),
    MatchCase("sc-status|exists: true", Request(status: 200), true),
    MatchCase("sc-bytes|gt: 1000", Request(bytes: 1001), true),
    MatchCase("cs-bytes|gt: 0", Request(requestBytes: 0), false),
    MatchCase("time-taken|gte: 1500", Request(duration: 1_500_000), true),
    MatchCase("time-taken|gte: 0", Request(), false),
    MatchCase("s-port: 8080", Request(port: 8080), true),
    MatchCase("c-ip: 10.1.2.3", Request(client: "10.1.2.3"), true),
    MatchCase("c-ip: '10.1.*'", Request(client: "10.1.2.3"), true),
    MatchCase("src_ip|cidr: 10.0.0.0/8", Request(client: "10.1.2.3"), true),
    MatchCase("src_ip|cidr: [192.168.0.0/16, 2001:db8::/32]", Request(client: "2001:db8::1"), true),
    MatchCase("src_ip|cidr: 10.0.0.0/8", Request(client: "11.1.2.3"), false),
    MatchCase("src_ip|cidr|neq: 10.0.0.0/8", Request(client: "11.1.2.3"), true),
    // Encodings.
    MatchCase("c-uri|base64|contains: foobar", Request(target: "/?q=Zm9vYmFy"), true),
    MatchCase("c-uri|base64offset|contains: foobar", Request(target: "/?q=YWZvb2Jhcg=="), true),
    MatchCase("c-uri|base64offset|contains: foobar", Request(target: "/?q=YWFmb29iYXI="), true),
    MatchCase("c-uri|base64offset|contains: foobar", Request(target: "/?q=eHh4Zm9vYmFy"), true),
    MatchCase("c-uri|base64offset|contains: foobar", Request(target: "/?q=eHh4Zm9vYmF6"), false),
    MatchCase("c-uri|wide|base64offset|contains: cmd", Request(target: "/?q=YwBtAGQA"), true),
    MatchCase("c-uri|utf16le|base64|contains: cmd", Request(target: "/?q=YwBtAGQA"), true),
    MatchCase("c-uri|utf16be|base64|contains: cmd", Request(target: "/?q=AGMAbQBk"), true),
    MatchCase("c-uri|utf16|base64|contains: cmd", Request(target: "/?q=//5jAG0AZAA="), true),
    MatchCase("c-uri|windash|contains: ' -exec'", Request(target: "/?q=find+/exec"), true),
    MatchCase("c-uri|windash|contains: ' -exec'", Request(target: "/?q=find+-exec"), true),
    MatchCase("c-uri|windash|contains: ' -exec'", Request(target: "/?q=find+\u{2013}exec"), true),
    MatchCase("c-uri|windash|contains: ' -exec'", Request(target: "/?q=find+_exec"), false),
    // exists and other fields.
    MatchCase("cs-cookie|exists: true", Request(cookie: "a"), true),
    MatchCase("cs-cookie|exists: false", Request(cookie: "a"), false),
    MatchCase("cs-referer|fieldref: c-uri", Request(target: "/A", referrer: "/a"), true),
    MatchCase("cs-referer|fieldref: c-uri", Request(target: "/A", referrer: "/ab"), false),
    MatchCase(
      "cs-referer|fieldref|contains: cs-host", Request(referrer: "http://H.example/x", host: "h.example"), true),
    MatchCase("cs-referer|fieldref|startswith: cs-host", Request(referrer: "h.example/x", host: "h.example"), true),
    MatchCase("cs-referer|fieldref|endswith: c-uri", Request(target: "/x", referrer: "h/x"), true),
    MatchCase("cs-referer|fieldref|cased: c-uri", Request(target: "/A", referrer: "/a"), false),
    MatchCase("sc-bytes|fieldref: cs-bytes", Request(bytes: 7, requestBytes: 7), true),
    MatchCase("sc-bytes|fieldref|neq: cs-bytes", Request(bytes: 7, requestBytes: 8), true),
    // Maps, lists of maps, searches without a field.
    MatchCase("c-uri|contains: a\ncs-method: POST", Request(target: "/a", method: .post), true),
    MatchCase("c-uri|contains: a\ncs-method: POST", Request(target: "/a"), false),
    MatchCase("- c-uri|contains: zzz\n- cs-method: GET", Request(target: "/a"), true),
    MatchCase("- c-uri|contains: zzz\n- cs-method: POST", Request(target: "/a"), false),
    MatchCase("- jndi\n- zzz", Request(userAgent: "${JNDI:ldap://x}"), true),
    MatchCase("- jndi\n- zzz", Request(target: "/?q=%24%7Bjndi:x"), true),
    MatchCase("- jndi\n- zzz", Request(target: "/x"), false),
    MatchCase("'|all':\n  - jndi\n  - ldap", Request(target: "/ldap", userAgent: "${jndi:"), true),
    MatchCase("'|all':\n  - jndi\n  - ldap", Request(target: "/x", userAgent: "${jndi:"), false),
    MatchCase("'|re': 'j.di'", Request(cookie: "jndi"), true),
  ]

  @Test(arguments: values) func aValueMatchesAsTheSpecificationSays(_ item: MatchCase) throws {
    #expect(try holds(item.search, item.request) == item.isMatch)
  }

  @Test func whatOneValueEndsAndTheNextBeginsMatchesNothing() throws {
    let rules = try load(
      rule("s: {c-uri|re: 'ab\\s+cd'}\ncondition: s", id: "a"), rule("s: {c-uri|re: 'b[^x]c'}\ncondition: s", id: "b"),
      rule("s: {c-uri|contains: \"b\\nc\"}\ncondition: s", id: "c"))
    var matcher = RuleMatcher(rules)
    matcher.begin()
    let first = Request(target: "/ab")
    let second = Request(target: "cd")
    first.withView { matcher.add($0) }
    second.withView { matcher.add($0) }
    matcher.scan()
    #expect(first.withView { matcher.match(0, $0).isEmpty })
    #expect(second.withView { matcher.match(1, $0).isEmpty })
  }

  @Test func theStrongestRulesComeFirst() throws {
    let text = ["low", "critical", "informational", "high", "medium"].map {
      rule("s: {c-uri|contains: x}\ncondition: s", id: $0, level: $0)
    }.joined(separator: "---\n")
    #expect(matches(try load(text), Request(target: "/x")) == ["critical", "high", "medium", "low", "informational"])
  }

  @Test func moreThanSixteenMatchesKeepTheStrongest() throws {
    let text = (0..<20).map {
      rule("s: {c-uri|contains: x}\ncondition: s", id: "r\($0)", level: $0 >= 10 ? "high" : "low")
    }.joined(separator: "---\n")
    let found = matches(try load(text), Request(target: "/x"))
    #expect(found == (10..<20).map { "r\($0)" } + (0..<6).map { "r\($0)" })
  }
}
