// All that a stage remembers, as text: for tests that what is restored is what was saved, whatever is added to it later.

@testable import Detection

/// A value with all that it holds, in a defined order. Stored properties of these names are left out wherever they are.
func wholeMemory(of value: Any, but leftOut: Set<String>, labels: Bool = true) -> String {
  if type(of: value) == ClientRegistry.self, let registry = value as? ClientRegistry {
    var profiles: [String] = []
    registry.forEach { profiles.append(wholeMemory(of: $0, but: leftOut, labels: false)) }
    return "\(registry.evicted) forgotten, \(profiles)"
  }
  if type(of: value) == ToldRequests.self, let told = value as? ToldRequests {
    return "\(CampaignGroup.allCases.map { told[$0] })"
  }
  if type(of: value) == DistinctBitmap.self, let bitmap = value as? DistinctBitmap { return "\(bitmap.bits)" }
  // Lists of numbers may be long.
  let type = ObjectIdentifier(type(of: value))
  if numbers.contains(type) { return "\(value)" }
  let mirror = Mirror(reflecting: value)
  guard !mirror.children.isEmpty else { return "\(value)" }
  var parts: [String] = []
  for child in mirror.children {
    if let label = child.label, leftOut.contains(label) { continue }
    let text = wholeMemory(of: child.value, but: leftOut, labels: labels)
    parts.append(labels && child.label != nil ? "\(child.label ?? ""): \(text)" : text)
  }
  switch mirror.displayStyle {
  case .dictionary, .set: parts.sort()
  default: break
  }
  return "(" + parts.joined(separator: ", ") + ")"
}

private let numbers: Set<ObjectIdentifier> = [
  ObjectIdentifier([UInt8].self), ObjectIdentifier([UInt64].self), ObjectIdentifier([Double].self),
  ObjectIdentifier([Float].self), ObjectIdentifier(UInt64.self), ObjectIdentifier(UInt32.self),
  ObjectIdentifier(UInt16.self), ObjectIdentifier(UInt8.self), ObjectIdentifier(Int64.self),
  ObjectIdentifier(Int.self), ObjectIdentifier(Double.self), ObjectIdentifier(Bool.self),
]

extension ZoneStage {
  /// Of all zones. Left out is what was saved and how, what is looked up anew, and what no later window depends on.
  var wholeMemory: String {
    zones.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      DetectionTests.wholeMemory(of: $0.value, but: ["hasChanged", "asked", "isExcused", "groupsOfRow", "hash"])
    }.joined(separator: "\n") + "\n\(held) held, \(wideSamples) wide"
  }
}

extension CampaignStage {
  var wholeMemory: String {
    DetectionTests.wholeMemory(
      of: self,
      but: [
        "settings", "rules", "hash", "registry", "isHeard", "isTracking", "isTracked", "unsaved", "savedIds", "ended",
      ])
  }
}
