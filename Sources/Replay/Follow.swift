// `--follow`: the whole line live on one box, on one thread. Windows advance by the time in the lines; only
// here, where nothing has come for a while, does the clock on the wall close them.

import Bytes
import Detection
import Events
import LogFiles
import LogFormats
import Pipelines
import Reports

#if canImport(Glibc)
  import Glibc
#endif

final class Follow {
  private let options: ReplayOptions
  private let line: Line
  private let worker: Worker
  private var tails: [Tail] = []
  private var announced: Nanoseconds = .min
  private var found = 0
  private let output: OutputFile
  private var lastData = Progress.now()

  private final class Tail {
    let reader: TailReader
    let lane: SourceLane
    var hasFormat = false
    init(reader: TailReader, lane: SourceLane) { (self.reader, self.lane) = (reader, lane) }
  }

  init(_ options: ReplayOptions) throws {
    self.options = options
    line = try Line(options, formats: options.format.map { [$0] } ?? [])
    worker = line.makeWorker()
    output = try OutputFile(path: options.output ?? "-")
  }

  func run() throws -> ReplayCommand.Status {
    for cost in line.costlyRules { ReplayCommand.say("millrace-replay: \(cost)") }
    guard !options.files.contains("-") else {
      throw SetupError("--follow needs files; standard input is read as it comes without it")
    }
    if options.html != nil || options.json != nil || options.report == .html {
      throw SetupError(
        "--follow prints attacks as they come and makes no report at an end: --report json gives a line of JSON each")
    }
    line.analysis.told = { attacks in self.tell(attacks) }
    try lookForFiles(isStart: true)
    let watcher = DirectoryWatcher(paths: options.files)
    var lastLook = Progress.now()
    while !Interruption.isRequested {
      if try readAll() {
        lastData = Progress.now()
      } else {
        closeIdle()
        if let failure = output.failure { throw failure }
        watcher.wait(milliseconds: 250)
      }
      if Progress.now() - lastLook > 2 {
        lastLook = Progress.now()
        try lookForFiles(isStart: false)
      }
    }
    return try finish()
  }

  /// Opens what the arguments name and is not yet followed.
  private func lookForFiles(isStart: Bool) throws {
    let paths: [String]
    do throws(LogFileError) { paths = try InputFiles.expand(options.files) } catch {
      // Between the two steps of a rotation a file is not there.
      if isStart { throw error }
      return
    }
    for path in paths where !tails.contains(where: { $0.reader.path == path }) {
      if isStart, let compression = Self.compression(of: path) {
        // A pattern such as '*.log*' names archives too: they do not grow.
        guard paths.count > 1 else {
          throw SetupError("\(printable(path)): \(compression.rawValue) data does not grow; replay it without --follow")
        }
        if !options.isQuiet { ReplayCommand.say("\(printable(path)): \(compression.rawValue) data, not followed") }
      }
      if Self.compression(of: path) != nil { continue }
      let reader = TailReader(path: path, maxLine: options.line.maxLine)
      let file = reader.currentFile
      // A rotated file under its new name.
      if !isStart, tails.contains(where: { $0.reader.currentFile == file }) { continue }
      let hash = KeyedHash(key: 0x6865_6164).hash(file.device, file.inode)
      let planned = PlannedFile(followed: path, position: tails.count, headHash: hash)
      tails.append(
        Tail(
          reader: reader,
          lane: SourceLane(
            id: hash, index: tails.count, file: planned, chunker: LineChunker(), limits: options.line.clock)))
    }
  }

