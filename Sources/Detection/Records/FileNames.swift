// Names of files, each once in a record.

import Bytes
import CapnProto

struct FileNames {
  private(set) var names: [[UInt8]] = []
  private var places: [[UInt8]: UInt32] = [:]

  mutating func place(of name: [UInt8]) -> UInt32 {
    if let place = places[name] { return place }
    let place = UInt32(truncatingIfNeeded: names.count)
    places[name] = place
    names.append(name)
    return place
  }

  func write(to list: DataListBuilder) {
    for (i, name) in names.enumerated() { list.set(i, name.span.bytes) }
  }

  init() {}

  init(_ list: borrowing DataList, in record: Int) throws(RecordError) {
    try checkCount(list.count, in: record, "file names")
    do throws(WireError) {
      for i in 0..<list.count { names.append(try list[i].copied()) }
    } catch { throw .wire(error) }
  }

  func name(at place: UInt32) throws(RecordError) -> [UInt8] {
    guard Int(place) < names.count else { throw .invalid("evidence of file \(place) of \(names.count)") }
    return names[Int(place)]
  }
}
