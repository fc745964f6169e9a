#include <hs/hs.h>

// Vectorscan 5.4.9 picks code by the processor. Its AVX-512 code is wrong: it misses matches, and reports some that are
// none, where an accelerated state ends near the end of what is searched; the code for AVX2 and for SSE agree with one
// another. So databases are compiled for AVX2 at most, and searched by that code where the library has it.
extern hs_error_t avx2_hs_scan(
    const hs_database_t *database, const char *data, unsigned int length, unsigned int flags, hs_scratch_t *scratch,
    match_event_handler on_match, void *context) __attribute__((weak));

// What to compile for: this processor, without AVX-512. 0 where the library cannot say.
static inline int millrace_hs_platform(hs_platform_info_t *platform) {
  if (hs_populate_platform(platform) != HS_SUCCESS) return 0;
  platform->cpu_features &= HS_CPU_FEATURES_AVX2;
  return 1;
}

static inline hs_error_t millrace_hs_scan(
    const hs_database_t *database, int has_avx2, const char *data, unsigned int length, hs_scratch_t *scratch,
    match_event_handler on_match, void *context) {
  if (has_avx2 && avx2_hs_scan) return avx2_hs_scan(database, data, length, 0, scratch, on_match, context);
  return hs_scan(database, data, length, 0, scratch, on_match, context);
}
