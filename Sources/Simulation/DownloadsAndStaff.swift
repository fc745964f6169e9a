// A popular download, fetched in pieces by some; and the people who run the site, in its admin pages.

import Bytes

extension TrafficSimulator {
  mutating func startDownload(at now: Nanoseconds) {
    let client = 8_000_000 + random.zipf(500_000)
    let agents = site.userAgents.downloaders
    let inPieces = random.chance(0.35)
    let actor = Actor(
      kind: .download, address: population.address(of: client),
      userAgent: random.chance(0.5) ? browser(of: client) : agents[client % agents.count],
      httpVersion: 11, remaining: inPieces ? 8 + random.below(9) : 1, bits: random.next(), step: inPieces ? 1 : 0)
    queue.push(.actor(actors.add(actor)), at: now)
  }

  mutating func fetchPiece(_ slot: Int32, at now: Nanoseconds) -> Bool {
    var actor = actors[slot]
    request.client = actor.address
    request.httpVersion = 11
    request.userAgent.append(actor.userAgent, of: site.pool)
    request.target.append("/downloads/pine-maps-")
    request.target.append(actor.bits & 3 == 0 ? "5.1.0.dmg" : "5.2.1.tar.gz")
    request.status = actor.step == 1 ? 206 : 200
    request.bytes = actor.step == 1 ? 8_388_608 : 104_857_600
    request.duration = UInt64(random.exponential(mean: 4_000_000))
    actor.remaining -= 1
    if actor.remaining <= 0 {
      actors.remove(slot)
      return true
    }
    actors[slot] = actor
    queue.push(.actor(slot), at: now + Int64(random.exponential(mean: 900e6)))
    return true
  }

  mutating func startStaff(at now: Nanoseconds) {
    let person = random.below(6)
    let actor = Actor(
      kind: .staff, address: IPAddress(v4: 0xcb00_7180 | UInt32(person)), userAgent: browser(of: 9_000_000 + person),
      remaining: 8 + Int(random.exponential(mean: 16)), bits: UInt64(person))
    queue.push(.actor(actors.add(actor)), at: now)
  }

  mutating func administer(_ slot: Int32, at now: Nanoseconds) -> Bool {
    var actor = actors[slot]
    request.client = actor.address
    request.userAgent.append(actor.userAgent, of: site.pool)
    request.user.append(["anna", "ben", "chloe", "dmitri", "eva", "farid"][Int(actor.bits % 6)] as StaticString)
    request.duration = UInt64(40_000 + random.below(300_000))
    request.bytes = UInt64(4_000 + random.below(60_000))
    request.referrer.append("https://")
    request.referrer.append(site.hosts[0], of: site.pool)
    request.referrer.append("/admin/")
    switch random.below(10) {
    case 0: request.target.append("/admin/")
    case 1..<4:
      request.target.append("/admin/orders?filter=status%3Aopen%20AND%20total%3E100&sort=-created&page=")
      request.target.append(decimal: 1 + random.zipf(30))
    case 4:
      request.target.append("/admin/orders/export.csv?columns=id,name,total&from=2025-05-01&to=2025-06-01")
      request.duration += 2_000_000
    case 5:
      request.target.append("/admin/pages/edit?path=/help/returns&revision=../draft")
    case 6:
      request.method = .post
      request.target.append("/admin/articles/")
      request.target.append(decimal: 300 + random.below(60))
      request.target.append("/save")
      request.contentType = "application/x-www-form-urlencoded"
      request.body.append("html=")
      request.body.append(
        "<p>Order <b>before noon</b>; it's shipped the same day.</p><script src=\"/assets/consent.js\"></script>",
        as: .form)
      (request.status, request.bytes) = (302, 0)
    case 7:
      request.target.append("/admin/customers?q=")
      request.target.append(random.pick(Vocabulary.names), as: .form)
    case 8:
      request.method = .delete
      request.target.append("/admin/media/")
      request.target.append(decimal: random.below(9_000))
      (request.status, request.bytes) = (204, 0)
    default:
      request.target.append("/admin/reports/weekly")
      if random.chance(0.05) { (request.status, request.bytes) = (403, 310) }
    }
    actor.remaining -= 1
    if actor.remaining <= 0 {
      actors.remove(slot)
      return true
    }
    actors[slot] = actor
    queue.push(.actor(slot), at: now + Int64(800e6 + random.exponential(mean: 22e9)))
    return true
  }
}
