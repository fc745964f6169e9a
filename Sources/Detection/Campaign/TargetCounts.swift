// The paths a campaign is aimed at, the most frequent ones, with bounds.

/// Frequent paths by the SpaceSaving algorithm (Metwally, Agrawal, El Abbadi 2005) over a small table.
///
/// With `limit` entries, a count is too high by at most its `error`. O(limit) an addition.
struct TargetCounts: Sendable {
  static let limit = 48

  struct Entry: Sendable, Equatable {
    var path: [UInt8]
    var count: UInt64
    var error: UInt64
  }
  var entries: [Entry] = []

  mutating func add(_ path: [UInt8], requests: UInt64) {
    guard !path.isEmpty, requests > 0 else { return }
    if let i = entries.firstIndex(where: { $0.path == path }) {
      entries[i].count = saturating(entries[i].count, requests)
    } else if entries.count < Self.limit {
      entries.append(Entry(path: path, count: requests, error: 0))
    } else if let i = entries.indices.min(by: { entries[$0].count < entries[$1].count }) {
      let least = entries[i].count
      entries[i] = Entry(path: path, count: saturating(least, requests), error: least)
    }
  }

  /// So many of the requests counted are another's now, nobody knows for which paths.
  mutating func doubt(_ requests: UInt64) {
    for i in entries.indices { entries[i].error = min(saturating(entries[i].error, requests), entries[i].count) }
  }

  /// Most frequent first, then by path.
  var sorted: [Entry] {
    entries.sorted { $0.count != $1.count ? $0.count > $1.count : $0.path.lexicographicallyPrecedes($1.path) }
  }
}
