// libFuzzer's entry for the rule loader: any bytes as a rule file; what loads is matched against a request, whose target
// is the end of the same bytes.

import Bytes
import Configuration
import Detection

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  _ = try? PipelineFile.load(bytes, file: "p.yaml")
  guard let rules = try? RuleSet.load([("r.yml", bytes)]), !rules.rules.isEmpty else { return 0 }
  var matcher = RuleMatcher(rules, cacheEntries: 16)
  let target = Array(bytes.suffix(512))
  let span = target.span.bytes
  let view = FieldView(target: span, userAgent: span, referrer: span, host: span)
  _ = matcher.match(view)
  matcher.correlate(0, view) { _, _, _ in }
  return 0
}
