// swift-tools-version: 6.2
// Millrace. One package, no dependency outside the toolchain and Debian's C libraries.
//
// MILLRACE_TARGETS=A,B builds only the named targets and what they need: the quick way to work on
// one module, because `swift test` otherwise builds every test target.
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableExperimentalFeature("Lifetimes"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swift)
}
func program(_ name: String, at path: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: swift)
}
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swift)
}
func system(_ name: String) -> Target { .systemLibrary(name: name) }

var targets: [Target] = [
  // C libraries of Debian: module maps, nothing else.
  system("CVectorscan"), system("CPcre2"), system("CIsal"), system("CZstd"), system("CLzma"), system("CBzip2"),
  system("CYaml"), system("CRdKafka"), system("CEvent"), system("COpenSSL"), system("CNcurses"), system("CCurl"),
  system("CMaxMind"),
  // Small C: what glibc's headers do not give Swift, and the malloc counter of tests and benchmarks.
  .target(name: "CPlatform"),
  .target(name: "AllocationCounter"),

  // Modules, each importing only those above it.
  library("Bytes", ["CPlatform"]),
  library("CapnProto", ["CPlatform"]),
  program("capnpc-swift", at: "Sources/capnpc-swift", ["CapnProto"]),
  .target(
    name: "CapnProtoReference", cxxSettings: [.unsafeFlags(["-std=c++17"])],
    linkerSettings: ["capnp-json", "capnpc", "capnp", "kj"].map { .linkedLibrary($0) }
  ),
  library("Events", ["CapnProto", "Bytes"]),
  library("LogFormats", ["Events", "Bytes"]),
  library("Sketches", ["Bytes"]),
  library("Rollups", ["Events", "Sketches", "Bytes", "CapnProto"]),
  library("Configuration", ["CYaml", "CPlatform", "Bytes"]),
  library("Stations", ["Configuration", "Bytes", "CPlatform", "CEvent"]),
  library(
    "Detection", ["Rollups", "Configuration", "Sketches", "Events", "CapnProto", "Bytes", "CVectorscan", "CPcre2"]),
  library("Reputation", ["Detection", "CapnProto", "Bytes"]),
  library("Geolocation", ["Reputation", "Bytes", "CMaxMind"]),
  library("Reports", ["Detection", "Rollups", "Sketches", "Events", "Bytes"]),
  library("LogFiles", ["Bytes", "CPlatform", "CIsal", "CZstd", "CLzma", "CBzip2"]),
  library(
    "Pipelines",
    [
      "Configuration", "Geolocation", "Reputation", "Detection", "Rollups", "LogFormats", "LogFiles", "Events", "Bytes",
    ]),
  library("Simulation", ["Bytes"]),
  library("Kafka", ["CRdKafka", "Bytes", "CPlatform"]),
  library("Topics", ["Kafka", "Reputation", "Configuration", "Bytes"]),
  library("Workers", ["Topics", "Kafka", "Stations", "Configuration", "Bytes"]),
  library(
    "Aggregator",
    [
      "Workers", "Topics", "Kafka", "Stations", "Pipelines", "Detection", "Rollups", "Events", "CapnProto",
      "Configuration", "Bytes",
    ]),
  library(
    "Analyzer",
    [
      "Workers", "Topics", "Kafka", "Stations", "Pipelines", "Reputation", "Detection", "Rollups", "CapnProto",
      "Configuration", "Bytes",
    ]),
  library(
    "Replay",
    [
      "Topics", "Kafka", "Reports", "Pipelines", "Reputation", "Detection", "Rollups", "LogFormats", "LogFiles",
      "Events", "CapnProto", "Configuration", "Bytes", "CPlatform",
    ]),
  library(
    "Forwarder",
    [
      "Topics", "Kafka", "Stations", "Pipelines", "Detection", "Rollups", "LogFormats", "LogFiles", "Events",
      "CapnProto", "Configuration", "Bytes", "CPlatform", "CEvent", "COpenSSL",
    ]),
  program("millrace-forwarder", at: "Sources/millrace-forwarder", ["Forwarder"]),
  library(
    "Terminal",
    [
      "Aggregator", "Topics", "Kafka", "Stations", "Reports", "Pipelines", "Detection", "Rollups", "Events",
      "CapnProto", "Configuration", "Bytes", "CNcurses", "CCurl",
    ]),
  program(
    "millrace-bench-wire", at: "Benchmarks/Wire", ["Events", "CapnProto", "Bytes", "CapnProtoReference", "CPlatform"]),
  program("millrace-replay", at: "Sources/millrace-replay", ["Replay"]),
  program("millrace-aggregator", at: "Sources/millrace-aggregator", ["Aggregator"]),
  program("millrace-analyzer", at: "Sources/millrace-analyzer", ["Analyzer"]),
  program("millrace-attacks", at: "Sources/millrace-attacks", ["Terminal"]),
  library(
    "ListKeeper",
    [
      "Topics", "Kafka", "Stations", "Pipelines", "Workers", "Reputation", "Detection", "LogFiles", "Configuration",
      "Bytes", "CCurl", "CPlatform",
    ]),
  program("millrace-reputation", at: "Sources/millrace-reputation", ["ListKeeper"]),
  program("millrace-simulate", at: "Sources/millrace-simulate", ["Simulation", "Configuration"]),

  program("bench-parse", at: "Benchmarks/Parsing", ["LogFormats", "Events", "Bytes"]),
  // A station that does nothing: what StationsTests starts, signals and asks.
  program("station-probe", at: "Tests/StationProbe", ["Stations", "Configuration"]),

  tests("BytesTests", ["Bytes", "AllocationCounter"]),
  .testTarget(
    name: "CapnProtoTests", dependencies: ["CapnProto", "CapnProtoReference", "Events", "Bytes", "AllocationCounter"],
    exclude: ["Schemas", "pycapnp_check.py"], swiftSettings: swift),
  tests("EventsTests", ["Events", "CapnProto", "Bytes", "AllocationCounter"]),
  tests("LogFormatsTests", ["LogFormats", "Events", "Bytes", "AllocationCounter"]),
  tests("SketchesTests", ["Sketches", "Bytes", "AllocationCounter"]),
  tests("RollupsTests", ["Rollups", "Sketches", "Events", "CapnProto", "Bytes", "AllocationCounter"]),
  tests("ConfigurationTests", ["Configuration"]),
  tests("StationsTests", ["Stations", "Configuration", "Bytes", "station-probe"]),
  tests(
    "DetectionTests", ["Detection", "Rollups", "Configuration", "Events", "CapnProto", "Bytes", "AllocationCounter"],
    exclude: ["pysigma_check.py"]),
  tests(
    "ListKeeperTests",
    ["ListKeeper", "Kafka", "KafkaTestSupport", "Reputation", "Detection", "Bytes", "millrace-reputation"]),
  tests("ReputationTests", ["Reputation", "Geolocation", "Detection", "Bytes"]),
  tests("ReportsTests", ["Reports", "Detection", "Rollups", "Sketches", "Bytes"], exclude: ["Golden"]),
  tests("LogFilesTests", ["LogFiles", "Bytes"]),
  // A broker for the tests of every program that talks to one.
  .target(
    name: "KafkaTestSupport", dependencies: ["Kafka"], path: "Tests/Support/KafkaTestSupport", swiftSettings: swift),
  tests("KafkaTests", ["Kafka", "CRdKafka", "KafkaTestSupport", "Bytes"]),
  tests(
    "ForwarderTests",
    [
      "Forwarder", "Kafka", "KafkaTestSupport", "Detection", "Rollups", "Pipelines", "Topics", "LogFormats", "LogFiles",
      "Events", "CapnProto", "Bytes",
      "millrace-forwarder",
    ]),
  tests(
    "AggregatorTests",
    [
      "Aggregator", "Topics", "Kafka", "KafkaTestSupport", "Pipelines", "Detection", "Rollups", "Events", "CapnProto",
      "Simulation", "Configuration", "Bytes", "millrace-aggregator", "millrace-replay", "millrace-simulate",
    ]),
  tests(
    "AnalyzerTests",
    [
      "Analyzer", "Reports", "Simulation", "LogFormats", "Detection", "Rollups", "Events", "CapnProto", "Topics",
      "Kafka",
      "KafkaTestSupport", "Pipelines", "Configuration", "Bytes", "millrace-analyzer", "millrace-aggregator",
      "millrace-replay", "millrace-reputation", "millrace-simulate",
    ]),
  tests(
    "TerminalTests",
    [
      "Terminal", "Topics", "Kafka", "KafkaTestSupport", "Stations", "Reports", "Detection", "Rollups", "Events",
      "CapnProto", "Configuration", "Bytes", "millrace-attacks", "millrace-forwarder", "millrace-aggregator",
      "millrace-analyzer", "millrace-replay", "millrace-simulate",
    ], exclude: ["receiver.py"]),
  tests("SimulationTests", ["Simulation", "LogFormats", "Events", "Bytes"]),
  tests(
    "ReplayTests",
    [
      "Replay", "Configuration", "Reports", "Detection", "Rollups", "LogFormats", "LogFiles", "Events", "Simulation",
      "Bytes",
      "millrace-replay", "millrace-simulate",
    ]),
]

