// What a report says of attacks that were answered with success.

import Testing

@Suite struct SuccessTests {
  let scratch = Scratch()

  /// Ordinary traffic, and payloads from one address of which request `i` is answered as `answer` says.
  private func explanation(_ answer: (Int) -> (status: Int, bytes: Int)) -> String {
    var text = log(590)
    for i in 0..<40 {
      let second = i / 2 < 10 ? "0\(i / 2)" : "\(i / 2)"
      let (status, bytes) = answer(i)
      text +=
        "203.0.113.66 - - [02/Jun/2025:00:10:\(second) +0000] "
        + "\"GET /page/\(i)?q=1%27%20UNION%20SELECT%20password%20FROM%20users-- HTTP/1.1\" \(status) \(bytes) \"-\" \"curl/8\"\n"
    }
    scratch.file("access.log", text)
    let outcome = scratch.replay("access.log --quiet --report json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(scratch.replay("access.log --quiet --report json --threads 4").output == outcome.output)
    return outcome.output
  }

  @Test func anAnswerUnlikeThePageForErrorsIsASuccess() {
    let said = explanation { $0 == 0 ? (200, 93) : (404, 1_735) }
    #expect(said.contains("answered with success, with 93 bytes where the zone's page for errors has 1,735."))
  }

  @Test func aSiteThatAnswersEverythingWithOnePageIsNotSaidToBeBrokenInto() {
    for bytes in [[5_120], [5_120, 5_140, 5_101]] {
      let said = explanation { (200, bytes[$0 % bytes.count]) }
      #expect(said.contains("What was answered with success is a page that others get as well."))
      #expect(!said.contains("\"critical\""))
    }
  }

  @Test func whereTheLogHasNoSizesTheStatusDecides() {
    #expect(explanation { _ in (200, 0) }.contains("At least one such request was answered with success."))
  }
}
