// Expressions of template engines and Java frameworks, and Log4j's lookups in their disguises.

import Bytes

enum ExpressionInjection {
  static func inspect(_ value: borrowing DecodedValue, _ scratch: inout ByteBuffer, _ tally: inout EvidenceTally) {
    let text = value.text
    if value.traits.contains(.brace) {
      if value.traits.contains(.dollar), let at = text.firstRange(of: "${") { lookup(text, from: at, &scratch, &tally) }
      tally.add(.template, value.discounted(braces(text)))
    }
    if value.traits.contains(.angle), value.traits.contains(.percent) || text.contains("<#") {
      if text.contains("<%=") || text.contains("<%") && text.contains("%>") {
        tally.add(.template, value.discounted(72))
      }
      if text.contains("<#assign") || text.contains("<#include") { tally.add(.template, 88) }
    }
    if value.traits.contains(.hash), text.contains("#set(") || text.contains("#set (") || text.contains("#foreach") {
      tally.add(.template, value.discounted(75))
    }
    if value.traits.contains(.dot) || value.traits.contains(.at) || value.traits.contains(.parenthesis) {
      java(value, &tally)
    }
  }

  /// `${jndi:...}` once nested lookups are read as Log4j would read them.
  private static func lookup(_ text: RawSpan, from: Int, _ scratch: inout ByteBuffer, _ tally: inout EvidenceTally) {
    if text.contains("${jndi:") {
      tally.add(.expression, 98)
      return
    }
    // ${lower:j}, ${::-j}, ${env:X:-j}, ${date:'j'}: all stand for what follows their last ':' or ':-'.
    scratch.removeAll()
    var nested = 0
    var i = from
    let n = text.byteCount
    while i < n, scratch.count < 512 {
      if text.unchecked(i) == 0x24, text.at(i &+ 1) == 0x7b {
        nested &+= 1
        var end = i &+ 2
        var skip = -1
        while end < n, end &- i < 128, text.unchecked(end) != 0x7d, text.unchecked(end) != 0x24 {
          if text.unchecked(end) == 0x3a {
            if text.at(end &+ 1) == 0x2d {
              skip = end &+ 2
            } else if skip < 0,
              text.holds("lower:", at: i &+ 2) || text.holds("upper:", at: i &+ 2) || text.holds("date:", at: i &+ 2)
                || text.holds("base64:", at: i &+ 2)
            {
              skip = end &+ 1
            }
          }
          end &+= 1
        }
        i = skip > 0 ? skip : i &+ 2
        continue
      }
      let c = text.unchecked(i)
      if c != 0x7d, c != 0x27, c != 0x22, c != 0x20 { scratch.append(c) }
      i &+= 1
    }
    let plain = scratch.bytes
    if plain.contains("jndi:") {
      tally.add(.expression, 97)
    } else if nested > 1, text.contains(":-") || text.contains("${lower:") || text.contains("${upper:") {
      tally.add(.expression, 85)
    } else if text.contains("${env:") || text.contains("${sys:") || text.contains("${java:") || text.contains("${ctx:")
      || text.contains("${script:") || text.contains("${dns:") || text.contains("${url:")
    {
      tally.add(.expression, 82)
    }
  }

