// The files that are followed: found by patterns, recognised by what is in them, told apart from copies.

import Bytes
import Events
import LogFiles

#if canImport(Glibc)
  import Glibc
#endif

/// What a pipeline names: patterns, and what to leave alone.
struct FilePatterns: Sendable, Equatable {
  var patterns: [String]
  var exclude: [String]
  /// Number of the source in the pipeline.
  var origin: Int
}

/// Something that a person should know.
enum FileNotice: Equatable {
  case followed(path: String, source: UInt64, offset: UInt64)
  case moved(from: String, to: String)
  /// Truncated, or replaced, when it had more than was read: nobody knows how much.
  case cutShort(path: String, read: UInt64, had: UInt64)
  case unreadable(path: String, LogFileError)
  case ended(path: String, lines: UInt64)
}

/// Belongs to the engine's thread. Has no clock: times are given.
final class FileSet {
  private(set) var patterns: [FilePatterns]
  /// Every source of a file: attached ones, and those that an earlier run saved or whose file is gone.
  private(set) var lanes: [Lane] = []
  private var attached: [FoundFile.Key: Lane] = [:]
  private var byPath: [String: Lane] = [:]
  private var ids: Set<UInt64> = []
  /// Files that hold what a followed file holds: copies, looked at again when they change.
  private var copies: [FoundFile.Key: (size: UInt64, changed: Int64)] = [:]
  /// Files that were read to their end and will not grow, with their state then.
  private var ended: [FoundFile.Key: (lane: Lane, size: UInt64, changed: Int64)] = [:]
  /// Archives and files that could not be read, with their state then.
  private var refused: [FoundFile.Key: (size: UInt64, changed: Int64)] = [:]
  private let watch = DirectoryWatch()
  private let limits: ClockLimits
  /// Files kept open at most; the others are opened when they grow.
  private let mostOpen: Int
  private var needsLook = true
  private var nextLook: Int64 = 0
  private let lookInterval: Int64
  var notice: (FileNotice) -> Void = { _ in }

  /// A file that is gone or renamed gets no more lines after so long without one, ns.
  static let linger: Int64 = 2_000_000_000
  /// Looks that names' changes ask for are at least so far apart, ns.
  static let calm: Int64 = 50_000_000

  init(
    _ patterns: [FilePatterns], saved: [SavedSource], limits: ClockLimits, lookInterval: Int64, mostOpen: Int = 512,
    now: Int64
  ) {
    (self.patterns, self.limits, self.lookInterval, self.mostOpen) = (patterns, limits, lookInterval, mostOpen)
    for source in saved where source.kind == .file {
      let lane = Lane(saved: source, origin: -1, limits: limits, now: now)
      lane.movedSince = now
      lanes.append(lane)
      ids.insert(source.id)
      if let other = byPath[lane.path], other.savedAt > source.written { continue }
      byPath[lane.path] = lane
    }
  }

  /// Readable when a file changed; -1 where only looking tells.
  var descriptor: Int32 { watch.descriptor }
  /// When it wants to look again, monotonic.
  var lookDue: Int64 { needsLook ? nextLook - lookInterval + Self.calm : nextLook }

  func replace(patterns: [FilePatterns]) {
    self.patterns = patterns
    needsLook = true
    nextLook = 0
  }

  func lookSoon() { needsLook = true }

  /// Takes in what the kernel noticed, and looks where it is time to.
  func refresh(now: Int64) {
    let changes = watch.take()
    if changes.everything {
      needsLook = true
      for lane in lanes where lane.isAttached { check(lane, now) }
    }
    if changes.names { needsLook = true }
    for path in changes.written {
      if let lane = byPath[path], lane.path == path, lane.isAttached { check(lane, now) } else { needsLook = true }
    }
    if now >= lookDue { look(now) }
  }

