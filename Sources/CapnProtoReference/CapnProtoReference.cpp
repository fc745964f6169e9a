// Dynamic messages: JSON, random contents, schema-less walks, packing.

#include "CapnProtoReference.h"

#include <capnp/any.h>
#include <capnp/compat/json.h>
#include <capnp/dynamic.h>
#include <capnp/schema-parser.h>
#include <capnp/serialize-packed.h>
#include <capnp/serialize.h>
#include <kj/filesystem.h>
#include <kj/io.h>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "Result.h"

using namespace capnp;

void reference_free(reference_result result) { free(result.bytes); }

struct reference_schema {
  kj::Own<kj::Filesystem> filesystem = kj::newDiskFilesystem();
  kj::Own<const kj::ReadableDirectory> directory;
  SchemaParser parser;
  ParsedSchema file;

  StructSchema type(const char *name) const {
    ParsedSchema scope = file;
    std::string path(name);
    size_t start = 0;
    while (true) {
      size_t dot = path.find('.', start);
      std::string part = path.substr(start, dot == std::string::npos ? dot : dot - start);
      scope = scope.getNested(kj::StringPtr(part.c_str(), part.size()));
      if (dot == std::string::npos) return scope.asStruct();
      start = dot + 1;
    }
  }
};

reference_schema *reference_schema_open(const char *directory, const char *file, reference_result *error) {
  reference_schema *schema = new reference_schema();
  *error = guarded([&]() {
    auto &fs = *schema->filesystem;
    schema->directory = fs.getRoot().openSubdir(fs.getCurrentPath().evalNative(directory));
    // Imports with a leading slash are looked up there too.
    const kj::ReadableDirectory *imports[] = {schema->directory.get()};
    schema->file = schema->parser.parseFromDirectory(*schema->directory, kj::Path::parse(file), imports);
    // Declarations are parsed on demand: do it here, where failures are expected.
    schema->file.getAllNested();
    return make_result(1, nullptr, 0);
  });
  if (!error->ok) {
    delete schema;
    return nullptr;
  }
  return schema;
}

void reference_schema_close(reference_schema *schema) { delete schema; }

namespace {

kj::ArrayPtr<const kj::byte> bytesOf(const uint8_t *message, size_t count) { return kj::arrayPtr(message, count); }

kj::Array<word> aligned(const uint8_t *message, size_t count) {
  auto words = kj::heapArray<word>((count + 7) / 8);
  memset(words.begin(), 0, words.asBytes().size());
  if (count > 0) memcpy(words.begin(), message, count);
  return words;
}

template <typename Body>
reference_result withReader(const uint8_t *message, size_t count, int flags, ReaderOptions options, Body &&body) {
  if (flags & REFERENCE_PACKED) {
    kj::ArrayInputStream input(bytesOf(message, count));
    PackedMessageReader reader(input, options);
    return body(reader);
  }
  auto words = aligned(message, count);
  FlatArrayMessageReader reader(words, options);
  return body(reader);
}

reference_result serialize(MessageBuilder &message, int flags) {
  kj::VectorOutputStream output;
  if (flags & REFERENCE_PACKED) {
    writePackedMessage(output, message);
  } else {
    writeMessage(output, message);
  }
  auto bytes = output.getArray();
  return make_result(1, bytes.begin(), bytes.size());
}

/// Fills structs with random contents, by their schema.
struct Randomizer {
  std::mt19937_64 random;
  uint64_t below(uint64_t n) { return random() % n; }

  uint64_t integer() {
    switch (below(4)) {
    case 0: return 0;
    case 1: return below(100);
    case 2: return ~uint64_t(0);
    default: return random();
    }
  }

  void fill(DynamicStruct::Builder builder, int depth) {
    auto schema = builder.getSchema();
    for (auto field : schema.getNonUnionFields()) {
      if (below(8) != 0) fillField(builder, field, depth);
    }
    auto members = schema.getUnionFields();
    if (members.size() > 0) fillField(builder, members[below(members.size())], depth);
  }

  void fillField(DynamicStruct::Builder builder, StructSchema::Field field, int depth) {
    auto type = field.getType();
    if (field.getProto().isGroup()) {
      fill(builder.init(field).as<DynamicStruct>(), depth);
      return;
    }
    if (type.isStruct()) {
      if (depth > 0) fill(builder.init(field).as<DynamicStruct>(), depth - 1);
      return;
    }
    if (type.isList()) {
      fillList(builder.init(field, depth > 0 ? below(5) : 0).as<DynamicList>(), depth - 1);
      return;
    }
    if (type.isAnyPointer()) return;
    scalar(type, [&](auto &&value) { builder.set(field, value); });
  }

  void fillList(DynamicList::Builder list, int depth) {
    auto type = list.getSchema().getElementType();
    for (uint i = 0; i < list.size(); i++) {
      if (type.isStruct()) {
        fill(list[i].as<DynamicStruct>(), depth);
      } else if (type.isList()) {
        fillList(list.init(i, depth > 0 ? below(5) : 0).as<DynamicList>(), depth - 1);
      } else if (!type.isAnyPointer()) {
        scalar(type, [&](auto &&value) { list.set(i, value); });
      }
    }
  }

