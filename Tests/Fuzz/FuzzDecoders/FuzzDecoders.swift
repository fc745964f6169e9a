// libFuzzer's entry for the decoder chain and the injection detectors: the same bytes as target, headers and body.

import Bytes
import Detection
import Events

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let span = bytes.span.bytes
  var normalizer = Normalizer()
  var output = ByteBuffer()
  for kind in [FieldKind.target, .path, .query, .header, .cookie, .body] {
    output.removeAll()
    _ = normalizer.normalize(span, kind: kind, into: &output)
  }
  var scorer = RequestScorer()
  _ = scorer.judge(
    method: .unknown, methodText: span.extracting(first: 8), flags: [], status: 200, host: span, target: span,
    userAgent: span, referrer: span, cookie: span, contentType: span, body: span)
  return 0
}