  /// Notes whether a lane has text that was not read.
  func check(_ lane: Lane, _ now: Int64) {
    guard lane.isAttached, lane.unreadSince == nil else { return }
    if let text = lane.text {
      guard let end = text.end else {
        lane.unreadSince = now
        return
      }
      if end == lane.position.offset {
        lane.isAtEnd = true
        return
      }
    } else if let found = FoundFile(path: lane.path, origin: lane.origin), found.size == lane.position.offset {
      lane.isAtEnd = true
      return
    }
    lane.isAtEnd = false
    lane.unreadSince = now
  }

  // MARK: Looking

  func look(_ now: Int64) {
    needsLook = false
    nextLook = now &+ lookInterval
    let found = find()
    var directories: Set<String> = []
    for pattern in patterns.flatMap(\.patterns) { directories.insert(Self.directory(of: pattern)) }
    for file in found { directories.insert(Self.directory(of: file.path)) }
    watch.watch(directories.filter { !$0.contains("*") && !$0.contains("?") && !$0.contains("[") })

    var seen: Set<FoundFile.Key> = []
    var strangers: [FoundFile] = []
    for file in found where seen.insert(file.key).inserted {
      if let lane = attached[file.key] {
        meet(lane, as: file, now)
      } else if file.size > 0, !isKnown(file) {
        strangers.append(file)
      }
    }
    for (key, lane) in attached where !seen.contains(key) { miss(lane, now) }
    // Before anything is taken for a copy of a file: is that still what was read?
    if !strangers.isEmpty {
      for file in found {
        if let lane = attached[file.key], !isIntact(lane) {
          detach(lane, now)
          strangers.append(file)
        }
      }
    }
    // Those that keep their inode first: a copy must not take the place of the file it was made of.
    let kept = Set(lanes.lazy.filter { !$0.isAttached }.map { FoundFile.Key($0.identity) })
    for file in strangers where kept.contains(file.key) { recognise(file, mayBeNew: false, now) }
    if !lanes.allSatisfy(\.isAttached) { for file in strangers { recognise(file, mayBeNew: false, now) } }
    lookForMoved(now)
    // What is new comes last: it waits for the file that had its name before.
    for file in strangers { recognise(file, mayBeNew: true, now) }
    for lane in lanes where lane.isAttached { check(lane, now) }
    forgetOld(found)
  }

  private func find() -> [FoundFile] {
    var files: [FoundFile] = []
    for source in patterns {
      for path in PathPattern.files(source.patterns, except: source.exclude) {
        if let file = FoundFile(path: path, origin: source.origin) { files.append(file) }
      }
    }
    return files
  }

  /// Whether it was looked at and has not changed since.
  private func isKnown(_ file: FoundFile) -> Bool {
    if let state = refused[file.key], state == (file.size, file.changed) { return true }
    guard let state = ended[file.key] else { return false }
    return state.size == file.size && state.changed == file.changed
  }

  /// A file that is followed, under the name it has now.
  private func meet(_ lane: Lane, as file: FoundFile, _ now: Int64) {
    if lane.path != file.path {
      // Two names of one file: as long as the first leads to it, it counts.
      if let old = FoundFile(path: lane.path, origin: lane.origin), old.key == file.key { return }
      notice(.moved(from: lane.path, to: file.path))
      rename(lane, to: file.path)
      if lane.movedSince == nil { lane.movedSince = now }
    }
  }

  /// The old name still leads to it, until another file has it.
  private func rename(_ lane: Lane, to path: String) {
    lane.path = path
    byPath[path] = lane
  }

  /// Whether what was read of a lane's file still stands there.
  func isIntact(_ lane: Lane) -> Bool {
    guard let text = lane.text as? PlainText else { return true }
    if lane.position.offset == 0 {
      // Nothing was read yet: it is known by its head alone.
      var head = ByteBuffer(capacity: FileIdentity.mostHead)
      guard (try? text.read(at: 0, upTo: FileIdentity.mostHead, into: &head)) != nil else { return true }
      return lane.identity.matches(head: head.bytes)
    }
    let tail = lane.position.tail
    let offset = lane.position.offset
    guard let end = text.end, end >= offset, UInt64(tail.count) <= offset else { return false }
    var bytes = ByteBuffer(capacity: Position.mostTail)
    guard let n = try? text.read(at: offset - UInt64(tail.count), upTo: tail.count, into: &bytes) else { return true }
    return n == tail.count && bytes.bytes.isEqual(to: tail)
  }

