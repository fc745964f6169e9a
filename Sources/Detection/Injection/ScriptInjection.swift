// Script code in a value: a `javascript:` location, a break out of a string in a page's own script, or
// calls that only proofs of concept and thieves of cookies make.

import Bytes

enum ScriptInjection {
  /// Event handler attributes of HTML, SVG and old Internet Explorer.
  static let handlers = WordTable([
    (
      "onabort onactivate onafterprint onafterscriptexecute onafterupdate onanimationcancel onanimationend"
        + " onanimationiteration onanimationstart onauxclick onbeforeactivate onbeforecopy onbeforecut onbeforeinput"
        + " onbeforepaste onbeforeprint onbeforescriptexecute onbeforetoggle onbeforeunload onbegin onblur onbounce"
        + " oncancel oncanplay oncanplaythrough onchange onclick onclose oncontextmenu oncopy oncuechange oncut"
        + " ondblclick ondeactivate ondrag ondragend ondragenter ondragexit ondragleave ondragover ondragstart ondrop"
        + " ondurationchange onemptied onend onended onerror onfilterchange onfinish onfocus onfocusin onfocusout"
        + " onformdata onfullscreenchange ongotpointercapture onhashchange onhelp oninput oninvalid onkeydown"
        + " onkeypress onkeyup onlayoutcomplete onload onloadeddata onloadedmetadata onloadend onloadstart"
        + " onlosecapture onlostpointercapture onmessage onmousedown onmouseenter onmouseleave onmousemove onmouseout"
        + " onmouseover onmouseup onmousewheel onmove onmozfullscreenchange onoffline ononline onpagehide onpageshow"
        + " onpaste onpause onplay onplaying onpointercancel onpointerdown onpointerenter onpointerleave onpointermove"
        + " onpointerout onpointerover onpointerrawupdate onpointerup onpopstate onprogress onpropertychange"
        + " onratechange onreadystatechange onrepeat onreset onresize onscroll onscrollend onsearch onseeked onseeking"
        + " onselect onselectionchange onselectstart onshow onstalled onstart onstorage onsubmit onsuspend ontimeupdate"
        + " ontoggle ontouchcancel ontouchend ontouchmove ontouchstart ontransitioncancel ontransitionend"
        + " ontransitionrun ontransitionstart onunhandledrejection onunload onvolumechange onwaiting"
        + " onwebkitanimationend onwebkittransitionend onwheel onzoom oncontentvisibilityautostatechange",
      1
    )
  ])

  private static let sink: UInt8 = 1
  private static let dialog: UInt8 = 2
  private static let calls = WordTable([
    ("alert confirm prompt", dialog),
    ("eval settimeout setinterval execscript fromcharcode atob importscripts showmodaldialog msgbox", sink),
  ])

  static func inspect(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var best = 0
    if value.traits.contains(.colon) { best = location(text) }
    if value.traits.contains(.bracket) { best = max(best, symbols(text)) }
    let calling: ByteTraits = [.parenthesis, .backquote, .equals, .dot]
    if !value.traits.isDisjoint(with: calling) { best = max(best, code(value)) }
    tally.add(.script, value.discounted(best))
  }

  /// `javascript:` and kin at the start of the value, or behind a quote, `=`, `(` or white space.
  private static func location(_ text: RawSpan) -> Int {
    var from = 0
    var best = 0
    while let colon = text.firstIndex(of: 0x3a, from: from) {
      from = colon &+ 1
      // Browsers drop tabs and line ends inside the scheme.
      var i = colon &- 1
      var matched = 0
      while i >= 0, matched < 10 {
        let c = text.unchecked(i)
        if c == 0x09 || c == 0x0a || c == 0x0d || (c == 0x20 && i == colon &- 1) || c == 0 {
          i &-= 1
          continue
        }
        guard c.isASCIILetter else { break }
        matched &+= 1
        i &-= 1
      }
      guard matched >= 6 else { continue }
      let start = text.skippingSpace(i &+ 1)
      guard isScriptLocation(text, start) else { continue }
      let before = text.at(start &- 1)
      let bounded = start == 0 || !before.isWord
      guard bounded else { continue }
      // 'JavaScript: the good parts' has a space, then words.
      var hard = false
      var k = colon &+ 1
      while k < text.byteCount, k < colon &+ 256, !hard {
        let c = text.unchecked(k)
        hard =
          c == 0x28 || c == 0x60 || c == 0x3d || c == 0x3b
          || (c == 0x2f && (text.at(k &+ 1) == 0x2f || text.at(k &+ 1) == 0x2a)) || c == 0x3c || c == 0x2b
        k &+= 1
      }
      let initial = text.skippingSpace(0) == start
      if hard {
        best = max(best, initial ? 88 : 72)
      } else if text.at(colon &+ 1) != 0x20, colon &+ 1 < text.byteCount {
        best = max(best, initial ? 60 : 25)
      }
    }
    return best
  }

