// Paths that programs ask for by convention, whether a site has them or not.

import Bytes

public enum WellKnownPaths {
  private static let beginnings: [StaticString] = [
    "/.well-known/", "/robots.txt", "/ads.txt", "/app-ads.txt", "/sitemap", "/humans.txt", "/security.txt", "/favicon",
    "/apple-touch-icon", "/apple-app-site-association", "/browserconfig", "/manifest", "/site.webmanifest",
    "/crossdomain.xml", "/wpad.dat", "/autodiscover", "/feed", "/rss", "/atom", "/index.xml", "/service-worker",
    "/sw.js", "/llms.txt", "/opensearch",
  ]

  /// Whether asking for the path says nothing about who asks, though it is not there. What runs on a server is none of
  /// them, whatever its folder.
  public static func contains(_ path: RawSpan) -> Bool {
    guard beginnings.contains(where: { path.hasPrefix($0) }) else { return false }
    return !path.extracting(max(0, path.byteCount - 4)..<path.byteCount).equalsIgnoringCase(".php")
  }
}
