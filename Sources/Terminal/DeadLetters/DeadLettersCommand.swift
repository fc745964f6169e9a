// `millrace-attacks dead-letters`: what could not be read, and its way back once the reason is gone.

import Bytes
import Configuration
import Kafka
import Reports
import Stations
import Topics

extension AttacksCommand {
  static var deadLetters: Tool {
    Tool(
      table: OptionTable(
        program: "millrace-attacks dead-letters", version: version,
        summary: "Lists and shows what could not be read, and publishes it again.",
        description: [
          "What a program of the line can't read goes to the topic dead-letters with its reason and its place. 'list' "
            + "names them, 'show' prints them whole, 'lines' writes the lines among them as they were, and 'publish' sends "
            + "records back to where they came from: once, however often it is asked for.",
          "A batch that is published again is counted late: its windows have been written. In a partition that was drained "
            + "nothing is counted any more, so nothing is published there.",
        ],
        arguments: "list | show PLACE... | lines | publish PLACE... | publish --all",
        argumentsHelp: "PLACE is a letter's own place, as 'list' tells it: 0:12 is offset 12 of partition 0.",
        options: PipelineOptions.options + [
          OptionSpec("json", group: "Letters", help: "'list' as JSON, an object a line."),
          OptionSpec(
            "reason", value: .text("WORDS"), group: "Letters", help: "Only those whose reason has these words."),
          OptionSpec("station", value: .text("NAME"), group: "Letters", help: "Only those that this program wrote."),
          OptionSpec("all", group: "Letters", help: "'publish': all that can be, and were not yet."),
          OptionSpec("again", group: "Letters", help: "'publish': also those that were published before."),
        ],
        exitCodes: Tool.exitCodes,
        examples: [
          ("millrace-attacks dead-letters list --reason 'schema version'", "What an older program could not read."),
          ("millrace-attacks dead-letters publish 0:12 0:13", "Back to where they came from, after the fix."),
          ("millrace-attacks dead-letters lines | millrace-replay - --format '...'", "Lines, with the right format."),
        ]),
      run: { parsed, settings in
        try DeadLettersRun(parsed, settings).run()
      })
  }
}

private struct DeadLettersRun {
  private enum Verb: String { case list, show, lines, publish }
  private let verb: Verb
  private let places: [LetterPlace]
  private let parsed: ParsedOptions
  private let settings: Settings

  init(_ parsed: ParsedOptions, _ settings: Settings) throws {
    (self.parsed, self.settings) = (parsed, settings)
    let first = parsed.arguments.first ?? "list"
    guard let verb = Verb(rawValue: first) else {
      throw UsageError("'\(first)' is none of list, show, lines, publish")
    }
    self.verb = verb
    places = try parsed.arguments.dropFirst().map { text in
      guard let place = LetterPlace(text) else { throw UsageError("'\(text)' is no place: write PARTITION:OFFSET") }
      return place
    }
    switch verb {
    case .list, .lines:
      if !places.isEmpty { throw UsageError("'\(verb.rawValue)' takes no places") }
    case .show:
      if places.isEmpty { throw UsageError("show what? 'list' tells the places") }
    case .publish:
      if places.isEmpty != parsed.has("all") { throw UsageError("publish what? Name places, or --all") }
    }
  }

  func run() throws -> Tool.Status {
    let box = try DeadLetterBox(settings)
    let letters = try box.list().filter(isWanted)
    switch verb {
    case .list: return try list(letters)
    case .show: return try show(box, chosen(letters))
    case .lines: return try writeLines(box, letters)
    case .publish: return try publish(box, parsed.has("all") ? letters : chosen(letters))
    }
  }

  private func isWanted(_ letter: ListedLetter) -> Bool {
    if let words = parsed.value("reason"), !letter.letter.reason.lowercased().contains(words.lowercased()) {
      return false
    }
    if let station = parsed.value("station"), letter.letter.station != station { return false }
    return true
  }

  private func chosen(_ letters: [ListedLetter]) throws -> [ListedLetter] {
    let known = Dictionary(uniqueKeysWithValues: letters.map { ($0.place, $0) })
    return try places.map { place in
      guard let letter = known[place] else { throw UsageError("there is no dead letter at \(place)") }
      return letter
    }
  }

  // MARK: Showing

  private func list(_ letters: [ListedLetter]) throws -> Tool.Status {
    var output = StandardOutput()
    for one in letters {
      if parsed.has("json") { Self.json(one, &output) } else { output.write(Self.line(one) + "\n") }
      if output.buffer.count > 60_000 { try output.flush() }
    }
    try output.flush()
    return .done
  }

  private static func time(_ letter: ListedLetter) -> String {
    let (nanoseconds, overflow) = letter.time.multipliedReportingOverflow(by: 1_000_000)
    return letter.time < 0 || overflow ? "-" : Figures.exact(nanoseconds)
  }

  private static func origin(_ letter: DeadLetter) -> String {
    switch letter.place {
    case .record(let topic, let partition, let offset): "\(shown(topic))[\(partition)] at \(offset)"
    case .line(let host, let file, let line, _): "\(host.isEmpty ? "" : shown(host) + ":")\(shown(file)):\(line)"
    }
  }

