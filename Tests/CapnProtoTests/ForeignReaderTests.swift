// What others make of our bytes: Python's pycapnp and ClickHouse.

import Bytes
import CapnProto
import Events
import Foundation
import Testing

private let python = repository + "/.build/venv/bin/python"
private let hasPycapnp = (try? run(python, ["-c", "import capnp"]).status) == 0
private let hasClickHouse = isInstalled("clickhouse-server") && isInstalled("clickhouse-client")

@Suite struct ForeignReaderTests {
  @Test(.enabled(if: hasPycapnp, "needs pycapnp in .build/venv"))
  func pycapnpDecodesAndEncodesTheSame() throws {
    let file = "Tests/CapnProtoTests/Schemas/everything.capnp"
    let schema = try ReferenceSchema(file)
    let limiter = ReadLimiter()
    var stream: [UInt8] = []
    var expected: [String] = []
    for seed: UInt64 in 1...100 {
      let random = try schema.random("Everything", seed: seed, segmentWords: 1024)
      var message = MessageBuilder()
      try copy(
        try Everything.read(from: try Message(framed: random.span.bytes, limiter: limiter)),
        message.start(EverythingBuilder.self))
      expected.append(try schema.json("Everything", bytes(message.framed)))
      stream += bytes(message.framed)
    }
    let scratch = try Scratch()
    let output = scratch.path + "/python.bin"
    let script = repository + "/Tests/CapnProtoTests/pycapnp_check.py"
    let ended = try run(
      "sh", ["-c", "exec \"$0\" \"$@\" > '\(output)'", python, script, repository, file, "Everything"], input: stream)
    try #require(ended.status == 0, "\(ended.errors)")
    // Theirs, read by our accessors and written by our builders.
    var reader = FrameReader()
    reader.append(Array(FileManager.default.contents(atPath: output) ?? Data()).span.bytes)
    var number = 0
    while try reader.next(), number < expected.count {
      var message = MessageBuilder()
      try copy(
        try Everything.read(from: try Message(framed: reader.frame, limiter: limiter)),
        message.start(EverythingBuilder.self))
      #expect(try schema.json("Everything", bytes(message.framed)) == expected[number], "seed \(number + 1)")
      number += 1
    }
    #expect(number == expected.count && reader.pendingBytes == 0)
  }

  /// ClickHouse reads one message a row, so the events of a batch become messages of their own.
  @Test(.enabled(if: hasClickHouse, "needs clickhouse-server and clickhouse-client"))
  func clickHouseReadsTheEventsOfABatch() throws {
    var writer = EventBatchWriter()
    writer.begin(BatchOrigin(source: 1))
    let text = Array("example.org/a?b=1curl/8.0bob".utf8)
    for i in 0..<1000 {
      var fields = HttpFields()
      fields.time = 1_700_000_000_000_000_000 + Int64(i)
      fields.client = IPAddress(v4: UInt32(i))
      fields.bytes = UInt64(i) * 3
      fields.status = UInt16(200 + i % 5)
      fields.method = .post
      fields.host = FieldRange(offset: 0, count: 11)
      fields.target = FieldRange(offset: 11, count: 6)
      fields.userAgent = FieldRange(offset: 17, count: 8)
      if i % 10 == 0 { fields.remoteUser = FieldRange(offset: 25, count: 3) }
      writer.append(
        fields, line: text.span.bytes, scratch: text.span.bytes, lineOffset: UInt32(i), lineNumber: UInt32(i))
    }
    writer.finish()
    let limiter = ReadLimiter()
    let events = try EventBatch.read(from: try Message(framed: writer.message, limiter: limiter)).events.http
    var rows: [UInt8] = []
    var row = MessageBuilder()
    for i in 0..<events.count {
      row.removeAll()
      try row.root.copy(events[i].content)
      rows += bytes(row.framed)
    }
    let server = try ClickHouse()
    try server.query(
      "CREATE TABLE events (time Int64, clientLow UInt64, bytes UInt64, status UInt16, method UInt16, host String, "
        + "target String, userAgent String, referrer String, `extra.remoteUser` String) ENGINE = Memory")
    try server.query("INSERT INTO events FORMAT CapnProto", schema: "events:HttpEvent", input: rows)
    let answer = try server.query(
      "SELECT count(), sum(bytes), sum(status), min(time), max(clientLow), uniq(host, target, userAgent), any(host), "
        + "any(target), any(userAgent), any(method), max(referrer), countIf(`extra.remoteUser` = 'bob') FROM events")
    #expect(
      answer
        == "1000\t1498500\t202000\t1700000000000000000\t281470681744359\t1\texample.org\t/a?b=1\tcurl/8.0\t3\t\t100\n")
  }
}

