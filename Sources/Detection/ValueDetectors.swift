// What looks at single values beside the rules, and what it said.

import Bytes

/// Looks at a value by itself. Pure: the answer depends on the value and its column alone.
protocol ValueDetectors: ~Copyable {
  /// Whether values of a column are looked at.
  static func look(at column: TextColumn) -> Bool
  /// What there is to be said of a value, in a word; 0: nothing.
  mutating func evidence(of value: RawSpan, _ column: TextColumn) -> UInt64
}

/// For rules alone.
struct NoDetectors: ValueDetectors {
  @inline(__always) static func look(at column: TextColumn) -> Bool { false }
  mutating func evidence(of value: RawSpan, _ column: TextColumn) -> UInt64 { 0 }
}

/// What detectors said of an event's values.
struct ValueEvidence {
  var target: UInt64 = 0
  var userAgent: UInt64 = 0
  var referrer: UInt64 = 0
  @inline(__always) var isEmpty: Bool { target | userAgent | referrer == 0 }
}

/// What an event's values are looked up by; 0 where there is nothing to be looked up.
struct ValueKeys {
  var target: UInt64 = 0
  var userAgent: UInt64 = 0
  var referrer: UInt64 = 0
}

extension RequestInspector: ValueDetectors {
  @inline(__always)
  static func look(at column: TextColumn) -> Bool {
    switch column {
    case .target, .userAgent, .referrer: true
    default: false
    }
  }

  mutating func evidence(of value: RawSpan, _ column: TextColumn) -> UInt64 {
    guard value.byteCount > 1 else { return 0 }
    var tally = EvidenceTally()
    switch column {
    case .target: inspectTarget(value, into: &tally)
    case .userAgent: inspectUserAgent(value, into: &tally)
    case .referrer: inspectReferrer(value, into: &tally)
    default: return 0
    }
    return PackedEvidence(tally).word
  }
}
