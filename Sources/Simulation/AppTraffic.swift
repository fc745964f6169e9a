// The phone app: bursts of calls to the API when it is opened, then little.

import Bytes

extension TrafficSimulator {
  mutating func startApp(at now: Nanoseconds) {
    let client = 3_000_000 + random.zipf(400_000)
    let agents = site.userAgents.apps
    var bits = SeededGenerator(seed: population.bits(of: client))
    let actor = Actor(
      kind: .app, address: population.address(of: client), userAgent: agents[bits.zipf(agents.count)],
      host: random.zipf(configuration.hosts.count), remaining: 5 + Int(random.exponential(mean: 8)), bits: random.next()
    )
    queue.push(.actor(actors.add(actor)), at: now)
  }

  mutating func callAPI(_ slot: Int32, at now: Nanoseconds) -> Bool {
    var actor = actors[slot]
    request.client = actor.address
    request.host = actor.host
    request.userAgent.append(actor.userAgent, of: site.pool)
    request.bytes = UInt64(200 + random.below(9_000))
    request.duration = UInt64(3_000 + random.exponential(mean: 25_000))
    request.contentType = "application/json"
    let expired = actor.step == 0 && actor.bits & 7 == 1
    switch actor.step {
    case 0:
      request.target.append("/api/v2/feed?limit=20")
      // An access token has run out: it is renewed, and the call made again.
      if expired { (request.status, request.bytes) = (401, 58) }
    case 1 where actor.bits & 7 == 1:
      request.method = .post
      request.target.append("/api/v2/token")
      request.body.append("{\"grant_type\":\"refresh_token\",\"refresh_token\":\"")
      request.body.append(token: actor.bits, digits: 40)
      request.body.append("\"}")
    case 2:
      request.target.append("/api/v2/me")
    default:
      switch random.below(10) {
      case 0:
        request.method = .post
        request.target.append("/api/v2/events")
        (request.status, request.bytes) = (204, 0)
        request.body.append("{\"events\":[{\"name\":\"view\",\"item\":")
        request.body.append(decimal: random.below(9_000))
        request.body.append(",\"title\":\"O'Neill parka\"}]}")
      case 1..<6:
        request.target.append("/api/v2/items/")
        request.target.append(decimal: 1_000 + 7 * random.zipf(900))
        if random.chance(0.4) { request.target.append("?fields=id,name,price,images(url,width)&currency=EUR") }
        if random.chance(0.15) { (request.status, request.bytes) = (304, 0) }
      case 6..<8:
        request.target.append("/api/v2/feed?limit=20&cursor=")
        request.target.append(token: random.next(), digits: 44)
      case 8:
        request.target.append("/api/v2/search?q=")
        request.target.append(random.pick(Vocabulary.searches), as: .component)
      default:
        request.method = .put
        request.target.append("/api/v2/cart/items/")
        request.target.append(decimal: 1_000 + 7 * random.zipf(900))
        request.body.append("{\"quantity\":1}")
      }
    }
    actor.step += 1
    actor.remaining -= 1
    if actor.remaining <= 0 {
      actors.remove(slot)
      return true
    }
    actors[slot] = actor
    let bursting = actor.step < 7 || random.chance(0.6)
    queue.push(
      .actor(slot),
      at: now + Int64(bursting ? 20e6 + random.exponential(mean: 120e6) : 3e9 + random.exponential(mean: 20e9)))
    return true
  }
}
