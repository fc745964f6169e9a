// The formats a simulation can be written in: one table, each a line with the server's own layout.

/// A log format, by the name it is asked for with.
public enum SimulatedFormat: String, CaseIterable, Sendable {
  case combined, common
  case vhostCombined = "vhost-combined"
  case nginxMain = "nginx-main"
  case nginxIngress = "nginx-ingress"
  case nginxJSON = "nginx-json"
  case flatJSON = "flat-json"
  case caddy, traefik
  case traefikJSON = "traefik-json"
  case haproxy, squid, alb, s3, envoy, istio
  case envoyJSON = "envoy-json"
  case iis, cloudfront, cloudflare, ecs
  case googleLB = "google-lb"
  case syslog, docker, cri

  /// Whether bodies and cookies are part of a line.
  public var carriesBodies: Bool { self == .flatJSON }

  /// How what clients sent is written.
  enum Escape: Sendable {
    /// Apache's and nginx's `\xHH`.
    case hexadecimal
    case json
    /// W3C: a blank is a plus sign.
    case plus
    /// A blank is `%20`.
    case percent
  }

  /// What is put around a line.
  enum Frame: Sendable { case none, docker }

  var escape: Escape {
    switch self {
    case .nginxJSON, .flatJSON, .caddy, .traefikJSON, .envoyJSON, .cloudflare, .ecs, .googleLB: .json
    case .iis: .plus
    case .cloudfront: .percent
    default: .hexadecimal
    }
  }

  var frame: Frame { self == .docker ? .docker : .none }

  /// Lines before the first.
  var header: String {
    switch self {
    case .iis:
      "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status sc-bytes time-taken\n"
    case .cloudfront:
      "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version\n"
    default: ""
    }
  }

  private static let combinedLine =
    #"<client> - <user-> [<stamp> +0000] "<method> <target> <protocol>" <status> <bytes> "<referrer->" "<agent->""#

