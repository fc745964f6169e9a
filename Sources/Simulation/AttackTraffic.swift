// What attacks send: where a payload goes, what is probed, how passwords are tried, how a site is pressed.

import Bytes

extension TrafficSimulator {
  /// Puts a payload of `kind` where it may do harm.
  mutating func inject(_ kind: SimulatedAttackKind, _ index: Int) {
    payload.removeAll()
    let grammar = kind == .quietCampaign ? SimulatedAttackKind.sqli : kind
    Payloads.write(grammar, into: &payload, &runs[index].random)
    request.status = [200, 200, 200, 404, 400, 500, 403][runs[index].random.below(7)]
    if kind == .traversal, runs[index].random.chance(0.45) {
      // The path itself climbs.
      request.target.append(["/assets/", "/downloads/", "/media/", "/"][runs[index].random.below(4)] as StaticString)
      request.target.append(payload)
      request.status = runs[index].random.chance(0.7) ? 404 : 400
      return
    }
    if kind == .log4shell {
      // Every field that may be logged.
      request.target.append("/")
      switch runs[index].random.below(4) {
      case 0:
        request.target.append("?x=")
        request.target.append(payload, as: .minimal)
      case 1: request.referrer.append(payload)
      default: request.userAgent.append(payload)
      }
      return
    }
    if kind == .xxe || (kind == .nosqli && runs[index].random.chance(0.5)) {
      request.method = .post
      request.target.append(kind == .xxe ? "/api/v2/import" : "/api/v2/session")
      if configuration.format.carriesBodies {
        request.contentType = kind == .xxe ? "application/xml" : "application/json"
        request.body.append(payload)
      } else {
        request.target.append("?data=")
        request.target.append(payload, as: .component)
      }
      return
    }
    if kind == .nosqli {
      request.target.append("/api/v2/items?")
      request.target.append(payload)
      return
    }
    let encoding: QueryEncoding =
      switch (runs[index].habit &+ (runs[index].random.chance(0.2) ? runs[index].random.next() : 0)) % 8 {
      case 0..<3: .component
      case 3..<5: .form
      case 5, 6: .minimal
      default: runs[index].random.chance(0.5) ? .double : .everything
      }
    if configuration.format.carriesBodies, runs[index].random.chance(0.2) {
      request.method = .post
      request.target.append("/contact/send")
      request.contentType = "application/x-www-form-urlencoded"
      request.body.append("name=a&message=")
      request.body.append(payload, as: .form)
      return
    }
    switch runs[index].random.below(6) {
    case 0: request.target.append("/search?q=")
    case 1: request.target.append("/api/v2/items?fields=id,name&sort=")
    case 2: request.target.append("/shop/tents?page=1&brand=")
    case 3: request.target.append("/forum/preview?title=hi&text=")
    case 4:
      site.append(Page(kind: .product, index: UInt32(runs[index].random.below(900))), to: &request.target)
      request.target.append("?variant=")
    default:
      request.target.append(
        ["/index.php?id=", "/view?file=", "/redirect?url=", "/export?name="][runs[index].random.below(4)]
          as StaticString)
    }
    request.target.append(payload, as: encoding)
  }

  /// Asks for what may be lying about.
  mutating func probe(_ kind: SimulatedAttackKind, _ index: Int) {
    payload.removeAll()
    Payloads.write(kind, into: &payload, &runs[index].random)
    request.target.append(payload)
    request.status = runs[index].random.chance(0.93) ? 404 : [200, 403, 301, 401][runs[index].random.below(4)]
    request.bytes = request.status == 404 ? 1_842 : 512
    if kind == .scan {
      request.method = runs[index].random.chance(0.08) ? .head : runs[index].random.chance(0.02) ? .options : .get
      if runs[index].habit & 3 == 0 {
        request.userAgent.append(
          ["Nikto/2.5.0", "gobuster/3.6", "Fuzz Faster U Fool v2.1.0-dev", "WPScan v3.8.25 (https://wpscan.com)"][
            Int(runs[index].habit >> 8 & 3)] as StaticString)
      }
    } else if kind == .webshell, runs[index].random.chance(0.2) {
      request.method = .post
      request.contentType = "application/x-www-form-urlencoded"
      request.body.append("pass=1&cmd=id")
    }
  }

  /// Tries a password.
  mutating func logIn(_ kind: SimulatedAttackKind, _ index: Int) {
    request.method = .post
    request.target.append(
      runs[index].habit & 1 == 0 || kind == .credentialStuffing ? "/account/login" : "/wp-login.php")
    let succeeded = runs[index].random.chance(kind == .credentialStuffing ? 0.012 : 0.001)
    request.status = succeeded ? 302 : runs[index].habit & 2 == 0 ? 401 : 200
    request.bytes = succeeded ? 0 : 5_311
    request.duration = UInt64(90_000 + runs[index].random.below(60_000))
    request.contentType = "application/x-www-form-urlencoded"
    request.body.append("email=")
    if kind == .credentialStuffing {
      request.body.append(token: runs[index].random.next(), digits: 7)
      request.body.append(decimal: runs[index].random.below(99))
    } else {
      request.body.append("admin")
    }
    request.body.append("%40mail.example&password=********")
  }

  /// What is harmless once and harmful many times.
  mutating func press(_ kind: SimulatedAttackKind, _ index: Int) {
    switch kind {
    case .flood:
      request.target.append(runs[index].habit & 1 == 0 ? "/" : "/search?q=a")
      request.status = runs[index].random.chance(0.25) ? 503 : 200
      request.bytes = 21_430
    case .distributedFlood:
      site.append(
        Page(
          kind: [.home, .search, .category][runs[index].random.below(3)], index: UInt32(runs[index].random.below(40))),
        to: &request.target)
      request.status = runs[index].random.chance(0.2) ? 503 : 200
      request.bytes = 17_000
      request.httpVersion = 20
    case .scraping:
      let step = runs[index].step
      if step % 12 == 0 {
        request.target.append(site.categories[step / 12 % site.categories.count], of: site.pool)
        request.target.append("?page=")
        request.target.append(decimal: 1 + step / 200)
      } else {
        request.target.append(site.products[step % site.products.count], of: site.pool)
      }
      request.bytes = 31_000
    case .cacheBusting:
      request.target.append(runs[index].habit & 1 == 0 ? "/?_=" : "/shop/tents?cb=")
      request.target.append(hexadecimal: runs[index].random.next(), digits: 12)
      request.bytes = 21_430
      request.duration = UInt64(90_000 + runs[index].random.below(200_000))
    case .slow:
      request.target.append(runs[index].random.chance(0.5) ? "/search?q=tent" : "/account/login")
      request.duration = UInt64(30_000_000 + runs[index].random.below(90_000_000))
      request.status = [408, 200, 499][runs[index].random.below(3)]
      request.bytes = 0
    case .errorStorm:
      request.target.append("/api/v2/search?q=%25%25%25&depth=")
      request.target.append(decimal: 1_000 + runs[index].random.below(9_000))
      request.status = [500, 502, 504, 504, 200][runs[index].random.below(5)]
      request.duration = 10_000_000
    default:
      request.method = .post
      request.target.append("/contact/send")
      request.status = 302
      request.bytes = 0
      request.contentType = "application/x-www-form-urlencoded"
      request.body.append("name=Lucky+Winner&message=Cheap+watches+http%3A%2F%2Fspam.example%2F")
      request.body.append(token: runs[index].random.next(), digits: 6)
    }
  }
}
