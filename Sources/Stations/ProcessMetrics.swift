// What Prometheus expects of every process, under the names it has for them.

import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

extension Metrics {
  /// Memory, processor time, descriptors and start of this process, read when asked for.
  public func addProcess() {
    let resident = gauge("process_resident_memory_bytes", unit: .bytes, "Resident memory size in bytes.")
    let processor = counter(
      "process_cpu_seconds_total", unit: .seconds, "Total user and system CPU time spent in seconds.")
    let open = gauge("process_open_fds", "Number of open file descriptors.")
    let most = gauge("process_max_fds", "Maximum number of open file descriptors.")
    let start = gauge(
      "process_start_time_seconds", unit: .seconds, "Start time of the process since unix epoch in seconds.")
    start.set(StationClock.wall)
    onScrape {
      if let file = fopen("/proc/self/statm", "r") {
        var line = [CChar](repeating: 0, count: 128)
        if fgets(&line, 128, file) != nil {
          let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
          let fields = text.split(separator: " ")
          if fields.count > 1, let pages = Int(fields[1]) { resident.set(pages &* Int(sysconf(Int32(_SC_PAGESIZE)))) }
        }
        fclose(file)
      }
      var usage = rusage()
      if getrusage(RUSAGE_SELF.rawValue, &usage) == 0 {
        func nanoseconds(_ time: timeval) -> Int64 {
          Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_usec) &* 1000
        }
        processor.raise(to: nanoseconds(usage.ru_utime) &+ nanoseconds(usage.ru_stime))
      }
      if let folder = opendir("/proc/self/fd") {
        var count = 0
        while let entry = readdir(folder) {
          if entry.pointee.d_name.0 != 0x2e { count += 1 }
        }
        closedir(folder)
        // Less the one that was open to count them.
        open.set(count - 1)
      }
      var limit = rlimit()
      if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
        most.set(Int64(clamping: limit.rlim_cur))
      }
    }
  }
}
