// HTML that runs script when a page shows the value: read with the states of a browser's tokeniser
// (WHATWG HTML, 13.2.5), forgiving where browsers are.

import Bytes

enum MarkupInjection {
  private static let active: UInt8 = 1  // runs or loads something by itself
  private static let embedding: UInt8 = 2  // embeds another document
  private static let scriptElement: UInt8 = 3
  private static let known: UInt8 = 4  // harmless by itself

  private static let elements = WordTable([
    (
      "a abbr address article aside audio b big blink blockquote body br button canvas center cite code col dd del"
        + " details dfn dialog div dl dt em fieldset figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i img"
        + " image input ins kbd label legend li main map mark marquee menu nav ol option p pre q s samp section select"
        + " small source span strike strong sub summary sup table tbody td template textarea th thead tr tt u ul var"
        + " video xss keygen listing plaintext xmp noembed noframes title",
      known
    ),
    ("svg math style link meta base isindex bgsound layer ilayer xml animate set import", active),
    ("iframe frame frameset object embed applet portal", embedding),
    ("script", scriptElement),
  ])

  /// Attributes whose value is a URL that may run script.
  private static let locations = WordTable([
    (
      "href src action formaction data poster background dynsrc lowsrc srcdoc to values from by xlink:href code codebase cite srcset ping",
      1
    )
  ])

  static func inspect(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var best = 0
    if value.traits.contains(.angle) {
      var from = 0
      var tags = 0
      while tags < 64, let open = text.firstIndex(of: 0x3c, from: from) {
        from = open &+ 1
        tags &+= 1
        best = max(best, element(text, open, prose: value.isProse))
        if best >= 95 { break }
      }
    }
    if value.traits.contains(.equals) {
      best = max(best, attributes(value))
    }
    if value.traits.contains(.ampersand), text.contains("=&{") { best = max(best, 70) }
    if best > 45, value.place == .path || value.place == .referrer, isPageSource(text) { best = 45 }
    tally.add(.markup, best)
  }

  /// Whether a path holds a stretch of a page, as crawlers ask for that misread its links: ends of several
  /// elements, and nothing that proofs of concept call.
  private static func isPageSource(_ text: RawSpan) -> Bool {
    var ends = 0
    var from = 0
    while let open = text.firstIndex(of: 0x3c, from: from) {
      from = open &+ 1
      guard text.at(from) == 0x2f else { continue }
      let name = text.extracting(from &+ 1..<max(from &+ 1, text.wordEnd(from &+ 1)))
      if elements.value(name) == known { ends &+= 1 }
    }
    return ends >= 3 && !ScriptInjection.holdsSink(text, from: 0)
  }

