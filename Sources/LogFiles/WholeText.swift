// A file as a whole, for what is small beside a log: lists and the like.

#if canImport(Glibc)
  import Glibc
#endif

/// The text of a file, decompressed if need be.
/// - Parameter limit: More bytes than this are an error: a small archive can hold very much.
public func wholeText(of path: String, limit: Int) throws(LogFileError) -> [UInt8] {
  try wholeText(of: LogReader(path: path), limit: limit)
}

/// The rest of what a reader has.
public func wholeText(of reader: LogReader, limit: Int) throws(LogFileError) -> [UInt8] {
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    var fault: LogFileError?
    let n = buffer.withUnsafeMutableBytes { bytes in
      do throws(LogFileError) { return try reader.read(into: bytes) } catch {
        fault = error
        return 0
      }
    }
    if let fault { throw fault }
    if n == 0 { return text }
    text += buffer[..<n]
    if text.count > limit { throw LogFileError(.system("read", EFBIG), path: reader.path) }
  }
}
