// Correlations that ask which rules match together, or one after another, within a timespan.
//
// Of each rule in each step its first and last times are known, and no more: these merge in any order. For rules in
// different steps that is all that matters, since who begins latest and who ends earliest decides. Within one step it is
// a bound from above: where a step is longer than the timespan, its rules count as together; and of three or more rules
// in one step whose first and last times allow the order, it is believed. Nothing is missed.

import Bytes
import Events

extension CorrelationState.Window {
  mutating func add(_ other: CorrelationState.Member) {
    let place = members.firstIndex { $0.position >= other.position } ?? members.count
    if place < members.count, members[place].position == other.position {
      members[place].first = min(members[place].first, other.first)
      members[place].last = max(members[place].last, other.last)
    } else {
      members.insert(other, at: place)
    }
  }
}

extension CorrelationState {
  /// The most different rules within a timespan that ends in the last of `windows`. O(rules squared + windows).
  static func rulesTogether(_ windows: [Window], of correlation: Correlation) -> UInt64 {
    guard let newest = windows.last else { return 0 }
    // A timespan that begins by then reaches back to the rule ...
    var before: [Nanoseconds?] = Array(repeating: nil, count: correlation.rules.count)
    for window in windows.dropLast() {
      for member in window.members { before[member.position] = max(before[member.position] ?? .min, member.last) }
    }
    // ... and one that begins no earlier than that reaches on to it.
    var after: [Nanoseconds?] = Array(repeating: nil, count: correlation.rules.count)
    for member in newest.members { after[member.position] = member.first.minusSaturating(correlation.timespan) }
    var most = newest.members.count
    // Only these beginnings gain a rule. Those after which the newest step is not reached find nothing but it.
    for case let begin? in before {
      var count = 0
      var reaches = false
      for position in before.indices {
        if let least = after[position], least <= begin {
          count += 1
          reaches = true
        } else if let latest = before[position], latest >= begin {
          count += 1
        }
      }
      if reaches { most = max(most, count) }
    }
    return UInt64(most)
  }

  /// Whether all rules follow one another within a timespan that ends in the last of `windows`. Rules with the same
  /// stamp are in either order. O(windows × rules squared).
  static func isInOrder(_ windows: [Window], of correlation: Correlation) -> Bool {
    let count = correlation.rules.count
    // The latest beginning of a chain of the first so many rules.
    var begins: [Nanoseconds?] = Array(repeating: nil, count: count + 1)
    for (number, window) in windows.enumerated() {
      var members: [Member?] = Array(repeating: nil, count: count)
      for member in window.members { members[member.position] = member }
      var next = begins
      for start in 0..<count where start == 0 || begins[start] != nil {
        // As many of the rules from `start` on as may follow one another in this step.
        var earliest = Nanoseconds.min
        var latest = Nanoseconds.max
        for position in start..<count {
          guard let member = members[position] else { break }
          earliest = max(earliest, member.first)
          latest = min(latest, member.last)
          guard member.last >= earliest else { break }
          let begin = start == 0 ? latest : begins[start] ?? .min
          if position == count - 1, number == windows.count - 1,
            begin >= earliest.minusSaturating(correlation.timespan)
          {
            return true
          }
          next[position + 1] = max(next[position + 1] ?? .min, begin)
        }
      }
      begins = next
    }
    return false
  }
}
