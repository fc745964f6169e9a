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
  scope @2 :Scope;
  late @3 :Bool;
  windowStart @4 :Int64;           # ns; the window is [windowStart, windowStart + windowLength).
  windowLength @5 :Int64;
  watermark @6 :Int64;             # Of the input partition when this was written.
  hashSeed @7 :UInt64;
  ruleSet @8 :UInt64;              # Hash of the rule set that made `rules` and the scores.
  zone @9 :Data;                   # Host, lower case, without port; "" for the shared zone of unconfirmed hosts.
  # Lists are in no defined order, but for samples; the same events in the same order give the same bytes.
  firstTime @10 :Int64;
  lastTime @11 :Int64;
  # The zone's counts are the sum over `clients` and `otherClients`.
  clients @12 :List(ClientActivity);
  otherClients @13 :Counts;        # What the bounded client table evicted; absent where it evicted nothing.
  evictions @14 :UInt64;           # Rows evicted.
  clientFloor @15 :UInt64;         # Requests of a client that is not in `clients` are at most this many.
  distinctClients @16 :Data;       # HyperLogLog of precision 12; empty where nothing was evicted: then count `clients`.
  evictedNetworks @17 :HeavyHitters;  # Networks of the evicted rows.
  latency @18 :Data;               # Quantile sketch of duration, us; empty when no event had one.
  paths @19 :HeavyHitters;         # Rows refer to paths and user agents by their place in these lists.
  userAgents @20 :HeavyHitters;
  referrers @21 :HeavyHitters;
  fingerprints @22 :HeavyHitters;
  statuses @23 :List(StatusCount);
  samples @24 :List(TupleSample);  # Bottom-k of whole field tuples, by priority.
  rules @25 :List(RuleActivity);
  signatures @26 :List(SignatureActivity);
  correlations @27 :List(CorrelationActivity);  # Only in scope global.
  sources @28 :List(SourceName);   # What evidence refers to, by id.
  signatureFloor @29 :UInt64;      # A signature that is not listed has at most this many requests.
  droppedCorrelations @30 :UInt64; # Hits of groups for which there was no room.
  events @31 :UInt64;              # Counted in this partial, each once whatever its weight: for the ledger.
  idle @32 :Bool;                  # Only in scope progress: the partition is not to be waited for until it speaks again.

  enum Scope {
    zone @0;
    global @1;                     # Correlations: their groups span zones.
    progress @2;                   # No window: `inputPartition` has written all that end by `watermark`;
                                   # 2^63 - 1: it is closed. To every partition of the topic, after the windows.
  }
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
  slow @20 :UInt64;                # Duration, less sending at 64 KiB/s, at or over slow_request.
  assets @21 :UInt64;              # Style sheets, scripts, images, fonts.
  referrers @22 :UInt64;           # Requests with a referrer.
}

struct StatusCount { code @0 :UInt16; count @1 :UInt64; }

struct HeavyHitters {
  total @0 :UInt64;
  floor @1 :UInt64;                # A key that is not listed counts at most this.
  entries @2 :List(HeavyHitter);   # In no defined order.
}
struct HeavyHitter {
  hash @0 :UInt64;
  key @1 :Data;                    # Bytes of the value, cut to 256; 16 bytes for addresses.
  count @2 :UInt64;                # Lower bound; count + error is the upper one.
  error @3 :UInt64;
  bytes @4 :UInt64;                # Lower bounds, as count.
  errors @5 :UInt64;               # Requests answered 4xx or 5xx.
}

struct TupleSample {
  priority @0 :UInt64;             # Keyed hash of (source, ordinal) over the weight; the smallest are kept.
  time @1 :Int64;
  clientHigh @2 :UInt64;
  clientLow @3 :UInt64;
  weight @4 :UInt32;
  asn @5 :UInt32;
  status @6 :UInt16;
  method @7 :Events.Method;
  protocol @8 :Events.Protocol;
  country @9 :UInt16;
  score @10 :UInt8;
  target @11 :Data;                # Cut to 256 bytes.
  userAgent @12 :UInt64;           # Hash, as in userAgents.
  referrer @13 :UInt64;            # Hash, as in referrers; 0 where there is none.
  tlsFingerprint @14 :UInt64;      # Hash, as in fingerprints; 0 where there is none.
  bytes @15 :UInt32;               # Sent to the client; the largest value stands for more. As in Evidence.
}

struct SourceName { id @0 :UInt64; path @1 :Data; }

