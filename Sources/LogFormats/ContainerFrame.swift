// The frames that container runtimes put around what a process wrote: Docker's json-file and Kubernetes' CRI.
// Both split long lines; the pieces are put together again.

import Bytes

/// What a frame says about the piece of text in it.
struct ContainerFrame {
  /// The text, still escaped if the frame is Docker's.
  var start: Int
  var end: Int
  /// More of the line follows in a later frame of the same stream.
  var isPartial: Bool
  /// 0 is standard output, 1 standard error: their pieces are kept apart.
  var stream: Int
  var time: Nanoseconds?

  /// `2016-10-06T00:17:09.669794202Z stdout F text`. nil if the line is not framed so.
  static func cri(_ line: RawSpan, _ from: Int, _ to: Int, _ stamps: StampParser) -> ContainerFrame? {
    guard to - from >= 30, line.unchecked(from).isASCIIDigit, line.unchecked(from + 10) == 0x54,
      let blank = line.firstIndex(of: 0x20, from: from), blank + 10 <= to
    else { return nil }
    let name = line.extracting(blank + 1..<blank + 7)
    let stream: Int
    if name.equals("stdout") { stream = 0 } else if name.equals("stderr") { stream = 1 } else { return nil }
    guard line.unchecked(blank + 7) == 0x20 else { return nil }
    let tag = line.unchecked(blank + 8)
    guard tag == 0x46 || tag == 0x50 else { return nil }
    // Further tags may follow, parted by colons.
    var p = blank + 9
    if line.unchecked(p) == 0x3a { while p < to, line.unchecked(p) != 0x20 { p += 1 } }
    guard p < to, line.unchecked(p) == 0x20 else { return nil }
    var time: Nanoseconds = 0
    guard stamps.calendar(line, from, blank, &time) == blank else { return nil }
    return ContainerFrame(start: p + 1, end: to, isPartial: tag == 0x50, stream: stream, time: time)
  }

  /// `{"log":"text\n","stream":"stdout","time":"..."}`. nil if the line is not framed so.
  static func docker(_ line: RawSpan, _ from: Int, _ to: Int, _ stamps: StampParser) -> ContainerFrame? {
    guard to - from >= 12, line.extracting(from..<to).hasPrefix("{\"log\":\"") else { return nil }
    let start = from + 8
    guard let end = stringEnd(line, start, to) else { return nil }
    let rest = line.extracting(end..<to)
    var frame = ContainerFrame(start: start, end: end, isPartial: true, stream: 0, time: nil)
    if rest.firstRange(of: "\"stream\":\"stderr\"") != nil { frame.stream = 1 }
    // A line that is whole ends with an escaped line feed.
    if end - start >= 2, line.unchecked(end - 2) == 0x5c, line.unchecked(end - 1) == 0x6e {
      var slashes = end - 2
      while slashes > start, line.unchecked(slashes - 1) == 0x5c { slashes -= 1 }
      if (end - 2 - slashes) & 1 == 0 {
        frame.isPartial = false
        frame.end = end - 2
      }
    }
    if let at = rest.firstRange(of: "\"time\":\"") {
      let first = end + at + 8
      if let stop = line.firstIndex(of: 0x22, from: first), stop <= to {
        var time: Nanoseconds = 0
        if stamps.calendar(line, first, stop, &time) == stop { frame.time = time }
      }
    }
    return frame
  }

  private static func stringEnd(_ line: RawSpan, _ start: Int, _ to: Int) -> Int? {
    var from = start
    while let hit = line.firstIndex(of: 0x22, from: from), hit < to {
      var slashes = hit
      while slashes > start, line.unchecked(slashes - 1) == 0x5c { slashes -= 1 }
      if (hit - slashes) & 1 == 0 { return hit }
      from = hit + 1
    }
    return nil
  }
}
