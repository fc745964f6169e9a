"""Replay beside what a user would pick instead, on the same simulated log, each pair in one run.

Every figure is a whole process as the operating system accounts for it (wait4): wall seconds, CPU seconds,
peak memory. A pair runs in turn (ours, theirs, ours, theirs, ...), and the median of the ratios is quoted,
because these ratios hold where a machine's speed drifts. Prints Markdown.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / ".build" / "bench"
REPLAY = ROOT / ".build" / "release" / "millrace-replay"
SIMULATE = ROOT / ".build" / "release" / "millrace-simulate"
PYTHON = ROOT / ".build" / "venv" / "bin" / "python"

COLUMNS = ["client", "ident", "user", "time", "offset", "request", "status", "bytes", "referrer", "agent"]


class Run:
    """One finished process."""

    def __init__(self, wall, cpu, peak):
        self.wall, self.cpu, self.peak = wall, cpu, peak


def run(command, stdin=None):
    """Runs a command to its end; its output is thrown away, a failure stops the benchmark."""
    start = time.monotonic()
    with open(WORK / "stderr.txt", "wb") as errors:
        process = subprocess.Popen(
            [str(part) for part in command], stdin=stdin, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode != 0:
        sys.exit(
            f"error: {command[0]} ended with {process.returncode}:\n"
            + (WORK / "stderr.txt").read_text(errors="replace")[-2000:]
        )
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def pair(name, ours, theirs, lines_ours, lines_theirs, runs, rows):
    """Runs two commands in turn and adds a row with the median ratio of lines a second."""
    a, b = [], []
    for _ in range(runs):
        a.append(run(ours))
        b.append(run(theirs))
    wall = statistics.median((lines_ours / x.wall) / (lines_theirs / y.wall) for x, y in zip(a, b))
    cpu = statistics.median((lines_ours / x.cpu) / (lines_theirs / y.cpu) for x, y in zip(a, b))
    fastest_a = statistics.median(lines_ours / x.wall for x in a)
    fastest_b = statistics.median(lines_theirs / y.wall for y in b)
    rows.append(
        f"| {name} | {fastest_a / 1e6:.2f} M | {fastest_b / 1e6:.3f} M | **{wall:.1f}x** | {cpu:.1f}x "
        f"| {max(x.peak for x in a) / 1e6:.0f} MB | {max(y.peak for y in b) / 1e6:.0f} MB |"
    )
    print(rows[-1], flush=True)


def duckdb_script(log):
    columns = ", ".join(f"'{c}': 'VARCHAR'" for c in COLUMNS)
    return f"""
import duckdb
c = duckdb.connect()
c.execute("SET threads=2")
c.execute('''CREATE TABLE l AS SELECT client, request, try_cast(status AS INT) AS status,
  try_cast(bytes AS BIGINT) AS bytes, agent, substr(time, 2, 17) AS minute
  FROM read_csv('{log}', delim=' ', quote='"', escape='\\\\', header=false, ignore_errors=true,
  strict_mode=false, null_padding=true, columns={{{columns}}})''')
for key in ("client", "request", "status", "agent", "minute"):
    c.execute(f"SELECT {{key}}, count(*) n, sum(bytes) FROM l GROUP BY 1 ORDER BY n DESC LIMIT 10").fetchall()
"""


def chdb_script(log):
    columns = ", ".join(f"{c} String" for c in COLUMNS)
    return f"""
import chdb
from chdb import session
s = session.Session()
s.query("CREATE TABLE l (client String, request String, status UInt16, bytes UInt64, agent String, "
        "minute String) ENGINE = Memory")
s.query('''INSERT INTO l SELECT client, request, toUInt16OrZero(status), toUInt64OrZero(bytes), agent,
  substring(time, 2, 17) FROM file('{log}', 'CustomSeparated', '{columns}')
  SETTINGS format_custom_escaping_rule='CSV', format_custom_field_delimiter=' ', max_threads=2,
  input_format_allow_errors_ratio=0.01''')
for key in ("client", "request", "status", "agent", "minute"):
    s.query(f"SELECT {{key}}, count() n, sum(bytes) FROM l GROUP BY 1 ORDER BY n DESC LIMIT 10 "
            "SETTINGS max_threads=2", "CSV")
