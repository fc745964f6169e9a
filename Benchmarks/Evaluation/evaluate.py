#!/usr/bin/env python3
"""Measures how well requests are judged on labelled sets: recall, false-positive rate, balanced accuracy.

usage: evaluate.py [--scorer PATH] [--data DIR] [--misses SET] [--limit N]

Payload lists are sent as the value of a parameter, in the query and in a form, and, where they are
paths, as the path. Sets that are absent are skipped. Standard library only; the OWASP CRS set needs PyYAML.
"""
import argparse, csv, glob, gzip, json, os, re, subprocess, sys, urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def escape(data):
    out = []
    for b in data:
        if b == 9: out.append("\\t")
        elif b == 10: out.append("\\n")
        elif b == 13: out.append("\\r")
        elif b == 92: out.append("\\\\")
        elif b < 32 or b > 126: out.append("\\x%02x" % b)
        else: out.append(chr(b))
    return "".join(out)


def row(target, method="GET", host="example.com", agent=AGENT, referrer="", cookie="", content="", body=""):
    fields = (method, host, target, agent, referrer, cookie, content, body)
    return "\t".join(escape(f if isinstance(f, bytes) else f.encode("utf-8", "surrogateescape")) for f in fields)


def score(scorer, rows):
    out = subprocess.run([scorer], input="\n".join(rows) + "\n", capture_output=True, text=True, check=True).stdout
    result = [line.split("\t") for line in out.split("\n")[: len(rows)]]
    return [(int(r[0]), r[1], r[2]) for r in result]


def lines(path, comments=True):
    with open(path, "rb") as f:
        for line in f.read().split(b"\n"):
            line = line.rstrip(b"\r")
            if not line.strip() or (comments and line.startswith(b"#")): continue
            yield line


def in_query(value):
    return row("/search?q=" + urllib.parse.quote_from_bytes(value, safe=""))


def as_is(value):
    """For lists whose lines are already percent-encoded."""
    value = value.replace(b" ", b"%20").replace(b"&", b"%26").replace(b"#", b"%23")
    return row(b"/search?q=" + value)


def in_form(value):
    return row("/comment", "POST", content="application/x-www-form-urlencoded",
               body="id=7&text=" + urllib.parse.quote_plus(value) + "&go=1")


def payloads(path, encoded=False):
    values = list(lines(path))
    make = as_is if encoded else in_query
    return values, [make(v) for v in values]


def log_rows(path, limit=None):
    pattern = re.compile(r'^\S+ \S+ \S+ \[[^\]]*\] "((?:[^"\\]|\\.)*)" (\d+|-) \S+(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?')
    opener = gzip.open if path.endswith(".gz") else open
    seen, values, rows = set(), [], []
    with opener(path, "rt", errors="surrogateescape") as f:
        for n, line in enumerate(f):
            if limit and n >= limit: break
            m = pattern.match(line)
            if not m: continue
            parts = m.group(1).split(" ")
            if len(parts) < 2: continue
            key = (m.group(1), m.group(3), m.group(4))
            if key in seen: continue
            seen.add(key)
            clean = lambda s: "" if s in (None, "-") else s
            values.append((m.group(1) + " " + m.group(2) + " | " + clean(m.group(3)) + " | " + clean(m.group(4))).encode("utf-8", "surrogateescape"))
            rows.append(row(" ".join(parts[1:-1]) or parts[1], parts[0], "", clean(m.group(4)), clean(m.group(3))))
    return values, rows


def crs(folder):
    """(name, attack?, values, rows): tests that name a rule of the file that must or must not fire."""
    try: import yaml
    except ImportError: return
    for directory in sorted(glob.glob(folder + "/REQUEST-9[1-4]*")):
        for attack in (True, False):
            values, rows = [], []
            for path in sorted(glob.glob(directory + "/*.yaml")):
                for test in (yaml.safe_load(open(path)) or {}).get("tests", []):
                    for stage in test["stages"]:
                        stage = stage.get("stage", stage)
                        log = stage["output"].get("log", {})
                        expected = bool(log.get("expect_ids"))
                        if expected != attack or not (log.get("expect_ids") or log.get("no_expect_ids")): continue
                        i = stage["input"]
                        if "encoded_request" in i: continue
                        h = {k.lower(): str(v) for k, v in (i.get("headers") or {}).items()}
                        agent = h.get("user-agent", "")
                        agent = AGENT if agent == "OWASP CRS test agent" else agent
                        target, body = str(i.get("uri", "/")), str(i.get("data") or "")
                        content = h.get("content-type", "application/x-www-form-urlencoded" if body else "")
                        values.append((os.path.basename(path) + " " + target + " " + body + " " + str(h)).encode())
                        rows.append(row(target, i.get("method", "GET"), h.get("host", ""), agent, h.get("referer", ""),
                                        h.get("cookie", ""), content, body))
            yield os.path.basename(directory)[8:], attack, values, rows


