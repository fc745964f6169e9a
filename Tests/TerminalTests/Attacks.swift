// Attacks for tests: plain, and hostile.

import Bytes
import Detection

@testable import Terminal

let noon: Nanoseconds = 1_767_268_800_000_000_000  // 2026-01-01T12:00:00Z

func attack(
  _ number: UInt64, _ state: AttackState = .started, kind: AttackKind = .injection, zone: String = "shop.example",
  requests: UInt64 = 120, minutes: Int64 = 5
) -> Attack {
  var attack = Attack(
    id: Attack.text(ofId: number), kind: kind, zone: Array(zone.utf8), start: noon,
    end: noon + minutes * 60 * nanosecondsPerSecond)
  attack.state = state
  attack.attackClass = kind == .injection ? "sqli" : ""
  attack.severity = Severity(rawValue: Int(number % 4)) ?? .low
  attack.confidence = 0.5 + Double(number % 50) / 100
  attack.requests = requests
  attack.peakRate = 12.34567890123
  attack.baselineRate = 0.5
  attack.sourceCount = 3
  attack.sources = [
    .init(address: IPAddress(high: 0, low: 0xffff_c633_6400 | number & 0xff), requests: requests, lower: 1, upper: 300)
  ]
  attack.targets = [.init(path: Array("/login".utf8), requests: 40, lower: 38, upper: 40)]
  attack.rules = [.init(id: "some-rule", title: "A rule", matches: 7)]
  attack.evidence = [
    .init(
      file: Array("/var/log/access.log".utf8), line: 12, time: noon, client: attack.sources[0].address, status: 200,
      request: Array("GET /?id=1%27%20or%201=1".utf8))
  ]
  attack.explanation = "120 requests carried SQL."
  return attack
}

/// What a client may send to whoever looks.
let hostileBytes: [UInt8] =
  Array("\u{1b}[2J\u{1b}]0;gotcha\u{7}\r\n\u{202e}evil\u{9b}31m".utf8) + [0xff, 0xfe, 0x80, 0xc3] + Array("日本🧨".utf8)

func hostileAttack(_ number: UInt64) -> Attack {
  var attack = attack(number, .ongoing)
  attack.zone = hostileBytes
  attack.explanation = String(decoding: hostileBytes, as: UTF8.self)
  attack.attackClass = "a\u{1b}[31m"
  attack.targets[0].path = hostileBytes
  attack.rules[0].title = "t\u{1b}[0m\n"
  attack.evidence[0].request = hostileBytes
  attack.evidence[0].file = hostileBytes
  attack.confidence = .nan
  attack.peakRate = .infinity
  attack.baselineRate = -1
  attack.end = .max
  attack.start = .min
  return attack
}
