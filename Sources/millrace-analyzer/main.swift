import Analyzer

#if canImport(Glibc)
  import Glibc
#endif

exit(AnalyzerCommand.run(Array(CommandLine.arguments.dropFirst())))
