@0xc6f1a84be2d07935;
# Where a forwarder goes on after a restart: the compacted topic `checkpoints`. Written in the same transaction as the
# batches that it speaks of. Key: "FORWARDER/SOURCE", the forwarder's id and the source's in hex; "FORWARDER" alone
# holds the owner. A forwarder's records stand in one partition, chosen by its id.
using Swift = import "swift.capnp";
$Swift.module("Events");

const checkpointVersion :UInt16 = 1;

struct Checkpoint {
  schemaVersion @0 :UInt16;
  kind @1 :Kind;
  source @2 :UInt64;
  path @3 :Data;                # Where the file was seen last, or the listener: for people, and to look for it first.
  written @4 :Int64;            # ns since the epoch, by the host's clock.
  # What the file is known by: the hash of its first bytes, decompressed, as many as headLength says. The inode tells
  # apart files whose heads are the same; the bytes before the position prove that a file was read so far.
  headHash @5 :UInt64;
  headLength @6 :UInt32;
  tailLength @7 :UInt32;
  tailHash @8 :UInt64;
  device @9 :UInt64;
  inode @10 :UInt64;
  position @11 :UInt64;         # First byte, decompressed, that is in no batch yet.
  line @12 :UInt64;             # Number of the line there, from 1.
  ordinal @13 :UInt64;          # Number of that line in its source, from 0.
  sequence @14 :UInt64;         # Number of the next batch.
  time @15 :Int64;              # Highest stamp believed; -2^63 before the first.
  carried @16 :Data;            # What lines to come need of those before: FormatState of LogFormats.
  final @17 :Bool;              # The file was read to its end and will not grow.
  instance @18 :UInt64;         # Of the owner: a number of its own for each run.

  enum Kind { file @0; stream @1; owner @2; }
}
