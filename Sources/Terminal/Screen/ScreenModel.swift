// The live table without a terminal: attacks and keys go in, lines of cells come out. No clock, no I/O.

import Bytes
import Detection
import Reports

struct ScreenModel: Sendable {
  enum View: Sendable, Equatable {
    case list, help
    /// An attack by its id.
    case detail(String)
  }

  /// The order of the table; attacks that go on always stand before those that ended.
  enum Order: String, Sendable, CaseIterable {
    case latest, severity, rate, requests, sources, confidence, zone
  }

  /// What a key asks of whoever runs the screen.
  enum Wish: Sendable, Equatable { case quit }

  /// Rows and columns below which nothing is drawn.
  static let smallest = (rows: 6, columns: 40)

  private(set) var rows: Int
  private(set) var columns: Int
  /// Name of the pipeline.
  let title: String
  /// What is wrong just now: brokers away. Empty: nothing.
  var problem = ""

  private(set) var view = View.list
  private(set) var order = Order.latest
  private(set) var filter = ""
  /// While the filter is being typed: what it was before.
  private(set) var filterBefore: String?
  /// Attacks that ended before this are not shown.
  let since: Nanoseconds

  private var live: AttackBook
  private var frozen: AttackBook?
  /// News since the screen was paused.
  private(set) var unseen = 0

  /// In the table's order.
  private(set) var listed: [KnownAttack] = []
  private var isStale = true
  /// Attack that is selected; nil: the first.
  private(set) var selected: String?
  /// First row shown, of the table and of an open attack.
  var firstRow = 0
  var firstDetail = 0

  init(rows: Int, columns: Int, title: String, since: Nanoseconds = .min, limit: Int = 10_000) {
    (self.rows, self.columns, self.title, self.since) = (max(1, rows), max(1, columns), title, since)
    live = AttackBook(limit: limit)
  }

  var isPaused: Bool { frozen != nil }
  /// What is shown: as it is, or as it was when it was paused.
  var book: AttackBook { frozen ?? live }
  var isFiltering: Bool { filterBefore != nil }

  mutating func resize(rows: Int, columns: Int) { (self.rows, self.columns) = (max(1, rows), max(1, columns)) }

  mutating func take(_ news: AttackNews) {
    live.take(news)
    if isPaused { unseen += 1 } else { isStale = true }
  }

  // MARK: Keys

  mutating func press(_ key: Key) -> Wish? {
    if key == .interrupt { return .quit }
    if isFiltering {
      typeFilter(key)
      return nil
    }
    if key == .character("q") { return .quit }
    switch view {
    case .help: view = .list
    case .list: pressInList(key)
    case .detail: pressInDetail(key)
    }
    return nil
  }

  private mutating func pressInList(_ key: Key) {
    switch key {
    case .up, .character("k"): move(by: -1)
    case .down, .character("j"): move(by: 1)
    case .pageUp: move(by: -pageRows)
    case .pageDown: move(by: pageRows)
    case .home, .character("g"): move(by: -listed.count)
    case .end, .character("G"): move(by: listed.count)
    case .enter, .right, .character("l"):
      update()
      if listed.indices.contains(selectedIndex) {
        selected = listed[selectedIndex].attack.id
        view = .detail(listed[selectedIndex].attack.id)
        firstDetail = 0
      }
    case .character("/"): filterBefore = filter
    case .escape: setFilter("")
    case .character("s"), .character("S"):
      let all = Order.allCases
      let step = key == .character("s") ? 1 : all.count - 1
      order = all[((all.firstIndex(of: order) ?? 0) + step) % all.count]
      isStale = true
    case .character("p"), .character(" "): togglePause()
    case .character("?"): view = .help
    default: break
    }
  }

