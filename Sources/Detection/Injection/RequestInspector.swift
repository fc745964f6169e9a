// Takes a request apart into the values that its application would see, and has each judged.

import Bytes

/// Splits targets, headers and bodies into names and values. Owns its scratch space.
struct RequestInspector: ~Copyable {
  private var values = ValueInspector()
  private var unescaped = ByteBuffer(capacity: 1024)

  /// A request target: the path as one value, then each parameter's name and value.
  mutating func inspectTarget(_ target: RawSpan, into tally: inout EvidenceTally) {
    let n = target.byteCount
    var pathStart = 0
    if n > 8, target.at(0) != 0x2f, let scheme = target.firstRange(of: "://"), scheme < 8 {
      pathStart = target.firstIndex(of: 0x2f, from: scheme &+ 3) ?? n
    }
    let question = target.firstIndex(of: 0x3f, from: pathStart) ?? n
    let path = target.extracting(pathStart..<question)
    if Self.pathNeedsLook(path) { values.inspect(path, place: .path, plus: true, into: &tally) }
    if question &+ 1 < n {
      inspectPairs(target.extracting(question &+ 1..<n), place: .parameter, plus: true, into: &tally)
    }
  }

  private static let ordinaryPath: ByteTraits = [
    .letter, .digit, .minus, .dot, .slash, .colon, .comma, .plus, .at, .equals, .hash, .question,
  ]

  private static func pathNeedsLook(_ path: RawSpan) -> Bool {
    let traits = ByteTraits.scan(path)
    if traits.isSubset(of: ordinaryPath) {
      return path.byteCount > 255
        || traits.contains(.dot)
          && (path.contains("..") || path.contains("etc/") || path.contains(".ini"))
        || path.contains("/etc/passwd") || path.contains("/proc/self")
    }
    return true
  }

  /// `name=value` pairs between `&`.
  mutating func inspectPairs(_ pairs: RawSpan, place: ValuePlace, plus: Bool, into tally: inout EvidenceTally) {
    let n = pairs.byteCount
    var start = 0
    var bare = false
    var firstValue = -1
    while start < n {
      let end = pairs.firstIndex(of: 0x26, from: start) ?? n
      let piece = pairs.extracting(start..<end)
      if let equals = piece.firstIndex(of: 0x3d) {
        if firstValue < 0 { firstValue = start &+ equals &+ 1 }
        let name = piece.extracting(0..<equals)
        let value = piece.extracting(equals &+ 1..<piece.byteCount)
        inspectName(name, plus: plus, into: &tally)
        values.inspect(value, place: place, plus: plus, into: &tally)
        if value.hasPrefix("http") || value.hasPrefix("ftp"), Self.namesInclude(name) {
          tally.add(.remoteInclusion, 78)
        }
      } else {
        if firstValue >= 0 { bare = true }
        values.inspect(piece, place: place, plus: plus, into: &tally)
      }
      start = end &+ 1
    }
    // An '&' that was not encoded belongs to the payload: 'a=1 && id', 'a=<b>&c'.
    if bare, firstValue >= 0, firstValue < n {
      values.inspect(pairs.extracting(firstValue..<n), place: place, plus: plus, into: &tally)
    }
  }

  /// A parameter's name: operators of document databases, prototypes, and payloads where names should be.
  private mutating func inspectName(_ name: RawSpan, plus: Bool, into tally: inout EvidenceTally) {
    let traits = ByteTraits.scan(name)
    let ordinary: ByteTraits = [.letter, .digit, .minus, .dot]
    if traits.isSubset(of: ordinary) {
      if name.contains("__proto__") || traits.contains(.dot) && name.byteCount >= 10 {
        values.inspect(name, place: .parameterName, plus: plus, into: &tally)
      }
      return
    }
    if traits.contains(.bracket) || traits.contains(.percent),
      let dollar = name.firstIndex(of: 0x24) ?? name.firstRange(of: "%24")
    {
      var start = dollar &+ 1
      if name.at(dollar) == 0x25 { start = dollar &+ 3 }
      let end = name.wordEnd(start)
      if end > start, DataInjection.isOperator(name.extracting(start..<end)) { tally.add(.noSQL, 84) }
    }
    values.inspect(name, place: .parameterName, plus: plus, into: &tally)
  }

