// What can go wrong with a log file, said so that a person can act on it.

import Bytes
import CPlatform

#if canImport(Glibc)
  import Glibc
#endif

/// An error with the file it happened in and what to do about it.
public struct LogFileError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    case missing
    case directory
    case permission
    /// An archive or compression that is not read, by its name.
    case notRead(String)
    /// The file became shorter while it was read.
    case shrank
    /// A pattern that matches nothing.
    case noMatch
    /// Compressed data ends in the middle; what came before it was read.
    case truncated(Compression)
    /// Compressed data that its decoder refuses; what came before it was read.
    case corrupt(Compression, String)
    /// A failed system call, by its errno.
    case system(String, Int32)
  }
  public var kind: Kind
  public var path: String

  public init(_ kind: Kind, path: String) { (self.kind, self.path) = (kind, path) }

  /// Whether bytes before the fault may already have been read: the result is partial, not void.
  public var isPartial: Bool {
    switch kind {
    case .truncated, .corrupt, .shrank: true
    case .system(let call, _): call == "read"
    default: false
    }
  }

  static func opening(_ path: String, _ code: Int32) -> LogFileError {
    switch code {
    case ENOENT, ENOTDIR: LogFileError(.missing, path: path)
    case EACCES, EPERM: LogFileError(.permission, path: path)
    case EISDIR: LogFileError(.directory, path: path)
    default: LogFileError(.system("open", code), path: path)
    }
  }

  public var description: String {
    let path = printable(path)
    return switch kind {
    case .missing: "\(path): no such file"
    case .directory: "\(path): is a directory; name the files in it, as '\(path)/*.log*'"
    case .permission: "\(path): permission denied; run as a user who may read it"
    case .notRead(let what): "\(path): is a \(what), which is not read; unpack it first"
    case .shrank: "\(path): was cut short while it was read; what came before that was read"
    case .noMatch: "\(path): no file matches this pattern"
    case .truncated(let compression):
      "\(path): the \(compression.rawValue) data ends in the middle; what came before it was read"
    case .corrupt(let compression, let why):
      "\(path): damaged \(compression.rawValue) data (\(why)); what came before it was read"
    case .system(let call, let code): "\(path): \(call): \(String(cString: strerror(code)))"
    }
  }
}
