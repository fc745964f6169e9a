// Where a forwarder's lines come from: one item of `forwarder.sources`.

/// A socket that syslog is taken from.
public enum SyslogListener: Sendable, Hashable {
  case udp(host: String, port: UInt16)
  case tcp(host: String, port: UInt16)
  case tls(host: String, port: UInt16)
  /// A unix datagram socket.
  case unix(path: String)

  /// Reads `udp://HOST:PORT`, `tcp://...`, `tls://...`, `unix:///PATH`; an IPv6 host stands in brackets.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    let rest = text[text.index(colon, offsetBy: 3)...]
    if text[..<colon] == "unix" {
      guard rest.hasPrefix("/"), rest.utf8.count < 108 else { return nil }
      self = .unix(path: String(rest))
      return
    }
    guard let (host, port) = hostAndPort(String(rest)) else { return nil }
    switch text[..<colon] {
    case "udp": self = .udp(host: host, port: port)
    case "tcp": self = .tcp(host: host, port: port)
    case "tls": self = .tls(host: host, port: port)
    default: return nil
    }
  }
}

/// `HOST:PORT` or `[HOST]:PORT`; an empty host means every address. nil when it is neither.
public func hostAndPort(_ text: String) -> (host: String, port: UInt16)? {
  guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
  var host = text[..<colon]
  if host.hasPrefix("["), host.hasSuffix("]"), host.utf8.count > 2 {
    host = host.dropFirst().dropLast()
  } else if host.contains(":") || host.contains("[") {
    return nil
  }
  return (String(host), port)
}

/// One source of a forwarder.
public struct ForwarderSource: Sendable {
  public enum Origin: Sendable {
    /// Patterns to follow, and patterns to leave alone among them.
    case files([String], exclude: [String])
    case syslog(SyslogListener)
    case stdin
  }
  public var origin: Origin
  /// Empty: told by host and path or address.
  public var id: String
  /// With input.format in the place of an empty one.
  public var format: String
  /// Empty: what the lines say.
  public var zone: String
  public var timeZone: String
  /// For tls; empty where not given.
  public var certificateFile: String
  public var keyFile: String
  public var clientAuthorityFile: String
}

extension Settings {
  /// The sources of a pipeline that `PipelineFile.load` has accepted.
  public var forwarderSources: [ForwarderSource] {
    items("forwarder.sources").compactMap { item in
      let origin: ForwarderSource.Origin
      if let listener = SyslogListener(item.text("syslog")) {
        origin = .syslog(listener)
      } else if item.flag("stdin") {
        origin = .stdin
      } else if !item.texts("files").isEmpty {
        origin = .files(item.texts("files"), exclude: item.texts("exclude"))
      } else {
        return nil
      }
      func either(_ own: String, _ shared: String) -> String {
        let own = item.text(own)
        return own.isEmpty ? text(shared) : own
      }
      return ForwarderSource(
        origin: origin, id: item.text("id"), format: either("format", "input.format"), zone: item.text("zone"),
        timeZone: either("time_zone", "input.time_zone"), certificateFile: item.text("certificate_file"),
        keyFile: item.text("key_file"), clientAuthorityFile: item.text("ca_file"))
    }
  }
}
