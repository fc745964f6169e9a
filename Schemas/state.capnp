@0x9c1f7be3a60d4d28;
# What stations remember across restarts, on compacted topics: each record is one chunk of one part, keyed by both.
using Swift = import "swift.capnp";
$Swift.module("Detection");

struct StateChunk $Swift.name("StateChunkRecord") {
  schemaVersion @0 :UInt16;        # Of this frame and of the codec inside.
  part @1 :Data;                   # Name of the part: a zone, a campaign, the manifest.
  index @2 :UInt32;                # Of this chunk in its part, from 0.
  count @3 :UInt32;                # Chunks of the part.
  generation @4 :UInt64;           # The same in all chunks of a part that belong together.
  data @5 :Data;                   # The chunk's bytes of the part, which StateReader reads.
}
