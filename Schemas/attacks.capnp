@0xf29b6a5d1c8e4370;
# What the campaign stage writes and everyone else reads: the state of one attack, whole, each time it changes.
using Swift = import "swift.capnp";
$Swift.module("Detection");

struct AttackRecord {
  # One record of the topic `attacks`. Its key is the attack's id as 16 hexadecimal digits, or "closed".
  schemaVersion @0 :UInt16;
  watermark @1 :Int64;             # ns; the campaign stage had taken the windows that end by it.
  told :union {
    attack @2 :Attack;
    closed @3 :Void;               # All input has ended: no attack changes after this.
  }
}

struct Attack $Swift.name("AttackContent") {
  id @0 :UInt64;                   # From its content: kind, zone, class, start and first source. 16 hexadecimal digits in text.
  state @1 :State;                 # An ended attack whose actors come back is ongoing again, under the same id.
  kind @2 :Kind;
  severity @3 :Severity;
  attackClass @4 :Text;            # The chief class of its requests, or empty.
  zone @5 :Data;                  # Host; "" for those that no line confirms; "*" for many.
  start @6 :Int64;                 # ns
  end @7 :Int64;
  confidence @8 :Float64;          # 0 to 1.
  requests @9 :UInt64;             # 0 in an ended attack: what was told of it has become part of others.
  peakRate @10 :Float64;           # Requests a second.
  baselineRate @11 :Float64;
  sourceCount @12 :UInt64;
  sources @13 :List(Source);       # The most active.
  targets @14 :List(Target);
  rules @15 :List(Rule);
  evidence @16 :List(Evidence);
  files @17 :List(Data);           # Names of files, which evidence refers to.
  explanation @18 :Text;
  fingerprint @19 :List(Part);     # All must hold. Empty where nothing singles it out.
  covers @20 :Float64;             # Share of the attack's sampled requests for which they do.
  normalHits @21 :UInt32;          # Of the zone's sampled normal requests, those for which they do.
  normalSampled @22 :UInt32;
  normalFromSources @23 :UInt32;   # Those from sources of the attack.
  notes @24 :List(Note);           # What is known of sources from elsewhere.
  hitsOfParts @25 :List(UInt64);   # As normalHits, for each choice of parts: entry n is of the parts whose bits n has.

  struct Source {
    clientHigh @0 :UInt64;         # Address, as in HttpEvent.
    clientLow @1 :UInt64;
    requests @2 :UInt64;
    lower @3 :UInt64;
    upper @4 :UInt64;
  }
  struct Note {
    source @0 :UInt32;             # Place in sources.
    lists @1 :List(Mention);
    country @2 :Text;              # Code of two letters, or empty.
    asn @3 :UInt32;                # 0: unknown.
    organisation @4 :Text;
    earlierAttacks @5 :UInt32;     # Of the line's own, that it was seen in before.
    score @6 :UInt8;               # What these say against it, 0 to 100, when the attack ended.
  }
  struct Mention {
    list @0 :Text;
    kind @1 :AddressKind;
  }
  struct Part {
    field @0 :Field;
    value @1 :Data;                # As the client sent it, or a network in CIDR notation.
  }
  struct Target {
    path @0 :Data;
    requests @1 :UInt64;
    lower @2 :UInt64;
    upper @3 :UInt64;
  }
  struct Rule {
    id @0 :Text;
    title @1 :Text;
    matches @2 :UInt64;
  }
  struct Evidence {
    line @0 :UInt64;
    time @1 :Int64;
    clientHigh @2 :UInt64;
    clientLow @3 :UInt64;
    file @4 :UInt32;               # Place in files.
    status @5 :UInt16;
    request @6 :Data;
  }
}

enum Kind $Swift.name("AttackKindCode") {
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
  formSpam @11;
}

enum AddressKind $Swift.name("AddressKindCode") { other @0; tor @1; abuse @2; vpn @3; hosting @4; crawler @5; monitor @6; }
enum Field $Swift.name("FingerprintFieldCode") {
  userAgent @0; network @1; path @2; pathShape @3; queryNames @4; method @5;
  protocol @6; tlsFingerprint @7; country @8; asn @9; noReferrer @10; status @11;
}
enum State $Swift.name("AttackStateCode") { started @0; ongoing @1; ended @2; }
enum Severity $Swift.name("SeverityCode") { low @0; medium @1; high @2; critical @3; }
