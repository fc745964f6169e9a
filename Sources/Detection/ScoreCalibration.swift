// How often a request with a score was an attack: what a score is worth as a probability.

/// Confidence by score, as it was measured; monotone.
///
/// Fitted by `Benchmarks/Evaluation/reliability.py --fit` (isotonic regression) to half of the labelled requests and half
/// of what ordinary visitors asked for in real logs, weighted so that one request in a hundred is an attack;
/// `docs/evaluation.md` shows what it measures on the other half. It changes what is printed, never what is raised. Where
/// attacks are rarer or more common than that, so is what a score is worth.
public enum ScoreCalibration {
  /// From each score on, percent. The steps are few because the data hold no more: below 50 a score is a reason to look.
  static let steps: [(score: UInt8, percent: UInt8)] = [
    (0, 0), (1, 1), (20, 3), (50, 47), (72, 96), (85, 98), (88, 99),
  ]

  /// 0 to 99 percent.
  public static func percent(ofScore score: UInt8) -> UInt8 {
    steps.last { $0.score <= score }?.percent ?? 0
  }

  /// 0.00 to 0.99, as it is printed.
  public static func text(ofScore score: UInt8) -> String {
    let percent = percent(ofScore: score)
    return "0.\(percent < 10 ? "0" : "")\(percent)"
  }
}
