// Matches the events of a batch against a rule set. One a thread.
//
// A batch goes through three steps: `add` looks up what is known of each event's values and puts the new ones into one
// buffer, `scan` searches that buffer once, and `match` judges an event by the patterns found in its values. A value is
// searched as it was sent and, where that differs, decoded: a test holds when either form has it.

import Bytes
import CVectorscan
import Events

/// Working memory of one thread; nothing is allocated for an event after warm-up.
///
/// Invariant of the unsafe code: `scratch` belongs to `rules`' database and to this value alone; `seen` has an entry a
/// pattern.
public struct RuleMatcher: ~Copyable {
  let rules: RuleSet
  let compiled: CompiledRules
  private let hasher: KeyedHash
  private var cache: ValueCache
  private let regexScratch = RegexScratch()
  private var scratch: OpaquePointer?
  private let seen: UnsafeMutablePointer<UInt64>
  private var serial: UInt64 = 1
  /// A bit for each column that some pattern looks at.
  private let columnMask: UInt8
  private let patternlessMethods: UInt32

  // The batch.
  private var batch = ScanBatch()
  private var pending: [(entry: Int, hash: UInt64, slot: UInt32)] = []
  private var hits: UnsafeMutablePointer<ScanHit>
  private var hitCapacity = 1024
  /// First node of each slot's list of patterns, or -1.
  private var slots: [Int32] = []
  private var nodes: [(pattern: UInt16, next: Int32)] = []
  private var eventSlots: [UInt32] = []
  private var eventStarts: [Int32] = []

  // One event.
  private var patternStamps: [UInt64]
  private var ruleStamps: [UInt64]
  private var stamp: UInt64 = 0
  private var candidates: [UInt16] = []
  private var matched: [UInt16] = []
  private var group = ByteBuffer(capacity: 256)
  private var counted = ByteBuffer(capacity: 256)

  /// Values that were searched, and that the cache knew: for measuring.
  public private(set) var searched: UInt64 = 0
  public private(set) var known: UInt64 = 0
  /// Regular expressions that gave up on a value. Such a value counts as matched where Vectorscan vouched for it.
  public private(set) var regexLimits: UInt64 = 0
  /// What was tried in full, where somebody measures that.
  var trials: [(pattern: Int, value: [UInt8])]?

  /// - Parameters:
  ///   - seed: Key of the cache's hashes.
  ///   - cacheEntries: Values remembered, 32 bytes each.
  public init(_ rules: RuleSet, seed: UInt64 = 0, cacheEntries: Int = 1 << 16) {
    self.rules = rules
    compiled = rules.compiled
    hasher = KeyedHash(key: seed)
    cache = ValueCache(entries: cacheEntries)
    columnMask = compiled.columnMask
    patternlessMethods = compiled.patternlessMethods
    let patterns = compiled.table.tests.count
    seen = .allocate(capacity: max(patterns, 1))
    seen.initialize(repeating: 0, count: max(patterns, 1))
    hits = .allocate(capacity: hitCapacity)
    patternStamps = Array(repeating: 0, count: patterns)
    ruleStamps = Array(repeating: 0, count: rules.rules.count)
    scratch = nil
    if let database = compiled.database.database {
      guard hs_alloc_scratch(database, &scratch) == HS_SUCCESS else {
        fatalError("out of memory for Vectorscan's scratch")
      }
    }
    slots.reserveCapacity(4096)
    nodes.reserveCapacity(4096)
    eventSlots.reserveCapacity(8192)
    eventStarts.reserveCapacity(4096)
    pending.reserveCapacity(2048)
    candidates.reserveCapacity(rules.rules.count)
    matched.reserveCapacity(rules.rules.count)
  }

  deinit {
    if let scratch { hs_free_scratch(scratch) }
    seen.deallocate()
    hits.deallocate()
  }

  // MARK: A batch

