// The open campaigns by serial number, and which of them changed since the last snapshot.

/// A dictionary that notes every change, once it is asked to.
struct OpenCampaigns: Sendable {
  private var campaigns: [UInt64: Campaign] = [:]
  /// Serial numbers of those changed, begun or ended since `trackChanges` or `takeChanges`.
  private var unsaved: Set<UInt64> = []
  private var isTracking = false
  /// Whether changes are noted.
  var isTracked: Bool { isTracking }

  var count: Int { campaigns.count }
  var keys: Dictionary<UInt64, Campaign>.Keys { campaigns.keys }
  var values: Dictionary<UInt64, Campaign>.Values { campaigns.values }

  subscript(serial: UInt64) -> Campaign? {
    get { campaigns[serial] }
    _modify {
      note(serial)
      yield &campaigns[serial]
    }
  }

  mutating func removeValue(forKey serial: UInt64) -> Campaign? {
    note(serial)
    return campaigns.removeValue(forKey: serial)
  }

  /// What is saved of a campaign has changed.
  mutating func note(_ serial: UInt64) { if isTracking { unsaved.insert(serial) } }

  /// Notes changes from now on; what is there counts as changed.
  mutating func trackChanges() {
    guard !isTracking else { return }
    isTracking = true
    unsaved.formUnion(campaigns.keys)
  }

  /// Takes in a campaign as it was saved.
  mutating func restore(_ campaign: Campaign) {
    campaigns[campaign.serial] = campaign
    isTracking = true
  }

  /// The changed ones in order of number, each as it is now or nil where it has ended.
  mutating func takeChanges() -> [(serial: UInt64, campaign: Campaign?)] {
    let changes = unsaved.sorted().map { ($0, campaigns[$0]) }
    unsaved.removeAll(keepingCapacity: true)
    return changes
  }
}
