// libFuzzer's entry for known addresses: the first byte chooses the form of a list, or a record of the topic `reputation`;
// the rest is the list, or the record.

import Bytes
import Detection
import Reputation

private final class Reader {
  let decoder = ReputationDecoder()
  var encoder = ReputationEncoder()
  /// Goes on from one input to the next: what a topic holds is made of many records.
  var published = PublishedAddresses(limit: 64)
}
private nonisolated(unsafe) let reader = Reader()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let rest = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
  let forms = AddressListFormat.allCases
  if Int(start[0]) < 2 * forms.count {
    let form = forms[Int(start[0]) / 2]
    let list = AddressListReader(form, column: 1 + Int(start[0]) % 2, least: 2, limit: 16).read(rest)
    precondition(list.networks.count <= 16 && list.networks.allSatisfy { !$0.isTooWide })
    let changes = reader.published.changes(list: "a", to: list.networks)
    precondition(changes.count <= 16 + reader.published.count)
    return 0
  }
  guard let news = try? reader.decoder.read(rest.span.bytes) else { return 0 }
  reader.published.take(news)
  precondition(reader.published.count <= 64)
  if case .network(let network, let lists, let history) = news {
    // What was read is written and read again as it was.
    var again: ReputationNews?
    reader.encoder.write(network, lists: lists, history: history) { again = try? reader.decoder.read($0) }
    precondition(again == news)
    for time in [Nanoseconds.min, 0, .max] { _ = history?.before(time) }
    var known = KnownAddresses(lists: reader.published.known)
    known.replace(histories: reader.published.histories)
    var attack = Attack(id: "1", kind: .scanning, zone: [], start: history?.last ?? .min, end: .max)
    attack.sources = [Attack.Source(address: network.base, requests: 1, lower: 1, upper: 1)]
    known.describe(&attack)
    precondition(attack.sources[0].note?.score ?? 0 <= 100)
    if start[0] == .max { reader.published.forget(.network(network)) }
  }
  return 0
}