  template <typename Set>
  void scalar(Type type, Set &&set) {
    switch (type.which()) {
    case schema::Type::VOID: set(DynamicValue::Reader(VOID)); break;
    case schema::Type::BOOL: set(DynamicValue::Reader(below(2) == 1)); break;
    case schema::Type::INT8: set(DynamicValue::Reader(int8_t(integer()))); break;
    case schema::Type::INT16: set(DynamicValue::Reader(int16_t(integer()))); break;
    case schema::Type::INT32: set(DynamicValue::Reader(int32_t(integer()))); break;
    case schema::Type::INT64: set(DynamicValue::Reader(int64_t(integer()))); break;
    case schema::Type::UINT8: set(DynamicValue::Reader(uint8_t(integer()))); break;
    case schema::Type::UINT16: set(DynamicValue::Reader(uint16_t(integer()))); break;
    case schema::Type::UINT32: set(DynamicValue::Reader(uint32_t(integer()))); break;
    case schema::Type::UINT64: set(DynamicValue::Reader(uint64_t(integer()))); break;
    // Eighths print exactly, so that JSON loses nothing.
    case schema::Type::FLOAT32: set(DynamicValue::Reader(float(int16_t(random())) / 8)); break;
    case schema::Type::FLOAT64: set(DynamicValue::Reader(double(int32_t(random())) / 8)); break;
    case schema::Type::ENUM: {
      auto enumerants = type.asEnum().getEnumerants();
      set(DynamicValue::Reader(DynamicEnum(enumerants[below(enumerants.size())])));
      break;
    }
    case schema::Type::TEXT: {
      std::string text;
      for (uint64_t n = below(20); n > 0; n--) text += below(10) == 0 ? "\xc3\xa9" : std::string(1, char(32 + below(95)));
      set(DynamicValue::Reader(Text::Reader(text.c_str(), text.size())));
      break;
    }
    case schema::Type::DATA: {
      std::string data;
      for (uint64_t n = below(20); n > 0; n--) data += char(random());
      set(DynamicValue::Reader(Data::Reader(reinterpret_cast<const kj::byte *>(data.data()), data.size())));
      break;
    }
    default: break;
    }
  }
};

uint64_t walkPointer(AnyPointer::Reader pointer);

uint64_t walkStruct(AnyStruct::Reader reader) {
  uint64_t sum = 0;
  for (auto pointer : reader.getPointerSection()) sum += walkPointer(pointer);
  return sum;
}

uint64_t walkPointer(AnyPointer::Reader pointer) {
  switch (pointer.getPointerType()) {
  case PointerType::NULL_: return 0;
  case PointerType::STRUCT: return 1 + walkStruct(pointer.getAs<AnyStruct>());
  case PointerType::LIST: {
    auto list = pointer.getAs<AnyList>();
    uint64_t sum = 1;
    if (list.getElementSize() == ElementSize::POINTER) {
      for (auto each : list.as<List<AnyPointer>>()) sum += walkPointer(each);
    } else if (list.getElementSize() == ElementSize::INLINE_COMPOSITE) {
      for (auto each : list.as<List<AnyStruct>>()) sum += walkStruct(each);
    }
    return sum;
  }
  default: return 1;
  }
}

}  // namespace

reference_result reference_to_json(
    const reference_schema *schema, const char *type, const uint8_t *message, size_t count, int flags) {
  return guarded([&]() {
    return withReader(message, count, flags, ReaderOptions(), [&](MessageReader &reader) {
      JsonCodec json;
      json.setPrettyPrint(true);
      auto text = json.encode(reader.getRoot<DynamicStruct>(schema->type(type)));
      return make_result(1, text.begin(), text.size());
    });
  });
}

reference_result reference_from_json(
    const reference_schema *schema, const char *type, const char *json, size_t segment_words, int flags) {
  return guarded([&]() {
    MallocMessageBuilder message(
        segment_words, segment_words < 64 ? AllocationStrategy::FIXED_SIZE : AllocationStrategy::GROW_HEURISTICALLY);
    JsonCodec codec;
    codec.decode(kj::StringPtr(json), message.initRoot<DynamicStruct>(schema->type(type)));
    return serialize(message, flags);
  });
}

reference_result reference_random(
    const reference_schema *schema, const char *type, uint64_t seed, size_t segment_words, int flags) {
  return guarded([&]() {
    MallocMessageBuilder message(
        segment_words, segment_words < 64 ? AllocationStrategy::FIXED_SIZE : AllocationStrategy::GROW_HEURISTICALLY);
    Randomizer randomizer{std::mt19937_64(seed)};
    randomizer.fill(message.initRoot<DynamicStruct>(schema->type(type)), 3);
    return serialize(message, flags);
  });
}

reference_result reference_walk(const uint8_t *message, size_t count, uint64_t limit_words, int depth) {
  return guarded([&]() {
    ReaderOptions options;
    options.traversalLimitInWords = limit_words;
    options.nestingLimit = depth;
    return withReader(message, count, 0, options, [&](MessageReader &reader) {
      auto result = make_result(1, nullptr, 0);
      result.count = walkPointer(reader.getRoot<AnyPointer>());
      return result;
    });
  });
}

reference_result reference_pack(const uint8_t *bytes, size_t count) {
  return guarded([&]() {
    kj::VectorOutputStream output;
    {
      capnp::_::PackedOutputStream packed(output);
      packed.write(bytes, count);
    }
    auto array = output.getArray();
    return make_result(1, array.begin(), array.size());
  });
}

reference_result reference_unpack(const uint8_t *bytes, size_t count) {
  return guarded([&]() {
    auto array = kj::heapArray<kj::byte>(computeUnpackedSizeInWords(bytesOf(bytes, count)) * sizeof(word));
    kj::ArrayInputStream input(bytesOf(bytes, count));
    capnp::_::PackedInputStream unpacked(input);
    // In one piece: a run may not end between two reads.
    if (array.size() > 0) unpacked.read(array.begin(), array.size());
    return make_result(1, array.begin(), array.size());
  });
}