  /// The line, with `<name>` for what changes; a name that ends in a dash is `-` where there is nothing.
  var template: String {
    switch self {
    case .combined, .docker: Self.combinedLine
    case .common: #"<client> - <user-> [<stamp> +0000] "<method> <target> <protocol>" <status> <bytes>"#
    case .vhostCombined: "<host>:443 " + Self.combinedLine
    case .nginxMain: Self.combinedLine + #" "-""#
    case .nginxIngress:
      Self.combinedLine + " 412 <seconds> [shop-web-80] [] 10.0.3.7:8080 <bytes> <seconds> <status> <token>"
    case .syslog: "<<190>1 <iso>.<ms>Z web1 nginx 812 - - " + Self.combinedLine
    case .cri: "<iso>.<ms>000000Z stdout F " + Self.combinedLine
    case .nginxJSON:
      #"{"time_iso8601":"<iso>+00:00","remote_addr":"<client>","remote_user":"<user>","host":"<host>","request_method":"<method>","request_uri":"<target>","server_protocol":"<protocol>","status":<status>,"body_bytes_sent":<bytes>,"request_time":<seconds>,"http_referer":"<referrer>","http_user_agent":"<agent>"}"#
    case .flatJSON:
      #"{"time":"<iso>.<ms>Z","client":"<client>","method":"<method>","host":"<host>","path":"<target>","protocol":"<protocol>","status":<status>,"bytes":<bytes>,"referer":"<referrer>","user_agent":"<agent>","cookie":"<cookie>","content_type":"<type>","body":"<body>"}"#
    case .caddy:
      #"{"level":"info","ts":<epoch>.<ms>,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"<client>","remote_port":"51234","client_ip":"<client>","proto":"<protocol>","method":"<method>","host":"<host>","uri":"<target>","headers":{"User-Agent":["<agent>"],"Referer":["<referrer>"]}},"user_id":"<user>","duration":<seconds>,"size":<bytes>,"status":<status>,"resp_headers":{"Server":["Caddy"]}}"#
    case .traefik:
      #"<client> - <user-> [<stamp> +0000] "<method> <target> <protocol>" <status> <bytes> "<referrer->" "<agent->" 1021 "shop@docker" "http://10.0.3.7:8080" <milliseconds>ms"#
    case .traefikJSON:
      #"{"ClientAddr":"<address>:51234","ClientHost":"<client>","ClientUsername":"<user->","DownstreamContentSize":<bytes>,"DownstreamStatus":<status>,"Duration":<nanoseconds>,"RequestHost":"<host>","RequestMethod":"<method>","RequestPath":"<target>","RequestProtocol":"<protocol>","RouterName":"shop@docker","StartUTC":"<iso>.<ms>Z","level":"info","msg":"","request_Referer":"<referrer>","request_User-Agent":"<agent>","time":"<iso>Z"}"#
    case .haproxy:
      #"<address>:51234 [<stamp>.<ms>] https~ shop/web1 0/0/1/2/<milliseconds> <status> <bytes> - - ---- 12/12/3/1/0 0/0 "<method> <target> <protocol>""#
    case .squid:
      "<epoch>.<ms> <milliseconds> <client> TCP_MISS/<status> <bytes> <method> https://<host><target> <user-> HIER_DIRECT/10.0.3.7 text/html"
    case .alb:
      #"h2 <iso>.<ms>000Z app/shop/50dc6c495c0c9188 <address>:51234 10.0.3.7:80 0.001 <seconds> 0.000 <status> <status> 412 <bytes> "<method> https://<host>:443<target> <protocol>" "<agent->" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/73e2d6bc24d8a067 "Root=1-<token>" "<host>" "-" 0 <iso>.<ms>000Z "forward" "-" "-" "10.0.3.7:80" "<status>" "-" "-""#
    case .s3:
      #"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be <host> [<stamp> +0000] <client> - <token> REST.GET.OBJECT key "<method> <target> <protocol>" <status> - <bytes> <bytes> <milliseconds> 7 "<referrer->" "<agent->" - - SigV4 ECDHE-RSA-AES128-GCM-SHA256 - <host> TLSv1.2"#
    case .envoy:
      #"[<iso>.<ms>Z] "<method> <target> <protocol>" <status> - 0 <bytes> <milliseconds> 4 "<client>" "<agent->" "<token>" "<host>" "10.0.3.7:8080""#
    case .istio:
      #"[<iso>.<ms>Z] "<method> <target> <protocol>" <status> - via_upstream - "-" 0 <bytes> <milliseconds> 4 "<client>" "<agent->" "<token>" "<host>" "10.0.3.7:8080" inbound|8080|| 127.0.0.6:40437 10.0.3.7:8080 <address>:51234 - default"#
    case .envoyJSON:
      #"{"start_time":"<iso>.<ms>Z","method":"<method>","path":"<target>","protocol":"<protocol>","response_code":<status>,"response_flags":"-","bytes_received":0,"bytes_sent":<bytes>,"duration":<milliseconds>,"downstream_remote_address":"<address>:51234","user_agent":"<agent>","authority":"<host>","upstream_host":"10.0.3.7:8080"}"#
    case .iis:
      "<date> <clock> 10.0.3.7 <method> <stem> <query-> 443 <user-> <client> <agent-> <referrer-> <status> 0 0 <bytes> <milliseconds>"
    case .cloudfront:
      "<date>\t<clock>\tFRA56-P4\t<bytes>\t<client>\t<method>\td111111abcdef8.cloudfront.net\t<stem>\t<status>\t<referrer->\t<agent->\t<query->\t-\tMiss\t<token>\t<host>\thttps\t412\t<seconds>\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tMiss\t<protocol>"
    case .cloudflare:
      #"{"ClientIP":"<client>","ClientRequestHost":"<host>","ClientRequestMethod":"<method>","ClientRequestURI":"<target>","ClientRequestProtocol":"<protocol>","ClientRequestReferer":"<referrer>","ClientRequestUserAgent":"<agent>","EdgeResponseBytes":<bytes>,"EdgeResponseStatus":<status>,"EdgeStartTimestamp":"<iso>Z","EdgeTimeToFirstByteMs":<milliseconds>,"CacheCacheStatus":"dynamic","RayID":"<token>"}"#
    case .ecs:
      #"{"@timestamp":"<iso>.<ms>Z","source":{"ip":"<client>"},"url":{"domain":"<host>","original":"<target>"},"http":{"version":"<version>","request":{"method":"<method>","referrer":"<referrer>"},"response":{"status_code":<status>,"bytes":<bytes>}},"event":{"duration":<nanoseconds>},"user_agent":{"original":"<agent>"}}"#
    case .googleLB:
      #"{"timestamp":"<iso>.<ms>Z","httpRequest":{"requestMethod":"<method>","requestUrl":"https://<host><target>","requestSize":"412","status":<status>,"responseSize":"<bytes>","userAgent":"<agent>","remoteIp":"<client>","referer":"<referrer>","latency":"<seconds>s","protocol":"<protocol>"}}"#
    }
  }
}