  /// Starts a batch, forgetting the last one.
  public mutating func begin() {
    for waiting in pending where cache.holds(waiting.hash, at: waiting.entry) { cache.clear(at: waiting.entry) }
    pending.removeAll(keepingCapacity: true)
    batch.removeAll()
    slots.removeAll(keepingCapacity: true)
    nodes.removeAll(keepingCapacity: true)
    eventSlots.removeAll(keepingCapacity: true)
    eventStarts.removeAll(keepingCapacity: true)
  }

  /// Adds the next event of the batch. About 40 ns where its values are known.
  public mutating func add(_ event: borrowing FieldView) {
    var none = NoDetectors()
    _ = add(event, &none)
  }

  /// The same, and what the detectors say of the event's values: asked once for each value, and remembered with what
  /// the rules find. A matcher must be given the same detectors always.
  @inline(__always)
  mutating func add<Detectors: ValueDetectors & ~Copyable>(
    _ event: borrowing FieldView, _ detectors: inout Detectors
  ) -> ValueEvidence {
    eventStarts.append(Int32(truncatingIfNeeded: eventSlots.count))
    var evidence = ValueEvidence()
    evidence.target = add(event.target, .target, &detectors)
    evidence.userAgent = add(event.userAgent, .userAgent, &detectors)
    evidence.referrer = add(event.referrer, .referrer, &detectors)
    if hasRare(event) {
      _ = add(event.host, .host, &detectors)
      _ = add(event.cookie, .cookie, &detectors)
      _ = add(event.body, .body, &detectors)
      _ = add(event.contentType, .contentType, &detectors)
      _ = add(event.remoteUser, .remoteUser, &detectors)
    }
    return evidence
  }

  /// Adds an event without values.
  mutating func addNothing() { eventStarts.append(Int32(truncatingIfNeeded: eventSlots.count)) }

  /// Whether the event has a field that few logs have and that some rule asks for.
  @inline(__always)
  private func hasRare(_ event: borrowing FieldView) -> Bool {
    let extra: UInt8 =
      1 << TextColumn.cookie.rawValue | 1 << TextColumn.body.rawValue | 1 << TextColumn.contentType.rawValue
      | 1 << TextColumn.remoteUser.rawValue
    if columnMask >> TextColumn.host.rawValue & 1 == 1, event.host.byteCount > 0 { return true }
    if columnMask & extra == 0 { return false }
    return event.cookie.byteCount | event.body.byteCount | event.contentType.byteCount | event.remoteUser.byteCount > 0
  }

  /// What the event's values are looked up by, and has the processor fetch where they may stand: the table is larger than
  /// its caches. nil where the event must be looked at as a whole.
  @inline(__always)
  func keys<Detectors: ValueDetectors & ~Copyable>(
    of event: borrowing FieldView, _ detectors: Detectors.Type
  ) -> ValueKeys? {
    if hasRare(event) { return nil }
    let keys = ValueKeys(
      target: key(of: event.target, .target, detectors), userAgent: key(of: event.userAgent, .userAgent, detectors),
      referrer: key(of: event.referrer, .referrer, detectors))
    cache.prefetch(keys.target)
    cache.prefetch(keys.userAgent)
    cache.prefetch(keys.referrer)
    return keys
  }

  /// Adds the next event by its keys where all its values are known; nil, and nothing is added, where one is not.
  @inline(__always)
  mutating func addKnown(_ keys: ValueKeys) -> ValueEvidence? {
    let target = cache.find(keys.target)
    let userAgent = cache.find(keys.userAgent)
    let referrer = cache.find(keys.referrer)
    if target < 0 && keys.target != 0 || userAgent < 0 && keys.userAgent != 0 || referrer < 0 && keys.referrer != 0 {
      return nil
    }
    eventStarts.append(Int32(truncatingIfNeeded: eventSlots.count))
    var evidence = ValueEvidence()
    if target >= 0 { evidence.target = use(target) }
    if userAgent >= 0 { evidence.userAgent = use(userAgent) }
    if referrer >= 0 { evidence.referrer = use(referrer) }
    return evidence
  }

