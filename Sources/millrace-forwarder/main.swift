import Forwarder

#if canImport(Glibc)
  import Glibc
#endif

exit(ForwarderCommand.run(Array(CommandLine.arguments.dropFirst())))
