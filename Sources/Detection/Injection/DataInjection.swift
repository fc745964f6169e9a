// Values that other interpreters behind the application would read: document databases, XML parsers,
// directories, object readers, PHP, and the HTTP header they end up in.

import Bytes

enum DataInjection {
  static func inspect(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    let traits = value.traits
    let scripted: ByteTraits = [.dollar, .pipe, .singleQuote, .semicolon]
    if !traits.isDisjoint(with: scripted) {
      noSQL(value, &tally)
    }
    if traits.contains(.angle) { xml(value, &tally) }
    if traits.contains(.parenthesis) {
      ldap(value, &tally)
      php(value, &tally)
      if callsCollection(text) { tally.add(.noSQL, value.discounted(66)) }
    } else if traits.contains(.angle) || traits.contains(.bracket) {
      php(value, &tally)
    }
    if traits.contains(.parenthesis) || traits.contains(.bracket) || traits.contains(.colon) { xpath(value, &tally) }
    if traits.contains(.lineBreak) { header(value, &tally) }
    if traits.contains(.colon) || traits.contains(.brace) || traits.contains(.bracket) || text.byteCount > 20 {
      objects(value, &tally)
    }
  }

  private static func noSQL(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var score = 0
    if value.traits.contains(.dollar) {
      var from = 0
      while let at = text.firstIndex(of: 0x24, from: from) {
        from = at &+ 1
        let end = text.wordEnd(at &+ 1)
        guard end > at &+ 1, isOperator(text.extracting(at &+ 1..<end)) else { continue }
        let before = text.at(at &- 1)
        let quoted = before == 0x22 || before == 0x27
        let after = text.at(text.skippingSpace(quoted ? end &+ 1 : end))
        if after == 0x3a || before == 0x5b && text.at(end) == 0x5d {
          score = max(score, quoted || before == 0x7b || before == 0x5b ? 85 : 60)
        }
      }
    }
    if text.contains("this.")
      && (text.contains("||") || text.contains("&&") || text.contains("==") || text.contains("match("))
    {
      score = max(score, 78)
    }
    if text.contains("return true") || text.contains("return(true") || text.contains("db.get")
      || text.contains("db.inject") || text.contains("mapreduce")
    {
      if value.traits.contains(.semicolon) || value.traits.contains(.singleQuote) { score = max(score, 70) }
    }
    if text.contains("';return") || text.contains("\";return") || text.contains("'; return")
      || text.contains("$comment:") || text.contains("}while(") && text.contains("new date")
    {
      score = max(score, 70)
    }
    if text.contains("||1==1") || text.contains("|| 1==1") || text.contains("'||'1'=='1") || text.contains("||'a'=='a")
      || text.contains("while(true)")
    {
      score = max(score, 78)
    }
    tally.add(.noSQL, value.discounted(score))
  }

  /// `db.users.insert(`, `db.x.y.drop(`
  private static func callsCollection(_ text: RawSpan) -> Bool {
    guard let at = text.firstRange(of: "db."), !text.at(at &- 1).isWord else { return false }
    var i = at &+ 3
    var last = i
    while text.at(i).isWord || text.at(i) == 0x2e {
      if text.at(i) == 0x2e { last = i &+ 1 }
      i &+= 1
    }
    guard text.at(i) == 0x28, last > at &+ 3 else { return false }
    let name = text.extracting(last..<i)
    for known in [
      "insert", "insertone", "find", "findone", "drop", "remove", "update", "aggregate", "mapreduce", "deletemany",
    ] as [StaticString] where name.equals(known) { return true }
    return false
  }

  /// A MongoDB operator's name without its `$`.
  static func isOperator(_ name: RawSpan) -> Bool { mongo.contains(name) }
  private static let mongo = WordTable([
    (
      "ne eq gt gte lt lte in nin or and nor not where regex exists type expr jsonschema mod text all elemmatch size func function ref",
      1
    )
  ])

  private static func xml(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    if text.contains("<!entity") {
      tally.add(.externalEntity, text.contains("system") || text.contains("public") || text.contains("%") ? 95 : 75)
    } else if let at = text.firstRange(of: "<!doctype") {
      let rest = text.extracting(at..<min(text.byteCount, at &+ 300))
      if rest.contains("[") || rest.contains("system") {
        tally.add(.externalEntity, rest.contains("html") && !rest.contains("[") ? 20 : 78)
      }
    }
    if text.contains("xi:include") || text.contains("2001/xinclude") { tally.add(.externalEntity, 80) }
    if text.contains("<xsl:") && (text.contains("document(") || text.contains("script") || text.contains("value-of")) {
      tally.add(.externalEntity, 70)
    }
    if let at = text.firstRange(of: "<!--#") {
      let rest = text.extracting(at &+ 5..<text.byteCount)
      let start = rest.skippingSpace(0)
      for word in ["exec", "include", "echo", "printenv", "config", "set", "flastmod", "fsize", "if"] as [StaticString]
      where rest.holds(word, at: start) {
        tally.add(.serverSideInclude, word.utf8CodeUnitCount == 2 ? 60 : 92)
      }
    }
    if text.contains("<esi:") { tally.add(.serverSideInclude, 85) }
  }

