// Paths that climb out of where they belong, files that hold a system's secrets, and wrappers that turn a
// path into a stream.

import Bytes

enum FileAccess {
  static func inspect(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let separators: ByteTraits = [.slash, .backslash]
    if value.traits.contains(.dot), !value.traits.isDisjoint(with: separators) { traversal(value, &tally) }
    if !value.traits.isDisjoint(with: separators) || value.traits.contains(.dot) { sensitive(value, &tally) }
    if value.text.byteCount >= 8 { disguised(value, &tally) }
    if value.traits.contains(.colon) { wrapper(value, &tally) }
  }

  /// Counts steps up: `../`, `..\`, `..;/`, `....//`, `.../`; and how far below the start they lead.
  private static func traversal(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    let n = text.byteCount
    var ups = 0
    var backslashes = 0
    var odd = 0
    var depth = 0
    var lowest = 0
    var i = 0
    while i < n {
      // One segment.
      let start = i
      while i < n, text.unchecked(i) != 0x2f, text.unchecked(i) != 0x5c { i &+= 1 }
      let separator = text.at(i)
      let length = i &- start
      let hasSeparator = i < n
      var dots = length > 0
      var count = 0
      var k = start
      while k < i {
        if text.unchecked(k) == 0x2e { count &+= 1 } else { dots = false }
        k &+= 1
      }
      if dots, count >= 2, hasSeparator || (count == 2 && start > 0) {
        ups &+= 1
        if count > 2 { odd &+= 1 }
        if separator == 0x5c || text.at(start &- 1) == 0x5c { backslashes &+= 1 }
        depth &-= 1
      } else if length >= 3, text.holds("..;", at: start), hasSeparator {
        ups &+= 1
        odd &+= 1
        depth &-= 1
      } else if length >= 3, text.holds("..", at: i &- 2), hasSeparator, start == 0 || count == 2 {
        // 'file=x..' or 'page.php?..': a name that runs into dots.
        if text.at(i &- 3) == 0x3d || text.at(i &- 3) == 0x3a || text.at(i &- 3) == 0x22 || text.at(i &- 3) == 0x27
          || text.at(i &- 3) == 0x20
        {
          ups &+= 1
          depth &-= 1
        } else {
          depth &+= 1
        }
      } else if length > 0, !(length == 1 && text.unchecked(start) == 0x2e) {
        depth &+= 1
      }
      lowest = min(lowest, depth)
      i &+= 1
    }
    guard ups > 0 else { return }
    let encoded = value.findings.contains(.needlessPercent)
    let deep =
      value.findings.contains(.doublePercent) || value.findings.contains(.overlong)
      || value.findings.contains(.unicodePercent) || value.findings.contains(.null)
    var score: Int
    if value.place == .path {
      // A crawler that follows a page's own broken links sends a few '..'; whoever reads files sends more.
      switch ups {
      case 1: score = lowest < 0 ? 30 : 12
      case 2: score = lowest < 0 ? 48 : 20
      default: score = lowest < 0 ? 80 : 40
      }
    } else {
      switch ups {
      case 1: score = text.holds("/..", at: 0) ? 54 : text.holds("..", at: 0) ? 46 : 30
      case 2: score = relativeAsset(text) ? 42 : 66
      default: score = 85
      }
      if value.isProse || value.place == .body || value.place == .json { score = score * 3 / 4 }
    }
    if odd > 0 { score = max(score &+ 15, 70) }
    if backslashes > 0 { score = max(score &+ 20, value.place == .path ? 70 : 62) }
    if encoded { score = max(score &+ 22, 66) }
    if deep { score = max(score &+ 25, 80) }
    tally.add(.traversal, min(score, 96))
  }

  /// Whether the value is a link of a page to something that pages show.
  private static func relativeAsset(_ text: RawSpan) -> Bool {
    for ending in [".png", ".jpg", ".jpeg", ".gif", ".svg", ".css", ".js", ".html", ".webp"] as [StaticString]
    where text.holds(ending, at: text.byteCount &- ending.utf8CodeUnitCount) { return true }
    return false
  }

