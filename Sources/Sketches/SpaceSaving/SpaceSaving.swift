// The most frequent keys of a stream in bounded memory, each with a lower and an upper bound.
//
// SpaceSaving (Metwally, Agrawal, El Abbadi 2005) evicts the smallest entry on every new key. Evicting
// in bulk is the same sketch in its Misra-Gries form and takes O(1) amortised without a heap: Anderson
// et al. 2017, 'A high-performance algorithm for identifying frequent items in data streams'.

import Bytes

/// Counts of keys (bytes) with bounds.
///
/// **Error.** For every key, `lower <= true weight <= upper`. Up to `2 * capacity` distinct keys all counts are
/// exact. Beyond, `upper - lower <= floor <= total / capacity`, and a key that is not held weighs at most `floor`;
/// so a key heavier than `total / capacity` is always held.
///
/// **Merging** (Agarwal et al. 2012, 'Mergeable summaries') keeps these bounds, with `floor` at most the summed total
/// over `capacity`, in any order. Below the point of eviction the result doesn't depend on the order; past it which
/// light keys are held does.
public struct SpaceSaving: ~Copyable, Sendable {
  public struct Entry: BitwiseCopyable, Sendable {
    public var hash: UInt64
    /// Weight counted since the key was last taken in: the lower bound.
    public var lower: UInt64
    /// Weight that it may have had before; `lower + error` is the upper bound.
    public var error: UInt64
    /// Two sums that the caller carries along with the key (such as bytes and failures); lower bounds.
    public var first: UInt64
    public var second: UInt64
    public var keyOffset: UInt32
    public var keyCount: UInt16
    /// Whatever the caller has found out about the key once.
    public var mark: UInt16

    @inlinable @inline(__always) public var upper: UInt64 { lower.saturatingAdd(error) }
  }

  /// Entries kept by an eviction; twice as many are held at most.
  public private(set) var capacity: Int
  /// Longest key kept; longer ones are counted by their hash and cut.
  public let keyLimit: Int
  /// Upper bound of the weight of any key that is not held.
  public internal(set) var floor: UInt64
  public var total: UInt64 { weight }
  @usableFromInline var weight: UInt64
  /// Entries evicted so far.
  public internal(set) var evictions: UInt64
  @usableFromInline var entries: FlatArray<Entry>
  @usableFromInline var index: HashIndex
  @usableFromInline var keys: ByteBuffer
  var scratch: FlatArray<UInt64>

  /// `capacity` from 1 on; memory is taken as keys come, at most about `capacity * (130 + 2 * length of a key)` bytes.
  public init(capacity: Int, keyLimit: Int = 256) {
    self.capacity = max(1, capacity)
    self.keyLimit = min(max(keyLimit, 0), Int(UInt16.max))
    floor = 0
    weight = 0
    evictions = 0
    entries = FlatArray()
    index = HashIndex()
    keys = ByteBuffer(capacity: 16)
    scratch = FlatArray()
  }

  /// Changes how many entries an eviction keeps; none happens before the next new key.
  public mutating func setCapacity(_ capacity: Int) { self.capacity = max(1, capacity) }

  @inlinable public var count: Int { @inline(__always) get { entries.count } }
  /// True while every count is exact.
  @inlinable public var isExact: Bool { floor == 0 }
  /// Bytes of memory held.
  public var footprint: Int {
    entries.capacity * MemoryLayout<Entry>.stride + index.footprint + keys.count + scratch.capacity * 8
  }

  /// Entry by number, 0..<count, in no particular order.
  @inlinable
  public subscript(entry: Int) -> Entry { @inline(__always) get { entries[entry] } }

  /// Key of an entry, cut to `keyLimit`.
  @inlinable
  @_lifetime(borrow self)
  public func key(_ entry: Int) -> RawSpan {
    let held = entries[entry]
    return keys.bytes.extracting(Int(held.keyOffset)..<Int(held.keyOffset) &+ Int(held.keyCount))
  }

  /// Number of the entry with this hash, or -1.
  @inlinable @inline(__always)
  public func find(_ hash: UInt64) -> Int {
    // In bounds: the index gives numbers of entries.
    index.find(hash) { entries.base[$0].hash == hash }
  }

  /// Adds `weight` to the key whose hash is `hash`. O(1) amortised; allocates only while growing.
  ///
  /// Keys are told apart by their 64-bit hash alone: with a keyed hash two of a million keys meet with
  /// a probability of 3 in 10^8.
  /// - Returns: the entry's number, valid until the next `add`.
  @inlinable @inline(__always)
  @discardableResult
  public mutating func add(
    _ key: RawSpan, hash: UInt64, weight: UInt64 = 1, first: UInt64 = 0, second: UInt64 = 0
  ) -> Int {
    self.weight = self.weight.saturatingAdd(weight)
    var entry = find(hash)
    if entry < 0 { entry = insert(key, hash: hash) }
    // In bounds: `find` and `insert` give numbers of entries.
    let held = entries.base + entry
    held.pointee.lower = held.pointee.lower.saturatingAdd(weight)
    held.pointee.first = held.pointee.first.saturatingAdd(first)
    held.pointee.second = held.pointee.second.saturatingAdd(second)
    return entry
  }

  /// Remembers `mark` for an entry.
  @inlinable @inline(__always)
  public mutating func mark(_ entry: Int, _ mark: UInt16) { entries[entry].mark = mark }

  /// A new entry without weight, after an eviction where there is no room.
  @usableFromInline @inline(never)
  mutating func insert(_ key: RawSpan, hash: UInt64) -> Int {
    if entries.count >= 2 * capacity { evict() }
    let offset = keys.count
    let length = min(key.byteCount, keyLimit)
    keys.append(key.extracting(0..<length))
    let entry = entries.count
    entries.append(
      Entry(
        hash: hash, lower: 0, error: floor, first: 0, second: 0, keyOffset: UInt32(truncatingIfNeeded: offset),
        keyCount: UInt16(truncatingIfNeeded: length), mark: 0))
    index.insert(hash)
    return entry
  }

  /// Lower and upper bound of the weight of the key with this hash. O(1).
  public func bounds(_ hash: UInt64) -> (lower: UInt64, upper: UInt64) {
    let entry = find(hash)
    return entry < 0 ? (0, floor) : (entries[entry].lower, entries[entry].upper)
  }

  /// Forgets everything, keeps the memory. O(count).
  public mutating func removeAll() {
    index.removeAll()
    entries.removeAll()
    keys.removeAll()
    floor = 0
    weight = 0
    evictions = 0
  }
}