  /// Hash that a value is remembered by, never 0; 0 where nobody asks for it.
  @inline(__always)
  private func key<Detectors: ValueDetectors & ~Copyable>(
    of value: RawSpan, _ column: TextColumn, _ detectors: Detectors.Type
  ) -> UInt64 {
    if value.byteCount == 0 || columnMask >> column.rawValue & 1 == 0 && !Detectors.look(at: column) { return 0 }
    // The column is part of the key: the same bytes mean different things in different fields.
    let salt = (UInt64(column.rawValue) &+ 1) &* 0x9e37_79b9_7f4a_7c15
    return max(hasher.hash(value) ^ salt, 1)
  }

  @inline(__always)
  private mutating func add<Detectors: ValueDetectors & ~Copyable>(
    _ value: RawSpan, _ column: TextColumn, _ detectors: inout Detectors
  ) -> UInt64 {
    let key = key(of: value, column, Detectors.self)
    if key == 0 { return 0 }
    let entry = cache.find(key)
    return entry >= 0 ? use(entry) : addNew(value, column, key, &detectors)
  }

  /// Takes over what is known of a value, and returns its evidence.
  @inline(__always)
  private mutating func use(_ entry: Int) -> UInt64 {
    known &+= 1
    cache.use(entry)
    let state = cache.state(at: entry)
    if state == ValueCache.pending {
      eventSlots.append(cache.slot(at: entry))
    } else if state > 0 {
      addKnown(entry, Int(state))
    }
    return cache.evidence(at: entry)
  }

  private mutating func addKnown(_ entry: Int, _ count: Int) {
    var head: Int32 = -1
    for index in 0..<count {
      nodes.append((cache.pattern(index, at: entry), head))
      head = Int32(truncatingIfNeeded: nodes.count &- 1)
    }
    eventSlots.append(UInt32(truncatingIfNeeded: slots.count))
    slots.append(head)
  }

  @inline(never)
  private mutating func addNew<Detectors: ValueDetectors & ~Copyable>(
    _ value: RawSpan, _ column: TextColumn, _ hash: UInt64, _ detectors: inout Detectors
  ) -> UInt64 {
    let evidence = Detectors.look(at: column) ? detectors.evidence(of: value, column) : 0
    let entry = cache.victim(of: hash)
    if columnMask >> column.rawValue & 1 == 0 {
      cache.set(hash, evidence: evidence, at: entry)
      return evidence
    }
    searched &+= 1
    // Far beyond any batch: keeps offsets small however large the values are.
    if batch.buffer.count > 8 << 20 { scan() }
    let slot = UInt32(truncatingIfNeeded: slots.count)
    slots.append(-1)
    eventSlots.append(slot)
    cache.setPending(hash, evidence: evidence, slot: slot, at: entry)
    pending.append((entry, hash, slot))
    batch.append(value, column, slot)
    return evidence
  }

  /// Searches the new values of the batch. Must stand between the last `add` and the first `match`.
  public mutating func scan() {
    if !batch.regions.isEmpty {
      let count = findHits()
      for index in 0..<count {
        let hit = hits[index]
        let region = batch.regions[Int(hit.region)]
        if !hit.needsConfirming || confirms(hit.pattern, region) { link(hit.pattern, region.slot) }
      }
      tryUnfound()
    }
    for waiting in pending where cache.holds(waiting.hash, at: waiting.entry) {
      remember(waiting.slot, at: waiting.entry)
    }
    pending.removeAll(keepingCapacity: true)
    serial &+= UInt64(batch.regions.count)
    batch.removeAll()
  }

  private mutating func findHits() -> Int {
    guard let database = compiled.database.database, let scratch else { return 0 }
    return batch.regions.withUnsafeBufferPointer { regions in
      compiled.refs.withUnsafeBufferPointer { refs in
        compiled.refStarts.withUnsafeBufferPointer { starts in
          guard let firstRegion = regions.baseAddress, let firstRef = refs.baseAddress,
            let firstStart = starts.baseAddress
          else { return 0 }
          var state = ScanState(
            regions: firstRegion, regionCount: regions.count, refs: firstRef, refStarts: firstStart, seen: seen,
            serial: serial, hits: hits, hitCount: 0, hitCapacity: hitCapacity)
          let status = Detection.scan(batch.buffer.bytes, database: database, scratch: scratch, state: &state)
          precondition(status == HS_SUCCESS, "Vectorscan failed with \(status)")
          hits = state.hits
          hitCapacity = state.hitCapacity
          return state.hitCount
        }
      }
    }
  }

