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
}

/// In which server's words a format string is written.
public enum FormatDialect: String, Sendable, CaseIterable {
  case apache
  case nginx
}

/// One way to read a line.
enum Layout: Sendable {
  case text(TextProgram)
}

/// A named, compiled format: layouts that are tried in order, inside wrappers.
public struct LogFormat: Sendable {
  public let name: String
  /// One line in words.
  public let description: String
  /// From the outermost inwards.
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
    let layout: Layout
    switch dialect {
    case .apache: layout = .text(try ApacheDialect.compile(formatString))
    case .nginx: layout = .text(try NginxDialect.compile(formatString))
    }
    self.init(name: dialect.rawValue, description: "\(dialect.rawValue) format string", layouts: [layout])
  }

  /// The table of formats, the most specific of each family first.
  public static var all: [LogFormat] { FormatTable.formats }
}
