@0xd1a6c1b0e5f04a11;
# What the forwarder writes and the aggregator reads: one record is one EventBatch.
# Evolved only by appending. Bytes that come from a client are Data: they need not be UTF-8.
using Swift = import "swift.capnp";
$Swift.module("Events");

const schemaVersion :UInt16 = 1;

struct EventBatch {
  schemaVersion @0 :UInt16;
  source @1 :Source;
  sequence @2 :UInt64;          # Number of this batch in its source, from 0, without gaps.
  firstOrdinal @3 :UInt64;      # Number in the source of the first line this batch accounts for, from 0.
  firstLine @4 :UInt64;         # Line number in the file of byteBegin, from 1; 0 where there is no file.
  byteBegin @5 :UInt64;         # The bytes of the (decompressed) file this batch accounts for.
  byteEnd @6 :UInt64;
  lowWatermark @7 :Int64;       # ns since the epoch: no on-time event of the source after this batch is older.
  firstTime @8 :Int64;          # Smallest and largest event time in the batch, ns.
  lastTime @9 :Int64;
  count @10 :UInt32;            # Events in the list.
  weight @11 :UInt32 = 1;       # Each event stands for this many (sampling).
  ledger @12 :Ledger;
  final @13 :Bool;              # The source says nothing more.
  events :union {
    none @14 :Void;             # A heartbeat, or an end.
    http @15 :List(HttpEvent);
    dns @16 :List(DnsEvent);
    auth @17 :List(AuthEvent);
    unparsed @18 :List(UnparsedLine);
  }
  idle @19 :Bool;               # Written by the partition's owner: `source` holds nobody back until it speaks again.
}

struct Source {
  id @0 :UInt64;                # Stable across restarts; from content, never from a path alone.
  host @1 :Data;                # Host that read it.
  path @2 :Data;                # File or listener.
}

struct Ledger {
  # Where every line of this batch went. lines = parsed + unparsed + ahead + sampledOut.
  lines @0 :UInt32;
  parsed @1 :UInt32;
  unparsed @2 :UInt32;          # No format read it, or over-long.
  ahead @3 :UInt32;             # Stamp too far past the source's time.
  sampledOut @4 :UInt32;
  late @5 :UInt32;              # Of parsed: older than the source's watermark when read.
}

enum Method {
  unknown @0;                   # methodText holds it where there was one.
  get @1;
  head @2;
  post @3;
  put @4;
  delete @5;
  options @6;
  patch @7;
  connect @8;
  trace @9;
  propfind @10;
}

enum Protocol { unknown @0; http09 @1; http10 @2; http11 @3; http2 @4; http3 @5; }

enum CacheStatus { unknown @0; hit @1; miss @2; expired @3; bypass @4; stale @5; revalidated @6; dynamic @7; error @8; }

struct HttpEvent {
  time @0 :Int64;               # ns since the epoch, UTC.
  clientHigh @1 :UInt64;        # Client address, 16 bytes in network order as two big-endian words; IPv4 mapped.
  clientLow @2 :UInt64;
  bytes @3 :UInt64;             # Sent to the client.
  duration @4 :UInt32;          # us; 0xffffffff unknown.
  lineOffset @5 :UInt32;        # Start of the line after byteBegin, bytes.
  lineNumber @6 :UInt32;        # After firstLine.
  asn @7 :UInt32;
  status @8 :UInt16;
  country @9 :UInt16;           # Two letters, first in the high byte; 0 unknown.
  method @10 :Method;
  protocol @11 :Protocol;
  cacheStatus @12 :CacheStatus;
  flags @13 :UInt16;            # HttpFlags of Events: malformed request, truncated field, ...
  host @14 :Data;
  target @15 :Data;             # Request target as raw bytes.
  userAgent @16 :Data;
  referrer @17 :Data;
  extra @18 :HttpExtra;         # What most lines do not have.
}

struct HttpExtra {
  remoteUser @0 :Data;
  methodText @1 :Data;
  contentType @2 :Data;
  cookie @3 :Data;
  body @4 :Data;                # First bytes of the request's body.
  tlsFingerprint @5 :Data;
  upstream @6 :Data;
  matches @7 :List(RuleMatch);  # Rules already matched where a forwarder redacts.
  requestBytes @8 :UInt64;
  serverPort @9 :UInt16;
}

struct RuleMatch { rule @0 :UInt64; score @1 :UInt8; }

struct UnparsedLine {
  reason @0 :Reason;
  lineOffset @1 :UInt32;
  lineNumber @2 :UInt32;
  length @3 :UInt64;            # Bytes of the whole line.
  hash @4 :UInt64;              # Of the whole line.
  head @5 :Data;                # Its first bytes.
  enum Reason { noFormat @0; tooLong @1; timeAhead @2; badTime @3; badAddress @4; binary @5; }
}

struct DnsEvent {
  time @0 :Int64;
  clientHigh @1 :UInt64;
  clientLow @2 :UInt64;
  type @3 :UInt16;
  responseCode @4 :UInt16;
  name @5 :Data;
}

struct AuthEvent {
  time @0 :Int64;
  clientHigh @1 :UInt64;
  clientLow @2 :UInt64;
  succeeded @3 :Bool;
  service @4 :Data;
  user @5 :Data;
}