// Fuzzers, only with MILLRACE_FUZZ=1: they have no main of their own and need
// `swift build -c release --sanitize fuzzer --scratch-path .build/fuzz`, as docs/workarounds.md says.
func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Tests/Fuzz/\(name)",
    swiftSettings: swift + [.unsafeFlags(["-parse-as-library"])])
}
if Context.environment["MILLRACE_FUZZ"] == "1" {
  targets += [
    fuzzer("FuzzWire", ["Events", "Rollups", "CapnProto"]),
    fuzzer("FuzzFormats", ["LogFormats", "Events", "Bytes"]),
    fuzzer("FuzzTime", ["LogFormats", "Events", "Bytes"]),
    fuzzer("FuzzRules", ["Detection", "Configuration", "Bytes"]),
    fuzzer("FuzzDecoders", ["Detection", "Events", "Bytes"]),
    fuzzer("FuzzReputation", ["Reputation", "Detection", "Bytes"]),
  ]
}

if let wanted = Context.environment["MILLRACE_TARGETS"], !wanted.isEmpty {
  var keep = Set(wanted.split(separator: ",").map(String.init))
  var grew = true
  while grew {
    grew = false
    for target in targets where keep.contains(target.name) {
      for dependency in target.dependencies {
        if case .byNameItem(let name, _) = dependency, keep.insert(name).inserted { grew = true }
      }
    }
  }
  targets = targets.filter { keep.contains($0.name) }
}

let package = Package(name: "millrace", targets: targets)
