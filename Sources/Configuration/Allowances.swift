// What is allowed, and which lists of addresses there are: items of `allow` and `reputation.lists`, typed and checked.

import Bytes

/// One entry of `allow`: requests for which all that it names holds.
public struct Allowance: Sendable, Hashable {
  /// Empty: from anywhere.
  public var networks: [Network] = []
  /// Decoded; empty where it is not asked for, as all that follows.
  public var path = ""
  public var pathPrefix = ""
  public var userAgent = ""
  public var userAgentPart = ""
  public init() {}
}

/// One entry of `reputation.lists`.
public struct AddressListSource: Sendable, Hashable {
  public var name: String
  /// Empty where there is a url, and the other way round.
  public var path: String
  public var url: String
  public var authorityFile: String
  /// Nanoseconds.
  public var expiry: Int64
  /// As the pipeline writes it, as `kind` is.
  public var format: String
  public var column: Int
  public var least: Int
  public var kind: String
}

extension Settings {
  /// What a pipeline that `PipelineFile.load` has accepted allows.
  public var allowances: [Allowance] {
    items("allow").map { item in
      var allowance = Allowance()
      allowance.networks = item.texts("networks").compactMap { Network($0) }
      allowance.path = item.text("path")
      allowance.pathPrefix = item.text("path_prefix")
      allowance.userAgent = item.text("user_agent")
      allowance.userAgentPart = item.text("user_agent_contains")
      return allowance
    }
  }

  public var addressLists: [AddressListSource] {
    items("reputation.lists").map { item in
      AddressListSource(
        name: Self.listName(item), path: item.text("path"), url: item.text("url"),
        authorityFile: item.text("ca_file"), expiry: item.duration("expiry"), format: item.text("format"),
        column: item.integer("column"), least: item.integer("least"), kind: item.text("kind"))
    }
  }

  private static func listName(_ item: Settings) -> String {
    let name = item.text("name")
    guard name.isEmpty else { return name }
    let place = item.text("path").isEmpty ? item.text("url").prefix { $0 != "?" && $0 != "#" } : item.text("path")[...]
    return place.split(separator: "/").last.map(String.init) ?? ""
  }

  /// An entry that allows more than was meant is worse than none: what is too wide, or could never hold, is refused.
  var allowErrors: [ConfigurationError] {
    items("allow").flatMap { item -> [ConfigurationError] in
      var errors: [ConfigurationError] = []
      var isEmpty = item.texts("networks").isEmpty
      for text in item.texts("networks") {
        if let network = Network(text) {
          if network.isTooWide {
            errors.append(
              item.error("networks", "'\(text)' is too wide: at most an IPv4 /8 or an IPv6 /16, and never all of IPv4"))
          }
        } else {
          errors.append(item.error("networks", "'\(text)' is no network; write it as 192.0.2.0/24"))
        }
      }
      for key in ["path", "path_prefix"] where !item.text(key).isEmpty {
        isEmpty = false
        if let problem = Self.problem(ofPath: item.text(key), isPrefix: key == "path_prefix") {
          errors.append(item.error(key, "'\(item.text(key))' \(problem)"))
        }
      }
      if !item.text("user_agent").isEmpty { isEmpty = false }
      let part = item.text("user_agent_contains")
      if !part.isEmpty {
        isEmpty = false
        if part.utf8.count < 4 {
          errors.append(item.error("user_agent_contains", "'\(part)' is part of too much: at least 4 bytes"))
        }
      }
      if isEmpty {
        errors.append(error("allow", "each needs one of networks, path, path_prefix, user_agent, user_agent_contains"))
      }
      return errors
    }
  }

  private static func problem(ofPath path: String, isPrefix: Bool) -> String? {
    guard path.utf8.first == 0x2f else { return "must begin with a slash" }
    if isPrefix, path.utf8.allSatisfy({ $0 == 0x2f }) { return "would allow everything" }
    let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && !"%?#\\;".utf8.contains($0) }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if !isPlain || segments.dropLast().contains("") || segments.contains(".") || segments.contains("..") {
      return "can never hold: write the path decoded, without %, ?, #, ;, backslashes, spaces, // and dots"
    }
    return nil
  }

  var listErrors: [ConfigurationError] {
    var names: Set<String> = []
    return items("reputation.lists").flatMap { item -> [ConfigurationError] in
      let (path, url) = (item.text("path"), item.text("url"))
      if path.isEmpty == url.isEmpty {
        return [error("reputation.lists", path.isEmpty ? "each needs a path or a url" : "only one of path and url")]
      }
      if !url.isEmpty, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
        return [item.error("url", "must start with http:// or https://")]
      }
      let name = Self.listName(item)
      var errors: [ConfigurationError] = []
      let isPlain = (1...64).contains(name.utf8.count) && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
      if !isPlain {
        errors.append(error("reputation.lists", "'\(printable(name))' is no name of a list: 1 to 64 characters"))
      }
      if !names.insert(name).inserted {
        errors.append(error("reputation.lists", "'\(name)' is the name of a list already"))
      }
      if item.duration("expiry") <= duration("reputation.refresh") {
        errors.append(
          error(
            "reputation.lists",
            "'\(printable(name))' expires before it is read again: expiry must be more than reputation.refresh"))
      }
      if names.count == 65 { errors.append(error("reputation.lists", "there may be 64 lists")) }
      return errors
    }
  }
}
