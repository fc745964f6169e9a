// An event of a batch as the rules see it.

import Bytes
import CapnProto
import Events

extension FieldView {
  /// Borrows the event's bytes. What most lines do not have is only looked at where it is there.
  /// - Throws: When a pointer of the event leads out of the message.
  @_lifetime(copy event)
  public init(_ event: borrowing HttpEvent) throws(WireError) {
    let target = try event.target
    let userAgent = try event.userAgent
    let referrer = try event.referrer
    let host = try event.host
    if event.hasExtra {
      let extra = try event.extra
      self.init(
        target: target, userAgent: userAgent, referrer: referrer, host: host, cookie: try extra.cookie,
        body: try extra.body, contentType: try extra.contentType, remoteUser: try extra.remoteUser,
        methodText: try extra.methodText)
      requestBytes = extra.requestBytes
      port = extra.serverPort
    } else {
      self.init(target: target, userAgent: userAgent, referrer: referrer, host: host)
    }
    time = event.time
    method = event.method
    protocolVersion = event.`protocol`
    client = IPAddress(high: event.clientHigh, low: event.clientLow)
    status = event.status
    bytes = event.bytes
    duration = event.duration
  }
}
