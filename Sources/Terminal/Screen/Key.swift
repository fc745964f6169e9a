// The keys that a screen knows.

/// What a person presses.
enum Key: Sendable, Equatable {
  case character(Unicode.Scalar)
  case up, down, left, right, pageUp, pageDown, home, end
  case enter, escape, backspace, interrupt
}
