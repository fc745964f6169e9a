// The ordinary life of a site, for the tests: visitors who load pages with their assets, a day curve, and
// the many things that look odd and are not.

import Bytes

extension ZoneScript {
  /// Visitors that come at `perMinute` from `from` to `to` (seconds), look at a few pages each with assets, and now and
  /// then follow a dead link or mistype a password.
  mutating func addVisitors(from: Double, to: Double, perMinute: Double, seed: UInt64 = 1, network: UInt32 = 81) {
    var dice = Dice(seed)
    var time = from
    while time < to {
      time += -60 / perMinute * logarithm(max(dice.unit(), 1e-9))
      let client = address(network, UInt32(dice.roll(1 << 22)))
      let agent = browserAgent + " v\(dice.roll(12))"
      var at = time
      for page in 0..<(1 + dice.roll(5)) {
        let path = "/articles/\(min(dice.roll(40), dice.roll(40)))"
        add(ScriptedRequest(time: at, client: client, path: path, agent: agent, referrer: page > 0 || dice.roll(3) > 0))
        for asset in 0..<(1 + dice.roll(4)) {
          let name = ["/s/site.css", "/s/app.js", "/i/logo.png", "/i/hero.jpg"][asset]
          add(ScriptedRequest(time: at + 0.3, client: client, path: name, agent: agent, referrer: true))
        }
        if dice.roll(20) == 0 {
          add(
            ScriptedRequest(
              time: at + 1, client: client, path: "/gone/\(dice.roll(30))", status: 404, agent: agent, referrer: true))
        }
        if dice.roll(40) == 0 {
          let wrong = dice.roll(6) == 0
          add(
            ScriptedRequest(
              time: at + 5, client: client, method: "POST", path: "/login", status: wrong ? 401 : 302, agent: agent,
              referrer: true))
        }
        at += 5 + dice.unit() * 60
      }
    }
  }
}

/// Natural logarithm by series, so that the tests need no library of mathematics: ln x = 2 atanh((x - 1) / (x + 1)).
func logarithm(_ x: Double) -> Double {
  var x = x
  var shift = 0.0
  while x < 0.5 {
    x *= 2
    shift -= 0.693_147_180_559_945_3
  }
  while x > 1.5 {
    x /= 2
    shift += 0.693_147_180_559_945_3
  }
  let y = (x - 1) / (x + 1)
  var term = y
  var sum = 0.0
  for k in stride(from: 1, to: 40, by: 2) {
    sum += term / Double(k)
    term *= y * y
  }
  return 2 * sum + shift
}
