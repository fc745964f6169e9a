// LogFiles: reading log files: decompression, globs, rotation.
