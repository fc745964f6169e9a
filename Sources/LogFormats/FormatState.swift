// What a line's meaning takes from lines before it: handed from chunk to chunk, so that chunks can be read in parallel
// and still mean what they mean in order.

import Bytes

/// State of a format between two lines of a source. Empty for formats whose lines stand alone.
public struct FormatState: Sendable, Equatable {
  /// Pieces of lines that a container runtime split, of standard output and of standard error.
  var held: [[UInt8]] = [[], []]
  /// Columns of the last `#Fields` directive; nil before the first.
  var columns: W3CColumns?
  /// Time of the last line that had one.
  var lastTime: Nanoseconds = 0

  public init() {}
}
