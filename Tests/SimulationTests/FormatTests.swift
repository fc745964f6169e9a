import Bytes
import Events
import LogFormats
import Simulation
import Testing

@Suite struct FormatTests {
  /// What is written in a format is read as that format, whatever attackers put into the lines.
  @Test(arguments: SimulatedFormat.allCases)
  func everyFormatIsReadWithoutBeingNamed(_ format: SimulatedFormat) throws {
    let (text, _) = try simulated(
      configured {
        $0.format = format
        $0.attacks = AttackOrder.all
        $0.lines = 8_000
      })
    let lines = text.split(separator: 0x0a).map { Array($0) }
    var detector = FormatDetector()
    for line in lines { detector.feed(line.span.bytes) }
    let decision = detector.decide()
    guard let found = decision.format else {
      Issue.record("\(format.rawValue): \(decision.explanation)")
      return
    }
    var parser = LineParser(format: found, options: ParseOptions())
    var fields = HttpFields()
    var events = 0
    var known = 0
    var example = ""
    for line in lines {
      switch parser.parse(line.span.bytes, into: &fields) {
      case .event:
        events += 1
        if !fields.client.isUnknown, fields.time > 0, fields.status > 0, fields.method != .unknown { known += 1 }
      case .unparsed(let reason) where example.isEmpty: example = "\(reason): \(String(decoding: line, as: UTF8.self))"
      default: break
      }
    }
    #expect(Double(events) >= 7_992, "\(format.rawValue) as \(found.qualifiedName): \(events) of 8000; \(example)")
    #expect(known == events, "\(format.rawValue) as \(found.qualifiedName)")
  }
}
