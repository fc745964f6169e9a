"""Requests judged by millrace-replay and by OWASP CRS at paranoia 1 and 2: the same lines in the same run.

    evaluate.py DATA [--classes] [--misses N]     DATA: the folder of the labelled sets
"""

import argparse
import collections
import pathlib
import subprocess
import sys

import crs
import sets

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = ROOT / ".build" / "evaluation"
REPLAY = ROOT / ".build" / "release" / "millrace-replay"


def millrace(path):
    """Line numbers that replay judges to be attacks."""
    verdicts = path.with_suffix(".tsv")
    done = subprocess.run(
        [REPLAY, path, "--format", "flat", "--verdicts", verdicts, "--report", "json", "--output", path.with_suffix(".report")],
        capture_output=True, text=True,
    )
    if done.returncode != 0:
        sys.exit(f"error: millrace-replay {path}: {done.returncode}\n{done.stderr[-2000:]}")
    rows = verdicts.read_text(errors="surrogateescape").splitlines()[1:]
    return {int(row.split("\t")[1]) for row in rows}


def by_crs(rows, paranoia):
    rules = crs.CRS(paranoia)
    return {number for number, (_, _, fields) in enumerate(rows, 1) if rules.blocks(fields)}


def figures(rows, flagged):
    attacks = sum(label for label, _, _ in rows)
    normal = len(rows) - attacks
    hits = sum(1 for number, (label, _, _) in enumerate(rows, 1) if label and number in flagged)
    false = sum(1 for number, (label, _, _) in enumerate(rows, 1) if not label and number in flagged)
    recall = hits / attacks if attacks else float("nan")
    rate = false / normal if normal else float("nan")
    precision = hits / (hits + false) if hits + false else float("nan")
    return recall, rate, precision, (recall + 1 - rate) / 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--classes", action="store_true", help="recall a class as well")
    parser.add_argument("--misses", type=int, default=0, help="show this many misses and false alarms a set")
    parser.add_argument("--no-crs", action="store_true", help="leave CRS out (quick)")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    print("| set | attacks | normal | detector | recall | false positives | precision | balanced accuracy |")
    print("|---|---|---|---|---|---|---|---|")
    details = []
    for name, rows in sets.every(options.data).items():
        if not rows:
            continue
        path = WORK / (name.replace(" ", "-").lower() + ".jsonl")
        sets.write(rows, path)
        detectors = [("Millrace", millrace(path))]
        if not options.no_crs:
            detectors += [(f"CRS, paranoia {level}", by_crs(rows, level)) for level in (1, 2)]
        attacks = sum(label for label, _, _ in rows)
        for detector, flagged in detectors:
            recall, rate, precision, balanced = figures(rows, flagged)
            print(f"| {name} | {attacks} | {len(rows) - attacks} | {detector} | {recall:.4f} | {rate:.4f} "
                  f"| {precision:.4f} | {balanced:.4f} |", flush=True)
        flagged = detectors[0][1]
        if options.classes:
            total, hit = collections.Counter(), collections.Counter()
            for number, (label, kind, _) in enumerate(rows, 1):
                total[kind] += 1
                hit[kind] += number in flagged
            details.append(f"{name}: " + ", ".join(f"{k} {hit[k]}/{total[k]}" for k in sorted(total)))
        shown = collections.Counter()
        for number, (label, kind, fields) in enumerate(rows, 1):
            if bool(label) != (number in flagged) and shown[label, kind] < options.misses:
                shown[label, kind] += 1
                details.append(f"{'missed' if label else 'FALSE'} {name}:{number} {kind} {fields['path']} {fields['body']}"[:300])
    print("\n".join(["", *details]))


if __name__ == "__main__":
    main()