  /// No pattern finds it any more: renamed out of them, or deleted. What was opened stays readable.
  private func miss(_ lane: Lane, _ now: Int64) {
    if let file = FoundFile(path: lane.path, origin: lane.origin), file.key == FoundFile.Key(lane.identity) { return }
    if lane.movedSince == nil { lane.movedSince = now }
    if lane.text == nil, !reopenMoved(lane) { detach(lane, now) }
  }

  /// Whether one of the files that were read before is this one; else a new source, where it may be.
  private func recognise(_ file: FoundFile, mayBeNew: Bool, _ now: Int64) {
    guard attached[file.key] == nil else { return }
    if let state = copies[file.key], state == (file.size, file.changed) { return }
    do throws(LogFileError) {
      let probe = try FileProbe(file)
      if probe.head.count == 0 { return }
      refused[file.key] = nil
      if let lane = owner(of: probe) {
        attach(lane, probe, now)
        return
      }
      switch relation(probe, now) {
      case .none: if mayBeNew { begin(probe, at: Position(), now) }
      case .copy: copies[file.key] = (file.size, file.changed)
      case .continues(let lane):
        if mayBeNew {
          var position = lane.position
          position.isFinal = false
          begin(probe, at: position, now)
        }
      }
    } catch {
      refused[file.key] = (file.size, file.changed)
      if mayBeNew { notice(.unreadable(path: file.path, error)) }
    }
  }

  /// The source without a file in sight that this file is.
  private func owner(of probe: borrowing FileProbe) -> Lane? {
    var best: Lane?
    func rank(_ lane: Lane) -> (Int, Int, UInt64) {
      (FoundFile.Key(lane.identity) == probe.file.key ? 1 : 0, lane.identity.headLength, lane.position.offset)
    }
    for lane in lanes where !lane.isAttached && probe.matches(lane.identity) {
      if let best, rank(best) >= rank(lane) { continue }
      // An archive that was read to its end before is known by its inode: proving it means decompressing it.
      let isSame = FoundFile.Key(lane.identity) == probe.file.key
      guard isSame && probe.isCompressed && lane.position.isFinal || probe.proves(lane) else { continue }
      best = lane
    }
    return best
  }

  private enum Relation {
    case none
    /// Holds what a followed file holds.
    case copy
    /// A copy that got lines which the file that it was made of did not.
    case continues(Lane)
  }

  private func relation(_ probe: borrowing FileProbe, _ now: Int64) -> Relation {
    for (_, lane) in attached.sorted(by: { $0.value.id < $1.value.id }) where probe.matches(lane.identity) {
      guard open(lane, now) else { continue }
      if probe.isCompressed {
        if probe.proves(lane) || probe.fault != nil { return .copy }
        continue
      }
      if lane.text is CompressedText {
        // The archive was made of it, and went on being written to: an odd order, but nothing is counted twice.
        if probe.proves(lane) { return .copy }
        continue
      }
      guard probe.isPart(of: lane) else { continue }
      if let end = lane.text?.end, probe.text.end ?? 0 > end, lane.position.offset == end, probe.proves(lane),
        now &- lane.lastLines > Self.linger
      {
        return .continues(lane)
      }
      return .copy
    }
    return .none
  }

  // MARK: Attaching

