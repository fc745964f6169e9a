// PCRE2 behind a small type: decides whether a regular expression that Vectorscan pointed at really matches.

import Bytes
import CPcre2

/// A compiled expression. Immutable; shared by threads. Bytes, not characters: `.` is one byte.
///
/// Invariant of the unsafe code: `code` is owned, compiled and only read after `init`.
final class ConfirmingRegex: @unchecked Sendable {
  private let code: OpaquePointer

  private static func options(_ options: RegexOptions) -> UInt32 {
    // NEVER_UTF: a pattern may not switch to text that the field need not be.
    PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C
      | (options.ignoreCase ? PCRE2_CASELESS : 0) | (options.multiline ? PCRE2_MULTILINE : 0)
      | (options.dotAll ? PCRE2_DOTALL : 0)
  }

  private static func compile(_ pattern: String, _ options: RegexOptions) -> Result<OpaquePointer, SigmaProblem> {
    var error: Int32 = 0
    var offset = 0
    let bytes = Array(pattern.utf8)
    if let code = pcre2_compile_8(bytes, bytes.count, Self.options(options), &error, &offset, nil) {
      return .success(code)
    }
    var text = [UInt8](repeating: 0, count: 256)
    let count = pcre2_get_error_message_8(error, &text, text.count)
    let message = String(decoding: text.prefix(max(0, Int(count))), as: UTF8.self)
    return .failure(SigmaProblem("the regular expression is refused: \(message) (at its byte \(offset))"))
  }

  /// What is wrong with an expression, or nil.
  static func problem(in pattern: String, _ options: RegexOptions) -> String? {
    if pattern.utf8.count > 8192 { return "the regular expression is longer than 8192 bytes" }
    switch compile(pattern, options) {
    case .success(let code):
      pcre2_code_free_8(code)
      return nil
    case .failure(let problem): return problem.message
    }
  }

  /// nil when the expression does not compile.
  init?(_ pattern: String, _ options: RegexOptions) {
    guard case .success(let code) = Self.compile(pattern, options) else { return nil }
    self.code = code
    // Without JIT, as on an architecture that has none, the interpreter is used.
    pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
  }

  deinit { pcre2_code_free_8(code) }

  /// A byte, no letter, that whatever matches holds; nil where none is known.
  var requiredByte: UInt8? {
    func byte(_ type: Int32, _ unit: Int32) -> UInt8? {
      var kind: UInt32 = 0
      var value: UInt32 = 0
      guard pcre2_pattern_info_8(code, UInt32(type), &kind) == 0, kind == 1,
        pcre2_pattern_info_8(code, UInt32(unit), &value) == 0, value < 0x80
      else { return nil }
      let byte = UInt8(truncatingIfNeeded: value)
      return byte.isASCIILetter ? nil : byte
    }
    // The last is the rarer one: paths begin with a slash.
    return byte(PCRE2_INFO_LASTCODETYPE, PCRE2_INFO_LASTCODEUNIT)
      ?? byte(PCRE2_INFO_FIRSTCODETYPE, PCRE2_INFO_FIRSTCODEUNIT)
  }

  enum Answer { case yes, no, limit }

  /// - Parameter options: PCRE2's.
  @inline(__always)
  func search(_ text: RawSpan, _ scratch: borrowing RegexScratch, options: UInt32 = 0) -> Answer {
    let answer = text.withUnsafeBytes { bytes in
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? RegexScratch.empty
      return pcre2_match_8(code, start, bytes.count, 0, options, scratch.match, scratch.context)
    }
    if answer >= 0 { return .yes }
    return answer == PCRE2_ERROR_NOMATCH ? .no : .limit
  }
}

extension ConfirmingRegex {
  /// Steps past which a search gives up.
  static let mostSteps = 1 << 15

  /// Steps that a search without JIT takes, rounded up to a power of two; nil where it gives up. Deterministic.
  func steps(_ text: RawSpan, _ scratch: borrowing RegexScratch) -> Int? {
    var limit = 16
    while limit <= Self.mostSteps {
      scratch.setLimit(UInt32(limit))
      if search(text, scratch, options: PCRE2_NO_JIT) != .limit { return limit }
      limit *= 2
    }
    return nil
  }
}

/// What one thread needs to run expressions: memory for a match, and limits that keep a hostile value from making an
/// expression run for long.
struct RegexScratch: ~Copyable {
  fileprivate let match: OpaquePointer
  fileprivate let context: OpaquePointer
  private let stack: OpaquePointer?

  fileprivate nonisolated(unsafe) static let empty: UnsafePointer<UInt8> = {
    let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
  }()

  fileprivate func setLimit(_ limit: UInt32) { pcre2_set_match_limit_8(context, limit) }

  /// - Parameter isMeasuring: Only steps are to be limited, by `ConfirmingRegex.steps`.
  init(isMeasuring: Bool = false) {
    guard let match = pcre2_match_data_create_8(1, nil), let context = pcre2_match_context_create_8(nil) else {
      fatalError("out of memory")
    }
    self.match = match
    self.context = context
    pcre2_set_match_limit_8(context, 20_000)
    pcre2_set_depth_limit_8(context, isMeasuring ? .max : 500)
    pcre2_set_heap_limit_8(context, isMeasuring ? 20 << 10 : 256)
    stack = pcre2_jit_stack_create_8(32 << 10, 256 << 10, nil)
    pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
  }

  deinit {
    pcre2_match_data_free_8(match)
    pcre2_match_context_free_8(context)
    if let stack { pcre2_jit_stack_free_8(stack) }
  }
}
