// Forms in which lists of addresses are published.

/// How a list is written.
public enum AddressListFormat: String, Sendable, CaseIterable {
  /// Told from the list: JSON, Tor's own form, or the first word of each line.
  case automatic = "auto"
  /// An address or network a line; `#` and `;` begin comments.
  case plain
  /// Fields between commas, the address in one of them; quotes as in RFC 4180, lines beginning with `#` are comments.
  case csv
  /// As `ipset` and FireHOL write them: plain, with a header of comments.
  case netset
  /// Tor's exit list, `ExitAddress ADDRESS DATE TIME`, or one address a line.
  case tor
  /// An address and on how many lists it is, between white space.
  case ipsum
  /// Ranges as search engines publish them: `{"prefixes": [{"ipv4Prefix": "192.0.2.0/24"}]}`, or an array of texts.
  case json
}
