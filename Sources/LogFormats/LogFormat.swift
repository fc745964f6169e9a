// A log format: what stands in a line, and what was put around the line on its way here.

import Bytes

/// What a log shipper or container runtime puts around a line.
public enum Wrapper: UInt8, Sendable, CaseIterable {
  /// RFC 3164 or RFC 5424 header, with or without priority.
  case syslog
  /// Docker's json-file driver: `{"log":"...\n","stream":"stdout","time":"..."}`.
  case docker
  /// The CRI runtimes of Kubernetes: `time stdout F text`.
  case cri

  public var name: String {
    switch self {
    case .syslog: "syslog"
    case .docker: "docker"
    case .cri: "cri"
    }
  }

  init?(name: String) {
    switch name {
    case "syslog": self = .syslog
    case "docker": self = .docker
    case "cri", "kubernetes": self = .cri
    default: return nil
    }
  }
}

/// In which server's words a format string is written.
public enum FormatDialect: String, Sendable, CaseIterable {
  case apache, nginx, envoy, haproxy
  /// Names of columns of a W3C extended log.
  case w3c
  /// `field=path` pairs.
  case json
  /// This project's own: `<client> [<time_common>] "<request>"`.
  case fields
}

/// One way to read a line.
enum Layout: Sendable {
  case text(TextProgram)
  case json(JSONLayout)
  case w3c(W3CColumns)
}

/// A named, compiled format: layouts that are tried in order, inside wrappers.
public struct LogFormat: Sendable {
  public let name: String
  /// One line in words.
  public let description: String
  /// From the outermost inwards. A line that lacks one is read all the same.
  public var wrappers: [Wrapper] = []
  var layouts: [Layout]

  init(name: String, description: String, layouts: [Layout], wrappers: [Wrapper] = []) {
    (self.name, self.description, self.layouts, self.wrappers) = (name, description, layouts, wrappers)
  }

  /// The format of the table with this name. nil if there is none.
  public init?(named name: String) {
    guard let format = FormatTable.formats.first(where: { $0.name == name }) else { return nil }
    self = format
  }

  /// Compiles a server's own format string.
  public init(formatString: String, dialect: FormatDialect) throws(FormatError) {
    self.init(
      name: dialect.rawValue, description: "\(dialect.rawValue) format string",
      layouts: [try Self.layout(formatString, dialect)])
  }

  static func layout(_ string: String, _ dialect: FormatDialect) throws(FormatError) -> Layout {
    switch dialect {
    case .apache: return .text(try ApacheDialect.compile(string))
    case .nginx:
      if let template = try NginxJSON.compile(string) { return .json(template) }
      return .text(try NginxDialect.compile(string))
    case .envoy: return .text(try EnvoyDialect.compile(string))
    case .haproxy: return .text(try HAProxyDialect.compile(string))
    case .fields: return .text(try FieldsDialect.compile(string))
    case .json: return .json(try JSONMaps.compile(string))
    case .w3c:
      let columns = W3CColumns(string)
      guard string.isEmpty || columns.fields.contains(where: { $0 != .ignored }) else {
        throw FormatError(format: string, column: 1, reason: "no column has a name this program reads, such as c-ip")
      }
      return .w3c(columns)
    }
  }

  /// Reads what a user gives for `--format`:
  /// `[syslog+|docker+|cri+]...` then a name of the table, or `DIALECT:STRING`, or a line pasted from a server's
  /// configuration (`log_format main '...';`, `LogFormat "..." combined`).
  public init(specification: String) throws(FormatError) {
    var rest = specification[...]
    var wrappers: [Wrapper] = []
    while let plus = rest.firstIndex(of: "+"), let wrapper = Wrapper(name: String(rest[..<plus])) {
      wrappers.append(wrapper)
      rest = rest[rest.index(after: plus)...]
    }
    let text = String(rest)
    if let format = LogFormat(named: text) {
      self = format
    } else if let colon = text.firstIndex(of: ":"), let dialect = FormatDialect(rawValue: String(text[..<colon])) {
      try self.init(formatString: String(text[text.index(after: colon)...]), dialect: dialect)
    } else if let (string, dialect) = ConfigurationLine.read(text) {
      try self.init(formatString: string, dialect: dialect)
    } else {
      let names = FormatTable.formats.map(\.name).joined(separator: ", ")
      throw FormatError(
        format: specification, column: 1 + specification.utf8.count - text.utf8.count,
        reason: "'\(text)' is no format: give auto, a name (\(names)), or a format string with its dialect in front, "
          + "such as 'nginx:$remote_addr - $remote_user [$time_local] ...'")
    }
    self.wrappers = wrappers + self.wrappers
  }

  /// Name with its wrappers, as `specification` reads it.
  public var qualifiedName: String { (wrappers.map(\.name) + [name]).joined(separator: "+") }

  /// The table of formats, the commonest first.
  public static var all: [LogFormat] { FormatTable.formats }

  /// Whether what a line means depends on lines before it: a chunk must then be given the state at its start.
  public var carriesState: Bool {
    if wrappers.contains(.docker) || wrappers.contains(.cri) { return true }
    return layouts.contains {
      switch $0 {
      case .w3c, .json: true
      case .text(let program): !program.hasTime
      }
    }
  }
}
