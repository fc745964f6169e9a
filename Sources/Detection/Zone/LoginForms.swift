// Which paths take credentials: a 401 there is a failed login; elsewhere it may be a token that ran out.

import Bytes

/// Remembers what a path was found to be, by its hash; at most `limit` paths.
struct LoginForms: Sendable {
  static let limit = 1_024
  var known: [UInt64: Bool] = [:]

  mutating func isForm(_ hash: UInt64, _ text: TextLookup) -> Bool {
    if let isForm = known[hash] { return isForm }
    let path = text(.path, hash)
    let isForm = Self.words.contains { UserAgentKind.contains(path, $0) }
    if known.count >= Self.limit { known.removeAll() }
    known[hash] = isForm
    return isForm
  }

  /// What lately came after a login at each form, among clients that load pages: sent on to another page, or not.
  var answers: [UInt64: (redirected: Int, shown: Int)] = [:]

  /// A form that sends on those who get in shows itself again, with 200, to those who do not.
  mutating func countShownAgain(_ row: inout ClientObservation) {
    guard row.loginPath != 0, let answer = answers[row.loginPath], answer.redirected >= 3,
      answer.redirected >= 3 * answer.shown
    else { return }
    let passed = min(row.counts.logins, row.counts.status3xx)
    row.counts.loginFailures = max(row.counts.loginFailures, row.counts.logins &- passed)
  }

  mutating func learn(_ row: ClientObservation, _ profile: ClientProfile) {
    guard row.loginPath != 0, profile.life.assets > 0, row.counts.logins <= 3,
      answers[row.loginPath] != nil || answers.count < Self.limit
    else { return }
    var answer = answers[row.loginPath] ?? (0, 0)
    if row.counts.status3xx > 0 { answer.redirected += 1 } else if row.counts.status4xx == 0 { answer.shown += 1 }
    // Halved together, so that a site may change.
    if answer.redirected + answer.shown > 1_000 { answer = (answer.redirected / 2, answer.shown / 2) }
    answers[row.loginPath] = answer
  }

  static let words: [[UInt8]] = [
    "login", "logon", "log-in", "signin", "sign-in", "sign_in", "auth", "session", "token", "xmlrpc", "administrator",
    "password", "j_security_check", "passwd", "credential",
  ].map { Array($0.utf8) }
}
