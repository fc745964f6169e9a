// Lists from servers that mean no good, or are broken.

import Testing

@testable import ListKeeper

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.serialized) final class FetchTests {
  private let server: ListServer
  private let fetcher: ListFetcher

  init() throws {
    server = try ListServer()
    fetcher = try ListFetcher(program: "test")
  }

  deinit { server.stop() }

  private func fetch(
    _ path: String, milliseconds: Int = 120_000, limit: Int = 1 << 20, isStopping: @escaping () -> Bool = { false }
  ) throws -> String {
    String(
      decoding: try fetcher.fetch(
        server.url(path), name: "list", authorityFile: "", milliseconds: milliseconds, limit: limit,
        isStopping: isStopping), as: UTF8.self)
  }

  private func reason(_ fetch: () throws -> String) -> String {
    do {
      return "none: \(try fetch().prefix(100))"
    } catch {
      return "\(error)"
    }
  }

  @Test func aListComesAsItIsAndFromWhereItHasMovedTo() throws {
    server.set("a", .text("192.0.2.1\n"))
    server.set("moved", .redirect("/a"))
    #expect(try fetch("a") == "192.0.2.1\n")
    #expect(try fetch("moved") == "192.0.2.1\n")
  }

  @Test func aCompressedListIsUnpackedAndNoFurtherThanItsLimit() throws {
    // `printf '192.0.2.1\n' | gzip -n`
    let small: [UInt8] = [
      31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 51, 180, 52, 210, 51, 208, 51, 210, 51, 228, 2, 0, 156, 194, 177, 138, 10, 0, 0,
      0,
    ]
    server.set("small", .bytes(small))
    #expect(try fetch("small") == "192.0.2.1\n")
    let many = (0..<50_000).flatMap { _ in small }
    server.set("bomb", .bytes(Array(many)))
    // 1.5 MB packed, 500 kB unpacked: members one after another, as gzip allows.
    #expect(try fetch("bomb", limit: 4 << 20).utf8.count == 500_000)
    #expect(reason { try fetch("bomb", limit: 1 << 20) }.contains("longer than"))
    // Packed it is short enough, but not unpacked.
    let lines = try Self.packedLines()
    server.set("lines", .bytes(lines))
    let told = reason { try fetch("lines", limit: 1 << 20) }
    #expect((100..<(1 << 20)).contains(lines.count) && !told.hasPrefix("none"), "\(told)")
    server.set("cut.gz", .bytes(Array(small.prefix(20))))
    #expect(!reason { try fetch("cut.gz") }.hasPrefix("none"))
  }

  /// 16 MiB that `gzip` makes small.
  private static func packedLines() throws -> [UInt8] {
    let pipe = try #require(popen("yes 192.0.2.1 | head -c 16777216 | gzip -n", "r"))
    defer { pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let n = fread(&bytes, 1, bytes.count, pipe)
    return Array(bytes[..<n])
  }

  @Test func aServerThatSendsWithoutAnEndIsLeft() throws {
    server.set("endless", .endless)
    #expect(reason { try fetch("endless") } == "the list is longer than 1048576 bytes")
    server.set("headers", .headers)
    #expect(!reason { try fetch("headers", milliseconds: 1_000) }.hasPrefix("none"))
  }

  @Test func aServerThatIsSlowOrSilentIsLeftWhenTimeIsUp() throws {
    for answer in [ListServer.Answer.silence, .drip] {
      server.set("slow", answer)
      #expect(reason { try fetch("slow", milliseconds: 300) }.contains("Timeout"))
    }
  }

  @Test func whoEndsTheProgramNeedNotWaitForAServer() throws {
    server.set("slow", .drip)
    #expect(reason { try fetch("slow", milliseconds: 60_000, isStopping: { true }) }.contains("aborted"))
  }

  @Test func nothingButHTTPIsFollowed() throws {
    for place in ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "scp://127.0.0.1/x"] {
      server.set("away", .redirect(place))
      #expect(!reason { try fetch("away") }.hasPrefix("none"), "\(place)")
    }
    server.set("loop", .redirect("/loop"))
    #expect(!reason { try fetch("loop") }.hasPrefix("none"))
    #expect(server.requests.filter { $0 == "loop" }.count <= 4)
    #expect(throws: (any Error).self) {
      try fetcher.fetch(
        "file:///etc/passwd", name: "list", authorityFile: "", milliseconds: 1_000, limit: 1_000, isStopping: { false })
    }
  }

  @Test func anAnswerThatIsNoListIsAnError() throws {
    #expect(reason { try fetch("missing") } == "the server answers 404")
    server.set("cut", .cut)
    #expect(!reason { try fetch("cut") }.hasPrefix("none"))
    server.set("busy", .status(503))
    #expect(reason { try fetch("busy") }.contains("503"))
  }

  @Test func errorsDoNotTellTheKeyInAnAddress() throws {
    server.set("list?key=secret", .bytes([31, 139, 8, 9, 9, 9, 9, 9]))
    #expect(!reason { try fetch("list?key=secret") }.contains("secret"))
    server.set("list?key=secret", .redirect("file:///secret"))
    #expect(!reason { try fetch("list?key=secret") }.contains("key"))
  }
}
