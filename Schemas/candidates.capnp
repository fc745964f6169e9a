@0xa4d2e8f16b3c7905;
# What the analyzer's zone stage writes and its campaign stage reads, in one partition: few and condensed.
# Candidates of one window travel together and are taken in the order that Candidate.precedes defines.
using Swift = import "swift.capnp";
using Rollups = import "rollups.capnp";
using Attacks = import "attacks.capnp";
$Swift.module("Detection");

struct Candidates {
  schemaVersion @0 :UInt16;
  partition @1 :UInt16;            # Of `rollups`.
  windowEnd @2 :Int64;             # ns; the windows of this partition that end by it have been judged.
  ruleSet @3 :UInt64;
  candidates @4 :List(Candidate);
}

struct Candidate {
  zone @0 :Data;
  kind @1 :Attacks.Kind;
  classes @2 :UInt32;              # Bits of AttackClasses.
  windowStart @3 :Int64;
  windowEnd @4 :Int64;
  clientHigh @5 :UInt64;           # :: where no single client is meant.
  clientLow @6 :UInt64;
  first @7 :Int64;                 # May lie before the window: what led up to it.
  last @8 :Int64;
  requests @9 :UInt64;             # Not told before.
  confidence @10 :Float64;         # 0 to 1.
  loud @11 :Bool;                  # An attack by itself, rather than a stray request or two.
  signature @12 :UInt64;           # Of its set of paths and user agent; 0 unknown.
  userAgent @13 :UInt64;
  loginPath @14 :UInt64;
  rule @15 :UInt64;                # The rule that matched most; 0 none.
  succeeded @16 :Bool;
  target @17 :Data;
  targetRequests @18 :UInt64;
  rules @19 :List(Rollups.RuleCount);
  evidence @20 :List(Rollups.Evidence);
  facts @21 :Facts;
  correlation @22 :UInt64;
}

struct Facts {
  # Numbers behind a candidate: enough to say in words why it was raised.
  requests @0 :UInt64;
  failed @1 :UInt64;
  serverErrors @2 :UInt64;
  slow @3 :UInt64;
  matched @4 :UInt64;
  logins @5 :UInt64;
  loginFailures @6 :UInt64;
  distinctPaths @7 :UInt64;
  missingPaths @8 :UInt64;
  distinctQueries @9 :UInt64;
  users @10 :UInt64;
  maxScore @11 :UInt8;
  addresses @12 :UInt64;
  rate @13 :Float64;               # Requests a second.
  baselineRate @14 :Float64;
  learned @15 :Int64;              # ns of history behind the baseline.
}
