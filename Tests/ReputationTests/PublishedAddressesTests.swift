import Bytes
import Detection
import Testing

@testable import Reputation

private func list(_ name: String, place: UInt32 = 0, networks: Int = 1, expires: Nanoseconds = .max) -> PublishedList {
  PublishedList(name: name, kind: .tor, place: place, networks: UInt64(networks), read: 5, expires: expires)
}

@Suite struct PublishedAddressesTests {
  @Test func recordsComeBackAsTheyWere() throws {
    var encoder = ReputationEncoder()
    let decoder = ReputationDecoder()
    let news: [ReputationNews] = [
      .list(
        PublishedList(name: "Tor \u{1F9E8}", kind: .monitor, place: 3, networks: 1 << 40, read: -1, expires: .max)),
      .network(Network(IPAddress(v4: 0xc000_0207), prefix: 128), lists: ["a"], history: nil),
      .network(
        try #require(Network("2001:db8::/33")), lists: ["a", "b", "c"],
        history: AddressHistory((0..<20).map { .init(start: $0 * 7 - 9, end: .max - $0) })),
    ]
    for one in news {
      var read: ReputationNews?
      switch one {
      case .list(let list): encoder.write(list) { read = try? decoder.read($0) }
      case .network(let network, let lists, let history):
        encoder.write(network, lists: lists, history: history) { read = try? decoder.read($0) }
      }
      #expect(read == one)
    }
  }

