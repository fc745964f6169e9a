// The last n of something. Local: it is not merged.

/// A queue of fixed capacity that forgets its oldest element when full. O(1) an operation, no allocation.
public struct RingBuffer<Element> {
  private var storage: [Element] = []
  private var head = 0
  public let capacity: Int

  public init(capacity: Int) {
    self.capacity = max(1, capacity)
    storage.reserveCapacity(self.capacity)
  }

  public var count: Int { storage.count }
  public var isEmpty: Bool { storage.isEmpty }
  public var isFull: Bool { storage.count == capacity }

  /// Element by age: 0 is the oldest.
  public subscript(index: Int) -> Element {
    precondition(index >= 0 && index < storage.count)
    return storage[(head + index) % storage.count]
  }

  public var last: Element? { isEmpty ? nil : self[count - 1] }

  /// Adds the newest; returns the oldest if it had to go.
  @discardableResult
  public mutating func append(_ element: Element) -> Element? {
    if storage.count < capacity {
      storage.append(element)
      return nil
    }
    let oldest = storage[head]
    storage[head] = element
    head = (head + 1) % capacity
    return oldest
  }

  public mutating func removeAll() {
    storage.removeAll(keepingCapacity: true)
    head = 0
  }
}

extension RingBuffer: Sendable where Element: Sendable {}
