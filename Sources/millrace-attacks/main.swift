import Terminal

#if canImport(Glibc)
  import Glibc
#endif

exit(AttacksCommand.run(Array(CommandLine.arguments.dropFirst())))
