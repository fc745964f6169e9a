// The web site that is visited: its pages, what they load, and how large things are.

import Bytes

enum PageKind: UInt8, Sendable {
  case home, category, product, article, guide, thread, search, login, loginPost, account, cart, cartPost, checkout,
    checkoutPost, contact, contactPost, reply, preview, old, about
}

/// A page with what distinguishes its address: number and query.
struct Page: Sendable {
  var kind: PageKind
  var index: UInt32 = 0
  /// Random bits that decide the query; 0 for none.
  var argument: UInt32 = 0
}

/// Read only after it is built; shared by all who visit.
final class Site: Sendable {
  let pool: BytePool
  let userAgents: UserAgents
  let hosts: [PoolSlice]
  let categories: [PoolSlice]
  let products: [PoolSlice]
  let articles: [PoolSlice]
  let guides: [PoolSlice]
  /// What every page loads.
  let assets: [PoolSlice]
  let assetBytes: [UInt64]
  let media: [PoolSlice]

  init(hosts: [String], random: inout SeededGenerator) {
    var pool = BytePool()
    userAgents = UserAgents(pool: &pool, random: &random)
    self.hosts = hosts.map { pool.add($0) }
    categories = Vocabulary.categories.map { pool.add("/shop/\($0)") }
    var products: [PoolSlice] = []
    for number in 0..<900 {
      let adjective = random.pick(Vocabulary.adjectives)
      let noun = random.pick(Vocabulary.nouns)
      products.append(pool.add("/shop/\(random.pick(Vocabulary.categories))/\(adjective)-\(noun)-\(1000 + number * 7)"))
    }
    self.products = products
    var articles: [PoolSlice] = []
    for number in 0..<260 {
      let topic = Vocabulary.topics[number % Vocabulary.topics.count]
      let month = 1 + random.below(12)
      articles.append(
        pool.add(
          "/magazine/\(2012 + number / 20)/\(month < 10 ? "0" : "")\(month)/\(topic)\(number < 20 ? "" : "-\(number / 20)")"
        ))
    }
    self.articles = articles
    guides = Vocabulary.guides.map { pool.add("/help/\($0)") }
    let build = String(random.next() & 0xffff_ffff, radix: 16)
    assets = [
      "/assets/site.\(build).css", "/assets/vendor.\(build).js", "/assets/site.\(build).js",
      "/assets/fonts/inter-400.woff2",
      "/assets/fonts/inter-700.woff2", "/assets/logo.svg", "/favicon.ico", "/assets/icons.\(build).svg",
      "/assets/print.\(build).css", "/assets/consent.js", "/manifest.webmanifest", "/assets/search.\(build).js",
    ].map { pool.add($0) }
    assetBytes = [38_211, 184_930, 62_144, 31_204, 31_870, 4_120, 5_430, 12_902, 1_204, 9_811, 743, 15_630]
    var media: [PoolSlice] = []
    for _ in 0..<700 {
      media.append(
        pool.add("/media/\(String(random.next() & 0xff_ffff, radix: 16))-\(random.pick([320, 480, 640, 1280])).webp"))
    }
    self.media = media
    self.pool = pool
  }

  /// A page somebody goes to of their own will: popular ones far more often.
  func popularPage(_ random: inout SeededGenerator) -> Page {
    switch random.below(100) {
    case 0..<10: Page(kind: .home)
    case 10..<24: Page(kind: .category, index: UInt32(random.zipf(categories.count)), argument: argument(&random, 0.35))
    case 24..<62: Page(kind: .product, index: UInt32(random.zipf(products.count)), argument: argument(&random, 0.06))
    case 62..<80: Page(kind: .article, index: UInt32(random.zipf(articles.count)), argument: argument(&random, 0.04))
    case 80..<88: Page(kind: .guide, index: UInt32(random.zipf(guides.count)))
    case 88..<97: Page(kind: .thread, index: UInt32(random.zipf(12_000)), argument: argument(&random, 0.2))
    case 97: Page(kind: .about)
    default: Page(kind: .old, index: UInt32(random.zipf(Vocabulary.oldPaths.count)))
    }
  }

  private func argument(_ random: inout SeededGenerator, _ probability: Double) -> UInt32 {
    random.chance(probability) ? UInt32(truncatingIfNeeded: random.next() | 1) : 0
  }

  /// Writes path and query of `page`. The same page writes the same bytes.
  func append(_ page: Page, to buffer: inout ByteBuffer) {
    let index = Int(page.index)
    var bits = SeededGenerator(seed: UInt64(page.argument) << 32 | UInt64(page.index))
    switch page.kind {
    case .home: buffer.append("/")
    case .category:
      buffer.append(categories[index % categories.count], of: pool)
      guard page.argument != 0 else { return }
      switch bits.below(4) {
      case 0:
        buffer.append("?page=")
        buffer.append(decimal: 2 + bits.zipf(20))
      case 1:
        buffer.append("?sort=price&order=asc&page=")
        buffer.append(decimal: 1 + bits.zipf(10))
      case 2:
        buffer.append("?filter%5Bcolour%5D=green&filter%5Bprice%5D=")
        buffer.append(decimal: 10 * (1 + bits.below(20)))
        buffer.append("-500")
      default: buffer.append("?in_stock=1&brand=o%27pine%20%26%20sons")
      }
    case .product:
      buffer.append(products[index % products.count], of: pool)
      guard page.argument != 0 else { return }
      buffer.append("?variant=")
      buffer.append(decimal: 100 + bits.below(40))
    case .article:
      buffer.append(articles[index % articles.count], of: pool)
      guard page.argument != 0 else { return }
      buffer.append("?share=")
      buffer.append(token: bits.next(), digits: 8)
    case .guide: buffer.append(guides[index % guides.count], of: pool)
    case .thread:
      buffer.append("/forum/t/")
      buffer.append(decimal: 10_000 + index)
      guard page.argument != 0 else { return }
      buffer.append("?page=")
      buffer.append(decimal: 2 + bits.below(30))
    case .search:
      buffer.append("/search?q=")
      buffer.append(Vocabulary.searches[index % Vocabulary.searches.count], as: .form)
      if page.argument & 7 == 1 { buffer.append("&category=all&sort=relevance") }
    case .login, .loginPost: buffer.append("/account/login")
    case .account: buffer.append("/account/orders")
    case .cart: buffer.append("/cart")
    case .cartPost: buffer.append("/cart/add")
    case .checkout: buffer.append("/checkout")
    case .checkoutPost: buffer.append("/checkout/confirm")
    case .contact: buffer.append("/contact")
    case .contactPost: buffer.append("/contact/send")
    case .reply:
      buffer.append("/forum/t/")
      buffer.append(decimal: 10_000 + index)
      buffer.append("/reply")
    case .preview:
      buffer.append("/forum/preview?title=")
      buffer.append(Vocabulary.searches[bits.below(Vocabulary.searches.count)], as: .component)
      buffer.append("&text=")
      buffer.append(Vocabulary.messages[index % Vocabulary.messages.count], as: .component)
    case .old: buffer.append(Vocabulary.oldPaths[index % Vocabulary.oldPaths.count])
    case .about: buffer.append("/about")
    }
  }

  /// Bytes of a page's body, about the same each time.
  func bytes(of page: Page) -> UInt64 {
    var bits = SeededGenerator(seed: UInt64(page.kind.rawValue) << 32 | UInt64(page.index))
    switch page.kind {
    case .loginPost, .cartPost, .checkoutPost, .contactPost, .reply: return 0
    case .old: return 1_842
    default: return 6_000 + UInt64(bits.below(42_000))
    }
  }
}
