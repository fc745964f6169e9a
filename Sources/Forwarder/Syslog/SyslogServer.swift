// The sockets that syslog comes through, on a thread of their own: libevent's loop, its buffers, and TLS by OpenSSL.

import Bytes
import CEvent
import COpenSSL
import Configuration
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

struct SyslogError: Error, CustomStringConvertible { var description: String }

/// What one listener is told.
struct SyslogListenerSettings: Sendable {
  var listener: SyslogListener
  /// Number of the pipeline's source.
  var origin: Int
  var certificateFile = ""
  var keyFile = ""
  var clientAuthorityFile = ""
}

/// Listens from its start to `stop`.
final class SyslogServer: Sendable {
  private let loop: SyslogLoop
  private let thread: Mutex<pthread_t?>
  /// The port of each listener, in order; 0 for a unix socket.
  let ports: [UInt16]

  init(_ listeners: [SyslogListenerSettings], intake: Intake, maxLine: Int) throws(SyslogError) {
    loop = try SyslogLoop(intake: intake, maxLine: maxLine)
    var ports: [UInt16] = []
    do throws(SyslogError) {
      for settings in listeners { ports.append(try loop.listen(settings)) }
    } catch {
      loop.close()
      throw error
    }
    self.ports = ports
    var made = pthread_t()
    let context = Unmanaged.passRetained(loop).toOpaque()
    let status = pthread_create(&made, nil, { runSyslogLoop($0) }, context)
    guard status == 0 else {
      Unmanaged<SyslogLoop>.fromOpaque(context).release()
      loop.close()
      throw SyslogError(description: "cannot start a thread: \(String(cString: strerror(status)))")
    }
    thread = Mutex(made)
  }

  /// Closes every socket. What was received stays in the intake.
  func stop() {
    guard
      let thread = thread.withLock({ thread -> pthread_t? in
        defer { thread = nil }
        return thread
      })
    else { return }
    loop.wake()
    pthread_join(thread, nil)
    loop.close()
  }

  deinit { stop() }
}

/// Everything but `wake` happens on the loop's thread, before that starts, or after it ended.
final class SyslogLoop: @unchecked Sendable {
  private let base: OpaquePointer
  let intake: Intake
  let maxLine: Int
  private var datagrams: [DatagramSocket] = []
  private var listeners: [StreamListener] = []
  private var connections: [ObjectIdentifier: SyslogConnection] = [:]
  private var sweeper: OpaquePointer?

  /// Connections at a time, of all listeners; how long one may be silent, and take to agree on TLS.
  static let mostConnections = 1024
  static let silence = 600
  static let handshake = 10

  init(intake: Intake, maxLine: Int) throws(SyslogError) {
    evthread_use_pthreads()
    event_set_log_callback { _, _ in }
    guard let base = event_base_new() else { throw SyslogError(description: "cannot make an event loop") }
    (self.base, self.intake, self.maxLine) = (base, intake, maxLine)
    let context = Unmanaged.passUnretained(self).toOpaque()
    sweeper = event_new(base, -1, Int16(EV_PERSIST), { _, _, context in sweepSyslog(context) }, context)
    var interval = timeval(tv_sec: 0, tv_usec: 100_000)
    event_add(sweeper, &interval)
  }

  func run() { event_base_dispatch(base) }
  func wake() { event_base_loopexit(base, nil) }

  func close() {
    for listener in listeners { listener.close() }
    for socket in datagrams { socket.close() }
    for connection in connections.values { connection.close() }
    (listeners, datagrams, connections) = ([], [], [:])
    if let sweeper { event_free(sweeper) }
    sweeper = nil
    event_base_free(base)
  }

  func listen(_ settings: SyslogListenerSettings) throws(SyslogError) -> UInt16 {
    switch settings.listener {
    case .udp(let host, let port):
      let descriptor = try bound(host, port, SOCK_DGRAM)
      datagrams.append(DatagramSocket(descriptor, base, self, settings.origin, path: nil))
      return portNumber(descriptor)
    case .unix(let path):
      datagrams.append(DatagramSocket(try unixSocket(path), base, self, settings.origin, path: path))
      return 0
    case .tcp(let host, let port):
      let descriptor = try bound(host, port, SOCK_STREAM)
      listeners.append(try StreamListener(descriptor, base, self, settings.origin, tls: nil))
      return portNumber(descriptor)
    case .tls(let host, let port):
      let context = try TLSContext(settings)
      let descriptor = try bound(host, port, SOCK_STREAM)
      listeners.append(try StreamListener(descriptor, base, self, settings.origin, tls: context))
      return portNumber(descriptor)
    }
  }

