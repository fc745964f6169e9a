// All that matched a request, where a verdict keeps the strongest only: for those who compare rule sets.

import Bytes
import CapnProto
import Events
import Rollups

extension RequestScorer {
  /// The loaded rules that match event number `index` of the batch that was classified last, those that only serve
  /// correlations included: indices into `rules`, ascending. O(patterns found in the event's values).
  public mutating func matchedRules(_ index: Int, _ event: borrowing HttpEvent) throws(WireError) -> [UInt16] {
    guard isScanned else { return [] }
    let view = try FieldView(event)
    return matcher.allMatches(index, view).sorted()
  }
}

extension HttpEvent {
  /// The method as it stands in the request line, `-` where there is none; at most 64 bytes.
  public var methodName: [UInt8] {
    get throws(WireError) {
      guard method == .unknown, hasExtra else { return method.bytes }
      let text = try extra.methodText
      return text.byteCount > 0 ? [UInt8](copying: text.extracting(0..<min(text.byteCount, 64))) : method.bytes
    }
  }
}
