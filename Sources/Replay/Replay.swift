// Replay: log files in, attacks out, in one process.
