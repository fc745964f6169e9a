// Everybody who is under way on the site, in one reused array.

import Bytes

enum ActorKind: UInt8, Sendable { case visitor, app, crawler, monitor, download, staff }

/// What one client is in the middle of.
struct Actor: Sendable {
  var kind: ActorKind
  var address: IPAddress
  var userAgent: PoolSlice
  var host: Int = 0
  var httpVersion: UInt8 = 20
  /// Pages, calls or pieces left.
  var remaining: Int = 0
  /// Assets of the current page not yet asked for: bits 0 to 11 the site's, 12 to 19 pictures.
  var pending: UInt32 = 0
  /// The site's assets this client has.
  var cached: UInt32 = 0
  var page = Page(kind: .home)
  /// The page a form leads to.
  var next: PageKind?
  /// Where the client came from: 0 nowhere, 1 search engine, 2 social network, 3 advertisement or mail, 4 inside.
  var origin: UInt8 = 0
  /// The session's own bits: token, cursor, file.
  var bits: UInt64 = 0
  var step: Int = 0
}

/// Slots that are given back and used again.
struct ActorPool: Sendable {
  private(set) var slots: [Actor] = []
  private var free: [Int32] = []

  var active: Int { slots.count - free.count }

  mutating func add(_ actor: Actor) -> Int32 {
    if let slot = free.popLast() {
      slots[Int(slot)] = actor
      return slot
    }
    slots.append(actor)
    return Int32(slots.count - 1)
  }

  mutating func remove(_ slot: Int32) { free.append(slot) }

  subscript(slot: Int32) -> Actor {
    get { slots[Int(slot)] }
    set { slots[Int(slot)] = newValue }
  }
}
