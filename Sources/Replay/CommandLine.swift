// The command line of millrace-replay: one table gives parsing, help, the manual page and completions.

import Configuration

public enum ReplayCommandLine {
  public static let version = "0.1.0"

  public static let table = OptionTable(
    program: "millrace-replay", version: version,
    summary: "Reads web logs and says who attacked what, how sure it is, and why.",
    description: [
      "millrace-replay reads access logs, whatever their format and compression, carries every line through the same "
        + "batches, windows and detectors as the Millrace line does, and reports the attacks in them.",
      "Several files are put in order by the times in them: files that continue one another (rotation) are one source, "
        + "files that overlap in time (several hosts) are read side by side.",
      "Memory stays flat whatever the size of the input, and the result is the same for any number of threads.",
    ],
    arguments: "FILE...",
    argumentsHelp: "FILE is a log file (plain, gzip, zstd, xz or bzip2, told by its content), a quoted pattern such as "
      + "'/var/log/nginx/*.log*', or - for standard input.",
    options: input + analysis + output + publishing + running,
    exitCodes: [
      (0, "The input was read and reported, whatever was found."),
      (1, "An error: a file could not be read whole, too few lines were parsed, the output could not be written."),
      (2, "A wrong command line or configuration."),
      (3, "Attacks were found and --fail-on-attack was given."),
    ],
    examples: [
      ("millrace-replay /var/log/nginx/access.log", "The attacks in one log, on the terminal."),
      ("millrace-replay '/var/log/nginx/*.log*' --html report.html", "All rotated logs, and a page to pass on."),
      ("zcat access.log.gz | millrace-replay - --report json", "From a pipe, for a program."),
      (
        "millrace-replay access.log --publish --pipeline web.yaml", "Into Kafka, for the line to analyse."
      ),
      (
        "millrace-replay access.log --since 2h --fail-on-attack",
        "From cron: status 3 if the last two hours saw an attack."
      ),
      (
        "millrace-replay access.log --rules rules/now --diff-rules rules/next",
        "What a change of rules would change."
      ),
    ])

  static let input: [OptionSpec] = [
    OptionSpec(
      "format", value: .text("FORMAT"), group: "Input",
      help: "Format of the lines: auto (the default, from the first lines), a name such as combined, or an Apache "
        + "LogFormat or nginx log_format string."),
    OptionSpec(
      "time-zone", value: .text("ZONE"), group: "Input",
      help: "Zone of stamps that do not say theirs: UTC (the default), an offset such as +02:00, or a name such as "
        + "Europe/Berlin."),
    OptionSpec(
      "trusted-proxies", value: .text("CIDRS"), repeats: true, group: "Input",
      help: "Networks, comma-separated, whose X-Forwarded-For is believed."),
    OptionSpec(
      "since", value: .text("TIME"), group: "Input",
      help: "Leave out what is older: 2016-02-20T08:00:00Z, a date, @SECONDS, or an age before now such as 90m, 2h, 3d."
    ),
    OptionSpec("until", value: .text("TIME"), group: "Input", help: "Leave out what is not older than this."),
    OptionSpec(
      "zone", value: .text("HOST"), group: "Input",
      help: "Only requests to this host; lines that name no host count as its."),
    OptionSpec(
      "follow", short: "f", group: "Input",
      help: "Stay with the files as they grow, through rotation, and print attacks as they start, go on and end."),
  ]

  static let analysis: [OptionSpec] = [
    OptionSpec(
      "pipeline", value: .file("FILE"), group: "Analysis",
      help: "Partitions, windows, detectors and rules; the built-in pipelines/web.yaml by default."),
    OptionSpec(
      "rules", value: .directory("DIR"), repeats: true, group: "Analysis",
      help: "More Sigma rules, beside the shipped ones."),
    OptionSpec(
      "diff-rules", value: .directory("DIR"), repeats: true, group: "Analysis",
      help: "Report no attacks, but what the rules with DIR (B) find that those with --rules (A) do not, and the other "
        + "way round: requests judged an attack by one only, and matches by rule, with examples. Either set stands "
        + "beside the shipped rules, unless the pipeline leaves those out."),
    OptionSpec(
      "examples", value: .integer("N", 0...1000), group: "Analysis",
      help: "Examples of each kind of difference that --diff-rules shows (5)."),
    OptionSpec(
      "threshold", value: .integer("N", 0...100), group: "Analysis",
      help: "Score from which a request is judged an attack (50)."),
    OptionSpec(
      "crawlers", value: .file("FILE"), group: "Analysis",
      help: "Networks of search crawlers, one a line, after the name each is known by."),
    OptionSpec(
      "threads", value: .integer("N", 1...256), group: "Analysis",
      help: "Threads that work; one for each core by default. The result does not depend on it."),
  ]

  static let output: [OptionSpec] = [
    OptionSpec(
      "report", value: .choice(["text", "json", "html"]), group: "Output", help: "Form of the report (text)."),
    OptionSpec(
      "explain", value: .text("ID"), group: "Output",
      help: "Instead of the report, all that is known of one attack: why it was raised, with numbers and lines of "
        + "evidence, and what to do. The first digits of its id are enough."),
    OptionSpec("output", short: "o", value: .file("PATH"), group: "Output", help: "Write the report here."),
    OptionSpec("html", value: .file("PATH"), group: "Output", help: "Write the report as a page here, as well."),
    OptionSpec("json", value: .file("PATH"), group: "Output", help: "Write the report as JSON here, as well."),
    OptionSpec(
      "verdicts", value: .file("FILE"), group: "Output",
      help: "Write a line for each request judged an attack: file, line, score, classes, rules, and how often such a "
        + "score was an attack where one request in a hundred is (tab-separated)."),
    OptionSpec(
      "sources", value: .file("FILE"), group: "Output",
      help: "Write a line for each address that an attack counts as its source: address, attacks, kinds, requests, "
        + "first, last, confidence (tab-separated)."),
    OptionSpec(
      "dead-letters", value: .file("FILE"), group: "Output",
      help: "Write the lines that could not be read, with reason and place, as JSON lines."),
    OptionSpec(
      "color", value: .choice(["auto", "always", "never"]), group: "Output",
      help: "Colour in the text report: auto (the default) means on a terminal, unless NO_COLOR is set."),
  ]

  static let publishing: [OptionSpec] = [
    OptionSpec(
      "publish", group: "Publishing",
      help: "Analyse nothing: write the batches to the topic events of the pipeline's line, whose programs find what a "
        + "replay would have found. Topics that are missing are made."),
    OptionSpec(
      "speed", value: .number("N", 0.001...1_000_000), group: "Publishing",
      help: "Publish at N times the speed at which the lines were written; as fast as possible by default."),
    OptionSpec(
      "again", group: "Publishing",
      help: "Publish even what has been published to this line before: it counts twice."),
  ]

  static let running: [OptionSpec] = [
    OptionSpec(
      "min-coverage", value: .number("SHARE", 0...1), group: "Result",
      help: "End with status 1 if a smaller share of the lines could be read, such as 0.99."),
    OptionSpec("fail-on-attack", group: "Result", help: "End with status 3 if attacks were found."),
    OptionSpec(
      "check", group: "Result", help: "Check the pipeline and the rules, print the effective settings, and end."),
    OptionSpec(
      "print-effective", group: "Result",
      help: "Print the effective settings as a pipeline file, secrets masked, and end."),
    OptionSpec("quiet", short: "q", group: "Result", help: "Say nothing on standard error but errors."),
  ]
}