  func accept(_ descriptor: Int32, _ sender: SenderKey, tls: TLSContext?) {
    guard intake.openConnection(most: Self.mostConnections) else {
      Glibc.close(descriptor)
      return
    }
    guard let connection = SyslogConnection(descriptor, base, self, sender, tls) else {
      Glibc.close(descriptor)
      intake.closeConnection()
      return
    }
    connections[ObjectIdentifier(connection)] = connection
  }

  func end(_ connection: SyslogConnection) {
    guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
    connection.close()
    intake.closeConnection()
  }

  /// Streams that waited for room are read on.
  func sweep() {
    guard intake.hasRoom else { return }
    for connection in connections.values where connection.isWaiting { connection.readOn() }
  }
}

/// A socket of datagrams: what finds no room is lost, and counted.
final class DatagramSocket {
  private let descriptor: Int32
  private unowned let loop: SyslogLoop
  private let origin: Int
  private let path: String?
  private var event: OpaquePointer?
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(_ descriptor: Int32, _ base: OpaquePointer, _ loop: SyslogLoop, _ origin: Int, path: String?) {
    (self.descriptor, self.loop, self.origin, self.path) = (descriptor, loop, origin, path)
    event = event_new(
      base, descriptor, Int16(EV_READ) | Int16(EV_PERSIST), { _, _, context in receiveDatagrams(context) },
      Unmanaged.passUnretained(self).toOpaque())
    event_add(event, nil)
  }

  func close() {
    if let event { event_free(event) }
    event = nil
    Glibc.close(descriptor)
    if let path { unlink(path) }
  }

  /// As many as wait, but no more than a few hundred at a time: other sockets want their turn.
  func receive() {
    for _ in 0..<256 {
      var address = sockaddr_storage()
      var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let n = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sender in
          buffer.withUnsafeMutableBytes { recvfrom(descriptor, $0.baseAddress, $0.count, 0, sender, &size) }
        }
      }
      guard n >= 0 else { return }
      var end = n
      while end > 0, buffer[end - 1] == 0x0a || buffer[end - 1] == 0x0d || buffer[end - 1] == 0 { end -= 1 }
      if end == 0 { continue }
      if end > loop.maxLine {
        loop.intake.countOverlong(1)
        continue
      }
      _ = loop.intake.offer(buffer[..<end], from: SenderKey(address, origin: origin))
    }
  }
}

/// Accepts connections.
final class StreamListener {
  private let listener: OpaquePointer
  private unowned let loop: SyslogLoop
  private let origin: Int
  private let tls: TLSContext?

  init(
    _ descriptor: Int32, _ base: OpaquePointer, _ loop: SyslogLoop, _ origin: Int, tls: TLSContext?
  ) throws(SyslogError) {
    (self.loop, self.origin, self.tls) = (loop, origin, tls)
    let flags = UInt32(LEV_OPT_CLOSE_ON_FREE) | UInt32(LEV_OPT_CLOSE_ON_EXEC)
    guard let listener = evconnlistener_new(base, nil, nil, flags, 128, descriptor) else {
      Glibc.close(descriptor)
      throw SyslogError(description: "cannot listen")
    }
    self.listener = listener
    evconnlistener_set_cb(
      listener, { _, descriptor, address, _, context in acceptSyslog(descriptor, address, context) },
      Unmanaged.passUnretained(self).toOpaque())
  }

  func close() { evconnlistener_free(listener) }

  func accept(_ descriptor: Int32, _ address: UnsafeMutablePointer<sockaddr>?) {
    loop.accept(descriptor, SenderKey(address, origin: origin), tls: tls)
  }
}

/// One client. What finds no room waits in the socket: the client is slowed down, and nothing is lost.
final class SyslogConnection {
  private var socket: OpaquePointer?
  private unowned let loop: SyslogLoop
  private let sender: SenderKey
  private var framing: SyslogFraming
  /// Messages that were cut and have found no room yet.
  private var waiting: [[UInt8]] = []
  private var hasEnded = false

