// Those who are always there: search crawlers and uptime monitors. And those who poll: feed readers.

import Bytes

extension TrafficSimulator {
  /// Places crawlers and monitors, who share a fixed part of `lines`.
  mutating func startResidents(lines: Int) {
    let duration = Double(configuration.duration)
    // Monitors check once a minute, less often where that would be too much of a small log.
    let period = max(60e9, duration * 3 / (Double(lines) * 0.03))
    for (index, agent) in site.userAgents.monitors.enumerated() {
      let actor = Actor(
        kind: .monitor, address: IPAddress(v4: 0xcb00_7100 | UInt32(10 + index)), userAgent: agent, httpVersion: 11,
        bits: UInt64(period), step: index)
      queue.push(.actor(actors.add(actor)), at: configuration.start + Int64(period * random.unit()))
    }
    let left = max(1, Double(lines) * Arrivals.residentShare - duration * 3 / period)
    let weights = [0.42, 0.22, 0.12, 0.12, 0.05, 0.07]
    for (index, agent) in site.userAgents.crawlers.enumerated() {
      // Each crawler has a few addresses in a network of its own.
      let network: UInt32 = index == 0 ? 0xc000_0200 : 0xc633_6400 + UInt32(index) * 16
      for address in 0..<2 {
        let gap = duration / (left * weights[index] / 2)
        let actor = Actor(
          kind: .crawler, address: IPAddress(v4: network | UInt32(address + 1)), userAgent: agent, httpVersion: 11,
          bits: UInt64(gap), step: 0)
        queue.push(.actor(actors.add(actor)), at: configuration.start + Int64(gap * random.unit()))
      }
    }
  }

  mutating func check(_ slot: Int32, at now: Nanoseconds) -> Bool {
    let actor = actors[slot]
    request.client = actor.address
    request.httpVersion = 11
    request.userAgent.append(actor.userAgent, of: site.pool)
    request.method = actor.step == 0 ? .head : .get
    request.target.append(actor.step == 2 ? "/health" : "/")
    request.bytes = actor.step == 0 ? 0 : actor.step == 2 ? 16 : 21_430
    request.duration = 9_000
    queue.push(.actor(slot), at: now + Int64(actor.bits) + Int64(random.below(400_000_000)))
    return true
  }

  mutating func crawl(_ slot: Int32, at now: Nanoseconds) -> Bool {
    var actor = actors[slot]
    request.client = actor.address
    request.httpVersion = 11
    request.host = random.zipf(configuration.hosts.count)
    request.userAgent.append(actor.userAgent, of: site.pool)
    request.duration = UInt64(8_000 + random.below(60_000))
    if actor.step % 400 == 0 {
      request.target.append("/robots.txt")
      request.bytes = 412
    } else if random.chance(0.01) {
      // Links that somebody wrote wrongly and a crawler followed as they stand.
      request.target.append(random.chance(0.5) ? "/magazine/../shop/" : "/help/api/../../media/")
      request.target.append(site.categories[random.below(site.categories.count)], of: site.pool)
      request.status = random.chance(0.5) ? 404 : 301
      request.bytes = 1_842
    } else if random.chance(0.05) {
      request.target.append(random.pick(Vocabulary.oldPaths))
      (request.status, request.bytes) = (404, 1_842)
    } else {
      let page = Page(
        kind: [.product, .article, .thread, .category, .guide][random.below(5)], index: UInt32(random.below(12_000)),
        argument: random.chance(0.3) ? UInt32(truncatingIfNeeded: random.next()) : 0)
      site.append(page, to: &request.target)
      request.bytes = site.bytes(of: page)
      if random.chance(0.2) { (request.status, request.bytes) = (304, 0) }
    }
    actor.step += 1
    actors[slot] = actor
    queue.push(.actor(slot), at: now + max(200_000_000, Int64(random.exponential(mean: Double(actor.bits)))))
    return true
  }

  mutating func pollFeed() {
    let client = 5_000_000 + random.below(400)
    let agents = site.userAgents.feedReaders
    request.client = population.address(of: client)
    request.httpVersion = 11
    request.userAgent.append(agents[client % agents.count], of: site.pool)
    request.target.append(client % 3 == 0 ? "/magazine/feed.atom" : "/magazine/feed.xml")
    request.duration = 2_000
    if random.chance(0.7) {
      request.status = 304
    } else {
      request.bytes = 48_113
    }
  }

  /// One request out of nowhere: an old link, a mistyped address, somebody's script.
  mutating func stray() {
    let client = 6_000_000 + random.below(2_000_000)
    request.client = population.address(of: client)
    request.httpVersion = 11
    request.host = random.zipf(configuration.hosts.count)
    if random.chance(0.5) {
      request.userAgent.append(browser(of: client), of: site.pool)
    } else {
      request.userAgent.append(site.userAgents.tools[random.below(site.userAgents.tools.count)], of: site.pool)
    }
    request.target.append(random.pick(Vocabulary.oldPaths))
    (request.status, request.bytes) = (404, 1_842)
    request.duration = 1_500
  }
}
