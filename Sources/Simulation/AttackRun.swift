// One attack: who takes part, when, how much, and what is left to send.

import Bytes

/// An attack as it was written, for the truth.
public struct SimulatedAttack: Sendable {
  /// `KIND-NUMBER`.
  public var id: String
  public var kind: SimulatedAttackKind
  /// The site it goes against.
  public var zone: String
  /// Time of its first and last line written; 0 where none was.
  public var start: Nanoseconds
  public var end: Nanoseconds
  public var requests: Int
  /// Every address that sent something, in the order of the plan.
  public var sources: [IPAddress]
}

struct AttackRun: Sendable {
  var id: String
  var kind: SimulatedAttackKind
  var host: Int
  var start: Nanoseconds
  /// Mean time between requests, ns.
  var gap: Double
  var remaining: Int
  var sources: [IPAddress]
  var used: [Bool]
  var userAgents: [PoolSlice]
  /// Chance of its own: what an attack sends does not depend on the traffic around it.
  var random: SeededGenerator
  var step = 0
  /// The tool's habits: encoding, target, depth.
  var habit: UInt64
  var first: Nanoseconds = 0
  var last: Nanoseconds = 0
  var written = 0

  /// Requests, sources and seconds of each kind at intensity 1. Seconds of 0 mean nearly the whole simulation.
  static func shape(_ kind: SimulatedAttackKind) -> (requests: Double, sources: Int, seconds: Double) {
    switch kind {
    case .sqli: (380, 2, 110)
    case .nosqli: (90, 1, 60)
    case .xss: (220, 2, 90)
    case .traversal: (240, 2, 60)
    case .cmdi: (150, 1, 70)
    case .ssti: (80, 1, 50)
    case .log4shell: (90, 12, 600)
    case .ssrf: (70, 1, 60)
    case .xxe: (40, 1, 60)
    case .crlf: (50, 1, 40)
    case .webshell: (160, 2, 120)
    case .secrets: (260, 2, 80)
    case .scan: (1_600, 1, 100)
    case .bruteforce: (900, 1, 400)
    case .credentialStuffing: (2_400, 240, 900)
    case .flood: (0, 2, 120)
    case .distributedFlood: (0, 420, 180)
    case .scraping: (3_200, 3, 1_500)
    case .cacheBusting: (2_600, 40, 150)
    case .slow: (320, 30, 600)
    case .errorStorm: (1_400, 8, 120)
    case .quietCampaign: (450, 150, 0)
    case .quietBruteforce: (600, 30, 0)
    case .formSpam: (600, 60, 1_800)
    }
  }

  mutating func count(_ client: IPAddress, at time: Nanoseconds) {
    if written == 0 { first = time }
    last = time
    written += 1
  }

  static func plan(
    _ configuration: SimulationConfiguration, site: Site, population: Population, random: inout SeededGenerator
  ) -> [AttackRun] {
    var random = random.split()
    let seconds = Double(configuration.duration) / 1e9
    let ordinary = Double(configuration.lines) / seconds
    var numbers: [SimulatedAttackKind: Int] = [:]
    var runs: [AttackRun] = []
    for order in configuration.attacks {
      for _ in 0..<order.count {
        let number = numbers[order.kind, default: 0] + 1
        numbers[order.kind] = number
        var (requests, sources, length) = shape(order.kind)
        // Quick ones keep their pace in a short simulation and are cut; quiet ones stretch over the whole.
        length = length == 0 ? seconds * 0.85 : min(length, seconds * 0.5)
        switch order.kind {
        case .flood: requests = max(ordinary * 22, 45) * length
        case .distributedFlood: requests = max(ordinary * 26, 60) * length
        default: break
        }
        requests *= order.intensity
        var run = AttackRun(
          id: "\(order.kind.rawValue)-\(number)", kind: order.kind, host: random.zipf(configuration.hosts.count),
          start: 0, gap: length * 1e9, remaining: max(1, Int(requests)), sources: [], used: [], userAgents: [],
          random: random.split(), habit: random.next())
        let latest = max(0.02, 0.9 - length / seconds)
        let begin = 0.04 + random.unit() * max(0, latest - 0.04)
        run.start = configuration.start + Int64(begin * Double(configuration.duration))
        for _ in 0..<sources {
          // Botnets live on access networks, tools at hosting companies.
          run.sources.append(
            sources > 5
              ? population.address(of: 20_000_000 + random.below(50_000_000)) : population.hosting(&random))
          let agents = site.userAgents
          let isTool = sources <= 5 && random.chance(0.4)
          run.userAgents.append(
            isTool
              ? agents.tools[random.below(agents.tools.count)] : agents.browsers[random.zipf(agents.browsers.count)])
        }
        run.used = Array(repeating: false, count: sources)
        runs.append(run)
      }
    }
    // Attacks are part of the traffic, not most of it.
    let planned = runs.reduce(0.0) { $0 + Double($1.remaining) }
    let most = Double(configuration.lines) * 0.4
    let scale = planned > most ? most / planned : 1
    for i in runs.indices {
      let length = runs[i].gap
      runs[i].remaining = max(1, Int(Double(runs[i].remaining) * scale))
      runs[i].gap = length / Double(runs[i].remaining)
    }
    return runs
  }
}

extension TrafficSimulator {
  /// The attacks as far as they were written.
  public var attacks: [SimulatedAttack] {
    runs.map { run in
      SimulatedAttack(
        id: run.id, kind: run.kind, zone: configuration.hosts[run.host], start: run.first, end: run.last,
        requests: run.written, sources: zip(run.sources, run.used).filter(\.1).map(\.0))
    }
  }

  /// One request of attack `index`; the next is planned.
  mutating func attack(_ index: Int, at now: Nanoseconds) -> Bool {
    guard runs[index].remaining > 0 else { return false }
    runs[index].remaining -= 1
    let kind = runs[index].kind
    let source = pickSource(index)
    runs[index].used[source] = true
    request.attack = index
    request.client = runs[index].sources[source]
    request.host = runs[index].host
    request.httpVersion = 11
    request.duration = UInt64(2_000 + runs[index].random.below(40_000))
    request.bytes = UInt64(300 + runs[index].random.below(6_000))
    let agent = runs[index].userAgents[source]
    switch kind {
    case .sqli, .nosqli, .xss, .traversal, .cmdi, .ssti, .log4shell, .ssrf, .xxe, .crlf, .quietCampaign:
      request.carriesPayload = true
      inject(kind, index)
    case .webshell, .secrets, .scan:
      request.carriesPayload = true
      probe(kind, index)
    case .bruteforce, .quietBruteforce, .credentialStuffing: logIn(kind, index)
    default: press(kind, index)
    }
    if request.userAgent.count == 0 { request.userAgent.append(agent, of: site.pool) }
    runs[index].step += 1
    if runs[index].remaining > 0 {
      // Tools send in bursts; what is spread over the whole time comes at random.
      let gap = runs[index].gap
      queue.push(.attack(Int32(index)), at: now + max(1, Int64(runs[index].random.exponential(mean: gap))))
    }
    return true
  }

  private mutating func pickSource(_ index: Int) -> Int {
    let count = runs[index].sources.count
    switch runs[index].kind {
    // One after the other, so that each sends about as much.
    case .quietCampaign, .quietBruteforce, .credentialStuffing, .scraping: return runs[index].step % count
    default: return runs[index].random.below(count)
    }
  }
}
