// The plugin of `capnp compile`: what is committed is what it makes, and what it cannot do it says, with the place.

import Foundation
import Testing

/// Whether a program can be run.
func isInstalled(_ program: String) -> Bool { (try? run("which", [program]).status) == 0 }

/// The plugin, built beside the tests.
private let plugin = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  .appendingPathComponent("capnpc-swift").path
private let canGenerate = isInstalled("capnp") && FileManager.default.isExecutableFile(atPath: plugin)

@Suite(.enabled(if: canGenerate, "needs the capnp compiler and the built plugin"))
struct GeneratorTests {
  @Test(arguments: [
    ("Schemas", "events", "Sources/Events/Generated"), ("Schemas", "rollups", "Sources/Rollups/Generated"),
    ("Schemas", "checkpoints", "Sources/Events/Generated"),
    ("Schemas", "aggregator-state", "Sources/Rollups/Generated"),
    ("Schemas", "attacks", "Sources/Detection/Generated"), ("Schemas", "candidates", "Sources/Detection/Generated"),
    ("Schemas", "state", "Sources/Detection/Generated"),
    ("Tests/CapnProtoTests/Schemas", "everything", "Tests/CapnProtoTests/Generated"),
    ("Tests/CapnProtoTests/Schemas", "imported", "Tests/CapnProtoTests/Generated"),
  ])
  func whatIsCommittedIsWhatTheSchemaMakes(schemas: String, name: String, committed: String) throws {
    let scratch = try Scratch()
    let ended = try run(
      "capnp",
      [
        "compile", "-I\(repository)", "--src-prefix=\(schemas)", "-o\(plugin):\(scratch.path)",
        "\(schemas)/\(name).capnp",
      ])
    try #require(ended.status == 0, "\(ended.errors)")
    let made = FileManager.default.contents(atPath: "\(scratch.path)/\(name).swift")
    let kept = FileManager.default.contents(atPath: "\(repository)/\(committed)/\(name).swift")
    #expect(made != nil && made == kept, "generate \(name).swift again: docs/schema.md says how")
  }

  @Test(arguments: [
    ("struct Box(T) { value @0 :T; }", "Box"),
    ("struct Box(T) { value @0 :T; }\nstruct Holder { box @0 :Box(Text); }", "Box"),
    ("struct Holder { peer @0 :Peer; }\ninterface Peer { call @0 (); }", "Holder.peer"),
    ("interface Peer { call @0 (); }", "Peer"),
  ])
  func whatIsNotSupportedIsNamedWithItsPlace(schema: String, place: String) throws {
    let scratch = try Scratch()
    try "@0xabcdefabcdef0001;\n\(schema)\n".write(
      toFile: scratch.path + "/bad.capnp", atomically: true, encoding: .utf8)
    let ended = try run("capnp", ["compile", "-o\(plugin):\(scratch.path)", "bad.capnp"], in: scratch.path)
    #expect(ended.status != 0)
    #expect(ended.errors.contains("bad.capnp:\(place): "), "\(ended.errors)")
    #expect(ended.errors.contains("not supported"))
  }

  @Test func aRequestThatIsNoneIsRefused() throws {
    for input: [UInt8] in [[], [1, 2, 3], [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], Array(repeating: 7, count: 1000)] {
      let ended = try run(plugin, [], input: input)
      #expect(ended.status == 1 && ended.errors.contains("cannot be read"))
    }
  }
}