  /// The inside of `{{ }}`, `${ }`, `#{ }`, `*{ }`, `@{ }`, `{% %}`: does it compute, or reach for internals?
  private static func braces(_ text: RawSpan) -> Int {
    let n = text.byteCount
    var best = 0
    var from = 0
    while let open = text.firstIndex(of: 0x7b, from: from) {
      from = open &+ 1
      let before = text.at(open &- 1)
      let next = text.at(open &+ 1)
      let sigil = before == 0x24 || before == 0x23 || before == 0x2a || before == 0x40 || before == 0x7e
      guard sigil || next == 0x7b || next == 0x25 || next == 0x70 else { continue }
      if next == 0x70 {
        if text.holds("{php}", at: open) || text.holds("{php ", at: open) { best = max(best, 85) }
        if !sigil { continue }
      }
      var start = open &+ 1
      if next == 0x7b || next == 0x25 { start = open &+ 2 }
      var end = start
      while end < n, end &- start < 400, text.unchecked(end) != 0x7d { end &+= 1 }
      let closed = end < n && text.unchecked(end) == 0x7d
      let inner = text.extracting(start..<min(end, n))
      var score = 0
      let first = text.at(text.skippingSpace(start))
      if first.isASCIIDigit || first == 0x28 || first == 0x27 || first == 0x22 {
        // 7*7, '7'*7, 1337-1
        var sign = false
        var digits = 0
        var letters = 0
        for k in 0..<inner.byteCount {
          switch inner.unchecked(k) {
          case 0x2a, 0x2b, 0x2d, 0x2f: sign = true
          case 0x30...0x39: digits &+= 1
          case 0x61...0x7a: letters &+= 1
          default: break
          }
        }
        if sign, digits >= 2, letters <= 2 { score = 88 }
      }
      if inner.contains("__")
        && (inner.contains("class") || inner.contains("globals") || inner.contains("init") || inner.contains("import")
          || inner.contains("builtins") || inner.contains("mro"))
      {
        score = 95
      }
      if inner.contains("constructor") || inner.contains(".getclass") || inner.contains("java.lang")
        || inner.contains("runtime")
      {
        score = max(score, 90)
      }
      if inner.contains("config.") || inner.contains("self.") || inner.contains("request.") || inner.contains("lipsum")
        || inner.contains("cycler") || inner.contains("|attr") || inner.contains("_self")
        || inner.contains("registerundefinedfilter") || inner.contains("app.request")
        || inner.contains("settings.secret") || inner.contains("|filter(") || inner.contains("dump(app")
      {
        score = max(score, 82)
      }
      if inner.contains("system(") || inner.contains("exec(") || inner.contains("eval(") || inner.contains("open(")
        || inner.contains("popen") || inner.contains("file_get") || inner.contains("readfile")
        || inner.contains("phpinfo") || inner.contains("print(") || inner.contains("alert(") || inner.contains("sleep(")
        || inner.contains("passthru(")
      {
        score = max(score, 88)
      }
      if sigil,
        inner.contains("t(") || inner.contains("@java") || inner.contains("#context") || inner.contains("#_member")
          || inner.contains("new ") || inner.contains("param.") || inner.contains("applicationscope")
          || inner.contains("sessionscope") || inner.contains("header.") || inner.contains("class.for")
      {
        score = max(score, 82)
      }
      if next == 0x25,
        inner.contains("import ") || inner.contains("include ") || inner.contains("debug") || inner.contains("for ")
          || inner.contains("set ") || inner.contains("if ")
      {
        score = max(score, 70)
      }
      if next == 0x7b,
        inner.equals("config") || inner.equals("self") || inner.equals("request") || inner.equals("settings")
          || inner.equals("app")
      {
        score = max(score, 70)
      }
      if score == 0, closed, inner.byteCount > 0 {
        // A call or arithmetic between names; a plain name may be a placeholder that somebody forgot to fill.
        score = inner.contains("(") ? 50 : inner.contains("*") || inner.contains("==") ? 52 : 12
      }
      if !closed { score = score * 4 / 5 }
      best = max(best, score)
    }
    return best
  }

  /// Whether the value is the name of a class that runs, loads or reads, and nothing else.
  private static func named(_ text: RawSpan) -> Bool {
    guard text.firstIndex(of: 0x20) == nil else { return false }
    for name in [
      "java.lang.process", "java.lang.reflect", "java.lang.class", "java.lang.system", "java.lang.thread",
      "java.lang.object", "java.io.file", "java.io.object", "java.io.input", "java.io.output", "java.io.buffered",
      "java.io.bytearray", "javax.script", "java.net.url", "java.net.socket",
    ] as [StaticString] where text.contains(name) { return !text.contains("exception") }
    return false
  }

  /// OGNL, SpEL, and names of Java classes that start programs.
  private static func java(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var score = 0
    if text.contains("java.lang.") || text.contains("java.io.") || text.contains("java.util.")
      || text.contains("javax.script") || text.contains("java.net.")
    {
      score =
        text.contains("runtime") || text.contains("processbuilder") || text.contains("scriptengine")
          || text.contains("(") || text.contains("@") ? 82 : named(text) ? 64 : 40
    }
    if text.contains("com.sun.org.apache") || text.contains("org.apache.commons.coll")
      || text.contains("org.apache.xalan") || text.contains("java.runtime") || text.contains("java.processbuilder")
    {
      score = max(score, value.traits.contains(.space) ? 45 : 68)
    }
    for gadget in [
      "clonetransformer", "forclosure", "instantiatefactory", "instantiatetransformer", "invokertransformer",
      "prototypeclonefactory", "prototypeserializationfactory", "whileclosure",
    ] as [StaticString] where text.contains(gadget) {
      score = max(score, 76)
    }
    if text.contains("getruntime(") || text.contains("getruntime()")
      || text.contains(".exec(") && text.contains("runtime")
    {
      score = max(score, 90)
    }
    if text.contains("processbuilder") || text.contains("scriptenginemanager") { score = max(score, 80) }
    if text.contains("#_memberaccess") || text.contains("#context[") || text.contains("@ognl")
      || text.contains("ognlcontext") || text.contains("xwork2") || text.contains("allowstaticmethodaccess")
      || text.contains("#application") || text.contains("opensymphony")
    {
      score = max(score, 94)
    }
    if text.contains("class.module.classloader") || text.contains("class.classloader")
      || text.contains("classloader.resources")
    {
      score = max(score, 94)
    }
    if text.contains("redirect:$") || text.contains("redirect:%{") || text.contains("redirectaction:") {
      score = max(score, 85)
    }
    tally.add(.expression, value.discounted(score))
  }
}
