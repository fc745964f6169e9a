"""OWASP CRS on flat JSON lines, through libmodsecurity3 (Debian: libmodsecurity3, modsecurity-crs).

    crs.py --paranoia 1 FILE.jsonl > blocked.txt

prints the numbers (from 1) of the lines that CRS blocks in its default anomaly mode. A line is a request
{method, host, path, protocol, user_agent, referer, cookie, content_type, body}; the headers every browser
sends are added, so that rules on missing headers do not count against a data set that leaves them out.
"""

import argparse
import ctypes
import ctypes.util
import glob
import json
import os
import sys
import tempfile


class Intervention(ctypes.Structure):
    _fields_ = [
        ("status", ctypes.c_int),
        ("pause", ctypes.c_int),
        ("url", ctypes.c_char_p),
        ("log", ctypes.c_char_p),
        ("disruptive", ctypes.c_int),
    ]


LOG_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


def load_library():
    name = ctypes.util.find_library("modsecurity") or "libmodsecurity.so.3"
    library = ctypes.CDLL(name)
    pointer = ctypes.c_void_p
    for function, result, arguments in (
        ("msc_init", pointer, []),
        ("msc_set_log_cb", None, [pointer, LOG_CALLBACK]),
        ("msc_create_rules_set", pointer, []),
        ("msc_rules_add_file", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p)]),
        ("msc_rules_add", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p)]),
        ("msc_new_transaction", pointer, [pointer, pointer, pointer]),
        ("msc_process_connection", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]),
        ("msc_process_uri", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p]),
        ("msc_add_n_request_header", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]),
        ("msc_process_request_headers", ctypes.c_int, [pointer]),
        ("msc_append_request_body", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_size_t]),
        ("msc_process_request_body", ctypes.c_int, [pointer]),
        ("msc_intervention", ctypes.c_int, [pointer, ctypes.POINTER(Intervention)]),
        ("msc_transaction_cleanup", None, [pointer]),
    ):
        entry = getattr(library, function)
        entry.restype, entry.argtypes = result, arguments
    return library


# What every engine needs; the last two lines are for CRS alone.
SETTINGS = """
SecRuleEngine On
SecRequestBodyAccess On
SecRequestBodyLimit 13107200
SecRequestBodyNoFilesLimit 131072
SecPcreMatchLimit 100000
SecPcreMatchLimitRecursion 100000
SecAuditEngine Off
SecDebugLogLevel 0
SecRule REQUEST_HEADERS:Content-Type "^(?:application(?:/soap\\+|/)|text/)xml" "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecDefaultAction "phase:1,nolog,noauditlog,pass"
SecDefaultAction "phase:2,nolog,noauditlog,pass"
SecAction "id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level=%d"
SecAction "id:900990,phase:1,nolog,pass,t:none,setvar:tx.crs_setup_version=330"
"""


# libinjection alone, where and after what decoding CRS asks it.
LIBINJECTION = """
SecRule REQUEST_COOKIES|REQUEST_COOKIES_NAMES|ARGS_NAMES|ARGS|XML:/* "@detectSQLi" "id:1,phase:2,deny,nolog,t:none,t:utf8toUnicode,t:urlDecodeUni,t:removeNulls"
SecRule REQUEST_COOKIES|REQUEST_COOKIES_NAMES|REQUEST_HEADERS:User-Agent|REQUEST_HEADERS:Referer|ARGS_NAMES|ARGS|XML:/* "@detectXSS" "id:2,phase:2,deny,nolog,t:none,t:utf8toUnicode,t:urlDecodeUni,t:htmlEntityDecode,t:jsDecode,t:cssDecode,t:removeNulls"
"""


class CRS:
    """One loaded rule set: CRS at a paranoia level, or, at level 0, libinjection alone."""

    def __init__(self, paranoia):
        self.library = load_library()
        self.engine = self.library.msc_init()
        self.silent = LOG_CALLBACK(lambda data, message: None)
        self.library.msc_set_log_cb(self.engine, self.silent)
        self.rules = self.library.msc_create_rules_set()
        error = ctypes.c_char_p()
        with tempfile.NamedTemporaryFile("w", suffix=".conf", delete=False) as file:
            file.write(SETTINGS % max(paranoia, 1) + ("" if paranoia else LIBINJECTION))
        self.load(file.name, error)
        os.unlink(file.name)
        for name in [] if paranoia == 0 else sorted(glob.glob("/usr/share/modsecurity-crs/rules/REQUEST-*.conf")):
            self.load(name, error)

    def load(self, name, error):
        if self.library.msc_rules_add_file(self.rules, name.encode(), ctypes.byref(error)) < 0:
            sys.exit(f"error: {name}: {(error.value or b'').decode(errors='replace')}")

    def blocks(self, request):
        """Whether CRS would answer this request with 403."""
        library = self.library
        transaction = library.msc_new_transaction(self.engine, self.rules, None)

        def text(key, default=""):
            value = request.get(key)
            return (default if value in (None, "", "-") else str(value)).encode("utf-8", "surrogateescape")

        library.msc_process_connection(transaction, text("client", "203.0.113.7"), 40000, b"203.0.113.1", 80)
        version = text("protocol", "HTTP/1.1").replace(b"HTTP/", b"")
        method, body = text("method", "GET"), text("body")
        library.msc_process_uri(transaction, text("path", "/"), method, version)
        headers = [
            (b"Host", text("host", "www.example.com")),
            (b"User-Agent", text("user_agent", "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0")),
            (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        ]
        for name, key in ((b"Referer", "referer"), (b"Cookie", "cookie")):
            if text(key):
                headers.append((name, text(key)))
        if body:
            headers.append((b"Content-Type", text("content_type", "application/x-www-form-urlencoded")))
            headers.append((b"Content-Length", str(len(body)).encode()))
        for name, value in headers:
            library.msc_add_n_request_header(transaction, name, len(name), value, len(value))
        library.msc_process_request_headers(transaction)
        if body:
            library.msc_append_request_body(transaction, body, len(body))
        library.msc_process_request_body(transaction)
        outcome = Intervention()
        outcome.status = 200
        library.msc_intervention(transaction, ctypes.byref(outcome))
        library.msc_transaction_cleanup(transaction)
        return outcome.disruptive != 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paranoia", type=int, default=1, choices=(0, 1, 2, 3, 4))
    parser.add_argument("file")
    options = parser.parse_args()
    crs = CRS(options.paranoia)
    with open(options.file, encoding="utf-8", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and crs.blocks(json.loads(line)):
                print(number)


if __name__ == "__main__":
    main()
