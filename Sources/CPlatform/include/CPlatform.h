// What glibc has and its Swift overlay does not import, and nothing else.
#ifndef MILLRACE_CPLATFORM_H
#define MILLRACE_CPLATFORM_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <getopt.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "Optimizer.h"

/// Last occurrence of `byte` in `length` bytes, or NULL.
static inline const void *_Nullable platform_memrchr(const void *_Nonnull bytes, int byte, size_t length) {
  return memrchr(bytes, byte, length);
}
/// First occurrence of `needle` in `haystack`, or NULL.
static inline const void *_Nullable platform_memmem(const void *_Nonnull haystack, size_t haystack_length,
                                                    const void *_Nonnull needle, size_t needle_length) {
  return memmem(haystack, haystack_length, needle, needle_length);
}
/// Has the processor fetch the cache line at `address`, wherever that is.
static inline void platform_prefetch(const void *_Nonnull address) { __builtin_prefetch(address); }
/// Has malloc keep what is freed: blocks of some hundred kilobytes come and go with every window, and pages that the
/// system takes back and gives again cost more than the memory is worth.
static inline void platform_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
}
static inline int platform_is_directory(unsigned int mode) { return S_ISDIR(mode); }
static inline int platform_is_regular(unsigned int mode) { return S_ISREG(mode); }
/// A file that is nowhere but in memory; close-on-exec. -1 with errno.
static inline int platform_memory_file(void) { return memfd_create("millrace", MFD_CLOEXEC); }
/// A descriptor that is readable once it was signalled; close-on-exec, never blocking. -1 with errno.
static inline int platform_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
/// What getopt_long leaves in its globals, which Swift may not touch.
struct platform_getopt_state {
  char *_Nullable argument;
  int next;
  int bad;
};
/// Makes the next scan start afresh.
static inline void platform_getopt_reset(void) {
  optind = 0;
  opterr = 0;
}
static inline int platform_getopt_long(int count, char *_Nullable const *_Nonnull arguments,
                                       const char *_Nonnull shorts, const struct option *_Nonnull longs,
                                       struct platform_getopt_state *_Nonnull state) {
  int code = getopt_long(count, (char *const *)arguments, shorts, longs, NULL);
  state->argument = optarg;
  state->next = optind;
  state->bad = optopt;
  return code;
}
#endif
