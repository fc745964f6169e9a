// What the optimizer is told, or kept from knowing, on paths where a few instructions count: docs/workarounds.md.
#ifndef MILLRACE_OPTIMIZER_H
#define MILLRACE_OPTIMIZER_H

/// `value`, about which the optimizer knows nothing: sums are not taken apart beyond it.
static inline long optimizer_opaque(long value) {
  __asm__("" : "+r"(value));
  return value;
}
/// `base + offset`, known not to be null.
static inline const void *_Nonnull optimizer_address(const void *_Nonnull base, long offset) {
  unsigned long address = (unsigned long)base + (unsigned long)offset;
  __builtin_assume(address != 0);
  return (const void *)address;
}
#endif