  private static func line(_ one: ListedLetter) -> String {
    let notes = [one.isCut ? "cut to \(one.kept)" : nil, one.wasPublished ? "published again" : nil].compactMap { $0 }
    return [
      "\(one.place)", time(one), shown(one.letter.station), origin(one.letter), "\(one.letter.length) bytes",
      shown(one.letter.reason) + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"),
    ].joined(separator: "  ")
  }

  private static func json(_ one: ListedLetter, _ output: inout StandardOutput) {
    var json = JSONWriter()
    json.beginObject(inline: true)
    json.member("place", "\(one.place)")
    json.member("time", time(one))
    json.member("station", one.letter.station)
    json.member("reason", one.letter.reason)
    switch one.letter.place {
    case .record(let topic, let partition, let offset):
      json.member("topic", topic)
      json.member("partition", UInt64(clamping: partition))
      json.member("offset", UInt64(clamping: offset))
    case .line(let host, let file, let line, let offset):
      json.member("host", host)
      json.member("file", file)
      json.member("line", line)
      json.member("offset", offset)
    }
    json.member("length", one.letter.length)
    json.member("kept", UInt64(one.kept))
    json.member("published", one.wasPublished)
    json.endObject()
    output.buffer.append(json.output.bytes)
    output.write("\n")
  }

  private func show(_ box: DeadLetterBox, _ letters: [ListedLetter]) throws -> Tool.Status {
    var output = StandardOutput()
    let known = Dictionary(letters.map { ($0.place, $0) }, uniquingKeysWith: { $1 })
    try box.read(Set(known.keys)) { place, letter, record in
      guard let one = known[place] else { return }
      output.write(Self.line(one) + "\n")
      let bytes = record.value.copied()
      if case .line = letter.place { output.write(shown(bytes) + "\n") } else { output.write(Self.dump(bytes)) }
      try output.flush()
    }
    return .done
  }

  /// Sixteen bytes a line, in hexadecimal and as text.
  static func dump(_ bytes: [UInt8]) -> String {
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 16) {
      let row = bytes[start..<min(start + 16, bytes.count)]
      let place = String(start, radix: 16)
      text += String(repeating: "0", count: max(0, 6 - place.count)) + place + " "
      for byte in row { text += byte < 16 ? " 0" + String(byte, radix: 16) : " " + String(byte, radix: 16) }
      text += String(repeating: "   ", count: 16 - row.count) + "  "
      for byte in row { text.unicodeScalars.append((0x20..<0x7f).contains(byte) ? Unicode.Scalar(byte) : ".") }
      text += "\n"
    }
    return text
  }

  private func writeLines(_ box: DeadLetterBox, _ letters: [ListedLetter]) throws -> Tool.Status {
    var output = StandardOutput()
    let wanted = letters.filter { if case .line = $0.letter.place { !$0.isCut } else { false } }
    try box.read(Set(wanted.map(\.place))) { _, _, record in
      output.buffer.append(record.value)
      output.write("\n")
      try output.flush()
    }
    let cut = letters.count { if case .line = $0.letter.place { $0.isCut } else { false } }
    if cut > 0 { complain("millrace-attacks", "\(cut) lines are left out: only their first bytes are kept") }
    return .done
  }

  // MARK: Publishing

  /// The records and the note that they were published, in one transaction.
  private func publish(_ box: DeadLetterBox, _ letters: [ListedLetter]) throws -> Tool.Status {
    var targets: [LetterPlace: TopicPartition] = [:]
    var isWhole = true
    let drained = try box.drained()
    for one in letters {
      do throws(Unpublishable) {
        targets[one.place] = try one.target(again: parsed.has("again"), drained: drained)
      } catch {
        if parsed.has("all"), error == .published { continue }
        complain("millrace-attacks", "\(one.place) is not published: \(error)")
        isWhole = false
      }
    }
    guard !targets.isEmpty else { return isWhole ? .done : .failed }
    var kafka = KafkaSettings(settings, program: "attacks")
    kafka.transactionalID = settings.lineName(of: "dead-letters")
    let producer = try KafkaProducer(kafka)
    try producer.initTransactions()
    try producer.begin()
    var count = 0
    do {
      try box.read(Set(targets.keys)) { place, letter, record in
        guard let target = targets[place] else { return }
        guard DeadLetter.hash(record.value) == letter.hash else {
          complain("millrace-attacks", "\(place) is not published: \(Unpublishable.changed)")
          isWhole = false
          return
        }
        try producer.produce(target.topic, partition: target.partition, value: record.value, wait: 30_000)
        let note = DeadLetter(
          station: DeadLetterBox.station, reason: DeadLetterBox.publishedReason, topic: box.topic,
          partition: place.partition, offset: place.offset, record: RawSpan())
        try producer.produce(
          box.topic, partition: Int32(clamping: place.partition), value: RawSpan(), headers: note.headers, wait: 30_000)
        count += 1
      }
      try producer.commit()
    } catch {
      try? producer.abort()
      throw error
    }
    var output = StandardOutput()
    output.write("\(Figures.plural(UInt64(count), "record")) published again\n")
    try output.flush()
    return isWhole ? .done : .failed
  }
}
