// Stand-in for the enums of events.capnp until the generated accessors land; same names and values.
public enum Method: UInt16, Sendable {
  case unknown, get, head, post, put, delete, options, patch, connect, trace, propfind
}
public enum `Protocol`: UInt16, Sendable { case unknown, http09, http10, http11, http2, http3 }
public enum CacheStatus: UInt16, Sendable {
  case unknown, hit, miss, expired, bypass, stale, revalidated, dynamic, error
}
/// Stand-in for the generated list reader.
public struct HttpEventList: ~Escapable {
  let bytes: RawSpan
}
