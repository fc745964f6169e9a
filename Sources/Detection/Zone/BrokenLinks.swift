// Requests that a program makes because it misread a page: links with their markup, addresses of other sites taken for
// paths. They fail by the dozen, look a little like payloads, and mean nothing.

/// Tells misread links by how they look.
enum BrokenLinks {
  /// Whether all these requests are misread links; false where there are none.
  static func explain(_ evidence: [EvidenceRecord]) -> Bool {
    !evidence.isEmpty && evidence.allSatisfy { isMisread($0.request) }
  }

  /// `request`: method, a space, the target.
  static func isMisread(_ request: [UInt8]) -> Bool {
    let target = request.drop { $0 != 0x20 }.dropFirst()
    let path = Array(target.prefix { $0 != 0x3f })
    for word in foreign where path.starts(with: word) { return true }
    // Markup in a path that closes links and attributes rather than opening elements that run.
    guard markup.contains(where: { UserAgentKind.contains(path, $0) }) else { return false }
    return !live.contains { UserAgentKind.contains(path, $0) }
  }

  private static let foreign = ["/http:/", "/https:/", "/www."].map { Array($0.utf8) }
  private static let markup = [
    "%22%20class=", "%22%20data-", "%3c/a%3e", "</a>", "%3c/div", "#respond", "innerhtml", "%22%20target=",
  ].map { Array($0.utf8) }
  private static let live = ["script", "onerror", "onload", "onmouse", "onfocus", "alert(", "svg", "iframe"].map {
    Array($0.utf8)
  }
}
