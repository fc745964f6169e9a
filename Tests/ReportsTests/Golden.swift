// Files beside the tests with what a person should see. `MILLRACE_REGENERATE_GOLDEN=1 swift test -c release --filter
// ReportsTests` writes them anew; look at the difference before committing it.

import Bytes
import Testing

#if canImport(Glibc)
  import Glibc
#endif

func rendered(_ body: (inout ByteBuffer) -> Void) -> [UInt8] {
  var output = ByteBuffer()
  body(&output)
  return output.bytes.copied()
}

func contents(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[0..<count] }
  return bytes
}

func store(_ bytes: [UInt8], at path: String) {
  guard let file = fopen(path, "w") else { return }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

/// Compares with `Golden/NAME`, or writes it.
func expectGolden(
  _ name: String, _ bytes: [UInt8], file: String = #filePath, at location: SourceLocation = #_sourceLocation
) {
  let path =
    file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/Golden/" + name
  if getenv("MILLRACE_REGENERATE_GOLDEN") != nil {
    store(bytes, at: path)
    return
  }
  guard let golden = contents(path) else {
    Issue.record("\(name) is missing: run with MILLRACE_REGENERATE_GOLDEN=1", sourceLocation: location)
    return
  }
  if golden == bytes { return }
  let old = String(decoding: golden, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  let new = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  let differing = zip(old, new).first { $0 != $1 }
  Issue.record(
    "\(name) differs, first in:\n- \(differing?.0 ?? "(end)")\n+ \(differing?.1 ?? "(end)")", sourceLocation: location)
}
