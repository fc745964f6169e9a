// What is answered to which request: pure, so that it can be tested without a socket.

struct StatusAnswer {
  var status: Int32
  var reason: String
  var contentType: String
  var body: String
  var allow = false
}

struct StatusPages: Sendable {
  let metrics: Metrics
  let health: Health

  /// - Parameter path: Without its query.
  func answer(isGetOrHead: Bool, path: String) -> StatusAnswer {
    guard isGetOrHead else {
      return StatusAnswer(
        status: 405, reason: "Method Not Allowed", contentType: "text/plain", body: "only GET and HEAD\n", allow: true)
    }
    switch path {
    case "/metrics":
      return StatusAnswer(
        status: 200, reason: "OK", contentType: "text/plain; version=0.0.4; charset=utf-8", body: metrics.exposition())
    case "/health/live": return health(failing: health.stuck)
    case "/health/ready": return health(failing: health.unready)
    default:
      return StatusAnswer(
        status: 404, reason: "Not Found", contentType: "text/plain",
        body: "not found; there are /metrics, /health/live and /health/ready\n")
    }
  }

  private func health(failing: [(name: String, reason: String)]) -> StatusAnswer {
    let checks = failing.map { "\(Escaping.json($0.name)):\(Escaping.json($0.reason))" }.joined(separator: ",")
    let passes = failing.isEmpty
    return StatusAnswer(
      status: passes ? 200 : 503, reason: passes ? "OK" : "Service Unavailable", contentType: "application/json",
      body: "{\"status\":\"\(passes ? "pass" : "fail")\",\"failing\":{\(checks)}}\n")
  }
}
