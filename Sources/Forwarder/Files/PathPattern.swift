// Patterns of files, as the shell reads them.

#if canImport(Glibc)
  import Glibc
#endif

enum PathPattern {
  /// The paths that the patterns match and `except` does not, sorted, each once. A pattern without a match is no error:
  /// the file may come.
  static func files(_ patterns: [String], except: [String]) -> [String] {
    var paths: Set<String> = []
    for pattern in patterns {
      var result = glob_t()
      defer { globfree(&result) }
      guard glob(pattern, GLOB_TILDE | GLOB_BRACE, nil, &result) == 0 else { continue }
      for i in 0..<Int(result.gl_pathc) {
        if let path = result.gl_pathv[i] { paths.insert(String(cString: path)) }
      }
    }
    return paths.filter { path in
      let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
      return !except.contains { fnmatch($0, $0.contains("/") ? path : name, 0) == 0 }
    }.sorted()
  }

  /// The names in a directory, sorted; none where it cannot be read.
  static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory.isEmpty ? "." : directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
