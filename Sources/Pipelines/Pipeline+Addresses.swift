// What is known before a log is read: lists of addresses, databases of countries.

import Bytes
import Configuration
import Detection
import Geolocation
import LogFiles
import Reputation

extension Pipeline {
  /// A list of the pipeline as its file holds it.
  public struct LoadedList: Sendable {
    public var source: AddressListSource
    public var list: AddressList
    /// Why what the file holds is not used; nil where it is.
    public var refusal: String?
    /// Where it is not: whether `list` is the one from before.
    public var isKept = false

    /// Networks that are used.
    public var networks: [Network] { refusal == nil || isKept ? list.networks : [] }

    mutating func keep(_ networks: [Network]) {
      list.replace(networks: networks)
      isKept = true
    }

    public var kind: AddressKind { AddressKind(rawValue: source.kind) ?? .other }

    /// What to tell of it, in lines; empty where all of it was read.
    public var complaints: [String] {
      var lines: [String] = []
      let path = printable(source.path)
      if let refusal {
        lines.append(
          "\(path): the list '\(source.name)' is \(isKept ? "refused, and the one before stays" : "not used"): \(refusal)"
        )
      }
      for fault in list.faults { lines.append("\(path), \(fault)") }
      if list.faultCount > list.faults.count {
        lines.append("\(path): \(list.faultCount - list.faults.count) more lines could not be read")
      }
      if list.dropped > 0 {
        lines.append("\(path): \(list.dropped) networks are beyond reputation.max_networks and left out")
      }
      return lines
    }
  }

  /// Reads the lists of `reputation.lists`, in their order. A file that cannot be read is an error, for a path may be
  /// mistyped; one that holds nothing is refused and told.
  /// - Parameter before: As they were read the last time: one that has shrunk by too much stays as it was.
  public func addressLists(before: [LoadedList] = []) throws(SetupError) -> [LoadedList] {
    var room = settings.integer("reputation.max_networks")
    var loaded: [LoadedList] = []
    for source in settings.addressLists {
      let reader = AddressListReader(
        AddressListFormat(rawValue: source.format) ?? .automatic, column: source.column, least: source.least,
        limit: room)
      let bytes: [UInt8]
      do throws(LogFileError) {
        bytes = try wholeText(of: source.path, limit: 256 << 20)
      } catch {
        throw SetupError("reputation.lists: \(error)")
      }
      var found = LoadedList(source: source, list: reader.read(bytes))
      let old = before.first { $0.source.name == source.name }?.networks
      found.refusal = AddressListChange.refusal(
        count: found.list.networks.count + found.list.dropped, before: old?.count,
        leastShare: settings.number("reputation.least_share"))
      if found.refusal != nil, let old, !old.isEmpty { found.keep(old) }
      room -= min(room, found.networks.count)
      loaded.append(found)
    }
    return loaded
  }

  /// Databases of country and autonomous system, where the pipeline names any.
  public func places() throws(SetupError) -> (any AddressPlaces)? {
    do throws(RegistryDatabaseError) {
      return try Registries(country: settings.text("reputation.country"), asn: settings.text("reputation.asn"))
    } catch {
      throw SetupError("reputation: \(error)")
    }
  }

  /// What sources of attacks are held against, from files.
  public func knownAddresses(_ lists: [LoadedList]) throws(SetupError) -> KnownAddresses {
    let lists = lists.filter { !$0.networks.isEmpty }.map {
      KnownAddresses.List(name: $0.source.name, kind: $0.kind, networks: $0.networks)
    }
    return KnownAddresses(lists: lists, places: try places())
  }
}
