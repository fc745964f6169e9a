// An HTTP server on loopback that answers as a test wants, badly too.

import KafkaTestSupport
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Each request is answered on a thread of its own; the server ends with the process, or at `stop`.
final class ListServer: Sendable {
  enum Answer: Sendable {
    case text(String)
    case bytes([UInt8])
    case status(Int)
    case redirect(String)
    /// The head, and then nothing more.
    case silence
    /// A byte now and then, for ever.
    case drip
    /// Lines without an end.
    case endless
    /// Headers without an end.
    case headers
    /// Says that more comes than comes.
    case cut
  }
  let port: Int
  private let listening: Int32
  private let answers = Mutex<[String: Answer]>([:])
  private let asked = Mutex<[String]>([])
  private let isStopped = Atomic<Bool>(false)

  struct NoPort: Error {}

  init() throws {
    signal(SIGPIPE, SIG_IGN)
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard socket >= 0, isBound else { throw NoPort() }
    listening = socket
    port = Int(UInt16(bigEndian: address.sin_port))
    detach { [self] in
      while true {
        let connection = accept(listening, nil, nil)
        if connection < 0 { return }
        detach { [self] in
          serve(connection)
          close(connection)
        }
      }
    }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    shutdown(listening, Int32(SHUT_RDWR))
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }
  subscript(path: String) -> Answer? {
    get { answers.withLock { $0[path] } }
    set { answers.withLock { $0[path] = newValue } }
  }
  func set(_ path: String, _ answer: Answer) { answers.withLock { $0[path] = answer } }
  /// Paths that were asked for.
  var requests: [String] { asked.withLock { $0 } }

  private func serve(_ connection: Int32) {
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let n = recv(connection, &buffer, buffer.count, 0)
      guard n > 0, head.count < 1 << 16 else { return }
      head += buffer[..<n]
    }
    let words = String(decoding: head, as: UTF8.self).split(separator: " ")
    let path = words.count > 1 ? String(words[1].dropFirst()) : ""
    asked.withLock { $0.append(path) }
    func say(_ status: String, _ more: String = "", _ body: [UInt8] = []) -> Bool {
      send(connection, Array("HTTP/1.1 \(status)\r\nConnection: close\r\n\(more)\r\n".utf8) + body)
    }
    switch self[path] ?? .status(404) {
    case .text(let text): _ = say("200 OK", "Content-Length: \(text.utf8.count)\r\n", Array(text.utf8))
    case .bytes(let bytes): _ = say("200 OK", "Content-Length: \(bytes.count)\r\n", bytes)
    case .status(let status): _ = say("\(status) No")
    case .redirect(let place): _ = say("302 Found", "Location: \(place)\r\nContent-Length: 0\r\n")
    case .silence:
      _ = say("200 OK")
      while !isStopped.load(ordering: .relaxed), recv(connection, &buffer, 1, 0) > 0 {}
    case .drip:
      guard say("200 OK") else { return }
      while !isStopped.load(ordering: .relaxed), send(connection, [0x31]) { usleep(20_000) }
    case .endless:
      guard say("200 OK") else { return }
      let lines = Array(String(repeating: "192.0.2.1\n", count: 1_000).utf8)
      while !isStopped.load(ordering: .relaxed), send(connection, lines) {}
    case .headers:
      guard send(connection, Array("HTTP/1.1 200 OK\r\n".utf8)) else { return }
      let lines = Array((0..<100).map { "X-\($0): \(String(repeating: "x", count: 100))\r\n" }.joined().utf8)
      while !isStopped.load(ordering: .relaxed), send(connection, lines) {}
    case .cut: _ = say("200 OK", "Content-Length: 1000\r\n", Array("192.0.2.1\n".utf8))
    }
  }

  private func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let n = bytes[sent...].withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if n <= 0 { return false }
      sent += n
    }
    return true
  }
}

private func detach(_ body: @escaping @Sendable () -> Void) {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Box(body)).toOpaque()
  pthread_create(
    &thread, nil,
    { context in
      guard let context else { return nil }
      Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
      return nil
    }, box)
  pthread_detach(thread)
}