  /// What begins at the `<` at `open`.
  private static func element(_ text: RawSpan, _ open: Int, prose: Bool) -> Int {
    let n = text.byteCount
    var i = open &+ 1
    // Browsers skip nothing between '<' and the name, but filters that drop bytes do.
    while i < n, text.unchecked(i) < 0x20, text.unchecked(i) != 0 { i &+= 1 }
    let closing = text.at(i) == 0x2f
    if closing { i &+= 1 }
    guard i < n else { return 0 }
    let first = text.unchecked(i)
    if first == 0x21 {
      if text.holds("--#", at: i &+ 1) { return 0 }
      if text.holds("[cdata[", at: i &+ 1) { return 35 }
      if text.holds("--", at: i &+ 1) { return 20 }
      return 0
    }
    if first == 0x3f {
      return text.holds("import", at: i &+ 1) || text.holds("xml:namespace", at: i &+ 1) ? 60 : 0
    }
    guard first.isASCIILetter else { return 0 }
    let nameStart = i
    while i < n, text.unchecked(i).isWord || text.unchecked(i) == 0x3a || text.unchecked(i) == 0x2d { i &+= 1 }
    let kind = elements.value(text.extracting(nameStart..<i))
    let after = text.at(i)
    let bounded = i >= n || after.isSpace || after == 0x2f || after == 0x3e || after == 0x3c || after < 0x20
    if closing {
      if kind == scriptElement || text.holds("style", at: nameStart) || text.holds("title", at: nameStart)
        || text.holds("textarea", at: nameStart) || text.holds("noscript", at: nameStart)
      {
        return prose ? 40 : 70
      }
      return 0
    }
    var score = 0
    switch kind {
    case scriptElement:
      guard bounded else { return 30 }
      if open > 0, isNamed(text, i) { return 40 }
      score = script(text, i, prose: prose)
    case embedding: score = bounded ? 55 : 0
    case active: score = bounded ? 45 : 0
    case known: score = bounded ? 10 : 0
    default:
      // '<scriptalert(1)' and '<xscript>' are what a careless filter leaves.
      if text.holds("script", at: nameStart) { score = 60 }
    }
    var result = AttributeResult()
    readAttributes(text, i, &result)
    if result.handler { score = max(score, 92) }
    if result.scriptLocation { score = max(score, 92) }
    if result.handlerLike { score = max(score, kind != 0 ? 70 : 60) }
    if result.bound { score = max(score, 62) }
    if result.styled { score = max(score, 75) }
    if kind == embedding, result.trusted { score = min(score, 40) }
    if kind == embedding || kind == active, result.remote { score = max(score, 65) }
    if text.holds("meta", at: nameStart), result.refreshes { score = max(score, 75) }
    if text.holds("base", at: nameStart), result.remote { score = max(score, 75) }
    if text.holds("img", at: nameStart) || text.holds("image", at: nameStart), result.bareLocation {
      score = max(score, 40)
    }
    if prose, score < 90 { score = score * 6 / 10 }
    return score
  }

  /// A script element: worse with code or a foreign source than in a post that talks about it.
  private static func script(_ text: RawSpan, _ from: Int, prose: Bool) -> Int {
    if !prose { return 93 }
    var i = from
    while i < text.byteCount, text.unchecked(i) != 0x3e { i &+= 1 }
    return ScriptInjection.holdsSink(text, from: i) ? 85 : 60
  }

  /// Whether words follow a script element's start, and nothing that code is made of: the name of the element in a
  /// sentence.
  private static func isNamed(_ text: RawSpan, _ from: Int) -> Bool {
    var i = from
    guard text.at(i) == 0x3e else { return false }
    i &+= 1
    guard text.at(i).isSpace else { return false }
    var letters = 0
    while i < text.byteCount {
      let byte = text.unchecked(i)
      guard byte.isASCIILetter || byte.isSpace || byte == 0x2c || byte == 0x3f || byte == 0x21 else { return false }
      if byte.isASCIILetter { letters &+= 1 }
      i &+= 1
    }
    return letters >= 2
  }

  private struct AttributeResult {
    var handler = false
    var handlerLike = false
    var scriptLocation = false
    var styled = false
    var remote = false
    var trusted = false
    var refreshes = false
    var bareLocation = false
    /// Of the data binding and behaviours of old browsers.
    var bound = false
  }

