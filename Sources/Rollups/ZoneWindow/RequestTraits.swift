// What a path says about a request: an asset, robots.txt, a place to log in. Found out once for each
// distinct path of a window and remembered as the mark of its entry.

import Bytes
import Sketches

/// What is known of a path.
struct PathTraits: OptionSet, BitwiseCopyable, Sendable {
  let rawValue: UInt16
  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Set on every path that was looked at: a mark of 0 says that it wasn't.
  static let known = PathTraits(rawValue: 1 << 0)
  /// Style sheet, script, image, font, by its extension.
  static let asset = PathTraits(rawValue: 1 << 1)
  static let robots = PathTraits(rawValue: 1 << 2)
  /// Credentials are sent there.
  static let login = PathTraits(rawValue: 1 << 3)
  /// A login that answers 200 whether or not the password was right (WordPress: the form is shown again; XML-RPC:
  /// the fault is in the body).
  static let answers200OnFailure = PathTraits(rawValue: 1 << 4)
  /// Asked for by programs as a matter of course: see `WellKnownPaths`.
  static let wellKnown = PathTraits(rawValue: 1 << 5)

  @inline(never)
  init(path: RawSpan) {
    var traits: PathTraits = .known
    if Self.hasAssetExtension(path) { traits.insert(.asset) }
    if path.equalsIgnoringCase("/robots.txt") { traits.insert(.robots) }
    if WellKnownPaths.contains(path) { traits.insert(.wellKnown) }
    // A long path is no login form; looking at its end is enough.
    let tail = path.extracting(max(0, path.byteCount - 64)..<path.byteCount)
    var isLogin = false
    // One pass: nearly no byte of a path begins one of the words.
    for i in 0..<tail.byteCount {
      let byte = tail.unchecked(i).asciiLowercased
      switch byte {
      case 0x77, 0x78:
        if Self.stands(byte == 0x77 ? "wp-login" : "xmlrpc.php", in: tail, at: i) {
          traits.formUnion([.login, .answers200OnFailure])
        }
      case 0x6c, 0x73, 0x2f:
        if isLogin || traits.contains(.asset) { continue }
        let words = byte == 0x6c ? Self.wordsInL : byte == 0x73 ? Self.wordsInS : Self.wordsInSlash
        for k in words.indices where Self.stands(words[k], in: tail, at: i) {
          isLogin = true
          break
        }
      default: break
      }
    }
    if isLogin { traits.insert(.login) }
    self = traits
  }

  // Words in the paths of login forms and token endpoints, by their first byte.
  static let wordsInL: [StaticString] = ["login", "logon", "log-in"]
  static let wordsInS: [StaticString] = ["signin", "sign-in", "sign_in"]
  static let wordsInSlash: [StaticString] = [
    "/auth", "/session", "/token", "/administrator", "/account/password", "/user/password", "/j_security_check",
    "/owa/auth",
  ]

  /// Whether `word`, in lower case, stands at `place`; ignores ASCII case.
  @inline(__always)
  static func stands(_ word: StaticString, in bytes: RawSpan, at place: Int) -> Bool {
    let n = word.utf8CodeUnitCount
    guard n <= bytes.byteCount &- place else { return false }
    for k in 0..<n where bytes.unchecked(place &+ k).asciiLowercased != word.utf8Start[k] { return false }
    return true
  }

  static func hasAssetExtension(_ path: RawSpan) -> Bool {
    let n = path.byteCount
    var packed: UInt64 = 0
    var i = n - 1
    while i >= 0, n - i <= 6 {
      let byte = path.unchecked(i).asciiLowercased
      if byte == 0x2e { return isAssetExtension(packed) }
      packed = packed << 8 | UInt64(byte)
      i -= 1
    }
    return false
  }

  /// Extensions packed backwards, as `hasAssetExtension` reads them; compared all at once, which is quicker than a set.
  private static let assetExtensions: [SIMD8<UInt64>] = {
    let names: [String] = [
      "css", "js", "mjs", "map", "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp", "woff", "woff2",
      "ttf", "otf", "eot", "mp3", "mp4", "webm", "ogg",
    ]
    var rows: [SIMD8<UInt64>] = []
    for (i, name) in names.enumerated() {
      if i % 8 == 0 { rows.append(SIMD8(repeating: .max)) }
      rows[i / 8][i % 8] = name.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    return rows
  }()

  private static func isAssetExtension(_ packed: UInt64) -> Bool {
    let wanted = SIMD8<UInt64>(repeating: packed)
    for row in assetExtensions where any(row .== wanted) { return true }
    return false
  }
}

/// Traits of the paths met last: a popular path is looked at once, not once a window. What it answers depends on the
/// path alone, so it changes no result.
struct PathTraitsCache: ~Copyable {
  private var hashes: FlatArray<UInt64>
  private var traits: FlatArray<PathTraits>
  private static var size: Int { 4096 }

  init() {
    hashes = FlatArray()
    traits = FlatArray()
    hashes.resize(to: Self.size, filledWith: 0)
    traits.resize(to: Self.size, filledWith: PathTraits(rawValue: 0))
  }

  @inline(__always)
  mutating func traits(of path: RawSpan, hash: UInt64) -> PathTraits {
    let slot = Int(truncatingIfNeeded: hash >> 20) & (Self.size - 1)
    if hashes[slot] == hash, traits[slot].rawValue != 0 { return traits[slot] }
    let found = PathTraits(path: path)
    hashes[slot] = hash
    traits[slot] = found
    return found
  }
}

/// Whether a request tried to log in, and whether it failed.
///
/// There is no certain sign in an access log. What is taken for one:
/// - POST to a path like a login form's or token endpoint's, unless there was no such page (404, 405, 410) or it was
///   only moved (301, 308), or nobody was there to judge it (502, 504). Failed: answered 4xx or 5xx; or 200 where
///   WordPress answers so for a wrong password. Elsewhere 200 counts as success: APIs answer so, though some forms show
///   themselves again.
/// - Any request answered 401: failed.
@inline(__always)
func loginOutcome(isPost: Bool, status: UInt16, traits: PathTraits) -> (tried: Bool, failed: Bool) {
  if status == 401 { return (true, true) }
  guard isPost, traits.contains(.login) else { return (false, false) }
  switch status {
  case 404, 405, 410, 301, 308, 502, 504: return (false, false)
  case 200: return (true, traits.contains(.answers200OnFailure))
  default: return (true, status >= 400)
  }
}