  /// Variables of PHP programs that hold the folder of their own code; none of them is ever a URL.
  private static func namesInclude(_ name: RawSpan) -> Bool {
    guard name.byteCount >= 6 else { return false }
    for known in [
      "mosConfig_", "absolute_path", "_CONF[", "GLOBALS[", "_SERVER[", "_PHPLIB[", "root_path", "include_path",
      "inc_dir", "includedir", "include_dir", "libdir", "lib_dir", "doc_root", "document_root", "DOCUMENT_ROOT",
      "path_to_root", "basepath", "base_path", "class_path", "classpath", "site_path", "abs_path", "path[docroot]",
    ] as [StaticString] where name.contains(known) { return true }
    return false
  }

  mutating func inspectCookies(_ cookies: RawSpan, into tally: inout EvidenceTally) {
    let n = cookies.byteCount
    var start = 0
    while start < n {
      let end = cookies.firstIndex(of: 0x3b, from: start) ?? n
      var begin = start
      while begin < end, cookies.unchecked(begin) == 0x20 { begin &+= 1 }
      let piece = cookies.extracting(begin..<end)
      let equals = piece.firstIndex(of: 0x3d) ?? -1
      if equals > 0 { inspectName(piece.extracting(0..<equals), plus: true, into: &tally) }
      values.inspect(piece.extracting(equals &+ 1..<piece.byteCount), place: .cookie, plus: true, into: &tally)
      start = end &+ 1
    }
    // A semicolon inside a payload: the whole once more where something else is odd.
    let odd: ByteTraits = [.singleQuote, .angle, .backquote, .pipe, .dollar]
    if !ByteTraits.scan(cookies).isDisjoint(with: odd) {
      var whole = EvidenceTally()
      values.inspect(cookies, place: .cookie, plus: true, into: &whole)
      tally.add(whole, percent: 70)
    }
  }

  private static let oddInAgent: ByteTraits = [
    .singleQuote, .doubleQuote, .angle, .backquote, .dollar, .brace, .pipe, .backslash, .percent, .equals, .star, .null,
    .lineBreak,
  ]

  mutating func inspectUserAgent(_ agent: RawSpan, into tally: inout EvidenceTally) {
    if ByteTraits.scan(agent).isDisjoint(with: Self.oddInAgent), agent.hasPrefix("Mozilla/") || !Self.namesFile(agent) {
      return
    }
    values.inspect(agent, place: .userAgent, plus: false, into: &tally)
  }

  private static func namesFile(_ text: RawSpan) -> Bool {
    text.contains("/etc/") || text.contains("/proc/") || text.contains("/bin/") || text.contains("/root/")
      || text.contains("/../")
  }

  /// The referrer: a URL whose parameters other sites made, or whatever a client wrote there.
  ///
  /// A page's address comes along with every request that the page causes, and a search page's with what was
  /// searched for: only what attacks whoever reads the header counts in full, markup in the path as far as it goes.
  mutating func inspectReferrer(_ referrer: RawSpan, into tally: inout EvidenceTally) {
    if referrer.hasPrefix("http://") || referrer.hasPrefix("https://") {
      var inPath = EvidenceTally()
      var found = EvidenceTally()
      let n = referrer.byteCount
      let question = referrer.firstIndex(of: 0x3f) ?? n
      let path = referrer.extracting(0..<question)
      if !ByteTraits.scan(path).isDisjoint(with: Self.oddInAgent) {
        values.inspect(path, place: .referrer, plus: false, into: &inPath)
      }
      if question &+ 1 < n {
        inspectPairs(referrer.extracting(question &+ 1..<n), place: .referrer, plus: true, into: &found)
      }
      inPath.weaken(to: 40, markup: 75)
      found.weaken(to: 40, markup: 40)
      tally.add(inPath, percent: 100)
      tally.add(found, percent: 100)
    } else if !ByteTraits.scan(referrer).isDisjoint(with: Self.oddInAgent) {
      values.inspect(referrer, place: .referrer, plus: false, into: &tally)
    }
  }

