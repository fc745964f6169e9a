@0xa4d2e8f16b3c7905;
# What the analyzer's zone stage writes and its campaign stage reads, in one partition: few and condensed.
using Swift = import "swift.capnp";
using Attacks = import "attacks.capnp";
using Events = import "events.capnp";
$Swift.module("Detection");

struct Candidates $Swift.name("CandidatesRecord") {
  # Of one partition of `rollups`, in order of `end`. What one window gave may take several records.
  schemaVersion @0 :UInt16;
  partition @1 :UInt16;            # Of `rollups`.
  end @2 :Int64;                   # ns; of the window, of the window that late ones are due with, or how far all is said.
  ruleSet @3 :UInt64;
  late @4 :Bool;                   # From windows that came late: no step of their own.
  files @5 :List(Data);            # Names of files, which evidence refers to.
  said :union {
    candidates @6 :List(Candidate);  # Of one window; none where it had nothing to tell.
    progress @7 :Void;             # Nothing more comes for windows that end by `end`; its largest value: nothing at all.
  }
}

struct Candidate $Swift.name("CandidateContent") {
  zone @0 :Data;
  kind @1 :Attacks.Kind;
  loud @2 :Bool;                   # An attack by itself, rather than a stray request or two.
  succeeded @3 :Bool;              # A probe was answered with success.
  refused @4 :Bool;                # A probe was answered otherwise.
  classes @5 :UInt32;              # Bits of AttackClasses.
  windowStart @6 :Int64;
  windowEnd @7 :Int64;
  clientHigh @8 :UInt64;           # :: where no single client is meant.
  clientLow @9 :UInt64;
  first @10 :Int64;                # May lie before the window: what led up to it.
  last @11 :Int64;
  requests @12 :UInt64;            # Not told before.
  confidence @13 :Float64;         # 0 to 1.
  signature @14 :UInt64;           # Of its set of paths and user agent; 0 unknown.
  userAgent @15 :UInt64;
  loginPath @16 :UInt64;
  rule @17 :UInt64;                # The rule that matched most; 0 none.
  correlation @18 :UInt64;         # Hash of its id; 0 none.
  target @19 :Data;
  targetRequests @20 :UInt64;
  rules @21 :List(Rule);
  evidence @22 :List(Evidence);
  facts @23 :Facts;
  agent @24 :Data;                 # Text of userAgent, cut to 128 bytes; empty where it is not known.
  normal @25 :List(Normal);        # What is normal for the zone: with one of its candidates from time to time.

  struct Rule { rule @0 :UInt64; count @1 :UInt64; }
  struct Normal {
    # A sampled request that nobody suspects. Hashes, 0 where there is none.
    clientHigh @0 :UInt64;
    clientLow @1 :UInt64;
    userAgent @2 :UInt32;
    path @3 :UInt32;
    pathShape @4 :UInt32;
    queryNames @5 :UInt32;
    method @6 :UInt32;
    tlsFingerprint @7 :UInt32;
    asn @8 :UInt32;
    bytes @9 :UInt32;              # Sent to the client, as in Evidence of rollups.
    status @10 :UInt16;
    country @11 :UInt16;
    protocol @12 :Events.Protocol;
    referrer @13 :Bool;            # There was one.
  }
  struct Evidence {
    source @0 :UInt64;
    ordinal @1 :UInt64;
    line @2 :UInt64;
    time @3 :Int64;
    clientHigh @4 :UInt64;
    clientLow @5 :UInt64;
    file @6 :UInt32;               # Place in files.
    status @7 :UInt16;
    score @8 :UInt8;
    request @9 :Data;
    tlsFingerprint @10 :UInt32;    # Hash as in Normal, and text, cut to 128 bytes.
    tlsText @11 :Data;
    asn @12 :UInt32;
    bytes @13 :UInt32;
    country @14 :UInt16;
    protocol @15 :Events.Protocol;
    referrer @16 :Bool;
    tells @17 :Bool;               # Its answer may show that it succeeded.
  }
}

struct Facts $Swift.name("CandidateFactsContent") {
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
  crowd @13 :UInt64;
  rate @14 :Float64;               # Requests a second.
  baselineRate @15 :Float64;
  threshold @16 :Float64;
  learned @17 :Int64;              # ns of history behind the baseline.
  basis @18 :UInt16;               # Where baselineRate is from: 0 the last minutes, 1-24 an hour of the day, 25-192 of the week, 193 a network.
}
