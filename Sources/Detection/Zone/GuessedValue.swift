// What a request that was turned away may have guessed: the place where values stand, and the value.

import Bytes

/// A request as a guess: which endpoint it asks, by the shape of its path and the names in its query, and with which value.
struct GuessedValue: Equatable {
  var endpoint: UInt64
  var value: UInt64

  /// - Returns: nil for a request in which nothing can be a value: a path of words, without a query.
  init?(target: ArraySlice<UInt8>, hash: KeyedHash) {
    let target = target.prefix(Self.most)
    let mark = target.firstIndex { $0 == 0x3f } ?? target.endIndex
    let path = target[..<mark]
    var shape: [UInt8] = []
    for segment in path.split(separator: 0x2f, omittingEmptySubsequences: false) {
      if !shape.isEmpty || segment.startIndex > path.startIndex { shape.append(0x2f) }
      Self.append(segment, to: &shape)
    }
    var hasValue = shape.contains(0x23) || shape.contains(0x2a)
    var asked = Array(path)
    if mark < target.endIndex {
      for parameter in target[(mark + 1)...].split(separator: 0x26) {
        let name = parameter.prefix { $0 != 0x3d }
        if name.count == parameter.count || Self.isOfACampaign(name) { continue }
        shape.append(0x26)
        shape += name
        asked.append(0x26)
        asked += parameter
        hasValue = true
      }
    }
    guard hasValue else { return nil }
    endpoint = hash.hash(shape.span.bytes)
    value = hash.hash(asked.span.bytes)
  }

  private static let most = 256

  /// A part of a path less what may be a value in it: `*` for a whole token, `#` for numbers.
  private static func append(_ segment: ArraySlice<UInt8>, to shape: inout [UInt8]) {
    var stem = segment
    if let dot = segment.lastIndex(of: 0x2e), segment.endIndex - dot <= 6 { stem = segment[..<dot] }
    if isToken(stem) {
      shape.append(0x2a)
      shape += segment[stem.endIndex...]
    } else {
      shape += RequestTexts(method: [], path: Array(segment), queryNames: []).pathShape
    }
  }

  /// Whether letters and digits, or small and capital letters, change too often for words and numbers: a random token.
  private static func isToken(_ text: ArraySlice<UInt8>) -> Bool {
    var (length, runs) = (0, 0)
    var last: UInt8 = 0
    for byte in text where byte != 0x2d && byte != 0x5f {
      let kind: UInt8
      switch byte {
      case 0x30...0x39: kind = 1
      case 0x61...0x7a: kind = 2
      case 0x41...0x5a: kind = 3
      default: return false
      }
      // A capital begins a word; what follows it is of the word.
      if kind != last, !(last == 3 && kind == 2) { runs += 1 }
      last = kind
      length += 1
    }
    return length >= 8 && runs >= 4 && length <= 3 * runs
  }

  /// Parameters that say where a visitor comes from, or keep a cache out.
  private static func isOfACampaign(_ name: ArraySlice<UInt8>) -> Bool {
    name.starts(with: utm) || campaign.contains(Array(name))
  }
  private static let utm = Array("utm_".utf8)
  private static let campaign = Set(
    [
      "fbclid", "gclid", "gbraid", "wbraid", "msclkid", "dclid", "twclid", "igshid", "yclid", "mc_cid", "mc_eid", "_ga",
      "_gl", "_", "t", "ts", "v", "ver", "cb", "rnd", "rand",
    ].map { Array($0.utf8) })
}
