// Who does what next. Threads take the task that is furthest down the line, so that what has been read
// leaves memory before more is read. Parsing runs in any order and on all threads; ordering and analysis
// run one at a time; a partition's pieces run one at a time in their order. So the number of threads
// changes when things happen, and never what happens.

import Bytes
import Events
import LogFiles

/// The order of work; what the work is stands in `Line`.
final class Scheduler: @unchecked Sendable {
  enum Task {
    case analyse(upTo: Nanoseconds)
    case aggregate(Int, [PartitionItem])
    case order(Parcel, following: Parcel?)
    case parse(Parcel)
    case read(SourceLane, Parcel)
  }

  /// What a partition has to do, in order.
  enum PartitionItem {
    case piece(Parcel)
    /// All sources have come so far: these, and those that are still to start.
    case advance(Nanoseconds, sources: [UInt64])
    /// This source has ended.
    case end(UInt64)
    /// All have.
    case close
  }

  struct Partition {
    var queue: [PartitionItem] = []
    var isBusy = false
    var watermark: Nanoseconds = .min
  }

  let line: Line
  let monitor = Monitor()
  private let threads: Int
  private let windowLength: Nanoseconds
  private let slack: Nanoseconds
  private let limits: ClockLimits

  private var waiting: [PlannedFile]
  private var lanes: [SourceLane] = []
  private var lanesMade = 0
  private var idCounts: [UInt64: UInt64] = [:]
  private var parseQueue: [Parcel] = []
  private var partitions: [Partition]
  private var pool: [Parcel] = []
  /// Out of the pool, and of these in the partitions.
  private var inFlight = 0
  private var inPartitions = 0
  /// So many parcels bound the memory, however many sources there are; past it only the source that is behind reads.
  private let parcelLimit: Int
  private var isOrdering = false
  private var isAnalysing = false
  private var analysed: Nanoseconds = .min
  private var announced: Nanoseconds = .min
  private var isDraining = false
  private(set) var isFinished = false
  private(set) var wasInterrupted = false
  private var bytesDone: UInt64 = 0
  private var linesDone: UInt64 = 0
  /// Times of sources that ended and may have come further than those that are still to start.
  private var ended: [Nanoseconds] = []
  private let makeChunker: (_ size: Int) -> LineChunker

  init(
    line: Line, files: [PlannedFile], partitions: Int, threads: Int, windowLength: Nanoseconds, limits: ClockLimits,
    makeChunker: @escaping (_ size: Int) -> LineChunker
  ) {
    self.line = line
    self.threads = max(1, threads)
    self.windowLength = windowLength
    self.limits = limits
    self.makeChunker = makeChunker
    parcelLimit = 24 + 8 * max(1, threads)
    slack = max(limits.maxDisorder, 60 * nanosecondsPerSecond)
    self.partitions = Array(repeating: Partition(), count: partitions)
    // By time; files that hold no time at all come last, in the order they were named.
    waiting = files.sorted {
      let (a, b) = ($0.firstTime ?? .max, $1.firstTime ?? .max)
      return a != b ? a < b : $0.position < $1.position
    }
  }

  /// Runs everything to its end; `report` is called a few times a second on the calling thread.
  func run(report: (_ bytes: UInt64, _ lines: UInt64) -> Void) {
    var workers: [WorkerThread] = []
    for _ in 0..<threads {
      if let worker = WorkerThread({ self.work() }) { workers.append(worker) }
    }
    if workers.isEmpty { work() }
    monitor.lock()
    while !isFinished {
      monitor.wait(milliseconds: 200)
      let (bytes, lines) = (bytesDone, linesDone)
      monitor.unlock()
      report(bytes, lines)
      monitor.lock()
    }
    monitor.unlock()
    for worker in workers { worker.join() }
  }

  private func work() {
    let worker = line.makeWorker()
    monitor.lock()
    while !isFinished {
      guard let task = next() else {
        if isFinished { break }
        monitor.wait()
        continue
      }
      monitor.unlock()
      perform(task, worker)
      monitor.lock()
      complete(task)
      monitor.wakeAll()
    }
    monitor.wakeAll()
    monitor.unlock()
  }

  private func perform(_ task: Task, _ worker: Worker) {
    switch task {
    case .analyse(let watermark): line.analyse(upTo: watermark)
    case .aggregate(let partition, let items): line.aggregate(partition, items)
    case .order(let parcel, let following): line.order(parcel, following: following, worker)
    case .parse(let parcel): line.parse(parcel, worker)
    case .read(let lane, let parcel): line.read(lane, into: parcel)
    }
  }

