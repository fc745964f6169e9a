// millrace-simulate: writes a made-up site's log, with attacks and the truth about them.

import Simulation

#if canImport(Glibc)
  import Glibc
#endif

exit(SimulateCommand.run(Array(CommandLine.arguments.dropFirst())))