  private static func ldap(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var score = 0
    if text.contains("*)(") || text.contains(")(|") || text.contains(")(&") || text.contains("(|(")
      || text.contains("(&(") || text.contains("*)&") || text.contains("*))%00") || text.contains(")(!(")
      || text.contains("*|*)") || text.contains("*()|")
    {
      score = 66
      if text.contains("=*") || text.contains("uid=") || text.contains("cn=") || text.contains("objectclass=")
        || text.contains("userpassword") || text.contains("mail=") || text.contains("sn=")
      {
        score = 85
      }
    } else if text.contains(")(")
      && (text.contains("=*") || text.contains("uid=") || text.contains("cn=") || text.contains("objectclass="))
    {
      score = 78
    } else if text.holds("(", at: 0),
      text.contains("=*)") || text.contains("(objectclass=") || text.contains("(uid=") || text.contains("(cn=")
    {
      score = 60
    }
    tally.add(.ldapFilter, value.discounted(score))
  }

  private static func xpath(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var score = 0
    if text.contains("child::") || text.contains("descendant::") || text.contains("ancestor::")
      || text.contains("parent::") || text.contains("following-sibling::") || text.contains("attribute::")
      || text.contains("descendant-or-self::") || text.contains("ancestor-or-self::")
    {
      score = 80
    }
    if text.contains("string-length(") || text.contains("position()") || text.contains("name(/")
      || text.contains("text()=") || text.contains("/text()") || text.contains("count(/")
      || text.contains("namespace-uri(") || text.contains("comment()") && text.contains("/")
    {
      score = max(score, 72)
    }
    if text.contains("|//*") || text.contains("| //*") || text.contains("|/*") || text.contains("] | /")
      || text.contains("']|//") || text.contains("/*[") || text.contains("| //")
    {
      score = max(score, 68)
    }
    tally.add(.xpath, value.discounted(score))
  }

  private static func php(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var score = 0
    if text.contains("<?php") || text.contains("<?=") || text.contains("<? ") { score = value.isProse ? 70 : 90 }
    if value.traits.contains(.parenthesis) {
      score = max(score, calls(value))
      if text.contains("eval(") && value.traits.contains(.dollar) { score = max(score, 75) }
    }
    if text.contains("$_get[") || text.contains("$_post[") || text.contains("$_request[") || text.contains("$_server[")
      || text.contains("$_cookie[") || text.contains("$_files[") || text.contains("$globals[")
      || text.contains("$_session[")
    {
      score = max(score, 80)
    }
    if text.contains("allow_url_include") || text.contains("auto_prepend_file") || text.contains("auto_append_file")
      || text.contains("disable_functions") || text.contains("suhosin.simulation")
    {
      score = max(score, 90)
    }
    tally.add(.phpCode, value.discounted(score))
  }

  private static let strong: UInt8 = 1
  private static let weak: UInt8 = 2
  private static let functions = WordTable([
    (
      "phpinfo base64_decode shell_exec passthru proc_open popen call_user_func call_user_func_array file_get_contents"
        + " file_put_contents move_uploaded_file gzinflate gzuncompress gzdecode str_rot13 create_function var_dump"
        + " var_export highlight_file show_source highlight_string readfile preg_replace preg_replace_callback"
        + " array_map array_filter array_walk array_diff_ukey usort uasort uksort fsockopen pfsockopen"
        + " stream_socket_client pcntl_exec pcntl_fork print_r unserialize php_uname phpversion get_defined_vars"
        + " get_defined_functions fwrite fputs fopen fread fgets file_exists is_file scandir opendir readdir hex2bin"
        + " ini_set ini_get ini_restore set_time_limit error_reporting curl_exec curl_init require_once include_once"
        + " parse_ini_file posix_getpwuid posix_getuid posix_kill proc_close proc_get_status proc_terminate"
        + " escapeshellarg escapeshellcmd parse_str register_shutdown_function register_tick_function"
        + " forward_static_call simplexml_load_file simplexml_load_string php_strip_whitespace get_current_user"
        + " sys_get_temp_dir apache_setenv apache_child_terminate mysql_query mysqli_query pg_query tempnam"
        + " set_include_path convert_uuencode get_cfg_var phpcredits zend_version",
      strong
    ),
    ("system exec assert include require chr getenv unlink symlink define print_r", weak),
  ])

