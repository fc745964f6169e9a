// Databases of MaxMind's format, as GeoLite2, DB-IP and others come in: country and autonomous system of an address.

import Bytes
import CMaxMind
import Reputation

#if canImport(Glibc)
  import Glibc
#endif

/// A database that cannot be used.
public struct RegistryDatabaseError: Error, CustomStringConvertible {
  public var description: String
}

/// One open database.
///
/// The file is mapped into memory: replace it by renaming a new one over it, as its vendors' own tools do, never by
/// writing into it. Look-ups change nothing, so any thread may make them.
public final class RegistryDatabase: @unchecked Sendable {
  private let handle: UnsafeMutablePointer<MMDB_s>

  public init(path: String) throws(RegistryDatabaseError) {
    let opened = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
    let status = MMDB_open(path, UInt32(MMDB_MODE_MMAP), opened)
    guard status == MMDB_SUCCESS else {
      opened.deallocate()
      let reason = String(cString: MMDB_strerror(status))
      throw RegistryDatabaseError(description: "\(printable(path)): \(reason)")
    }
    // Not before: once all is set, a throw would call deinit.
    handle = opened
  }

  deinit {
    MMDB_close(handle)
    handle.deallocate()
  }

  /// Such as `GeoLite2-Country`.
  public var type: String { handle.pointee.metadata.database_type.map { String(cString: $0) } ?? "" }

  /// Calls `body` with the entry that holds an address, where one does.
  private func entry<T>(of address: IPAddress, _ body: (inout MMDB_entry_s) -> T) -> T? {
    var error: Int32 = 0
    var result: MMDB_lookup_result_s
    if address.isIPv4 {
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
      result = withUnsafePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { MMDB_lookup_sockaddr(handle, $0, &error) }
      }
    } else {
      // A database of IPv4 alone says so by an error.
      guard handle.pointee.metadata.ip_version == 6 else { return nil }
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      withUnsafeMutableBytes(of: &name.sin6_addr) { bytes in
        bytes.storeBytes(of: address.high.bigEndian, toByteOffset: 0, as: UInt64.self)
        bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      result = withUnsafePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { MMDB_lookup_sockaddr(handle, $0, &error) }
      }
    }
    guard error == MMDB_SUCCESS, result.found_entry else { return nil }
    return body(&result.entry)
  }

  /// A value of an entry by its keys; an error of the database is as good as no value.
  private static func value(_ entry: inout MMDB_entry_s, _ keys: [StaticString]) -> MMDB_entry_data_s? {
    var path: [UnsafePointer<CChar>?] = keys.map { UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self) }
    path.append(nil)
    var data = MMDB_entry_data_s()
    let status = path.withUnsafeBufferPointer { MMDB_aget_value(&entry, &data, $0.baseAddress) }
    return status == MMDB_SUCCESS && data.has_data ? data : nil
  }

  private static func text(_ data: MMDB_entry_data_s?, limit: Int) -> String {
    // The text stands in the database, and is not ended by a zero.
    guard let data, data.type == UInt32(MMDB_DATA_TYPE_UTF8_STRING), let start = data.utf8_string else { return "" }
    let bytes = UnsafeRawBufferPointer(start: start, count: min(Int(data.data_size), limit))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// ISO 3166 code of the country, or of the one the network is registered in; "" for none.
  public func country(of address: IPAddress) -> String {
    entry(of: address) { entry in
      for keys in [["country", "iso_code"], ["registered_country", "iso_code"], ["country_code"]] as [[StaticString]] {
        let code = Self.text(Self.value(&entry, keys), limit: 8)
        if code.utf8.count == 2, code.utf8.allSatisfy(\.isASCIILetter) { return code.uppercased() }
      }
      return ""
    } ?? ""
  }

  /// Autonomous system and who runs it.
  public func system(of address: IPAddress) -> (number: UInt32, organisation: String) {
    entry(of: address) { entry in
      guard let number = Self.value(&entry, ["autonomous_system_number"]), number.type == UInt32(MMDB_DATA_TYPE_UINT32)
      else { return (0, "") }
      return (number.uint32, Self.text(Self.value(&entry, ["autonomous_system_organization"]), limit: 128))
    } ?? (0, "")
  }
}

/// The databases of a pipeline.
public struct Registries: AddressPlaces {
  private let countries: RegistryDatabase?
  private let systems: RegistryDatabase?

  /// Paths may be empty: then nothing is known of that.
  public init?(country: String, asn: String) throws(RegistryDatabaseError) {
    if country.isEmpty, asn.isEmpty { return nil }
    countries = country.isEmpty ? nil : try RegistryDatabase(path: country)
    systems = asn.isEmpty ? nil : try RegistryDatabase(path: asn)
  }

  public func place(of address: IPAddress) -> AddressPlace {
    var place = AddressPlace()
    if let countries { place.country = countries.country(of: address) }
    if let systems { (place.asn, place.organisation) = systems.system(of: address) }
    return place
  }
}
