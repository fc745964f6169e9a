// What the command line names: files, patterns and `-`.

#if canImport(Glibc)
  import Glibc
#endif

public enum InputFiles {
  /// The files that `arguments` name, in their order and each once; the matches of a pattern sorted by name.
  ///
  /// A name that exists is taken literally even where it looks like a pattern. A pattern's directories are
  /// left out; a directory named outright is an error, as is a pattern without a match.
  public static func expand(_ arguments: [String]) throws(LogFileError) -> [String] {
    var files: [String] = []
    var seen: Set<FileIdentity> = []
    func add(_ path: String, named: Bool) throws(LogFileError) {
      if path == "-" {
        if !files.contains("-") { files.append("-") }
        return
      }
      var status = stat()
      guard stat(path, &status) == 0 else { throw .opening(path, errno) }
      if status.st_mode & S_IFMT == S_IFDIR {
        if named { throw LogFileError(.directory, path: path) }
        return
      }
      let identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
      if seen.insert(identity).inserted { files.append(path) }
    }
    for argument in arguments {
      let isPattern = argument.utf8.contains { $0 == 0x2a || $0 == 0x3f || $0 == 0x5b }
      if isPattern, access(argument, F_OK) != 0 {
        let matches = matches(of: argument)
        if matches.isEmpty { throw LogFileError(.noMatch, path: argument) }
        let before = files.count
        for match in matches { try add(match, named: false) }
        if files.count == before, files.isEmpty { throw LogFileError(.noMatch, path: argument) }
      } else {
        try add(argument, named: true)
      }
    }
    return files
  }

  private static func matches(of pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, GLOB_TILDE | GLOB_BRACE, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }.sorted()
  }
}