  private mutating func tryUnfound() {
    for region in batch.regions {
      let tests = compiled.unfound[Int(region.column.rawValue)]
      if tests.isEmpty { continue }
      // Most values hold a byte that few expressions can do without, or lack it for all of them.
      var asked: UInt8?
      var isThere = false
      for test in tests {
        if let byte = test.requiredByte {
          if byte != asked {
            asked = byte
            isThere = holds(byte: byte, region)
          }
          if !isThere { continue }
        }
        if confirms(test.pattern, region) { link(test.pattern, region.slot) }
      }
    }
  }

  private func holds(byte: UInt8, _ region: ScanRegion) -> Bool {
    batch.buffer.bytes.extracting(Int(region.start)..<Int(region.end)).firstIndex(of: byte) != nil
  }

  /// Whether a test holds in full for the part of a region that it is about.
  private mutating func confirms(_ pattern: UInt16, _ region: ScanRegion) -> Bool {
    let field = compiled.table.tests[Int(pattern)].field
    switch field {
    case .path: return holds(pattern, region.pathStart, region.pathEnd)
    case .query: return holds(pattern, region.start, region.end) || holds(pattern, region.queryStart, region.end)
    case .pathExtension:
      return region.extensionStart != .max && holds(pattern, region.extensionStart, region.pathEnd)
    default:
      return (field == .anywhere || field.column == region.column) && holds(pattern, region.start, region.end)
    }
  }

  private mutating func holds(_ pattern: UInt16, _ start: UInt32, _ end: UInt32) -> Bool {
    // An empty part is an absent field: only 'is it there' asks about that.
    guard start < end else { return false }
    if trials != nil {
      let value = batch.buffer.bytes.extracting(Int(start)..<Int(end)).copied()
      trials?.append((Int(pattern), value))
    }
    switch compiled.table.matches(Int(pattern), batch.buffer.bytes.extracting(Int(start)..<Int(end)), regexScratch) {
    case .yes: return true
    case .no: return false
    case .limit:
      regexLimits &+= 1
      return !compiled.isApproximate[Int(pattern)]
    }
  }

  private mutating func link(_ pattern: UInt16, _ slot: UInt32) {
    var node = slots[Int(slot)]
    while node >= 0 {
      if nodes[Int(node)].pattern == pattern { return }
      node = nodes[Int(node)].next
    }
    nodes.append((pattern, slots[Int(slot)]))
    slots[Int(slot)] = Int32(truncatingIfNeeded: nodes.count &- 1)
  }

  private mutating func remember(_ slot: UInt32, at entry: Int) {
    if slots[Int(slot)] >= 0, !canMatter(slot) { slots[Int(slot)] = -1 }
    var count = 0
    var node = slots[Int(slot)]
    while node >= 0 {
      let pattern = nodes[Int(node)].pattern
      // Beside the pending slot's number in the entry: read before it is overwritten, which it was.
      cache.set(pattern: pattern, count, at: entry)
      count &+= 1
      node = nodes[Int(node)].next
    }
    if count <= ValueCache.capacity { cache.set(count: count, at: entry) } else { cache.clear(at: entry) }
  }

  /// Whether the patterns found in a value can make any rule match, whatever else the event holds. Most values in which
  /// something was found hold a part of what a rule asks for, such as an ordinary folder's name.
  private mutating func canMatter(_ slot: UInt32) -> Bool {
    stamp &+= 1
    candidates.removeAll(keepingCapacity: true)
    var node = slots[Int(slot)]
    while node >= 0 {
      let pattern = Int(nodes[Int(node)].pattern)
      node = nodes[Int(node)].next
      // A rule that asks for other fields too may be denied by what is found here.
      if !compiled.isOfOneColumn[pattern] { return true }
      patternStamps[pattern] = stamp
      for at in Int(compiled.patternRuleStarts[pattern])..<Int(compiled.patternRuleStarts[pattern &+ 1]) {
        addCandidate(compiled.patternRules[at])
      }
    }
    for rule in candidates where answers(compiled.program.roots[Int(rule)]).canBeTrue { return true }
    return false
  }