  /// Whether a location that runs script begins at `start`, white space and control bytes inside it ignored.
  static func isScriptLocation(_ text: RawSpan, _ start: Int) -> Bool {
    var name = InlineArray<24, UInt8>(repeating: 0)
    var length = 0
    var i = start
    let n = text.byteCount
    while i < n, length < 24 {
      let c = text.unchecked(i)
      i &+= 1
      if c <= 0x20 || c == 0x7f { continue }
      if length == 0, c == 0x22 || c == 0x27 || c == 0x60 || c >= 0x80 { continue }
      name[length] = c
      length &+= 1
    }
    func begins(_ word: StaticString) -> Bool {
      guard length >= word.utf8CodeUnitCount else { return false }
      for k in 0..<word.utf8CodeUnitCount where name[k] != word.utf8Start[k] { return false }
      return true
    }
    return begins("javascript:") || begins("vbscript:") || begins("livescript:") || begins("mocha:")
      || begins("data:text/html") || begins("data:image/svg") || begins("data:text/xml") || begins("data:application/x")
      || begins("feed:javascript") || begins("data:,") || begins("jscript:") || begins("data:;base64")
  }

  /// Whether code that proofs of concept call stands at or after `from`.
  static func holdsSink(_ text: RawSpan, from: Int) -> Bool {
    let from = min(max(from, 0), text.byteCount)
    let rest = text.extracting(from..<text.byteCount)
    return rest.contains("alert(") || rest.contains("confirm(") || rest.contains("prompt(") || rest.contains("eval(")
      || rest.contains("document.cookie") || rest.contains("alert`") || rest.contains("fromcharcode")
      || rest.contains(".location")
  }

  private static func code(_ value: borrowing DecodedValue) -> Int {
    let text = value.text
    let n = text.byteCount
    var best = 0
    if value.traits.contains(.dot) {
      if text.contains("document.cookie") { best = max(best, 68) }
      if text.contains("document.write") || text.contains("document.location") || text.contains("document.domain")
        || text.contains("window.location") || text.contains("document.body")
        || text.contains("document.documentelement")
      {
        best = max(best, 55)
      }
      if text.contains("string.fromcharcode") { best = max(best, 78) }
      if text.contains("constructor.constructor") || text.contains("[].constructor")
        || text.contains("\"constructor\"]")
      {
        best = max(best, 80)
      }
      if text.contains(".innerhtml") || text.contains(".outerhtml") || text.contains("localstorage.getitem")
        || text.contains("navigator.sendbeacon")
      {
        best = max(best, 42)
      }
    }
    // Calls of the dialogs, in any of the disguises: alert(1), alert`1`, (alert)(1), top['alert'](1), al\u0065rt(1).
    var i = 0
    while i < n {
      guard text.unchecked(i).isASCIILetter else {
        i &+= 1
        continue
      }
      let end = text.wordEnd(i)
      let kind = end &- i >= 4 ? calls.value(text.extracting(i..<end)) : 0
      if kind != 0 {
        var k = text.skippingSpace(end)
        while text.at(k) == 0x29 || text.at(k) == 0x5d || text.at(k) == 0x27 || text.at(k) == 0x22 { k &+= 1 }
        if text.holds("/*", at: k) { while k < n, text.unchecked(k) != 0x28 { k &+= 1 } }
        if text.holds("?.", at: k) { k &+= 2 }
        let called = text.at(k) == 0x28 || text.at(k) == 0x60
        if called {
          let before = text.at(i &- 1)
          let first = text.at(k &+ 1)
          let ends = i == 0 && text.at(n &- 1) == 0x29
          var score = kind == dialog ? 58 : 48
          if first.isASCIIDigit || first == 0x27 || first == 0x22 || first == 0x2f || first == 0x60
            || text.at(k) == 0x60
          {
            score &+= 8
          }
          if text.holds("document", at: k &+ 1) || text.holds("string", at: k &+ 1)
            || text.holds("location", at: k &+ 1) || text.holds("atob", at: k &+ 1)
          {
            score &+= 22
          }
          if before == 0x3b || before == 0x2d || before == 0x2b || before == 0x28 || before == 0x3d || before == 0x2c
            || before == 0x5b || before == 0x7b || before == 0x7c || before == 0x26 || before == 0x3a || before == 0x22
            || before == 0x27
            || before == 0x2f || before == 0x5c || before == 0x2a || before == 0x3f || before == 0x25 || before == 0x5e
          {
            score &+= 18
          }
          if ends { score &+= 6 }
          if i > 0, before == 0x2e || before.isWord { score = 30 }
          best = max(best, score)
        }
      }
      i = end
    }
    // A break out of a string in script: quote, operator or separator, code.
    if value.traits.contains(.singleQuote) || value.traits.contains(.doubleQuote), best >= 40 {
      var k = 0
      while k < n {
        let c = text.unchecked(k)
        if c == 0x27 || c == 0x22 {
          let next = text.at(text.skippingSpace(k &+ 1))
          if next == 0x3b || next == 0x2d || next == 0x2b || next == 0x2a || next == 0x29 || next == 0x7d
            || next == 0x5e
            || next == 0x3e || next == 0x26 || next == 0x7c || next == 0x2c || next == 0x3f || next == 0x3d
          {
            best = max(best, 75)
            break
          }
        }
        k &+= 1
      }
    }
    return best
  }

  /// Script made of brackets alone, as JSFuck writes it.
  private static func symbols(_ text: RawSpan) -> Int {
    let n = text.byteCount
    guard n >= 24 else { return 0 }
    var brackets = 0
    for i in 0..<n {
      switch text.unchecked(i) {
      case 0x5b, 0x5d, 0x28, 0x29, 0x21, 0x2b, 0x7b, 0x7d: brackets &+= 1
      default: break
      }
    }
    return brackets &* 10 >= n &* 8 && text.contains("[]") && text.contains("+") ? 80 : 0
  }
}
