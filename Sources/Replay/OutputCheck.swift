// Before anything is read: whether what is to be written can be, and would destroy nothing.

import Bytes
import CPlatform
import LogFiles
import Pipelines

#if canImport(Glibc)
  import Glibc
#endif

extension ReplayOptions {
  /// Whether to write in colour: as asked for, else on a terminal that has it and whose user does not say no.
  func usesColor(onTerminal isTerminal: Bool) -> Bool {
    switch color {
    case "always": return true
    case "never": return false
    default:
      if let wish = getenv("NO_COLOR"), wish.pointee != 0 { return false }
      if let kind = getenv("TERM"), strcmp(kind, "dumb") == 0 { return false }
      return isTerminal
    }
  }

  /// Refuses an output that is one of the logs, or that two reports would share, or that has no place to stand:
  /// found out after an hour's replay it would be too late, and a log overwritten is lost.
  func checkOutputs() throws(SetupError) {
    let outputs: [(option: String, path: String)] = [
      ("--output", output), ("--html", html), ("--json", json), ("--verdicts", verdicts), ("--sources", sources),
      ("--dead-letters", deadLetters),
    ].compactMap { name, path in path.map { (name, $0) } }
    guard !outputs.isEmpty else { return }
    var taken: [(what: String, file: FileIdentity)] = []
    // What can not be listed is complained about when it is opened.
    for path in (try? InputFiles.expand(files)) ?? [] where path != "-" {
      if let file = FileIdentity(path) { taken.append(("the log \(printable(path))", file)) }
    }
    var names: [(option: String, path: String)] = []
    for (option, path) in outputs {
      guard !path.isEmpty else { throw SetupError("\(option) needs the name of a file") }
      if path == "-" { continue }
      if let other = names.first(where: { $0.path == path }), FileIdentity(path) != nil || !isDevice(path) {
        throw SetupError("\(option) \(printable(path)): \(other.option) writes there as well")
      }
      names.append((option, path))
      var status = stat()
      if stat(path, &status) == 0, platform_is_directory(status.st_mode) != 0 {
        throw SetupError("\(option) \(printable(path)): is a directory; name a file in it")
      }
      if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
        let directory = String(path[..<slash])
        guard stat(directory, &status) == 0, platform_is_directory(status.st_mode) != 0 else {
          throw SetupError("\(option) \(printable(path)): there is no directory \(printable(directory))")
        }
      }
      guard let file = FileIdentity(path) else { continue }
      if let other = taken.first(where: { $0.file == file }) {
        throw SetupError("\(option) \(printable(path)): would overwrite \(other.what)")
      }
      taken.append(("what \(option) writes", file))
    }
  }

  private func isDevice(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && platform_is_regular(status.st_mode) == 0
  }
}

/// Which regular file a path leads to, through links of either kind.
private struct FileIdentity: Equatable {
  let device: UInt64
  let inode: UInt64

  /// nil where there is none yet, or a device or pipe, which any number may write to.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, platform_is_regular(status.st_mode) != 0 else { return nil }
    (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }
}
