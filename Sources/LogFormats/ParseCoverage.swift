// How much of a log was read, and what the rest looks like. Always reported.

import Bytes

/// Counts of what became of lines, with the most frequent shapes of those that were not read. Merging in the order of
/// the source's chunks gives the same whatever thread read which.
public struct ParseCoverage: Sendable, Equatable {
  /// Lines that look alike: digits stand as `9`, runs of letters as `a`, other bytes as they are.
  public struct Shape: Sendable, Equatable {
    public var text: [UInt8]
    public var count: UInt64
    /// Number of the first such line in its source, from 1, and its first bytes.
    public var exampleLine: UInt64
    public var example: [UInt8]
    public var reason: ParseFailure
  }

  /// Lines seen; blank lines, comments and pieces of lines that were put together again are not among them.
  public private(set) var lines: UInt64 = 0
  public private(set) var parsed: UInt64 = 0
  /// By `ParseFailure.rawValue`.
  public private(set) var failures = [UInt64](repeating: 0, count: ParseFailure.allCases.count)
  /// Blank lines, comments and directives.
  public private(set) var skipped: UInt64 = 0
  /// Unread lines whose shape found no room in the table.
  public private(set) var otherShapes: UInt64 = 0
  private var shapes: [Shape] = []

  /// Shapes kept, bytes of a shape, bytes of an example.
  public static let maxShapes = 64
  static let maxShape = 80
  static let maxExample = 200

  public init() {}

  public var unparsed: UInt64 { failures.reduce(0, &+) }

  /// Share of lines that were read, 0 to 1; 1 of an empty log.
  public var share: Double { lines == 0 ? 1 : Double(parsed) / Double(lines) }

  public func count(of failure: ParseFailure) -> UInt64 { failures[Int(failure.rawValue)] }

  /// Shapes by count, the most frequent first, ties by first line.
  public var frequentShapes: [Shape] {
    shapes.sorted { $0.count != $1.count ? $0.count > $1.count : $0.exampleLine < $1.exampleLine }
  }

  @inline(__always)
  public mutating func countParsed() {
    lines &+= 1
    parsed &+= 1
  }

  public mutating func countSkipped() { skipped &+= 1 }

  /// Counts a line that is no event. Allocates only for a shape not seen before.
  public mutating func countUnparsed(_ reason: ParseFailure, line: RawSpan, number: UInt64) {
    lines &+= 1
    failures[Int(reason.rawValue)] &+= 1
    var shape = InlineArray<80, UInt8>(repeating: 0)
    let count = Self.shape(of: line, into: &shape)
    for index in shapes.indices where shapes[index].text.count == count && shapes[index].reason == reason {
      var same = true
      for i in 0..<count where shapes[index].text[i] != shape[i] {
        same = false
        break
      }
      if same {
        shapes[index].count &+= 1
        return
      }
    }
    guard shapes.count < Self.maxShapes else {
      otherShapes &+= 1
      return
    }
    shapes.append(
      Shape(
        text: (0..<count).map { shape[$0] }, count: 1, exampleLine: number,
        example: line.extracting(0..<min(line.byteCount, Self.maxExample)).copied(), reason: reason))
  }

  /// Adds what was counted in a later part of the same source.
  public mutating func merge(_ later: ParseCoverage) {
    lines &+= later.lines
    parsed &+= later.parsed
    skipped &+= later.skipped
    otherShapes &+= later.otherShapes
    for index in failures.indices { failures[index] &+= later.failures[index] }
    for shape in later.shapes {
      if let index = shapes.firstIndex(where: { $0.text == shape.text && $0.reason == shape.reason }) {
        shapes[index].count &+= shape.count
      } else if shapes.count < Self.maxShapes {
        shapes.append(shape)
      } else {
        otherShapes &+= shape.count
      }
    }
  }

  /// Writes the shape of `line`; returns its length. O(length of the part that fits).
  private static func shape(of line: RawSpan, into shape: inout InlineArray<80, UInt8>) -> Int {
    var count = 0
    var last: UInt8 = 0
    for p in 0..<min(line.byteCount, 512) {
      let byte = line.unchecked(p)
      var kind = byte
      if byte.isASCIIDigit {
        kind = 0x39
      } else if byte.isASCIILetter || byte >= 0x80 {
        kind = 0x61
      } else if byte < 0x20 || byte == 0x7f {
        kind = 0x3f
      }
      if kind == last, kind == 0x39 || kind == 0x61 || kind == 0x3f || kind == 0x20 { continue }
      last = kind
      if count == maxShape { break }
      shape[count] = kind
      count += 1
    }
    return count
  }
}
