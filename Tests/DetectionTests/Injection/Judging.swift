// Requests written down for tests.

import Bytes
import Events
import Rollups

@testable import Detection

/// Scores single requests with the built-in detectors, or with `rules` besides.
struct Judge: ~Copyable {
  var scorer: RequestScorer
  init(rules: RuleSet? = nil) { scorer = RequestScorer(rules: rules) }

  mutating func target(_ target: String, agent: String = "", method: Method = .get) -> RequestVerdict {
    request(target: Array(target.utf8), agent: Array(agent.utf8), method: method)
  }

  /// `value` in a query parameter, fully percent-encoded.
  mutating func parameter(_ value: String) -> RequestVerdict { target("/page?q=" + Self.encoded(value)) }

  /// `value` in an urlencoded form.
  mutating func form(_ value: String) -> RequestVerdict {
    request(
      target: Array("/comment".utf8), method: .post, contentType: Array("application/x-www-form-urlencoded".utf8),
      body: Array("id=7&text=\(Self.encoded(value))&go=1".utf8))
  }

  mutating func request(
    target: [UInt8], agent: [UInt8] = [], referrer: [UInt8] = [], cookie: [UInt8] = [], method: Method = .get,
    methodText: [UInt8] = [], contentType: [UInt8] = [], body: [UInt8] = []
  ) -> RequestVerdict {
    let host: [UInt8] = []
    return scorer.judge(
      method: method, methodText: methodText.span.bytes, flags: [], status: 200, host: host.span.bytes,
      target: target.span.bytes, userAgent: agent.span.bytes, referrer: referrer.span.bytes,
      cookie: cookie.span.bytes, contentType: contentType.span.bytes, body: body.span.bytes)
  }

  static func encoded(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
      if byte.isASCIILetter || byte.isASCIIDigit || byte == 0x2e || byte == 0x2d {
        out.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return out
  }
}
