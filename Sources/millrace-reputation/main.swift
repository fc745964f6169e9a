import ListKeeper

#if canImport(Glibc)
  import Glibc
#endif

exit(ReputationCommand.run(Array(CommandLine.arguments.dropFirst())))
