// YAML text -> documents, over libyaml's events, so that every value keeps its place.
//
// The input may be hostile: nesting, node count and size are bounded; anchors, aliases and tags, which rules and
// pipelines do not need and bombs are made of, are refused; a key may stand only once in a map.

import CYaml

/// Bounds of what `YamlReader` accepts.
public struct YamlLimits: Sendable {
  public var bytes = 4 << 20
  public var depth = 40
  public var nodes = 200_000
  public init() {}
}

public enum YamlReader {
  /// All documents of `text`, in order; an empty file has none. O(bytes).
  /// - Parameter file: Name for errors.
  public static func documents(
    _ text: [UInt8], file: String, limits: YamlLimits = YamlLimits()
  ) throws(ConfigurationError) -> [YamlNode] {
    guard text.count <= limits.bytes else {
      throw ConfigurationError(
        file: file, place: nil, message: "\(text.count) bytes: larger than the limit of \(limits.bytes)")
    }
    var result: Result<[YamlNode], ConfigurationError> = .success([])
    text.withUnsafeBufferPointer { bytes in
      do throws(ConfigurationError) {
        var builder = try YamlBuilder(bytes, file: file, limits: limits)
        defer { builder.close() }
        result = .success(try builder.documents())
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  public static func documents(_ text: String, file: String) throws(ConfigurationError) -> [YamlNode] {
    try documents(Array(text.utf8), file: file)
  }
}

/// Builds trees from events. The parser lives on the heap: libyaml keeps pointers into it.
private struct YamlBuilder {
  let parser: UnsafeMutablePointer<yaml_parser_t>
  let bytes: UnsafeBufferPointer<UInt8>
  let file: String
  let limits: YamlLimits
  var nodes = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String, limits: YamlLimits) throws(ConfigurationError) {
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) != 0 else {
      parser.deallocate()
      throw ConfigurationError(file: file, place: nil, message: "out of memory")
    }
    yaml_parser_set_input_string(parser, bytes.baseAddress ?? UnsafePointer(emptyInput), bytes.count)
    self.bytes = bytes
    self.file = file
    self.limits = limits
  }

  func close() {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private enum Event {
    case end
    case documentStart
    case scalar(YamlScalar)
    case listStart
    case mapStart
    case close
    case other
  }

  func error(_ message: String, at place: Place?) -> ConfigurationError {
    ConfigurationError(file: file, place: place, message: message)
  }

  private static func place(_ mark: yaml_mark_t) -> Place {
    Place(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
  }

  private func syntaxError() -> ConfigurationError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not YAML"
    if parser.pointee.error == YAML_READER_ERROR {
      // Reader errors carry an offset in bytes and no mark.
      let head = bytes.prefix(min(Int(clamping: parser.pointee.problem_offset), bytes.count))
      let line = head.reduce(1) { $1 == 0x0a ? $0 + 1 : $0 }
      let column = head.count - (head.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0) + 1
      return error("not readable as text: \(problem)", at: Place(line: line, column: column))
    }
    let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
    let tab = problem.contains("cannot start any token") ? " (a tab? indent with spaces)" : ""
    return error("not YAML: \(problem)\(context)\(tab)", at: Self.place(parser.pointee.problem_mark))
  }

  private mutating func next() throws(ConfigurationError) -> (event: Event, place: Place) {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) != 0 else { throw syntaxError() }
    defer { yaml_event_delete(&event) }
    let place = Self.place(event.start_mark)
    switch event.type {
    case YAML_STREAM_END_EVENT: return (.end, place)
    case YAML_DOCUMENT_START_EVENT: return (.documentStart, place)
    case YAML_ALIAS_EVENT:
      throw error("aliases (*name) are not supported: write the value out", at: place)
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      try refuse(anchor: scalar.anchor, tag: scalar.tag, at: place)
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return (.scalar(YamlScalar(text: text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)), place)
    case YAML_SEQUENCE_START_EVENT:
      try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, at: place)
      return (.listStart, place)
    case YAML_MAPPING_START_EVENT:
      try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, at: place)
      return (.mapStart, place)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return (.close, place)
    default: return (.other, place)
    }
  }

  private func refuse(
    anchor: UnsafePointer<yaml_char_t>?, tag: UnsafePointer<yaml_char_t>?, at place: Place
  ) throws(ConfigurationError) {
    if anchor != nil { throw error("anchors (&name) are not supported: write the value out", at: place) }
    if tag != nil { throw error("tags (!name) are not supported", at: place) }
  }

  mutating func documents() throws(ConfigurationError) -> [YamlNode] {
    var documents: [YamlNode] = []
    while true {
      let (event, _) = try next()
      switch event {
      case .end: return documents
      case .documentStart:
        let (first, place) = try next()
        documents.append(try node(first, place, depth: 1))
      default: continue
      }
    }
  }

  private mutating func node(_ event: Event, _ place: Place, depth: Int) throws(ConfigurationError) -> YamlNode {
    guard depth <= limits.depth else { throw error("nested deeper than \(limits.depth) levels", at: place) }
    nodes += 1
    guard nodes <= limits.nodes else { throw error("more than \(limits.nodes) values in one file", at: place) }
    switch event {
    case .scalar(let scalar): return YamlNode(place: place, content: .scalar(scalar))
    case .listStart:
      var list: [YamlNode] = []
      while true {
        let (event, itemPlace) = try next()
        if case .close = event { return YamlNode(place: place, content: .list(list)) }
        list.append(try node(event, itemPlace, depth: depth + 1))
      }
    case .mapStart: return YamlNode(place: place, content: .map(try pairs(depth: depth)))
    default: throw error("a value was expected here", at: place)
    }
  }

  private mutating func pairs(depth: Int) throws(ConfigurationError) -> [YamlPair] {
    var pairs: [YamlPair] = []
    var seen: [String: Place] = [:]
    while true {
      let (event, place) = try next()
      if case .close = event { return pairs }
      guard case .scalar(let key) = event else { throw error("a key must be a single value", at: place) }
      if let earlier = seen[key.text] {
        throw error("key '\(key.text)' stands twice in this map, first at \(earlier)", at: place)
      }
      seen[key.text] = place
      let (valueEvent, valuePlace) = try next()
      pairs.append(
        YamlPair(key: key.text, keyPlace: place, value: try node(valueEvent, valuePlace, depth: depth + 1)))
    }
  }
}

/// What libyaml is given for an empty file: it wants a pointer that is not null.
nonisolated(unsafe) private let emptyInput: UnsafeMutablePointer<UInt8> = {
  let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
  byte.initialize(to: 0)
  return byte
}()