  /// Host and similar short headers.
  mutating func inspectHeader(_ header: RawSpan, into tally: inout EvidenceTally) {
    if ByteTraits.scan(header).isDisjoint(with: Self.oddInAgent) { return }
    values.inspect(header, place: .header, plus: false, into: &tally)
  }

  mutating func inspectBody(_ body: RawSpan, contentType: RawSpan, into tally: inout EvidenceTally) {
    let start = body.skippingSpace(0)
    guard start < body.byteCount else { return }
    let first = body.unchecked(start)
    if contentType.contains("multipart/") || body.hasPrefix("--") && body.contains("ontent-") {
      inspectParts(body, into: &tally)
    } else if first == 0x7b || first == 0x5b {
      Self.inspectJSON(body, &values, &unescaped, &tally)
    } else if first == 0x3c {
      var whole = EvidenceTally()
      values.inspect(body, place: .body, plus: false, into: &whole)
      // A document's own tags and what stands between them read together are no evidence; its parts are.
      if contentType.contains("xml") || body.holds("<?xml", at: start) { whole.keepOfDocument() }
      tally.add(whole, percent: 100)
      inspectXML(body, into: &tally)
    } else if contentType.contains("urlencoded") || Self.looksLikePairs(body) {
      inspectPairs(body, place: .parameter, plus: true, into: &tally)
    } else {
      values.inspect(body, place: .body, plus: false, into: &tally)
    }
  }

  /// Each text and each attribute's value of an XML document, as its application would be given them.
  private mutating func inspectXML(_ body: RawSpan, into tally: inout EvidenceTally) {
    let n = body.byteCount
    var i = 0
    var pieces = 0
    while i < n, pieces < 4096 {
      guard body.unchecked(i) == 0x3c else {
        let end = body.firstIndex(of: 0x3c, from: i) ?? n
        let start = body.skippingSpace(i)
        if start < end {
          pieces &+= 1
          values.inspect(body.extracting(start..<end), place: .json, plus: false, into: &tally)
        }
        i = end
        continue
      }
      if body.holds("<![CDATA[", at: i) {
        let start = i &+ 9
        let rest = body.extracting(start..<n)
        let end = rest.firstRange(of: "]]>") ?? rest.byteCount
        pieces &+= 1
        values.inspect(rest.extracting(0..<end), place: .json, plus: false, into: &tally)
        i = start &+ end &+ 3
        continue
      }
      // A tag: the values of its attributes.
      i &+= 1
      while i < n, body.unchecked(i) != 0x3e, pieces < 4096 {
        let quote = body.unchecked(i)
        guard quote == 0x22 || quote == 0x27 else {
          i &+= 1
          continue
        }
        let end = body.firstIndex(of: quote, from: i &+ 1) ?? n
        pieces &+= 1
        values.inspect(body.extracting(i &+ 1..<end), place: .json, plus: false, into: &tally)
        i = end &+ 1
      }
      i &+= 1
    }
  }

  /// A short name of plain bytes, then `=`.
  private static func looksLikePairs(_ body: RawSpan) -> Bool {
    guard let equals = body.firstIndex(of: 0x3d), equals > 0, equals <= 128 else { return false }
    for i in 0..<equals {
      let c = body.unchecked(i)
      if c.isWord || c == 0x2d || c == 0x2e || c == 0x5b || c == 0x5d || c == 0x24 || c == 0x25 { continue }
      return false
    }
    return true
  }

  /// The parts of a multipart body: names of files, and the contents of fields.
  private mutating func inspectParts(_ body: RawSpan, into tally: inout EvidenceTally) {
    let n = body.byteCount
    var i = 0
    while i < n {
      guard let line = body.extracting(i..<n).firstRange(of: "ontent-") else { return }
      // The part's headers end at an empty line.
      let headers = i &+ line
      var blank = headers
      while blank < n, !(body.holds("\r\n\r\n", at: blank) || body.holds("\n\n", at: blank)) { blank &+= 1 }
      let head = body.extracting(headers..<min(blank, n))
      let contents = min(blank &+ (body.holds("\r\n\r\n", at: blank) ? 4 : 2), n)
      var end = contents
      while end < n, !(body.holds("\n--", at: end)) { end &+= 1 }
      if let name = head.firstRange(of: "filename=") {
        inspectFileName(head.extracting(name &+ 9..<head.byteCount), into: &tally)
      } else {
        values.inspect(body.extracting(contents..<end), place: .parameter, plus: false, into: &tally)
      }
      if let file = head.firstRange(of: "filename="), file > 0 {
        let sample = body.extracting(contents..<min(end, contents &+ 512))
        if sample.contains("<?php") || sample.contains("<%@") || sample.contains("Runtime.getRuntime") {
          tally.add(.upload, 88)
        }
      }
      i = end &+ 1
    }
  }

