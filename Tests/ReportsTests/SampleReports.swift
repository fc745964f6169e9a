// Reports that tests render: an ordinary day, nothing found, and a log full of injection.

import Bytes
import Detection
import Reports

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

enum SampleReports {
  static let start: Nanoseconds = 1_748_822_400_000_000_000
  static let minute: Nanoseconds = 60_000_000_000

  /// The day, with something known of the first source of each attack, and requests that were allowed.
  static func known() -> ReplayReport {
    var report = day()
    report.ledger.allowed = 12
    for i in report.attacks.indices where !report.attacks[i].sources.isEmpty {
      var note = SourceNote()
      note.lists = [.init(list: "exits", kind: .tor)]
      (note.country, note.asn, note.organisation, note.earlierAttacks) = ("DE", 64_500, "Example <b>Net", 4)
      note.score = 68
      report.attacks[i].sources[0].note = note
    }
    return report
  }

  /// A day with attacks of all severities.
  static func day() -> ReplayReport {
    var report = ReplayReport()
    report.ruleCount = 182
    report.detectors = ["floods against the site's own baseline", "scanning", "password guessing", "scraping"]
    report.input.files = [
      .init(
        path: bytes("/var/log/nginx/access.log.1"), format: "combined", bytes: 190_022_113, lines: 838_112,
        parsed: 838_100),
      .init(
        path: bytes("/var/log/nginx/access.log"), format: "combined", bytes: 36_707_577, lines: 161_888, parsed: 161_880
      ),
    ]
    report.input.bytes = 226_729_690
    report.input.lines = 1_000_000
    report.input.parsed = 999_980
    report.input.unparsed = 20
    report.input.first = start
    report.input.last = start + 1_452 * minute + 7_000_000_000
    report.input.unparsedShapes = [
      .init(shape: bytes("W W D W"), count: 17, file: bytes("/var/log/nginx/access.log.1"), line: 5_121),
      .init(shape: [0xff, 0xfe, 0x00], count: 3, file: bytes("/var/log/nginx/access.log"), line: 9),
    ]
    report.ledger.lines = 1_000_000
    report.ledger.parsed = 999_980
    report.ledger.unparsed = 20
    report.ledger.late = 41
    report.ledger.aggregated = 999_980
    report.traffic = traffic()
    report.attacks = attacks()
    report.remarks = [
      "The first 10 minutes had no baseline to compare with: a flood there would have to be larger to be seen."
    ]
    return report
  }