  private func begin(_ probe: borrowing FileProbe, at position: Position, _ now: Int64) {
    let identity = probe.identity
    let hash = KeyedHash(key: 0x736f_7572_6365)
    var id: UInt64 = 0
    var count: UInt64 = 0
    repeat {
      id = hash.hash(hash.hash(identity.headHash, UInt64(identity.headLength)), hash.hash(identity.inode, count))
      count += 1
    } while !ids.insert(id).inserted
    var position = position
    // Rotation: the new file's time goes on where the old one's ended.
    let before = byPath[probe.file.path]
    if position.time == nil { position.time = before?.clock.time }
    let lane = Lane(
      kind: .file, id: id, origin: probe.file.origin, path: probe.file.path, identity: identity, position: position,
      limits: limits, now: now)
    lanes.append(lane)
    attach(lane, probe, now)
  }

  private func attach(_ lane: Lane, _ probe: borrowing FileProbe, _ now: Int64) {
    let file = probe.file
    let before = byPath[file.path]
    if let before, before !== lane, before.isAttached, before.predecessor !== lane {
      lane.predecessor = before
      if before.movedSince == nil { before.movedSince = now }
    }
    if lane.savedTail != nil, let tail = tail(lane, probe) { lane.adopt(tail: tail) }
    lane.lastLines = now
    lane.text = probe.text
    lane.isAttached = true
    lane.isAtEnd = false
    // Under another name than before: a rotated file, which will not grow for long.
    lane.movedSince = lane.path == file.path ? nil : now
    lane.long = nil
    lane.identity.device = file.key.device
    lane.identity.inode = file.key.inode
    lane.origin = file.origin
    attached[file.key] = lane
    copies[file.key] = nil
    ended[file.key] = nil
    rename(lane, to: file.path)
    if lane.position.isFinal, isReadWhole(lane, file) {
      end(lane, file)
      return
    }
    notice(.followed(path: file.path, source: lane.id, offset: lane.position.offset))
    check(lane, now)
  }

  /// Whether a file that was read to its end by then has nothing more.
  private func isReadWhole(_ lane: Lane, _ file: FoundFile) -> Bool {
    guard lane.text is PlainText else {
      var next = ByteBuffer(capacity: 16)
      return (try? lane.text?.read(at: lane.position.offset, upTo: 1, into: &next)) ?? 0 == 0
    }
    return lane.text?.end == lane.position.offset
  }

  private func tail(_ lane: Lane, _ probe: borrowing FileProbe) -> [UInt8]? {
    guard let length = lane.savedTail?.length, length > 0, !probe.isCompressed else { return nil }
    var bytes = ByteBuffer(capacity: length)
    guard (try? probe.text.read(at: lane.position.offset - UInt64(length), upTo: length, into: &bytes)) == length
    else { return nil }
    return bytes.bytes.copied()
  }

  /// The file is not this source any more: it was truncated, replaced, or cannot be found.
  func detach(_ lane: Lane, _ now: Int64) {
    attached[FoundFile.Key(lane.identity)] = nil
    lane.isAttached = false
    lane.text = nil
    lane.unreadSince = nil
    if lane.movedSince == nil { lane.movedSince = now }
    needsLook = true
    nextLook = 0
    copies.removeAll()
  }

  /// The lane will be read no more; its file, if it changes all the same, is recognised again.
  func end(_ lane: Lane) { end(lane, FoundFile(path: lane.path, origin: lane.origin)) }

  private func end(_ lane: Lane, _ file: FoundFile?) {
    let key = FoundFile.Key(lane.identity)
    if lane.isAttached { attached[key] = nil }
    if let file, file.key == key { ended[key] = (lane, file.size, file.changed) }
    lane.isAttached = false
    lane.text = nil
    lane.unreadSince = nil
    copies.removeAll()
  }

  /// Its end was not committed: it is looked at again.
  func undoEnd(_ lane: Lane) {
    ended = ended.filter { $0.value.lane !== lane }
    needsLook = true
    nextLook = 0
  }

