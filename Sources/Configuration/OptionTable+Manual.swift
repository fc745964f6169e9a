// The manual page in roff's man macros, and the shells' completions.

extension OptionTable {
  public func manualPage() -> String {
    var page = ".TH \(roff(program).uppercased()) 1 \"\" \"\(roff(program)) \(roff(version))\" \"User Commands\"\n"
    page += ".SH NAME\n\(roff(program)) \\- \(roff(summary))\n"
    page += ".SH SYNOPSIS\n.B \(roff(program))\n[\\fIOPTIONS\\fR]\(arguments.map { " \\fI\(roff($0))\\fR" } ?? "")\n"
    let paragraphs = description + (argumentsHelp.isEmpty ? [] : [argumentsHelp])
    if !paragraphs.isEmpty { page += ".SH DESCRIPTION\n" + paragraphs.map(roff).joined(separator: "\n.PP\n") + "\n" }
    for group in groups {
      page += ".SH \(roff(group).uppercased())\n"
      for option in options where option.group == group {
        let short = option.short.map { "\\fB\\-\($0)\\fR, " } ?? ""
        let value = option.value.map { " \\fI\(roff($0.placeholder))\\fR" } ?? ""
        page += ".TP\n\(short)\\fB\\-\\-\(roff(option.name))\\fR\(value)\n\(roff(option.help))\n"
      }
    }
    if !exitCodes.isEmpty {
      page += ".SH EXIT STATUS\n" + exitCodes.map { ".TP\n\($0.code)\n\(roff($0.meaning))\n" }.joined()
    }
    if !examples.isEmpty {
      page += ".SH EXAMPLES\n" + examples.map { ".TP\n.B \(roff($0.command))\n\(roff($0.meaning))\n" }.joined()
    }
    return page
  }

  /// - Parameter shell: `bash`, `zsh` or `fish`.
  public func completions(for shell: String) -> String {
    switch shell {
    case "zsh": zshCompletions()
    case "fish": fishCompletions()
    default: bashCompletions()
    }
  }

  private func bashCompletions() -> String {
    let function = "_" + program.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    var script = "\(function)() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
    script += "  case $before in\n"
    for option in options {
      guard let value = option.value else { continue }
      let names = "--\(option.name)" + (option.short.map { "|-\($0)" } ?? "")
      let action: String
      switch value {
      case .choice(let choices): action = "-W \(quoted(choices.joined(separator: " ")))"
      case .directory: action = "-d"
      case .file: action = "-f"
      case .text, .integer, .number: action = "-W ''"
      }
      script += "    \(names)) COMPREPLY=($(compgen \(action) -- \"$word\")); return;;\n"
    }
    let words = options.map { "--\($0.name)" }.joined(separator: " ")
    script += "  esac\n  case $word in\n    -*) COMPREPLY=($(compgen -W \(quoted(words)) -- \"$word\"));;\n"
    script += "    *) COMPREPLY=($(compgen -f -- \"$word\"));;\n  esac\n}\n"
    return script + "complete -o filenames -F \(function) \(program)\n"
  }

  private func zshCompletions() -> String {
    var script = "#compdef \(program)\n_arguments -s \\\n"
    for option in options {
      let help = option.help.filter { !"[]:'\\`$\"".contains($0) }
      var spec = "\(option.repeats ? "*" : "")--\(option.name)[\(help)]"
      switch option.value {
      case .choice(let choices): spec += ":value:(\(choices.joined(separator: " ")))"
      case .directory(let name): spec += ":\(name):_files -/"
      case .file(let name): spec += ":\(name):_files"
      case .text(let name), .integer(let name, _), .number(let name, _):
        spec += ":\(name.filter { !"[]:'\\".contains($0) }): "
      case nil: break
      }
      script += "  \(quoted(spec)) \\\n"
    }
    return script + "  '*:file:_files'\n"
  }

  private func fishCompletions() -> String {
    options.map { option in
      var line = "complete -c \(program) -l \(option.name)"
      if let short = option.short { line += " -s \(short)" }
      switch option.value {
      case .choice(let choices): line += " -x -a \(quoted(choices.joined(separator: " ")))"
      case .directory, .file: line += " -r"
      case .text, .integer, .number: line += " -x"
      case nil: break
      }
      return line + " -d \(quoted(option.help.filter { $0 != "\\" }))\n"
    }.joined()
  }

  private func quoted(_ text: String) -> String {
    "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }

  /// Text that roff takes as text.
  private func roff(_ text: String) -> String {
    let escaped = text.map { character in
      switch character {
      case "\\": "\\e"
      case "-": "\\-"
      default: String(character)
      }
    }.joined()
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