  // MARK: Under the lock

  private func next() -> Task? {
    if Interruption.isRequested || line.publisher?.hasFailed ?? false, !wasInterrupted { stopReading() }
    if !isAnalysing {
      let watermark = partitions.lazy.map(\.watermark).min() ?? .max
      if watermark > analysed {
        isAnalysing = true
        return .analyse(upTo: watermark)
      }
    }
    // While analysis lags, its input must not pile up.
    if !isAnalysing || !line.isAnalysisBehind {
      for i in partitions.indices where !partitions[i].isBusy && !partitions[i].queue.isEmpty {
        partitions[i].isBusy = true
        let items = partitions[i].queue
        partitions[i].queue.removeAll(keepingCapacity: true)
        return .aggregate(i, items)
      }
    }
    if !isOrdering {
      let before = announced
      if let task = nextToOrder() {
        isOrdering = true
        return task
      }
      // A source that ended may have moved time, and so made work further down.
      if announced != before { return next() }
    }
    // What is compressed is decoded by one thread at a time: the others must not wait for it.
    if parseQueue.count < threads, let task = nextToRead(onlyCompressed: true) { return task }
    if !parseQueue.isEmpty { return .parse(parseQueue.removeFirst()) }
    return nextToRead()
  }

  private func complete(_ task: Task) {
    switch task {
    case .analyse(let watermark):
      isAnalysing = false
      analysed = watermark
      if watermark == .max { isFinished = true }
    case .aggregate(let partition, let items):
      partitions[partition].isBusy = false
      for item in items {
        switch item {
        case .piece(let parcel):
          inPartitions -= 1
          release(parcel)
        case .advance(let watermark, _): partitions[partition].watermark = watermark
        case .end: break
        case .close: partitions[partition].watermark = .max
        }
      }
    case .order(let parcel, _):
      isOrdering = false
      let lane = parcel.source
      linesDone += UInt64(parcel.tally.lines)
      lane.pieces.removeFirst()
      lane.wantsFollowing = false
      // Windows close between chunks, never inside one: so a file's end in the middle of a chunk moves nothing.
      if parcel.chunk.number != lane.lastNumber {
        lane.lastNumber = parcel.chunk.number
        lane.settled = parcel.watermarkBefore
        advance(to: watermark())
      }
      let partition = Int((lane.spread &+ parcel.chunk.number) % UInt64(partitions.count))
      partitions[partition].queue.append(.piece(parcel))
      inPartitions += 1
    case .parse(let parcel): parcel.isParsed = true
    case .read(let lane, let parcel):
      lane.isReading = false
      bytesDone += lane.newBytes
      lane.newBytes = 0
      if lane.hasPiece {
        lane.pieces.append(parcel)
        parseQueue.append(parcel)
      } else {
        lane.fileEnded = true
        release(parcel)
      }
    }
  }

  /// The next piece to order: of the source that is furthest behind. Decided by what the sources hold, never by
  /// which piece happens to be ready first.
  private func nextToOrder() -> Task? {
    while true {
      guard let lane = lanes.min(by: { ($0.time, $0.index) < ($1.time, $1.index) }) else {
        if !waiting.isEmpty {
          start(waiting.removeFirst())
          continue
        }
        if !isDraining {
          isDraining = true
          announced = .max
          for i in partitions.indices { partitions[i].queue.append(.close) }
        }
        return nil
      }
      if let file = waiting.first, let first = file.firstTime, first < lane.time.minusSaturating(slack) {
        // It overlaps what is being read: another host's.
        start(waiting.removeFirst())
        continue
      }
      if let parcel = lane.pieces.first {
        guard parcel.isParsed else { return nil }
        var clock = lane.clock
        if clock.pass(parcel.run) != nil || parcel.chunk.endsFile { return .order(parcel, following: nil) }
        // The stamps jump: what follows them decides.
        if lane.pieces.count > 1 { return lane.pieces[1].isParsed ? .order(parcel, following: lane.pieces[1]) : nil }
        lane.wantsFollowing = !lane.fileEnded
        return lane.fileEnded ? .order(parcel, following: nil) : nil
      }
      guard lane.fileEnded, !lane.isReading else { return nil }
      if let next = continuation(of: lane) {
        lane.goOn(with: next)
      } else if !lane.isFlushing, !wasInterrupted, lane.carry?.holdsLine ?? false {
        // A line that a container's runtime began and never ended.
        lane.isFlushing = true
        lane.fileEnded = false
      } else {
        lanes.removeAll { $0 === lane }
        if let time = lane.clock.time { ended.append(time) }
        for i in partitions.indices { partitions[i].queue.append(.end(lane.id)) }
        if !lanes.isEmpty || !waiting.isEmpty { advance(to: watermark()) }
      }
    }
  }

