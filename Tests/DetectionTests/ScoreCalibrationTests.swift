import Testing

@testable import Detection

@Suite struct ScoreCalibrationTests {
  @Test func aHigherScoreIsNeverWorthLess() {
    let values = (UInt8.min...UInt8.max).map { ScoreCalibration.percent(ofScore: $0) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(values.first == 0 && values.allSatisfy { $0 <= 99 })
  }

  @Test func aConfidenceIsPrintedWithTwoDigits() {
    #expect(ScoreCalibration.text(ofScore: 0) == "0.00")
    #expect(ScoreCalibration.text(ofScore: 25) == "0.03")
    #expect(ScoreCalibration.text(ofScore: 90) == "0.99")
  }
}
