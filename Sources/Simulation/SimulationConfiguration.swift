// What to simulate.

import Bytes

public struct SimulationConfiguration: Sendable {
  /// Lines to write, attacks included.
  public var lines = 100_000
  public var seed: UInt64 = 1
  public var format = SimulatedFormat.combined
  /// Of the first possible line; a Monday by default.
  public var start: Nanoseconds = 1_748_822_400_000_000_000
  /// How long the lines take, about.
  public var duration: Nanoseconds = 86_400_000_000_000
  public var attacks: [AttackOrder] = []
  /// Sites, the busiest first.
  public var hosts = ["www.pine-shop.example"]

  public init() {}
}

/// An input that can't be simulated, in words for the user.
public struct SimulationError: Error, CustomStringConvertible, Sendable, Equatable {
  public let description: String
  public init(_ description: String) { self.description = description }
}
