// libFuzzer's entry for the wire reader: any bytes, walked without a schema and read as our records.

/// Every message gets the same limits; small ones, so that each run is short.
private nonisolated(unsafe) var walker = Walker()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count)
  walker.run(bytes)
  return 0
}
