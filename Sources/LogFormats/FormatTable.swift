// The table of formats. A new one is a line: its name, what writes it, whose words its string is in, and the string.
// Where a server writes one of several, the strings are tried in order.

enum FormatTable {
  private struct Entry {
    let name: String
    let description: String
    let dialect: FormatDialect
    let strings: [String]

    init(_ name: String, _ description: String, _ dialect: FormatDialect, _ strings: String...) {
      (self.name, self.description, self.dialect, self.strings) = (name, description, dialect, strings)
    }
  }

  private static let entries: [Entry] = [
    Entry(
      "combined", "Apache, nginx, LiteSpeed, lighttpd and many more: combined", .apache,
      #"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#,
      // Some nginx set-ups leave the dash of the identity out.
      #"%h - %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#),
    Entry("common", "NCSA common, without referrer and user agent", .apache, #"%h %l %u %t "%r" %>s %b"#),
    Entry(
      "bunkerweb", "BunkerWeb: host and request id around the client", .nginx,
      #"$host $remote_addr - $request_id $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#
    ),
    Entry(
      "vhost-combined", "combined behind the virtual host, with or without its port", .apache,
      #"%v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#),
    Entry("vhost-common", "common behind the virtual host", .apache, #"%v %h %l %u %t "%r" %>s %b"#),
    Entry(
      "nginx-vhost", "nginx with the host behind the stamp or behind the client", .nginx,
      #"$remote_addr - $remote_user [$time_local] "$host" "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#,
      #"$remote_addr - $remote_user [$time_local] $host "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#
    ),
    Entry(
      "nginx-main", "nginx's packaged 'main': combined and X-Forwarded-For", .nginx,
      #"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for""#
    ),
    Entry(
      "nginx-ingress", "Kubernetes' ingress-nginx", .nginx,
      #"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id"#
    ),
    Entry(
      "nginx-error", "nginx's error log: the lines that quote a request", .fields,
      #"<time> [<_>] <_>, client: <client>, server: <_>, request: "<request>", <_>host: "<host>", referrer: "<referer>""#,
      #"<time> [<_>] <_>, client: <client>, server: <_>, request: "<request>", <_>host: "<host>""#,
      #"<time> [<_>] <_>, client: <client>, server: <_>, request: "<request>""#),
    Entry(
      "nginx-proxy-manager", "Nginx Proxy Manager", .fields,
      #"[<time_common>] <cache> <_> <status> - <method> <_> <host> "<path>" [Client <client>] [Length <bytes>] [Gzip <_>] [Sent-to <upstream>] "<user_agent>" "<referer>""#,
      #"[<time_common>] <cache> <_> <status> - <method> <_> <host> "<path>" [Client <client>] [Length <bytes>] [Gzip <_>] "<user_agent>" "<referer>""#,
      #"[<time_common>] <status> - <method> <_> <host> "<path>" [Client <client>] [Length <bytes>] [Gzip <_> "<user_agent>" "<referer>""#
    ),
    Entry(
      "npmplus", "NPMplus", .fields,
      #"[<time_common>] <host> <client> <duration> "<request>" <status> <bytes> <_> <referer> <user_agent>"#),
    Entry(
      "lighttpd", "lighttpd and some nginx: the host in the place of the identity", .fields,
      #"<client> <host> <user> [<time_common>] "<request>" <status> <bytes> "<referer>" "<user_agent>""#),
    Entry(
      "csv2mysql", "Apache, comma-separated, as apache-logs-to-mysql wants it", .apache,
      #"%v,%p,%h,%l,%u,%t,%I,%O,%S,%B,%{ms}T,%D,%^FB,%>s,"%H","%m","%U","%q","%{Referer}i","%{User-Agent}i","%{VARNAME}C",%L"#
    ),
    Entry(
      "traefik", "Traefik, common log format", .fields,
      #"<client> <identity> <user> [<time_common>] "<request>" <status> <bytes> "<referer>" "<user_agent>" <_> "<_>" "<upstream>" <duration_unit>"#
    ),
    Entry(
      "haproxy", "HAProxy's option httplog, with or without captured headers", .fields,
      #"<client> [<time_common>] <_> <_>/<upstream> <_>/<_>/<_>/<_>/<duration_ms> <status> <bytes> <_> <_> <_> <_>/<_>/<_>/<_>/<_> <_>/<_> "<request>""#
    ),
    Entry(
      "squid", "Squid's native log", .fields,
      #"<time_s> < duration_ms> <client> <cache>/<status> <bytes> <method> <url> <user> <_>/<upstream> <content_type>"#),
    Entry(
      "alb", "AWS application load balancer", .fields,
      #"<_> <time> <_> <client> <upstream> <_> <duration> <_> <status> <_> <request_bytes> <bytes> "<absolute_request>" "<user_agent>" <_> <_>"#
    ),
    Entry(
      "elb", "AWS classic load balancer", .fields,
      #"<time> <_> <client> <upstream> <_> <duration> <_> <status> <_> <request_bytes> <bytes> "<absolute_request>" "<user_agent>""#,
      #"<time> <_> <client> <upstream> <_> <duration> <_> <status> <_> <request_bytes> <bytes> "<absolute_request>""#),
    Entry(
      "s3", "AWS S3 server access log", .fields,
      #"<_> <host> [<time_common>] <client> <user> <_> <_> <_> "<request>" <status> <_> <bytes> <_> <duration_ms> <_> "<referer>" "<user_agent>""#
    ),
    Entry(
      "istio", "Istio's default, of Envoy", .envoy,
      #"[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%"#
    ),
    Entry(
      "envoy", "Envoy's default", .envoy,
      #"[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%""#
    ),
    Entry(
      "uvicorn", "uvicorn, which writes no time: behind syslog, Docker or CRI theirs is taken", .fields,
      #"INFO:< client> - "<request>" <status>"#),
    // Before the two with columns of their own: a log with a directive is of neither.
    Entry("w3c", "W3C extended: columns from the #Fields directive, nothing is read before it", .w3c, ""),
    Entry(
      "iis", "IIS, its default columns until a #Fields directive says otherwise", .w3c,
      "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken"
    ),
    Entry(
      "iis-xml", "IIS's log as Windows events, an event a line", .fields,
      #"\<Event <_>SystemTime="<time>"<_>Name="c-ip"><client>\</Data><_>Name="cs-username"><user>\</Data><_>Name="cs-method"><method>\</Data><_>Name="cs-uri-stem"><stem>\</Data><_>Name="cs-uri-query"><query>\</Data><_>Name="sc-status"><status>\</Data><_>Name="sc-bytes"><bytes>\</Data><_>Name="cs-bytes"><request_bytes>\</Data><_>Name="time-taken"><duration_ms>\</Data><_>Name="s-port"><port>\</Data><_>Name="csUser-Agent"><user_agent>\</Data><_>Name="csCookie"><cookie>\</Data><_>Name="csReferer"><referer>\</Data><_>Name="cs-host"><host>\</Data><_>\</Event>"#
    ),
    Entry(
      "cloudfront", "AWS CloudFront standard log", .w3c,
      "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end"
    ),
    Entry("json", "JSON lines with plain names: nginx, Fastly, application servers", .json, JSONMaps.flat),
    Entry("caddy", "Caddy 2", .json, JSONMaps.caddy),
    Entry("traefik-json", "Traefik, JSON", .json, JSONMaps.traefik),
    Entry("cloudflare", "Cloudflare Logpush, http_requests", .json, JSONMaps.cloudflare),
    Entry("ecs", "Elastic Common Schema, nested or dotted", .json, JSONMaps.ecs),
    Entry("envoy-json", "Envoy and Istio, JSON", .json, JSONMaps.envoy),
    Entry("google-lb", "Google Cloud load balancers", .json, JSONMaps.google),
  ]

  static let formats: [LogFormat] =
    entries.map { entry in
      let layouts = entry.strings.map { string in
        do {
          return try LogFormat.layout(string, entry.dialect)
        } catch {
          // The table is ours: a test compiles all of it.
          preconditionFailure("\(entry.name): \(error)")
        }
      }
      return LogFormat(name: entry.name, description: entry.description, layouts: layouts)
    }
}
