// Tries the layouts of a format on a line. The first, which is nearly always the one, is reached without a detour.

import Bytes
import Events

struct LayoutRunner: ~Copyable {
  /// The first layout, unpacked: reaching into the enum's payload costs a retain a line.
  private let text: TextProgram
  private let json: JSONLayout?
  private let firstIsText: Bool
  private let others: [Layout]
  let defaultColumns: W3CColumns
  let readsColumns: Bool
  var columns: W3CColumns
  var state: LineState

  init(format: LogFormat, options: ParseOptions) {
    var text = TextProgram(steps: [], literals: [])
    var json: JSONLayout?
    var columns = W3CColumns()
    if case .text(let program)? = format.layouts.first { text = program }
    if case .json(let layout)? = format.layouts.first { json = layout }
    for case .w3c(let names) in format.layouts.reversed() { columns = names }
    firstIsText = text.steps.count > 0
    self.text = text
    self.json = json
    others = Array(format.layouts.dropFirst(text.steps.count > 0 || json != nil ? 1 : 0))
    defaultColumns = columns
    readsColumns = others.contains { if case .w3c = $0 { true } else { false } }
    columns.fields.reserveCapacity(256)
    self.columns = columns
    state = LineState(options: options)
  }

  @inline(__always)
  mutating func parse(_ line: RawSpan, _ from: Int, _ end: Int, _ fields: inout HttpFields) -> ParseOutcome {
    if firstIsText {
      var match = text.run(line, from, end, &state, &fields)
      if match == .matched { match = state.finish(line, &fields) }
      if match == .matched { return .event }
      return parseOtherwise(line, from, end, match, &fields)
    }
    return parseOtherwise(line, from, end, .mismatch, &fields)
  }

  @inline(never)
  private mutating func parseOtherwise(
    _ line: RawSpan, _ from: Int, _ end: Int, _ first: Match, _ fields: inout HttpFields
  ) -> ParseOutcome {
    if from >= end || isBlank(line, from, end) { return .skip }
    if line.unchecked(from) == 0x23 {
      if readsColumns { W3CLayout.directive(line, from, end, &columns) }
      return .skip
    }
    var sawBadTime = first == .badTime
    if json != nil {
      let match = runJSON(line, from, end, &fields)
      if match == .matched { return .event }
      sawBadTime = match == .badTime
    }
    for index in 0..<others.count {
      let wrapperTime = state.values.wrapperTime
      state.begin(&fields)
      state.values.wrapperTime = wrapperTime
      var match: Match
      switch others[index] {
      case .text(let program): match = program.run(line, from, end, &state, &fields)
      case .json(let layout): match = layout.run(line, from, end, &state, &fields)
      case .w3c: match = W3CLayout.run(line, from, end, columns, &state, &fields)
      }
      if match == .matched { match = state.finish(line, &fields) }
      if match == .matched { return .event }
      if match == .badTime { sawBadTime = true }
    }
    if sawBadTime { return .unparsed(.badTime) }
    return .unparsed(isBinary(line, from, end) ? .binary : .noFormat)
  }

  private mutating func runJSON(_ line: RawSpan, _ from: Int, _ end: Int, _ fields: inout HttpFields) -> Match {
    guard let json else { return .mismatch }
    let match = json.run(line, from, end, &state, &fields)
    return match == .matched ? state.finish(line, &fields) : match
  }

  private func isBlank(_ line: RawSpan, _ from: Int, _ end: Int) -> Bool {
    for p in from..<end where ![0x20, 0x09, 0x0d].contains(line.unchecked(p)) { return false }
    return true
  }

  /// NUL, or more than one control byte in ten among the first 256.
  private func isBinary(_ line: RawSpan, _ from: Int, _ end: Int) -> Bool {
    let stop = min(end, from + 256)
    var controls = 0
    for p in from..<stop {
      let byte = line.unchecked(p)
      if byte == 0 { return true }
      if byte < 0x20, byte != 0x09, byte != 0x1b { controls += 1 }
    }
    return controls * 10 > stop - from
  }
}
