// What glibc has and its Swift overlay does not import, and nothing else.
#ifndef MILLRACE_CPLATFORM_H
#define MILLRACE_CPLATFORM_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

/// Last occurrence of `byte` in `length` bytes, or NULL.
static inline const void *_Nullable platform_memrchr(const void *_Nonnull bytes, int byte, size_t length) {
  return memrchr(bytes, byte, length);
}
/// First occurrence of `needle` in `haystack`, or NULL.
static inline const void *_Nullable platform_memmem(const void *_Nonnull haystack, size_t haystack_length,
                                                    const void *_Nonnull needle, size_t needle_length) {
  return memmem(haystack, haystack_length, needle, needle_length);
}
static inline int platform_is_directory(unsigned int mode) { return S_ISDIR(mode); }
static inline int platform_is_regular(unsigned int mode) { return S_ISREG(mode); }
#endif
