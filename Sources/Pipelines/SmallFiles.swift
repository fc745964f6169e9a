// What programs ask the system for before they begin: small files and the environment.

#if canImport(Glibc)
  import Glibc
#endif

/// The bytes of a small file; nil, with errno, where it cannot be read.
public func contents(of path: String, limit: Int = 64 << 20) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while bytes.count < limit {
    let n = read(descriptor, &buffer, buffer.count)
    if n < 0, errno == EINTR { continue }
    if n < 0 { return nil }
    if n == 0 { break }
    bytes += buffer[..<n]
  }
  return bytes
}

/// The environment, as names and values.
public func environmentVariables() -> [(name: String, value: String)] {
  var result: [(name: String, value: String)] = []
  var entry = environ
  while let text = entry.pointee {
    let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { result.append((String(parts[0]), String(parts[1]))) }
    entry += 1
  }
  return result
}
