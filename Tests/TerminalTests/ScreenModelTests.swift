import Bytes
import Detection
import Testing

@testable import Reports
@testable import Terminal

@Suite struct ScreenModelTests {
  private func model(_ attacks: [Attack], rows: Int = 30, columns: Int = 100) -> ScreenModel {
    var model = ScreenModel(rows: rows, columns: columns, title: "web")
    for attack in attacks { model.take(.attack(attack, watermark: noon)) }
    return model
  }

  private func text(_ model: inout ScreenModel) -> String { model.draw().map(\.text).joined(separator: "\n") }

  private func press(_ model: inout ScreenModel, _ keys: String) {
    for scalar in keys.unicodeScalars { _ = model.press(.character(scalar)) }
  }

  @Test func everyLineIsAsWideAsTheScreenWhateverItsSize() {
    for columns in [1, 10, 39, 40, 41, 60, 79, 80, 100, 132, 250] {
      for rows in [1, 5, 6, 7, 24, 60] {
        var model = model(
          (0..<40).map { attack($0, kind: AttackKind.allCases[Int($0) % 12]) } + [hostileAttack(90)], rows: rows,
          columns: columns)
        for keys in ["", "j", "\u{0}", "?", "?", "/shop", "jjj"] {
          press(&model, keys)
          if keys == "jjj" { _ = model.press(.enter) }
          let lines = model.draw()
          #expect(lines.count == rows)
          #expect(
            lines.allSatisfy { $0.columns == columns && $0.text.columns == columns }, "\(columns)x\(rows) \(keys)")
        }
      }
    }
  }

  @Test func nothingHostileReachesTheScreen() {
    var model = model([hostileAttack(1)])
    press(&model, "/")
    for byte in hostileBytes { _ = model.press(.character(Unicode.Scalar(byte))) }
    model.problem = "\u{1b}[31mgone"
    var screens = [text(&model)]
    _ = model.press(.escape)
    _ = model.press(.enter)
    screens.append(text(&model))
    model.resize(rows: 200, columns: 120)
    screens.append(text(&model))
    for scalar in screens.joined().unicodeScalars where scalar != "\n" { #expect(!scalar.isHostile, "\(scalar.value)") }
    #expect(screens[2].contains("日本🧨"))
    #expect(screens[2].contains("\\x1b"))
  }

  @Test func whatIsKnownOfASourceStandsBesideIt() {
    var known = attack(1)
    known.sources = [Attack.Source(address: IPAddress(v4: 0xc000_0201), requests: 7, lower: 7, upper: 7)]
    var note = SourceNote()
    note.lists = (1...3).map { .init(list: "list \($0)", kind: .tor) }
    (note.earlierAttacks, note.score) = (4, 68)
    known.sources[0].note = note
    var model = model([known], rows: 60, columns: 120)
    _ = model.press(.enter)
    #expect(text(&model).contains("192.0.2.1  Tor exit, 3 lists, seen in 4 earlier attacks, score 68"))
  }

  @Test func whatGoesOnStandsBeforeWhatEnded() {
    var model = model([attack(1, .ended, minutes: 50), attack(2, .ongoing, minutes: 3), attack(3, minutes: 4)])
    model.update()
    #expect(model.listed.map(\.attack.id) == [3, 2, 1].map { Attack.text(ofId: $0) })
    #expect(text(&model).contains("2 now · 1 lately"))
  }

  @Test(arguments: ScreenModel.Order.allCases)
  func everyOrderPutsTheLargestFirst(order: ScreenModel.Order) {
    var model = model(
      (1...9 as ClosedRange<UInt64>).map { number in
        var one = attack(number, requests: number * 100, minutes: Int64(number))
        one.sourceCount = number
        one.zone = Array("\(10 - number).example".utf8)
        one.severity = number == 9 ? .critical : .low
        return one
      })
    while model.order != order { press(&model, "s") }
    model.update()
    #expect(model.listed.first?.attack.id == Attack.text(ofId: 9), "\(order)")
  }

  @Test func theSelectionStaysWithItsAttackAsRowsMove() {
    var model = model([attack(1, minutes: 5), attack(2, minutes: 4), attack(3, minutes: 3)])
    press(&model, "j")
    #expect(model.selected == Attack.text(ofId: 2))
    model.take(.attack(attack(4, minutes: 60), watermark: noon))
    model.update()
    #expect(model.selectedIndex == 2)
    // What was selected goes: its place stays.
    model.take(.attack(attack(2, .ended, requests: 0), watermark: noon))
    model.update()
    #expect(model.selectedIndex == 2 && model.listed.count == 3)
  }

  @Test func theTableScrollsWithTheSelection() {
    var model = model((0..<100).map { attack($0, minutes: Int64(200 - $0)) }, rows: 10)
    _ = model.draw()
    for _ in 0..<50 { _ = model.press(.down) }
    _ = model.draw()
    #expect(model.selectedIndex == 50 && model.firstRow == 50 - model.pageRows + 1)
    _ = model.press(.end)
    #expect(model.selectedIndex == 99)
    _ = model.press(.pageUp)
    #expect(model.selectedIndex == 99 - model.pageRows)
    _ = model.press(.home)
    _ = model.draw()
    #expect(model.selectedIndex == 0 && model.firstRow == 0)
    _ = model.press(.up)
    #expect(model.selectedIndex == 0)
  }

  @Test func aFilterIsTypedKeptAndDropped() {
    var model = model([attack(1), attack(2, kind: .flood, zone: "other.example")])
    press(&model, "/flood OTHERq")
    #expect(model.filter == "flood OTHERq", "q is a letter while a filter is typed")
    _ = model.press(.backspace)
    model.update()
    #expect(model.listed.map(\.attack.id) == [Attack.text(ofId: 2)])
    #expect(text(&model).contains("/flood OTHER"))
    _ = model.press(.enter)
    #expect(!model.isFiltering && model.filter == "flood OTHER")
    press(&model, "/x")
    _ = model.press(.escape)
    #expect(model.filter == "flood OTHER")
    _ = model.press(.escape)
    model.update()
    #expect(model.listed.count == 2)
  }

  @Test func pausedNothingMovesAndAfterwardsAllIsThere() {
    var model = model([attack(1)])
    press(&model, "p")
    model.take(.attack(attack(2), watermark: noon))
    let paused = text(&model)
    #expect(paused.contains("PAUSED, 1 unseen") && paused.contains("1 now"))
    press(&model, "p")
    let going = text(&model)
    #expect(!going.contains("PAUSED") && going.contains("2 now"))
  }

  @Test func anOpenAttackShowsAllThatIsKnownOfIt() {
    var model = model([attack(1)], rows: 60)
    model.take(.attack(attack(1, .ended, requests: 500, minutes: 8), watermark: noon))
    _ = model.press(.enter)
    let page = text(&model)
    for words in [
      "SQL injection on shop.example", "0000000000000001", "120 requests carried SQL.", "/var/log/access.log:12",
      "GET /?id=1%27%20or%201=1", "198.51.100.1", "/login", "A rule", "Timeline", "2026-01-01T12:08:00Z  ended",
      "500 requests from 3 sources", "Mitigation: nftables by addresses",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    _ = model.press(.escape)
    #expect(model.view == .list)
  }

  @Test func anOpenAttackThatBecomesPartOfOthersSaysSo() {
    var model = model([attack(1)])
    _ = model.press(.enter)
    model.take(.attack(attack(1, .ended, requests: 0), watermark: noon))
    #expect(text(&model).contains("part of others"))
  }

  @Test func anOpenAttackScrollsWithinItsLines() {
    var model = model([attack(1)], rows: 8)
    _ = model.press(.enter)
    let first = text(&model)
    _ = model.press(.end)
    let last = text(&model)
    #expect(first != last && last.contains("Undo: "))
    _ = model.press(.home)
    #expect(text(&model) == first)
  }

  @Test func qQuitsEverywhereButInAFilter() {
    var model = model([attack(1)])
    #expect(model.press(.character("q")) == .quit)
    _ = model.press(.enter)
    #expect(model.press(.character("q")) == .quit)
    _ = model.press(.escape)
    press(&model, "/")
    #expect(model.press(.character("q")) == nil)
    #expect(model.press(.interrupt) == .quit)
  }

  @Test func barsAreHeldAgainstWhatIsUsual() {
    var line = StyledLine(width: 20)
    Sparkline.put([0, 1, 3, 8, .nan, .infinity, -1], baseline: 1, width: 10, on: &line)
    #expect(line.text == "   ▁▁▃█▁▁▁" || line.text.count == 10)
    #expect(line.columns == 10)
    #expect(Sparkline.ratio(12, to: 1) == "×12")
    #expect(Sparkline.ratio(1.26, to: 1) == "×1.3")
    #expect(Sparkline.ratio(1e300, to: 1e-300) == "×>9999")
    #expect(Sparkline.ratio(5, to: 0) == "")
  }
}
