// Scores requests from standard input, for the evaluation script beside this file.
//
// A line is: method, host, target, user agent, referrer, cookie, content type, body, separated by tabs; in a
// field `\t`, `\n`, `\r`, `\\` and `\xHH` stand for themselves. Output: score, classes, rules.

import Bytes
import Detection
import Events
import Rollups

func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
  var out: [UInt8] = []
  out.reserveCapacity(text.count)
  var i = text.startIndex
  while i < text.endIndex {
    let byte = text[i]
    i += 1
    guard byte == 0x5c, i < text.endIndex else {
      out.append(byte)
      continue
    }
    switch text[i] {
    case 0x74: out.append(9)
    case 0x6e: out.append(10)
    case 0x72: out.append(13)
    case 0x78 where i + 2 < text.endIndex:
      out.append((text[i + 1].hexValue ?? 0) << 4 | (text[i + 2].hexValue ?? 0))
      i += 2
    default: out.append(text[i])
    }
    i += 1
  }
  return out
}

func method(_ text: [UInt8]) -> (method: Method, text: [UInt8]) {
  switch String(decoding: text, as: UTF8.self) {
  case "GET": (.get, [])
  case "HEAD": (.head, [])
  case "POST": (.post, [])
  case "PUT": (.put, [])
  case "DELETE": (.delete, [])
  case "OPTIONS": (.options, [])
  case "PATCH": (.patch, [])
  case "CONNECT": (.connect, [])
  case "TRACE": (.trace, [])
  case "PROPFIND": (.propfind, [])
  default: (.unknown, text)
  }
}

let rules = try RuleSet.load(ShippedRules.files.map { ($0.name, Array($0.text.utf8)) })
var scorer = RequestScorer(rules: rules)
let ids = scorer.ruleNames
var output = ""
while let line = readLine(strippingNewline: true) {
  let fields = Array(line.utf8).split(separator: 9, maxSplits: 7, omittingEmptySubsequences: false).map(unescaped)
  guard fields.count == 8 else {
    output += "-1\t\t\n"
    continue
  }
  let (known, text) = method(fields[0])
  let (host, target, agent, referrer) = (fields[1], fields[2], fields[3], fields[4])
  let (cookie, contentType, body) = (fields[5], fields[6], fields[7])
  let verdict = scorer.judge(
    method: known, methodText: text.span.bytes, flags: [], status: 200, host: host.span.bytes,
    target: target.span.bytes, userAgent: agent.span.bytes, referrer: referrer.span.bytes,
    cookie: cookie.span.bytes, contentType: contentType.span.bytes, body: body.span.bytes)
  let matched = (0..<Int(verdict.ruleCount)).map { ids[Int(verdict.rules[$0])] }.joined(separator: ",")
  output += "\(verdict.score)\t\(verdict.classes.list.joined(separator: ","))\t\(matched)\n"
  if output.utf8.count > 1 << 16 {
    print(output, terminator: "")
    output = ""
  }
}
print(output, terminator: "")