  @Test func damagedRecordsAreReadOrRefused() {
    var encoder = ReputationEncoder()
    let decoder = ReputationDecoder()
    var records: [[UInt8]] = []
    encoder.write(list("exits")) { records.append($0.copied()) }
    let history = AddressHistory((0..<9).map { .init(start: $0, end: $0) })
    encoder.write(Network(IPAddress(v4: 1), prefix: 128), lists: ["a", "b"], history: history) {
      records.append($0.copied())
    }
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var state = seed
    var published = PublishedAddresses(limit: 100)
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var record = records[Int(state >> 40) % 2]
      for _ in 0...Int(state >> 50) % 4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        record[Int(state >> 33) % record.count] = UInt8(truncatingIfNeeded: state >> 20)
      }
      guard let news = try? decoder.read(record.span.bytes) else { continue }
      published.take(news)
      if case .network(let network, _, let history) = news {
        #expect(!network.isTooWide && history?.recent.count ?? 0 <= AddressHistory.mostRecent, "seed \(seed)")
        for time in [Nanoseconds.min, 0, 5, .max] { _ = history?.before(time) }
      }
    }
    #expect(throws: ReputationRecordError.self) { try decoder.read([UInt8]().span.bytes) }
  }

  @Test(arguments: ["::/0", "0.0.0.0/0", "::/64", "::"])
  func aNetworkThatHoldsTooMuchIsRefusedFromATopicToo(text: String) throws {
    var encoder = ReputationEncoder()
    let decoder = ReputationDecoder()
    let network = try #require(Network(text))
    var isRefused = false
    encoder.write(network, lists: ["a"]) { isRefused = (try? decoder.read($0)) == nil }
    #expect(isRefused)
  }

  @Test func keysNameWhatATombstoneTakesBack() throws {
    let network = try #require(Network("192.0.2.0/24"))
    #expect(ReputationKey.subject(ReputationKey.network(network)) == .network(network))
    #expect(ReputationKey.subject(ReputationKey.list("a/b")) == .list("a/b"))
    for key in ["", "net/", "net/x", "other", "net/192.0.2.0/99"] { #expect(ReputationKey.subject(key) == nil) }
  }

  @Test func onlyWhatChangesIsWrittenAndWhoeverReadsItKnowsTheSame() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for _ in 0..<50 {
      var published = PublishedAddresses(limit: 1_000)
      var truth: [String: Set<Network>] = [:]
      for _ in 0..<20 {
        let name = ["a", "b", "c"][next(3)]
        let wanted = (0..<next(12)).map { _ in
          Network(IPAddress(v4: UInt32(0xc000_0200 + next(16))), prefix: 124 + next(5))
        }
        let changes = published.changes(list: name, to: wanted)
        published.apply(changes)
        published.take(.list(list(name, networks: wanted.count)))
        truth[name] = Set(wanted)
        #expect(published.changes(list: name, to: wanted).isEmpty, "seed \(seed)")
        for known in published.known {
          #expect(Set(known.networks) == truth[known.name], "seed \(seed)")
          #expect(published.count(of: known.name) == known.networks.count, "seed \(seed)")
        }
      }
    }
  }

  @Test func listsAreToldInTheOrderOfThePipelineAndMemoryIsBounded() {
    var published = PublishedAddresses(limit: 2)
    published.take(.list(list("z", place: 0)))
    published.take(.list(list("a", place: 1)))
    #expect(published.known.map(\.name) == ["z", "a"])
    for i in 0..<5 {
      published.take(.network(Network(IPAddress(v4: UInt32(i + 1)), prefix: 128), lists: ["a"], history: nil))
    }
    #expect(published.count == 2 && published.dropped == 3)
    for i in 0..<100 { published.take(.list(list("list \(i)"))) }
    #expect(published.lists.count == 64)
    let version = published.version
    published.take(.list(list("z", place: 0)))
    #expect(published.version == version)
    published.forget(.list("z"))
    #expect(published.version == version + 1 && published.lists["z"] == nil)
  }

  @Test func theChangeOfAHistoryWritesThatNetworkAlone() throws {
    var published = PublishedAddresses(limit: 1_000)
    let all = (0..<100).map { Network(IPAddress(v4: 0xc000_0200 + $0), prefix: 128) }
    published.apply(published.changes(list: "exits", to: all))
    published.apply(published.changes(list: "bad", to: [all[3]]))
    published.take(.list(list("exits")))
    #expect(Set(published.networks(of: .tor)) == Set(all) && published.networks(of: .vpn).isEmpty)
    let version = published.version
    let history = try #require(AddressHistory([.init(start: 1, end: 2)]))
    let changes = published.changes(histories: [all[3]: history])
    #expect(changes == [.init(network: all[3], lists: ["bad", "exits"], history: history)])
    published.apply(changes)
    // A table of lists need not be made anew for it.
    #expect(published.version == version && published.histories == [all[3]: history])
    #expect(published.changes(histories: published.histories).isEmpty)
    // What leaves one list keeps what is known of it, and what leaves them all has nothing.
    published.apply(published.changes(list: "bad", to: []))
    #expect(published.histories.count == 1)
    published.apply(published.changes(list: "exits", to: Array(all.prefix(2))))
    #expect(published.histories.isEmpty && published.changes(histories: [all[3]: history]).isEmpty)
  }

  @Test func listsThatWentMakeRoomForOthers() {
    var published = PublishedAddresses(limit: 1_000)
    let network = Network(IPAddress(v4: 9), prefix: 128)
    for i in 0..<300 {
      published.take(.network(network, lists: ["list \(i)", "more \(i)"], history: nil))
      #expect(published.mentioned == ["list \(i)", "more \(i)"])
    }
    #expect(published.dropped == 0)
    published.take(.network(network, lists: (0..<64).map { "new \($0)" }, history: nil))
    #expect(published.mentioned.count == 64 && published.dropped == 0)
    published.take(.network(Network(IPAddress(v4: 8), prefix: 128), lists: ["one too many"], history: nil))
    #expect(published.dropped == 1 && published.count == 1)
  }
}

extension PublishedAddresses {
  /// As if they had been written and read back.
  fileprivate mutating func apply(_ changes: [Change]) {
    for change in changes {
      if change.lists.isEmpty {
        forget(.network(change.network))
      } else {
        take(.network(change.network, lists: change.lists, history: change.history))
      }
    }
  }
}
