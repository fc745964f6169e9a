// Syslog through real sockets on loopback.

import Configuration
import Foundation
import Testing

@testable import Forwarder

struct SyslogTests {
  private static func messages(_ chunks: [String], limit: Int = 1000) -> (messages: [String], overlong: Int) {
    var framing = SyslogFraming(limit: limit)
    var messages: [String] = []
    for chunk in chunks { framing.take(Array(chunk.utf8)) { messages.append(String(decoding: $0, as: UTF8.self)) } }
    framing.end { messages.append(String(decoding: $0, as: UTF8.self)) }
    return (messages, framing.overlong)
  }

  @Test func messagesAreCutByCountsAndByLineEnds() {
    #expect(
      Self.messages(["5 <1>ab<2>cd\r\n9 <3>a\nb\n c<4>end"]).messages == ["<1>ab", "<2>cd", "<3>a\nb\n c", "<4>end"])
    #expect(
      Self.messages(["2016-02-20 no count\n", "<5>x\0<6>y\n"]).messages == ["2016-02-20 no count", "<5>x", "<6>y"])
  }

  @Test func theCutsOfReadsChangeNothing() {
    let text = "5 <1>ab<2>cd\r\n9 <3>a\nb\n c<4>end\n12 <5>123456789<6>\n"
    let whole = Self.messages([text]).messages
    for n in 1..<8 {
      let bytes = Array(text)
      let chunks = stride(from: 0, to: bytes.count, by: n).map { String(bytes[$0..<min($0 + n, bytes.count)]) }
      #expect(Self.messages(chunks).messages == whole)
    }
  }

  @Test func messagesPastTheLimitAreLetGoOfAndTheNextIsRead() {
    let long = String(repeating: "x", count: 500)
    let read = Self.messages(["500 \(long)3 <1>4 <22><\(long)\n<3>ok\n"], limit: 20)
    #expect(read.messages == ["<1>", "<22>", "<3>ok"])
    #expect(read.overlong == 2)
  }

  private func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }

  private func connect(_ port: UInt16, _ kind: __socket_type) -> Int32 {
    let descriptor = socket(AF_INET, Int32(kind.rawValue), 0)
    var address = address(port)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
    }
    #expect(code == 0)
    return descriptor
  }

  private func send(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let n = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if n <= 0 { return }
      done += n
    }
  }

  /// Takes lines until there are `count` that begin so, for at most two minutes; those alone.
  private func collect(_ intake: Intake, _ count: Int, beginning prefix: String = "") -> [String] {
    var lines: [String] = []
    let deadline = ContinuousClock.now + .seconds(120)
    while lines.count < count, ContinuousClock.now < deadline {
      for (_, bytes) in intake.take() {
        let all = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        lines += all.filter { prefix.isEmpty || $0.hasPrefix(prefix) }
        intake.release(bytes.count)
      }
      usleep(2000)
    }
    return lines
  }

  @Test func linesComeThroughUDPAndTCPAndAUnixSocket() throws {
    let intake = Intake(limit: 1 << 20)
    let path = NSTemporaryDirectory() + "/millrace-\(getpid())-\(UInt32.random(in: 0...(.max))).sock"
    let server = try SyslogServer(
      [
        SyslogListenerSettings(listener: .udp(host: "127.0.0.1", port: 0), origin: 0),
        SyslogListenerSettings(listener: .tcp(host: "127.0.0.1", port: 0), origin: 1),
        SyslogListenerSettings(listener: .unix(path: path), origin: 2),
      ], intake: intake, maxLine: 1000)
    defer { server.stop() }
    let udp = connect(server.ports[0], SOCK_DGRAM)
    send("<13>by datagram\n", to: udp)
    let tcp = connect(server.ports[1], SOCK_STREAM)
    send("<13>by line\n13 <13>by count\n<13>last", to: tcp)
    close(tcp)
    let unix = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { room in
      for (i, byte) in path.utf8.enumerated() { room[i] = byte }
    }
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(unix, "<13>by file", 11, 0, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    let lines = collect(intake, 5)
    #expect(
      Set(lines) == ["<13>by datagram", "<13>by line", "<13>by count", "<13>last", "<13>by file"])
    close(udp)
    close(unix)
    server.stop()
    #expect(access(path, F_OK) != 0)
  }

  @Test func aStreamThatFindsNoRoomWaitsAndADatagramIsDroppedAndCounted() throws {
    let intake = Intake(limit: 20_000)
    let server = try SyslogServer(
      [
        SyslogListenerSettings(listener: .tcp(host: "127.0.0.1", port: 0), origin: 0),
        SyslogListenerSettings(listener: .udp(host: "127.0.0.1", port: 0), origin: 1),
      ], intake: intake, maxLine: 1000)
    defer { server.stop() }
    let tcp = connect(server.ports[0], SOCK_STREAM)
    let text = (0..<5000).map { "<13>line \($0) of many that do not find room all at once\n" }.joined()
    let writer = Thread { [self] in
      send(text, to: tcp)
      close(tcp)
    }
    writer.start()
    while intake.counts.held < 19_000 { usleep(1000) }
    let udp = connect(server.ports[1], SOCK_DGRAM)
    while intake.counts.dropped < 3 {
      send("<13>" + String(repeating: "d", count: 900), to: udp)
      usleep(1000)
    }
    close(udp)
    // A datagram may have found the last room: it is a line too.
    let lines = collect(intake, 5000, beginning: "<13>line")
    #expect(lines.count == 5000)
    #expect(lines == (0..<5000).map { "<13>line \($0) of many that do not find room all at once" })
  }

  @Test func linesComeThroughTLSAndAClientWithoutItDoesNot() throws {
    let folder = NSTemporaryDirectory() + "/millrace-tls-\(getpid())-\(UInt32.random(in: 0...(.max)))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = system(
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout \(folder)/key.pem "
        + "-out \(folder)/cert.pem >/dev/null 2>&1")
    try #require(made == 0)
    let intake = Intake(limit: 1 << 20)
    let server = try SyslogServer(
      [
        SyslogListenerSettings(
          listener: .tls(host: "127.0.0.1", port: 0), origin: 0, certificateFile: folder + "/cert.pem",
          keyFile: folder + "/key.pem")
      ], intake: intake, maxLine: 1000)
    defer { server.stop() }
    let plain = connect(server.ports[0], SOCK_STREAM)
    send("<13>in the clear\n", to: plain)
    let status = system(
      "(printf '<13>secret\\n11 <13>counted'; sleep 1) | timeout 20 openssl s_client -quiet -no_ign_eof -connect "
        + "127.0.0.1:\(server.ports[0]) -CAfile \(folder)/cert.pem >/dev/null 2>&1")
    _ = status
    #expect(collect(intake, 2) == ["<13>secret", "<13>counted"])
    close(plain)
    #expect(throws: SyslogError.self) {
      _ = try SyslogServer(
        [
          SyslogListenerSettings(
            listener: .tls(host: "127.0.0.1", port: 0), origin: 0, certificateFile: folder + "/key.pem",
            keyFile: folder + "/cert.pem")
        ], intake: intake, maxLine: 1000)
    }
  }
}
