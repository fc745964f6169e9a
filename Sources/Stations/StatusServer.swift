// /metrics and /health over HTTP: libevent's evhttp on a thread of its own.
//
// evhttp bounds the size of a request and the silence in it, but neither how many connections there are nor how long
// one that says a byte now and then may last. Both are bounded here: the sockets are made here, remembered, and shut
// down when their time is over; while there are too many, no more are accepted.

import CEvent
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Why a server could not start: an address that is wrong or taken.
public struct StatusServerError: Error, Sendable, CustomStringConvertible {
  public var description: String
}

public final class StatusServer: Sendable {
  /// The port it listens at: the one that was asked for, or the one that the system chose for port 0.
  public let port: UInt16
  private let loop: StatusLoop
  private let thread: Mutex<pthread_t?>

  /// Listens and answers from now on.
  /// - Parameter listen: `HOST:PORT`; a host in brackets is IPv6, an empty one every address.
  public init(listen: String, metrics: Metrics, health: Health) throws(StatusServerError) {
    let socket = try listeningSocket(listen)
    port = portNumber(of: socket)
    loop = try StatusLoop(socket: socket, pages: StatusPages(metrics: metrics, health: health))
    var made = pthread_t()
    let context = Unmanaged.passRetained(loop).toOpaque()
    let status = pthread_create(&made, nil, { runStatusLoop($0) }, context)
    guard status == 0 else {
      Unmanaged<StatusLoop>.fromOpaque(context).release()
      loop.close()
      throw StatusServerError(description: "cannot start a thread: \(String(cString: strerror(status)))")
    }
    thread = Mutex(made)
  }