  /// Steps and names whose separators were spelled so that some decoder might make them, or that a filter took out.
  private static func disguised(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    let n = text.byteCount
    var score = 0
    var oddSteps = 0
    var from = 0
    while value.traits.contains(.dot), let dot = text.firstIndex(of: 0x2e, from: from) {
      var end = dot
      while text.at(end) == 0x2e { end &+= 1 }
      from = end
      let next = text.at(end)
      let nested = next == 0x32 || next == 0x35 ? text.at(end &+ 1) == 0x66 || text.at(end &+ 1) == 0x63 : false
      if end &- dot == 2 {
        // '..' and a byte that neither a name nor a sentence has there: '..%c0%9v..', '..0x5c..', '..2f..'
        if next >= 0x80 || next == 0x25 || (next > 0 && next < 0x20 && !next.isSpace) || nested
          || text.holds("0x2f", at: end) || text.holds("0x5c", at: end)
        {
          oddSteps &+= 1
        }
      } else if end &- dot >= 8, end < n, next.isASCIILetter || next == 0x7b,
        !value.traits.contains(.space), dot <= 6
      {
        score = max(score, 56)
      }
    }
    if oddSteps >= 2 { score = max(score, 72) }
    if text.contains("0x2e0x2e") { score = max(score, 78) }
    if text.contains("/./././") || text.contains(".//./") { score = max(score, 58) }
    if named(text, "etc", "passwd") || named(text, "etc", "shadow") || named(text, "windows", "system32")
      || named(text, "web-inf", "web.xml") || named(text, "winnt", "system32")
    {
      score = max(score, 74)
    } else if score >= 50 || oddSteps > 0,
      named(text, "etc", "issue") || named(text, "etc", "hosts") || named(text, "etc", "group")
    {
      score = max(score, 72)
    }
    if text.contains("oot.ini"), text.contains("..") || value.findings.contains(.brokenPercent) {
      score = max(score, 72)
    }
    tally.add(.traversal, value.isProse ? score / 2 : score)
  }

  /// Whether `second` follows `first` with at most eight bytes between them, none of them white space.
  private static func named(_ text: RawSpan, _ first: StaticString, _ second: StaticString) -> Bool {
    guard let start = text.firstRange(of: first) else { return false }
    var i = start &+ first.utf8CodeUnitCount
    let last = i &+ 8
    while i <= last, i < text.byteCount {
      if text.holds(second, at: i) { return true }
      if text.unchecked(i).isSpace || text.unchecked(i) == 0x2d { return false }
      i &+= 1
    }
    return false
  }

  /// Files that an application never serves or takes as a name.
  private static func sensitive(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var score = 0
    if value.traits.contains(.slash) {
      if text.contains("etc/passwd") || text.contains("etc/shadow") || text.contains("etc//passwd") {
        score = 88
      } else if let at = text.firstRange(of: "etc/") {
        let rest = text.extracting(at &+ 4..<text.byteCount)
        if at == 0 || !text.at(at &- 1).isWord {
          for name in [
            "hosts", "group", "issue", "fstab", "crontab", "sudoers", "ssh/", "httpd/", "apache", "nginx/", "mysql",
            "my.cnf", "php", "resolv", "motd", "redhat-release", "debian", "inetd", "master.passwd", "security",
            "environment", "profile", "pam", "vsftpd", "proftpd", "network", "ftp", "samba", "cron", "hostname",
            "os-release", "ppp/", "default/", "passw", "exports", "services", "krb5", "ldap", "init", "rc.", "snmp",
            "syslog", "logrotate", "chrootusers", "userdb", "squid", "gshadow", "lighttpd", "shells", "bash", "aliases",
            "wu-ftpd", "pure-ftpd", "muddleftpd", "vhcs2", "timezone", "selinux", "mtab", "lsb-release", "updatedb",
            "openvpn", "alsa", "modules", "adduser", "deluser", "mail/", "postgresql",
          ] as [StaticString] where rest.hasPrefix(name) {
            score = 80
            break
          }
        }
      }
      if text.contains("proc/self/") || text.contains("proc/version") || text.contains("proc/cmdline")
        || text.contains("proc/net/")
        || text.contains("proc/cpuinfo") || text.contains("proc/mounts") || text.contains("proc/sched_debug")
        || text.contains("proc/1/")
      {
        score = max(score, 85)
      }
      for root in ["/proc/", "/sys/class", "/sys/kernel", "/sys/devices", "/sys/firmware"] as [StaticString]
      where text.hasPrefix(root) { score = max(score, value.place == .path ? 45 : 70) }
      if text.hasPrefix(".ssh/") || text.contains("/id_rsa") || text.contains("/.ssh/")
        || text.contains("/.bash_history") || text.contains("/.aws/credentials")
        || text.contains("/.htpasswd") || text.contains(".docker/config.json") || text.contains("/.kube/config")
      {
        score = max(score, 80)
      }
      if text.contains("var/log/") || text.contains("var/www/") || text.contains("usr/local/apache")
        || text.contains("usr/local/etc") || text.contains("var/run/") || text.contains("var/spool/")
        || text.contains("var/mail") || text.contains("var/lib/") || text.contains("usr/share/")
        || text.contains("opt/lampp") || text.contains("usr/lib/") || text.contains("etc/httpd")
        || text.contains("apache/logs/") || text.contains("apache2/logs/") || text.contains("xampp/")
        || text.contains("private/etc") || text.contains("library/webserver") || text.contains("usr/local/")
        || text.contains("opt/xampp") || text.contains("root/.") || text.contains("/dev/fd/")
        || text.contains("usr/pkg/") || text.contains("var/adm/") || text.contains("var/db/")
        || text.contains("usr/ports/") || text.contains("apache group/") || text.contains("program files")
      {
        score = max(
          score,
          value.place == .path ? 30 : text.holds("/", at: 0) || text.contains("..") || text.contains(":/") ? 70 : 45)
      }
      if text.contains("/conf/httpd.conf") || text.contains("/access_log") || text.contains("/error_log")
        || text.contains("/access.log") || text.contains("/error.log")
      {
        score = max(score, value.place == .path ? 56 : 66)
      }
      if text.contains("inetpub/") || text.contains("boot/grub") || text.contains(":/apache") { score = max(score, 66) }
      if text.contains("web-inf/") || text.contains("meta-inf/") { score = max(score, 72) }
    }
    // Files that are read by programs alone, where a name of a file is asked for.
    if value.place != .path, value.traits.contains(.dot) {
      for name in [
        ".htaccess", ".htpasswd", ".env", "wp-config.php", "web.config", ".bash_history", ".git/config", ".passwd",
        "config.inc.php", "localsettings.php", ".npmrc", ".pgpass", ".my.cnf", "my.ini",
      ] as [StaticString] {
        let at = text.byteCount &- name.utf8CodeUnitCount
        guard text.holds(name, at: at), at <= 0 || !text.at(at &- 1).isWord else { continue }
        score = max(score, value.traits.contains(.space) ? 20 : 60)
      }
    }
    if value.traits.contains(.dot),
      text.contains("win.ini") || text.contains("boot.ini") || text.contains("system.ini") || text.contains("php.ini")
    {
      score = max(score, value.traits.contains(.slash) || value.traits.contains(.backslash) ? 85 : 50)
    }
    if value.traits.contains(.backslash) {
      if text.contains("windows\\") || text.contains("winnt\\") || text.contains("system32")
        || text.contains("inetpub\\") || text.contains(":\\apache") || text.contains(":\\program")
        || text.contains("\\logs\\") || text.contains("xampp\\")
      {
        score = max(score, 72)
      }
    }
    if text.contains("windows/system32") || text.contains("winnt/system32") || text.contains("windows/win")
      || text.contains("windows/repair") || text.contains("windows/php")
    {
      score = max(score, 85)
    }
    if value.findings.contains(.null), score >= 20 || value.traits.contains(.dot) {
      score = max(score &+ 15, value.traits.contains(.slash) || value.traits.contains(.dot) ? 62 : 40)
    }
    tally.add(.fileAccess, min(value.discounted(score), 96))
  }

