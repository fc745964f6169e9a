"""Turns the labelled development data into flat JSON lines, each with its label, for every detector alike.

A set is a list of (label, class, request): label 1 is an attack, 0 is not. A bare payload becomes a request
by the same rule for attacks and for normal values: in turn a query parameter, a form field and a JSON field,
percent-encoded as a browser would. Nothing is drawn at random, so a set is the same in every run.
"""

import csv
import glob
import gzip
import json
import pathlib
import re
import urllib.parse

NAMES = ("q", "id", "name", "comment", "search", "page", "user", "title", "message", "item")
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0"


def request(number, **fields):
    """A flat request; times go on by a second so that no rate is odd, each from an address of its own."""
    base = {
        "time": f"2026-03-{1 + number // 86400 % 28:02d}T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z",
        "client": f"198.{18 + number // 65536 % 2}.{number // 256 % 256}.{number % 256}",
        "method": "GET", "host": "www.example.com", "path": "/", "protocol": "HTTP/1.1", "status": 200, "bytes": 512,
        "referer": "", "user_agent": AGENT, "cookie": "", "content_type": "", "body": "",
    }
    base.update(fields)
    return base


def quote(value):
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogateescape")
    return urllib.parse.quote_plus(value)


def placed(number, value):
    """The request that carries `value`, by turns in the query, a form and JSON."""
    name = NAMES[number % len(NAMES)]
    turn = number % 5
    if turn < 3:
        return request(number, path=f"/app/{name}?{name}={quote(value)}&lang=en")
    if turn == 3:
        return request(
            number, method="POST", path="/app/form", content_type="application/x-www-form-urlencoded",
            body=f"{name}={quote(value)}&submit=1",
        )
    return request(
        number, method="POST", path="/api/items", content_type="application/json",
        body=json.dumps({name: value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), "n": 1}),
    )


def lines(path, comment=None):
    for line in pathlib.Path(path).read_bytes().split(b"\n"):
        line = line.rstrip(b"\r")
        if line and not (comment and line.startswith(comment)):
            yield line.decode("utf-8", "surrogateescape")


