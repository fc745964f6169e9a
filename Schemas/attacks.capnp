@0xf29b6a5d1c8e4370;
# What the campaign stage writes and everyone else reads: the state of one attack, whole, each time it changes.
using Swift = import "swift.capnp";
using Rollups = import "rollups.capnp";
$Swift.module("Detection");

enum Kind {
  injection @0;
  scanning @1;
  bruteForce @2;
  credentialStuffing @3;
  scraping @4;
  flood @5;
  distributedFlood @6;
  cacheBusting @7;
  slowRequests @8;
  errorStorm @9;
  correlation @10;
}

enum State { started @0; ongoing @1; ended @2; }
enum Severity { low @0; medium @1; high @2; critical @3; }

struct Attack {
  schemaVersion @0 :UInt16;
  id @1 :UInt64;                   # From its content: kind, zone, class, start and first source. 16 hexadecimal digits in text.
  state @2 :State;                 # An ended attack whose actors come back is ongoing again, under the same id.
  kind @3 :Kind;
  severity @4 :Severity;
  attackClass @5 :UInt32;          # One bit of AttackClasses, or 0.
  zone @6 :Data;
  start @7 :Int64;
  end @8 :Int64;
  confidence @9 :Float64;          # 0 to 1.
  requests @10 :UInt64;
  peakRate @11 :Float64;           # Requests a second.
  baselineRate @12 :Float64;
  sourceCount @13 :UInt64;
  sources @14 :List(Source);       # The most active; all of them in SourceList records.
  targets @15 :List(Target);
  rules @16 :List(Rollups.RuleCount);
  evidence @17 :List(Rollups.Evidence);
  explanation @18 :Text;
}

struct Source {
  clientHigh @0 :UInt64;
  clientLow @1 :UInt64;
  requests @2 :UInt64;
  lower @3 :UInt64;
  upper @4 :UInt64;
  first @5 :Int64;
  last @6 :Int64;
  confidence @7 :Float64;
}

struct Target {
  path @0 :Data;
  requests @1 :UInt64;
  lower @2 :UInt64;
  upper @3 :UInt64;
}

struct SourceList {
  # Some of the addresses of one attack; the same address may come again, then counts add and times widen.
  attack @0 :UInt64;
  kind @1 :Kind;
  sources @2 :List(Source);
}