  static func traffic() -> TrafficReport {
    var traffic = TrafficReport()
    traffic.seriesStart = start
    traffic.seriesStep = 10 * minute
    for i in 0..<145 {
      // A parabola by day, with a flood at 108.
      let curve = UInt64(3_000 + (i % 144) * (144 - i % 144))
      let flood: UInt64 = i == 108 ? 31_000 : i == 19 ? 18_000 : 0
      let total = curve + flood
      let client = total / 40 + (i == 40 ? 2_400 : 0)
      let server = flood / 3 + total / 400
      traffic.series.append(
        .init(
          requests: total + client, bytes: total * 21_000,
          statuses: .init(0, total - total / 9 - server, total / 9, client, server), matched: i == 88 ? 380 : 0))
    }
    traffic.requests = traffic.series.reduce(0) { $0 + $1.requests }
    traffic.bytes = traffic.series.reduce(0) { $0 + $1.bytes }
    traffic.statuses = traffic.series.reduce(into: .init()) {
      $0.success += $1.statuses.success
      $0.redirect += $1.statuses.redirect
      $0.clientError += $1.statuses.clientError
      $0.serverError += $1.statuses.serverError
    }
    traffic.methods = (traffic.requests - 60_000, 20_000, 35_000, 5_000)
    traffic.clients = 41_230
    traffic.matched = 3_122
    traffic.latency = .init(p50: 12_300, p90: 88_000, p99: 1_240_000)
    func top(_ value: String, _ requests: UInt64, _ errors: UInt64 = 0, spread: UInt64 = 0) -> TrafficReport.Top {
      .init(
        value: bytes(value), requests: requests, lower: requests - spread, upper: requests, bytes: requests * 9_120,
        errors: errors)
    }
    traffic.paths = [
      top("/assets/site.a8b2c975.css", 61_002), top("/", 58_411, 412), top("/account/login", 9_912, 4_120),
      top("/api/v2/feed", 8_810, 1_122), top("/shop/tents", 7_205, 3, spread: 40),
      top("/suche/zelt-größe-xl-テント", 7_001),
      top("/magazine/feed.xml", 6_830), top("/media/9ceb86-640.webp", 6_114), top("/wp-login.php", 5_990, 5_990),
      top("/search", 5_031, 88),
    ]
    traffic.topClients = [
      top("43.54.4.153", 15_320, 5_110), top("17.62.63.33", 15_235, 5_022),
      top("2a00:0:20c:5273:c962:98ce:ba69:3a36", 9_120),
      top("192.0.2.1", 4_800), top("172.83.252.11", 1_600, 1_488),
    ]
    traffic.networks = [
      top("43.54.4.0/24", 15_320, 5_110), top("17.62.63.0/24", 15_235, 5_022), top("2a00:0:20c::/48", 9_120),
    ]
    traffic.userAgents = [
      top(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        212_000, 1_990),
      top("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 49_000, 411),
      top("Nikto/2.5.0", 1_600, 1_488),
    ]
    traffic.referrers = [top("https://www.google.com/", 21_877), top("https://www.pine-shop.example/", 18_002)]
    traffic.hosts = [top("www.pine-shop.example", 880_112, 20_000), top("api.pine-shop.example", 119_000, 300)]
    return traffic
  }

  static func attacks() -> [Attack] {
    var list: [Attack] = []
    func add(
      _ id: String, _ kind: AttackKind, _ name: String, _ severity: Severity, _ from: Int64, _ to: Int64,
      _ requests: UInt64,
      _ confidence: Double, _ peak: Double, _ usual: Double, _ sources: [(String, UInt64)], count: UInt64? = nil,
      _ targets: [(String, UInt64)], _ explanation: String, example: String? = nil,
      rules: [(String, String, UInt64)] = [],
      state: AttackState = .ended
    ) {
      var attack = Attack(
        id: id, kind: kind, zone: bytes("www.pine-shop.example"), start: start + from * 1_000_000_000,
        end: start + to * 1_000_000_000)
      attack.state = state
      attack.attackClass = name
      attack.severity = severity
      attack.confidence = confidence
      attack.requests = requests
      attack.peakRate = peak
      attack.baselineRate = usual
      attack.sources = sources.map {
        .init(address: IPAddress($0.0) ?? .unknown, requests: $0.1, lower: $0.1 - $0.1 / 50, upper: $0.1)
      }
      attack.sourceCount = count ?? UInt64(sources.count)
      attack.targets = targets.map { .init(path: bytes($0.0), requests: $0.1, lower: $0.1, upper: $0.1) }
      attack.rules = rules.map { .init(id: $0.0, title: $0.1, matches: $0.2) }
      attack.explanation = explanation
      if let example {
        attack.evidence = [
          .init(
            file: bytes("/var/log/nginx/access.log.1"), line: UInt64(from * 11 + 7), time: attack.start,
            client: attack.sources.first?.address ?? .unknown, status: 200, request: bytes(example)),
          .init(
            file: bytes("/var/log/nginx/access.log.1"), line: UInt64(from * 11 + 19),
            time: attack.start + 1_000_000_000,
            client: attack.sources.first?.address ?? .unknown, status: 500, request: bytes(example + "-2")),
        ]
      }
      list.append(attack)
    }
    add(
      "9d1f4a7702bc3e15", .injection, "sqli", .critical, 52_808, 52_925, 380, 0.99, 8.2, 0,
      [("61.45.217.53", 201), ("21.22.77.11", 179)],
      [("/search", 120), ("/shop/tents", 81), ("/api/v2/items", 77), ("/forum/preview", 60), ("/view", 42)],
      "380 requests carried SQL of 6 kinds (joined selects, delays, errors) in 5 parameters; 57 were answered 5xx.",
      example: "GET /search?q=1%27%20UNION%20ALL%20SELECT%20NULL%2Cversion()%2CNULL--%20-",
      rules: [("a1", "SQL: union select", 110), ("a2", "SQL: time delay", 71)])
    add(
      "03c5e88d9a0f7721", .distributedFlood, "", .high, 64_800, 64_981, 54_166, 0.97, 412.5, 11.6,
      [
        ("203.120.57.15", 168), ("2a00:ddf0:5e8:f11::7", 161), ("153.12.9.4", 160), ("140.247.255.8", 158),
        ("8.9.1.2", 150),
      ], count: 420,
      [("/", 18_100), ("/search", 18_050), ("/shop/tents", 18_016)],
      "Requests rose to 35 times the usual rate within 20 s, from 420 clients of which 402 had not been seen before, and 20 % were answered 503.",
      example: "GET /search?q=a")
    add(
      "7be20391cc45d0aa", .credentialStuffing, "", .high, 60_498, 61_416, 2_400, 0.94, 4.1, 0.1,
      [("140.247.255.9", 10), ("2a08:99b0:40c:7b91:df31:1:2:3", 10)], count: 240, [("/account/login", 2_400)],
      "240 clients tried to log in 2,400 times with 10 tries each; 98.8 % failed, 29 succeeded.",
      example: "POST /account/login")
    add(
      "51aa0c2e7f93b604", .scanning, "scanner", .medium, 23_616, 23_718, 1_600, 0.98, 16.4, 0,
      [("172.83.252.11", 1_600)],
      [("/phpmyadmin/", 12), ("/.env", 9), ("/wp-login.php", 8)],
      "One client asked for 1,211 different paths in 102 s, of which 93 % do not exist.",
      example: "GET /phpmyadmin/setup.php",
      rules: [("b7", "Scanner: Nikto", 1_600)])
    add(
      "c0ffee0011223344", .scraping, "", .low, 40_914, 42_407, 3_200, 0.71, 2.3, 0,
      [("48.148.223.25", 1_067), ("87.236.33.237", 1_067), ("213.215.3.237", 1_066)],
      [("/shop/tents", 266)], "3 clients fetched 900 product pages in turn and no assets.",
      example: "GET /shop/knives/ultra-bottle-5396",
      state: .ongoing)
    for index in list.indices { list[index].normalSampled = 64 }
    list[1].fingerprint = Fingerprint(
      parts: [
        .init(field: .queryNames, value: bytes("q")), .init(field: .userAgent, value: bytes("Mozilla/5.0 (X11)")),
      ], covers: 0.93, normalHits: 2)
    list[2].fingerprint = Fingerprint(
      parts: [.init(field: .path, value: bytes("/account/login"))], covers: 1, normalHits: 1)
    return list
  }

  static func nothing() -> ReplayReport {
    var report = day()
    report.attacks = []
    report.remarks = []
    return report
  }

  /// Everything a client can choose is an attempt to get out of the report.
  static func hostile() -> ReplayReport {
    var report = day()
    let script =
      "</title></style></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>{{7*7}}"
    let terminal = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\r\n\u{202e}gnp.exe\u{2066}\0"
    let raw = bytes(script) + bytes(terminal) + [0xff, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xf5, 0xe2, 0x82]
    report.input.files = [.init(path: raw, format: script, bytes: 1, lines: 1, parsed: 1)]
    report.input.unparsedShapes = [.init(shape: raw, count: .max, file: raw, line: .max)]
    report.partial = script
    report.remarks = [script]
    report.detectors = [script]
    let top = TrafficReport.Top(value: raw, requests: .max, lower: 0, upper: .max, bytes: .max, errors: .max)
    report.traffic.paths = [top]
    report.traffic.topClients = [top]
    report.traffic.networks = [top]
    report.traffic.userAgents = [top]
    report.traffic.referrers = [top]
    report.traffic.hosts = [top, top]
    for index in report.attacks.indices {
      report.attacks[index].id = script
      report.attacks[index].attackClass = script
      report.attacks[index].zone = raw
      report.attacks[index].explanation = script
      report.attacks[index].fingerprint = Fingerprint(
        parts: FingerprintField.allCases.map { .init(field: $0, value: raw) }, covers: .nan, normalHits: .max)
      report.attacks[index].normalSampled = index % 2 == 0 ? .max : -1
      report.attacks[index].normalFromSources = .min
      report.attacks[index].targets = [.init(path: raw, requests: .max, lower: 0, upper: .max)]
      report.attacks[index].rules = [.init(id: script, title: script, matches: .max)]
      report.attacks[index].evidence = [
        .init(file: raw, line: .max, time: .max, client: .unknown, status: .max, request: raw)
      ]
      report.attacks[index].confidence = [.nan, .infinity, -1, 2, 0.5][index % 5]
      report.attacks[index].peakRate = [.nan, .infinity, -.infinity, 1e300, -1][index % 5]
      report.attacks[index].start = [.min, .max, 0, -1, 1][index % 5]
      report.attacks[index].end = [.max, .min, 0, -1, 1][index % 5]
    }
    return report
  }

  static func empty() -> ReplayReport { ReplayReport() }
}
