// What is known of whom a block would hit: the fingerprint, and the sources among what is normal.

import Bytes

struct Harm: Sendable, Equatable {
  var fingerprint: Fingerprint?
  /// Normal requests looked at, and those of them that came from sources of the attack.
  var normalSampled = 0
  var normalFromSources = 0

  init(fingerprint: Fingerprint? = nil, normalSampled: Int = 0, normalFromSources: Int = 0) {
    self.fingerprint = fingerprint
    (self.normalSampled, self.normalFromSources) = (normalSampled, normalFromSources)
  }

  func write(to state: inout StateWriter) {
    state.count(normalSampled)
    state.count(normalFromSources)
    state.count(fingerprint?.parts.count ?? 0)
    guard let fingerprint else { return }
    for part in fingerprint.parts {
      state.byte(part.field.rawValue)
      state.bytes(part.value)
    }
    state.number(fingerprint.covers)
    state.count(fingerprint.normalHits)
    state.count(fingerprint.hitsOfParts.count)
    for hits in fingerprint.hitsOfParts { state.count(hits) }
  }

  /// - Parameter isMarked: Whether it was written with the hits of parts.
  init(from state: inout StateReader, isMarked: Bool) throws(StateError) {
    normalSampled = Int(try state.small())
    normalFromSources = Int(try state.small())
    let count = try state.count(ofAtLeast: 2)
    guard count > 0 else { return }
    var parts: [Fingerprint.Part] = []
    for _ in 0..<count {
      let number = try state.byte()
      guard let field = FingerprintField(rawValue: number) else {
        throw .invalid("field \(number) of a fingerprint", at: state.position)
      }
      parts.append(Fingerprint.Part(field: field, value: try state.bytes()))
    }
    var read = Fingerprint(parts: parts, covers: try state.double(), normalHits: Int(try state.small()))
    for _ in 0..<(isMarked ? try state.count() : 0) { read.hitsOfParts.append(Int(try state.small())) }
    fingerprint = read
  }
}
