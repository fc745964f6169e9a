// The text of one log file, whatever it is wrapped in.

import Bytes
import CPlatform
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Reads one file or standard input once, from its start to the end it has when the end is reached.
///
/// By `read`, never by a memory map: a file that another program truncates while it is mapped kills the
/// reader with SIGBUS. A file that is deleted meanwhile stays readable, and one that grows is read on.
/// Not thread-safe; may move between threads.
public final class LogReader: @unchecked Sendable {
  public let path: String
  public let compression: Compression
  public let encoding: TextEncoding
  /// Bytes of the file on disk when it was opened; nil for pipes.
  public let size: UInt64?
  /// Bytes taken from the file so far, compressed as they are.
  public private(set) var consumed: UInt64 = 0
  /// Where the system gave less than `size`: the file shrank while it was read.
  /// Known of plain files only: what follows compressed data is left unread.
  public var shrank: Bool { ended && compression == .none && size.map { consumed < $0 } ?? false }

  /// -1 while it rests.
  private var descriptor: Int32
  private let closes: Bool
  private let identity: FileIdentity
  private let decoder: StreamDecoder?
  private var transcoder: UTF16Transcoder?
  /// Input of the decoder: bytes `inputStart..<inputEnd` wait to be decoded.
  private let input: UnsafeMutableRawBufferPointer
  private var inputStart = 0
  private var inputEnd = 0
  private var ended = false
  /// Text that was read ahead (by detection or `peek`) and not yet handed out.
  private var ahead: [UInt8] = []
  private var aheadStart = 0
  private static let inputCapacity = 64 << 10

  /// Set to make every reader of a pipe report the end of its input soon: what Ctrl-C asks for.
  /// Readers of files need no such thing, because they never block.
  public static let pipesMayEnd = Atomic<Bool>(false)
  private var pending: LogFileError?

  /// Opens `path`, or standard input for `-`.
  public convenience init(path: String) throws(LogFileError) {
    if path == "-" {
      try self.init(descriptor: 0, path: "-", closes: false)
      return
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .opening(path, errno) }
    try self.init(descriptor: descriptor, path: path, closes: true)
  }