  var isWaiting: Bool { !waiting.isEmpty }

  init?(_ descriptor: Int32, _ base: OpaquePointer, _ loop: SyslogLoop, _ sender: SenderKey, _ tls: TLSContext?) {
    (self.loop, self.sender) = (loop, sender)
    framing = SyslogFraming(limit: loop.maxLine)
    let flags = Int32(BEV_OPT_CLOSE_ON_FREE.rawValue)
    if let tls {
      guard let session = SSL_new(tls.raw) else { return nil }
      guard
        let made = bufferevent_openssl_socket_new(base, descriptor, session, BUFFEREVENT_SSL_ACCEPTING, flags)
      else {
        SSL_free(session)
        return nil
      }
      socket = made
    } else {
      guard let made = bufferevent_socket_new(base, descriptor, flags) else { return nil }
      socket = made
    }
    bufferevent_setcb(
      socket, { _, context in readSyslog(context) }, nil, { _, events, context in endSyslog(events, context) },
      Unmanaged.passUnretained(self).toOpaque())
    // A client that is slow to agree on TLS, or silent, does not keep its place.
    var time = timeval(tv_sec: tls == nil ? SyslogLoop.silence : SyslogLoop.handshake, tv_usec: 0)
    bufferevent_set_timeouts(socket, &time, nil)
    bufferevent_setwatermark(socket, Int16(EV_READ), 0, 64 << 10)
    bufferevent_enable(socket, Int16(EV_READ))
  }

  func close() {
    if let socket { bufferevent_free(socket) }
    socket = nil
  }

  func handle(_ events: Int16) {
    if events & Int16(BEV_EVENT_CONNECTED) != 0 {
      var time = timeval(tv_sec: SyslogLoop.silence, tv_usec: 0)
      bufferevent_set_timeouts(socket, &time, nil)
      return
    }
    readOn()
    framing.end { waiting.append($0) }
    hasEnded = true
    readOn()
  }

  func readOn() {
    guard let socket else { return }
    while true {
      while let next = waiting.first {
        guard loop.intake.offer(next, from: sender, counts: false) else {
          bufferevent_disable(socket, Int16(EV_READ))
          return
        }
        waiting.removeFirst()
      }
      guard let input = bufferevent_get_input(socket) else { return }
      var bytes = [UInt8](repeating: 0, count: min(evbuffer_get_length(input), 16 << 10))
      if bytes.isEmpty { break }
      let n = bytes.withUnsafeMutableBytes { evbuffer_remove(input, $0.baseAddress, $0.count) }
      guard n > 0 else { break }
      let before = framing.overlong
      framing.take(Array(bytes[..<Int(n)])) { waiting.append($0) }
      loop.intake.countOverlong(framing.overlong - before)
    }
    if hasEnded { loop.end(self) } else { bufferevent_enable(socket, Int16(EV_READ)) }
  }
}

/// Certificates of a listener.
final class TLSContext {
  let raw: OpaquePointer

