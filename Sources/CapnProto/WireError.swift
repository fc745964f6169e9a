// What can be wrong with a message. No payload: an error that carried one would be built on every
// checked read and cost a decode two to three times its time (docs/workarounds.md).

/// Why a message, or a part of it, was refused.
public enum WireError: Error, Equatable, Sendable {
  /// The frame ends before its segment table, or before a segment, does.
  case truncatedFrame
  /// The segment table names no segment, or more than 512.
  case segmentCount
  /// The message is larger than the reader accepts.
  case messageSize
  /// A pointer leads out of its segment.
  case outOfBounds
  /// A far pointer names a segment that is not there, or its landing pad is none.
  case farPointer
  /// A struct where a list was expected, a list where a struct was, or neither.
  case pointerKind
  /// The elements of a list are too small, or of a kind that cannot be read as the expected one.
  case elementSize
  /// A list of structs whose tag claims more than the list holds.
  case listTag
  /// Text without its closing NUL.
  case unterminatedText
  /// More levels of pointers than the limit.
  case nestingDepth
  /// More words visited than the limit: a message that points at the same bytes again and again.
  case traversalLimit
  /// Packed bytes that end in the middle of a word, or unpack to more than the reader accepts.
  case packing
  /// The member of a union that was asked for is not the one that is set.
  case unionMember
}
