// Sizes of answers in a zone: whether what a probe got is what everybody gets who asks for what is not there.

import Bytes

/// One answer to a request, as its log line tells of it.
struct Answer: Sendable, Equatable {
  /// Of the answer; 0 where the log does not say.
  var bytes: UInt32
  /// Hash of the path, as in `RequestFields`.
  var path: UInt32
  /// Hash of the whole target, and its length.
  var target: UInt32
  var length: UInt32

  init(bytes: UInt32, path: UInt32, target: UInt32, length: UInt32) {
    (self.bytes, self.path, self.target, self.length) = (bytes, path, target, length)
  }

  init(_ line: EvidenceRecord) {
    let text = [UInt8](RequestTexts.target(of: line.request))
    bytes = line.marks.bytes
    path = RequestFields.hash(of: Array(text.prefix { $0 != 0x3f }.prefix(RequestTexts.most)))
    target = RequestFields.hash(of: text)
    length = UInt32(clamping: text.count)
  }

  /// Whether two answers may be one page: of one size, but for what changes from one request to the next. A page that
  /// shows what was asked for grows with it, once for each time it does; one with a nonce, a time or a name changes a little,
  /// the more the larger it is. What is small is compared exactly, for a secret is as short as a word of refusal.
  func isLike(_ other: Answer) -> Bool {
    let difference = Int64(bytes) - Int64(other.bytes)
    let size = Int64(max(bytes, other.bytes))
    let slack = size < 512 ? 2 : max(min(size / 8, 128), size / 64)
    if abs(difference) <= slack { return true }
    let longer = Int64(length) - Int64(other.length)
    return (1...3).contains { abs(difference - $0 * longer) <= min(slack, 16) }
  }

  func write(to state: inout StateWriter) {
    for value in [bytes, path, target, length] { state.number(value) }
  }

  init(from state: inout StateReader) throws(StateError) {
    (bytes, path, target, length) = (try state.small(), try state.small(), try state.small(), try state.small())
  }
}

/// The pages that a zone answers suspicious requests with, learnt from the lines kept of them. Bounded: `limit` pages.
///
/// A site that answers 200 to everything (a page of its own for what is missing, an application that is one page, a filter
/// that shows a page of its own) answers with the same few pages whatever is asked for. What was found is unlike.
struct AnswerSizes: Sendable, Equatable {
  static let limit = 32
  /// So many distinct requests, of so many distinct paths, that got one page say that it has nothing to do with what they asked.
  static let manyTargets = 4
  static let manyPaths = 3

  struct Page: Sendable, Equatable {
    /// As it was first seen.
    var first: Answer
    /// It came with a status that says that something was wrong.
    var isError: Bool
    /// Distinct paths and targets that it answered, as bitmaps.
    var paths: UInt64 = 0
    var targets: UInt64 = 0
    /// When it last told something new; a count, so that nothing depends on time.
    var last: UInt64 = 0

    /// Whether it is what everybody gets.
    var isCommon: Bool {
      isError || paths.nonzeroBitCount >= AnswerSizes.manyPaths || targets.nonzeroBitCount >= AnswerSizes.manyTargets
    }
  }
  private(set) var pages: [Page] = []
  private var learnt: UInt64 = 0

  init() {}

  /// Takes in how a suspicious request was answered. O(limit).
  /// - Returns: Whether anything changed; what says nothing new need not be saved.
  mutating func learn(_ answer: Answer, isError: Bool) -> Bool {
    guard answer.bytes > 0 else { return false }
    let path: UInt64 = 1 << UInt64(answer.path >> 1 & 63)
    let target: UInt64 = 1 << UInt64(answer.target >> 1 & 63)
    if let i = pages.firstIndex(where: { $0.isError == isError && $0.first.isLike(answer) }) {
      guard pages[i].paths & path == 0 || pages[i].targets & target == 0 else { return false }
      learnt &+= 1
      pages[i].paths |= path
      pages[i].targets |= target
      pages[i].last = learnt
      return true
    }
    learnt &+= 1
    let page = Page(first: answer, isError: isError, paths: path, targets: target, last: learnt)
    guard pages.count >= Self.limit else {
      pages.append(page)
      return true
    }
    // What only few got goes first, and of those what told nothing new for longest.
    let least = pages.indices.min {
      let (a, b) = (pages[$0].targets.nonzeroBitCount, pages[$1].targets.nonzeroBitCount)
      return a != b ? a < b : pages[$0].last < pages[$1].last
    }
    if let least { pages[least] = page }
    return true
  }

  /// Whether an answer of success is a page that has nothing to do with what was asked for.
  func isCommon(_ answer: Answer) -> Bool { pages.contains { $0.isCommon && $0.first.isLike(answer) } }

  /// The size of the page that most get who ask for what is not there; nil where none is known.
  var errorPage: UInt32? {
    pages.filter(\.isError).max {
      let (a, b) = ($0.targets.nonzeroBitCount, $1.targets.nonzeroBitCount)
      return a != b ? a < b : $0.first.bytes > $1.first.bytes
    }?.first.bytes
  }

  func write(to state: inout StateWriter) {
    state.number(learnt)
    state.count(pages.count)
    for page in pages {
      page.first.write(to: &state)
      state.flag(page.isError)
      state.word(page.paths)
      state.word(page.targets)
      state.number(page.last)
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    learnt = try state.number()
    let count = try state.count(ofAtLeast: 22)
    guard count <= Self.limit else { throw .invalid("\(count) pages of a zone", at: state.position) }
    for _ in 0..<count {
      let first = try Answer(from: &state)
      let isError = try state.flag()
      pages.append(
        Page(
          first: first, isError: isError, paths: try state.word(), targets: try state.word(), last: try state.number()))
    }
  }
}

/// What a zone answers those whom nobody suspects, from the sample of its normal requests.
struct NormalAnswers {
  let requests: [RequestFields]

  /// Pages at which visitors land who are sent elsewhere than they wanted.
  private static let landings = Set(
    ["/", "/index.html", "/index.php", "/login", "/login.php", "/wp-login.php", "/signin", "/users/sign_in"].map {
      RequestFields.hash(of: Array($0.utf8))
    })

  /// Whether an answer of success is one that visitors get: as large as some at the same path, or between two of them;
  /// as large as at the way in; or, to the byte, as at three other paths, as where one page is the whole site.
  func isCommon(_ answer: Answer) -> Bool {
    var alike: UInt32?
    var second: UInt32?
    var (smaller, larger) = (false, false)
    for request in requests where request.status >= 200 && request.status < 300 && request.marks.bytes > 0 {
      let seen = Answer(bytes: request.marks.bytes, path: request.path, target: 0, length: answer.length)
      let isSamePath = request.path == answer.path
      if isSamePath || Self.landings.contains(request.path), seen.isLike(answer) { return true }
      if isSamePath {
        if seen.bytes < answer.bytes { smaller = true } else { larger = true }
        if smaller, larger { return true }
      }
      guard request.marks.bytes == answer.bytes, request.path != alike, request.path != second else { continue }
      if alike == nil { alike = request.path } else if second == nil { second = request.path } else { return true }
    }
    return false
  }
}