struct Evidence {
  source @0 :UInt64;               # Its name is in sources.
  line @1 :UInt64;
  offset @2 :UInt64;
  ordinal @3 :UInt64;              # Line's number in its source: breaks ties.
  time @4 :Int64;
  clientHigh @5 :UInt64;
  clientLow @6 :UInt64;
  userAgent @7 :UInt64;            # Hash, as in userAgents.
  status @8 :UInt16;
  method @9 :Events.Method;
  score @10 :UInt8;
  rank @11 :UInt8;                 # Worth as evidence: the score, or a little for failures, logins and forms.
  request @12 :Data;               # Target, cut to 512 bytes.
  tlsFingerprint @13 :UInt64;      # Hash, as in fingerprints; 0 where there is none.
  bytes @14 :UInt32;               # Sent to the client.
  asn @15 :UInt32;
  country @16 :UInt16;
  protocol @17 :Events.Protocol;
  referrer @18 :Bool;              # There was one.
}

struct RuleActivity {
  rule @0 :UInt64;                 # Hash of the rule's id.
  matches @1 :UInt64;
  distinctClients @2 :Data;        # HyperLogLog of precision 8, as all that follow.
  evidence @3 :List(Evidence);     # As in ClientActivity.
}

struct ClientActivity {
  # One client in one window and zone. What most clients don't have is in `more`.
  high @0 :UInt64;
  low @1 :UInt64;
  firstTime @2 :Int64;
  lastTime @3 :Int64;
  bytes @4 :UInt64;
  requests @5 :UInt32;
  status2xx @6 :UInt32;
  status3xx @7 :UInt32;
  status4xx @8 :UInt32;
  status5xx @9 :UInt32;
  notFound @10 :UInt32;
  get @11 :UInt32;
  post @12 :UInt32;
  assets @13 :UInt32;
  referrers @14 :UInt32;
  topPathCount @15 :UInt32;
  userAgent @16 :UInt32;           # Of its first request: place in userAgents, from 1; 0 where that was evicted.
  topPath @17 :UInt32;             # Its most asked path, if one has more than half; place in paths, from 1.
  asn @18 :UInt32;                 # The largest seen, as country.
  country @19 :UInt16;
  robots @20 :Bool;                # Asked for robots.txt.
  paths @21 :Data;                 # Distinct paths.
  more @22 :ClientDetail;
}

struct ClientDetail {
  status1xx @0 :UInt32;
  unauthorized @1 :UInt32;
  tooMany @2 :UInt32;
  head @3 :UInt32;
  otherMethods @4 :UInt32;
  cacheHits @5 :UInt32;
  cacheMisses @6 :UInt32;
  malformed @7 :UInt32;
  matched @8 :UInt32;
  logins @9 :UInt32;
  loginFailures @10 :UInt32;
  slow @11 :UInt32;
  error @12 :UInt32;               # Requests it may have had before its row was evicted and made again.
  classes @13 :UInt32;             # Union of the attack classes of its matched requests.
  scoreSum @14 :UInt32;
  loginPath @15 :UInt32;           # Where it tried to log in: place in paths, from 1.
  maxScore @16 :UInt8;
  failedPaths @17 :Data;           # Distinct paths answered 4xx.
  queries @18 :Data;               # Distinct query strings.
  users @19 :Data;                 # Distinct remote users.
  userAgents @20 :Data;            # Distinct user agents, where more than one.
  evidence @21 :List(Evidence);    # Highest rank first, then earliest; at most 3.
  rules @22 :List(RuleCount);      # By rule.
}
struct RuleCount { rule @0 :UInt64; count @1 :UInt64; }

struct SignatureActivity {
  # What several clients share in one window: of failed, matched, writing and logging-in requests.
  hash @0 :UInt64;                 # Of kind and value.
  kind @1 :Kind;
  value @2 :Data;                  # Cut to 256 bytes.
  requests @3 :UInt64;
  errors @4 :UInt64;
  matched @5 :UInt64;
  distinctClients @6 :Data;
  queries @7 :Data;                # Distinct query strings.
  evidence @8 :List(Evidence);
  error @9 :UInt64;                # Requests it may have had before it was evicted and taken in again.
  enum Kind { path @0; payloadShape @1; userAgent @2; loginPath @3; }
}

struct CorrelationActivity {
  # A Sigma correlation's counts for one group of values.
  correlation @0 :UInt64;          # Hash of its id; of one of its rules as well where they are told apart.
  groupHash @1 :UInt64;
  group @2 :Data;                  # The group-by values, each length-prefixed.
  count @3 :UInt64;
  values @4 :Data;                 # Distinct values of the field that value_count counts.
  evidence @5 :List(Evidence);
  firstTime @6 :Int64;
  lastTime @7 :Int64;
}
