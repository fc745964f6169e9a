import Testing

@testable import LogFiles

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct LogReaderTests {
  let scratch = Scratch()
  let text = lines(30_000)

  @Test(arguments: [
    ("gzip -c", Compression.gzip), ("zstd -q -c", .zstd), ("xz -c", .xz), ("bzip2 -c", .bzip2), ("cat", .none),
  ])
  func eachCompressionIsToldByItsContentAndReadWhole(_ tool: String, _ compression: Compression) throws {
    let plain = scratch.file("plain", text)
    let packed = "\(scratch.path)/misnamed.txt"
    guard run("\(tool) < \(plain) > \(packed)") == 0 else { return }
    for readSize in [1000, 65_536, 1_000_000] {
      let reader = try LogReader(path: packed)
      #expect(reader.compression == compression)
      let (bytes, fault) = readAll(reader, readSize: readSize)
      #expect(fault == nil)
      #expect(bytes == Array(text.utf8))
    }
  }

  @Test(arguments: ["gzip -c", "zstd -q -c", "xz -c", "bzip2 -c"])
  func membersOneAfterAnotherAreOneText(_ tool: String) throws {
    let a = scratch.file("a", lines(5))
    let b = scratch.file("b", text)
    let packed = "\(scratch.path)/joined"
    guard run("(\(tool) < \(a); \(tool) < \(b); \(tool) < \(a)) > \(packed)") == 0 else { return }
    let (bytes, fault) = readAll(try LogReader(path: packed))
    #expect(fault == nil)
    #expect(bytes == Array((lines(5) + text + lines(5)).utf8))
  }

  @Test(arguments: [("gzip -c", Compression.gzip), ("zstd -q -c", .zstd), ("xz -c", .xz), ("bzip2 -c", .bzip2)])
  func aTruncatedFileGivesWhatItHoldsAndThenSaysSo(_ tool: String, _ compression: Compression) throws {
    let plain = scratch.file("plain", text + text)
    let whole = "\(scratch.path)/whole"
    let cut = "\(scratch.path)/cut"
    guard run("\(tool) < \(plain) > \(whole) && head -c $(($(wc -c < \(whole)) * 3 / 4)) \(whole) > \(cut)") == 0 else {
      return
    }
    let (bytes, fault) = readAll(try LogReader(path: cut))
    #expect(fault == LogFileError(.truncated(compression), path: cut))
    #expect(fault?.isPartial == true)
    #expect(Array((text + text).utf8).starts(with: bytes))
    if compression != .bzip2 { #expect(bytes.count > 100_000) }
  }

  @Test(arguments: ["gzip -c", "xz -c", "cat"])
  func aFileThatRestsIsReadOnWhereItWasLeft(_ tool: String) throws {
    let plain = scratch.file("plain", text)
    let packed = "\(scratch.path)/packed"
    guard run("\(tool) < \(plain) > \(packed)") == 0 else { return }
    let reader = try LogReader(path: packed)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 70_001)
    while true {
      reader.rest()
      let n = try piece.withUnsafeMutableBytes { try reader.read(into: $0) }
      if n == 0 { break }
      bytes += piece[..<n]
    }
    #expect(bytes == Array(text.utf8))
  }

  @Test func aFileThatIsAnotherAfterItsRestIsNotReadOn() throws {
    let path = scratch.file("plain", text)
    let reader = try LogReader(path: path)
    var piece = [UInt8](repeating: 0, count: 1000)
    _ = try piece.withUnsafeMutableBytes { try reader.read(into: $0) }
    reader.rest()
    run("mv \(path) \(path).1 && cp \(path).1 \(path)")
    #expect(readAll(reader).1?.isPartial == true)
  }

  @Test func aFollowedFileThatWasRefilledPastItsOldEndIsReadFromItsBegin() {
    let path = scratch.file("access.log", "first\nsecond\n")
    let reader = TailReader(path: path)
    let chunk = TextChunk()
    func next() -> String {
      switch reader.next(into: chunk) {
      case .piece: String(decoding: chunk.bytes.copied(), as: UTF8.self)
      case .idle: "idle"
      case .rotated: "rotated"
      }
    }
    #expect(next() == "first\nsecond\n")
    #expect(next() == "idle")
    run("printf 'third\\n' >> \(path)")
    #expect(next() == "third\n")
    // The same file, truncated and longer than it was.
    run("printf 'one that is rather longer\\nand one more\\n' > \(path)")
    #expect(next() == "rotated")
    #expect(next() == "one that is rather longer\nand one more\n")
    #expect(next() == "idle")
  }

  @Test func aDamagedGzipSaysSo() throws {
    let plain = scratch.file("plain", text)
    let packed = "\(scratch.path)/packed.gz"
    run("gzip -c < \(plain) > \(packed)")
    run("printf 'XXXXXXXXXXXXXXXX' | dd of=\(packed) bs=1 seek=20000 conv=notrunc 2>/dev/null")
    let (_, fault) = readAll(try LogReader(path: packed))
    guard case .corrupt(.gzip, _) = fault?.kind else {
      Issue.record("\(String(describing: fault))")
      return
    }
  }

  @Test func paddingAfterAGzipIsIgnored() throws {
    let plain = scratch.file("plain", lines(3))
    let packed = "\(scratch.path)/packed.gz"
    run("(gzip -c < \(plain); head -c 1000 /dev/zero) > \(packed)")
    let (bytes, fault) = readAll(try LogReader(path: packed))
    #expect(fault == nil)
    #expect(bytes == Array(lines(3).utf8))
  }

  @Test(arguments: [
    ("FF FE", true), ("", true), ("FE FF", false), ("", false),
  ])
  func utf16IsReadAsUTF8(_ mark: String, _ little: Bool) throws {
    let content = "GET /\u{e4}/\u{20ac}/\u{1f600} plain ascii follows here\nsecond line\n"
    let ascii = "first line is ascii, as log lines are: 192.0.2.1 - - [01/Jan/2020:00:00:00 +0000]\n"
    let whole = ascii + ascii + ascii + ascii + content
    var bytes: [UInt8] = mark.split(separator: " ").map { UInt8($0, radix: 16)! }
    for unit in whole.utf16 {
      let (low, high) = (UInt8(unit & 255), UInt8(unit >> 8))
      bytes += little ? [low, high] : [high, low]
    }
    let reader = try LogReader(path: scratch.file("wide", bytes))
    #expect(reader.encoding == (little ? .utf16LittleEndian : .utf16BigEndian))
    #expect(readAll(reader, readSize: 7).bytes == Array(whole.utf8))
  }

  @Test func aByteOrderMarkIsNoText() throws {
    let reader = try LogReader(path: scratch.file("marked", [0xef, 0xbb, 0xbf] + Array("line\n".utf8)))
    #expect(readAll(reader).bytes == Array("line\n".utf8))
  }

  @Test func nulBytesAreBytes() throws {
    let content: [UInt8] = Array("abc\0def\n\0\0\0\0\n".utf8) + [UInt8](repeating: 0, count: 5000)
    let reader = try LogReader(path: scratch.file("nul", content))
    #expect(reader.encoding == .bytes)
    #expect(readAll(reader).bytes == content)
  }

  @Test func peekingTakesNothing() throws {
    let reader = try LogReader(path: scratch.file("peeked", text))
    let head = reader.peek(70_000) { $0.copied() }
    #expect(head.count >= 70_000)
    #expect(Array(text.utf8).starts(with: head))
    #expect(readAll(reader).bytes == Array(text.utf8))
  }

  @Test func anEmptyFileIsEmpty() throws {
    #expect(readAll(try LogReader(path: scratch.file("empty", ""))).bytes.isEmpty)
  }

  @Test func aMissingFileADirectoryAndAForbiddenFileAreNamed() throws {
    #expect(throws: LogFileError(.missing, path: "/nowhere/at/all")) { try LogReader(path: "/nowhere/at/all") }
    #expect(throws: LogFileError(.directory, path: scratch.path)) { try LogReader(path: scratch.path) }
    if getuid() != 0 {
      let path = scratch.file("secret", "x")
      chmod(path, 0)
      #expect(throws: LogFileError(.permission, path: path)) { try LogReader(path: path) }
    }
  }

  @Test func aFileDeletedWhileReadIsReadToItsEnd() throws {
    let path = scratch.file("vanishing", text)
    let reader = try LogReader(path: path)
    unlink(path)
    #expect(readAll(reader).bytes == Array(text.utf8))
  }

  @Test func aFileThatGrowsIsReadOn() throws {
    let path = scratch.file("growing", lines(10))
    let reader = try LogReader(path: path)
    run("echo more >> \(path)")
    #expect(readAll(reader).bytes == Array((lines(10) + "more\n").utf8))
  }

  @Test func aFileTruncatedWhileReadEndsThere() throws {
    let path = scratch.file("shrinking", text)
    let reader = try LogReader(path: path)
    truncate(path, 1000)
    let (bytes, fault) = readAll(reader)
    #expect(fault == nil)
    #expect(Array(text.utf8).starts(with: bytes))
    #expect(reader.shrank)
  }
}

@Suite struct InputFilesTests {
  let scratch = Scratch()

  @Test func aPatternGivesItsMatchesByName() throws {
    for name in ["b.log", "a.log", "c.txt"] { _ = scratch.file(name, "x") }
    run("mkdir \(scratch.path)/d.log")
    #expect(try InputFiles.expand(["\(scratch.path)/*.log"]) == ["a.log", "b.log"].map { "\(scratch.path)/\($0)" })
  }

  @Test func aFileNamedTwiceIsReadOnce() throws {
    let path = scratch.file("a.log", "x")
    #expect(try InputFiles.expand([path, "\(scratch.path)/a*", "\(scratch.path)/./a.log"]) == [path])
  }

  @Test func aNameThatLooksLikeAPatternIsTakenLiterally() throws {
    let path = scratch.file("a[1].log", "x")
    #expect(try InputFiles.expand([path]) == [path])
  }

  @Test func whatMatchesNothingIsAnError() throws {
    let pattern = "\(scratch.path)/*.log"
    #expect(throws: LogFileError(.noMatch, path: pattern)) { try InputFiles.expand([pattern]) }
    #expect(throws: LogFileError(.directory, path: scratch.path)) { try InputFiles.expand([scratch.path]) }
  }
}