  private static func compression(of path: String) -> Compression? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: 6)
    let n = read(descriptor, &head, head.count)
    let compression = head[..<max(0, n)].withUnsafeBytes { Compression(magic: $0) }
    return compression == .none ? nil : compression
  }

  /// Takes one piece from each file that has one; false if none has.
  private func readAll() throws -> Bool {
    var any = false
    for tail in tails {
      let parcel = Parcel(source: tail.lane, maxDisorder: options.line.clock.maxDisorder)
      switch tail.reader.next(into: parcel.chunk) {
      case .idle: continue
      case .rotated:
        any = true
        tail.lane.nextLine = 1
      case .piece:
        any = true
        try take(parcel, tail)
      }
    }
    return any
  }

  private func take(_ parcel: Parcel, _ tail: Tail) throws {
    if !tail.hasFormat {
      guard let format = format(of: parcel.chunk, path: tail.reader.path) else { return }
      tail.lane.file.formatIndex = line.addFormat(format, to: worker)
      tail.hasFormat = true
    }
    line.carry(tail.lane, parcel)
    handOn(parcel, tail.lane)
  }

  private func handOn(_ parcel: Parcel, _ lane: SourceLane) {
    line.parse(parcel, worker)
    line.order(parcel, following: nil, worker)
    lane.settled = lane.clock.lowWatermark
    lane.lastNumber = parcel.chunk.number
    let partitions = UInt64(options.line.partitions)
    line.aggregate(Int((lane.spread &+ parcel.chunk.number) % partitions), [.piece(parcel)])
    advance(to: tails.lazy.filter { $0.lane.clock.time != nil }.map(\.lane.settled).min() ?? .min)
  }

  private func format(of chunk: TextChunk, path: String) -> LogFormat? {
    if let format = options.format { return format }
    var detector = FormatDetector(options: options.parse)
    detector.feed(text: chunk.bytes, isWhole: true)
    let answer = detector.decide()
    if !options.isQuiet { ReplayCommand.say("\(printable(path)): \(answer.explanation)") }
    return answer.format
  }

  private func advance(to watermark: Nanoseconds) {
    let length = options.line.windowLength
    guard watermark > announced,
      announced == .min || CivilTime.floorDivide(watermark, length) > CivilTime.floorDivide(announced, length)
    else { return }
    announced = watermark
    for partition in 0..<options.line.partitions {
      line.aggregate(partition, [.advance(watermark, sources: [])])
    }
    line.analyse(upTo: watermark)
  }

  /// After a silence the windows that its length has passed are complete.
  private func closeIdle() {
    let idle = Progress.now() - lastData
    guard idle > 2, let latest = tails.compactMap(\.lane.clock.time).max() else { return }
    let passed = Nanoseconds(idle * 1e9)
    advance(to: latest.plusSaturating(passed).minusSaturating(options.line.clock.maxDisorder))
  }

  private func tell(_ attacks: [Attack]) {
    var text = ByteBuffer(capacity: 4096)
    let isShown = options.output == nil && isatty(1) == 1
    let width = isShown ? ReplayCommand.terminalWidth(1) : nil
    for attack in attacks {
      if attack.state == .started { found += 1 }
      if options.report == .json {
        JSONReport.line(attack, into: &text)
      } else {
        LiveReport.line(attack, width: width ?? 0, color: options.usesColor(onTerminal: isShown), into: &text)
      }
    }
    output.write(text.bytes)
    output.flush()
  }

  private func finish() throws -> ReplayCommand.Status {
    for lane in tails.map(\.lane) where lane.carry?.holdsLine ?? false {
      let parcel = Parcel(source: lane, maxDisorder: options.line.clock.maxDisorder)
      parcel.endsSource = true
      parcel.stateBefore = lane.carry?.finish()
      handOn(parcel, lane)
    }
    for partition in 0..<options.line.partitions { line.aggregate(partition, [.close]) }
    line.analyse(upTo: .max)
    _ = line.analysis.finish()
    try line.deadLetters?.close()
    try line.verdicts?.close()
    if let path = options.sources {
      let list = try OutputFile(path: path)
      try line.analysis.writeSources(to: list)
      try list.close()
    }
    try output.close()
    return options.failsOnAttack && found > 0 ? .attacked : .done
  }
}

/// Wakes when something happens in the directories of some files; at the latest after the time given, so that file
/// systems without notification are followed as well.
final class DirectoryWatcher {
  private let descriptor: Int32

  init(paths: [String]) {
    descriptor = inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK))
    guard descriptor >= 0 else { return }
    for path in paths {
      let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      inotify_add_watch(
        descriptor, directory.isEmpty ? "/" : directory,
        UInt32(IN_MODIFY) | UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM))
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func wait(milliseconds: Int32) {
    guard descriptor >= 0 else {
      usleep(UInt32(milliseconds) * 1000)
      return
    }
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&poller, 1, milliseconds) > 0 else { return }
    var events = [UInt8](repeating: 0, count: 16 << 10)
    while read(descriptor, &events, events.count) > 0 {}
  }
}
