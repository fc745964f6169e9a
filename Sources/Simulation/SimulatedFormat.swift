// The formats a simulation can be written in.

/// A log format, by the name it is asked for with.
public enum SimulatedFormat: String, CaseIterable, Sendable {
  case combined, common
  case vhostCombined = "vhost-combined"
  case nginxJSON = "nginx-json"
  case flatJSON = "flat-json"
  case caddy

  /// Whether bodies and cookies are part of a line.
  public var carriesBodies: Bool { self == .flatJSON }
}
