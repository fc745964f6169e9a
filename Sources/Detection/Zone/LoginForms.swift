// Which paths take credentials: a 401 there is a failed login; elsewhere it may be a token that ran out.

import Bytes

/// Remembers what a path was found to be, by its hash; at most `limit` paths.
struct LoginForms: Sendable {
  static let limit = 1_024
  private var known: [UInt64: Bool] = [:]

  mutating func isForm(_ hash: UInt64, _ text: TextLookup) -> Bool {
    if let isForm = known[hash] { return isForm }
    let path = text(.path, hash)
    let isForm = Self.words.contains { UserAgentKind.contains(path, $0) }
    if known.count >= Self.limit { known.removeAll() }
    known[hash] = isForm
    return isForm
  }

  static let words: [[UInt8]] = [
    "login", "logon", "log-in", "signin", "sign-in", "sign_in", "auth", "session", "token", "xmlrpc", "administrator",
    "password", "j_security_check", "passwd", "credential",
  ].map { Array($0.utf8) }
}
