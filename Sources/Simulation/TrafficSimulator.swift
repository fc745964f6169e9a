// Traffic of a realistic site, line by line, in order of time.

import Bytes

/// What a line is in truth. Absent for ordinary traffic.
public struct LineTruth: Sendable, Equatable {
  /// From 1.
  public var line: Int
  /// Index into `TrafficSimulator.attacks`.
  public var attack: Int
  /// Whether the request carries something hostile itself; otherwise it is one of many.
  public var carriesPayload: Bool
  public var client: IPAddress
}

/// Writes the lines of one simulation. The same configuration gives the same bytes.
///
/// Memory is bounded by the clients under way, never by the number of lines.
public struct TrafficSimulator: ~Copyable {
  public let configuration: SimulationConfiguration
  /// Lines written so far.
  public internal(set) var lines = 0

  let site: Site
  let population: Population
  var random: SeededGenerator
  var queue = EventQueue()
  var actors = ActorPool()
  var request = SimulatedRequest()
  var payload = ByteBuffer(capacity: 4096)
  var scratch = ByteBuffer(capacity: 4096)
  var writer: LineWriter
  var runs: [AttackRun]
  let arrivals: [Arrivals]

  public init(_ configuration: SimulationConfiguration) throws(SimulationError) {
    guard configuration.lines >= 0, configuration.duration >= 1_000_000_000,
      !configuration.start.addingReportingOverflow(configuration.duration).overflow
    else {
      throw SimulationError("lines are at least 0 and the duration at least a second")
    }
    guard !configuration.hosts.isEmpty, configuration.hosts.count <= 10_000 else {
      throw SimulationError("there are 1 to 10,000 hosts")
    }
    self.configuration = configuration
    random = SeededGenerator(seed: configuration.seed)
    site = Site(hosts: configuration.hosts, random: &random)
    population = Population(random: &random)
    writer = LineWriter(format: configuration.format)
    runs = AttackRun.plan(configuration, site: site, population: population, random: &random)
    let planned = runs.reduce(0) { $0 + $1.remaining }
    arrivals = Arrivals.plan(
      lines: max(configuration.lines - planned, 1), start: configuration.start, duration: configuration.duration)
    for (index, run) in runs.enumerated() { queue.push(.attack(Int32(index)), at: run.start) }
    for index in arrivals.indices {
      queue.push(.arrival(Int32(index)), at: configuration.start + Int64(random.exponential(mean: arrivals[index].gap)))
    }
    startResidents(lines: max(configuration.lines - planned, 1))
  }

  /// Appends the next line. Returns false, and appends nothing, after the last.
  public mutating func writeLine(into output: inout ByteBuffer, truth: inout LineTruth?) -> Bool {
    if lines == 0 { writer.writeHeader(into: &output) }
    guard lines < configuration.lines else { return false }
    while let (time, turn) = queue.pop() {
      request.reset()
      request.time = time
      let wrote =
        switch turn {
        case .arrival(let index): arrive(Int(index), at: time)
        case .actor(let slot): act(slot, at: time)
        case .attack(let index): attack(Int(index), at: time)
        }
      guard wrote else { continue }
      lines += 1
      if request.attack >= 0 {
        runs[request.attack].count(request.client, at: time)
        truth = LineTruth(
          line: lines, attack: request.attack, carriesPayload: request.carriesPayload, client: request.client)
      } else {
        truth = nil
      }
      writer.write(request, host: site.hosts[request.host], pool: site.pool, into: &output)
      return true
    }
    return false
  }

  /// Appends lines until `output` holds `limit` bytes or all are written, and the truth about them, as rows of a
  /// table, to `truth`. Returns whether there may be more.
  public mutating func write(upTo limit: Int, into output: inout ByteBuffer, truth rows: inout ByteBuffer) -> Bool {
    var truth: LineTruth?
    while output.count < limit {
      guard writeLine(into: &output, truth: &truth) else { return false }
      if let truth { append(truth, to: &rows) }
    }
    return true
  }

  /// A user agent of client `number`, always the same.
  func browser(of number: Int) -> PoolSlice {
    var bits = SeededGenerator(seed: population.bits(of: number) &+ 1)
    return site.userAgents.browsers[bits.zipf(site.userAgents.browsers.count)]
  }
}
