// `--sources`: every address that any attack counts, however many there are. Past a bound they go to
// temporary files in sorted runs, which are merged at the end.

import Bytes
import Detection

#if canImport(Glibc)
  import Glibc
#endif

/// Collects sources of attacks and writes them by address.
struct SourceLedger: AttackSourceSink {
  /// One address's part in one attack, of fixed size, so that a run is an array on disk.
  struct Entry: BitwiseCopyable {
    var high: UInt64
    var low: UInt64
    /// The attack's id: 16 hexadecimal digits.
    var attack: UInt64
    var requests: UInt64
    var first: Int64
    var last: Int64
    var confidence: Double
    var kind: UInt8

    static func precedes(_ a: Entry, _ b: Entry) -> Bool {
      (a.high, a.low, a.attack) < (b.high, b.low, b.attack)
    }
    func isSame(_ other: Entry) -> Bool { high == other.high && low == other.low && attack == other.attack }

    mutating func add(_ other: Entry) {
      let (sum, overflow) = requests.addingReportingOverflow(other.requests)
      requests = overflow ? .max : sum
      first = min(first, other.first)
      last = max(last, other.last)
      confidence = max(confidence, other.confidence)
    }
  }

  private let bound: Int
  private var entries: [Entry] = []
  private var runs: [SpilledRun] = []
  private(set) var failure: OutputError?

  /// - Parameter bound: Entries held in memory.
  init(bound: Int = 200_000) { self.bound = max(2, bound) }

  /// Runs written to temporary files so far.
  var spilledRuns: Int { runs.count }

  mutating func record(_ source: AttackSource) {
    entries.append(
      Entry(
        high: source.address.high, low: source.address.low, attack: UInt64(source.attack, radix: 16) ?? 0,
        requests: source.requests, first: source.first, last: source.last, confidence: source.confidence,
        kind: UInt8(AttackKind.allCases.firstIndex(of: source.kind) ?? 0)))
    if entries.count >= bound {
      compact()
      if entries.count > bound / 2 { spill() }
    }
  }

  /// Sorts, and joins what is told of the same address and attack.
  private mutating func compact() {
    entries.sort(by: Entry.precedes)
    var kept = 0
    for entry in entries {
      if kept > 0, entries[kept - 1].isSame(entry) {
        entries[kept - 1].add(entry)
      } else {
        entries[kept] = entry
        kept += 1
      }
    }
    entries.removeLast(entries.count - kept)
  }

  private mutating func spill() {
    do throws(OutputError) {
      runs.append(try SpilledRun(entries))
    } catch {
      failure = error
    }
    entries.removeAll(keepingCapacity: true)
  }

  /// Writes all addresses in order, one a line.
  mutating func write(to output: OutputFile) throws(OutputError) {
    if let failure { throw failure }
    compact()
    output.write("address\tattacks\tkinds\trequests\tfirst\tlast\tconfidence\n")
    var next = 0
    var address: [Entry] = []
    for run in runs { run.rewind() }
    while true {
      // The smallest of the heads. Runs are few: each holds half the bound at least.
      var best: Entry? = next < entries.count ? entries[next] : nil
      var from = -1
      for (number, run) in runs.enumerated() {
        if let head = run.head, best.map({ Entry.precedes(head, $0) }) ?? true {
          best = head
          from = number
        }
      }
      guard let entry = best else { break }
      if from < 0 { next += 1 } else { runs[from].advance() }
      if let last = address.last, last.high != entry.high || last.low != entry.low {
        Self.write(address, to: output)
        address.removeAll(keepingCapacity: true)
      }
      if let last = address.indices.last, address[last].isSame(entry) {
        address[last].add(entry)
      } else {
        address.append(entry)
      }
    }
    Self.write(address, to: output)
  }

  private static func write(_ entries: [Entry], to output: OutputFile) {
    guard let head = entries.first else { return }
    var all = head
    for entry in entries.dropFirst() { all.add(entry) }
    let ids = entries.map { entry in
      let hex = String(entry.attack, radix: 16)
      return String(repeating: "0", count: 16 - hex.utf8.count) + hex
    }
    let kinds = AttackKind.allCases.enumerated().filter { number, _ in entries.contains { Int($0.kind) == number } }
    let hundredths = Int((min(max(all.confidence, 0), 1) * 100).rounded())
    let confidence = hundredths == 100 ? "1.00" : "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
    output.write(
      "\(IPAddress(high: head.high, low: head.low))\t\(ids.joined(separator: ","))\t"
        + "\(kinds.map(\.element.rawValue).joined(separator: ","))\t\(all.requests)\t\(CivilTime.rfc3339(all.first))\t"
        + "\(CivilTime.rfc3339(all.last))\t\(confidence)\n")
  }
}

/// A sorted run in a temporary file that has no name: it goes when the program does.
final class SpilledRun {
  private let descriptor: Int32
  private var buffer: [SourceLedger.Entry] = []
  private var position = 0
  private var offset: Int64 = 0
  private let total: Int
  private static let stride = MemoryLayout<SourceLedger.Entry>.stride

  init(_ entries: [SourceLedger.Entry]) throws(OutputError) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/millrace-sources-XXXXXX".utf8CString)
    descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
    total = entries.count
    guard descriptor >= 0 else { throw OutputError(path: folder, call: "mkstemp", code: errno) }
    unlink(template)
    var written = 0
    let bytes = entries.count * Self.stride
    while written < bytes {
      let n = entries.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, bytes - written) }
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { throw OutputError(path: folder, call: "write", code: errno) }
      written += n
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  var head: SourceLedger.Entry? { position < buffer.count ? buffer[position] : nil }

  func rewind() {
    offset = 0
    fill()
  }

  func advance() {
    position += 1
    if position >= buffer.count { fill() }
  }

  private func fill() {
    position = 0
    let count = min(4096, total - Int(offset) / Self.stride)
    buffer = []
    guard count > 0 else { return }
    let empty = SourceLedger.Entry(
      high: 0, low: 0, attack: 0, requests: 0, first: 0, last: 0, confidence: 0, kind: 0)
    buffer = Array(repeating: empty, count: count)
    let n = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
    buffer.removeLast(buffer.count - max(0, n) / Self.stride)
    offset += Int64(buffer.count * Self.stride)
  }
}
