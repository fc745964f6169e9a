// What rules cost, in work and not in time: so that the same rules are named on every machine.
//
// What Vectorscan finds costs next to nothing, whatever it is. What costs are regular expressions that PCRE2 has to try in
// full: those that Vectorscan does not take are tried on every value, those made of words that every request has on most
// of them. So the rules are matched against some ordinary requests and a few that are long, and the steps that PCRE2
// needs are counted.

import Bytes

/// A rule that makes requests slow to judge.
public struct RuleCost: Sendable, CustomStringConvertible {
  public var rule: RuleInfo
  /// Steps of PCRE2 for a request with values that were not seen before, on average; a power of two above.
  public var steps: Int
  /// Share of such requests on which one of its expressions is tried, percent.
  public var tried: Int
  /// Whether an expression gave up on a value: there it counts as no match, or as what Vectorscan says.
  public var givesUp: Bool

  /// Steps from which a rule is named; each of the shipped rules takes less than a third of that.
  public static let threshold = 400

  public var description: String {
    "\(rule.file):\(rule.line): rule '\(rule.title)' is costly: its regular expressions are tried on \(tried) % of "
      + "ordinary requests and take \(steps) steps a request, where \(Self.threshold) is much"
      + (givesUp ? "; on a long value they give up" : "")
      + "; plain letters that few requests have, in a row, and no '.*' between short ones make them cheap"
  }
}

extension RuleSet {
  /// The rules that cost too much, the most costly first. Deterministic; a few milliseconds.
  public func costlyRules(from threshold: Int = RuleCost.threshold) -> [RuleCost] {
    let requests = RuleCostSample.requests
    var trials: [[Int]] = Array(repeating: [], count: compiled.table.tests.count)
    var steps = Array(repeating: 0, count: compiled.table.tests.count)
    var givenUp = Array(repeating: false, count: compiled.table.tests.count)
    var matcher = RuleMatcher(self, cacheEntries: 64)
    matcher.trials = []
    let scratch = RegexScratch(isMeasuring: true)
    for (number, request) in requests.enumerated() {
      let target = Array(request.target.utf8)
      let agent = Array(request.userAgent.utf8)
      let referrer = Array(request.referrer.utf8)
      let host = Array("www.example.com".utf8)
      matcher.begin()
      matcher.add(
        FieldView(
          target: target.span.bytes, userAgent: agent.span.bytes, referrer: referrer.span.bytes, host: host.span.bytes))
      matcher.scan()
      for trial in matcher.trials ?? [] {
        guard let regex = compiled.table.regexes[trial.pattern] else { continue }
        let found = regex.steps(trial.value.span.bytes, scratch)
        if trials[trial.pattern].last != number { trials[trial.pattern].append(number) }
        steps[trial.pattern] += found ?? ConfirmingRegex.mostSteps
        if found == nil { givenUp[trial.pattern] = true }
      }
      matcher.trials = []
    }
    var costs: [RuleCost] = []
    for (index, rule) in rules.enumerated() {
      let patterns = compiled.program.patternsUsed(by: index).map { Int($0) }
      let sum = patterns.reduce(0) { $0 + steps[$1] } / requests.count
      guard sum >= threshold else { continue }
      let tried = Set(patterns.flatMap { trials[$0] }).count * 100 / requests.count
      costs.append(
        RuleCost(rule: rule, steps: sum, tried: tried, givesUp: patterns.contains { givenUp[$0] }))
    }
    return costs.sorted { $0.steps != $1.steps ? $0.steps > $1.steps : $0.rule.id < $1.rule.id }
  }
}

/// Requests as sites have them, made up.
enum RuleCostSample {
  struct Request {
    var target: String
    var userAgent: String
    var referrer: String
  }

  private static let targets = [
    "/", "/index.php", "/favicon.ico", "/static/css/main.4f3a2b.css", "/static/js/vendor~app.9c1d.js?v=20250601",
    "/images/products/2025/06/tent-green-large.webp",
    "/shop/category/outdoor/tents?page=3&sort=price_asc&filter=in_stock",
    "/search?q=winter+jacket+for+children&lang=en&utm_source=newsletter&utm_campaign=spring-sale-2025",
    "/api/v2/users/1849302/orders?limit=50&cursor=eyJpZCI6MTg0OTMwMn0",
    "/blog/2024/11/how-to-select-from-a-union-of-ideas",
    "/account/login?return=%2Fcheckout%2Fpayment", "/wp-content/uploads/2023/08/report-final.pdf", "/robots.txt",
    "/download.php?file=manual_v3.2.zip&mirror=eu", "/de/produkte/%C3%BCbersicht/gr%C3%B6%C3%9Fe-l",
    "/graphql?query=%7Bproduct(id%3A42)%7Bname%2Cprice%7D%7D",
  ]
  private static let userAgents = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://www.example.org/bot.html)", "okhttp/4.12.0",
  ]
  private static let referrers = [
    "https://www.example.com/", "https://www.example.com/shop/category/outdoor?page=2&sort=name", "",
  ]

  static let requests: [Request] = {
    var requests = targets.enumerated().map { number, target in
      Request(
        target: target, userAgent: userAgents[number % userAgents.count],
        referrer: referrers[number % referrers.count])
    }
    // Long ones: a form sent as a query, one letter over and over, digits, blanks.
    let words = (0..<60).map { "field\($0)=some+words+of+text+\($0 * 37)" }.joined(separator: "&")
    for text in [words, String(repeating: "a", count: 1000), String(repeating: "0", count: 1000)] {
      requests.append(Request(target: "/form?" + text + "!", userAgent: userAgents[0], referrer: ""))
    }
    requests.append(
      Request(target: "/", userAgent: String(repeating: "ab ", count: 300) + "!", referrer: referrers[1]))
    return requests
  }()
}
