// Deep copies out of a message that is read into one that is built, without knowing the schema.

extension AnyPointerBuilder {
  /// Copies what `source` leads to, whole. Charged to the limits of the message that is read.
  ///
  /// - Throws: what following the pointers throws; `.pointerKind` where there is a capability.
  public func copy(_ source: AnyPointer) throws(WireError) {
    switch try source.kind {
    case .null: setNull()
    case .structure: try copy(try source.structure)
    case .list: try copyList(source)
    case .capability: throw .pointerKind
    }
  }

  /// Copies a struct that is read, whole.
  public func copy(_ source: StructReader) throws(WireError) {
    let (dataBytes, pointers) = source.size
    let built = makeStruct(StructSize(dataWords: (dataBytes + 7) / 8, pointers: pointers))
    built.copyContents(source)
    try built.copyPointers(source)
  }

  private func copyList(_ source: AnyPointer) throws(WireError) {
    let list = try source.list(of: .empty)
    switch list.size {
    case .composite:
      let size = StructSize(dataWords: list.shape.dataBytes / 8, pointers: list.shape.pointers)
      let copy = makeList(of: size, count: list.count)
      // Elements of no size hold nothing to copy.
      guard size.bytes > 0 else { return }
      for i in 0..<list.count {
        copy.structure(i).copyContents(list.structure(i))
        try copy.structure(i).copyPointers(list.structure(i))
      }
    case .pointer:
      let copy = makeList(.pointer, count: list.count)
      for i in 0..<list.count { try copy.pointer(i).copy(list.pointer(i)) }
    default:
      let copy = makeList(list.size, count: list.count)
      let bytes = (list.count * list.size.bits + 7) / 8
      copy.arena.pointee.overwrite(copy.start, list.segment.bytes(list.start, bytes))
      if list.size == .bit, list.count % 8 != 0 {
        // Bits past the last element are zero in what we write.
        let last = copy.start + bytes - 1
        let byte: UInt8 = copy.arena.pointee.load(last)
        copy.arena.pointee.store(byte & (UInt8(1) << UInt8(list.count % 8) - 1), at: last)
      }
    }
  }
}

extension StructBuilder {
  /// Copies the data section of `source`, which is not larger than this one.
  func copyContents(_ source: StructReader) {
    let start = source.data
    arena.pointee.overwrite(data, source.segment.bytes(start, source.shape.dataBytes))
  }

  func copyPointers(_ source: StructReader) throws(WireError) {
    for i in 0..<source.shape.pointers {
      guard let from = source.pointer(i) else { continue }
      try pointer(i).copy(from)
    }
  }
}

extension Arena {
  /// Writes `bytes` over what is at `offset`.
  func overwrite(_ offset: Int, _ bytes: RawSpan) {
    precondition(offset >= 0 && offset + bytes.byteCount <= used)
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { (base + offset).copyMemory(from: start, byteCount: source.count) }
    }
  }
}
