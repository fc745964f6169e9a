// Why an attack was raised, in words, with the numbers that raised it.

import Bytes

/// Sentences made of a campaign's facts. No byte that a client sent gets in: only counts.
enum Explanation {
  static func text(_ campaign: Campaign, _ attack: Attack) -> String {
    let facts = campaign.facts
    let who = attack.sourceCount == 1 ? "One address" : "\(attack.sourceCount) addresses"
    let long = duration(attack.end &- attack.start)
    var text: String
    switch attack.kind {
    case .injection:
      text = "\(who) sent \(count(attack.requests, "request")) with attack payloads within \(long)"
      text += "; the strongest scored \(facts.maxScore) of 100"
    case .scanning where facts.matched == 0:
      text = "\(who) asked for what is not there: \(count(attack.requests, "failed request")) within \(long)"
      if facts.missingPaths > 1 { text += "; one visit tried \(facts.missingPaths) missing paths" }
      if facts.requests > 0 { text += ", and \(percent(facts.failed, facts.requests)) of its requests failed" }
    case .scanning:
      text = "\(who) sent \(count(attack.requests, "probe")) for known weak spots within \(long)"
      if facts.missingPaths >= 8 { text += "; one visit tried \(facts.missingPaths) missing paths" }
    case .bruteForce, .credentialStuffing:
      text = "\(who) made \(count(attack.requests, "login attempt")) within \(long)"
      text += "; in one visit \(facts.loginFailures) of \(facts.logins) failed"
      if facts.users >= 2 { text += ", for \(facts.users) users" }
    case .scraping:
      text =
        "\(who) fetched \(count(attack.requests, "page")) within \(long), \(facts.distinctPaths) distinct in one visit"
      text += ", without the style sheets, scripts and images that a browser loads"
    case .flood, .distributedFlood:
      text = "\(who)\(network(campaign)) sent \(count(attack.requests, "request")) within \(long): "
      text += load(facts)
    case .cacheBusting:
      text = "\(who) asked for one path with \(facts.distinctQueries) distinct query strings, "
      text += "\(count(attack.requests, "request")) within \(long), so that no cache could answer"
    case .slowRequests:
      text =
        "\(who) made \(count(attack.requests, "slow request")) within \(long), \(percent(facts.slow, facts.requests)) of "
      text += "its requests, while others were served quickly"
    case .errorStorm:
      text = "\(who) caused \(count(attack.requests, "server error")) within \(long), "
      text += "\(percent(facts.serverErrors, facts.requests)) of its requests, while others were served well"
    case .formSpam:
      text =
        "\(who) sent \(count(attack.requests, "request")) with forms within \(long), as browsers that never loaded what "
      text += "belongs to a page"
    case .correlation:
      text = "A correlation rule counted \(count(attack.requests, "event")) within \(long)"
      if facts.users > 0 { text += ", \(count(facts.users, "distinct value")) of what it asks for" }
      if attack.sourceCount > 0 { text += " from \(count(attack.sourceCount, "address", "addresses"))" }
    }
    if facts.zones > 0 {
      text += "; on \(count(facts.zones, "host")) or more by one address, on none of them enough to be told of alone"
    }
    if facts.crowd > 0 {
      text += "; alone each did little, and at least \(facts.crowd) did the same"
    }
    if campaign.isNoise, attack.sourceCount > 1, campaign.group == .payloads {
      text += "; they share no more than what they look for, as the background noise of the internet does"
    }
    if campaign.succeeded {
      text +=
        campaign.group == .logins
        ? ". A login succeeded after many failures"
        : campaign.usesWhatItUploaded
          ? ". Something seems to have been uploaded and then used: both were answered with success"
          : ". At least one such request was answered with success" + unlike(campaign.success)
    } else if campaign.sawCommonAnswer {
      text += ". What was answered with success is a page that others get as well"
    }
    return text + "."
  }

  /// The rate, what is usual and since when that is known, and the threshold.
  private static func load(_ facts: CandidateFacts) -> String {
    let minutes = max(facts.learned, 0) / (60 * nanosecondsPerSecond)
    var text = "\(facts.basis == .network ? "that network" : "the zone") "
    if facts.basis == .network {
      let usual = max(facts.baselineRate, NetworkLoads.leastRate)
      text += "sent up to \(rate(facts.rate)) where no more than \(rate(usual)) is usual from it"
    } else {
      text += "received up to \(rate(facts.rate)) where \(rate(facts.baselineRate)) is usual\(facts.basis.words)"
    }
    if facts.learned < RateBaseline.settled {
      text += " (learning, \(count(UInt64(minutes), "minute")) of history)"
    } else {
      text += " (\(duration(facts.learned)) of history)"
    }
    if facts.threshold > 0 { text += "; from \(rate(facts.threshold)) on it counts as a flood" }
    return text
  }

  private static func network(_ campaign: Campaign) -> String {
    guard campaign.members.count > 1, let network = campaign.network else { return "" }
    return " of the network \(network.networkText)"
  }

  /// How the answer differs from what others get, where its size is known.
  private static func unlike(_ success: Campaign.Success?) -> String {
    guard let success, success.bytes > 0 else { return "" }
    let size = ", with \(count(UInt64(success.bytes), "byte"))"
    return success.errorPage > 0
      ? size + " where the zone's page for errors has \(grouped(UInt64(success.errorPage)))"
      : size + " that nobody else was seen to get"
  }

  static func count(_ n: UInt64, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(n)) \(n == 1 ? one : many ?? one + "s")"
  }

  /// Digits in groups of three.
  static func grouped(_ n: UInt64) -> String {
    var text = ""
    let digits = String(n)
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  static func percent(_ part: UInt64, _ whole: UInt64) -> String {
    whole == 0 ? "0 %" : "\(UInt64((Double(min(part, whole)) / Double(whole) * 100).rounded())) %"
  }

  static func rate(_ perSecond: Double) -> String {
    guard perSecond.isFinite, perSecond < 1e15 else { return "very many requests/s" }
    if perSecond >= 10 { return "\(UInt64(perSecond.rounded())) requests/s" }
    let tenths = UInt64((max(perSecond, 0) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) requests/s"
  }

  static func duration(_ time: Nanoseconds) -> String {
    let seconds = max(0, time / nanosecondsPerSecond)
    if seconds < 120 { return "\(max(seconds, 1)) s" }
    if seconds < 7_200 { return "\(seconds / 60) minutes" }
    if seconds < 172_800 { return "\(seconds / 3_600) hours" }
    return "\(seconds / 86_400) days"
  }
}
