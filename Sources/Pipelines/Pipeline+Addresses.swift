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
    for source in settings.addressLists where !source.path.isEmpty {
      let reader = source.reader(limit: room)
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

  /// What sources of attacks are held against: lists of files, and those of the topic, which go before a file of the same
  /// name. In the order of the pipeline; lists that it does not name come last.
  public func knownAddresses(
    _ lists: [LoadedList], published: [KnownAddresses.List] = []
  ) throws(SetupError) -> KnownAddresses {
    var known: [KnownAddresses.List] = []
    let names = settings.addressLists.map(\.name)
    for name in names {
      if let list = published.first(where: { $0.name == name }) {
        known.append(list)
      } else if let list = lists.first(where: { $0.source.name == name }), !list.networks.isEmpty {
        known.append(KnownAddresses.List(name: name, kind: list.kind, networks: list.networks))
      }
    }
    known += published.filter { !names.contains($0.name) }
    return KnownAddresses(lists: known, places: try places())
  }
}

extension AddressListSource {
  /// - Parameter limit: Networks kept at most.
  public func reader(limit: Int) -> AddressListReader {
    AddressListReader(
      AddressListFormat(rawValue: format) ?? .automatic, column: column, least: least, limit: limit)
  }
}
