// Who says what it is. Strings are composed from versions and platforms as browsers compose them.

import Bytes

/// The user agents of a population, the most common first.
struct UserAgents: Sendable {
  let browsers: [PoolSlice]
  let apps: [PoolSlice]
  let feedReaders: [PoolSlice]
  let downloaders: [PoolSlice]
  let tools: [PoolSlice]
  let crawlers: [PoolSlice]
  let monitors: [PoolSlice]

  init(pool: inout BytePool, random: inout SeededGenerator) {
    var browsers: [String] = []
    let desktops = [
      "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64",
      "Windows NT 6.1; Win64; x64", "X11; CrOS x86_64 14541.0.0",
    ]
    for major in [141, 140, 139, 138, 135, 131, 128, 124, 120, 109] {
      for desktop in desktops {
        browsers.append(
          "Mozilla/5.0 (\(desktop)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/\(major).0.0.0 Safari/537.36")
      }
      browsers.append(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/\(major).0.0.0 Mobile Safari/537.36"
      )
      browsers.append(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/\(major).0.0.0 Safari/537.36 Edg/\(major).0.\(random.below(3000)).\(random.below(120))"
      )
      browsers.append(
        "Mozilla/5.0 (X11; Linux x86_64; rv:\(major + 2).0) Gecko/20100101 Firefox/\(major + 2).0")
      browsers.append(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:\(major + 1).0) Gecko/20100101 Firefox/\(major + 1).0")
    }
    for (system, version) in [
      ("18_6", "18.6"), ("18_1", "18.1"), ("17_6_1", "17.6"), ("16_7", "16.6"), ("15_8", "15.6"),
    ] {
      browsers.append(
        "Mozilla/5.0 (iPhone; CPU iPhone OS \(system) like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/\(version) Mobile/15E148 Safari/604.1"
      )
      browsers.append(
        "Mozilla/5.0 (iPad; CPU OS \(system) like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/\(version) Mobile/15E148 Safari/604.1"
      )
      browsers.append(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/\(version) Safari/605.1.15"
      )
    }
    for model in ["SM-S921B", "SM-A546E", "Pixel 8", "2201117TG", "CPH2581", "moto g power (2022)"] {
      browsers.append(
        "Mozilla/5.0 (Linux; Android \(12 + random.below(4)); \(model)) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/\(23 + random.below(6)).0 Chrome/\(115 + random.below(15)).0.0.0 Mobile Safari/537.36"
      )
    }
    browsers.append(
      "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)")
    browsers.append(
      "Opera/9.80 (Android; Opera Mini/36.2.2254/191.303; U; en) Presto/2.12.423 Version/12.16")
    // Shuffle the tail so that rank is not version.
    for i in stride(from: browsers.count - 1, to: 4, by: -1) { browsers.swapAt(i, 4 + random.below(i - 3)) }
    self.browsers = browsers.map { pool.add($0) }

    var apps: [String] = []
    for version in ["7.14.2", "7.14.0", "7.12.1", "7.9.0", "6.31.5"] {
      apps.append("PineShop/\(version) (iPhone15,3; iOS 18.5; Scale/3.00)")
      apps.append("PineShop/\(version) (Android 14; Pixel 8) okhttp/4.12.0")
      apps.append("PineShop/\(version) (iPad13,16; iOS 17.6.1; Scale/2.00)")
    }
    self.apps = apps.map { pool.add($0) }
    feedReaders = [
      "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 214 subscribers; like FeedFetcher-Google)",
      "NetNewsWire (RSS Reader; https://netnewswire.com/)", "FreshRSS/1.24.3 (Linux; https://freshrss.org)",
      "Tiny Tiny RSS/24.08 (https://tt-rss.org/)",
      "Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 37 subscribers)",
      "newsboat/2.36.0 (Linux x86_64)", "Miniflux/2.2.1", "Mozilla/5.0 (compatible; Thunderbird/128.0)",
    ].map { pool.add($0) }
    downloaders = [
      "Wget/1.21.3", "curl/7.88.1", "Debian APT-HTTP/1.3 (2.6.1)", "aria2/1.36.0", "Wget/1.24.5 (linux-gnu)",
      "Homebrew/4.3.20 (Macintosh; arm64 Mac OS X 14.6) curl/8.7.1", "axel/2.17.11 (Linux)",
    ].map { pool.add($0) }
    tools = [
      "curl/8.5.0", "python-requests/2.32.3", "Go-http-client/1.1", "okhttp/4.9.3", "axios/1.7.2",
      "PostmanRuntime/7.41.2",
      "Java/17.0.11", "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    ].map { pool.add($0) }
    crawlers = [
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
      "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
      "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
      "Mozilla/5.0 (compatible; SeznamBot/4.0; +http://napoveda.seznam.cz/seznambot-intro/)",
      "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    ].map { pool.add($0) }
    monitors = [
      "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
      "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "Blackbox Exporter/0.25.0",
    ].map { pool.add($0) }
  }
}
