// The plugin of `capnp compile -o capnpc-swift[:DIR]`: reads a CodeGeneratorRequest from standard input and
// writes one Swift file for each schema file into the working directory, which capnp has set to DIR.

import CapnProto
import Glibc

func fail(_ message: String) -> Never {
  fputs("capnpc-swift: \(message)\n", stderrFile)
  exit(1)
}

nonisolated(unsafe) let stderrFile = fdopen(2, "w")

func readInput() -> [UInt8] {
  var all: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let n = read(0, &chunk, chunk.count)
    if n < 0 { fail("standard input: \(String(cString: strerror(errno)))") }
    if n == 0 { return all }
    all += chunk[0..<n]
  }
}

/// Writes `text` to `path`, making the directories that it names.
func write(_ text: String, to path: String) {
  var directory = ""
  for part in path.split(separator: "/").dropLast() {
    directory += (path.hasPrefix("/") || !directory.isEmpty ? "/" : "") + part
    mkdir(directory, 0o777)
  }
  guard let file = fopen(path, "w") else { fail("\(path): \(String(cString: strerror(errno)))") }
  let written = Array(text.utf8)
  guard fwrite(written, 1, written.count, file) == written.count, fclose(file) == 0 else {
    fail("\(path): \(String(cString: strerror(errno)))")
  }
}

func outputName(_ filename: String) -> String {
  (filename.hasSuffix(".capnp") ? String(filename.dropLast(6)) : filename) + ".swift"
}

do {
  let input = readInput()
  let limiter = ReadLimiter(words: 1 << 30)
  let schema = try Schema(request: try Message(framed: input.span.bytes, limiter: limiter).rootStruct)
  for (id, filename) in schema.requested {
    write(try schema.generate(id, filename: filename), to: outputName(filename))
  }
} catch let error as Unsupported {
  fail("\(error.place): \(error.reason)")
} catch {
  fail("the request cannot be read: \(error)")
}
