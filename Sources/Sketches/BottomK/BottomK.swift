// A weighted sample of fixed size that merges: the k items of smallest rank, the rank being a keyed
// hash divided by the weight (priority sampling: Duffield, Lund, Thorup 2007, 'Priority sampling for
// estimation of arbitrary subset sums').

import Bytes

/// The k smallest ranks and what belongs to them.
///
/// **Error.** Every item is kept with a probability proportional to its weight (equal weights: a uniform sample without
/// replacement). A share of the whole estimated from k items has a standard error of at most `0.5 / sqrt(k - 1)`.
///
/// **Merging** is the k smallest of the union: it adds no error and depends neither on order nor on how the stream
/// was split, as long as an item's rank doesn't.
public struct BottomK<Item: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
  public struct Kept: BitwiseCopyable, Sendable {
    public var rank: UInt64
    public var item: Item
    @inlinable
    public init(rank: UInt64, item: Item) { (self.rank, self.item) = (rank, item) }
  }

  public let capacity: Int
  @usableFromInline
  struct Place: BitwiseCopyable {
    @usableFromInline var rank: UInt64
    @usableFromInline var slot: Int
    @inlinable
    init(rank: UInt64, slot: Int) { (self.rank, self.slot) = (rank, slot) }
  }
  /// A heap with the largest rank first once full; before, unordered. Items stay where they are.
  @usableFromInline var heap: FlatArray<Place>
  @usableFromInline var items: FlatArray<Item>
  /// Only ranks below this enter. Copied out of the heap, since it is asked for every event.
  @inlinable public var threshold: UInt64 { limit }
  @usableFromInline var limit: UInt64

  // All of it can be inlined: unspecialised, every access would ask the runtime for the item's size.
  @inlinable
  public init(capacity: Int) {
    self.capacity = max(1, capacity)
    heap = FlatArray()
    items = FlatArray()
    limit = .max
  }

  @inlinable public var count: Int { heap.count }
  @inlinable
  public var footprint: Int { heap.capacity * MemoryLayout<Place>.stride + items.capacity * MemoryLayout<Item>.stride }
  @inlinable
  public subscript(i: Int) -> Kept { Kept(rank: heap[i].rank, item: items[heap[i].slot]) }

  /// Rank of an item by the hash of what identifies it, such as (source, ordinal).
  @inlinable @inline(__always)
  public static func rank(hash: UInt64, weight: UInt32) -> UInt64 {
    weight <= 1 ? min(hash, .max - 1) : hash / UInt64(weight)
  }

  /// Whether an item of this rank would be kept: to be asked before the item is made.
  @inlinable @inline(__always)
  public func admits(_ rank: UInt64) -> Bool { rank < limit }

  /// Takes the item in if its rank is small enough. O(log k).
  /// - Returns: the item that had to go, if one had to: the new one or an older one.
  @inlinable
  @discardableResult
  public mutating func insert(_ item: Item, rank: UInt64) -> Item? {
    guard admits(rank) else { return item }
    if heap.count < capacity {
      heap.append(Place(rank: rank, slot: items.count))
      items.append(item)
      if heap.count == capacity {
        for i in stride(from: capacity / 2 - 1, through: 0, by: -1) { siftDown(i) }
        limit = heap[0].rank
      }
      return nil
    }
    let slot = heap[0].slot
    let gone = items[slot]
    items[slot] = item
    heap[0].rank = rank
    siftDown(0)
    limit = heap[0].rank
    return gone
  }

  @inlinable
  mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var child = 2 * parent + 1
      if child >= heap.count { return }
      if child + 1 < heap.count, heap[child + 1].rank > heap[child].rank { child += 1 }
      if heap[parent].rank >= heap[child].rank { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }

  @inlinable
  public mutating func merge(_ other: borrowing BottomK) {
    for i in 0..<other.count { insert(other[i].item, rank: other[i].rank) }
  }

  /// Estimated number of items in the stream: exact while all are kept, else `(k - 1) / threshold` as a share of the
  /// range of hashes. For items of weight 1.
  public var populationEstimate: Double {
    if heap.count < capacity { return Double(heap.count) }
    return Double(capacity - 1) / (Double(limit) / 0x1p64)
  }

  /// The kept items by rank, smallest first. Allocates.
  @inlinable
  public func sorted() -> [Kept] {
    var places: [Place] = []
    places.reserveCapacity(count)
    for i in 0..<count { places.append(heap[i]) }
    places.sort { $0.rank < $1.rank }
    var kept: [Kept] = []
    kept.reserveCapacity(count)
    for place in places { kept.append(Kept(rank: place.rank, item: items[place.slot])) }
    return kept
  }

  /// Changes a kept item, as when the bytes that it points to have moved.
  @inlinable
  public mutating func updateItem(_ i: Int, _ body: (inout Item) -> Void) { body(&items[heap[i].slot]) }

  @inlinable
  public mutating func removeAll() {
    heap.removeAll()
    items.removeAll()
    limit = .max
  }
}
