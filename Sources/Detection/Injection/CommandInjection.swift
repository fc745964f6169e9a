// Shell commands in a value: what a shell separates, and whether a command stands behind the separator.

import Bytes

enum CommandInjection {
  private static let plain: UInt8 = 1  // means nothing else in English
  private static let ambiguous: UInt8 = 2  // is an English word too: needs arguments of a shell
  private static let windows: UInt8 = 3

  private static let commands = WordTable([
    (
      "ls id whoami uname pwd wget curl nc ncat netcat bash sh zsh ksh csh dash ash ifconfig ipconfig netstat nslookup dig ping"
        + " ping6 traceroute telnet ssh scp sftp ftp tftp rsync chmod chown chgrp rm rmdir mkdir mknod mkfifo mv cp ln ps grep egrep fgrep"
        + " awk gawk sed perl python python2 python3 ruby php php5 node lua gcc tclsh xxd base64 od hexdump printenv env getent"
        + " crontab useradd usermod passwd sudo su systemctl iptables mount umount insmod lsof lsb_release dpkg apt-get"
        + " yum rpm busybox nohup xargs tee socat openssl zip unzip tar gzip gunzip mysql psql sqlite3 nmap dmesg lscpu"
        + " killall pkill printf usleep wc uniq tac nl stat df du whereis hostname tcpdump vi vim nano ed gdb strace xterm",
      plain
    ),
    (
      "cat sleep find more less sort cut who last host time at test date top kill head tail touch make man which split join echo"
        + " print set type w file free history locate ip arp route source export exec eval read true false cd expr jobs rev paste"
        + " diff shutdown reboot halt finger mail wall write watch yes screen go java command alias",
      ambiguous
    ),
    (
      "dir del copy move net start systeminfo tasklist taskkill powershell pwsh cmd certutil bitsadmin rundll32 regsvr32"
        + " mshta wmic cscript wscript reg sc schtasks attrib icacls ver whoami net1 findstr msiexec type nslookup getmac"
        + " netsh iwmi gwmi new-object invoke-wmimethod set-executionpolicy start-bitstransfer get-childitem"
        + " get-process get-content invoke-expression invoke-webrequest iex iwr start-process",
      windows
    ),
  ])

  private static let separators: ByteTraits = [
    .semicolon, .pipe, .ampersand, .backquote, .dollar, .lineBreak, .angle, .control, .null,
  ]

  static func inspect(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var best = 0
    if !value.traits.isDisjoint(with: separators) { best = separated(value) }
    let argued: ByteTraits = [.slash, .space, .minus, .dollar, .dot, .backslash]
    if !value.traits.isDisjoint(with: argued) {
      best = max(best, whole(value))
      best = max(best, phrases(text))
    }
    tally.add(.command, value.discounted(best))
    if value.traits.contains(.brace), value.traits.contains(.parenthesis) { functionImport(text, &tally) }
  }

  /// `() { :; }; command`: bash imported functions from variables and ran what followed (CVE-2014-6271).
  static func functionImport(_ text: RawSpan, _ tally: inout EvidenceTally) {
    guard let at = text.firstRange(of: "()") else { return }
    let brace = text.skippingSpace(at &+ 2)
    guard text.at(brace) == 0x7b else { return }
    let rest = text.extracting(min(brace &+ 1, text.byteCount)..<text.byteCount)
    let begins = at == text.skippingSpace(0)
    if begins, rest.contains(";") {
      tally.add(.functionImport, 96)
    } else if rest.contains(":;") {
      tally.add(.functionImport, 90)
    } else if begins {
      tally.add(.functionImport, 70)
    }
  }

  /// Behind each separator: does a command stand there, and is it written as to a shell?
  private static func separated(_ value: borrowing DecodedValue) -> Int {
    let text = value.text
    let n = text.byteCount
    var best = 0
    var i = 0
    while i < n {
      let c = text.unchecked(i)
      var next = 0
      var substitution = false
      switch c {
      case 0x3b where endsEntity(text, i):
        i &+= 1
        continue
      case 0x3b, 0x0a, 0x0d: next = i &+ 1
      case 0x7c, 0x26:
        next = i &+ 1
        while text.at(next) == c { next &+= 1 }
      case 0x60 where text.holds("```", at: i):
        // The fence of a block of code, as posts mark it.
        i &+= 3
        continue
      case 0x60:
        next = i &+ 1
        substitution = text.firstIndex(of: 0x60, from: i &+ 1) != nil
      case 0x24 where text.at(i &+ 1) == 0x28:
        next = i &+ 2
        substitution = true
      case 0x3c, 0x3e:
        if text.at(i &+ 1) == 0x28 {
          next = i &+ 2
          substitution = true
        } else if c == 0x3c, text.holds("(", at: i &+ 1) || text.holds("<<", at: i) {
          i &+= 1
          continue
        } else if c == 0x3e, text.at(i &+ 1) == 0x26 || text.at(text.skippingSpace(i &+ 1)) == 0x2f {
          let target = text.skippingSpace(i &+ 1)
          if text.holds("/dev/", at: target) || text.holds("/tmp/", at: target) || text.holds("/var/www", at: target)
            || text.holds("&1", at: i &+ 1) || text.holds("&/dev", at: i &+ 1)
          {
            best = max(best, 60)
          }
          i &+= 1
          continue
        } else {
          i &+= 1
          continue
        }
      default:
        i &+= 1
        continue
      }
      let score = command(text, next, separator: c, substitution: substitution, first: i)
      // Documents mark code with back quotes.
      best = max(best, c == 0x60 && value.isProse ? score * 2 / 5 : score)
      i = max(next, i &+ 1)
    }
    return best
  }

