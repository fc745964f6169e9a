// What a user agent says it is. A claim, never a proof: the tests weigh it against what the client does.

import Bytes

/// What a client declares itself to be.
public enum UserAgentKind: UInt8, Sendable, CaseIterable {
  /// None, or "-".
  case absent
  case browser
  /// A search engine or another robot that says so.
  case crawler
  case feedReader
  case monitor
  /// A library or command line program.
  case tool
  case other

  /// Reads the claim from the bytes of the header. O(length), no allocation.
  public init(_ bytes: [UInt8]) {
    if bytes.isEmpty || bytes.count == 1 && bytes[0] == 0x2d {
      self = .absent
      return
    }
    let found = Self.finder.first(in: bytes)
    self = found < Self.words.count ? Self.words[found].1 : .other
  }

  private static let finder = WordFinder(words.map(\.0))

  /// Lower-case words that give a kind away, the most telling first.
  private static let words: [([UInt8], UserAgentKind)] = {
    let table: [(UserAgentKind, [String])] = [
      (
        .feedReader,
        ["feedly", "feedfetcher", "feedbin", "newsblur", "inoreader", "rss", "feedburner", "tt-rss", "feed"]
      ),
      (
        .monitor,
        [
          "uptime", "pingdom", "monitor", "statuscake", "healthcheck", "health-check", "kube-probe", "jetmon",
          "site24x7", "newrelicpinger", "elb-health", "googlehc", "nagios", "check_http", "zabbix", "blackbox",
          "datadog",
          "freshping", "betterstack",
        ]
      ),
      (
        .crawler,
        [
          "bot/", "bot;", "bot)", "bot ", "bot-", "-bot", "crawler", "spider", "slurp", "googlebot", "bingbot", "+http",
          "facebookexternalhit", "ia_archiver", "archive.org", "crawl", "bot.", "bot,",
        ]
      ),
      (
        .tool,
        [
          "curl/", "wget/", "python", "go-http-client", "java/", "okhttp", "libwww", "httpclient", "aiohttp", "axios",
          "node-fetch", "ruby", "perl", "php/", "winhttp", "scrapy", "httrack", "guzzle", "postman", "http_request",
          "powershell", "libcurl", "restsharp", "apt-http", "dalvik", "cfnetwork", "reqwest", "colly", "mechanize",
        ]
      ),
      (.browser, ["mozilla/", "opera/", "webkit", "gecko"]),
    ]
    return table.flatMap { kind, words in words.map { (Array($0.utf8), kind) } }
  }()

  /// A hash of the name that a robot gives itself, the same for all its versions and disguises; nil where there is none.
  /// "Mozilla/5.0 (iPhone) (compatible; Examplebot/2.1)" and "Examplebot/3.0" are both "examplebot".
  static func robotName(_ bytes: [UInt8]) -> UInt64? {
    for word in robotWords {
      guard let place = position(of: word, in: bytes) else { continue }
      var begin = place
      while begin > 0, isNameByte(bytes[begin - 1]) { begin -= 1 }
      var end = place + word.count
      while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
      let name = bytes[begin..<end].map { lower($0) }
      return KeyedHash(key: 0).hash(name.span.bytes)
    }
    return nil
  }

  /// Whether a client reads robots.txt, or another robot of its name does.
  /// - Parameter readers: Names of those that do.
  static func readsRobots(_ profile: ClientProfile, _ agent: @autoclosure () -> [UInt8], _ readers: Set<UInt64>) -> Bool
  {
    profile.robots || robotName(agent()).map(readers.contains) ?? false
  }

  private static let robotWords = ["bot", "crawl", "spider", "slurp", "feed", "archiver"].map { Array($0.utf8) }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    lower(byte) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5f
  }

  /// Whether a program that says what it is written with is likely an app on a phone.
  static func isApp(_ bytes: [UInt8]) -> Bool { appWords.contains { contains(bytes, $0) } }

  /// A robot that says so.
  var isRobot: Bool { self == .crawler || self == .feedReader || self == .monitor }

  /// Whether it is an app on a phone, or a browser within one, by its own word. "Example/3.2 (iPhone; iOS 17)" as well,
  /// though it names no library.
  static func isOfAPhone(_ bytes: [UInt8]) -> Bool {
    switch UserAgentKind(bytes) {
    case .tool: isApp(bytes)
    case .browser: isEmbedded(bytes)
    case .other: phoneWords.contains { contains(bytes, $0) }
    default: false
    }
  }

  /// Whether a browser is part of an app, which brings along what its pages would load.
  static func isEmbedded(_ bytes: [UInt8]) -> Bool {
    contains(bytes, webView) || (contains(bytes, mobile) && contains(bytes, webKit) && !contains(bytes, safari))
  }

  /// Whether a client shows a folder of the server as one of its own: WebDAV and its like.
  static func isFileClient(_ bytes: [UInt8]) -> Bool { fileWords.contains { contains(bytes, $0) } }

  private static let fileWords = ["webdav", "davfs", "davclnt", "gvfs", "cadaver", "mirall", "nextcloud", "owncloud"]
    .map { Array($0.utf8) }

  /// Whether it claims to be a browser by itself, not part of an app.
  static func isPlainBrowser(_ bytes: [UInt8]) -> Bool { UserAgentKind(bytes) == .browser && !isEmbedded(bytes) }

  private static let appWords = ["cfnetwork", "dalvik", "okhttp"].map { Array($0.utf8) }
  private static let phoneWords = ["iphone", "ipad", "ios ", "ios/", "android"].map { Array($0.utf8) }
  private static let webView = Array("; wv)".utf8)
  private static let mobile = Array("mobile/".utf8)
  private static let webKit = Array("applewebkit".utf8)
  private static let safari = Array("safari/".utf8)

  /// Whether `bytes` holds the lower-case `word`, whatever the case.
  static func contains(_ bytes: [UInt8], _ word: [UInt8]) -> Bool { position(of: word, in: bytes) != nil }

  /// Where the lower-case `word` first stands in `bytes`, whatever the case.
  static func position(of word: [UInt8], in bytes: [UInt8]) -> Int? {
    guard let first = word.first, bytes.count >= word.count else { return nil }
    var i = 0
    let last = bytes.count - word.count
    while i <= last {
      if lower(bytes[i]) == first {
        var k = 1
        while k < word.count, lower(bytes[i + k]) == word[k] { k += 1 }
        if k == word.count { return i }
      }
      i += 1
    }
    return nil
  }

  @inline(__always)
  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
