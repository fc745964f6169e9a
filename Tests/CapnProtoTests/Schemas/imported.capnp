@0x9d0d3a4f8f6b1e01;
# What everything.capnp imports.
using Swift = import "/Schemas/swift.capnp";
$Swift.module("CapnProtoTests");

enum Colour { red @0; green @1; blue @2; }

struct Point { x @0 :Int32; y @1 :Int32 = -7; }
