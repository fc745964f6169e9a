// Generated from pipelines/rules by the test theProgramHoldsTheShippedRules (MILLRACE_REGENERATE=1). Do not edit.
// swift-format-ignore-file

/// The shipped rules, in the program itself: it needs no files beside it.
public enum ShippedRules {
  public static let files: [(name: String, text: String)] = [
  ]
}
