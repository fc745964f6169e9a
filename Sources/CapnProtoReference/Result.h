// Results across the C boundary: bytes, or the text of an exception.
#ifndef MILLRACE_REFERENCE_RESULT_H
#define MILLRACE_REFERENCE_RESULT_H
#include <kj/array.h>
#include <kj/exception.h>
#include <kj/string.h>
#include <stdlib.h>
#include <string.h>
#include "include/CapnProtoReference.h"

static inline reference_result make_result(int ok, const void *bytes, size_t count) {
  uint8_t *copy = (uint8_t *)malloc(count + 1);
  if (count > 0) memcpy(copy, bytes, count);
  copy[count] = 0;
  return {ok, copy, count};
}

/// Runs `body`, which returns a result, and turns an exception into one.
template <typename Body>
reference_result guarded(Body &&body) {
  reference_result result = {0, nullptr, 0};
  KJ_IF_MAYBE(exception, kj::runCatchingExceptions([&]() { result = body(); })) {
    kj::StringPtr text = exception->getDescription();
    return make_result(0, text.begin(), text.size());
  }
  return result;
}
#endif
