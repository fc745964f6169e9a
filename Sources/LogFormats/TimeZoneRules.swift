// What stamps without an offset mean: a fixed offset, or a zone's rules from a compiled tz file.
//
// Format: RFC 9636 (TZif). Local times that a clock change skips are taken as standard time, those that it repeats
// as the first of the two, which keeps the order of lines except within the repeated hour.

import Bytes

/// Offsets from UTC over time.
public struct TimeZoneRules: Sendable, Equatable {
  /// Seconds since the epoch, UTC, at which an offset begins; ascending.
  private var transitions: [Int64] = []
  /// Offset east of UTC in seconds, one more than `transitions`: the first holds before the first transition.
  private var offsets: [Int32] = [0]
  /// What holds after the last transition, where the file says so by a rule.
  private var rule: YearlyRule?

  public static let utc = TimeZoneRules(fixedOffset: 0)

  /// A fixed offset east of UTC, seconds.
  public init(fixedOffset: Int) { offsets = [Int32(clamping: fixedOffset)] }

  /// `UTC`, `Z`, `+02:00`, `-0500`, `+9`. nil for anything else, such as a zone's name: read its file for that.
  public init?(_ text: String) {
    if ["UTC", "utc", "Z", "GMT"].contains(text) {
      self = .utc
      return
    }
    let bytes = Array(text.utf8)
    var seconds = 0
    if bytes.count == 2, bytes[0] == 0x2b || bytes[0] == 0x2d, bytes[1].isASCIIDigit {
      self.init(fixedOffset: Int(bytes[1] &- 0x30) * (bytes[0] == 0x2d ? -3600 : 3600))
      return
    }
    guard bytes.span.bytes.offset(0, bytes.count, &seconds) == bytes.count else { return nil }
    self.init(fixedOffset: seconds)
  }

  /// Whether `name` may be looked up below the system's zone directory: no path of any kind gets through.
  public static func isZoneName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix("/") && !name.contains("..")
      && name.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || [0x2f, 0x5f, 0x2d, 0x2b].contains($0) }
  }

  /// The rules in a TZif file, version 1 to 4. nil when the file is damaged.
  public init?(tzif bytes: [UInt8]) {
    var reader = TZifReader(bytes: bytes)
    guard let read = reader.read() else { return nil }
    transitions = read.transitions
    offsets = read.offsets
    rule = read.footer.flatMap { YearlyRule($0) }
  }

  /// Whether one offset holds always.
  public var isFixed: Bool { transitions.isEmpty && rule == nil }

  /// Offset east of UTC, in seconds, in force at `seconds` since the epoch. O(log transitions).
  public func offset(atUTC seconds: Int) -> Int {
    if let rule, seconds >= transitions.last.map(Int.init) ?? .min { return rule.offset(atUTC: seconds) }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= Int64(seconds) { low = middle + 1 } else { high = middle }
    }
    return Int(offsets[low])
  }

  /// UTC of a wall-clock time, both as seconds since the epoch.
  public func utc(local: Int) -> Int {
    if transitions.isEmpty, rule == nil { return local - Int(offsets[0]) }
    // The offset in force is one of those a day around; try the earlier first.
    let before = offset(atUTC: local - 86_400)
    let after = offset(atUTC: local + 86_400)
    let first = local - before
    if offset(atUTC: first) == before { return first }
    let second = local - after
    if offset(atUTC: second) == after { return second }
    return first
  }
}
