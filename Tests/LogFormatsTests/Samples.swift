// A line of every format in the table, of our own making, and what it says.

/// One line and what must be read out of it. The request is the same in all as far as the format can say it.
struct Sample: Sendable {
  var format: String
  var line: String
  var client = "198.51.100.23"
  var time = "2026-03-04T05:06:07Z"
  var method = "POST"
  var target = "/shop/cart?item=7&n=2"
  var host = ""
  var status = 302
  var bytes: UInt64 = 1789
  var userAgent = ""
  var referrer = ""
  var user = ""
  /// us; nil where the format has none.
  var duration: UInt32?

  static let agent = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"
  static let page = "https://shop.example/cart"
  private static let stamp = "04/Mar/2026:06:06:07 +0100"
  private static let request = "POST /shop/cart?item=7&n=2 HTTP/1.1"
  private static let tail = #""\#(page)" "\#(agent)""#

  static let all: [Sample] = [
    Sample(
      format: "combined", line: #"198.51.100.23 - ann [\#(stamp)] "\#(request)" 302 1789 \#(tail)"#, userAgent: agent,
      referrer: page, user: "ann"),
    Sample(format: "common", line: #"198.51.100.23 - ann [\#(stamp)] "\#(request)" 302 1789"#, user: "ann"),
    Sample(
      format: "bunkerweb",
      line: #"shop.example 198.51.100.23 - 95386da81aa13b6a - [\#(stamp)] "\#(request)" 302 1789 \#(tail)"#,
      host: "shop.example", userAgent: agent, referrer: page),
    Sample(
      format: "vhost-combined",
      line: #"Shop.Example:443 198.51.100.23 - ann [\#(stamp)] "\#(request)" 302 1789 \#(tail)"#, host: "shop.example",
      userAgent: agent, referrer: page, user: "ann"),
    Sample(
      format: "vhost-common", line: #"shop.example 198.51.100.23 - ann [\#(stamp)] "\#(request)" 302 1789"#,
      host: "shop.example", user: "ann"),
    Sample(
      format: "nginx-vhost",
      line: #"198.51.100.23 - ann [\#(stamp)] "shop.example" "\#(request)" 302 1789 \#(tail)"#, host: "shop.example",
      userAgent: agent, referrer: page, user: "ann"),
    Sample(
      format: "nginx-main", line: #"198.51.100.23 - ann [\#(stamp)] "\#(request)" 302 1789 \#(tail) "203.0.113.9""#,
      userAgent: agent, referrer: page, user: "ann"),
    Sample(
      format: "nginx-ingress",
      line:
        #"198.51.100.23 - ann [\#(stamp)] "\#(request)" 302 1789 \#(tail) 512 0.125 [shop-web-80] [] 10.1.2.3:8080 1789 0.124 302 c99400a4db42e321"#,
      userAgent: agent, referrer: page, user: "ann", duration: 125_000),
    Sample(
      format: "nginx-error",
      line:
        #"2026/03/04 05:06:07 [error] 31#31: *46 open() "/srv/shop/cart" failed (2: No such file or directory), client: 198.51.100.23, server: shop.example, request: "\#(request)", host: "shop.example", referrer: "\#(page)""#,
      host: "shop.example", status: 0, bytes: 0, referrer: page),
    Sample(
      format: "nginx-proxy-manager",
      line:
        #"[\#(stamp)] MISS 302 302 - POST https shop.example "/shop/cart?item=7&n=2" [Client 198.51.100.23] [Length 1789] [Gzip 2.45] [Sent-to 10.0.0.15] "\#(agent)" "\#(page)""#,
      host: "shop.example", userAgent: agent, referrer: page),
    Sample(
      format: "npmplus",
      line: #"[\#(stamp)] shop.example 198.51.100.23 0.125 "\#(request)" 302 1789 2010 \#(page) \#(agent)"#,
      host: "shop.example", userAgent: agent, referrer: page, duration: 125_000),
    Sample(
      format: "lighttpd", line: #"198.51.100.23 shop.example ann [\#(stamp)] "\#(request)" 302 1789 \#(tail)"#,
      host: "shop.example", userAgent: agent, referrer: page, user: "ann"),
    Sample(
      format: "csv2mysql",
      line:
        #"shop.example,443,198.51.100.23,-,ann,[\#(stamp)],512,1789,2301,1789,125,125321,800,302,"HTTP/1.1","POST","/shop/cart","?item=7&n=2","\#(page)","\#(agent)","-",-"#,
      host: "shop.example", userAgent: agent, referrer: page, user: "ann", duration: 125_321),
    Sample(
      format: "traefik",
      line:
        #"198.51.100.23 - ann [\#(stamp)] "\#(request)" 302 1789 \#(tail) 500 "shop@docker" "http://172.17.0.3:80" 125ms"#,
      userAgent: agent, referrer: page, user: "ann", duration: 125_000),
    Sample(
      format: "haproxy",
      line:
        #"198.51.100.23:51234 [04/Mar/2026:05:06:07.000] https-in~ shop/web1 0/0/1/120/125 302 1789 - - ---- 12/10/3/1/0 0/0 {shop.example|curl} {} "\#(request)""#,
      duration: 125_000),
    Sample(
      format: "squid",
      line:
        "1772600767.000    125 198.51.100.23 TCP_MISS/302 1789 POST http://shop.example/shop/cart?item=7&n=2 ann HIER_DIRECT/10.0.0.15 text/html",
      host: "shop.example", user: "ann", duration: 125_000),
    Sample(
      format: "alb",
      line:
        #"h2 2026-03-04T05:06:07.000000Z app/shop/50dc6c495c0c9188 198.51.100.23:2817 10.0.0.66:9000 0.000 0.125 0.000 302 302 512 1789 "POST https://shop.example:443/shop/cart?item=7&n=2 HTTP/2.0" "\#(agent)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:x "Root=1-5833" "-" "-" 1 2026-03-04T05:06:07.000000Z "forward" "-" "-" "10.0.0.66:9000" "302" "-" "-""#,
      host: "shop.example", userAgent: agent, duration: 125_000),
    Sample(
      format: "elb",
      line:
        #"2026-03-04T05:06:07.000000Z shop 198.51.100.23:2817 10.0.0.1:80 0.000073 0.125000 0.000057 302 302 512 1789 "POST https://shop.example:443/shop/cart?item=7&n=2 HTTP/1.1" "\#(agent)" DHE-RSA-AES128-SHA TLSv1.2"#,
      host: "shop.example", userAgent: agent, duration: 125_000),
    Sample(
      format: "s3",
      line:
        #"79a59df900b949e5 shop-files [\#(stamp)] 198.51.100.23 arn:aws:iam::1:user/ann 3E57427F3EXAMPLE REST.POST.OBJECT cart "\#(request)" 302 - 1789 - 125 70 "\#(page)" "\#(agent)" - s9lzHYrFp76ZVxRcp="#,
      host: "shop-files", userAgent: agent, referrer: page, user: "arn:aws:iam::1:user/ann", duration: 125_000),
    Sample(
      format: "istio",
      line:
        #"[2026-03-04T05:06:07.000Z] "\#(request)" 302 - via_upstream - "-" 512 1789 125 124 "-" "\#(agent)" "cc21d9b0" "shop.example" "10.0.2.1:80" outbound|80||shop 10.0.2.9:1 10.0.2.8:80 198.51.100.23:4711 - default"#,
      host: "shop.example", userAgent: agent, duration: 125_000),
    Sample(
      format: "envoy",
      line:
        #"[2026-03-04T05:06:07.000Z] "\#(request)" 302 - 512 1789 125 124 "198.51.100.23" "\#(agent)" "cc21d9b0" "shop.example" "tcp://10.0.2.1:80""#,
      host: "shop.example", userAgent: agent, duration: 125_000),
    Sample(
      format: "uvicorn", line: #"INFO:     198.51.100.23:50356 - "\#(request)" 302 Found"#,
      time: "1970-01-01T00:00:00Z",
      bytes: 0),
    Sample(
      format: "iis",
      line:
        "2026-03-04 05:06:07 10.0.0.5 POST /shop/cart item=7&n=2 443 ann 198.51.100.23 Mozilla/5.0+(X11;+Linux+x86_64)+Gecko/20100101+Firefox/140.0 \(page) 302 0 0 125",
      bytes: 0, userAgent: agent, referrer: page, user: "ann", duration: 125_000),
    Sample(
      format: "iis-xml",
      line:
        #"<Event xmlns="http://schemas.example/event"><System><TimeCreated SystemTime="2026-03-04T05:06:07.0000000Z" /></System><EventData> <Data Name="date">2026-03-04</Data> <Data Name="c-ip">198.51.100.23</Data> <Data Name="cs-username">ann</Data> <Data Name="s-ip">10.0.0.5</Data> <Data Name="cs-method">POST</Data> <Data Name="cs-uri-stem">/shop/cart</Data> <Data Name="cs-uri-query">item=7&n=2</Data> <Data Name="sc-status">302</Data> <Data Name="sc-win32-status">0</Data> <Data Name="sc-bytes">1789</Data> <Data Name="cs-bytes">512</Data> <Data Name="time-taken">125</Data> <Data Name="s-port">443</Data> <Data Name="csUser-Agent">\#(agent)</Data> <Data Name="csCookie">-</Data> <Data Name="csReferer">\#(page)</Data> <Data Name="cs-version">-</Data> <Data Name="cs-host">shop.example</Data> <Data Name="sc-substatus">0</Data></EventData></Event>"#,
      host: "shop.example", userAgent: agent, referrer: page, user: "ann", duration: 125_000),
    Sample(
      format: "cloudfront",
      line: [
        "2026-03-04", "05:06:07", "CDG50-P2", "1789", "198.51.100.23", "POST", "d6rcaj.cloudfront.example",
        "/shop/cart",
        "302", page, "Mozilla/5.0%20(X11;%20Linux%20x86_64)%2520Gecko/20100101%20Firefox/140.0", "item=7&n=2", "-",
        "Miss",
        "375WZmnR4hhh==", "shop.example", "https", "512", "0.125", "-", "TLSv1.3", "TLS_AES_128_GCM_SHA256", "Miss",
        "HTTP/2.0", "-", "-", "51754", "0.113", "Miss", "text/html", "1789", "-", "-",
      ].joined(separator: "\t"), host: "shop.example", userAgent: agent, referrer: page, duration: 125_000),
    Sample(
      format: "json",
      line:
        #"{"time":"2026-03-04T06:06:07+01:00","client":"198.51.100.23","method":"POST","host":"shop.example","path":"/shop/cart?item=7\u0026n=2","protocol":"HTTP/1.1","status":302,"bytes":"1789","referer":"\#(page)","user_agent":"\#(agent)","cookie":"a=b","content_type":"text/html","body":"x\"y"}"#,
      host: "shop.example", userAgent: agent, referrer: page),
    Sample(
      format: "caddy",
      line:
        #"{"level":"info","ts":1772600767.000,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"198.51.100.23","remote_port":"41342","client_ip":"198.51.100.23","proto":"HTTP/2.0","method":"POST","host":"shop.example","uri":"/shop/cart?item=7&n=2","headers":{"User-Agent":["\#(agent)"],"Accept":["*/*"],"Referer":["\#(page)"]},"tls":{"resumed":false,"version":772}},"bytes_read":512,"user_id":"ann","duration":0.125,"size":1789,"status":302,"resp_headers":{"Server":["Caddy"]}}"#,
      host: "shop.example", userAgent: agent, referrer: page, user: "ann", duration: 125_000),
    Sample(
      format: "traefik-json",
      line:
        #"{"ClientAddr":"198.51.100.23:39496","ClientHost":"198.51.100.23","ClientPort":"39496","ClientUsername":"ann","DownstreamContentSize":1789,"DownstreamStatus":302,"Duration":125000000,"OriginStatus":302,"RequestAddr":"shop.example","RequestContentSize":512,"RequestHost":"shop.example","RequestMethod":"POST","RequestPath":"/shop/cart?item=7\u0026n=2","RequestPort":"-","RequestProtocol":"HTTP/1.1","ServiceAddr":"172.17.0.3:80","StartLocal":"2026-03-04T06:06:07+01:00","StartUTC":"2026-03-04T05:06:07Z","request_User-Agent":"\#(agent)","request_Referer":"\#(page)","level":"info","msg":"","time":"2026-03-04T05:06:08Z"}"#,
      host: "shop.example", userAgent: agent, referrer: page, user: "ann", duration: 125_000),
    Sample(
      format: "cloudflare",
      line:
        #"{"CacheCacheStatus":"miss","ClientASN":64500,"ClientCountry":"fr","ClientIP":"198.51.100.23","ClientRequestBytes":512,"ClientRequestHost":"shop.example","ClientRequestMethod":"POST","ClientRequestPath":"/shop/cart","ClientRequestProtocol":"HTTP/2","ClientRequestReferer":"\#(page)","ClientRequestURI":"/shop/cart?item=7&n=2","ClientRequestUserAgent":"\#(agent)","EdgeResponseBytes":1789,"EdgeResponseStatus":302,"EdgeStartTimestamp":1772600767000000000,"EdgeTimeToFirstByteMs":125,"RayID":"abc"}"#,
      host: "shop.example", userAgent: agent, referrer: page, duration: 125_000),
    Sample(
      format: "ecs",
      line:
        #"{"@timestamp":"2026-03-04T05:06:07.000Z","ecs.version":"8.11.0","source":{"ip":"198.51.100.23"},"http":{"request":{"method":"POST","referrer":"\#(page)"},"response":{"status_code":302,"body":{"bytes":1789}},"version":"1.1"},"url.original":"/shop/cart?item=7&n=2","url.domain":"shop.example","user_agent":{"original":"\#(agent)"},"event":{"duration":125000000},"user":{"name":"ann"}}"#,
      host: "shop.example", userAgent: agent, referrer: page, user: "ann", duration: 125_000),
    Sample(
      format: "envoy-json",
      line:
        #"{":authority":"shop.example","bytes_received":512,"bytes_sent":1789,"connection_termination_details":null,"downstream_remote_address":"198.51.100.23:59292","duration":125,"method":"POST","protocol":"HTTP/2","response_code":302,"response_flags":"-","start_time":"2026-03-04T05:06:07.000Z","upstream_host":"10.42.0.82:8080","user-agent":"\#(agent)","x-envoy-origin-path":"/shop/cart?item=7&n=2","x-forwarded-for":"198.51.100.23"}"#,
      host: "shop.example", userAgent: agent, duration: 125_000),
    Sample(
      format: "google-lb",
      line:
        #"{"httpRequest":{"latency":"0.125s","protocol":"HTTP/1.1","referer":"\#(page)","remoteIp":"198.51.100.23","requestMethod":"POST","requestSize":"512","requestUrl":"https://shop.example/shop/cart?item=7&n=2","responseSize":"1789","status":302,"userAgent":"\#(agent)"},"insertId":"x","timestamp":"2026-03-04T05:06:07.000000Z"}"#,
      host: "shop.example", userAgent: agent, referrer: page, duration: 125_000),
  ]
}