  /// `php://filter`, `expect://`, `file:///`, `data://` and other schemes that no link of a site carries.
  private static func wrapper(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    let text = value.text
    var from = 0
    var score = 0
    var internalScore = 0
    while let colon = text.firstIndex(of: 0x3a, from: from) {
      from = colon &+ 1
      var start = colon
      while start > 0,
        text.unchecked(start &- 1).isASCIILetter || text.unchecked(start &- 1).isASCIIDigit
          || text.unchecked(start &- 1) == 0x2e
      { start &-= 1 }
      guard colon &- start >= 3 else { continue }
      let scheme = text.extracting(start..<colon)
      let slashes = text.holds("//", at: colon &+ 1)
      if slashes,
        scheme.equals("php") || scheme.equals("expect") || scheme.equals("phar") || scheme.equals("zip")
          || scheme.equals("glob") || scheme.equals("ogg") || scheme.equals("compress.zlib")
          || scheme.equals("compress.bzip2") || scheme.equals("ssh2") || scheme.equals("rar") || scheme.equals("zlib")
      {
        score = max(score, scheme.equals("zip") ? 60 : 90)
      } else if scheme.equals("file"), slashes || text.at(colon &+ 1) == 0x2f {
        internalScore = max(internalScore, value.place == .path ? 40 : 72)
      } else if scheme.equals("data"), start == text.skippingSpace(0) || text.at(start &- 1) == 0x3d {
        if text.holds("text/plain", at: colon &+ 1) || text.holds("//text", at: colon &+ 1)
          || text.holds(";base64", at: colon &+ 1) || text.holds("application/x-php", at: colon &+ 1)
        {
          score = max(score, 70)
        }
      } else if slashes || text.at(colon &+ 1) == 0x68,
        scheme.equals("gopher") || scheme.equals("dict") || scheme.equals("ldap") || scheme.equals("ldaps")
          || scheme.equals("tftp") || scheme.equals("jar") || scheme.equals("netdoc") || scheme.equals("sftp")
          || scheme.equals("rmi") || scheme.equals("smb") || scheme.equals("local")
      {
        internalScore = max(
          internalScore, scheme.equals("sftp") || scheme.equals("smb") || scheme.equals("ldap") ? 55 : 82)
      }
    }
    tally.add(.streamWrapper, value.discounted(score))
    tally.add(.internalAddress, value.discounted(internalScore))
  }
}
