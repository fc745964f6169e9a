// The clients of one zone, newest use first, in bounded memory.

import Bytes

/// Profiles by address with least-recently-used eviction.
///
/// Open addressing with linear probing over slots of one array; the order of use is a linked list through the slots.
/// `profile(for:)` is O(1) on average. At most `limit` profiles of `MemoryLayout<ClientProfile>.stride` bytes are held;
/// memory grows with the clients there are. The result depends on the order of calls alone.
public struct ClientRegistry: Sendable {
  public private(set) var profiles: [ClientProfile] = []
  private(set) var older: [Int32] = []
  private var newer: [Int32] = []
  /// Upper half: of the address's hash, so that a search looks at a profile only where it is the one. Lower half: the
  /// slot + 1; 0 is an empty cell.
  private var table: [UInt64]
  private var mask: Int
  private let hash: KeyedHash
  private let limit: Int
  private(set) var newest: Int32 = -1
  private(set) var oldest: Int32 = -1
  private var free: [Int32] = []
  /// Clients forgotten because the registry was full.
  public internal(set) var evicted: UInt64 = 0
  /// What of it has been saved.
  var journal = RegistryJournal()

  public init(limit: Int, seed: UInt64 = 0x5eed_c11e_7715) {
    self.limit = max(limit, 1)
    hash = KeyedHash(key: seed)
    table = [UInt64](repeating: 0, count: 64)
    mask = 63
  }

  public var count: Int { profiles.count - free.count }

  /// The slot of a client that is known, or nil.
  public func find(_ address: IPAddress) -> Int? { find(address, hash: hash.hash(address.high, address.low)) }

  @inline(__always)
  private func find(_ address: IPAddress, hash: UInt64) -> Int? {
    var i = Int(truncatingIfNeeded: hash) & mask
    while table[i] != 0 {
      if (table[i] ^ hash) >> 32 == 0, profiles[Self.slot(of: table[i])].address == address {
        return Self.slot(of: table[i])
      }
      i = (i &+ 1) & mask
    }
    return nil
  }

  /// Has the processor fetch the cell where a search for this client begins.
  @inline(__always)
  func prefetchCell(of address: IPAddress) {
    table.withUnsafeBufferPointer { cells in
      if let base = cells.baseAddress { prefetch(base + home(address)) }
    }
  }

  /// Has the processor fetch the profile that this client's cell leads to.
  @inline(__always)
  func prefetchProfile(of address: IPAddress) {
    let cell = table[home(address)]
    if cell == 0 { return }
    profiles.withUnsafeBufferPointer { profiles in
      guard let base = profiles.baseAddress else { return }
      let start = UnsafeRawPointer(base + Self.slot(of: cell))
      for offset in stride(from: 0, to: MemoryLayout<ClientProfile>.stride, by: 64) { prefetch(start + offset) }
    }
  }

  @inline(__always)
  private static func slot(of cell: UInt64) -> Int { Int(truncatingIfNeeded: cell & 0xffff_ffff) &- 1 }

  /// The slot of a client, made when it is new, and marked as just used.
  public mutating func slot(for address: IPAddress, at time: Nanoseconds) -> Int {
    if let slot = find(address) {
      if newest != Int32(slot) {
        unlink(slot)
        link(slot)
      } else if journal.saved == Int32(slot) {
        journal.saved = older[slot]
      }
      return slot
    }
    if count >= limit, oldest >= 0 {
      remove(Int(oldest))
      evicted &+= 1
    }
    let slot: Int
    if let reused = free.popLast() {
      slot = Int(reused)
      profiles[slot] = ClientProfile(address: address, firstSeen: time)
    } else {
      slot = profiles.count
      profiles.append(ClientProfile(address: address, firstSeen: time))
      older.append(-1)
      newer.append(-1)
      if profiles.count * 2 > table.count { grow() }
    }
    insert(slot)
    link(slot)
    return slot
  }

  /// Changes a profile in place.
  @inline(__always)
  public mutating func update<R>(_ slot: Int, _ body: (inout ClientProfile) -> R) -> R { body(&profiles[slot]) }