/// A server of its own in a scratch directory, stopped when this goes.
private final class ClickHouse {
  private let scratch: Scratch
  private let child: pid_t
  private let port: Int

  init() throws {
    scratch = try Scratch()
    let home = scratch.path
    try FileManager.default.createDirectory(atPath: home + "/schemas", withIntermediateDirectories: true)
    for name in ["events", "swift"] {
      try FileManager.default.copyItem(
        atPath: "\(repository)/Schemas/\(name).capnp", toPath: "\(home)/schemas/\(name).capnp")
    }
    try """
    <yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password></password>
    <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>
    """.write(toFile: home + "/users.xml", atomically: true, encoding: .utf8)
    // Another may take the port between our look and the server's: so again, elsewhere.
    for _ in 0..<5 {
      let port = 10_000 + Int.random(in: 0..<10_000)
      try Self.configure(home, port: port)
      let child = try start(
        "clickhouse-server", ["--config-file=\(home)/config.xml"], in: home,
        streams: ["/dev/null", "/dev/null", "/dev/null"])
      if Self.answers(child, port: port, home) {
        (self.port, self.child) = (port, child)
        return
      }
    }
    throw ReferenceError(description: "clickhouse-server does not answer")
  }

  /// Its one port is of those that the system gives to no client, nor the brokers of other tests to themselves.
  private static func configure(_ home: String, port: Int) throws {
    try """
    <yandex><logger><level>warning</level></logger><tcp_port>\(port)</tcp_port>
    <listen_host>127.0.0.1</listen_host><path>\(home)/data/</path><tmp_path>\(home)/tmp/</tmp_path>
    <format_schema_path>\(home)/schemas/</format_schema_path><users_config>\(home)/users.xml</users_config>
    <mark_cache_size>5000000</mark_cache_size><default_profile>default</default_profile>
    <default_database>default</default_database></yandex>
    """.write(toFile: home + "/config.xml", atomically: true, encoding: .utf8)
  }

  /// Waits until this server answers; false where it has ended instead, or says nothing for minutes.
  private static func answers(_ child: pid_t, port: Int, _ home: String) -> Bool {
    let deadline = ContinuousClock.now + .seconds(240)
    while ContinuousClock.now < deadline {
      // Before it is asked: another server may stand at the port that this one did not get.
      var status: Int32 = 0
      if waitpid(child, &status, WNOHANG) == child { return false }
      if (try? ask("SELECT 1", port: port, home)) == "1\n" { return true }
      usleep(100_000)
    }
    kill(child, SIGKILL)
    _ = wait(for: child)
    return false
  }

  deinit {
    // It holds nothing worth keeping, and was seen to ignore being asked.
    kill(child, SIGKILL)
    _ = wait(for: child)
  }

  /// The schema's name is looked up in the working directory of the client.
  @discardableResult
  func query(_ text: String, schema: String? = nil, input: [UInt8] = []) throws -> String {
    try Self.ask(text, schema: schema, input: input, port: port, scratch.path)
  }

  private static func ask(
    _ text: String, schema: String? = nil, input: [UInt8] = [], port: Int, _ home: String
  ) throws -> String {
    var arguments = ["--host", "127.0.0.1", "--port", "\(port)", "--query", text]
    if let schema { arguments += ["--format_schema", schema] }
    let ended = try run("clickhouse-client", arguments, input: input, in: home + "/schemas")
    if ended.status != 0 { throw ReferenceError(description: ended.errors) }
    return ended.output
  }
}