  /// Whether the `;` at `index` ends what is left of `&lt;` where `&` was taken for a separator, or of `&eacute;`.
  private static func endsEntity(_ text: RawSpan, _ index: Int) -> Bool {
    var start = index
    while start > 0, text.unchecked(start &- 1).isWord { start &-= 1 }
    let name = text.extracting(start..<index)
    if text.at(start &- 1) == 0x26 || text.at(start &- 1) == 0x23 { return name.byteCount >= 2 }
    return name.equals("lt") || name.equals("gt") || name.equals("quot") || name.equals("amp") || name.equals("apos")
      || name.equals("nbsp")
  }

  /// The score of a command line that begins at `start`.
  private static func command(
    _ text: RawSpan, _ start: Int, separator: UInt8, substitution: Bool, first: Int
  ) -> Int {
    let n = text.byteCount
    var i = start
    // White space and its disguises, brackets that group, and 'sudo'-like prefixes.
    var disguised = false
    while i < n {
      let c = text.unchecked(i)
      if c.isSpace || c == 0x2b || c == 0x28 || c == 0x7b || c == 0x22 || c == 0x27 || c == 0x40 {
        i &+= 1
      } else if text.holds("${ifs}", at: i) {
        disguised = true
        i &+= 6
      } else if text.holds("$ifs", at: i) {
        disguised = true
        i &+= 4
        while text.at(i) == 0x24 || text.at(i).isASCIIDigit { i &+= 1 }
      } else {
        break
      }
    }
    guard i < n else { return 0 }
    var word = InlineArray<32, UInt8>(repeating: 0)
    var length = 0
    var slashes = 0
    var marks = 0
    var wild = 0
    // A word as the shell joins it: w'h'o"am"i, w\ho$@ami, /b?n/c?t.
    scan: while i < n, length < 32 {
      let c = text.unchecked(i)
      switch c {
      case 0x61...0x7a, 0x30...0x39, 0x5f, 0x2d:
        word[length] = c
        length &+= 1
      case 0x2e:
        word[length] = c
        length &+= 1
      case 0x2f:
        slashes &+= 1
        length = 0
      case 0x5c:
        // c:\windows\... is a path, w\ho a disguise.
        if text.at(i &- 1) == 0x3a || slashes > 0 {
          slashes &+= 1
          length = 0
        } else if text.at(i &+ 1) == 0x6e || text.at(i &+ 1) == 0x72, !text.at(i &+ 2).isWord {
          break scan  // an escaped line break that nobody undid
        } else {
          marks &+= 1
        }
      case 0x27, 0x22:
        guard length > 0, text.at(i &+ 1).isWord || text.at(i &+ 1) == c else { break scan }
        marks &+= 1
      case 0x3a where length == 1: length = 0
      // '; /login?next=%2Fcart' is an address.
      case 0x3f where text.at(text.wordEnd(i &+ 1)) == 0x3d: break scan
      case 0x3f, 0x2a:
        wild &+= 1
        word[length] = c
        length &+= 1
      case 0x24:
        if text.at(i &+ 1) == 0x40 || text.at(i &+ 1) == 0x2a {
          marks &+= 1
          i &+= 1
        } else {
          break scan
        }
      default: break scan
      }
      i &+= 1
    }
    if length > 4, word[length &- 4] == 0x2e, word[length &- 3] == 0x65, word[length &- 2] == 0x78,
      word[length &- 1] == 0x65
    {
      length &-= 4  // .exe
    }
    guard length > 0 else { return 0 }
    if slashes > 0, wild > 0 { return slashes >= 2 ? 75 : 40 }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for k in 0..<length { hash = (hash ^ UInt64(word[k])) &* 0x100_0000_01b3 }
    var kind = commands.value(hash: (hash ^ hash >> 29) | 1)
    if kind == 0 {
      if slashes >= 2,
        text.holds("/bin/", at: start) || text.holds("/usr/", at: start) || text.holds("/tmp/", at: start)
          || text.holds("./", at: start)
      {
        kind = plain
      } else {
        return 0
      }
    }
    let after = text.at(i)
    guard i >= n || !(after.isWord || after == 0x2e || after == 0x3d || after >= 0x80) else { return 0 }
    // What follows: the end, another separator, or arguments.
    var argument = i
    while argument < n, text.unchecked(argument).isSpace || text.unchecked(argument) == 0x2b { argument &+= 1 }
    let a = text.at(argument)
    let ends =
      argument >= n || a == 0x3b || a == 0x7c || a == 0x26 || a == 0x60 || a == 0x29 || a == 0x0a
      || a == 0x23 && !text.at(argument &+ 1).isASCIIDigit || a == 0x3e || a == 0x00 || a == 0x22 || a == 0x27
      || a == 0x7d
    let direct = text.holds("$ifs", at: i) || text.holds("${ifs", at: i) || after == 0x3c || after == 0x2c
    let shelly =
      a == 0x2d || a == 0x2f || a == 0x24 || a == 0x3c || a == 0x7e || a == 0x5c
      || a == 0x2e && text.at(argument &+ 1) == 0x2e
      || text.holds("/etc", at: argument) || text.holds("c:", at: argument) || text.holds("%", at: argument)
      || text.holds("http", at: argument) || a.isASCIIDigit
    var score = 0
    let strong = kind == plain || slashes >= 1
    if strong {
      score = ends ? 80 : shelly || direct ? 88 : 55
      // 'id', 'ps', 'php' behind '&' or ';' are words of queries and prose too.
      if separator == 0x26, ends, text.at(first &+ 1) != 0x26, !text.at(start).isSpace { score = 62 }
      if text.at(first &- 1).isWord, text.at(start).isSpace, !ends, !shelly, length <= 3 || readsOn(text, argument) {
        score = 20
      }
      if separator == 0x0a || separator == 0x0d { score = score >= 80 ? score &- 12 : 25 }
    } else if kind == windows {
      score = ends ? 72 : shelly || direct ? 84 : 45
      if separator == 0x0a { score = score &- 20 }
    } else {
      score =
        shelly || direct
        ? (a.isASCIIDigit && !(length == 5) ? 50 : 82)
        : ends
          ? (followsWord(text, first) ? 42 : 62) : 22
      if separator == 0x0a || separator == 0x0d { score = score &- 25 }
    }
    if substitution { score = max(score, score >= 40 ? score &+ 8 : strong ? 60 : 45) }
    if disguised || direct || marks > 0 { score = max(score, marks > 0 && !strong && kind != windows ? 60 : 85) }
    return min(score, 97)
  }

