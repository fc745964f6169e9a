// A format's state between two lines, as bytes: for whoever stops in the middle of a file and goes on later.

import Bytes

extension FormatState {
  private static let version: UInt8 = 1

  /// As bytes that `init(encoded:)` reads; none where there is nothing to carry.
  public var encoded: [UInt8] {
    if self == FormatState() { return [] }
    var bytes = [Self.version]
    func append(_ value: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
    append(UInt64(bitPattern: lastTime))
    for held in [heldOutput, heldErrors] {
      append(UInt64(held.count))
      bytes += held
    }
    if let columns {
      append(UInt64(columns.fields.count))
      // By name: the numbers of fields are nobody's contract.
      for field in columns.fields { bytes += Array("\(field)".utf8) + [0] }
    }
    return bytes
  }

  /// nil where the bytes are damaged or of another version.
  public init?(encoded bytes: [UInt8]) {
    self.init()
    if bytes.isEmpty { return }
    guard bytes[0] == Self.version else { return nil }
    var at = 1
    func number() -> UInt64? {
      guard bytes.count - at >= 8 else { return nil }
      var value: UInt64 = 0
      for i in 0..<8 { value |= UInt64(bytes[at + i]) << UInt64(i * 8) }
      at += 8
      return value
    }
    func run() -> [UInt8]? {
      guard let count = number(), count <= UInt64(bytes.count - at) else { return nil }
      defer { at += Int(count) }
      return Array(bytes[at..<at + Int(count)])
    }
    guard let time = number(), let output = run(), let errors = run() else { return nil }
    (lastTime, heldOutput, heldErrors) = (Int64(bitPattern: time), output, errors)
    if at == bytes.count { return }
    guard let count = number(), count <= 256 else { return nil }
    let names = bytes[at...].split(separator: 0, maxSplits: Int(count), omittingEmptySubsequences: false)
    guard names.count == Int(count) + 1, names.last?.isEmpty ?? false else { return nil }
    var columns = W3CColumns()
    for name in names.dropLast() {
      let text = String(decoding: name, as: UTF8.self)
      guard let field = Field.allCases.first(where: { "\($0)" == text }) else { return nil }
      columns.fields.append(field)
    }
    self.columns = columns
  }
}
