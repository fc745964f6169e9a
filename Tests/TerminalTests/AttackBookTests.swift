import Bytes
import Detection
import Testing

@testable import Terminal

@Suite struct AttackBookTests {
  @Test func theLastWordOnEachAttackHolds() {
    var book = AttackBook()
    book.take(.attack(attack(1), watermark: noon))
    book.take(.attack(attack(2), watermark: noon))
    book.take(.attack(attack(1, .ended, requests: 400, minutes: 9), watermark: noon + 1))
    #expect(book.attacks.count == 2)
    #expect(book.known[Attack.text(ofId: 1)]?.attack == attack(1, .ended, requests: 400, minutes: 9))
    #expect(book.watermark == noon + 1)
  }

  @Test func anAttackThatBecamePartOfOthersIsNoMore() {
    var book = AttackBook()
    book.take(.attack(attack(1), watermark: noon))
    book.take(.attack(attack(1, .ended, requests: 0), watermark: noon))
    #expect(book.attacks.isEmpty)
  }

  @Test func ratesAreOfWhatCameBetweenTwoTellings() {
    var book = AttackBook()
    book.take(.attack(attack(1, requests: 300, minutes: 1), watermark: noon))
    book.take(.attack(attack(1, .ongoing, requests: 900, minutes: 2), watermark: noon))
    // Told again without news, and with less than before.
    book.take(.attack(attack(1, .ongoing, requests: 900, minutes: 2), watermark: noon))
    book.take(.attack(attack(1, .ended, requests: 100, minutes: 3), watermark: noon))
    let known = book.known[Attack.text(ofId: 1)]
    #expect(known?.rates == [5, 10, 0, 0])
    #expect(known?.timeline.map(\.state) == [.started, .ongoing, .ended])
  }

  @Test func whatEndedIsForgottenFirstWhereThereIsNoRoom() {
    var book = AttackBook(limit: 10)
    for number in 0..<20 as Range<UInt64> {
      book.take(.attack(attack(number, number < 5 ? .started : .ended), watermark: noon))
    }
    #expect(book.attacks.count <= 10)
    #expect(book.attacks.count { $0.state == .started } == 5)
    #expect(book.forgotten + UInt64(book.attacks.count) == 20)
  }

  @Test func historiesAreBounded() {
    var book = AttackBook()
    for minute in 0..<500 as Range<Int64> {
      book.take(.attack(attack(1, minute % 2 == 0 ? .ongoing : .ended, minutes: minute), watermark: noon))
    }
    let known = book.known[Attack.text(ofId: 1)]
    #expect(known?.rates.count == AttackBook.historyLimit)
    #expect(known?.timeline.count == AttackBook.momentLimit)
  }

  @Test func extremeTimesAndRatesAreTaken() {
    var book = AttackBook()
    book.take(.attack(hostileAttack(1), watermark: .max))
    book.take(.attack(hostileAttack(1), watermark: .min))
    #expect(book.attacks.count == 1)
  }
}