  /// Whether two words of letters alone begin at `index`, or one before a comma or full stop: a sentence goes on.
  private static func readsOn(_ text: RawSpan, _ index: Int) -> Bool {
    var i = index
    while text.at(i).isASCIILetter { i &+= 1 }
    guard i > index else { return false }
    if text.at(i) == 0x2c || text.at(i) == 0x2e && text.at(i &+ 1).isSpace { return true }
    guard text.at(i).isSpace else { return false }
    let second = i &+ 1
    i = second
    while text.at(i).isASCIILetter { i &+= 1 }
    return i > second && (i >= text.byteCount || text.at(i).isSpace || text.at(i) == 0x2c || text.at(i) == 0x21)
  }

  /// A value that is a command line from its first byte.
  private static func whole(_ value: borrowing DecodedValue) -> Int {
    let text = value.text
    let n = text.byteCount
    guard !value.isProse, n >= 4, value.place != .path, value.place != .userAgent else { return 0 }
    var i = text.skippingSpace(0)
    let start = i
    while i < n, text.unchecked(i).isWord || text.unchecked(i) == 0x2d || text.unchecked(i) == 0x2e { i &+= 1 }
    guard i > start, i < n else {
      if text.holds("/bin/", at: start) || text.holds("/usr/bin/", at: start) || text.holds("/sbin/", at: start) {
        var k = start
        while k < n, !text.unchecked(k).isSpace { k &+= 1 }
        return k < n ? 80 : 62
      }
      return 0
    }
    let exe = i &- start > 4 && text.holds(".exe", at: i &- 4) ? i &- 4 : i
    let kind = commands.value(text.extracting(start..<exe))
    let argument = text.skippingSpace(i)
    let a = text.at(argument)
    if text.holds("cmd", at: start) || text.holds("powershell", at: start) {
      if text.contains(" /c ") || text.contains(" -enc") || text.contains(" -c ") || text.contains("-executionpolicy")
        || text.contains(" /c+")
      {
        return 82
      }
    }
    guard kind != 0,
      argument > i || text.holds("${ifs}", at: i) || text.holds("$ifs", at: i) || text.at(i) == 0x3c
        || text.at(i) == 0x26 || text.at(i) == 0x7c
    else { return 0 }
    if text.holds("$ifs", at: i) || text.holds("${ifs}", at: i) { return 85 }
    if a == 0x2f, text.at(argument &+ 1).isASCIILetter {
      return kind == ambiguous || kind == plain ? (sensitivePath(text, argument) ? 85 : 62) : kind == windows ? 50 : 0
    }
    if a == 0x2d, text.at(argument &+ 1).isASCIILetter || text.at(argument &+ 1) == 0x2d {
      return kind == plain ? 58 : kind == ambiguous ? 30 : 40
    }
    if kind == plain, text.holds("http", at: argument) { return 75 }
    if kind == windows, text.holds("c:", at: argument) || text.holds("http", at: argument) { return 75 }
    if kind == plain || kind == ambiguous, text.holds("../", at: argument) || text.holds("$(", at: argument) {
      return 65
    }
    return 0
  }

