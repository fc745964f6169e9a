// Which zone a host is. Host headers are the client's own words, so a host becomes a zone only when the
// pipeline names it or a request for it was answered with success; all others share one.

import Bytes
import Sketches

/// The zones of one input partition, by number. The shared zone is `ZoneNames.shared`.
struct ZoneNames: ~Copyable {
  static var shared: Int32 { -1 }
  /// All hosts together, for correlations.
  static var global: Int32 { -2 }

  let limit: Int
  let hash: KeyedHash
  var index = HashIndex()
  var names = FlatArray<TextRange>()
  var texts = ByteBuffer()
  /// Offset of the record that confirmed each; `.min` for those that need no confirmation.
  var confirmedAt = FlatArray<Int64>()
  /// Names that need no confirmation; those confirmed come after them.
  private(set) var given = 0
  /// Offset of the record that is being counted.
  var record: Int64 = .min
  /// The last host asked for: events of one zone mostly come together.
  var lastHost = ByteBuffer()
  var lastZone: Int32 = 0

  init(defaultZone: [UInt8], named: [[UInt8]], limit: Int, hash: KeyedHash) {
    self.limit = max(1, limit)
    self.hash = hash
    // Number 0, the answer for the empty host.
    add(defaultZone.span.bytes, hash.hash(defaultZone.span.bytes))
    for name in named where !name.isEmpty {
      let nameHash = hash.hash(name.span.bytes)
      if index.find(nameHash) < 0 { add(name.span.bytes, nameHash) }
    }
    given = names.count
  }

  @discardableResult
  mutating func add(_ name: RawSpan, _ nameHash: UInt64) -> Int32 {
    names.append(TextRange(offset: texts.count, count: name.byteCount))
    texts.append(name)
    confirmedAt.append(record)
    return Int32(truncatingIfNeeded: index.insert(nameHash))
  }

  /// Zone of a request for `host` answered with `status`.
  @inline(__always)
  mutating func zone(of host: RawSpan, status: UInt16) -> Int32 {
    if host.byteCount == 0 { return 0 }
    if lastZone >= 0, host.equals(lastHost.bytes) { return lastZone }
    return find(host, status)
  }

  @inline(never)
  mutating func find(_ host: RawSpan, _ status: UInt16) -> Int32 {
    // No name is longer (RFC 1035, section 2.3.4).
    guard host.byteCount <= 255 else { return Self.shared }
    let hostHash = hash.hash(host)
    var zone = Int32(truncatingIfNeeded: index.find(hostHash))
    if zone < 0 {
      guard status >= 200, status < 400, names.count < limit else { return Self.shared }
      zone = add(host, hostHash)
    }
    lastHost.removeAll()
    lastHost.append(host)
    lastZone = zone
    return zone
  }

  @_lifetime(borrow self)
  func name(_ zone: Int32) -> RawSpan {
    if zone < 0 { return RawSpan() }
    let range = names[Int(zone)]
    return texts.bytes.extracting(Int(range.offset)..<Int(range.offset) + Int(range.count))
  }
}
