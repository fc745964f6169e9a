import Replay

#if canImport(Glibc)
  import Glibc
#endif

exit(ReplayCommand.run(Array(CommandLine.arguments.dropFirst())))
