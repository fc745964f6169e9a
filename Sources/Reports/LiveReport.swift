// One line an event, for `--follow`: an attack has started, goes on, has ended.

import Bytes
import Detection

public enum LiveReport {
  /// Appends one line with its newline. `width` of 0 means no limit, as for a file.
  public static func line(_ attack: Attack, width: Int = 0, color: Bool, into output: inout ByteBuffer) {
    var canvas = TextCanvas(width: width == 0 ? 400 : width, color: color)
    let time = attack.state == .started ? attack.start : attack.end
    canvas.put("\(Figures.exact(time).prefix(19))Z ".replacingT(), .dim)
    switch attack.state {
    case .started: canvas.put("STARTED ", .high)
    case .ongoing: canvas.put("ongoing ", .medium)
    case .ended: canvas.put("ended   ", .good)
    }
    canvas.put(attack.severity.name, width: 8, TextReport.style(attack.severity))
    canvas.put(" \(attack.title)", .bold)
    canvas.put(" on \(attack.zoneName): \(Figures.plural(attack.requests, "request"))")
    if attack.state != .started { canvas.put(" in \(Figures.duration(from: attack.start, to: attack.end))") }
    canvas.put(" from \(Figures.plural(attack.sourceCount, "source"))")
    if let source = attack.sources.first { canvas.put(" (\(source.address)\(attack.sourceCount > 1 ? ", …" : ""))") }
    canvas.put(", peak \(Figures.rate(attack.peakRate))  ")
    canvas.put(shown(attack.id), .dim)
    if attack.state == .started, let line = attack.evidence.first { canvas.put("  \(shown(line.request))") }
    canvas.newline()
    output.append(canvas.output.bytes)
  }
}

extension String {
  /// A stamp's T as a space.
  fileprivate func replacingT() -> String { String(map { $0 == "T" ? " " : $0 }) }
}
