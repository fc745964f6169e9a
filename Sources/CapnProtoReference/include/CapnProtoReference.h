// Debian's libcapnp behind a C header: the oracle of tests and benchmarks. Nothing that ships links it.
#ifndef MILLRACE_CAPNPROTO_REFERENCE_H
#define MILLRACE_CAPNPROTO_REFERENCE_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that the callee allocated; `reference_free` them. On failure `bytes` is the message of the exception.
typedef struct {
  int ok;
  uint8_t *bytes;
  size_t count;
} reference_result;
void reference_free(reference_result result);

/// A parsed schema file and what it imports, its dynamic types by name.
typedef struct reference_schema reference_schema;
/// NULL, and the reason in `error`, where the file cannot be parsed.
reference_schema *reference_schema_open(const char *directory, const char *file, reference_result *error);
void reference_schema_close(reference_schema *schema);

enum { REFERENCE_PACKED = 1 };

/// The framed message as JSON, by libcapnp's codec. Follows every pointer within libcapnp's default limits.
reference_result reference_to_json(
    const reference_schema *schema, const char *type, const uint8_t *message, size_t count, int flags);
/// JSON as a framed message; `segment_words` small makes many segments.
reference_result reference_from_json(
    const reference_schema *schema, const char *type, const char *json, size_t segment_words, int flags);
/// A message of this type with random contents.
reference_result reference_random(
    const reference_schema *schema, const char *type, uint64_t seed, size_t segment_words, int flags);

/// Visits everything that the pointers of the message lead to, without a schema; `ok` says whether libcapnp let it.
/// `count` is the number of pointers followed.
reference_result reference_walk(const uint8_t *message, size_t count, uint64_t limit_words, int depth);

/// Packs, or unpacks, bytes.
reference_result reference_pack(const uint8_t *bytes, size_t count);
reference_result reference_unpack(const uint8_t *bytes, size_t count);

/// Reads 12 fields of each event of an EventBatch `times` times; the sum of them, 0 on failure.
uint64_t reference_read_12_fields(const uint8_t *message, size_t count, size_t times);
/// Reads time, client and status only.
uint64_t reference_read_3_fields(const uint8_t *message, size_t count, size_t times);
/// Encodes as many events as `message` holds, with the fields of `message`, into a reused segment, `times` times.
/// Returns the bytes of the last.
uint64_t reference_write_events(const uint8_t *message, size_t count, size_t times);

#ifdef __cplusplus
}
#endif
#endif
