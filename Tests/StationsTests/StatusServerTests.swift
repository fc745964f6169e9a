import Testing

@testable import Stations

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.serialized) struct StatusServerTests {
  let metrics = Metrics()
  let health = Health()

  func server() throws -> StatusServer { try StatusServer(listen: "127.0.0.1:0", metrics: metrics, health: health) }

  @Test func thePagesAreThere() throws {
    let server = try server()
    defer { server.stop() }
    metrics.counter("millrace_test_x_total", "X.").add(3)
    let page = RawClient.get("/metrics", port: server.port)
    #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n") && page.contains("text/plain; version=0.0.4"))
    #expect(page.httpBody.contains("\nmillrace_test_x_total 3\n"))
    #expect(RawClient.get("/metrics?a=b", port: server.port).httpBody == page.httpBody)
    #expect(RawClient.get("/nothing", port: server.port).hasPrefix("HTTP/1.1 404 "))
    #expect(RawClient.get("/", port: server.port).hasPrefix("HTTP/1.1 404 "))
  }

  @Test func healthNamesTheChecksThatFail() throws {
    let server = try server()
    defer { server.stop() }
    health.fail("kafka", "no \"broker\"\u{1b}")
    let page = RawClient.get("/health/ready", port: server.port)
    #expect(page.hasPrefix("HTTP/1.1 503 "))
    #expect(page.httpBody == #"{"status":"fail","failing":{"kafka":"no \"broker\"\u001b"}}"# + "\n")
    #expect(RawClient.get("/health/live", port: server.port).hasPrefix("HTTP/1.1 200 "))
    health.pass("kafka")
    #expect(RawClient.get("/health/ready", port: server.port).httpBody == "{\"status\":\"pass\",\"failing\":{}}\n")
    health.beat("loop", within: -1)
    #expect(RawClient.get("/health/live", port: server.port).hasPrefix("HTTP/1.1 503 "))
  }

  @Test func onlyGetAndHeadAreAnswered() throws {
    let server = try server()
    defer { server.stop() }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
      let page = RawClient.get("/metrics", port: server.port, method: method)
      #expect(page.hasPrefix("HTTP/1.1 405 ") && page.contains("Allow: GET, HEAD\r\n"), "\(method)")
    }
    #expect(RawClient.get("/metrics", port: server.port, method: "BREW").hasPrefix("HTTP/1.1 501 "))
    let head = RawClient.get("/health/live", port: server.port, method: "HEAD")
    #expect(head.hasPrefix("HTTP/1.1 200 ") && head.contains("Content-Length: 31\r\n") && head.httpBody.isEmpty)
  }

  @Test func aTakenPortIsAClearError() throws {
    let server = try server()
    defer { server.stop() }
    let address = "127.0.0.1:\(server.port)"
    let error = #expect(throws: StatusServerError.self) {
      try StatusServer(listen: address, metrics: metrics, health: health)
    }
    #expect(error?.description.hasPrefix("cannot listen at \(address): Address already in use; another") == true)
    #expect(throws: StatusServerError.self) { try StatusServer(listen: "nowhere", metrics: metrics, health: health) }
    #expect(throws: StatusServerError.self) {
      try StatusServer(listen: "192.0.2.1:0", metrics: metrics, health: health)
    }
  }

  @Test func thePortIsFreeAfterStopping() throws {
    let server = try server()
    _ = RawClient.get("/metrics", port: server.port)
    server.stop()
    server.stop()
    let again = try StatusServer(listen: "127.0.0.1:\(server.port)", metrics: metrics, health: health)
    #expect(RawClient.get("/health/live", port: again.port).hasPrefix("HTTP/1.1 200 "))
    again.stop()
  }

  @Test func clientsThatSayHalfARequestBlockNobody() throws {
    let server = try server()
    defer { server.stop() }
    var slow: [RawClient] = []
    for index in 0..<40 {
      let client = RawClient(port: server.port)
      client.say(index % 2 == 0 ? "GET /metr" : "GET /metrics HTTP/1.1\r\nX: ")
      slow.append(client)
    }
    #expect(RawClient.get("/health/live", port: server.port).hasPrefix("HTTP/1.1 200 "))
    // They are let go of, and told nothing that hangs.
    for client in slow { #expect(!client.hear().hasPrefix("HTTP/1.1 200")) }
  }

  @Test func moreConnectionsThanAreServedAtOnceAreServedLater() throws {
    let server = try server()
    defer { server.stop() }
    let idle = (0..<(StatusLoop.most + 20)).map { _ in RawClient(port: server.port) }
    // Behind those, in the queue of the socket, until the silent ones' time is over.
    #expect(RawClient.get("/health/live", port: server.port).hasPrefix("HTTP/1.1 200 "))
    _ = idle
    // One after the other is no crowd.
    for _ in 0..<300 { #expect(RawClient.get("/health/live", port: server.port).hasPrefix("HTTP/1.1 200 ")) }
  }

  @Test func aClientThatDripsIsShutDownAfterAWhile() throws {
    let server = try server()
    defer { server.stop() }
    let client = RawClient(port: server.port)
    client.say("GET /metrics HTTP/1.1\r\nX: ")
    // A byte at a time, more often than silence is punished, until the server has had enough.
    var drops = 0
    while drops < 600, client.say("a") {
      drops += 1
      var descriptor = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&descriptor, 1, 100) > 0 { break }
    }
    #expect(drops < 600)
  }

  @Test func nonsenseDoesNotHurt() throws {
    let server = try server()
    defer { server.stop() }
    let long = String(repeating: "a", count: 20_000)
    for text in [
      "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET /\(long) HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n\r\n",
      "GET /metrics HTTP/1.1\r\nX: \(long)\r\n\r\n", "GET http://[::1 HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}",
      "POST /metrics HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "POST /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
      "GET /%00%ff%zz/..//metrics HTTP/1.1\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n",
    ] {
      let client = RawClient(port: server.port)
      client.say(text)
      shutdown(client.descriptor, Int32(SHUT_WR))
      #expect(!client.hear().hasPrefix("HTTP/1.1 200"), "\(text.prefix(60))")
    }
    #expect(RawClient.get("/health/live", port: server.port).hasPrefix("HTTP/1.1 200 "))
  }
}
