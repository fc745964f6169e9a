import Testing

@testable import Configuration

@Suite struct SettingsTests {
  static let table: [Setting] = [
    Setting("name", .text, "web", "A name."),
    Setting("windows.length", .duration(1_000_000_000...3_600_000_000_000), "10s", "How long."),
    Setting("windows.max_clients", .integer(1...100), "50", "How many."),
    Setting("kafka.bootstrap", .texts, "", "Where."),
    Setting("kafka.password", .text, "", isSecret: true, "What."),
    Setting("cache", .bytes(0...(1 << 30)), "64KiB", "How large."),
    Setting("ratio", .number(0...1), "0.5", "How much."),
    Setting("mode", .choice(["fast", "exact"]), "fast", "How."),
    Setting("on", .flag, "true", "Whether."),
  ]

  func load(_ text: String, _ environment: [(name: String, value: String)] = []) throws(ConfigurationErrors) -> Settings
  {
    try Settings(table: Self.table, text: Array(text.utf8), file: "p.yaml", environment: environment)
  }

  func failures(_ text: String, _ environment: [(name: String, value: String)] = []) -> [String] {
    do throws(ConfigurationErrors) {
      _ = try load(text, environment)
      return []
    } catch {
      return error.errors.map(\.description)
    }
  }

  @Test func aFileReplacesDefaultsAndTheEnvironmentReplacesTheFile() throws {
    let settings = try load(
      "name: shop\nwindows: {length: 30s}\nkafka:\n  bootstrap: [a:1, b:2]\non: false\ncache: 1MiB\n",
      [("MILLRACE_WINDOWS__LENGTH", "1m"), ("MILLRACE_WINDOWS__MAX_CLIENTS", "7"), ("PATH", "/bin")])
    #expect(settings.text("name") == "shop")
    #expect(settings.duration("windows.length") == 60_000_000_000)
    #expect(settings.integer("windows.max_clients") == 7)
    #expect(settings.texts("kafka.bootstrap") == ["a:1", "b:2"])
    #expect(settings.flag("on") == false)
    #expect(settings.bytes("cache") == 1 << 20)
    #expect(settings.number("ratio") == 0.5)
    #expect(settings.origin("name") == .file("p.yaml", Place(line: 1, column: 7)))
    #expect(settings.origin("windows.length") == .environment("MILLRACE_WINDOWS__LENGTH"))
    #expect(settings.origin("ratio") == .builtIn)
  }

  @Test func anUnknownKeyIsRefusedWithItsPlaceAndTheNearestName() {
    #expect(
      failures("window:\n  length: 1s\n") == ["p.yaml:1:1: unknown key 'window' (did you mean 'windows'?)"])
    #expect(
      failures("windows:\n  lenght: 1s\n")
        == ["p.yaml:2:3: unknown key 'windows.lenght' (did you mean 'length'?)"])
    #expect(failures("zebra: 1\n") == ["p.yaml:1:1: unknown key 'zebra'"])
  }

  @Test func everyErrorIsReportedNotOnlyTheFirst() {
    let all = failures(
      "windows: {length: 1, max_clients: 1000}\nratio: 2\nmode: fats\ncache: 1TB\non: maybe\nname: [a]\nkafka: 3\n")
    #expect(
      all == [
        "p.yaml:1:19: windows.length: '1' is not a duration from 1s to 1h, such as 10s",
        "p.yaml:1:35: windows.max_clients: '1000' is not a whole number from 1 to 100",
        "p.yaml:2:8: ratio: '2' is not a number from 0.0 to 1.0",
        "p.yaml:3:7: mode: 'fats' is not one of fast, exact (did you mean 'fast'?)",
        "p.yaml:4:8: cache: '1TB' is not a size from 0 to 1GiB, such as 64KiB",
        "p.yaml:5:5: on: 'maybe' is not true or false",
        "p.yaml:6:7: name: a single value is expected, not a list",
        "p.yaml:7:8: 'kafka' must be a map of keys, not a single value",
      ])
  }

  @Test func aVariableThatOverridesNothingIsAnErrorOrANote() throws {
    #expect(
      failures("", [("MILLRACE_WINDOWS__LENGHT", "1s")]) == [
        "MILLRACE_WINDOWS__LENGHT: overrides no key (did you mean 'MILLRACE_WINDOWS__LENGTH'?)"
      ])
    #expect(try load("", [("MILLRACE_NAM", "x")]).notes.count == 1)
    // Of the project's own build and tests.
    #expect(try load("", [("MILLRACE_TARGETS", "A,B"), ("MILLRACE_TEST_KAFKA", "1")]).notes.isEmpty)
  }

  @Test func secretsAreMaskedWhereverTheyAreShown() throws {
    let settings = try load("kafka: {password: hunter2}\n")
    #expect(!settings.yaml().contains("hunter2") && settings.yaml().contains("password: \"***\""))
    #expect(settings.text("kafka.password") == "hunter2")
    let table = [Setting("pin", .integer(0...9), "1", isSecret: true, "")]
    let error = #expect(throws: ConfigurationErrors.self) {
      try Settings(table: table, text: nil, file: "", environment: [("MILLRACE_PIN", "hunter2")])
    }
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test func theEffectiveConfigurationReadsBackToTheSame() throws {
    let settings = try load("name: 'yes: \"no\" #'\nkafka: {bootstrap: ['a b', 'true', '-x', \"\\t\\x01\"]}\n")
    let again = try load(settings.yaml())
    #expect(again.text("name") == "yes: \"no\" #")
    #expect(again.texts("kafka.bootstrap") == ["a b", "true", "-x", "\t\u{1}"])
    #expect(settings.yaml().contains("name: \"yes: \\\"no\\\" #\"  # p.yaml:1:7"))
  }

  @Test func durationsAndSizesReadBack() {
    for value: Int64 in [0, 1, 999, 1_000_000, 1_500_000_000, 60_000_000_000, 86_400_000_000_000] {
      #expect(DurationText.parse(DurationText.text(value)) == value)
    }
    for value in [0, 1, 1024, 1536, 3 << 30] { #expect(ByteCount.parse(ByteCount.text(value)) == value) }
    #expect(DurationText.parse("9223372036854775807d") == nil)
    #expect(DurationText.parse("s") == nil && DurationText.parse("-1s") == nil && DurationText.parse("1.5s") == nil)
    #expect(ByteCount.parse("99999999999TiB") == nil && ByteCount.parse("KiB") == nil)
  }
}