  /// Knows a file by more of its head as it grows, up to the most.
  func lengthenHead(_ lane: Lane) {
    guard lane.identity.headLength < FileIdentity.mostHead, let text = lane.text as? PlainText else { return }
    var head = ByteBuffer(capacity: FileIdentity.mostHead)
    guard let n = try? text.read(at: 0, upTo: FileIdentity.mostHead, into: &head), n > lane.identity.headLength,
      lane.identity.headLength == 0 || lane.identity.matches(head: head.bytes)
    else { return }
    lane.identity.headHash = FileIdentity.hash(head.bytes)
    lane.identity.headLength = n
  }

  // MARK: Files that moved out of the patterns

  /// Sources whose file no pattern finds are looked for beside the place where they were seen last: a pattern may name
  /// `access.log` alone, and not what it is renamed or copied to.
  private func lookForMoved(_ now: Int64) {
    let lost = lanes.filter { !$0.isAttached && !$0.position.isFinal && $0.kind == .file }
    guard !lost.isEmpty else { return }
    var directories: [String: [String]] = [:]
    for lane in lost {
      let directory = Self.directory(of: lane.path)
      if directories[directory] == nil { directories[directory] = PathPattern.names(in: directory) }
      let name = String(lane.path.dropFirst(directory.count))
      for candidate in directories[directory] ?? [] where candidate.hasPrefix(name) && !lane.isAttached {
        guard let file = FoundFile(path: directory + candidate, origin: lane.origin), file.size > 0,
          attached[file.key] == nil
        else { continue }
        guard let probe = try? FileProbe(file), owner(of: probe) === lane else { continue }
        attach(lane, probe, now)
        lane.movedSince = now
      }
    }
  }

  private func reopenMoved(_ lane: Lane) -> Bool {
    let directory = Self.directory(of: lane.path)
    for name in PathPattern.names(in: directory) {
      guard let file = FoundFile(path: directory + name, origin: lane.origin),
        file.key == FoundFile.Key(lane.identity), let text = try? PlainText(path: file.path)
      else { continue }
      lane.text = text
      rename(lane, to: file.path)
      return true
    }
    return false
  }

  // MARK: Descriptors

  /// Opens a lane's file again where it was closed; false where it is not there any more.
  func open(_ lane: Lane, _ now: Int64) -> Bool {
    if lane.text != nil { return true }
    if let text = try? PlainText(path: lane.path),
      FoundFile.Key(device: text.device, inode: text.inode) == FoundFile.Key(lane.identity)
    {
      lane.text = text
    } else if !reopenMoved(lane) {
      detach(lane, now)
      return false
    }
    closeQuiet()
    return true
  }

  /// Closes files that have been quiet for longest, while there are too many.
  func closeQuiet() {
    var open = lanes.filter { $0.text is PlainText || $0.text is CompressedText }
    guard open.count > mostOpen else { return }
    open.sort { ($0.lastLines, $0.id) < ($1.lastLines, $1.id) }
    var excess = open.count - mostOpen * 3 / 4
    for lane in open where excess > 0 && lane.isAtEnd && lane.movedSince == nil && !lane.isTouched {
      if lane.text is CompressedText { continue }
      lane.text = nil
      excess -= 1
    }
  }

  /// Names of files that are gone are not remembered for ever.
  private func forgetOld(_ found: [FoundFile]) {
    let keys = Set(found.map(\.key))
    copies = copies.filter { keys.contains($0.key) }
    refused = refused.filter { keys.contains($0.key) }
    ended = ended.filter { keys.contains($0.key) }
  }

  /// Whether its file was found when it was looked for last.
  func isInSight(_ lane: Lane) -> Bool { lane.isAttached || ended.contains { $0.value.lane === lane } }

  /// Removes sources for good.
  func remove(_ gone: [Lane]) {
    let dead = Set(gone.map(\.id))
    lanes.removeAll { dead.contains($0.id) }
    ids.subtract(dead)
    byPath = byPath.filter { !dead.contains($0.value.id) }
  }

  static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}

extension FoundFile.Key {
  init(_ identity: FileIdentity) { self.init(device: identity.device, inode: identity.inode) }
}