  /// The attributes of a tag, from behind its name to `>` or the end.
  private static func readAttributes(_ text: RawSpan, _ start: Int, _ result: inout AttributeResult) {
    let n = text.byteCount
    var i = start
    var count = 0
    while i < n, count < 48 {
      let byte = text.unchecked(i)
      if byte == 0x3e { return }
      if byte.isSpace || byte == 0x2f || byte < 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x2b || byte == 0x60 {
        i &+= 1
        continue
      }
      count &+= 1
      let nameStart = i
      while i < n {
        let c = text.unchecked(i)
        if c.isSpace || c == 0x3d || c == 0x3e || c == 0x2f || c < 0x20 { break }
        i &+= 1
      }
      if i == nameStart {
        i &+= 1
        continue
      }
      let nameEnd = i
      var valueStart = i
      while valueStart < n, text.unchecked(valueStart).isSpace { valueStart &+= 1 }
      guard text.at(valueStart) == 0x3d else { continue }
      valueStart = text.skippingSpace(valueStart &+ 1)
      var valueEnd = valueStart
      let quote = text.at(valueStart)
      if quote == 0x22 || quote == 0x27 || quote == 0x60 {
        valueStart &+= 1
        valueEnd = text.firstIndex(of: quote, from: valueStart) ?? n
        i = valueEnd &+ 1
      } else {
        while valueEnd < n, !text.unchecked(valueEnd).isSpace, text.unchecked(valueEnd) != 0x3e { valueEnd &+= 1 }
        i = valueEnd
      }
      valueStart = min(valueStart, n)
      valueEnd = max(valueStart, min(valueEnd, n))
      let name = text.extracting(nameStart..<nameEnd)
      let value = text.extracting(valueStart..<valueEnd)
      if ScriptInjection.handlers.contains(name) {
        result.handler = true
      } else if name.hasPrefix("on"), name.byteCount >= 4 {
        result.handlerLike = true
      } else if locations.contains(name) {
        // Without quotes, white space that was written as entities belongs to the value.
        if ScriptInjection.isScriptLocation(value, 0)
          || quote != 0x22 && quote != 0x27
            && ScriptInjection.isScriptLocation(text, valueStart)
          || (name.equals("srcdoc") && value.contains("<"))
        {
          result.scriptLocation = true
        }
        if value.hasPrefix("http") || value.hasPrefix("//") || value.hasPrefix("\\\\") {
          result.remote = true
          if value.contains("youtube") || value.contains("vimeo") || value.contains("maps.google")
            || value.contains("google.com/maps") || value.contains("soundcloud") || value.contains("spotify")
          {
            result.trusted = true
          }
        } else if name.equals("src"), value.byteCount <= 2 {
          result.bareLocation = true
        }
      } else if name.equals("style") {
        if value.contains("expression(") || value.contains("javascript:") || value.contains("-moz-binding")
          || value.contains("behavior:") || value.contains("behaviour:") || value.contains("binding: url")
        {
          result.styled = true
        }
      } else if name.equals("datasrc") || name.equals("datafld") || name.equals("implementation") {
        result.bound = value.hasPrefix("#") || name.equals("datafld")
      } else if name.equals("http-equiv"),
        value.contains("refresh") || value.contains("set-cookie") || value.contains("link")
      {
        result.refreshes = true
      }
    }
  }

  /// A value that leaves the attribute it stands in and adds a handler: `" onmouseover=...`, or that is
  /// pasted where attributes stand: `x onfocus=...`.
  private static func attributes(_ value: borrowing DecodedValue) -> Int {
    let text = value.text
    let n = text.byteCount
    var best = 0
    var from = 0
    while let equals = text.firstIndex(of: 0x3d, from: from) {
      from = equals &+ 1
      var end = equals
      while end > 0, text.unchecked(end &- 1).isSpace || text.unchecked(end &- 1) < 0x20 { end &-= 1 }
      var start = end
      while start > 0, text.unchecked(start &- 1).isASCIILetter { start &-= 1 }
      guard end &- start >= 5, end &- start <= 28 else { continue }
      let name = text.extracting(start..<end)
      if ScriptInjection.handlers.contains(name) {
        let before = text.at(start &- 1)
        let broke =
          value.traits.contains(.doubleQuote) || value.traits.contains(.singleQuote)
          || value.traits.contains(.backquote)
        var calls = false
        var i = equals
        while i < n, i < equals &+ 200, !calls {
          let c = text.unchecked(i)
          calls = c == 0x28 || c == 0x60
          i &+= 1
        }
        if before == 0x22 || before == 0x27 || before == 0x60 || before == 0x2f {
          best = max(best, 88)
        } else if before.isSpace || before < 0x20 || before == 0x3b || before == 0x2b {
          best = max(best, broke || calls ? 85 : 60)
        } else if !before.isWord {
          best = max(best, calls ? 70 : 45)
        }
      } else if name.equals("style") {
        let rest = text.extracting(equals..<n)
        if rest.contains("expression(") || rest.contains("behavior:") || rest.contains("-moz-binding") {
          best = max(best, 75)
        }
      } else if name.equals("href") || name.equals("src") || name.equals("action") {
        if ScriptInjection.isScriptLocation(text, equals &+ 1) { best = max(best, 80) }
      }
    }
    return value.discounted(best)
  }
}