  /// Whether the last byte before `index` that is no space is a letter: the separator may stand in prose.
  private static func followsWord(_ text: RawSpan, _ index: Int) -> Bool {
    var i = index &- 1
    while i >= 0, text.unchecked(i).isSpace { i &-= 1 }
    return i >= 0 && text.unchecked(i).isASCIILetter
  }

  private static func sensitivePath(_ text: RawSpan, _ i: Int) -> Bool {
    text.holds("/etc/", at: i) || text.holds("/proc/", at: i) || text.holds("/var/", at: i)
      || text.holds("/dev/", at: i)
      || text.holds("/bin/", at: i) || text.holds("/usr/", at: i) || text.holds("/tmp/", at: i)
      || text.holds("/root", at: i)
  }

  /// Phrases that only a shell's user writes.
  private static func phrases(_ text: RawSpan) -> Int {
    var best = 0
    if text.contains("/dev/tcp/") || text.contains("/dev/udp/") { best = max(best, 90) }
    if text.contains("${ifs}") || text.contains("$ifs") { best = max(best, 85) }
    if text.contains("/bin/sh") || text.contains("/bin/bash") || text.contains("bash -i") || text.contains("bash -c")
      || text.contains("sh -c ")
    {
      best = max(best, 72)
    }
    if text.contains("cmd.exe") || text.contains("cmd /c") || text.contains("powershell -")
      || text.contains("powershell.exe") || text.contains("command.com")
    {
      best = max(best, 68)
    }
    if text.contains("|sh") || text.contains("| sh") || text.contains("|bash") || text.contains("| bash") {
      if text.contains("curl ") || text.contains("wget ") || text.contains("base64") { best = max(best, 92) }
    }
    if text.contains("chmod +x") || text.contains("chmod 777") || text.contains("rm -rf") {
      best = max(best, text.contains("/tmp") ? 88 : 60)
    }
    if (text.contains("wget http") || text.contains("curl http") || text.contains("wget+http")
      || text.contains("cd /tmp"))
    {
      best = max(best, 70)
    }
    // 'for %a in (...) do ...', 'if exist c:\\x ...' of Windows' shell
    if text.contains("for "), text.contains(" in"), text.contains("do "), text.contains("%"), text.contains("(") {
      best = max(best, 72)
    }
    if text.contains("net localgroup") || text.contains("netsh firewall") || text.contains("netsh advfirewall")
      || text.contains("reg add \"hk") || text.contains("reg add hk") || text.contains("reg query hk")
      || text.contains("reg query \"hk") || text.contains("net user /") || text.contains("vssadmin ")
    {
      best = max(best, 74)
    }
    if text.contains("net user "), text.contains("/add") { best = max(best, 76) }
    if text.contains("%systemroot%") || text.contains("%windir%") || text.contains("%comspec%") {
      best = max(best, 62)
    }
    if text.contains("&") || text.contains("|") || text.contains(";"),
      text.contains("net user") || text.contains("net view")
    {
      best = max(best, 66)
    }
    // Paths with letters left to the shell's patterns: /???/??t, /bi[n]/bash
    if text.contains("/???/") || text.contains("/bi[n]/") || text.contains("/[b]in/") || text.contains("/b?n/")
      || text.contains("/?in/") || text.contains("/bi?/") || text.contains("/[e") && text.contains("]tc/")
      || text.contains("/???/??t")
    {
      best = max(best, 76)
    }
    if text.contains("nc -e") || text.contains("nc -l") || text.contains("ncat -") || text.contains("mkfifo /") {
      best = max(best, 85)
    }
    if text.contains("ping -c ") || text.contains("ping -n ") { best = max(best, 62) }
    return best
  }
}
