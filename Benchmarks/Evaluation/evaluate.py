#!/usr/bin/env python3
"""Requests judged by the built-in detectors and shipped rules, and by OWASP CRS: the same rows in the same run.

    evaluate.py [--data DIR] [--crs] [--classes] [--misses N] [--only TEXT] [--log FILE]

DIR holds the labelled sets. sets.py makes their rows, crs.py runs CRS; the scorer is the program
`millrace-evaluate`. Prints recall, false-positive rate, precision and balanced accuracy a set and detector.
"""

import argparse
import collections
import pathlib
import subprocess

import sets

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SPECIAL = {9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\"}


def escape(text):
    data = str(text).encode("utf-8", "surrogateescape")
    return "".join(SPECIAL.get(b) or (chr(b) if 32 <= b < 127 else f"\\x{b:02x}") for b in data)


def judged(scorer, rows):
    """(score, classes, rules) of every row."""
    keys = ("method", "host", "path", "user_agent", "referer", "cookie", "content_type", "body")
    text = "".join("\t".join(escape(fields[key]) for key in keys) + "\n" for _, _, fields in rows)
    done = subprocess.run([scorer], input=text, capture_output=True, text=True, check=True)
    lines = [line.split("\t") for line in done.stdout.split("\n")[: len(rows)]]
    return [(int(line[0]), line[1], line[2]) for line in lines]


def by_crs(rows, paranoia):
    import crs

    rules = crs.CRS(paranoia)
    return [rules.blocks(fields) for _, _, fields in rows]


def figures(rows, flagged):
    attacks = sum(label for label, _, _ in rows)
    normal = len(rows) - attacks
    hits = sum(1 for (label, _, _), hit in zip(rows, flagged) if label and hit)
    false = sum(1 for (label, _, _), hit in zip(rows, flagged) if not label and hit)
    recall = hits / attacks if attacks else float("nan")
    rate = false / normal if normal else float("nan")
    precision = hits / (hits + false) if hits + false else float("nan")
    return recall, rate, precision, (recall + 1 - rate) / 2


def row(name, rows, detector, flagged):
    attacks = sum(label for label, _, _ in rows)
    values = " | ".join("-" if value != value else f"{value:.4f}" for value in figures(rows, flagged))
    print(f"| {name} | {attacks} | {len(rows) - attacks} | {detector} | {values} |", flush=True)


def shown(fields):
    rest = [f"{key}={fields[key]}" for key in ("referer", "cookie", "content_type", "body") if fields[key]]
    if fields["user_agent"] != sets.AGENT:
        rest.append("agent=" + fields["user_agent"])
    return " ".join([fields["method"], fields["path"], *rest]).replace("\n", "\\n").replace("\r", "\\r")[:300]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--scorer", default=ROOT / ".build" / "release" / "millrace-evaluate")
    parser.add_argument("--threshold", type=int, default=50)
    parser.add_argument("--crs", action="store_true", help="OWASP CRS at paranoia 1 and 2 as well (slow)")
    parser.add_argument("--classes", action="store_true", help="what is flagged of each class as well")
    parser.add_argument("--misses", type=int, default=0, help="show this many misses and false alarms a class")
    parser.add_argument("--only", default="", help="only sets whose name holds this")
    parser.add_argument("--kind", default="", help="show misses of this class only")
    parser.add_argument("--log", type=pathlib.Path, help="a combined log instead: what is flagged of its requests")
    options = parser.parse_args()
    print("| set | attacks | normal | detector | recall | false positives | precision | balanced accuracy |")
    print("|---|---|---|---|---|---|---|---|")
    details = []
    named = {options.log.name: sets.log(options.log)} if options.log else sets.every(options.data)
    for name, rows in named.items():
        if not rows or options.only not in name:
            continue
        verdicts = judged(options.scorer, rows)
        flagged = [verdict[0] >= options.threshold for verdict in verdicts]
        row(name, rows, "Millrace", flagged)
        if options.crs:
            for level in (1, 2):
                row(name, rows, f"CRS, paranoia {level}", by_crs(rows, level))
        if options.classes:
            total, hit = collections.Counter(), collections.Counter()
            for (_, kind, _), one in zip(rows, flagged):
                total[kind] += 1
                hit[kind] += one
            details.append(f"{name}: " + ", ".join(f"{k} {hit[k]}/{total[k]}" for k in sorted(total)))
        count = collections.Counter()
        for (label, kind, fields), one, (score, _, rules) in zip(rows, flagged, verdicts):
            if bool(label) == one or (options.kind and kind != options.kind) or count[label, kind] >= options.misses:
                continue
            count[label, kind] += 1
            details.append(f"{'missed' if label else 'FALSE '} {kind} {score} {rules} {shown(fields)}")
    print("\n".join(["", *details]))


if __name__ == "__main__":
    main()