  /// What a step can come to, where only the patterns of one value are known.
  private func answers(_ index: UInt32) -> (canBeTrue: Bool, canBeFalse: Bool) {
    let step = compiled.program.steps[Int(index)]
    switch step.operation {
    case .constant: return (step.a == 1, step.a != 1)
    case .pattern:
      let holds = patternStamps[Int(step.a)] == stamp
      return (holds, !holds)
    case .anyPattern, .allPatterns:
      let wanted = step.operation == .anyPattern
      for at in Int(step.a)..<Int(step.b)
      where (patternStamps[Int(compiled.program.patterns[at])] == stamp) == wanted {
        return (wanted, !wanted)
      }
      return (!wanted, wanted)
    case .any, .all:
      let isAll = step.operation == .all
      var result = (canBeTrue: isAll, canBeFalse: !isAll)
      for at in Int(step.a)..<Int(step.b) {
        let child = answers(compiled.program.children[at])
        if isAll {
          result = (result.canBeTrue && child.canBeTrue, result.canBeFalse || child.canBeFalse)
        } else {
          result = (result.canBeTrue || child.canBeTrue, result.canBeFalse && child.canBeFalse)
        }
      }
      return result
    case .not:
      let inner = answers(step.a)
      return (inner.canBeFalse, inner.canBeTrue)
    default: return (true, true)
    }
  }

  // MARK: An event

  /// Whether a rule may match event number `index` for what is in its values, as far as that is known before `scan`.
  @inline(__always)
  func mayMatch(_ index: Int) -> Bool {
    let end = index &+ 1 < eventStarts.count ? Int(eventStarts[index &+ 1]) : eventSlots.count
    return Int(eventStarts[index]) != end
  }

  /// Whether a rule may match an event for its method alone.
  @inline(__always)
  func asks(of method: Method) -> Bool { patternlessMethods >> UInt32(method.rawValue) & 1 == 1 }

  /// The rules that match event number `index` of the batch, which `event` is again. After `scan`.
  public mutating func match(_ index: Int, _ event: borrowing FieldView) -> MatchedRules {
    precondition(index >= 0 && index < eventStarts.count && pending.isEmpty)
    matched.removeAll(keepingCapacity: true)
    let first = Int(eventStarts[index])
    let end = index &+ 1 < eventStarts.count ? Int(eventStarts[index &+ 1]) : eventSlots.count
    let asksOfMethod = asks(of: event.method)
    if first == end, !asksOfMethod { return .none }
    stamp &+= 1
    candidates.removeAll(keepingCapacity: true)
    for position in first..<end {
      var node = slots[Int(eventSlots[position])]
      while node >= 0 {
        let pattern = Int(nodes[Int(node)].pattern)
        node = nodes[Int(node)].next
        if patternStamps[pattern] == stamp { continue }
        patternStamps[pattern] = stamp
        for at in Int(compiled.patternRuleStarts[pattern])..<Int(compiled.patternRuleStarts[pattern &+ 1]) {
          addCandidate(compiled.patternRules[at])
        }
      }
    }
    if asksOfMethod { for rule in compiled.patternless { addCandidate(rule) } }
    if candidates.isEmpty { return .none }
    candidates.sort()
    var matches = MatchedRules()
    for rule in candidates where holds(compiled.program.roots[Int(rule)], event) {
      matched.append(rule)
      if rules.rules[Int(rule)].isReported { matches.append(rule) }
    }
    return matches
  }

  @inline(__always)
  private mutating func addCandidate(_ rule: UInt16) {
    if ruleStamps[Int(rule)] == stamp { return }
    ruleStamps[Int(rule)] = stamp
    candidates.append(rule)
  }

  /// One event as a batch of its own. Slower a value than a whole batch.
  public mutating func match(_ event: borrowing FieldView) -> MatchedRules {
    begin()
    add(event)
    scan()
    return match(0, event)
  }

