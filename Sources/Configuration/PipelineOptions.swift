// What every program's command line says about its pipeline: which file, `--check`, `--print-effective`.

#if canImport(Glibc)
  import Glibc
#endif

/// The options that all programs share, and what they do.
public enum PipelineOptions {
  /// For a program's option table.
  public static let options: [OptionSpec] = [
    OptionSpec(
      "pipeline", value: .file("FILE"), group: "Pipeline",
      help: "The line's pipeline file; the built-in pipelines/web.yaml by default. Any key can be overridden by a "
        + "variable of the environment, such as MILLRACE_KAFKA__BOOTSTRAP."),
    OptionSpec(
      "check", group: "Pipeline",
      help: "Check the pipeline and all it names, print the effective settings, and end: status 2 if anything is "
        + "wrong, with each error's file, line and column."),
    OptionSpec(
      "print-effective", group: "Pipeline",
      help: "Print the effective settings as a pipeline file, secrets masked, and end."),
  ]

  /// The pipeline that a command line names, over the defaults and under the environment.
  public static func load(
    _ parsed: ParsedOptions, environment: [(name: String, value: String)] = environmentVariables()
  ) throws(ConfigurationErrors) -> Settings {
    try load(path: parsed.value("pipeline"), environment: environment)
  }

  /// - Parameter path: nil for the built-in pipeline.
  public static func load(
    path: String?, environment: [(name: String, value: String)] = environmentVariables()
  ) throws(ConfigurationErrors) -> Settings {
    guard let path else { return try PipelineFile.load(environment: environment) }
    guard let text = fileContents(path) else {
      let reason = String(cString: strerror(errno))
      throw ConfigurationErrors([ConfigurationError(file: path, place: nil, message: reason)])
    }
    return try PipelineFile.load(text, file: path, environment: environment)
  }
}

/// The bytes of a small file; nil, with errno, where it cannot be read or is larger than `limit`.
public func fileContents(_ path: String, limit: Int = 64 << 20) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer {
    let reason = errno
    close(descriptor)
    errno = reason
  }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let n = read(descriptor, &buffer, buffer.count)
    if n < 0, errno == EINTR { continue }
    if n < 0 { return nil }
    if n == 0 { return bytes }
    bytes += buffer[..<n]
    if bytes.count > limit {
      errno = EFBIG
      return nil
    }
  }
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