  /// Calls of PHP's functions, each a name and `(`, with white space between them or not.
  private static func calls(_ value: borrowing DecodedValue) -> Int {
    let text = value.text
    let n = text.byteCount
    var best = 0
    var from = 0
    while let open = text.firstIndex(of: 0x28, from: from) {
      from = open &+ 1
      var end = open
      while end > 0,
        text.unchecked(end &- 1).isSpace || text.unchecked(end &- 1) == 0x22
          || text.unchecked(end &- 1) == 0x27 || text.unchecked(end &- 1) == 0x29
      { end &-= 1 }
      var start = end
      while start > 0, text.unchecked(start &- 1).isWord { start &-= 1 }
      guard end > start else { continue }
      let kind = functions.value(text.extracting(start..<end))
      guard kind != 0 else { continue }
      let before = text.at(start &- 1)
      // ("system")("id"), (system)(id)
      let indirect = end < open && !text.at(end).isSpace
      if indirect, !(before == 0x22 || before == 0x27 || before == 0x28) { continue }
      var one = indirect ? 72 : 62
      if start == 0 || before == 0x40 || before == 0x7b || before == 0x3b || before == 0x2e { one = 72 }
      if value.traits.contains(.semicolon) || value.traits.contains(.dollar) { one &+= 10 }
      // Other languages have these too, and 'system (2)' is prose.
      if kind == weak, !indirect {
        let argument = text.at(text.skippingSpace(open &+ 1))
        one &-= end < open || open &+ 1 >= n ? 40 : argument == 0x27 || argument == 0x22 || argument == 0x24 ? 20 : 32
      }
      best = max(best, one)
    }
    return best
  }

  /// A line end and a header's name behind it.
  private static func header(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    guard value.place != .body, value.place != .json else { return }
    var i = 0
    let n = text.byteCount
    var score = 0
    while i < n {
      guard text.unchecked(i) == 0x0a || text.unchecked(i) == 0x0d else {
        i &+= 1
        continue
      }
      while i < n, text.unchecked(i).isSpace { i &+= 1 }
      let start = i
      while i < n, text.unchecked(i).isWord || text.unchecked(i) == 0x2d { i &+= 1 }
      let name = text.extracting(start..<i)
      let colon = text.at(text.skippingSpace(i)) == 0x3a
      if colon, headers.contains(name) {
        score = max(score, 88)
      } else if colon, name.hasPrefix("x-"), name.byteCount > 3 {
        score = max(score, 75)
      } else if text.holds("http/1.", at: start) || text.holds("http/2", at: start) {
        score = max(score, 88)
      } else if mail.contains(name), colon {
        score = max(score, 62)
      } else if methods.contains(name), text.contains(" http/") {
        score = max(score, 90)
      } else if value.place == .path {
        score = max(score, 40)
      }
    }
    tally.add(.headerSplitting, value.discounted(score))
  }
  private static let headers = WordTable([
    (
      "set-cookie set-cookie2 location content-type content-length content-disposition refresh link host connection status"
        + " transfer-encoding access-control-allow-origin server header-test crlf last-modified cache-control expires cookie user-agent referer"
        + " content-encoding content-security-policy header crlftest header-injection",
      1
    )
  ])
  private static let mail = WordTable([("bcc cc to from subject reply-to mime-version", 1)])
  private static let methods = WordTable([("get post head put options delete trace", 1)])

  /// Serialized objects and the classes that their readers must not make.
  private static func objects(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    let original = value.original
    var score = 0
    if original.hasPrefix("rO0AB") || original.contains("rO0ABX") || original.contains("rO0ABQ") { score = 92 }
    if text.contains("aced0005") { score = max(score, 88) }
    if original.hasPrefix("AAEAAAD/////") { score = max(score, 90) }
    if original.hasPrefix("gASV") || original.hasPrefix("KGRw") || original.hasPrefix("Y29zCnN5c3RlbQ") {
      score = max(score, 70)
    }
    if original.hasPrefix("H4sIAAAA"), value.place == .cookie || value.place == .parameter { score = max(score, 25) }
    if let at = text.firstRange(of: "o:"), text.at(at &+ 2).isASCIIDigit, at == 0 || !text.at(at &- 1).isWord {
      var i = at &+ 2
      while text.at(i).isASCIIDigit { i &+= 1 }
      if text.at(i) == 0x3a, text.at(i &+ 1) == 0x22 || text.at(i &+ 1) == 0x5c { score = max(score, 85) }
    }
    if text.contains("!!python/") || text.contains("!!javax") || text.contains("!!java.")
      || text.contains("!ruby/object") || text.contains("_$$nd_func$$_") || text.contains("objectdataprovider")
      || text.contains("\"@type\":\"") || text.contains("\"@type\": \"") && text.contains("com.sun")
      || text.contains("cos\nsystem") || text.contains("cposix\nsystem") || text.contains("xmldecoder")
      || text.contains("templatesimpl") || text.contains("jdbcrowsetimpl") || text.contains("invokertransformer")
    {
      score = max(score, 88)
    }
    tally.add(.serializedObject, score)
    if text.contains("__proto__") || text.contains("constructor[prototype]") || text.contains("constructor.prototype")
      || text.contains("\"prototype\":") && text.contains("\"constructor\"")
    {
      tally.add(.prototypePollution, value.isProse ? 40 : 82)
    }
  }
}
