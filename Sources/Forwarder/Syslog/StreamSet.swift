// The engine's side of sockets and pipes: a lane for each sender.

import Bytes
import Configuration
import Events

#if canImport(Glibc)
  import Glibc
#endif

/// Belongs to the engine's thread.
final class StreamSet {
  private let intake: Intake
  private let host: String
  /// What tells a source of the pipeline from others, by number: its id, or its address.
  private let names: [Int: String]
  private let limits: ClockLimits
  private var saved: [UInt64: SavedSource] = [:]
  private var lanes: [SenderKey: Lane] = [:]

  /// Senders of one listener that are sources of their own; those that come later share one.
  static let mostSenders = 1024

  init(intake: Intake, host: String, names: [Int: String], saved: [SavedSource], limits: ClockLimits) {
    (self.intake, self.host, self.names, self.limits) = (intake, host, names, limits)
    for source in saved where source.kind == .stream { self.saved[source.id] = source }
  }

  /// Hands what has come to the lanes; `add` is given lanes that are new.
  func collect(now: Int64, add: (Lane) -> Void) {
    for (sender, lines) in intake.take() {
      let lane = lane(of: sender, now, add)
      (lane.text as? QueuedText)?.append(lines.span.bytes)
      lane.isAtEnd = false
      if lane.unreadSince == nil { lane.unreadSince = now }
    }
  }

  /// The lane of a sender, made where there is none.
  func lane(of sender: SenderKey, _ now: Int64, _ add: (Lane) -> Void) -> Lane {
    if let lane = lanes[sender] { return lane }
    var key = sender
    if lanes.keys.count(where: { $0.origin == sender.origin }) >= Self.mostSenders {
      key = SenderKey(origin: sender.origin, high: 0, low: 0, isOther: true)
      if let lane = lanes[key] { return lane }
    }
    let name = names[sender.origin] ?? ""
    let who = key.isOther ? "others" : key.high == 0 && key.low == 0 ? "" : "\(IPAddress(high: key.high, low: key.low))"
    let hash = KeyedHash(key: 0x7374_7265_616d)
    let id = hash.hash(hash.hash(host), hash.hash(hash.hash(name), hash.hash(who)))
    let lane: Lane
    let path = who.isEmpty ? name : "\(name)#\(who)"
    if let known = saved.removeValue(forKey: id) {
      lane = Lane(saved: known, origin: sender.origin, limits: limits, now: now)
    } else {
      lane = Lane(kind: .stream, id: id, origin: sender.origin, path: path, limits: limits, now: now)
    }
    lane.text = QueuedText(at: lane.position.offset)
    lanes[key] = lane
    add(lane)
    return lane
  }
}

/// Standard input, read as it comes and as there is room.
final class StandardInput {
  private let descriptor: Int32
  private let lane: Lane
  private let limit: Int
  private(set) var hasEnded = false
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  init(descriptor: Int32 = 0, lane: Lane, limit: Int) {
    (self.descriptor, self.lane, self.limit) = (descriptor, lane, limit)
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
  }

  /// What to poll for input; -1 while there is no room, or nothing follows.
  var pollDescriptor: Int32 { hasEnded || !hasRoom ? -1 : descriptor }
  private var queue: QueuedText? { lane.text as? QueuedText }
  private var hasRoom: Bool { (queue?.count ?? 0) < limit }

  /// Takes what is there.
  func collect(now: Int64) {
    guard let queue, !hasEnded else { return }
    while hasRoom {
      let n = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if n < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return }
      }
      if n <= 0 {
        hasEnded = true
        queue.isClosed = true
        lane.isAtEnd = false
        lane.unreadSince = 1
        return
      }
      let text = Array(buffer[..<n])
      queue.append(text.span.bytes)
      lane.isAtEnd = false
      if lane.unreadSince == nil { lane.unreadSince = now }
    }
  }

  /// Everything was read and committed.
  var isDone: Bool { hasEnded && lane.isAtEnd && !lane.isTouched }
}
