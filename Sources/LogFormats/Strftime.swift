// strftime layouts inside format strings, to steps that read the parts of a stamp.

enum Strftime {
  /// Adds the parts of `layout` to `builder`; `column` is where the directive stands in the format string.
  static func compile(_ layout: String, column: Int, _ builder: inout ProgramBuilder) throws(FormatError) {
    var escaped = false
    for scalar in layout.unicodeScalars {
      if !escaped {
        if scalar == "%" { escaped = true } else { builder.literal(Array(String(scalar).utf8)) }
        continue
      }
      escaped = false
      switch scalar {
      case "Y": try builder.field(.year, column: column)
      case "y": try builder.field(.shortYear, column: column)
      case "m": try builder.field(.monthNumber, column: column)
      case "b", "B", "h": try builder.field(.monthName, column: column)
      case "d", "e": try builder.field(.day, column: column)
      case "H", "k": try builder.field(.hour, column: column)
      case "I", "l": try builder.field(.hour12, column: column)
      case "p", "P": try builder.field(.meridiem, column: column)
      case "M": try builder.field(.minute, column: column)
      case "S": try builder.field(.second, column: column)
      case "z": try builder.field(.offset, column: column)
      case "Z", "a", "A": try builder.field(.ignored, column: column)
      case "s": try builder.field(.epochSeconds, column: column)
      case "f": try builder.field(.microsecondFraction, column: column)
      case "T": try compile("%H:%M:%S", column: column, &builder)
      case "R": try compile("%H:%M", column: column, &builder)
      case "F": try compile("%Y-%m-%d", column: column, &builder)
      case "D": try compile("%m/%d/%y", column: column, &builder)
      case "r": try compile("%I:%M:%S %p", column: column, &builder)
      case "c": try compile("%a %b %e %H:%M:%S %Y", column: column, &builder)
      case "n": builder.literal(0x0a)
      case "t": builder.literal(0x09)
      case "%": builder.literal(0x25)
      default:
        throw FormatError(
          format: builder.format, column: column, reason: "'%\(scalar)' is not a part of a time this program reads")
      }
    }
  }
}
