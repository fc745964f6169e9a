@0xb5d0f3a7c8e64219;
# What the aggregator of one input partition keeps in the compacted topic aggregator-state, in the
# partition of the same number: what it cannot know again by reading `events` from `resume` on.
# Key "N" holds a PartitionState, key "N.zones.M" the M-th ConfirmedZones of input partition N.
using Swift = import "swift.capnp";
$Swift.module("Rollups");

struct PartitionState {
  schemaVersion @0 :UInt16;
  inputPartition @1 :UInt16;
  closed @2 :Bool;                 # Drained: nothing more is counted.
  windowLength @3 :Int64;
  hashSeed @4 :UInt64;
  ruleSet @5 :UInt64;
  position @6 :Int64;              # Offset of the first record of `events` that is not counted in here.
  resume @7 :Int64;                # Offset of the first record with an event in a window still open.
  closedUpTo @8 :Int64;            # Windows that end by this are written.
  watermark @9 :Int64;
  front @10 :Int64;                # Largest low watermark of any source.
  sources @11 :List(SourceState);  # By id.
  zones @12 :UInt32;               # Names in the ConfirmedZones records that count.
  ledger @13 :AggregatorLedger;
}

struct SourceState {
  id @0 :UInt64;
  lowWatermark @1 :Int64;
  live @2 :Bool;
}

struct ConfirmedZones {
  # Hosts in the order in which a successful answer confirmed them.
  schemaVersion @0 :UInt16;
  inputPartition @1 :UInt16;
  first @2 :UInt32;                # Number of the first of them.
  names @3 :List(ConfirmedZone);
}
struct ConfirmedZone {
  name @0 :Data;
  offset @1 :Int64;                # Of the record that confirmed it.
}

struct AggregatorLedger {
  # Sums since the partition began.
  batches @0 :UInt64;
  lines @1 :UInt64;
  parsed @2 :UInt64;
  unparsed @3 :UInt64;
  ahead @4 :UInt64;
  sampledOut @5 :UInt64;
  late @6 :UInt64;
  events @7 :UInt64;
  damaged @8 :UInt64;
  onTime @9 :UInt64;
  afterClose @10 :UInt64;
  inWindows @11 :UInt64;
  windows @12 :UInt64;
  latePartials @13 :UInt64;
  poisoned @14 :UInt64;            # Records that could not be read; they went to dead-letters.
  reasons @15 :List(UInt64);       # Unparsed lines by reason.
  allowed @16 :UInt64;             # Of the events counted: allowed by the pipeline, and in no table.
}