  /// The file that goes on where the source's last one ended: the first to begin then or later.
  private func continuation(of lane: SourceLane) -> PlannedFile? {
    let index = waiting.firstIndex {
      guard let first = $0.firstTime else { return false }
      return first >= lane.time.minusSaturating(slack) && $0.formatIndex == lane.file.formatIndex
    }
    return index.map { waiting.remove(at: $0) }
  }

  private func start(_ file: PlannedFile) {
    let count = idCounts[file.headHash, default: 0]
    idCounts[file.headHash] = count + 1
    let id = SourceLane.id(headHash: file.headHash, count: count)
    let chunker = makeChunker(chunkSize(for: file))
    lanes.append(SourceLane(id: id, index: lanesMade, file: file, chunker: chunker, limits: limits))
    lanesMade += 1
  }

  /// Each source may be ahead of the slowest by two chunks, and what they span stays open in the partitions: so the more
  /// sources overlap, the smaller are their chunks. A file overlaps those that are being read, those that were read past
  /// its begin, and those that begin within the span of a chunk of it.
  ///
  /// Which these are when a file is begun follows from what the files hold, so the cuts do too.
  private func chunkSize(for file: PlannedFile) -> Int {
    var overlapping = lanes.count + 1
    if let first = file.firstTime {
      ended.removeAll { $0 < first }
      let end = first.plusSaturating(file.chunkSpan)
      // They wait by time.
      overlapping += ended.count + waiting.prefix { $0.firstTime.map { $0 < end } ?? false }.count
    }
    return max(Self.smallestChunk, LineChunker.defaultChunkSize * Self.wholeChunks / max(Self.wholeChunks, overlapping))
  }
  /// Sources that have chunks of full size.
  private static let wholeChunks = 8
  /// Bytes. A clock wants to see some lines at a time.
  private static let smallestChunk = 4 << 10

  /// What no event of any source will be older than.
  private func watermark() -> Nanoseconds {
    var watermark = Nanoseconds.max
    for lane in lanes { watermark = min(watermark, lane.settled) }
    for file in waiting {
      if let first = file.firstTime { watermark = min(watermark, first.minusSaturating(limits.maxDisorder)) }
    }
    // The end of time is said once, when all is read.
    return min(watermark, .max - 1)
  }

  private func advance(to watermark: Nanoseconds) {
    let passes =
      announced == .min
      || CivilTime.floorDivide(watermark, windowLength)
        > CivilTime.floorDivide(announced, windowLength)
    guard watermark > announced, passes else { return }
    announced = watermark
    let sources = lanes.map(\.id)
    for i in partitions.indices { partitions[i].queue.append(.advance(watermark, sources: sources)) }
  }

  private func nextToRead(onlyCompressed: Bool = false) -> Task? {
    let share = max(3, (2 + 3 * threads) / max(1, lanes.count))
    var best: SourceLane?
    if inFlight >= parcelLimit {
      guard !onlyCompressed, inPartitions < parcelLimit,
        let lane = lanes.min(by: { ($0.time, $0.index) < ($1.time, $1.index) }),
        !lane.isReading, !lane.fileEnded, lane.pieces.isEmpty || (lane.wantsFollowing && lane.pieces.count == 1)
      else { return nil }
      return read(lane)
    }
    for lane in lanes where !lane.isReading && !lane.fileEnded && lane.inFlight < share {
      if onlyCompressed, lane.reader.map({ $0.compression == .none }) ?? true { continue }
      if best.map({ (lane.pieces.count, lane.time, lane.index) < ($0.pieces.count, $0.time, $0.index) }) ?? true {
        best = lane
      }
    }
    return best.map { read($0) }
  }

  private func read(_ lane: SourceLane) -> Task {
    lane.isReading = true
    lane.inFlight += 1
    inFlight += 1
    let parcel = pool.popLast() ?? Parcel(source: lane, maxDisorder: limits.maxDisorder)
    parcel.begin(lane)
    return .read(lane, parcel)
  }

  private func release(_ parcel: Parcel) {
    parcel.source.inFlight -= 1
    inFlight -= 1
    pool.append(parcel)
  }

  private func stopReading() {
    wasInterrupted = true
    waiting.removeAll()
    for lane in lanes { lane.fileEnded = true }
  }
}
