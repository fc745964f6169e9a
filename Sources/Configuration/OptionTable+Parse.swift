// Command line -> ParsedOptions. getopt_long gives what users of Unix expect: short clusters, `--name=value`,
// unambiguous abbreviations, options after arguments, and `--`.

import CPlatform
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// getopt_long keeps its state in globals.
private let getoptLock = Mutex(())

extension OptionTable {
  public func parse(_ arguments: [String]) throws(UsageError) -> ParsedOptions {
    var parsed = ParsedOptions(known: Set(options.map(\.name)))
    let result = getoptLock.withLock { _ in
      do throws(UsageError) {
        try scan(arguments, into: &parsed)
        return UsageError?.none
      } catch {
        return error
      }
    }
    if let result { throw result }
    return parsed
  }

  private func scan(_ arguments: [String], into parsed: inout ParsedOptions) throws(UsageError) {
    // The strings must outlive the scan: getopt_long permutes pointers to them.
    var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    let owned = argv
    let names = options.map { strdup($0.name) }
    defer {
      for string in owned + names { free(string) }
    }
    let count = Int32(argv.count)
    argv.append(nil)
    // Long options return 256 + their index; short ones their character. The leading ':' tells a missing value from
    // an unknown option.
    var shorts = ":"
    var longs: [option] = []
    for (index, spec) in options.enumerated() {
      if let short = spec.short { shorts += "\(short)" + (spec.value == nil ? "" : ":") }
      longs.append(
        option(
          name: names[index], has_arg: spec.value == nil ? no_argument : required_argument, flag: nil,
          val: Int32(256 + index)))
    }
    longs.append(option())
    platform_getopt_reset()
    var state = platform_getopt_state()
    while true {
      let code = platform_getopt_long(count, &argv, shorts, longs, &state)
      if code == -1 { break }
      if code == 0x3f || code == 0x3a {
        throw usage(code: code, state: state, argv: argv)
      }
      let spec: OptionSpec
      if code >= 256 {
        spec = options[Int(code) - 256]
      } else if let found = options.first(where: { $0.short?.asciiValue.map(Int32.init) == code }) {
        spec = found
      } else {
        continue
      }
      let value = spec.value == nil ? "" : state.argument.map { String(cString: $0) } ?? ""
      if !spec.repeats, parsed.given.contains(where: { $0.name == spec.name }) {
        throw UsageError("--\(spec.name) is given twice")
      }
      try check(value, of: spec)
      parsed.given.append((spec.name, value))
    }
    var index = Int(state.next)
    while index < Int(count) {
      if let argument = argv[index] { parsed.arguments.append(String(cString: argument)) }
      index += 1
    }
    if self.arguments == nil, let first = parsed.arguments.first { throw UsageError("unexpected argument '\(first)'") }
  }

  private func usage(
    code: Int32, state: platform_getopt_state, argv: [UnsafeMutablePointer<CChar>?]
  ) -> UsageError {
    let index = Int(state.next) - 1
    let word = argv.indices.contains(index) ? argv[index].map { String(cString: $0) } ?? "" : ""
    if code == 0x3a {
      let spec = options.first {
        state.bad >= 256
          ? $0.name == options[Int(state.bad) - 256].name : $0.short?.asciiValue.map(Int32.init) == state.bad
      }
      return UsageError("\(word) needs a value: \(spec?.value?.placeholder ?? "VALUE")")
    }
    if state.bad >= 256 { return UsageError("--\(options[Int(state.bad) - 256].name) takes no value") }
    if state.bad > 0, let scalar = Unicode.Scalar(UInt32(state.bad)) { return UsageError("unknown option -\(scalar)") }
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    let matches = options.map(\.name).filter { $0.hasPrefix(name) }
    if matches.count > 1 {
      return UsageError("--\(name) could mean \(matches.map { "--" + $0 }.joined(separator: ", "))")
    }
    let near = nearestName(to: name, among: options.map(\.name)).map { "; did you mean --\($0)?" } ?? ""
    return UsageError("unknown option --\(name)\(near)")
  }

  private func check(_ value: String, of spec: OptionSpec) throws(UsageError) {
    switch spec.value {
    case .choice(let names):
      guard names.contains(value) else {
        throw UsageError(
          "--\(spec.name): '\(value)' is none of \(names.joined(separator: ", "))"
            + suggestion(for: value, among: names))
      }
    case .integer(_, let range):
      guard let number = Int(value), range.contains(number) else {
        throw UsageError(
          "--\(spec.name): '\(value)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
    case .number(_, let range):
      guard let number = Double(value), range.contains(number) else {
        throw UsageError("--\(spec.name): '\(value)' is not a number from \(range.lowerBound) to \(range.upperBound)")
      }
    case .text, .file, .directory, nil: break
    }
  }
}
