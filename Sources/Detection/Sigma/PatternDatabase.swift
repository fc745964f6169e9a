// The Vectorscan database of a rule set: all expressions, compiled once, shared by threads.

import Bytes
import CVectorscan

#if canImport(Glibc)
  import Glibc
#endif

/// Compiled expressions.
///
/// Invariant of the unsafe code: `database` is owned and only read after `init`.
final class PatternDatabase: @unchecked Sendable {
  /// nil when there is nothing to look for.
  let database: OpaquePointer?
  /// Expressions that Vectorscan finds too often rather than exactly: back references, look-around.
  let approximate: Set<Int>
  /// Expressions that it does not take at all.
  let refused: [Int]
  let size: Int

  init(_ expressions: [ScanExpression]) {
    var approximate: Set<Int> = []
    var refused: Set<Int> = []
    var texts: [String] = []
    var flags: [UInt32] = []
    for (index, expression) in expressions.enumerated() {
      let (text, flag) = Self.form(expression)
      texts.append(text)
      flags.append(flag)
      guard case .regex = expression.source else { continue }
      if Self.usesAnchorsOfText(text) {
        refused.insert(index)
      } else if !Self.accepts(text, flag) {
        flags[index] |= UInt32(HS_FLAG_PREFILTER)
        if Self.accepts(text, flags[index]) { approximate.insert(index) } else { refused.insert(index) }
      }
    }
    var database: OpaquePointer?
    // One that passes alone may still fail among the others (it is too large): then it is left out, and the rest is
    // compiled again; after a few of those, all regular expressions are.
    var failures = 0
    while true {
      let kept = expressions.indices.filter { !refused.contains($0) }
      if kept.isEmpty { break }
      switch Self.compile(kept.map { (texts[$0], flags[$0], UInt32($0)) }) {
      case .success(let compiled): database = compiled
      case .failure(let failure):
        let culprit = kept.indices.contains(failure.expression) ? kept[failure.expression] : kept[kept.count - 1]
        refused.insert(culprit)
        failures += 1
        if failures == 8 { refused.formUnion(kept.filter { expressions[$0].isRegex }) }
        continue
      }
      break
    }
    self.database = database
    self.approximate = approximate.subtracting(refused)
    self.refused = refused.sorted()
    var size = 0
    if let database { hs_database_size(database, &size) }
    self.size = size
  }

  deinit { if let database { hs_free_database(database) } }

  /// Values lie one after another in the scanned buffer with a newline on each side: so lines' anchors stand for
  /// values' anchors, and what a value's own newlines make of that is settled by confirming.
  private static func form(_ expression: ScanExpression) -> (String, UInt32) {
    switch expression.source {
    case .literal(let bytes, let isCased): (escaped(bytes), isCased ? 0 : UInt32(HS_FLAG_CASELESS))
    case .regex(let text, let options):
      (
        text,
        UInt32(HS_FLAG_MULTILINE) | (options.ignoreCase ? UInt32(HS_FLAG_CASELESS) : 0)
          | (options.dotAll ? UInt32(HS_FLAG_DOTALL) : 0)
      )
    }
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      if byte.isASCIILetter || byte.isASCIIDigit {
        text.append(byte)
      } else {
        text += [0x5c, 0x78, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `\A`, `\z`, `\Z`, `\G` and `(*...)` mean the start and end of the scanned buffer there, which holds many values;
  /// a zero byte would end the expression.
  /// Too careful is right: what is refused is still tried, by PCRE2 alone.
  private static func usesAnchorsOfText(_ pattern: String) -> Bool {
    var isEscape = false
    var previous: UInt8 = 0
    for byte in pattern.utf8 {
      if byte == 0 { return true }
      if isEscape {
        if [0x41, 0x7a, 0x5a, 0x47].contains(byte) { return true }
        isEscape = false
      } else if byte == 0x5c {
        isEscape = true
      } else if byte == 0x2a, previous == 0x28 {
        return true
      }
      previous = byte
    }
    return false
  }

  /// Whether Vectorscan takes an expression and it cannot match nothing.
  private static func accepts(_ text: String, _ flags: UInt32) -> Bool {
    var info: UnsafeMutablePointer<hs_expr_info_t>?
    var error: UnsafeMutablePointer<hs_compile_error_t>?
    guard hs_expression_info(text, flags, &info, &error) == HS_SUCCESS, let info else {
      if let error { hs_free_compile_error(error) }
      return false
    }
    let width = info.pointee.min_width
    free(info)
    return width > 0
  }

  /// What expressions are compiled for: never AVX-512, whose code is wrong (see CVectorscan).
  private static let platform: hs_platform_info_t = {
    var platform = hs_platform_info_t()
    if millrace_hs_platform(&platform) == 0 { platform = hs_platform_info_t() }
    return platform
  }()
  /// Whether databases are searched by the code for AVX2.
  static let usesAVX2: Int32 = platform.cpu_features & UInt64(HS_CPU_FEATURES_AVX2) != 0 ? 1 : 0

  struct Failure: Error { var expression: Int }

  private static func compile(_ list: [(text: String, flags: UInt32, id: UInt32)]) -> Result<OpaquePointer, Failure> {
    let texts = list.map { UnsafePointer<CChar>(strdup($0.text)) }
    defer { for text in texts { free(UnsafeMutablePointer(mutating: text)) } }
    var database: OpaquePointer?
    var error: UnsafeMutablePointer<hs_compile_error_t>?
    var platform = Self.platform
    let result = hs_compile_multi(
      texts, list.map(\.flags), list.map(\.id), UInt32(list.count), UInt32(HS_MODE_BLOCK), &platform, &database, &error)
    if result == HS_SUCCESS, let database { return .success(database) }
    defer { if let error { hs_free_compile_error(error) } }
    return .failure(Failure(expression: Int(error?.pointee.expression ?? -1)))
  }
}