  private mutating func pressInDetail(_ key: Key) {
    switch key {
    case .up, .character("k"): firstDetail -= 1
    case .down, .character("j"): firstDetail += 1
    case .pageUp: firstDetail -= pageRows
    case .pageDown, .character(" "): firstDetail += pageRows
    case .home, .character("g"): firstDetail = 0
    case .end, .character("G"): firstDetail = .max / 2
    case .escape, .enter, .left, .backspace, .character("h"): view = .list
    case .character("p"): togglePause()
    case .character("?"): view = .help
    default: break
    }
    firstDetail = max(0, firstDetail)
  }

  private mutating func typeFilter(_ key: Key) {
    switch key {
    case .enter: filterBefore = nil
    case .escape:
      setFilter(filterBefore ?? "")
      filterBefore = nil
    case .backspace: setFilter(String(filter.unicodeScalars.dropLast()))
    case .character(let scalar) where !scalar.properties.isWhitespace || scalar == " ":
      guard filter.unicodeScalars.count < 200, scalar.properties.generalCategory != .control else { return }
      var text = filter
      text.unicodeScalars.append(scalar)
      setFilter(text)
    default: break
    }
  }

  private mutating func setFilter(_ text: String) {
    filter = text
    isStale = true
  }

  private mutating func togglePause() {
    if isPaused {
      frozen = nil
      unseen = 0
      isStale = true
    } else {
      frozen = live
    }
  }

  // MARK: Rows

  /// Rows of the table that fit.
  var pageRows: Int { max(1, rows - 3) }

  var selectedIndex: Int {
    guard let selected else { return 0 }
    return listed.firstIndex { $0.attack.id == selected } ?? min(lastIndex, max(0, listed.count - 1))
  }
  /// Where the selection was, should what was selected go.
  private var lastIndex = 0

  private mutating func move(by steps: Int) {
    update()
    guard !listed.isEmpty else { return }
    let (target, overflow) = selectedIndex.addingReportingOverflow(steps)
    let index = overflow ? 0 : min(max(target, 0), listed.count - 1)
    selected = listed[index].attack.id
    lastIndex = index
  }

  /// Brings the table up to date. O(n log n) where something changed.
  mutating func update() {
    guard isStale else { return }
    isStale = false
    let words = filter.lowercased().split(separator: " ").map(String.init)
    listed = book.known.values.filter { known in
      known.attack.end >= since && (words.isEmpty || Self.matches(known.attack, words))
    }
    let order = order
    listed.sort { a, b in
      let (overA, overB) = (a.attack.state == .ended, b.attack.state == .ended)
      return overA != overB ? overB : Self.precedes(a, b, order)
    }
    if let selected, let index = listed.firstIndex(where: { $0.attack.id == selected }) { lastIndex = index }
  }

  private static func precedes(_ a: KnownAttack, _ b: KnownAttack, _ order: Order) -> Bool {
    let (x, y) = (a.attack, b.attack)
    switch order {
    case .latest: break
    case .severity: if x.severity != y.severity { return x.severity > y.severity }
    case .rate: if a.lastRate != b.lastRate { return a.lastRate > b.lastRate }
    case .requests: if x.requests != y.requests { return x.requests > y.requests }
    case .sources: if x.sourceCount != y.sourceCount { return x.sourceCount > y.sourceCount }
    case .confidence: if x.confidence != y.confidence { return x.confidence > y.confidence }
    case .zone: if x.zone != y.zone { return x.zone.lexicographicallyPrecedes(y.zone) }
    }
    if x.end != y.end { return x.end > y.end }
    return x.severity != y.severity ? x.severity > y.severity : x.id < y.id
  }

  private static func matches(_ attack: Attack, _ words: [String]) -> Bool {
    let text = [
      attack.title, attack.kind.rawValue, attack.attackClass, attack.zoneName, attack.state.rawValue,
      attack.severity.name, attack.id, attack.sources.map(\.address.description).joined(separator: " "),
    ].joined(separator: " ").lowercased()
    return words.allSatisfy { text.contains($0) }
  }
}

extension KnownAttack {
  var lastRate: Double { rates.last ?? 0 }
}
