// URLs in values: those that point the server at itself or its cloud's metadata, that load code from
// elsewhere, and those written so that a check of the host reads another one than the browser.

import Bytes

enum AddressInjection {
  static func inspect(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    guard value.place != .path, value.place != .userAgent, value.place != .referrer else { return }
    let text = value.text
    let n = text.byteCount
    let start = text.skippingSpace(0)
    guard start < n else { return }
    if text.contains("169.254.169.254") || text.contains("metadata.google.internal") || text.contains("100.100.100.200")
      || text.contains("169.254.170.2") || text.contains("instance-data") && text.contains("/latest")
      || text.contains("latest/meta-data") || text.contains("metadata.nicmanager")
      || text.contains("metadata.packet.net") || text.contains("kubernetes.default.svc")
      || text.contains("metadata.oraclecloud") || text.contains("rancher-metadata")
    {
      tally.add(.internalAddress, value.isProse ? 50 : 90)
    }
    guard !value.isProse else { return }
    redirect(text, start, &tally)
    guard let scheme = text.firstRange(of: "://"), scheme &- start <= 8 else { return }
    let web = text.holds("http", at: start) || text.holds("ftp", at: start)
    guard web else { return }
    var hostStart = scheme &+ 3
    var hostEnd = hostStart
    while hostEnd < n {
      let c = text.unchecked(hostEnd)
      if c == 0x2f || c == 0x3f || c == 0x23 || c == 0x5c { break }
      hostEnd &+= 1
    }
    var credentials = false
    var k = hostStart
    while k < hostEnd {
      if text.unchecked(k) == 0x40 {
        hostStart = k &+ 1
        credentials = true
      }
      k &+= 1
    }
    let path = text.extracting(hostEnd..<n)
    var host = text.extracting(hostStart..<hostEnd)
    if !host.hasPrefix("["), let colon = host.firstIndex(of: 0x3a) { host = host.extracting(0..<colon) }
    let local = locality(host)
    tally.add(.internalAddress, local)
    for name in [
      "burpcollaborator", "oastify.com", "oast.", "interact.sh", "requestbin", "webhook.site", "nip.io", "xip.io",
      "sslip.io", "localtest.me", "dnslog.", "ceye.io", "beeceptor", "pipedream.net", "canarytokens", "bxss", "xss.ht",
      "ngrok.io", "lvh.me", "spoofed.burp",
    ] as [StaticString] where host.contains(name) {
      tally.add(.internalAddress, 75)
    }
    // 'https://bank.example@evil.example': the name before the sign looks like the host.
    if credentials {
      let user = text.extracting(scheme &+ 3..<max(scheme &+ 3, hostStart &- 1))
      tally.add(.openRedirect, user.contains(".") || user.contains("%") || user.contains("\\") ? 62 : 40)
    }
    // 'http://evil.example\\@bank.example', 'http://evil.example?@bank.example', full stops of other alphabets.
    let behind = text.at(hostEnd)
    if behind == 0x5c && path.contains(".") || (behind == 0x3f || behind == 0x23) && text.at(hostEnd &+ 1) == 0x40
      || host.contains("\u{3002}") || host.contains("\u{ff0e}") || host.contains("\u{ff61}")
    {
      tally.add(.openRedirect, 62)
    }
    let numeric = isDotted(host)
    var code = false
    for ending in [
      ".php", ".txt", ".asp", ".aspx", ".jsp", ".phtml", ".sh", ".gif?", ".jpg?", ".cgi", ".pl", ".dat", ".inc", ".xml",
      ".exe",
    ] as [StaticString] where path.contains(ending) { code = true }
    let tail = n > 0 && (text.at(n &- 1) == 0x3f || value.findings.contains(.null))
    if code {
      if tail {
        tally.add(.remoteInclusion, 75)
      } else if numeric {
        tally.add(.remoteInclusion, 66)
      } else if text.holds("ftp", at: start) {
        tally.add(.remoteInclusion, 55)
      } else if path.contains("shell") || path.contains("c99") || path.contains("r57") || path.contains("cmd") {
        tally.add(.remoteInclusion, 70)
      } else {
        tally.add(.remoteInclusion, 22)
      }
    } else if tail, text.at(n &- 1) != 0x3f || text.firstIndex(of: 0x3f) == n &- 1 {
      tally.add(.remoteInclusion, path.byteCount > 1 ? 54 : 52)
    } else if numeric, local == 0 {
      tally.add(.remoteInclusion, 35)
    }
  }