  /// Ends the thread, closes every connection and the socket. Does nothing the second time.
  public func stop() {
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

/// The event loop and what it holds. Everything but `wake` happens on the loop's thread, or before it starts and after
/// it ended: that is what makes it sendable.
final class StatusLoop: @unchecked Sendable {
  private let base: OpaquePointer
  private let http: OpaquePointer
  private let listener: OpaquePointer
  private var sweeper: OpaquePointer?
  private let pages: StatusPages
  private var connections: [(socket: OpaquePointer, opened: Int64)] = []
  private var isAccepting = true

  /// Connections at a time (and what waits in the socket's queue, which libevent takes in one go), and how long one
  /// may last.
  static let most = 64
  static let lifetime: Int64 = 10_000_000_000
  static let silence: Int32 = 5

  init(socket: Int32, pages: StatusPages) throws(StatusServerError) {
    evthread_use_pthreads()
    // libevent's own words would stand between the log's lines.
    event_set_log_callback { _, _ in }
    guard let base = event_base_new(), let http = evhttp_new(base),
      let bound = evhttp_accept_socket_with_handle(http, socket),
      let listener = evhttp_bound_socket_get_listener(bound)
    else {
      Glibc.close(socket)
      throw StatusServerError(description: "cannot make an event loop")
    }
    (self.base, self.http, self.listener, self.pages) = (base, http, listener, pages)
    evhttp_set_timeout(http, Self.silence)
    evhttp_set_max_headers_size(http, 8 << 10)
    evhttp_set_max_body_size(http, 8 << 10)
    let methods = [
      EVHTTP_REQ_GET, EVHTTP_REQ_HEAD, EVHTTP_REQ_POST, EVHTTP_REQ_PUT, EVHTTP_REQ_DELETE, EVHTTP_REQ_OPTIONS,
      EVHTTP_REQ_TRACE, EVHTTP_REQ_CONNECT, EVHTTP_REQ_PATCH,
    ]
    // All are let in, to be told which are not.
    evhttp_set_allowed_methods(http, UInt16(truncatingIfNeeded: methods.reduce(0) { $0 | $1.rawValue }))
    let context = Unmanaged.passUnretained(self).toOpaque()
    evhttp_set_gencb(http, { answerRequest($0, $1) }, context)
    evhttp_set_bevcb(http, { makeConnection($0, $1) }, context)
    sweeper = event_new(base, -1, Int16(EV_PERSIST), { _, _, context in sweepConnections(context) }, context)
    var interval = timeval(tv_sec: 0, tv_usec: 250_000)
    event_add(sweeper, &interval)
  }

  func run() { event_base_dispatch(base) }

  /// From any thread: evthread_use_pthreads has made this call safe.
  func wake() { event_base_loopexit(base, nil) }

  func close() {
    if let sweeper { event_free(sweeper) }
    evhttp_free(http)
    for connection in connections { bufferevent_free(connection.socket) }
    connections = []
    event_base_free(base)
  }

  /// A connection's socket, held once more than evhttp does, so that it can be looked at until it is over.
  func connection() -> OpaquePointer? {
    if connections.count >= Self.most { sweep() }
    guard let socket = bufferevent_socket_new(base, -1, Int32(BEV_OPT_CLOSE_ON_FREE.rawValue)) else { return nil }
    bufferevent_incref(socket)
    connections.append((socket, StationClock.monotonic))
    if connections.count >= Self.most, isAccepting {
      isAccepting = false
      evconnlistener_disable(listener)
    }
    return socket
  }

  /// Lets go of sockets that evhttp is done with (it takes its callbacks off), and shuts down those whose time is over.
  func sweep() {
    let now = StationClock.monotonic
    connections.removeAll { connection in
      var reads: bufferevent_data_cb?
      var events: bufferevent_event_cb?
      bufferevent_getcb(connection.socket, &reads, nil, &events, nil)
      if reads == nil, events == nil {
        bufferevent_decref(connection.socket)
        return true
      }
      let descriptor = bufferevent_getfd(connection.socket)
      if now &- connection.opened > Self.lifetime, descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RDWR)) }
      return false
    }
    if !isAccepting, connections.count < Self.most {
      isAccepting = true
      evconnlistener_enable(listener)
    }
  }

  func answer(_ request: OpaquePointer) {
    let method = evhttp_request_get_command(request)
    let isHead = method == EVHTTP_REQ_HEAD
    let path = evhttp_request_get_evhttp_uri(request).flatMap { evhttp_uri_get_path($0) }.map { String(cString: $0) }
    let answer = pages.answer(isGetOrHead: isHead || method == EVHTTP_REQ_GET, path: path ?? "")
    let headers = evhttp_request_get_output_headers(request)
    evhttp_add_header(headers, "Content-Type", answer.contentType)
    evhttp_add_header(headers, "Connection", "close")
    evhttp_add_header(headers, "Cache-Control", "no-store")
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff")
    if answer.allow { evhttp_add_header(headers, "Allow", "GET, HEAD") }
    var body = answer.body
    body.withUTF8 { bytes in
      evhttp_add_header(headers, "Content-Length", "\(bytes.count)")
      let buffer = evbuffer_new()
      if !isHead { evbuffer_add(buffer, bytes.baseAddress, bytes.count) }
      evhttp_send_reply(request, answer.status, answer.reason, buffer)
      evbuffer_free(buffer)
    }
  }
}

// Callbacks of C, as free functions: the context is the loop, which outlives its thread.

private func runStatusLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<StatusLoop>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}

private func answerRequest(_ request: OpaquePointer?, _ context: UnsafeMutableRawPointer?) {
  guard let request, let context else { return }
  Unmanaged<StatusLoop>.fromOpaque(context).takeUnretainedValue().answer(request)
}

private func makeConnection(_ base: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> OpaquePointer? {
  context.flatMap { Unmanaged<StatusLoop>.fromOpaque($0).takeUnretainedValue().connection() }
}

private func sweepConnections(_ context: UnsafeMutableRawPointer?) {
  if let context { Unmanaged<StatusLoop>.fromOpaque(context).takeUnretainedValue().sweep() }
}
