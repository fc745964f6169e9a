@0xd1c7f0a45b3e8926;
# What millrace-reputation writes and analyzers read: which lists of addresses there are, and who is on them.
# Topic `reputation`, compacted. Key "list/NAME" holds a KnownList, key "net/NETWORK" a KnownNetwork; a record
# without a value takes back what its key said.
using Swift = import "swift.capnp";
$Swift.module("Reputation");

struct ReputationRecord {
  schemaVersion @0 :UInt16;
  known :union {
    list @1 :KnownList;
    network @2 :KnownNetwork;
  }
}

struct KnownList {
  name @0 :Text;
  kind @1 :Text;                   # tor, abuse, vpn, hosting, crawler, monitor or other.
  place @2 :UInt32;                # In the pipeline: lists are told in this order.
  networks @3 :UInt64;             # On it when it was read.
  read @4 :Int64;                  # When that was, ns.
  expires @5 :Int64;               # From then on it says nothing.
}

struct KnownNetwork {
  high @0 :UInt64;                 # First address, as in HttpEvent.
  low @1 :UInt64;
  prefix @2 :UInt8;                # Bits of the 128.
  lists @3 :List(Text);            # Names of those it is on.
  attacks @4 :UInt32;              # Of the line's own that told of an address in it; counted where a list of kind tor has it.
  lastAttack @5 :Int64;            # The latest end of these, rounded down to ten minutes, ns.
  score @6 :UInt8;                 # 0 to 100, as it was at lastAttack: 100 - 100 * (3/4)^attacks. It halves in 30 days.
  recent @7 :List(SeenAttack);     # Those of them that started last, the latest first; at most 8.
}

struct SeenAttack {
  start @0 :Int64;                 # ns
  end @1 :Int64;                   # Rounded down as lastAttack.
}