  private mutating func inspectFileName(_ rest: RawSpan, into tally: inout EvidenceTally) {
    var end = 0
    let quote = rest.at(0)
    let start = quote == 0x22 || quote == 0x27 ? 1 : 0
    end = start
    while end < rest.byteCount, rest.unchecked(end) != quote || start == 0, rest.unchecked(end) != 0x0d,
      rest.unchecked(end) != 0x0a
    { end &+= 1 }
    let name = rest.extracting(start..<end)
    values.inspect(name, place: .parameter, plus: false, into: &tally)
    for ending in [
      ".php", ".phtml", ".php5", ".phar", ".jsp", ".jspx", ".asp", ".aspx", ".ashx", ".asmx", ".htaccess", ".cgi",
      ".war", ".cer", ".shtml", ".user.ini",
    ] as [StaticString] {
      if let at = name.firstRange(of: ending) {
        tally.add(.upload, at &+ ending.utf8CodeUnitCount == name.byteCount ? 72 : 60)
      }
    }
  }

  /// Each string of a JSON text, keys and values, with its escapes undone. Tolerates what is cut off.
  private static func inspectJSON(
    _ body: RawSpan, _ values: inout ValueInspector, _ unescaped: inout ByteBuffer, _ tally: inout EvidenceTally
  ) {
    let n = body.byteCount
    var i = 0
    var strings = 0
    while i < n, strings < 4096 {
      guard let open = body.firstIndex(of: 0x22, from: i) else { break }
      strings &+= 1
      unescaped.removeAll()
      i = open &+ 1
      while i < n {
        let c = body.unchecked(i)
        if c == 0x22 { break }
        if c == 0x5c, i &+ 1 < n {
          let e = body.unchecked(i &+ 1)
          i &+= 2
          switch e {
          case 0x6e: unescaped.append(0x0a)
          case 0x74: unescaped.append(0x09)
          case 0x72: unescaped.append(0x0d)
          case 0x62, 0x66: unescaped.append(0x20)
          case 0x75:
            if let point = PercentDecoding.hex(body, i, digits: 4) {
              PercentDecoding.appendScalar(point, to: &unescaped)
              i &+= 4
            }
          default: unescaped.append(e)
          }
          continue
        }
        unescaped.append(c)
        i &+= 1
      }
      i &+= 1
      let isKey = body.at(body.skippingSpace(i)) == 0x3a
      if isKey {
        let key = unescaped.bytes
        if key.at(0) == 0x24, DataInjection.isOperator(key.extracting(1..<key.byteCount)) { tally.add(.noSQL, 80) }
        if key.equals("__proto__") { tally.add(.prototypePollution, 85) }
        // Linked data has types as well: 'Person'. Readers of Java objects are told a class.
        if key.equals("@type") {
          let value = body.skippingSpace(body.skippingSpace(i) &+ 1) &+ 1
          let rest = body.extracting(min(value, n)..<min(value &+ 64, n))
          let name = rest.extracting(0..<(rest.firstIndex(of: 0x22) ?? rest.byteCount))
          if name.contains("."), !name.contains("/") { tally.add(.serializedObject, 70) }
        }
      }
      Self.inspectString(unescaped.bytes, isKey, &values, &tally)
    }
  }

  private static func inspectString(
    _ text: RawSpan, _ isKey: Bool, _ values: inout ValueInspector, _ tally: inout EvidenceTally
  ) {
    values.inspect(text, place: isKey ? .parameterName : .json, plus: false, into: &tally)
  }
}
