// 'Did you mean': the known name closest to one that was mistyped.

/// The name in `names` with the smallest edit distance to `name`, if that is at most a third of its length (and
/// at least 1). The first of equals. O(sum of the lengths' products).
public func nearestName(to name: String, among names: [String]) -> String? {
  let wanted = Array(name.lowercased().utf8.prefix(64))
  var best: (name: String, distance: Int)?
  for candidate in names {
    let distance = editDistance(wanted, Array(candidate.lowercased().utf8.prefix(64)))
    if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
  }
  guard let best, best.distance <= max(1, wanted.count / 3) else { return nil }
  return best.name
}

/// ` (did you mean 'x'?)`, or nothing.
public func suggestion(for name: String, among names: [String]) -> String {
  nearestName(to: name, among: names).map { " (did you mean '\($0)'?)" } ?? ""
}

/// Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours.
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var before: [Int] = []
  var previous = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1] + Array(repeating: 0, count: b.count)
    for j in 0..<b.count {
      row[j + 1] = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], before[j - 1] + 1) }
    }
    before = previous
    previous = row
  }
  return previous[b.count]
}
