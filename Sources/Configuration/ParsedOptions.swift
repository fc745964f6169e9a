// The command line after parsing: values are checked against their kind already.

/// Options and arguments as given. Asking for an option that is not in the table is a programmer's mistake and traps.
public struct ParsedOptions: Sendable {
  /// In the order given; switches have the value "".
  var given: [(name: String, value: String)] = []
  let known: Set<String>
  /// What is not an option, in order; everything after `--`.
  public internal(set) var arguments: [String] = []

  public func has(_ name: String) -> Bool {
    precondition(known.contains(name), "no option --\(name) in the table")
    return given.contains { $0.name == name }
  }

  /// The last value given.
  public func value(_ name: String) -> String? { values(name).last }

  public func values(_ name: String) -> [String] {
    precondition(known.contains(name), "no option --\(name) in the table")
    return given.lazy.filter { $0.name == name }.map(\.value)
  }

  /// The last value of an `.integer` option, which is in its range.
  public func integer(_ name: String) -> Int? { value(name).flatMap { Int($0) } }

  /// The last value of a `.number` option, which is in its range.
  public func number(_ name: String) -> Double? { value(name).flatMap { Double($0) } }
}
