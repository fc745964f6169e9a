// ns a line of one format over a file held in memory: `bench-parse FILE [FORMAT|auto] [ROUNDS]`.

import Bytes
import Events
import Glibc
import LogFormats

func run() -> Int32 {
  let arguments = CommandLine.arguments
  guard arguments.count > 1, let file = fopen(arguments[1], "rb") else {
    print("usage: bench-parse FILE [FORMAT] [ROUNDS]")
    return 2
  }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 20)
  while case let n = fread(&block, 1, block.count, file), n > 0 { bytes.append(contentsOf: block[..<n]) }
  fclose(file)
  let specification = arguments.count > 2 ? arguments[2] : "auto"
  var chosen: LogFormat?
  if specification == "auto" {
    var detector = FormatDetector()
    detector.feed(text: bytes.span.bytes, isWhole: true)
    let decision = detector.decide()
    print(decision.explanation)
    chosen = decision.format
  } else {
    chosen = try? LogFormat(specification: specification)
  }
  guard let format = chosen else {
    print("no such format")
    return 2
  }
  let rounds = arguments.count > 3 ? Int(arguments[3]) ?? 5 : 5
  var parser = LineParser(format: format, options: ParseOptions())
  var fields = HttpFields()
  var coverage = ParseCoverage()
  var best = Double.infinity
  var lines = 0
  var events = 0
  var checksum: UInt64 = 0
  for _ in 0..<rounds {
    (lines, events) = (0, 0)
    var begin = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin)
    let span = bytes.span.bytes
    var start = 0
    while start < span.byteCount {
      let end = span.firstIndex(of: 0x0a, from: start) ?? span.byteCount
      switch parser.parse(span.extracting(start..<end), into: &fields) {
      case .event: events += 1
      case .unparsed(let reason):
        coverage.countUnparsed(reason, line: span.extracting(start..<end), number: UInt64(lines + 1))
      case .skip, .continuation: break
      }
      checksum &+= UInt64(fields.status) &+ UInt64(fields.userAgent.count) &+ fields.client.low
      lines += 1
      start = end + 1
    }
    var finish = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &finish)
    let spent = Double(finish.tv_sec - begin.tv_sec) * 1e9 + Double(finish.tv_nsec - begin.tv_nsec)
    best = min(best, spent / Double(max(lines, 1)))
  }
  print(
    "\(format.name): \(lines) lines, \(events) events, \(Int(best)) ns a line (best of \(rounds)), checksum \(checksum)"
  )
  for shape in coverage.frequentShapes.prefix(3) {
    print("  \(shape.reason.name): \(String(decoding: shape.example, as: UTF8.self))")
  }
  return 0
}
exit(run())
