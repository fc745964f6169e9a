// Bytes of a list of addresses -> its networks. A list comes from somebody else's server: nothing in it may do more
// harm than a line that is counted as bad.

import Bytes

/// Reads one list.
public struct AddressListReader: Sendable {
  public var format: AddressListFormat
  /// Of `csv`: field with the address, from 1.
  public var column: Int
  /// Of `ipsum`: addresses on fewer lists are left out.
  public var least: Int
  /// Networks kept at most.
  public var limit: Int

  public init(_ format: AddressListFormat = .automatic, column: Int = 1, least: Int = 1, limit: Int = 1_000_000) {
    (self.format, self.column, self.least, self.limit) = (format, column, least, limit)
  }

  /// O(bytes). Never fails: what cannot be read is among the faults.
  public func read(_ bytes: [UInt8]) -> AddressList {
    var list = AddressList()
    // A byte order mark.
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
    let isJSON = format == .json || format == .automatic && Self.looksLikeJSON(text)
    if isJSON {
      var json = RangeScanner(text)
      json.scan { prefix, line in list.take(prefix, line: line, limit: limit) }
      if let fault = json.fault { list.complain(json.line, fault) }
      return list
    }
    var number = 0
    var start = text.startIndex
    while start < text.endIndex {
      let end = text[start...].firstIndex { $0 == 0x0a } ?? text.endIndex
      number += 1
      read(line: text[start..<end], number, into: &list)
      start = end < text.endIndex ? end + 1 : end
    }
    return list
  }

  private static func looksLikeJSON(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first(where: { !isSpace($0) }) else { return false }
    return first == 0x7b || first == 0x5b
  }

  private func read(line: ArraySlice<UInt8>, _ number: Int, into list: inout AddressList) {
    let line = Self.trimmed(line)
    guard let first = line.first, first != 0x23, first != 0x3b else { return }
    if format == .csv {
      guard let field = Self.field(column, of: line) else {
        return list.complain(number, "no field \(column)")
      }
      // The first line may be the names of the columns.
      if number == 1, Network(String(decoding: field.prefix(64), as: UTF8.self)) == nil { return }
      return list.take(field, line: number, limit: limit)
    }
    let words = line.prefix { $0 != 0x23 && $0 != 0x3b }.split(whereSeparator: Self.isSpace)
    guard let word = words.first else { return }
    switch format {
    case .tor, .automatic:
      let isExit = word.elementsEqual("ExitAddress".utf8)
      if isExit, words.count >= 2 { return list.take(words[1], line: number, limit: limit) }
      // The other lines of an entry of Tor's form.
      if ["ExitNode", "Published", "LastStatus", "@type", "Downloaded"].contains(where: { word.elementsEqual($0.utf8) })
      {
        return
      }
    case .ipsum:
      guard words.count >= 2, let count = Int(String(decoding: words[1].prefix(20), as: UTF8.self)) else {
        return list.complain(number, "'\(AddressList.shown(line))' is not an address and a count")
      }
      if count < least { return }
    default:
      if words.count > 1 {
        return list.complain(number, "'\(AddressList.shown(line))' is more than one address or network")
      }
    }
    list.take(word, line: number, limit: limit)
  }

  /// Field number `column`, from 1, without its quotes.
  private static func field(_ column: Int, of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var number = 1
    var start = line.startIndex
    var isQuoted = false
    for i in line.indices {
      if line[i] == 0x22 { isQuoted.toggle() }
      guard line[i] == 0x2c, !isQuoted else { continue }
      if number == column { return unquoted(line[start..<i]) }
      number += 1
      start = i + 1
    }
    return number == column ? unquoted(line[start...]) : nil
  }

  private static func unquoted(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let field = trimmed(field)
    guard field.count >= 2, field.first == 0x22, field.last == 0x22 else { return field }
    return trimmed(field.dropFirst().dropLast())
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, isSpace(first) { text.removeFirst() }
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