  private func holds(_ index: UInt32, _ event: borrowing FieldView) -> Bool {
    let step = compiled.program.steps[Int(index)]
    switch step.operation {
    case .constant: return step.a == 1
    case .pattern: return patternStamps[Int(step.a)] == stamp
    case .anyPattern:
      for at in Int(step.a)..<Int(step.b) where patternStamps[Int(compiled.program.patterns[at])] == stamp {
        return true
      }
      return false
    case .allPatterns:
      for at in Int(step.a)..<Int(step.b) where patternStamps[Int(compiled.program.patterns[at])] != stamp {
        return false
      }
      return true
    case .any:
      for at in Int(step.a)..<Int(step.b) where holds(compiled.program.children[at], event) { return true }
      return false
    case .all:
      for at in Int(step.a)..<Int(step.b) where !holds(compiled.program.children[at], event) { return false }
      return true
    case .not: return !holds(step.a, event)
    default: return FieldTests.holds(step, compiled.program, event)
    }
  }

  // MARK: Correlations

  /// Calls `body` for each correlation that counts event number `index` of the batch, with the hash of the correlation's
  /// id, of the value that it counts (0: none) and the group: the values of the group's fields, each after its length (4
  /// bytes, little-endian), lower-cased where they are text. An event counts once for a correlation, by the first of the
  /// correlation's rules that match it; a temporal one is told of each of its rules that matches, by the rule's own key.
  public mutating func correlate(
    _ index: Int, _ event: borrowing FieldView,
    _ body: (_ correlation: UInt64, _ valueHash: UInt64, _ group: RawSpan) -> Void
  ) {
    if rules.correlations.isEmpty { return }
    _ = match(index, event)
    countMatched(event, body)
  }

  /// The same for an event of which it is known what matches: `given`, by index.
  mutating func correlate(
    given: [Int], _ event: borrowing FieldView,
    _ body: (_ correlation: UInt64, _ valueHash: UInt64, _ group: RawSpan) -> Void
  ) {
    matched.removeAll(keepingCapacity: true)
    for rule in given { matched.append(UInt16(truncatingIfNeeded: rule)) }
    countMatched(event, body)
  }

  /// What matches event number `index`, reported or not.
  mutating func allMatches(_ index: Int, _ event: borrowing FieldView) -> [UInt16] {
    // An event that cannot match leaves what the one before it matched.
    matched.removeAll(keepingCapacity: true)
    _ = match(index, event)
    return matched
  }

  private mutating func countMatched(
    _ event: borrowing FieldView, _ body: (_ correlation: UInt64, _ valueHash: UInt64, _ group: RawSpan) -> Void
  ) {
    if matched.isEmpty { return }
    for number in rules.correlations.indices {
      if rules.correlations[number].kind.isTemporal {
        for position in rules.correlations[number].rules.indices
        where isMatched(rules.correlations[number].rules[position]) {
          count(event, number, position, body)
        }
      } else if let position = position(of: number) {
        count(event, number, position, body)
      }
    }
  }

  private mutating func count(
    _ event: borrowing FieldView, _ number: Int, _ position: Int,
    _ body: (_ correlation: UInt64, _ valueHash: UInt64, _ group: RawSpan) -> Void
  ) {
    FieldTests.appendGroup(rules.correlations[number].groupBy[position], of: event, to: &group)
    var value: UInt64 = 0
    if rules.correlations[number].kind == .valueCount {
      counted.removeAll()
      FieldTests.append(rules.correlations[number].valueField[position], of: event, to: &counted)
      // Its length alone: absent. An absent value is no value.
      value = counted.count > 4 ? max(hasher.hash(counted.bytes), 1) : 0
    }
    body(rules.correlations[number].key(at: position), value, group.bytes)
  }

  private func isMatched(_ rule: Int) -> Bool {
    for found in matched where Int(found) == rule { return true }
    return false
  }

  /// Position of the first of a correlation's rules that matched.
  private func position(of correlation: Int) -> Int? {
    rules.correlations[correlation].rules.firstIndex { isMatched($0) }
  }
}
