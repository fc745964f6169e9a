// What is allowed.

import Configuration
import Detection

extension Pipeline {
  /// Requests that are not judged.
  public var allowList: AllowList {
    AllowList(
      settings.allowances.map { item in
        var permission = Permission()
        permission.networks = item.networks
        permission.path = Array(item.path.utf8)
        permission.pathPrefix = Array(item.pathPrefix.utf8)
        permission.userAgent = Array(item.userAgent.utf8)
        permission.userAgentPart = Array(item.userAgentPart.utf8)
        return permission
      })
  }
}
