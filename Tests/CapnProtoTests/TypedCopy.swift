// Copies an Everything through its accessors, field by field: what differs afterwards, an accessor got wrong.

import CapnProto

func copy(_ from: Everything, _ to: EverythingBuilder) throws(WireError) {
  copyScalars(from, to)
  if from.hasText { to.setText(try from.text) }
  if from.hasTextWithDefault { to.setTextWithDefault(try from.textWithDefault) }
  if from.hasData { to.setData(try from.data) }
  if from.hasDataWithDefault { to.setDataWithDefault(try from.dataWithDefault) }
  if from.hasPoint { copy(try from.point, to.initPoint()) }
  if from.hasPointWithDefault { try to.setPointWithDefault(try from.pointWithDefault) }
  if from.hasChild { try copy(try from.child, to.initChild()) }
  try copyLists(from, to)
  try copyNestedLists(from, to)
  if let anything = from.anything { try to.anything.copy(anything) }
  to.area.width = from.area.width
  to.area.height = from.area.height
  if from.area.hasLabel { to.area.setLabel(try from.area.label) }
  try copyUnions(from, to)
  if from.hasNested { try copy(try from.nested, to.initNested()) }
  if from.hasNestedList {
    let list = try from.nestedList
    let built = to.initNestedList(count: list.count)
    for i in 0..<list.count { try copy(list[i], built[i]) }
  }
}

private func copyScalars(_ from: Everything, _ to: EverythingBuilder) {
  to.flag = from.flag
  to.otherFlag = from.otherFlag
  to.i8 = from.i8
  to.i16 = from.i16
  to.i32 = from.i32
  to.i64 = from.i64
  to.u8 = from.u8
  to.u16 = from.u16
  to.u32 = from.u32
  to.u64 = from.u64
  to.f32 = from.f32
  to.f64 = from.f64
  to.f64WithDefault = from.f64WithDefault
  to.colour = from.colour
  to.colourWithDefault = from.colourWithDefault
  to.kind = from.kind
  to.class = from.class
  to.reader_ = from.reader_
  to.renamed = from.renamed
}

private func copy(_ from: Point, _ to: PointBuilder) {
  to.x = from.x
  to.y = from.y
}

private func copy(_ from: Everything.Nested, _ to: Everything.NestedBuilder) throws(WireError) {
  to.kind = from.kind
  if from.hasValue { to.setValue(try from.value) }
}

private func copy<T>(_ from: ScalarList<T>, _ to: ScalarListBuilder<T>) {
  for i in 0..<from.count { to[i] = from[i] }
}

private func copyLists(_ from: Everything, _ to: EverythingBuilder) throws(WireError) {
  if from.hasVoids { _ = to.initVoids(count: try from.voids.count) }
  if from.hasBools {
    let list = try from.bools
    let built = to.initBools(count: list.count)
    for i in 0..<list.count { built[i] = list[i] }
  }
  if from.hasI8s { copy(try from.i8s, to.initI8s(count: try from.i8s.count)) }
  if from.hasI16s { copy(try from.i16s, to.initI16s(count: try from.i16s.count)) }
  if from.hasU32s { copy(try from.u32s, to.initU32s(count: try from.u32s.count)) }
  if from.hasU64s { copy(try from.u64s, to.initU64s(count: try from.u64s.count)) }
  if from.hasF32s { copy(try from.f32s, to.initF32s(count: try from.f32s.count)) }
  if from.hasF64s { copy(try from.f64s, to.initF64s(count: try from.f64s.count)) }
  if from.hasTexts { try copy(try from.texts, to.initTexts(count: try from.texts.count)) }
  if from.hasDatas {
    let list = try from.datas
    let built = to.initDatas(count: list.count)
    for i in 0..<list.count { built.set(i, try list[i]) }
  }
  if from.hasColours {
    let list = try from.colours
    let built = to.initColours(count: list.count)
    for i in 0..<list.count { built[i] = list[i] }
  }
  if from.hasPoints { copy(try from.points, to.initPoints(count: try from.points.count)) }
}

private func copy(_ from: TextList, _ to: TextListBuilder) throws(WireError) {
  for i in 0..<from.count { to.set(i, try from[i]) }
}

private func copy(_ from: PointList, _ to: PointListBuilder) {
  for i in 0..<from.count { copy(from[i], to[i]) }
}

private func copyNestedLists(_ from: Everything, _ to: EverythingBuilder) throws(WireError) {
  if from.hasLists {
    let list = try from.lists
    let built = to.initLists(count: list.count)
    for i in 0..<list.count { copy(try list[i], built.make(i, count: try list[i].count)) }
  }
  if from.hasTextLists {
    let list = try from.textLists
    let built = to.initTextLists(count: list.count)
    for i in 0..<list.count { try copy(try list[i], built.make(i, count: try list[i].count)) }
  }
  if from.hasPointLists {
    let list = try from.pointLists
    let built = to.initPointLists(count: list.count)
    for i in 0..<list.count { copy(try list[i], built.make(i, count: try list[i].count)) }
  }
}

private func copyUnions(_ from: Everything, _ to: EverythingBuilder) throws(WireError) {
  // Another member first: what it leaves behind must not show.
  to.setNumber(-1)
  switch from.which {
  case .none: to.setNone()
  case .number: to.setNumber(from.number ?? 0)
  case .name: to.setName(try from.name)
  case .circle:
    let built = to.initCircle()
    guard let circle = from.circle else { return }
    if circle.hasCentre { copy(try circle.centre, built.initCentre()) }
    built.radius = circle.radius
    built.filled = circle.filled
  case .truth: to.setTruth(from.truth ?? false)
  case .hue: to.setHue(from.hue ?? .red)
  case .several:
    let list = try from.several
    copy(list, to.initSeveral(count: list.count))
  case .unrecognized: break
  }
  switch from.choice.which {
  case .left: to.choice.setLeft(from.choice.left ?? 0)
  case .right: if from.choice.hasRight { copy(try from.choice.right, to.choice.initRight()) }
  case .neither: to.choice.setNeither()
  case .unrecognized: break
  }
}
