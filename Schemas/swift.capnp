@0xb0c8b2f1d7b74d10;
# Annotations that capnpc-swift reads.
annotation name @0xc1a5f4b9b2d64a01 (struct, enum, field, enumerant, union, group, const) :Text;
# The Swift name, where the schema's would read badly or clash.

annotation module @0xc1a5f4b9b2d64a02 (file) :Text;
# The Swift module that the accessors of the file are compiled into: what other files' accessors import.
