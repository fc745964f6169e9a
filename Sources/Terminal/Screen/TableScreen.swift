// Runs the live table: one thread that takes news, keys and changes of size in turn.

import Bytes
import Configuration
import Stations

struct TableScreen {
  /// A problem is shown for this long after it was last heard of, ns.
  private static let problemTime: Int64 = 10_000_000_000
  /// News are taken for this long before the screen is drawn again, ns.
  private static let frameTime: Int64 = 100_000_000

  let reader: AttackReader
  let curses: Curses
  private var model: ScreenModel
  private var problemSince: Int64 = 0

  init(_ reader: AttackReader, _ curses: Curses, title: String, since: Nanoseconds?) {
    (self.reader, self.curses) = (reader, curses)
    let size = curses.size
    model = ScreenModel(rows: size.rows, columns: size.columns, title: title, since: since ?? .min)
  }

  mutating func run() throws {
    var isStale = true
    while !Interrupts.hasCome {
      if isStale { curses.paint(model.draw()) }
      isStale = try takeNews()
      while let event = curses.read() {
        isStale = true
        switch event {
        case .key(let key): if model.press(key) == .quit { return }
        case .resized: break
        }
      }
      if curses.takeResize() { isStale = true }
      let size = curses.size
      if size != (model.rows, model.columns) {
        model.resize(rows: size.rows, columns: size.columns)
        isStale = true
      }
      if takeProblems() { isStale = true }
    }
  }

  /// Whether there were any. Keys wait no longer for an answer than this takes.
  private mutating func takeNews() throws -> Bool {
    let begin = StationClock.monotonic
    var count = 0
    repeat {
      let before = count
      try reader.poll(milliseconds: count == 0 ? 40 : 0) { news in
        model.take(news)
        count += 1
      }
      if count == before { break }
    } while StationClock.monotonic &- begin < Self.frameTime
    return count > 0
  }

  private mutating func takeProblems() -> Bool {
    let now = StationClock.monotonic
    if let last = reader.takeErrors().last {
      problemSince = now
      guard model.problem != last else { return false }
      model.problem = last
      return true
    }
    guard !model.problem.isEmpty, now &- problemSince > Self.problemTime else { return false }
    model.problem = ""
    return true
  }
}
