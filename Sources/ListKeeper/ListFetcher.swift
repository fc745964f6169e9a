// One list from an HTTP server, by libcurl, bounded in time and bytes.

import CCurl
import CPlatform
import LogFiles

#if canImport(Glibc)
  import Glibc
#endif

/// Why a list could not be fetched, in a sentence.
public struct FetchError: Error, CustomStringConvertible {
  public var description: String
}

/// Invariant: `curl` is used by one thread, and freed once.
final class ListFetcher {
  private let curl: UnsafeMutableRawPointer
  private let program: String
  private static let once: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  init(program: String) throws(FetchError) {
    guard Self.once, let curl = curl_easy_init() else { throw FetchError(description: "libcurl can't be used") }
    (self.curl, self.program) = (curl, program)
  }

  deinit { curl_easy_cleanup(curl) }

  fileprivate struct Answer {
    var bytes: [UInt8] = []
    var limit: Int
    var isTooLong = false
    /// Whether the program is to end: then nothing is waited for.
    var isStopping: () -> Bool
  }

  /// The text of a list, unpacked if need be.
  /// - Parameters:
  ///   - name: For errors: an address may hold a key that nobody is to see.
  ///   - limit: Bytes of the text, and of what is sent for it.
  func fetch(
    _ url: String, name: String, authorityFile: String, milliseconds: Int, limit: Int, isStopping: @escaping () -> Bool
  ) throws -> [UInt8] {
    curl_easy_reset(curl)
    var answer = Answer(limit: limit, isStopping: isStopping)
    let code = withUnsafeMutablePointer(to: &answer) { answer in
      millrace_curl_set_text(curl, CURLOPT_URL, url)
      millrace_curl_set_text(curl, CURLOPT_PROTOCOLS_STR, "http,https")
      // Lists move; what is not HTTP is not followed either.
      millrace_curl_set_long(curl, CURLOPT_FOLLOWLOCATION, 1)
      millrace_curl_set_long(curl, CURLOPT_MAXREDIRS, 3)
      millrace_curl_set_text(curl, CURLOPT_REDIR_PROTOCOLS_STR, url.hasPrefix("https:") ? "https" : "http,https")
      millrace_curl_set_text(curl, CURLOPT_USERAGENT, program)
      millrace_curl_set_long(curl, CURLOPT_NOSIGNAL, 1)
      millrace_curl_set_long(curl, CURLOPT_TIMEOUT_MS, milliseconds)
      if !authorityFile.isEmpty { millrace_curl_set_text(curl, CURLOPT_CAINFO, authorityFile) }
      millrace_curl_set_writer(curl, keepList, answer)
      millrace_curl_set_progress(curl, goesOn, answer)
      return curl_easy_perform(curl)
    }
    if answer.isTooLong { throw FetchError(description: "the list is longer than \(limit) bytes") }
    guard code == CURLE_OK else { throw FetchError(description: String(cString: curl_easy_strerror(code))) }
    let status = Int(millrace_curl_status(curl))
    guard (200..<300).contains(status) else { throw FetchError(description: "the server answers \(status)") }
    return try Self.unpacked(answer.bytes, name: name, limit: limit)
  }

  /// Compressed lists are unpacked as files are.
  private static func unpacked(_ bytes: [UInt8], name: String, limit: Int) throws -> [UInt8] {
    let packing = bytes.prefix(6).withUnsafeBytes { Compression(magic: $0) }
    if packing == .none { return bytes }
    let descriptor = platform_memory_file()
    guard descriptor >= 0 else { throw FetchError(description: "no memory to unpack it in") }
    var written = 0
    while written < bytes.count {
      let n = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written) }
      guard n > 0 else {
        close(descriptor)
        throw FetchError(description: "no memory to unpack it in")
      }
      written += n
    }
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      close(descriptor)
      throw FetchError(description: "what was fetched can't be read")
    }
    return try wholeText(of: LogReader(descriptor: descriptor, path: name, closes: true), limit: limit)
  }
}

/// Called by curl_easy_perform, on our thread.
private func keepList(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let data, let context else { return 0 }
  let (length, overflow) = size.multipliedReportingOverflow(by: count)
  let answer = context.assumingMemoryBound(to: ListFetcher.Answer.self)
  guard !overflow, answer.pointee.bytes.count + length <= answer.pointee.limit else {
    answer.pointee.isTooLong = true
    return 0
  }
  answer.pointee.bytes += UnsafeRawBufferPointer(start: data, count: length)
  return length
}

/// The same, about once a second.
private func goesOn(
  _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
  guard let context else { return 0 }
  return context.assumingMemoryBound(to: ListFetcher.Answer.self).pointee.isStopping() ? 1 : 0
}