  /// How surely a host names this machine or its inner network, however it is spelled.
  private static func locality(_ host: RawSpan) -> Int {
    if host.equals("localhost") || host.hasPrefix("localhost.") { return 58 }
    if host.hasPrefix("[") {
      return host.hasPrefix("[::1") || host.hasPrefix("[::ffff") || host.hasPrefix("[0:0") || host.hasPrefix("[::]")
        || host.hasPrefix("[fd") || host.hasPrefix("[fe80") ? 80 : 0
    }
    if isDotted(host) {
      guard let address = IPAddress(host) else { return 62 }  // 127.1, 0177.0.0.1
      let word = UInt32(truncatingIfNeeded: address.low)
      switch word >> 24 {
      case 127: return word == 0x7f00_0001 ? 62 : 78
      case 0: return 72
      case 10: return 50
      case 192 where word >> 16 == 0xc0a8: return 50
      case 172 where word >> 20 == 0xac1: return 50
      case 169 where word >> 16 == 0xa9fe: return 88
      default: return 0
      }
    }
    // 2130706433, 0x7f000001
    guard host.byteCount >= 8, host.byteCount <= 12 else { return 0 }
    if host.hasPrefix("0x") { return 85 }
    for i in 0..<host.byteCount where !host.unchecked(i).isASCIIDigit { return 0 }
    return 82
  }

  /// Numbers alone, decimal or `0x` and hexadecimal digits, with at least one dot between them.
  private static func isDotted(_ host: RawSpan) -> Bool {
    var dots = 0
    guard host.byteCount >= 3 else { return false }
    var start = 0
    for i in 0..<host.byteCount {
      let c = host.unchecked(i)
      if c == 0x2e {
        dots &+= 1
        start = i &+ 1
      } else if !c.isASCIIDigit {
        let hexadecimal = host.holds("0x", at: start)
        guard hexadecimal, i == start &+ 1 || c.hexValue != nil else { return false }
      }
    }
    return dots > 0
  }

  /// `//host`, `/\host`, `https:host`, `\\host`: a browser goes elsewhere, a naive check sees a path.
  private static func redirect(_ text: RawSpan, _ start: Int, _ tally: inout EvidenceTally) {
    let n = text.byteCount
    let rest = text.extracting(start..<n)
    var score = 0
    if rest.hasPrefix("///") || rest.hasPrefix("/\\") || rest.hasPrefix("\\/") || rest.hasPrefix("//\\")
      || rest.hasPrefix("/%09/") || rest.hasPrefix("/\t/") || rest.hasPrefix("\\\\")
    {
      // '\\\\server\\share\\file' is a path of Windows.
      let share = rest.hasPrefix("\\\\") && rest.firstIndex(of: 0x5c, from: 2) != nil
      score = rest.contains(".") && n &- start > 5 ? (share ? 45 : 58) : 20
    } else if rest.hasPrefix("//") {
      score = rest.contains("..") || rest.contains("@") ? 60 : rest.contains(".") ? 38 : 0
    } else if rest.hasPrefix("http:") || rest.hasPrefix("https:") {
      let after = rest.at(rest.hasPrefix("https:") ? 6 : 5)
      let second = rest.at(rest.hasPrefix("https:") ? 7 : 6)
      if after == 0x2f, second != 0x2f {
        score = 30  // what merging slashes leaves
      } else if after != 0x2f {
        score = after != 0 && !after.isSpace && rest.contains(".") ? 56 : 0
      }
      if rest.contains(";@") || rest.contains("\\@") || rest.contains("/..//") { score = 65 }
      if rest.hasPrefix("http:///") || rest.hasPrefix("https:///") { score = 58 }
    }
    tally.add(.openRedirect, score)
  }
}
