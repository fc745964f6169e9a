import Aggregator

#if canImport(Glibc)
  import Glibc
#endif

exit(AggregatorCommand.run(Array(CommandLine.arguments.dropFirst())))
