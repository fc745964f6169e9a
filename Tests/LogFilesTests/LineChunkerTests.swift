import Bytes
import Testing

@testable import LogFiles

@Suite struct LineChunkerTests {
  let scratch = Scratch()

  struct Piece: Equatable {
    var number: UInt64
    var offset: UInt64
    var text: [UInt8]
    var overlong: UInt64?
    var hash: UInt64?
  }

  func pieces(_ paths: [String], chunk: Int = 4096, maxLine: Int = 1000, readSize: Int = .max) throws -> [Piece] {
    var chunker = LineChunker(chunkSize: chunk, maxLine: maxLine, readSize: readSize)
    let piece = TextChunk()
    var result: [Piece] = []
    for path in paths {
      let reader = try LogReader(path: path)
      chunker.startFile()
      while try chunker.next(from: reader, into: piece) {
        result.append(
          Piece(
            number: piece.number, offset: piece.fileOffset, text: piece.bytes.copied(),
            overlong: piece.overlong?.length, hash: piece.overlong?.hash))
      }
    }
    return result
  }

  @Test func piecesAreWholeLinesAndTogetherTheFile() throws {
    let text = Array(lines(5000).utf8)
    let cut = try pieces([scratch.file("a", text)])
    #expect(cut.flatMap(\.text) == text)
    #expect(cut.allSatisfy { $0.text.last == 0x0a })
    #expect(cut.map(\.number) == Array(0..<UInt64(cut.count)))
  }

  @Test(arguments: [1, 7, 100, 4096, 5000, 100_000])
  func theSizeOfReadsMovesNoCut(_ readSize: Int) throws {
    let path = scratch.file("a", lines(1000) + String(repeating: "y", count: 3000) + "\n" + lines(500) + "no end")
    #expect(try pieces([path], readSize: readSize) == pieces([path]))
  }

  @Test func aLineBelongsToTheChunkItsStartIsIn() throws {
    let text = lines(3000)
    let numbers = try pieces([scratch.file("a", text)])
    for piece in numbers {
      var offset = piece.offset
      for line in piece.text.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast() {
        #expect(offset / 4096 == piece.number)
        offset += UInt64(line.count + 1)
      }
    }
  }

  @Test func filesThatContinueASourceKeepItsChunkNumbers() throws {
    let text = lines(3000).split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\n" }.dropLast()
    let whole = try pieces([scratch.file("whole", text.joined())])
    let parts = [text[..<700], text[700..<701], text[701..<2222], text[2222...]].enumerated().map {
      scratch.file("part\($0.offset)", $0.element.joined())
    }
    let split = try pieces(parts)
    var joined: [UInt64: [UInt8]] = [:]
    for piece in split { joined[piece.number, default: []] += piece.text }
    #expect(whole.allSatisfy { joined[$0.number] == $0.text })
    #expect(joined.count == whole.count)
  }

  @Test func anOverlongLineLeavesItsHeadLengthAndHash() throws {
    let long = [UInt8](repeating: 0x61, count: 300_000)
    let before = Array(lines(10).utf8)
    let after = Array(lines(200).utf8)
    for readSize in [1000, 4096, 1 << 20] {
      let cut = try pieces([scratch.file("a", before + long + [0x0a] + after)], readSize: readSize)
      #expect(cut[0].text == before)
      #expect(cut[0].overlong == 300_000)
      #expect(cut[0].hash == OverlongLine.hash(long.span.bytes))
      #expect(cut[1].offset == UInt64(before.count + long.count + 1))
      #expect(cut.dropFirst().flatMap(\.text) == after)
    }
  }

  @Test(arguments: [65_535, 65_536, 65_537, 131_072, 131_073])
  func anOverlongLastLineWithoutAnEndIsCountedWhole(_ length: Int) throws {
    let long = [UInt8](repeating: 0x62, count: length)
    let cut = try pieces([scratch.file("a", long)])
    #expect(cut.count == 1)
    #expect(cut[0].overlong == UInt64(length))
    #expect(cut[0].hash == OverlongLine.hash(long.span.bytes))
  }

  @Test func aLastLineWithoutAnEndIsKept() throws {
    let cut = try pieces([scratch.file("a", "one\ntwo")])
    #expect(cut.map(\.text) == [Array("one\ntwo".utf8)])
  }

  @Test func anEmptyFileHasNoPieces() throws {
    #expect(try pieces([scratch.file("a", "")]).isEmpty)
  }

  @Test func aFaultComesAfterTheTextBeforeIt() throws {
    let plain = scratch.file("plain", lines(20_000))
    let cut = "\(scratch.path)/cut.gz"
    run("gzip -c < \(plain) | head -c 40000 > \(cut)")
    var chunker = LineChunker()
    let piece = TextChunk()
    let reader = try LogReader(path: cut)
    var bytes = 0
    #expect(throws: LogFileError(.truncated(.gzip), path: cut)) {
      while try chunker.next(from: reader, into: piece) { bytes += piece.bytes.byteCount }
    }
    #expect(bytes > 50_000)
  }
}
