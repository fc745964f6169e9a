// People with browsers: pages, what pages load, referrers, time to read, forms.

import Bytes

extension TrafficSimulator {
  mutating func startVisit(at now: Nanoseconds) {
    // A long tail of clients, of whom the frequent ones come back with a warm cache.
    let client = random.zipf(2_000_000)
    let returning = random.chance(0.35)
    var actor = Actor(
      kind: .visitor, address: population.address(of: client), userAgent: browser(of: client),
      host: random.zipf(configuration.hosts.count), httpVersion: client % 9 == 0 ? 11 : client % 5 == 0 ? 30 : 20,
      remaining: 1 + Int(random.exponential(mean: 3.4)), bits: random.next())
    actor.cached = returning ? UInt32(truncatingIfNeeded: random.next()) & 0xfff | 0x19 : 0
    actor.page = site.popularPage(&random)
    actor.origin = [0, 0, 0, 0, 1, 1, 1, 1, 2, 3][random.below(10)]
    queue.push(.actor(actors.add(actor)), at: now)
  }

  mutating func visit(_ slot: Int32, at now: Nanoseconds) -> Bool {
    var actor = actors[slot]
    request.client = actor.address
    request.host = actor.host
    request.httpVersion = actor.httpVersion
    request.userAgent.append(actor.userAgent, of: site.pool)
    if actor.pending != 0 {
      writeAsset(&actor)
    } else {
      writePage(&actor)
    }
    if actor.pending != 0 {
      queue.push(.actor(slot), at: now + Int64(2_000_000 + random.below(70_000_000)))
    } else if actor.remaining > 0 {
      let form = actor.next != nil
      queue.push(.actor(slot), at: now + Int64(1e9 + random.exponential(mean: form ? 12e9 : 34e9)))
    } else {
      actors.remove(slot)
      return true
    }
    actors[slot] = actor
    return true
  }

  private mutating func writePage(_ actor: inout Actor) {
    let previous = actor.page
    if actor.origin == 4 { actor.page = nextPage(after: actor) }
    let page = actor.page
    actor.remaining -= 1
    actor.next = nil
    site.append(page, to: &request.target)
    request.bytes = site.bytes(of: page) + UInt64(random.below(300))
    request.duration = UInt64(8_000 + random.exponential(mean: 60_000))
    writeReferrer(actor, previous: previous)
    if actor.bits & 1 == 0 || actor.origin == 4 { writeSessionCookie(actor) }
    actor.pending = missingAssets(actor, page)
    switch page.kind {
    case .login:
      actor.next = .loginPost
    case .loginPost:
      request.method = .post
      request.contentType = "application/x-www-form-urlencoded"
      if random.chance(0.12) {
        request.status = 401
        request.bytes = 5_311
        actor.next = .loginPost
      } else {
        request.status = 302
        actor.next = .account
      }
      request.body.append("csrf=")
      request.body.append(token: actor.bits, digits: 22)
      request.body.append("&email=user")
      request.body.append(decimal: actor.bits >> 44)
      request.body.append("%40mail.example&password=********")
    case .cartPost:
      request.method = .post
      request.status = 302
      request.contentType = "application/x-www-form-urlencoded"
      request.body.append("variant=")
      request.body.append(decimal: Int(page.index))
      request.body.append("&quantity=1")
      actor.next = .cart
    case .cart: if random.chance(0.3) { actor.next = .checkout }
    case .checkout: actor.next = .checkoutPost
    case .checkoutPost:
      request.method = .post
      request.status = 303
      request.duration += 900_000
      request.contentType = "application/x-www-form-urlencoded"
      request.body.append("name=")
      request.body.append(random.pick(Vocabulary.names), as: .form)
      request.body.append("&street=Rue+de+l%27%C3%89glise+12&accept=1")
    case .contact: actor.next = .contactPost
    case .contactPost, .reply:
      request.method = .post
      request.status = 302
      request.contentType = "application/x-www-form-urlencoded"
      request.body.append("name=")
      request.body.append(random.pick(Vocabulary.names), as: .form)
      request.body.append("&message=")
      request.body.append(random.pick(Vocabulary.messages), as: .form)
    case .preview: actor.next = .reply
    case .old: request.status = random.chance(0.3) ? 301 : 404
    default:
      if random.chance(0.0006) {
        request.status = random.chance(0.5) ? 500 : 502
        request.bytes = 612
      }
    }
    if actor.next != nil { actor.remaining = max(actor.remaining, 1) }
    if request.status >= 300 { actor.pending = 0 }
    if request.status / 100 == 3 { request.bytes = 0 }
    actor.origin = 4
  }

