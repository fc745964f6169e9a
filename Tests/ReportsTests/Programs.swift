// Other programs that tests ask for a second opinion: a browser, a JSON Schema validator.

#if canImport(Glibc)
  import Glibc
#endif

enum Programs {
  static let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
    separator: "/")

  static let python = repository + "/.build/venv/bin/python"

  static let hasSchemaValidator: Bool = run("'\(python)' -c 'import jsonschema' 2>/dev/null") == 0

  static let browser: String? = ["chromium", "chromium-browser", "google-chrome"].first {
    run("command -v \($0) >/dev/null 2>&1") == 0
  }

  /// Exit status of a shell command, -1 where it did not end by itself.
  static func run(_ command: String) -> Int32 {
    let status = system(command)
    return status & 0x7f == 0 ? status >> 8 & 0xff : -1
  }

  /// A folder of its own, removed after `body`.
  static func withTemporaryFolder<T>(_ body: (String) throws -> T) rethrows -> T {
    var template = Array("/tmp/millrace-reports-XXXXXX".utf8CString)
    let folder = template.withUnsafeMutableBufferPointer {
      mkdtemp($0.baseAddress!).map { String(cString: $0) } ?? "/tmp"
    }
    defer { _ = run("rm -rf '\(folder)'") }
    return try body(folder)
  }
}
