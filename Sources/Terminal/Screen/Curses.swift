// The terminal, by ncursesw: lines of cells are painted, keys are read. All calls come from one thread.

@preconcurrency import CNcurses
import Reports

#if canImport(Glibc)
  import Glibc
#endif

/// A screen that is taken over until `close`.
final class Curses {
  enum Event: Equatable {
    case key(Key)
    case resized
  }

  private typealias Window = UnsafeMutablePointer<WINDOW>
  private let window: Window
  private var isOpen = true
  private var styles: [(attributes: attr_t, pair: Int16)] = []

  /// nil where the terminal is not known (TERM) or is none.
  init?(color: Bool) {
    setlocale(LC_ALL, "")
    // Bars and names of hosts are not ASCII: without a locale that has them, one that always does.
    if String(cString: nl_langinfo(Int32(CODESET))) != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
    // Not initscr(), which ends the program where it fails.
    guard let output = fdopen(dup(1), "w"), let input = fdopen(dup(0), "r"), newterm(nil, output, input) != nil else {
      return nil
    }
    set_escdelay(25)
    cbreak()
    noecho()
    nonl()
    curs_set(0)
    // A window of our own: `stdscr` is a global variable.
    guard let window = newwin(0, 0, 0, 0) else {
      endwin()
      return nil
    }
    self.window = window
    keypad(window, true)
    nodelay(window, true)
    leaveok(window, true)
    prepareStyles(color: color && has_colors())
  }

  deinit { close() }

  /// Gives the terminal back as it was.
  func close() {
    guard isOpen else { return }
    isOpen = false
    endwin()
  }

  var size: (rows: Int, columns: Int) { (Int(getmaxy(window)), Int(getmaxx(window))) }

  /// Whether the terminal has another size than the screen, which then takes it. Asked again and again: a SIGWINCH that
  /// comes at the wrong moment tells nobody.
  func takeResize() -> Bool {
    guard let real = terminalSize(1), real != size else { return false }
    resizeterm(Int32(clamping: real.rows), Int32(clamping: real.columns))
    wresize(window, Int32(clamping: real.rows), Int32(clamping: real.columns))
    clearok(window, true)
    return true
  }

  // MARK: Painting

  func paint(_ lines: [StyledLine]) {
    werase(window)
    for (row, line) in lines.enumerated() {
      wmove(window, Int32(row), 0)
      for run in line.runs {
        let style = styles[Self.index(run.style)]
        wattr_set(window, style.attributes, style.pair, nil)
        let scalars = run.text.unicodeScalars.map { Int32(bitPattern: $0.value) }
        waddnwstr(window, scalars, Int32(scalars.count))
      }
    }
    wrefresh(window)
  }

  private static func index(_ style: TextStyle) -> Int {
    switch style {
    // No screen has a use for the styles of status codes.
    case .plain, .success, .redirect, .clientError, .serverError: 0
    case .bold: 1
    case .dim: 2
    case .title: 3
    case .bar: 4
    case .selected: 5
    case .critical: 6
    case .high: 7
    case .medium: 8
    case .low: 9
    case .good: 10
    }
  }

  private func prepareStyles(color: Bool) {
    // A_BOLD and the like are macros that Swift does not see.
    let (underline, reverse, dim, bold) = (attr_t(1 << 17), attr_t(1 << 18), attr_t(1 << 20), attr_t(1 << 21))
    var pairs = [Int16](repeating: 0, count: 7)
    if color, start_color() == OK {
      use_default_colors()
      let wanted: [(Int32, Int32)] = [
        (-1, -1), (COLOR_CYAN, -1), (COLOR_WHITE, COLOR_RED), (COLOR_RED, -1), (COLOR_YELLOW, -1), (COLOR_BLUE, -1),
        (COLOR_GREEN, -1),
      ]
      for (i, pair) in wanted.enumerated().dropFirst()
      where init_pair(Int16(i), Int16(pair.0), Int16(pair.1)) == OK { pairs[i] = Int16(i) }
    }
    styles = [
      (0, 0), (bold, 0), (dim, 0), (bold, pairs[1]), (0, 0), (reverse, 0),
      (bold | (pairs[2] == 0 ? underline : 0), pairs[2]), (bold, pairs[3]), (pairs[4] == 0 ? bold : 0, pairs[4]),
      (0, pairs[5]), (0, pairs[6]),
    ]
  }

  // MARK: Keys

  /// The next key, if one was pressed.
  func read() -> Event? {
    var code = wint_t()
    switch wget_wch(window, &code) {
    case OK: return Self.key(of: code).map { .key($0) }
    case KEY_CODE_YES:
      if Int32(bitPattern: code) == KEY_RESIZE { return .resized }
      return .key(Self.named(Int32(bitPattern: code)))
    default: return nil
    }
  }

  private static func key(of code: wint_t) -> Key? {
    switch code {
    case 3: .interrupt
    case 10, 13: .enter
    case 27: .escape
    case 8, 127: .backspace
    default: Unicode.Scalar(code).map { .character($0) }
    }
  }

  private static func named(_ code: Int32) -> Key {
    switch code {
    case KEY_UP: .up
    case KEY_DOWN: .down
    case KEY_LEFT: .left
    case KEY_RIGHT: .right
    case KEY_PPAGE: .pageUp
    case KEY_NPAGE: .pageDown
    case KEY_HOME: .home
    case KEY_END: .end
    case KEY_ENTER: .enter
    case KEY_BACKSPACE, KEY_DC: .backspace
    // A key that means nothing here.
    default: .character("\0")
    }
  }
}
