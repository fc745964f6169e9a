import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct BadInputTests {
  let scratch = Scratch()

  @Test func anEmptyFileIsReportedAndIsNoError() {
    scratch.file("empty.log", "")
    let outcome = scratch.replay("empty.log")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("empty"))
  }

  @Test func aMissingFileIsNamed() {
    let outcome = scratch.replay("nowhere.log")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("nowhere.log: no such file"))
  }

  @Test func aDirectoryIsNamedWithWhatToDo() {
    let outcome = scratch.replay(".")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("is a directory"))
  }

  @Test func binaryIsCountedAndNotCrashedOn() {
    var seed: UInt64 = 99
    let bytes: [UInt8] = (0..<300_000).map { _ in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: seed >> 33)
    }
    scratch.file("binary", bytes)
    let outcome = scratch.replay("binary --report json --min-coverage 0.5")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("\"parsed\": 0"))
  }

  @Test func aTruncatedArchiveGivesAPartialReportAndStatus1() {
    scratch.file("access.log", log(20_000))
    _ = shell("cd '\(scratch.path)' && gzip -c access.log | head -c 60000 > cut.gz")
    let outcome = scratch.replay("cut.gz --report json")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("ends in the middle"))
    #expect(!outcome.output.contains("\"partial\": null"))
    #expect(!outcome.output.contains("\"parsed\": 0,"))
  }

  @Test func aLineOf100MegabytesLeavesItsPlaceAndNeedsNoMemory() {
    scratch.file("head", log(3))
    _ = shell("cd '\(scratch.path)' && (cat head; head -c 100000000 /dev/zero | tr '\\0' x; echo; cat head) > long.log")
    let outcome = scratch.replay("long.log --report json --threads 1 --dead-letters dead.json")
    #expect(outcome.status == 0)
    let dead = scratch.contents("dead.json")
    #expect(dead.contains("\"reason\":\"too-long\",\"file\":\"long.log\",\"line\":4"))
    #expect(dead.contains("\"length\":100000000"))
    #expect(dead.utf8.count < 3000)
    // 100 MB would not fit; the program's own threads' stacks do.
    let bounded = shell(
      "cd '\(scratch.path)' && ulimit -d 90000 && '\(products)/millrace-replay' long.log -q --threads 1 > /dev/null")
    #expect(bounded == 0)
  }

  @Test func aLineFrom2099IsADeadLetterAndMovesNothing() {
    let future = log(1).split(separator: "2025").joined(separator: "2099")
    scratch.file("access.log", log(500) + future + log(500, from: 500))
    let outcome = scratch.replay("access.log --report json --dead-letters dead.json")
    #expect(scratch.contents("dead.json").contains("\"reason\":\"time-ahead\",\"file\":\"access.log\",\"line\":501"))
    #expect(outcome.output.contains("\"ahead\": 1"))
    #expect(outcome.output.contains("\"late\": 0"))
    #expect(outcome.output.contains("\"parsed\": 1000"))
  }

  @Test func nulBytesCarriageReturnsAndAMissingLastLineEndAreRead() {
    let lines = log(50).split(separator: "\n").joined(separator: "\r\n")
    scratch.file("access.log", Array(lines.utf8) + Array("\r\n".utf8) + [0, 0, 0, 10] + Array(log(1).utf8.dropLast()))
    let outcome = scratch.replay("access.log --report json")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\"parsed\": 51"))
    #expect(outcome.output.contains("\"unparsed\": 1"))
  }

  @Test func utf16AndLatin1AreRead() {
    var wide: [UInt8] = [0xff, 0xfe]
    for unit in log(50).utf16 { wide += [UInt8(unit & 255), UInt8(unit >> 8)] }
    scratch.file("wide.log", wide)
    #expect(scratch.replay("wide.log --report json").output.contains("\"parsed\": 50"))
    let latin = log(50, target: { _ in "/caf#" }).utf8.map { $0 == UInt8(ascii: "#") ? UInt8(0xe9) : $0 }
    scratch.file("latin.log", latin)
    #expect(scratch.replay("latin.log --report json").output.contains("\"parsed\": 50"))
  }

  @Test func aLogWithoutOrderInTimeIsCounted() {
    let decades = log(300).split(separator: "\n").enumerated().map { number, line in
      line.split(separator: "2025", maxSplits: 1).joined(separator: "\(1980 + number * 7 % 60)")
    }
    scratch.file("access.log", log(300) + decades.joined(separator: "\n") + "\n" + log(300))
    let outcome = scratch.replay("access.log --report json")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\"balances\": true"))
  }

  @Test func aFullDiskIsAClearError() {
    scratch.file("access.log", log(100))
    let outcome = scratch.replay("access.log -q --output /dev/full")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("No space left on device"))
  }

  @Test func aLineWithoutEndStopsAtASignal() {
    #expect(shell("mkfifo '\(scratch.path)/endless'") == 0)
    let source = Running(
      scratch, "exec 2> /dev/null; exec > endless; head -c 30000000 /dev/zero; touch fed; cat /dev/zero")
    let running = Running(scratch, "exec '\(products)/millrace-replay' endless > out.txt 2> err.txt")
    #expect(eventually { access("\(scratch.path)/fed", F_OK) == 0 })
    running.signal(SIGINT)
    #expect(running.wait() >= 0)
    _ = source.wait()
    #expect(scratch.contents("err.txt").contains("partial"))
  }

  @Test func aPipeThatSaysNothingStopsAtASignal() {
    #expect(shell("mkfifo '\(scratch.path)/silent'") == 0)
    let source = Running(scratch, "exec 3> silent; touch fed; exec sleep 600")
    let running = Running(scratch, "exec '\(products)/millrace-replay' silent > out.txt 2> err.txt")
    #expect(eventually { access("\(scratch.path)/fed", F_OK) == 0 })
    running.signal(SIGINT)
    #expect(running.wait() == 0)
    source.signal(SIGKILL)
    _ = source.wait()
    #expect(scratch.contents("err.txt").contains("partial"))
  }

  @Test func aFileThatIsCutShortWhileReadIsSaid() {
    scratch.file("head.log", log(2000))
    // The first dead letter says that lines are being read; then a pipe that takes no more of them holds the replay up
    // until the file is cut.
    _ = shell(
      "cd '\(scratch.path)' && (cat head.log; yes 'no line of any log' | head -c 30000000) > whole.log && mkfifo held && "
        + "{ '\(products)/millrace-replay' whole.log --dead-letters held > out.txt 2> err.txt & "
        + "exec 3< held; head -c 1 <&3 > /dev/null; : > whole.log; cat <&3 > /dev/null; wait $!; echo $? > status; }"
    )
    #expect(scratch.contents("status") == "1\n")
    #expect(scratch.contents("err.txt").contains("was cut short while it was read"))
    #expect(scratch.contents("out.txt").contains("PARTIAL"))
  }

  @Test func anArchiveThatIsNotReadIsNamed() {
    scratch.file("old.zip", [0x50, 0x4b, 0x03, 0x04, 0x14, 0, 0, 0, 8, 0])
    let outcome = scratch.replay("old.zip")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("old.zip: is a zip archive, which is not read; unpack it first"))
  }

  @Test func aZstdWindowBeyond128MebibytesIsRefusedAndSaid() {
    // A frame header: no single segment, no checksum, window 2^31; then an empty last block.
    scratch.file("wide.zst", [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00])
    let outcome = scratch.replay("wide.zst")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("larger than 128 MiB"))
  }

  @Test func linesOfWhichNoneCanBeReadAreNoQuietDay() {
    scratch.file("words.txt", "no log\nat all\n")
    let outcome = scratch.replay("words.txt")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("none of the lines could be read"))
  }

  @Test func aClockThatWasSetBackIsSaid() {
    scratch.file("access.log", log(300, from: 7200) + log(300))
    let outcome = scratch.replay("access.log")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("300 of them late"))
  }

  @Test func namesOfFilesDoNotReachTheTerminalOrATableAsTheyAre() {
    simulate(scratch, "access.log", lines: 20_000)
    _ = shell("cd '\(scratch.path)' && cp access.log $'\\e[31mred\\t\\u202e.log'")
    let outcome = scratch.replay("'*red*.log' --verdicts verdicts.tsv")
    #expect(outcome.status == 0)
    for text in [outcome.errors, outcome.output, scratch.contents("verdicts.tsv")] {
      #expect(text.contains("red"))
      #expect(!text.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
    }
    #expect(
      scratch.contents("verdicts.tsv").split(separator: "\n").allSatisfy {
        $0.split(separator: "\t", omittingEmptySubsequences: false).count == 6
      })
  }

  @Test func aLineEndInTheNameOfAFileBreaksNoLine() {
    scratch.file("plain.log", log(30))
    _ = shell("cd '\(scratch.path)' && cp plain.log $'two\\nlines.log' && : > $'no\\nthing.log'")
    let outcome = scratch.replay("$'two\\nlines.log' $'no\\nthing.log' $'gone\\naway.log'")
    #expect(outcome.errors.contains("gone\\naway.log: no such file"))
    let read = scratch.replay("$'two\\nlines.log' $'no\\nthing.log'")
    #expect(read.errors.contains("two\\nlines.log: "))
    #expect(read.errors.contains("no\\nthing.log: empty"))
    for text in [outcome.errors, read.errors, read.output] { #expect(!text.contains("\nlines.log")) }
  }

  @Test func thePeakOfALogOverDecadesIsNotBeforeItsFirstEvent() {
    let old = log(40).split(separator: "2025").joined(separator: "1985")
    scratch.file("old.log", old)
    scratch.file("new.log", log(400))
    let outcome = scratch.replay("old.log new.log")
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("peak 0 /s at 198") && !outcome.output.contains("at 1984-"))
  }

  @Test func whatCannotBeSeenIsSaid() {
    scratch.file("access.log", log(60))
    let outcome = scratch.replay("access.log --report json")
    #expect(outcome.output.contains("only slow requests that were given up can be seen"))
    #expect(outcome.output.contains("its usual rate is unknown"))
    #expect(scratch.replay("access.log").output.contains("scans from 20 missing paths"))
  }

  @Test func timesThatLeaveNothingAreSaidWithThoseOfTheLog() {
    scratch.file("access.log", log(60))
    let outcome = scratch.replay("access.log --since 2h")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("the log runs from 2025-06-02T00:00:00Z to 2025-06-02T00:00:59Z"))
    #expect(scratch.replay("access.log -q --since 2h").output.contains("Nothing is left"))
  }

  @Test func anOverrideOfNoKeyIsSaid() {
    scratch.file("access.log", log(10))
    for name in ["MILLRACE_WINDOWS__LENGHT", "MILLRACE_SOMETHING_ELSE"] {
      _ = shell("cd '\(scratch.path)' && \(name)=1s '\(products)/millrace-replay' access.log > out.txt 2> err.txt")
      #expect(scratch.contents("err.txt").contains("\(name)"), "\(name)")
    }
  }

  @Test func manyFilesAtOnceAreReadInBoundedMemory() {
    // Round about, so that each holds the whole time; with open files limited to fewer than there are.
    simulate(scratch, "all.log", lines: 30_000)
    let status = shell(
      "cd '\(scratch.path)' && mkdir parts && split -n r/300 -a 3 all.log parts/p && ulimit -n 256 && "
        + "'\(products)/millrace-replay' 'parts/*' -q --report json --threads 2 > two.json && "
        + "'\(products)/millrace-replay' 'parts/*' -q --report json --threads 1 > one.json && cmp one.json two.json")
    #expect(status == 0)
    #expect(scratch.contents("one.json").contains("\"parsed\": 30000"))
  }
}