  /// The same for one that was not just used.
  public mutating func amend<R>(_ slot: Int, _ body: (inout ClientProfile) -> R) -> R {
    journal.note(profiles[slot].address)
    return body(&profiles[slot])
  }

  /// Forgets the clients last seen before `time`. O(forgotten).
  public mutating func expire(before time: Nanoseconds) {
    while oldest >= 0, profiles[Int(oldest)].lastSeen < time { remove(Int(oldest)) }
  }

  /// Forgets the longest unused until there are no more than `most`, and gives back what memory that leaves over.
  /// O(forgotten), and O(clients) where it gives back.
  mutating func trim(to most: Int) {
    while count > max(most, 1), oldest >= 0 {
      remove(Int(oldest))
      evicted &+= 1
    }
    if profiles.count > 2 * count + 64 { compact() }
  }

  /// Moves the profiles together, in their order of use.
  private mutating func compact() {
    var order: [Int] = []
    order.reserveCapacity(count)
    var i = oldest
    while i >= 0 {
      order.append(Int(i))
      i = newer[Int(i)]
    }
    let saved = order.firstIndex(of: Int(journal.saved))
    profiles = order.map { profiles[$0] }
    older = order.indices.map { Int32($0) - 1 }
    newer = order.indices.map { $0 + 1 < order.count ? Int32($0) + 1 : -1 }
    free = []
    (oldest, newest) = (order.isEmpty ? -1 : 0, Int32(order.count) - 1)
    journal.saved = saved.map { Int32($0) } ?? -1
    var cells = 64
    while cells < 2 * order.count { cells *= 2 }
    table = [UInt64](repeating: 0, count: cells)
    mask = cells - 1
    for slot in order.indices { insert(slot) }
  }

  /// Calls `body` with every profile, the most recently used first: a defined order.
  public func forEach(_ body: (ClientProfile) -> Void) {
    var i = newest
    while i >= 0 {
      body(profiles[Int(i)])
      i = older[Int(i)]
    }
  }

  private func home(_ address: IPAddress) -> Int {
    Int(truncatingIfNeeded: hash.hash(address.high, address.low)) & mask
  }

  private mutating func insert(_ slot: Int) {
    let address = profiles[slot].address
    let hash = hash.hash(address.high, address.low)
    var i = Int(truncatingIfNeeded: hash) & mask
    while table[i] != 0 { i = (i &+ 1) & mask }
    table[i] = hash & 0xffff_ffff_0000_0000 | UInt64(truncatingIfNeeded: slot &+ 1)
  }

  private mutating func grow() {
    table = [UInt64](repeating: 0, count: table.count * 2)
    mask = table.count - 1
    // The slot just appended is inserted by the caller.
    var i = newest
    while i >= 0 {
      insert(Int(i))
      i = older[Int(i)]
    }
  }

  private mutating func link(_ slot: Int) {
    older[slot] = newest
    newer[slot] = -1
    if newest >= 0 { newer[Int(newest)] = Int32(slot) }
    newest = Int32(slot)
    if oldest < 0 { oldest = Int32(slot) }
  }

  private mutating func unlink(_ slot: Int) {
    if journal.saved == Int32(slot) { journal.saved = older[slot] }
    let (before, after) = (newer[slot], older[slot])
    if before >= 0 { older[Int(before)] = after } else { newest = after }
    if after >= 0 { newer[Int(after)] = before } else { oldest = before }
  }

  /// Takes a client out; the cells after it move back so that no search breaks off early (Knuth, 6.4, algorithm R).
  mutating func remove(_ slot: Int) {
    unlink(slot)
    var i = home(profiles[slot].address)
    while Self.slot(of: table[i]) != slot { i = (i &+ 1) & mask }
    var gap = i
    i = (i &+ 1) & mask
    while table[i] != 0 {
      let wanted = home(profiles[Self.slot(of: table[i])].address)
      if (i &- wanted) & mask >= (i &- gap) & mask {
        table[gap] = table[i]
        gap = i
      }
      i = (i &+ 1) & mask
    }
    table[gap] = 0
    free.append(Int32(slot))
  }
}
