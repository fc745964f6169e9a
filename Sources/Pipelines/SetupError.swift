import Configuration

/// A complaint about the command line or the configuration: every program ends with status 2.
public struct SetupError: SetupFailure, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}
