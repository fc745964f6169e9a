@0xe3b7f0c2a9d15c42;
# What the aggregator writes and the analyzer's zone stage reads. For one input partition, window and
# zone exactly one on-time partial; late partials follow, marked. Sums are integers and add; sketches
# and samples merge as Sketches says. All hashes are made with hashSeed.
using Events = import "events.capnp";
using Swift = import "swift.capnp";
$Swift.module("Rollups");

struct Rollup {
  schemaVersion @0 :UInt16;
  inputPartition @1 :UInt16;
  windowStart @2 :Int64;           # ns; the window is [windowStart, windowStart + windowLength).
  windowLength @3 :Int64;
  watermark @4 :Int64;             # Of the input partition when this was written.
  late @5 :Bool;
  hashSeed @6 :UInt64;
  ruleSet @7 :UInt64;              # Hash of the rule set that made `rules` and the scores.
  zone @8 :Data;                   # Host, lower case, without port; "" for the shared zone of unconfirmed hosts.
  counts @9 :Counts;
  distinctClients @10 :Data;       # HyperLogLog.
  latency @11 :Data;               # Quantile sketch of duration, us; empty when no event had one.
  heavyHitters @12 :List(HeavyHitters);
  samples @13 :List(TupleSample);  # Bottom-k of whole field tuples.
  rules @14 :List(RuleActivity);
  clients @15 :List(ClientActivity);
  otherClients @16 :Counts;        # What the bounded client table evicted.
  signatures @17 :List(SignatureActivity);
  correlations @18 :List(CorrelationActivity);
  firstTime @19 :Int64;
  lastTime @20 :Int64;
}

struct Counts {
  requests @0 :UInt64;             # Weighted, as all of these.
  bytes @1 :UInt64;
  status1xx @2 :UInt64;
  status2xx @3 :UInt64;
  status3xx @4 :UInt64;
  status4xx @5 :UInt64;
  status5xx @6 :UInt64;
  unauthorized @7 :UInt64;         # 401 and 403.
  notFound @8 :UInt64;             # 404 and 410.
  tooMany @9 :UInt64;              # 429.
  get @10 :UInt64;
  head @11 :UInt64;
  post @12 :UInt64;
  otherMethods @13 :UInt64;
  cacheHits @14 :UInt64;
  cacheMisses @15 :UInt64;
  malformed @16 :UInt64;
  matched @17 :UInt64;             # Requests whose score reached the threshold.
  logins @18 :UInt64;              # Attempts to log in.
  loginFailures @19 :UInt64;
  slow @20 :UInt64;                # Duration at or over the pipeline's slow_request.
  clients @21 :UInt64;             # In otherClients: evictions.
  assets @22 :UInt64;              # Style sheets, scripts, images, fonts.
}

enum Dimension { client @0; network @1; path @2; userAgent @3; referrer @4; fingerprint @5; query @6; country @7; asn @8; }

struct HeavyHitters {
  dimension @0 :Dimension;
  total @1 :UInt64;
  entries @2 :List(HeavyHitter);   # Count descending, then key.
}
struct HeavyHitter {
  key @0 :Data;                    # Bytes of the value; 16 bytes for addresses.
  count @1 :UInt64;                # Upper bound; count - error is the lower one.
  error @2 :UInt64;
  bytes @3 :UInt64;
  errors @4 :UInt64;               # Requests answered 4xx or 5xx.
}

struct TupleSample {
  priority @0 :UInt64;             # Keyed hash of (source, ordinal); the smallest are kept.
  weight @1 :UInt32;
  time @2 :Int64;
  clientHigh @3 :UInt64;
  clientLow @4 :UInt64;
  status @5 :UInt16;
  method @6 :Events.Method;
  protocol @7 :Events.Protocol;
  score @8 :UInt8;
  country @9 :UInt16;
  asn @10 :UInt32;
  target @11 :Data;                # Cut to 256 bytes.
  userAgent @12 :Data;             # Cut to 256 bytes.
  referrer @13 :Data;
  tlsFingerprint @14 :Data;
}

struct Evidence {
  source @0 :UInt64;
  path @1 :Data;                   # File or listener.
  line @2 :UInt64;
  offset @3 :UInt64;
  time @4 :Int64;
  clientHigh @5 :UInt64;
  clientLow @6 :UInt64;
  status @7 :UInt16;
  score @8 :UInt8;
  method @9 :Events.Method;
  request @10 :Data;               # Method and target, cut to 512 bytes.
  userAgent @11 :Data;             # Cut to 256 bytes.
  ordinal @12 :UInt64;             # Line's number in its source: breaks ties.
}

struct RuleActivity {
  rule @0 :UInt64;                 # Hash of the rule's id.
  matches @1 :UInt64;
  distinctClients @2 :Data;
  evidence @3 :List(Evidence);     # The first few by (time, source, ordinal).
}

struct ClientActivity {
  # One client in one window and zone.
  high @0 :UInt64;
  low @1 :UInt64;
  firstTime @2 :Int64;
  lastTime @3 :Int64;
  counts @4 :Counts;
  classes @5 :UInt32;              # Union of the attack classes of its matched requests.
  maxScore @6 :UInt8;
  scoreSum @7 :UInt64;
  paths @8 :Data;                  # Distinct paths, a small HyperLogLog or a list of hashes.
  failedPaths @9 :Data;            # Distinct paths answered 4xx.
  userAgent @10 :Data;             # Of its first request in the window, cut to 128 bytes.
  userAgents @11 :UInt32;          # Distinct, estimated.
  loginPath @12 :Data;             # The path it tried to log in at, cut to 128 bytes.
  robots @13 :Bool;                # Asked for robots.txt.
  referrers @14 :UInt64;           # Requests with a referrer.
  signature @15 :UInt64;           # Of its set of paths and user agent.
  evidence @16 :List(Evidence);    # Highest score first, then earliest; at most 3.
  rules @17 :List(RuleCount);
  queries @18 :Data;               # Distinct query strings.
  users @19 :Data;                 # Distinct remote users of its login attempts.
  topPath @20 :Data;               # Its most asked path, cut to 128 bytes.
  topPathCount @21 :UInt64;
}
struct RuleCount { rule @0 :UInt64; count @1 :UInt64; }

struct SignatureActivity {
  # What several clients share in one window.
  signature @0 :UInt64;
  kind @1 :Kind;
  value @2 :Data;                  # What it is, as far as it can be shown; cut to 256 bytes.
  requests @3 :UInt64;
  errors @4 :UInt64;
  matched @5 :UInt64;
  distinctClients @6 :Data;
  evidence @7 :List(Evidence);
  enum Kind { path @0; payloadShape @1; userAgent @2; pathSet @3; loginPath @4; }
}

struct CorrelationActivity {
  # A Sigma correlation's counts for one group of values.
  correlation @0 :UInt64;          # Hash of its id.
  group @1 :Data;                  # The group-by values, each length-prefixed.
  count @2 :UInt64;
  values @3 :Data;                 # HyperLogLog of the field that value_count counts.
  evidence @4 :List(Evidence);
  firstTime @5 :Int64;
  lastTime @6 :Int64;
}
