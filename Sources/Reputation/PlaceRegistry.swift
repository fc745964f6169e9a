// Country and network of clients whose log does not tell them, for fingerprints.

import Bytes
import Detection

extension KnownAddresses {
  /// Where addresses are registered, as the campaign stage asks for it; nil where there are no databases.
  public var registry: (any AddressRegistry)? { places.map(PlaceRegistry.init) }
}

struct PlaceRegistry: AddressRegistry {
  let places: any AddressPlaces

  func registration(of address: IPAddress) -> (country: UInt16, asn: UInt32) {
    let place = places.place(of: address)
    let letters = Array(place.country.utf8)
    return (letters.count == 2 ? UInt16(letters[0]) << 8 | UInt16(letters[1]) : 0, place.asn)
  }
}
