// A list of addresses as it was read, and what in it could not be.

import Bytes

/// The networks of one list.
public struct AddressList: Sendable, Equatable {
  /// A line that could not be read.
  public struct Fault: Sendable, Equatable, CustomStringConvertible {
    /// From 1.
    public var line: Int
    public var reason: String
    public var description: String { "line \(line): \(reason)" }
  }
  /// In the list's order; an address is a network of its own.
  public internal(set) var networks: [Network] = []
  /// The first of the faults.
  public internal(set) var faults: [Fault] = []
  /// All of them.
  public internal(set) var faultCount = 0
  /// Networks beyond the limit, left out.
  public internal(set) var dropped = 0

  static let faultsKept = 5

  public mutating func replace(networks: [Network]) { self.networks = networks }

  mutating func complain(_ line: Int, _ reason: String) {
    faultCount += 1
    if faults.count < Self.faultsKept { faults.append(Fault(line: line, reason: reason)) }
  }

  /// Takes one address or network as it stands in the list.
  mutating func take(_ text: ArraySlice<UInt8>, line: Int, limit: Int) {
    guard text.count <= 64, let network = Network(String(decoding: text, as: UTF8.self)) else {
      return complain(line, "'\(Self.shown(text))' is neither an address nor a network")
    }
    guard !network.isTooWide else {
      return complain(line, "\(network) is too wide: an IPv4 /8 and an IPv6 /16 are the widest that are taken")
    }
    if networks.count < limit { networks.append(network) } else { dropped += 1 }
  }

  static func shown(_ text: ArraySlice<UInt8>) -> String {
    printable(String(decoding: text.prefix(40), as: UTF8.self)) + (text.count > 40 ? "..." : "")
  }
}

/// Whether a list may take the place of the one before it.
public enum AddressListChange {
  /// What is wrong with a list that came, or nil.
  ///
  /// A list that comes back empty or much shorter is a server's mistake far more often than the world's change of mind.
  /// - Parameters:
  ///   - count: Networks that it has.
  ///   - before: Networks that the list had before; nil where there was none.
  ///   - leastShare: Of `before`, from 0 to 1, that it must have.
  public static func refusal(count: Int, before: Int?, leastShare: Double) -> String? {
    if count == 0 { return "it holds no address" }
    guard let before, before > 0, Double(count) < Double(before) * leastShare else { return nil }
    return "it holds \(count) networks where there were \(before)"
  }
}