"""


PANELS = [
    "VISITORS", "REQUESTS", "REQUESTS_STATIC", "NOT_FOUND", "OS", "BROWSERS", "VISIT_TIMES", "VIRTUAL_HOSTS",
    "REFERRERS", "REFERRING_SITES", "KEYPHRASES", "STATUS_CODES", "REMOTE_USER", "CACHE_STATUS", "GEO_LOCATION",
    "MIME_TYPE", "TLS_TYPE",
]  # all but HOSTS


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=5_000_000, help="lines of the simulated log")
    parser.add_argument("--goaccess-lines", type=int, default=500_000, help="lines GoAccess gets: it is slow")
    parser.add_argument("--runs", type=int, default=3, help="times each pair runs")
    parser.add_argument("--long-lines", type=int, default=50_000_000, help="lines of the memory run; 0 leaves it out")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    log = WORK / f"access-{options.lines}.log"
    simulate = [SIMULATE, "--seed", "11", "--format", "combined", "--attacks", "default", "--duration", "1d"]
    if not log.exists():
        print(f"simulating {options.lines} lines", file=sys.stderr)
        partial = log.with_suffix(".partial")
        run([*simulate, "--lines", options.lines, "--output", partial])
        partial.rename(log)
    size = log.stat().st_size
    short = WORK / f"access-{options.goaccess_lines}.log"
    if not short.exists():
        with open(log, "rb") as source, open(short, "wb") as target:
            for _, line in zip(range(options.goaccess_lines), source):
                target.write(line)
    gz = log.with_suffix(".log.gz")
    if not gz.exists():
        with open(gz, "wb") as target:
            subprocess.run(["gzip", "-6", "-c", log], stdout=target, check=True)

    json = ["--report", "json", "--output", WORK / "report.json"]
    replay = [REPLAY, log, *json]
    print(f"\nLog: {options.lines} lines, {size / 1e9:.2f} GB, combined, shipped pipeline and rules.\n")
    print("| against | replay, lines/s | theirs, lines/s | ratio (wall) | ratio (CPU) | replay, peak | theirs, peak |")
    print("|---|---|---|---|---|---|---|", flush=True)
    rows = []
    if shutil.which("goaccess"):
        ignore = [f"--ignore-panel={panel}" for panel in PANELS]
        pair(
            "GoAccess, one panel", replay,
            ["goaccess", short, "--log-format=COMBINED", "--no-progress", "--no-global-config", *ignore,
             "-o", WORK / "goaccess.json"],
            options.lines, options.goaccess_lines, options.runs, rows,
        )
    for name, script in (("DuckDB, five group-bys", duckdb_script(log)), ("chdb, five group-bys", chdb_script(log))):
        pair(name, replay, [PYTHON, "-c", script], options.lines, options.lines, options.runs, rows)

    print("\n| replay alone | wall | lines/s | text/s | CPU a line | peak memory |")
    print("|---|---|---|---|---|---|")

    def alone(name, command, lines, text, stdin=None):
        done = run(command, stdin=stdin)
        print(
            f"| {name} | {done.wall:.2f} s | {lines / done.wall / 1e6:.2f} M | {text / done.wall / 1e6:.0f} MB "
            f"| {done.cpu / lines * 1e6:.2f} us | {done.peak / 1e6:.0f} MB |", flush=True,
        )

    for threads in (1, 2):
        alone(f"plain, {threads} thread{'s' * (threads > 1)}", [*replay, "--threads", threads], options.lines, size)
    alone("gz", [REPLAY, gz, *json], options.lines, size)
    if options.long_lines:
        feed = subprocess.Popen(
            [str(part) for part in [*simulate, "--lines", options.long_lines]], stdout=subprocess.PIPE
        )
        alone(
            f"{options.long_lines / 1e6:.0f} M lines from a pipe (bound by the simulator)", [REPLAY, "-", *json],
            options.long_lines, size * options.long_lines / options.lines, stdin=feed.stdout,
        )
        feed.stdout.close()
        feed.wait()


if __name__ == "__main__":
    main()
