// Counts heap allocations of the calling thread, for tests and benchmarks only.
#ifndef MILLRACE_ALLOCATION_COUNTER_H
#define MILLRACE_ALLOCATION_COUNTER_H
#include <stdint.h>
/// Allocations (malloc, calloc, realloc, aligned) this thread has made since it started.
uint64_t allocation_count(void);
/// Bytes asked for by them.
uint64_t allocation_bytes(void);
#endif