def sets(data):
    attack = data + "/attack/"
    groups = {}
    for name in ("payload_train.csv", "payload_test.csv"):
        path = attack + "httpparams/" + name
        if not os.path.exists(path): continue
        for record in csv.DictReader(open(path, newline="", encoding="utf-8", errors="surrogateescape")):
            groups.setdefault(record["attack_type"], []).append(record["payload"].encode("utf-8", "surrogateescape"))
    for kind, values in sorted(groups.items()):
        yield "httpparams " + kind, kind != "norm", values, [in_query(v) for v in values]
        yield "httpparams " + kind + " form", kind != "norm", values, [in_form(v) for v in values]
    groups = {}
    for path in sorted(glob.glob(attack + "libinjection/*.txt")):
        name = os.path.basename(path)
        kind = "fp" if name.startswith("false") else "xss" if "xss" in name else "sqli"
        if kind == "sqli" and "forums" in name: kind = "sqli forums"
        values, rows = payloads(path, encoded=True)
        group = groups.setdefault(kind, ([], []))
        group[0].extend(values), group[1].extend(rows)
    for kind, (values, rows) in sorted(groups.items()):
        yield "libinjection " + kind, kind != "fp", values, rows
    for folder in ("patt", "payloadbox_sql-injection", "payloadbox_xss"):
        for path in sorted(glob.glob(attack + folder + "/*")):
            name = os.path.basename(path)
            if any(s in name for s in ("API Key", "github-dorks", "param_miner", "LDAP_attributes", "jsonp")): continue
            values, _ = payloads(path)
            encoded = sum(1 for v in values if re.search(rb"%[0-9a-fA-F]{2}", v)) > len(values) / 4
            values = values[:: max(1, len(values) // 2000)]
            yield folder[:10] + " " + name.replace("Intruder", "").replace(".txt", "")[-46:], True, values, [
                (as_is if encoded else in_query)(v) for v in values]
    path = data + "/benign/blns.json"
    if os.path.exists(path):
        values = [v.encode("utf-8", "surrogatepass") for v in json.load(open(path)) if v]
        yield "blns", False, values, [in_query(v) for v in values]
    for name, is_attack, values, rows in crs(attack + "crs_regression"):
        yield "crs " + name[:34] + (" +" if is_attack else " -"), is_attack, values, rows
    for name in ("blog_2016.log.gz", "elastic_apache.log.gz", "elastic_nginx.log.gz"):
        path = data + "/access/" + name
        if os.path.exists(path):
            values, rows = log_rows(path)
            yield "log " + name, False, values, rows
    for path in sorted(glob.glob(HERE + "/sets/*.txt")):
        values = list(lines(path))
        name = os.path.basename(path)[:-4]
        yield "own " + name, not name.startswith("benign"), values, [in_query(v) for v in values]
        yield "own " + name + " form", not name.startswith("benign"), values, [in_form(v) for v in values]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scorer", default=ROOT + "/.build/release/millrace-evaluate")
    parser.add_argument("--data", default=ROOT + "/../shared/data")
    parser.add_argument("--misses", help="print what was judged wrong in sets whose name holds this")
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--threshold", type=int, default=50)
    options = parser.parse_args()
    totals = {}
    for name, attack, values, rows in sets(options.data):
        if options.misses and options.misses not in name: continue
        if not rows: continue
        results = score(options.scorer, rows)
        hits = [r[0] >= options.threshold for r in results]
        right = sum(1 for h in hits if h == attack)
        print("%-62s %s %6d  %6.2f %%" % (name, "recall" if attack else "fp    ", len(rows), 100.0 * sum(hits) / len(rows)))
        group = totals.setdefault(name.split(" ")[0], [0, 0, 0, 0])
        group[0 if attack else 2] += sum(hits)
        group[1 if attack else 3] += len(rows)
        if options.misses:
            shown = 0
            for value, result, hit in zip(values, results, hits):
                if hit != attack and shown < options.limit:
                    shown += 1
                    print("   %3d %-30s %s" % (result[0], result[2][:30], value.decode("utf-8", "replace")[:220]))
    print()
    for name, (tp, p, fp, n) in totals.items():
        recall = tp / p if p else float("nan")
        rate = fp / n if n else float("nan")
        print("%-24s recall %6.2f %%  fp %6.2f %%  balanced accuracy %6.2f %%" % (
            name, 100 * recall, 100 * rate, 50 * (recall + 1 - rate)))


if __name__ == "__main__":
    main()
