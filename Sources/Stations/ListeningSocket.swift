// A TCP socket that listens, or a clear word on why not.

import Configuration

#if canImport(Glibc)
  import Glibc
#endif

/// - Parameter listen: `HOST:PORT`; an empty host means every address.
func listeningSocket(_ listen: String) throws(StatusServerError) -> Int32 {
  guard let (host, port) = hostAndPort(listen) else {
    throw StatusServerError(description: "'\(listen)' is no address; write HOST:PORT, such as 127.0.0.1:9464")
  }
  var hints = addrinfo()
  hints.ai_family = AF_UNSPEC
  hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
  var found: UnsafeMutablePointer<addrinfo>?
  let status = getaddrinfo(host.isEmpty ? nil : host, "\(port)", &hints, &found)
  guard status == 0, let first = found else {
    throw StatusServerError(description: "cannot listen at \(listen): \(String(cString: gai_strerror(status)))")
  }
  defer { freeaddrinfo(found) }
  var reason: Int32 = 0
  var next: UnsafeMutablePointer<addrinfo>? = first
  while let address = next {
    next = address.pointee.ai_next
    let kind = address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.pointee.ai_family, kind, address.pointee.ai_protocol)
    guard descriptor >= 0 else {
      reason = errno
      continue
    }
    // What a program before this one left in TIME_WAIT does not count; a program that listens does.
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    if bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, Glibc.listen(descriptor, 32) == 0 {
      return descriptor
    }
    reason = errno
    close(descriptor)
  }
  let advice = reason == EADDRINUSE ? "; another program has it: choose another status.listen" : ""
  throw StatusServerError(description: "cannot listen at \(listen): \(String(cString: strerror(reason)))\(advice)")
}

/// The port a socket is bound to.
func portNumber(of descriptor: Int32) -> UInt16 {
  var address = sockaddr_storage()
  var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
  return withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
    // The port is at the same place for IPv4 and IPv6, in network order.
    return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
  }
}
