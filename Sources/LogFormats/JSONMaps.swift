// The ready field maps. A new one is a few lines; the first key listed for a field wins.

enum JSONMaps {
  /// `{time, client, method, host, path, protocol, status, bytes, referer, user_agent, cookie, content_type, body}` and
  /// the names that nginx, Apache, Fastly and application servers give the same things.
  static let flat = """
    time=time,time=@timestamp,time=timestamp,time=time_iso8601,time=ts,time=time_local,time=msec,time=datetime
    time=start_time,time=date
    client=client,client=client_ip,client=clientip,client=remote_addr,client=remote_ip,client=ip,client=src_ip
    client=source_ip,client=c_ip
    client=remote_host
    forwarded_for=http_x_forwarded_for,forwarded_for=x_forwarded_for,forwarded_for=x-forwarded-for,forwarded_for=xff
    user=remote_user,user=user,user=username
    host=host,host=http_host,host=vhost,host=server_name,host=domain,host=hostname
    port=server_port
    method=method,method=request_method,method=verb,method=http_method,method=req_method
    path=path,path=request_uri,path=request_path,url=url,url=request_url
    stem=uri,query=args,query=query_string,query=query
    request=request,request=request_line
    protocol=protocol,protocol=server_protocol,protocol=request_protocol,protocol=http_version,protocol=httpversion
    status=status,status=response_status,status=status_code,status=response,status=http_status,status=code
    bytes=bytes,bytes=body_bytes_sent,bytes=bytes_sent,bytes=size,bytes=response_body_size,bytes=response_size
    request_bytes=request_length,request_bytes=bytes_received,request_bytes=request_size
    duration=request_time,duration=duration,duration=response_time,duration=elapsed,duration_ms=duration_ms
    duration_us=duration_us
    referer=referer,referer=referrer,referer=http_referer,referer=http_referrer,referer=request_referer
    user_agent=user_agent,user_agent=http_user_agent,user_agent=useragent,user_agent=userAgent,user_agent=agent
    user_agent=request_user_agent,user_agent=user-agent,user_agent=ua
    cookie=cookie,cookie=http_cookie
    content_type=content_type,content_type=sent_http_content_type
    body=body,body=request_body
    upstream=upstream,upstream=upstream_addr
    cache=cache,cache=upstream_cache_status,cache=cache_status,cache=response_state
    country=country,country=country_code,country=geoip_country_code,asn=asn
    fingerprint=ja4,fingerprint=ja3,fingerprint=tls_fingerprint,fingerprint=ssl_ja3
    """

  /// Caddy 2: the request nested, headers as arrays, seconds as floats.
  static let caddy = """
    time=ts,client=request.client_ip,client=request.remote_ip,client=request.remote_addr
    forwarded_for=request.headers.X-Forwarded-For,user=user_id,host=request.host,method=request.method
    path=request.uri,protocol=request.proto,status=status,bytes=size,request_bytes=bytes_read,duration=duration
    referer=request.headers.Referer,user_agent=request.headers.User-Agent,cookie=request.headers.Cookie
    content_type=resp_headers.Content-Type
    """

  static let traefik = """
    time=StartUTC,time=StartLocal,time=time,client=ClientHost,client=ClientAddr
    forwarded_for=request_X-Forwarded-For,user=ClientUsername,host=RequestHost,host=RequestAddr,method=RequestMethod
    path=RequestPath,protocol=RequestProtocol,status=DownstreamStatus,bytes=DownstreamContentSize
    request_bytes=RequestContentSize,duration_ns=Duration,referer=request_Referer,user_agent=request_User-Agent
    cookie=request_Cookie,content_type=downstream_Content-Type,upstream=ServiceAddr
    """

  /// Cloudflare Logpush, data set http_requests.
  static let cloudflare = """
    time=EdgeStartTimestamp,time=EdgeEndTimestamp,client=ClientIP,host=ClientRequestHost,method=ClientRequestMethod
    path=ClientRequestURI,path=ClientRequestPath,protocol=ClientRequestProtocol,status=EdgeResponseStatus
    status=OriginResponseStatus,bytes=EdgeResponseBytes,request_bytes=ClientRequestBytes
    duration_ms=EdgeTimeToFirstByteMs,duration_ns=OriginResponseTime,referer=ClientRequestReferer
    user_agent=ClientRequestUserAgent,cookie=RequestHeaders.cookie,content_type=EdgeResponseContentType
    upstream=OriginIP,cache=CacheCacheStatus,country=ClientCountry,asn=ClientASN,fingerprint=JA4,fingerprint=JA3Hash
    """

  /// Elastic Common Schema, nested or with dotted keys.
  static let ecs = """
    time=@timestamp,client=source.ip,client=client.ip,client=source.address,client=client.address
    forwarded_for=network.forwarded_ip,user=user.name,host=url.domain,host=destination.domain,port=url.port
    method=http.request.method,url=url.original,url=url.full,stem=url.path,query=url.query,protocol=http.version
    status=http.response.status_code,bytes=http.response.bytes,bytes=http.response.body.bytes
    request_bytes=http.request.bytes,request_bytes=http.request.body.bytes,duration_ns=event.duration
    referer=http.request.referrer,user_agent=user_agent.original,content_type=http.response.mime_type
    body=http.request.body.content,country=source.geo.country_iso_code,country=client.geo.country_iso_code
    asn=source.as.number,asn=client.as.number,fingerprint=tls.client.ja3
    """

  /// Envoy and Istio with JSON access logs.
  static let envoy = """
    time=start_time,client=downstream_remote_address,forwarded_for=x-forwarded-for,forwarded_for=x_forwarded_for
    host=:authority,host=authority,method=method,path=x-envoy-origin-path,path=path,protocol=protocol
    status=response_code,bytes=bytes_sent,request_bytes=bytes_received,duration_ms=duration,user_agent=user-agent
    user_agent=user_agent,referer=referer,upstream=upstream_host
    """

  /// Google Cloud load balancers.
  static let google = """
    time=timestamp,client=httpRequest.remoteIp,method=httpRequest.requestMethod,url=httpRequest.requestUrl
    protocol=httpRequest.protocol,status=httpRequest.status,bytes=httpRequest.responseSize
    request_bytes=httpRequest.requestSize,duration_unit=httpRequest.latency,referer=httpRequest.referer
    user_agent=httpRequest.userAgent,upstream=httpRequest.serverIp
    """

  /// Compiles `field=path` pairs separated by commas or line breaks.
  static func compile(_ text: String) throws(FormatError) -> JSONLayout {
    var entries: [(field: Field, path: String)] = []
    var column = 1
    for item in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "," || $0 == "\n" }) {
      defer { column += item.utf8.count + 1 }
      let pair = item.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
      if pair.isEmpty { continue }
      guard pair.count == 2, !pair[1].isEmpty else {
        throw FormatError(format: text, column: column, reason: "expected 'field=path', such as 'client=remote.ip'")
      }
      guard let field = Field.named(String(pair[0])) else {
        throw FormatError(
          format: text, column: column,
          reason: "no field is called '\(pair[0])'; there are \(Field.names.map(\.name).joined(separator: ", "))")
      }
      entries.append((field, String(pair[1])))
    }
    if entries.isEmpty { throw FormatError(format: text, column: 1, reason: "the map names no field") }
    return JSONLayout(map: JSONMap(entries))
  }
}
