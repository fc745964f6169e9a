// libFuzzer's entry for time: the first byte chooses a layout or the zone files, the rest is the stamp or the file.

import Bytes
import Events
import LogFormats

private final class Layouts {
  final class Box {
    var parser: LineParser
    init(_ specification: String, _ zone: TimeZoneRules) throws {
      parser = LineParser(
        format: try LogFormat(specification: specification),
        options: ParseOptions(timeZone: zone, referenceTime: 1_772_600_767_000_000_000))
    }
  }
  var boxes: [Box] = []

  init() {
    for zone in [TimeZoneRules.utc, TimeZoneRules(fixedOffset: -12_600)] {
      for specification in [
        "fields:<status>|<time>", "fields:<status>|<time_common>", "fields:<status>|<time_s>",
        "fields:<status>|<time_ms>",
        "fields:<status>|<time_us>", "fields:<status>|<time_ns>", "fields:<status>|<date> <clock>",
        "apache:%s|%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t", "apache:%s|%{%a %b %e %I:%M:%S %p %y %j}t",
        "apache:%s|%{%F %R}t", "apache:%s|%{%D %r}t.%{usec_frac}t", "syslog+fields:<status>|<user_agent>",
      ] {
        if let box = try? Box(specification, zone) { boxes.append(box) }
      }
    }
  }
}

private nonisolated(unsafe) let layouts = Layouts()
private nonisolated(unsafe) var line = ByteBuffer()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count)
  let rest = bytes.extracting(1..<count)
  let choice = Int(bytes.unchecked(0))
  if choice >= 240 {
    if let rules = TimeZoneRules(tzif: rest.copied()) { tryOut(rules) }
    if let rules = TimeZoneRules(rest.decodedString()) { tryOut(rules) }
    return 0
  }
  let box = layouts.boxes[choice % layouts.boxes.count]
  line.removeAll()
  line.append("200|")
  line.append(rest)
  var fields = HttpFields()
  if box.parser.parse(line.bytes, into: &fields) == .event {
    precondition(!CivilTime.rfc3339(fields.time, fractionDigits: 9).isEmpty)
  }
  _ = box.parser.parse(rest, into: &fields)
  return 0
}

/// An offset is one that exists, and local time comes back from it.
private func tryOut(_ rules: TimeZoneRules) {
  for second in stride(from: -3_000_000_000, to: 5_000_000_000, by: 777_777_777) {
    precondition(abs(rules.offset(atUTC: second)) < 1_000_000)
    precondition(abs(rules.utc(local: second) - second) < 1_000_000)
  }
}