  /// Where somebody on `actor.page` goes.
  private mutating func nextPage(after actor: Actor) -> Page {
    if let form = actor.next { return Page(kind: form, index: actor.page.index) }
    switch random.below(100) {
    case 0..<13:
      return Page(
        kind: .search, index: UInt32(random.zipf(Vocabulary.searches.count)),
        argument: UInt32(truncatingIfNeeded: random.next()))
    case 13..<18: return Page(kind: .login)
    case 18..<23 where actor.page.kind == .product: return Page(kind: .cartPost, index: actor.page.index)
    case 23..<25: return Page(kind: .contact)
    case 25..<27 where actor.page.kind == .thread:
      return Page(
        kind: random.chance(0.5) ? .preview : .reply, index: actor.page.index,
        argument: UInt32(truncatingIfNeeded: random.next()))
    default: return site.popularPage(&random)
    }
  }

  private mutating func missingAssets(_ actor: Actor, _ page: Page) -> UInt32 {
    var bits = SeededGenerator(seed: UInt64(page.kind.rawValue) << 32 | UInt64(page.index))
    let pictures = page.kind == .product || page.kind == .category ? 1 + bits.below(7) : bits.below(4)
    let site = 0xfff & ~actor.cached & (page.kind == .search ? 0xfff : 0x7ff)
    return site | (UInt32(1) << UInt32(pictures) - 1) << 12
  }

  private mutating func writeAsset(_ actor: inout Actor) {
    let index = actor.pending.trailingZeroBitCount
    actor.pending &= actor.pending - 1
    if index < 12 {
      request.target.append(site.assets[index], of: site.pool)
      request.bytes = site.assetBytes[index]
      actor.cached |= 1 << UInt32(index)
    } else {
      let picture = (Int(actor.page.index) &* 7 &+ index &+ Int(actor.page.kind.rawValue) &* 131) % site.media.count
      request.target.append(site.media[picture], of: site.pool)
      request.bytes = 9_000 + UInt64(picture) * 131
    }
    if actor.bits & 7 == 3, random.chance(0.6) {
      request.status = 304
      request.bytes = 0
    }
    request.duration = UInt64(200 + random.below(2_000))
    appendOrigin(of: actor)
    site.append(actor.page, to: &request.referrer)
  }

  private mutating func appendOrigin(of actor: Actor) {
    request.referrer.append("https://")
    request.referrer.append(site.hosts[actor.host], of: site.pool)
  }

  private mutating func writeReferrer(_ actor: Actor, previous: Page) {
    switch actor.origin {
    case 1:
      request.referrer.append(random.chance(0.85) ? "https://www.google.com/" : "https://duckduckgo.com/")
    case 2:
      request.referrer.append(random.chance(0.5) ? "https://www.facebook.com/" : "https://out.reddit.com/")
      if random.chance(0.5), !request.target.bytes.contains(0x3f) {
        request.target.append("?fbclid=IwAR")
        request.target.append(token: random.next(), digits: 56)
      }
    case 3:
      if !request.target.bytes.contains(0x3f) {
        request.target.append("?")
        request.target.append(random.pick(Vocabulary.campaigns))
        if random.chance(0.5) {
          request.target.append("&gclid=Cj0KCQjw")
          request.target.append(token: random.next(), digits: 80)
        }
      }
    case 4:
      appendOrigin(of: actor)
      site.append(previous, to: &request.referrer)
    default: break
    }
  }

  private mutating func writeSessionCookie(_ actor: Actor) {
    request.cookie.append("session=")
    request.cookie.append(token: actor.bits, digits: 32)
    request.cookie.append("; consent=%7B%22ads%22%3Afalse%7D; theme=auto")
  }
}

extension RawSpan {
  @inline(__always)
  func contains(_ byte: UInt8) -> Bool { firstIndex(of: byte) != nil }
}
