"""Access logs judged by address: whom each detector would name, beside labels that a plain rule gives.

Nobody labelled these logs. An address is *hostile* if it did what no visitor of these sites does: asked for something
that only an attacker wants (`PROBE`), guessed at logins, or commented without having looked at a page. It is *ordinary*
if it did none of that and loaded what belongs to pages, coming from them, or says that it is a crawler and fetched
robots.txt. All others have no label: how many of them a detector names is counted, and says nothing by itself.
"""

import collections
import datetime
import gzip
import re
import tarfile
import zlib

import sets

LINE = re.compile(r'(\S+) \S+ \S+ \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d+) \S+ "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"')
PROBE = re.compile(
    r"\.\./|/etc/passwd|%00|union.{1,9}select|<script|%3cscript|wp-config|\.env$|/\.git|phpmyadmin|/pma/|myadmin"
    r"|/cgi-bin/|/(c99|r57|shell|wso|xx?|abc|indexs|up|upload)\.php|/administrator/index\.php|dl-skin\.php"
    r"|uploadify|admin/upload\.php|/fckeditor/|revslider|timthumb\.php|/scripts/setup\.php|/HNAP1|w00tw00t|/manager/html"
    r"|base64_decode|allow_url_include|\(\) *\{|/boaform|/solr/admin|eval-stdin|_ignition|\\x16\\x03|\\x03\\x00", re.I)
LOGIN = re.compile(r"POST /{1,2}(\S*/)?(wp-login\.php|xmlrpc\.php|user/login|administrator/?)", re.I)
ASSET = re.compile(r"\.(css|js|png|jpe?g|gif|woff2?|svg|ico)(\?|$)", re.I)
CRAWLER = re.compile(r"bot|crawl|spider|slurp|feed", re.I)


class Log:
    """The lines of a log, in order, of a share of its addresses."""

    def __init__(self, name, data, share=1):
        self.name = name
        self.lines = []  # time, address, request, status, referrer, agent, line
        for line in data.decode("utf-8", "surrogateescape").split("\n"):
            match = LINE.match(line)
            if match and zlib.crc32(match[1].encode()) % share == 0:
                time = datetime.datetime.strptime(match[2], "%d/%b/%Y:%H:%M:%S %z").timestamp()
                self.lines.append((time, match[1], match[3], int(match[4]), match[5], match[6], line))
        self.lines.sort(key=lambda line: line[0])

    def write(self, path):
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.writelines(line[6] + "\n" for line in self.lines)

    def labels(self):
        """Address -> 1 hostile, 0 ordinary; the others are missing."""
        probes, logins, inside = collections.Counter(), collections.Counter(), set()
        assets, pages, comments, crawlers = (collections.Counter() for _ in range(4))
        for _, address, request, status, referrer, agent, _ in self.lines:
            probes[address] += bool(PROBE.search(request))
            if "Jetpack" not in agent and LOGIN.match(request):
                logins[address] += 1
            if "/wp-admin/" in request and status == 200 and "admin-ajax" not in request:
                inside.add(address)
            if request.startswith("POST") and "comments-post" in request:
                comments[address] += 1
            parts = request.split(" ")
            if len(parts) > 1 and ASSET.search(parts[1]):
                assets[address] += referrer.startswith("http")
            else:
                pages[address] += 1
            crawlers[address] += "/robots.txt" in request and bool(CRAWLER.search(agent))
        found = {}
        for address in {line[1] for line in self.lines}:
            if probes[address] or logins[address] >= 3 and address not in inside:
                found[address] = 1
            elif comments[address] >= 2 and not assets[address]:
                found[address] = 1
            elif not logins[address] and (assets[address] >= 3 and pages[address] or crawlers[address]):
                found[address] = 0
        return found

    def rows(self):
        """The distinct requests as rows of sets.py, each with the addresses that sent it."""
        senders = collections.defaultdict(set)
        for _, address, request, _, referrer, agent, _ in self.lines:
            senders[request, referrer, agent].add(address)
        rows, addresses = [], []
        for (request, referrer, agent), who in senders.items():
            parts = request.split(" ")
            if len(parts) < 2:
                continue
            rows.append((0, "log", sets.request(
                len(rows), method=parts[0], path=" ".join(parts[1:-1]) or parts[1],
                referer="" if referrer == "-" else referrer, user_agent="" if agent == "-" else agent)))
            addresses.append(who)
        return rows, addresses


def every(data, share):
    """The logs of the folder `data`; of the large one only one address in `share`."""
    logs = []
    for name, part in (("blog_2016", share), ("elastic_apache", 1), ("elastic_nginx", 1)):
        path = data / f"access/{name}.log.gz"
        if path.exists():
            shown = f"{name}, one address in {part}" if part > 1 else name
            logs.append(Log(shown, gzip.decompress(path.read_bytes()), part))
    path = data / "access/willthefarmer_apache.tar.xz"
    if path.exists():
        with tarfile.open(path) as archive:
            names = [name for name in archive.getnames() if "/apache_combined/" in name and "access" in name]
            for name in sorted(names):
                logs.append(Log(name.rsplit("/", 1)[1].removesuffix(".access.log"), archive.extractfile(name).read()))
    return [log for log in logs if log.lines]