def httpparams(data, which):
    rows = []
    with open(data / f"attack/httpparams/payload_{which}.csv", newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            kind = row["attack_type"]
            rows.append((int(row["label"] == "anom"), kind, placed(number, row["payload"])))
    if not any(label == 0 for label, _, _ in rows):
        rows += naughty(data)
    return rows


def libinjection(data):
    rows, number = [], 0
    for path in sorted(glob.glob(str(data / "attack/libinjection/*.txt"))):
        name = pathlib.Path(path).name
        label = 0 if name == "false_positives.txt" else 1
        kind = "norm" if not label else ("sqli" if name.startswith("sqli") else "xss")
        for line in lines(path, b"#"):
            # These lists are percent-encoded where a payload needs it.
            value = urllib.parse.unquote_plus(line, errors="surrogateescape") if label else line
            rows.append((label, kind, placed(number, value)))
            number += 1
    return rows


# Sections of the list of naughty strings that are attacks by their own heading; the rest is odd, not hostile.
HOSTILE = re.compile(r"Script Injection|SQL Injection|Server Code Injection|Command Injection|XXE|Interpolation|"
                     r"File Inclusion|Known CVEs|jinja2|Terminal escape")


def naughty(data):
    rows, section, number, fresh = [], "", 0, True
    for raw in (data / "benign/blns.txt").read_bytes().split(b"\n"):
        line = raw.decode("utf-8", "surrogateescape")
        if line.startswith("#"):
            if fresh and line.strip("#\t ").strip():
                section = line.strip("#\t ")
                fresh = False
            continue
        if not line:
            fresh = True
            continue
        if not HOSTILE.search(section):
            rows.append((0, "naughty", placed(number, line)))
            number += 1
    return rows


PAYLOADS = (
    ("sqli", "attack/payloadbox_sql-injection/*.txt"), ("sqli", "attack/patt/SQL Injection*.txt"),
    ("xss", "attack/payloadbox_xss/*.txt"), ("xss", "attack/patt/XSS Injection*.txt"),
    ("traversal", "attack/patt/Directory Traversal*.txt"), ("inclusion", "attack/patt/File Inclusion*.txt"),
    ("cmdi", "attack/patt/Command Injection*.txt"), ("ssti", "attack/patt/Server Side Template*"),
    ("ssi", "attack/patt/Server Side Include*.txt"), ("nosqli", "attack/patt/NoSQL*.txt"),
    ("ldapi", "attack/patt/LDAP Injection__Intruder__LDAP_FUZZ*.txt"), ("xxe", "attack/patt/XXE*.txt"),
    ("crlf", "attack/patt/CRLF*.txt"), ("redirect", "attack/patt/Open Redirect*.txt"),
)


def payloads(data, most=1500):
    """Payload lists by class, at most `most` evenly spread lines a class, paired with the naughty strings."""
    rows, number = [], 0
    for kind in dict.fromkeys(kind for kind, _ in PAYLOADS):
        values = []
        for _, pattern in (p for p in PAYLOADS if p[0] == kind):
            for path in sorted(glob.glob(str(data / pattern))):
                values += lines(path)
        step = max(1, len(values) // most)
        for value in values[::step]:
            if kind in ("traversal", "inclusion", "crlf", "redirect") and "%" in value:
                value = urllib.parse.unquote_to_bytes(value.encode("utf-8", "surrogateescape")).decode(
                    "utf-8", "surrogateescape")
            rows.append((1, kind, placed(number, value)))
            number += 1
    return rows + naughty(data)


def crs_regression(data):
    """CRS's own tests: a request that some rule must match is an attack; one that none may match is not."""
    try:
        import yaml
    except ImportError:
        return []
    rows, number = [], 0
    for path in sorted(glob.glob(str(data / "attack/crs_regression/*/*.yaml"))):
        family = pathlib.Path(path).parent.name.split("-")[1]
        if not 930 <= int(family) <= 944:
            continue
        document = yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8", errors="replace"))
        for test in document.get("tests", []):
            for stage in test.get("stages", []):
                inputs, log = stage.get("input", {}), (stage.get("output") or {}).get("log") or {}
                if "encoded_request" in inputs or ("expect_ids" not in log and "no_expect_ids" not in log):
                    continue
                headers = {str(k).lower(): str(v) for k, v in (inputs.get("headers") or {}).items()}
                body = inputs.get("data")
                fields = {
                    "method": str(inputs.get("method", "GET")), "path": str(inputs.get("uri", "/")),
                    "host": headers.get("host", "localhost"), "user_agent": headers.get("user-agent", AGENT),
                    "referer": headers.get("referer", ""), "cookie": headers.get("cookie", ""),
                    "content_type": headers.get("content-type", "application/x-www-form-urlencoded" if body else ""),
                    "body": body if isinstance(body, str) else "",
                }
                rows.append((int("expect_ids" in log), "REQUEST-" + family, request(number, **fields)))
                number += 1
    return rows


COMBINED = re.compile(
    r'^(\S+) \S+ \S+ \[[^\]]*\] "((?:[^"\\]|\\.)*)" (\d+|-) \S+(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?')


def log(path):
    """The distinct requests of a log in the combined format, with no label known: all count as normal."""
    opener, seen, rows = gzip.open if str(path).endswith(".gz") else open, set(), []
    with opener(path, "rt", encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            match = COMBINED.match(line)
            if not match:
                continue
            parts = match[2].split(" ")
            if len(parts) < 2 or (key := match.group(2, 4, 5)) in seen:
                continue
            seen.add(key)
            referrer, agent = ("" if text in (None, "-") else text for text in match.group(4, 5))
            rows.append((0, "log", request(
                len(rows), client=match[1], method=parts[0], path=" ".join(parts[1:-1]) or parts[1],
                referer=referrer, user_agent=agent)))
    return rows


def every(data):
    """Name -> rows of every labelled set of requests."""
    import ordinary

    return {
        "httpparams train": httpparams(data, "train"), "httpparams test": httpparams(data, "test"),
        "libinjection": libinjection(data), "payload lists and naughty strings": payloads(data),
        "payload lists and ordinary values": payloads(data)[: -len(naughty(data))] + ordinary.rows(),
        "CRS regression": crs_regression(data),
    }