  /// Reads from an open descriptor, which is closed at the end if `closes`.
  public init(descriptor: Int32, path: String, closes: Bool) throws(LogFileError) {
    var status = stat()
    let known = fstat(descriptor, &status) == 0
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    if known, platform_is_directory(status.st_mode) != 0 {
      if closes { close(descriptor) }
      throw LogFileError(.directory, path: path)
    }
    self.path = path
    self.descriptor = descriptor
    self.closes = closes
    size = known && platform_is_regular(status.st_mode) != 0 ? UInt64(max(0, status.st_size)) : nil
    if size != nil { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
    input = .allocate(byteCount: Self.inputCapacity, alignment: 64)

    // The first bytes tell the compression; the first decoded ones the encoding.
    var end = 0
    var atEnd = false
    var count: UInt64 = 0
    var failure: LogFileError?
    while end < 512, !atEnd {
      if size == nil, !Self.awaitInput(descriptor) { break }
      let n = Self.fill(descriptor, UnsafeMutableRawBufferPointer(rebasing: input[end...]))
      if n < 0 {
        failure = LogFileError(errno == EISDIR ? .directory : .system("read", errno), path: path)
        break
      }
      atEnd = n == 0
      end += n
      count += UInt64(n)
    }
    let head = UnsafeRawBufferPointer(rebasing: input[..<end])
    compression = Compression(magic: head)
    decoder = StreamDecoder.make(compression)
    inputEnd = end
    if failure == nil { failure = Compression.unreadable(head).map { LogFileError(.notRead($0), path: path) } }
    if let failure {
      encoding = .bytes
      throw failure
    }
    var detected: (encoding: TextEncoding, mark: Int)
    if let decoder {
      // Decode a first piece into `ahead`; a fault here is reported by the first read.
      detected = (.bytes, 0)
      var position = 0
      var first: [UInt8] = []
      while first.count < 512, position < end {
        let before = (position, first.count)
        var piece = [UInt8](repeating: 0, count: 4096)
        do throws(StreamDecoder.Fault) {
          let waiting = UnsafeRawBufferPointer(rebasing: head[position...])
          let step = try Self.decode(decoder, waiting, into: &piece)
          position += step.consumed
          first += piece[..<step.produced]
        } catch {
          failure = LogFileError(.corrupt(compression, error.reason), path: path)
          break
        }
        if before == (position, first.count) { break }
      }
      inputStart = position
      pending = failure
      first.withUnsafeBytes { detected = TextEncoding.detect($0) }
      ahead = first
    } else {
      detected = TextEncoding.detect(head)
    }
    encoding = detected.encoding
    consumed = count
    if decoder == nil {
      // Plain bytes bypass the input buffer; what was read of them goes out first.
      ahead = Array(head)
      inputEnd = 0
      input.deallocate()
    }
    ended = atEnd
    aheadStart = min(detected.mark, ahead.count)
    if encoding != .bytes {
      transcoder = UTF16Transcoder(bigEndian: encoding == .utf16BigEndian)
      let raw = Array(ahead[aheadStart...])
      ahead.removeAll()
      aheadStart = 0
      transcode(raw[...])
    }
  }

  deinit {
    if decoder != nil { input.deallocate() }
    if closes, descriptor >= 0 { close(descriptor) }
  }

  /// Closes a file until more of it is read, so that more files can be read side by side than may be open.
  /// Pipes stay open. A file that is renamed meanwhile is not found again.
  public func rest() {
    guard closes, size != nil, descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  private func wake() throws(LogFileError) {
    if descriptor >= 0 { return }
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard opened >= 0 else { throw .opening(path, errno) }
    descriptor = opened
    var status = stat()
    guard fstat(opened, &status) == 0,
      identity == FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
      lseek(opened, off_t(clamping: consumed), SEEK_SET) >= 0
    else { throw LogFileError(.system("read", ESTALE), path: path) }
  }

  /// Reads up to `output.count` bytes of text; 0 at the end. Blocks on pipes.
  ///
  /// A fault in the data (`isPartial`) comes after all that was readable before it.
  public func read(into output: UnsafeMutableRawBufferPointer) throws(LogFileError) -> Int {
    if aheadStart < ahead.count { return takeAhead(output) }
    if transcoder != nil {
      ahead.removeAll()
      aheadStart = 0
      while ahead.isEmpty {
        let raw = try readPiece()
        if raw.isEmpty { return 0 }
        transcode(raw)
      }
      return takeAhead(output)
    }
    return try readDecoded(into: output)
  }

  /// Makes at least `count` bytes of text available to `body` without taking them, or all there are.
  /// Faults in the data are left for `read` to report.
  public func peek<T>(_ count: Int, _ body: (RawSpan) -> T) -> T {
    while ahead.count - aheadStart < count, pending == nil {
      do throws(LogFileError) {
        let raw = try readPiece()
        if raw.isEmpty { break }
        if transcoder == nil { ahead += raw } else { transcode(raw) }
      } catch {
        pending = error
      }
    }
    let text = ahead
    return body(text.span.bytes.extracting(aheadStart..<text.count))
  }

  private func readPiece() throws(LogFileError) -> ArraySlice<UInt8> {
    var raw = [UInt8](repeating: 0, count: 64 << 10)
    var fault: LogFileError?
    let n = raw.withUnsafeMutableBytes { buffer in
      do throws(LogFileError) { return try readDecoded(into: buffer) } catch {
        fault = error
        return 0
      }
    }
    if let fault { throw fault }
    return raw[..<n]
  }

  private static func decode(
    _ decoder: StreamDecoder, _ input: UnsafeRawBufferPointer, into output: inout [UInt8]
  ) throws(StreamDecoder.Fault) -> StreamDecoder.Step {
    var result = Result<StreamDecoder.Step, StreamDecoder.Fault>.success(.init(consumed: 0, produced: 0))
    output.withUnsafeMutableBytes { buffer in
      do throws(StreamDecoder.Fault) {
        result = .success(try decoder.decode(input, into: buffer, atEnd: false))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  private func takeAhead(_ output: UnsafeMutableRawBufferPointer) -> Int {
    let n = min(output.count, ahead.count - aheadStart)
    ahead.withUnsafeBytes { output.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[aheadStart..<aheadStart + n])) }
    aheadStart += n
    if aheadStart == ahead.count, transcoder == nil {
      // Read ahead only once: give the memory back.
      ahead = []
      aheadStart = 0
    }
    return n
  }

  private func transcode(_ raw: ArraySlice<UInt8>) {
    var text = [UInt8](repeating: 0, count: UTF16Transcoder.capacity(for: raw.count))
    let n = text.withUnsafeMutableBytes { output in
      raw.withUnsafeBytes { transcoder?.transcode($0, into: output) ?? 0 }
    }
    ahead += text[..<n]
  }

  private func readDecoded(into output: UnsafeMutableRawBufferPointer) throws(LogFileError) -> Int {
    if let error = pending {
      pending = nil
      ended = true
      inputStart = inputEnd
      throw error
    }
    guard let decoder else {
      if ended { return 0 }
      return try readRaw(output)
    }
    guard !output.isEmpty else { return 0 }
    while true {
      if inputStart == inputEnd, !ended {
        inputStart = 0
        inputEnd = 0
        inputEnd = try readRaw(UnsafeMutableRawBufferPointer(rebasing: input[..<Self.inputCapacity]))
      }
      let waiting = UnsafeRawBufferPointer(rebasing: input[inputStart..<inputEnd])
      let step: StreamDecoder.Step
      do throws(StreamDecoder.Fault) {
        step = try decoder.decode(waiting, into: output, atEnd: ended)
      } catch {
        ended = true
        inputStart = inputEnd
        throw LogFileError(.corrupt(compression, error.reason), path: path)
      }
      inputStart += step.consumed
      if step.produced > 0 { return step.produced }
      if step.consumed == 0, ended || inputStart < inputEnd {
        inputStart = inputEnd
        ended = true
        if !decoder.isComplete && !reportedTruncation {
          reportedTruncation = true
          throw LogFileError(.truncated(compression), path: path)
        }
        return 0
      }
    }
  }
  private var reportedTruncation = false

  private func readRaw(_ buffer: UnsafeMutableRawBufferPointer) throws(LogFileError) -> Int {
    do throws(LogFileError) { try wake() } catch {
      ended = true
      throw error
    }
    if size == nil {
      guard Self.awaitInput(descriptor) else {
        ended = true
        return 0
      }
    }
    let n = Self.fill(descriptor, buffer)
    guard n >= 0 else {
      ended = true
      throw LogFileError(.system("read", errno), path: path)
    }
    if n == 0 { ended = true }
    consumed += UInt64(n)
    return n
  }

  /// Waits until a pipe has something to read or has ended; false where Ctrl-C ends the wait. A blocking read of a silent
  /// pipe could not be interrupted from another thread.
  private static func awaitInput(_ descriptor: Int32) -> Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&poller, 1, 200) <= 0 {
      if pipesMayEnd.load(ordering: .relaxed) { return false }
    }
    return true
  }

  private static func fill(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let n = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if n >= 0 || errno != EINTR { return n }
    }
  }
}
