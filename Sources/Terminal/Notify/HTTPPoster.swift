// One POST after another by libcurl, over one connection that is kept.

import CCurl
import Configuration

/// What became of a request.
enum PostResult: Sendable, Equatable {
  case status(Int, retryAfter: Int64, body: String)
  /// No answer: the reason in a sentence.
  case failed(String)

  enum Verdict: Sendable, Equatable { case delivered, again, refused }

  /// Refused is only what will be refused again whatever is done at the other end: the message itself.
  var verdict: Verdict {
    switch self {
    case .failed: .again
    case .status(let code, _, _):
      switch code {
      case 200..<300: .delivered
      case 400, 413, 415, 422: .refused
      default: .again
      }
    }
  }

  var text: String {
    switch self {
    case .failed(let reason): reason
    case .status(let code, _, let body): body.isEmpty ? "status \(code)" : "status \(code): \(body)"
    }
  }
}

/// Invariant: `curl` is used by one thread, and freed once.
final class HTTPPoster {
  private let curl: OpaquePointerOrRaw
  private let url: String
  private let headers: [String]
  private let authorityFile: String
  private let milliseconds: Int

  typealias OpaquePointerOrRaw = UnsafeMutableRawPointer

  struct Unusable: Error, CustomStringConvertible {
    var description: String
  }

  private static let once: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// - Parameter headers: `Name: value`.
  init(url: String, headers: [String], authorityFile: String, milliseconds: Int) throws(Unusable) {
    guard Self.once, let curl = curl_easy_init() else { throw Unusable(description: "libcurl can't be used") }
    (self.curl, self.url, self.headers) = (curl, url, headers)
    (self.authorityFile, self.milliseconds) = (authorityFile, milliseconds)
  }

  deinit { curl_easy_cleanup(curl) }

  /// Bytes of an answer that are kept.
  fileprivate static let answerLimit = 512

  /// Waits for the answer, at most the time given.
  /// - Parameter key: Told as the header Idempotency-Key, for receivers that drop what they have already.
  func post(_ body: [UInt8], key: String) -> PostResult {
    curl_easy_reset(curl)
    var list: UnsafeMutablePointer<curl_slist>?
    for header in headers + ["Content-Type: application/json", "Expect:", "Idempotency-Key: \(key)"] {
      list = curl_slist_append(list, header) ?? list
    }
    defer { curl_slist_free_all(list) }
    var answer = Answer()
    let code = body.withUnsafeBytes { body in
      withUnsafeMutablePointer(to: &answer) { answer in
        millrace_curl_set_text(curl, CURLOPT_URL, url)
        millrace_curl_set_text(curl, CURLOPT_PROTOCOLS_STR, "http,https")
        millrace_curl_set_text(curl, CURLOPT_USERAGENT, "millrace-attacks/\(AttacksCommand.version)")
        millrace_curl_set_long(curl, CURLOPT_NOSIGNAL, 1)
        millrace_curl_set_long(curl, CURLOPT_TIMEOUT_MS, milliseconds)
        millrace_curl_set_long(curl, CURLOPT_POST, 1)
        millrace_curl_set_long(curl, CURLOPT_POSTFIELDSIZE, body.count)
        millrace_curl_set_pointer(curl, CURLOPT_POSTFIELDS, body.baseAddress)
        millrace_curl_set_pointer(curl, CURLOPT_HTTPHEADER, list)
        if !authorityFile.isEmpty { millrace_curl_set_text(curl, CURLOPT_CAINFO, authorityFile) }
        millrace_curl_set_writer(curl, keepAnswer, answer)
        return curl_easy_perform(curl)
      }
    }
    guard code == CURLE_OK else { return .failed(String(cString: curl_easy_strerror(code))) }
    let text = String(decoding: answer.bytes, as: UTF8.self)
    let seconds = Int64(millrace_curl_retry_after(curl))
    return .status(
      Int(millrace_curl_status(curl)), retryAfter: min(max(seconds, 0), 3600) * 1_000_000_000,
      body: text.split(separator: "\n").first.map(String.init) ?? "")
  }

  fileprivate struct Answer {
    var bytes: [UInt8] = []
  }
}

/// Called by curl_easy_perform, on our thread.
private func keepAnswer(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let data, let context else { return 0 }
  let (length, overflow) = size.multipliedReportingOverflow(by: count)
  guard !overflow else { return 0 }
  let answer = context.assumingMemoryBound(to: HTTPPoster.Answer.self)
  let room = HTTPPoster.answerLimit - answer.pointee.bytes.count
  answer.pointee.bytes += UnsafeRawBufferPointer(start: data, count: min(length, max(0, room)))
  return length
}
