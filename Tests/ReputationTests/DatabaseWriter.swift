import Bytes

/// Writes a small database of MaxMind's format (version 2.0), IPv6 with IPv4 in `::/96`, records of 24 bits.
struct DatabaseWriter {
  enum Value {
    case text(String), word(UInt32), short(UInt16), long(UInt64), map([(String, Value)]), list([Value])
  }
  private enum Branch { case none, node(Int), data(Int) }
  private var nodes: [[Branch]] = [[.none, .none]]
  private var data: [UInt8] = []
  let type: String

  init(type: String) { self.type = type }

  mutating func add(_ network: String, _ value: Value) {
    guard let network = Network(network) else { preconditionFailure("a network") }
    let base = network.base.isIPv4 ? IPAddress(high: 0, low: network.base.low & 0xffff_ffff) : network.base
    let offset = data.count
    Self.encode(value, into: &data)
    var node = 0
    for bit in 0..<network.prefix {
      let word = bit < 64 ? base.high : base.low
      let side = Int(word >> UInt64(63 - bit & 63) & 1)
      if bit == network.prefix - 1 {
        nodes[node][side] = .data(offset)
      } else if case .node(let next) = nodes[node][side] {
        node = next
      } else {
        nodes.append([.none, .none])
        nodes[node][side] = .node(nodes.count - 1)
        node = nodes.count - 1
      }
    }
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for node in nodes {
      for branch in node {
        let value =
          switch branch {
          case .none: nodes.count
          case .node(let next): next
          case .data(let offset): nodes.count + 16 + offset
          }
        bytes += [UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
      }
    }
    bytes += [UInt8](repeating: 0, count: 16) + data
    bytes += [0xab, 0xcd, 0xef] + Array("MaxMind.com".utf8)
    Self.encode(
      .map([
        ("node_count", .word(UInt32(nodes.count))), ("record_size", .short(24)), ("ip_version", .short(6)),
        ("database_type", .text(type)), ("languages", .list([.text("en")])),
        ("binary_format_major_version", .short(2)), ("binary_format_minor_version", .short(0)),
        ("build_epoch", .long(1_700_000_000)), ("description", .map([("en", .text("test"))])),
      ]), into: &bytes)
    return bytes
  }

  private static func encode(_ value: Value, into bytes: inout [UInt8]) {
    func head(_ type: UInt8, _ size: Int) {
      let small = size < 29 ? UInt8(size) : 29
      if type > 7 { bytes += [small, type - 7] } else { bytes.append(type << 5 | small) }
      if size >= 29 { bytes.append(UInt8(size - 29)) }
    }
    func number(_ type: UInt8, _ value: UInt64) {
      var digits: [UInt8] = []
      var rest = value
      while rest > 0 {
        digits.insert(UInt8(rest & 255), at: 0)
        rest >>= 8
      }
      head(type, digits.count)
      bytes += digits
    }
    switch value {
    case .text(let text):
      head(2, text.utf8.count)
      bytes += Array(text.utf8)
    case .short(let value): number(5, UInt64(value))
    case .word(let value): number(6, UInt64(value))
    case .long(let value): number(9, value)
    case .map(let pairs):
      head(7, pairs.count)
      for (key, value) in pairs {
        encode(.text(key), into: &bytes)
        encode(value, into: &bytes)
      }
    case .list(let values):
      head(11, values.count)
      for value in values { encode(value, into: &bytes) }
    }
  }
}
