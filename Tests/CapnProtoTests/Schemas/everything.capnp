@0x9d0d3a4f8f6b1e02;
# Every feature that the generator knows, for the tests that compare it with libcapnp.
using Swift = import "/Schemas/swift.capnp";
using Imported = import "imported.capnp";
$Swift.module("CapnProtoTests");

const answer :Int32 = -42;
const greeting :Text = "say \"hello\"\n";
const octets :Data = 0x"00 ff 10";
const half :Float64 = 0.5;
const favourite :Imported.Colour = blue;
const origin :Imported.Point = (x = 1, y = 2);
const primes :List(UInt16) = [2, 3, 5, 7];

struct Everything {
  # One field of each kind.
  nothing @0 :Void;
  flag @1 :Bool;
  otherFlag @2 :Bool = true;
  i8 @3 :Int8;
  i16 @4 :Int16 = -300;
  i32 @5 :Int32;
  i64 @6 :Int64 = -5000000000;
  u8 @7 :UInt8 = 200;
  u16 @8 :UInt16;
  u32 @9 :UInt32 = 0xdeadbeef;
  u64 @10 :UInt64;
  f32 @11 :Float32 = 1.5;
  f64 @12 :Float64;
  f64WithDefault @13 :Float64 = -0.125;
  text @14 :Text;
  textWithDefault @15 :Text = "nothing said";
  data @16 :Data;
  dataWithDefault @17 :Data = 0x"0102030405060708 09";
  colour @18 :Imported.Colour;
  colourWithDefault @19 :Imported.Colour = green;
  point @20 :Imported.Point;
  pointWithDefault @21 :Imported.Point = (x = 3, y = 4);
  child @22 :Everything;                 # Recursive.

  voids @23 :List(Void);
  bools @24 :List(Bool);
  i8s @25 :List(Int8);
  i16s @26 :List(Int16);
  u32s @27 :List(UInt32);
  u64s @28 :List(UInt64);
  f32s @29 :List(Float32);
  f64s @30 :List(Float64) = [1.5, -2.25];
  texts @31 :List(Text);
  datas @32 :List(Data);
  colours @33 :List(Imported.Colour);
  points @34 :List(Imported.Point);
  lists @35 :List(List(Int16));
  textLists @36 :List(List(Text));
  pointLists @37 :List(List(Imported.Point)) = [[(x = 1, y = 1)], []];
  anything @38 :AnyPointer;

  area :group {
    width @39 :UInt16 = 10;
    height @40 :UInt16;
    label @41 :Text;
  }

  union {
    # The unnamed union.
    none @42 :Void;
    number @43 :Int64 = 99;
    name @44 :Text;
    circle :group {
      centre @45 :Imported.Point;
      radius @46 :Float64;
      filled @47 :Bool;
    }
    truth @48 :Bool;
    hue @49 :Imported.Colour;
    several @50 :List(UInt8);
  }

  choice :union {
    # A named one.
    left @51 :UInt32;
    right @52 :Imported.Point;
    neither @53 :Void;
  }

  nested @54 :Nested;
  nestedList @55 :List(Nested);
  kind @56 :Nested.Kind;
  class @57 :UInt8;                      # A keyword of Swift.
  reader @58 :UInt8;                     # A name that accessors have themselves.
  oddName @59 :UInt8 $Swift.name("renamed");

  struct Nested {
    const limit :UInt8 = 12;
    kind @0 :Kind;
    value @1 :Text;
    enum Kind { plain @0; fancy @1; }
  }
}

struct Empty {}

# Older and newer forms of one struct, for the rules of evolution.
struct Old { number @0 :UInt32; }
struct New { number @0 :UInt32; added @1 :UInt64 = 5; note @2 :Text; more @3 :List(UInt8); }
struct OldScalars { values @0 :List(UInt32); names @1 :List(Text); }
struct NewStructs { values @0 :List(Old); names @1 :List(Named); }
struct Named { name @0 :Text; age @1 :UInt8; }