  init(_ settings: SyslogListenerSettings) throws(SyslogError) {
    guard let raw = SSL_CTX_new(TLS_server_method()) else { throw SyslogError(description: "TLS: \(Self.reason)") }
    self.raw = raw
    _ = openssl_set_minimum_tls12(raw)
    guard SSL_CTX_use_certificate_chain_file(raw, settings.certificateFile) == 1 else {
      throw SyslogError(description: "\(settings.certificateFile): no certificate can be read: \(Self.reason)")
    }
    guard SSL_CTX_use_PrivateKey_file(raw, settings.keyFile, SSL_FILETYPE_PEM) == 1,
      SSL_CTX_check_private_key(raw) == 1
    else { throw SyslogError(description: "\(settings.keyFile): not the certificate's private key: \(Self.reason)") }
    if !settings.clientAuthorityFile.isEmpty {
      guard SSL_CTX_load_verify_locations(raw, settings.clientAuthorityFile, nil) == 1 else {
        throw SyslogError(description: "\(settings.clientAuthorityFile): no certificates can be read: \(Self.reason)")
      }
      SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
  }

  deinit { SSL_CTX_free(raw) }

  private static var reason: String {
    var text = [CChar](repeating: 0, count: 256)
    _ = openssl_last_error(&text, text.count)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

// MARK: Sockets

extension SenderKey {
  init(_ address: sockaddr_storage, origin: Int) {
    var address = address
    self = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { SenderKey($0, origin: origin) }
    }
  }

  init(_ address: UnsafeMutablePointer<sockaddr>?, origin: Int) {
    self.init(origin: origin, high: 0, low: 0)
    guard let address else { return }
    let bytes = UnsafeRawPointer(address)
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      low = 0xffff_0000_0000 | UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    case AF_INET6:
      high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    default: break
    }
  }
}

private func bound(_ host: String, _ port: UInt16, _ kind: __socket_type) throws(SyslogError) -> Int32 {
  var hints = addrinfo()
  hints.ai_family = AF_UNSPEC
  hints.ai_socktype = Int32(kind.rawValue)
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
  var found: UnsafeMutablePointer<addrinfo>?
  let place = "\(host):\(port)"
  let status = getaddrinfo(host.isEmpty ? nil : host, "\(port)", &hints, &found)
  guard status == 0 else {
    throw SyslogError(description: "cannot listen at \(place): \(String(cString: gai_strerror(status)))")
  }
  defer { freeaddrinfo(found) }
  var reason: Int32 = 0
  var next = found
  while let address = next {
    next = address.pointee.ai_next
    let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype | flags, 0)
    guard descriptor >= 0 else {
      reason = errno
      continue
    }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var room: Int32 = 8 << 20
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
    if bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
      kind.rawValue == SOCK_DGRAM.rawValue || Glibc.listen(descriptor, 128) == 0
    {
      return descriptor
    }
    reason = errno
    close(descriptor)
  }
  throw SyslogError(description: "cannot listen at \(place): \(String(cString: strerror(reason)))")
}

/// A datagram socket at a path. What a program before this one left there goes; what a program listens at does not.
private func unixSocket(_ path: String) throws(SyslogError) -> Int32 {
  let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
  let descriptor = socket(AF_UNIX, kind, 0)
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { room in
    for (i, byte) in path.utf8.prefix(room.count - 1).enumerated() { room[i] = byte }
  }
  let size = socklen_t(MemoryLayout<sockaddr_un>.size)
  func call(_ function: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { function($0, size) }
    }
  }
  guard descriptor >= 0 else { throw SyslogError(description: "\(path): \(String(cString: strerror(errno)))") }
  if call({ bind(descriptor, $0, $1) }) == 0 { return descriptor }
  if errno == EADDRINUSE, call({ connect(descriptor, $0, $1) }) != 0, errno == ECONNREFUSED {
    unlink(path)
    if call({ bind(descriptor, $0, $1) }) == 0 { return descriptor }
  } else {
    errno = EADDRINUSE
  }
  let reason = String(cString: strerror(errno))
  close(descriptor)
  throw SyslogError(description: "cannot listen at \(path): \(reason)")
}

private func portNumber(_ descriptor: Int32) -> UInt16 {
  var address = sockaddr_storage()
  var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
  return withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
    return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
  }
}

// Callbacks of C, as free functions: each context is an object that outlives its socket.

private func runSyslogLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<SyslogLoop>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}
private func sweepSyslog(_ context: UnsafeMutableRawPointer?) {
  if let context { Unmanaged<SyslogLoop>.fromOpaque(context).takeUnretainedValue().sweep() }
}
private func receiveDatagrams(_ context: UnsafeMutableRawPointer?) {
  if let context { Unmanaged<DatagramSocket>.fromOpaque(context).takeUnretainedValue().receive() }
}
private func acceptSyslog(
  _ descriptor: Int32, _ address: UnsafeMutablePointer<sockaddr>?, _ context: UnsafeMutableRawPointer?
) {
  if let context { Unmanaged<StreamListener>.fromOpaque(context).takeUnretainedValue().accept(descriptor, address) }
}
private func readSyslog(_ context: UnsafeMutableRawPointer?) {
  if let context { Unmanaged<SyslogConnection>.fromOpaque(context).takeUnretainedValue().readOn() }
}
private func endSyslog(_ events: Int16, _ context: UnsafeMutableRawPointer?) {
  guard let context else { return }
  // It may end with the last reference: kept until the call is over.
  let connection = Unmanaged<SyslogConnection>.fromOpaque(context).takeUnretainedValue()
  withExtendedLifetime(connection) { connection.handle(events) }
}
