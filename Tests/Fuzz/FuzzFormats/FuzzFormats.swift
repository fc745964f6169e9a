// libFuzzer's entry for the formats. The input's first line names a format as `--format` does, or is anything, which
// must then be refused; the lines after it are read in that format.

import Bytes
import Events
import LogFormats

/// Parsers of the table's formats stay, so that what a line leaves behind meets the next.
private final class Shelf {
  final class Box {
    var parser: LineParser
    init(_ format: LogFormat) {
      parser = LineParser(
        format: format, options: ParseOptions(trustedProxies: [Network(IPAddress(v4: 0x0a00_0000), prefix: 104)]))
    }
  }
  var boxes: [String: Box] = [:]

  func box(_ name: String) -> Box? {
    if let box = boxes[name] { return box }
    guard let format = try? LogFormat(specification: name) else { return nil }
    let box = Box(format)
    if boxes.count < 256, format.qualifiedName == name { boxes[name] = box }
    return box
  }
}

private nonisolated(unsafe) let shelf = Shelf()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count)
  let nameEnd = bytes.firstIndex(of: 0x0a) ?? count
  let name = bytes.extracting(0..<nameEnd).decodedString()
  guard let box = shelf.box(name) else { return 0 }
  var carry: FormatState?
  var fields = HttpFields()
  var from = nameEnd + 1
  while from < count {
    let end = bytes.firstIndex(of: 0x0a, from: from) ?? count
    let line = bytes.extracting(from..<end)
    if box.parser.parse(line, into: &fields) == .event { check(fields, line, box.parser.scratch) }
    carry = box.parser.carried
    from = end + 1
  }
  if let carry { box.parser.restore(carry) }
  // Nothing of this input may reach the next one.
  box.parser.restore(FormatState())
  return 0
}

/// Every range must lie in what it says it lies in.
private func check(_ fields: HttpFields, _ line: RawSpan, _ scratch: RawSpan) {
  for range in [
    fields.host, fields.target, fields.userAgent, fields.referrer, fields.remoteUser, fields.methodText,
    fields.contentType, fields.cookie, fields.body, fields.tlsFingerprint, fields.upstream,
  ] {
    let size = range.inScratch ? scratch.byteCount : line.byteCount
    precondition(range.offset + Int(range.count) <= size)
  }
}
