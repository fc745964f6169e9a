#!/usr/bin/env python3
"""Whether a printed confidence is the precision measured.

For requests: scores of every labelled set, and of what ordinary visitors of the access logs asked for, in bins; each bin's
precision as the sets are, and where one request in a hundred is an attack, with Wilson's interval. For attacks: printed
confidence in bins, over simulated campaigns and weeks without any.

    reliability.py                what the printed confidences of requests measure, on the half that nothing was fitted to
    reliability.py --fit          the table of Sources/Detection/ScoreCalibration.swift, fitted to the other half
"""

import argparse
import collections
import math
import pathlib
import zlib

import access
import millrace
import sets
import table

PRIOR = 0.01
EDGES = (1, 20, 30, 40, 50, 60, 70, 72, 80, 85, 88, 95, 101)
ATTACK_EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def wilson(hits, total, z=1.96):
    """The 95 % interval of a share (Wilson 1927)."""
    if not total:
        return math.nan, math.nan
    share, square = hits / total, z * z / total
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / total + square / (4 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def shifted(precision, ratio):
    """A precision where normal requests are `ratio` times as many for each attack as where it was measured."""
    return precision if precision in (0, 1) or math.isnan(precision) else precision / (precision + (1 - precision) * ratio)


def is_train(name, fields):
    """Rules may have been looked at with all of them; the table of confidences is fitted to these alone."""
    if name.startswith("httpparams"):
        return name.endswith("train")
    key = "\n".join([fields["method"], fields["path"], fields["body"], fields["cookie"], fields["referer"]])
    return zlib.crc32(key.encode("utf-8", "surrogateescape")) % 2 == 0


def ordinary_requests(data):
    """What addresses labelled ordinary asked for in the access logs, each distinct request once."""
    rows = []
    for log in access.every(data, 1):
        labels = log.labels()
        requests, senders = log.rows()
        rows += [row for row, who in zip(requests, senders) if all(labels.get(address) == 0 for address in who)]
    return rows


def scored(data, quick=False):
    """(label, score, confidence, is train) of every distinct request. CRS's own tests are left out: what is normal there is
    often an attack."""
    named = {name: rows for name, rows in sets.every(data).items() if not name.startswith("CRS")}
    named["ordinary visitors"] = ordinary_requests(data)
    seen, out = set(), []
    for name, rows in named.items():
        rows = rows[:: 8 if quick else 1]
        for (label, _, fields), found in zip(rows, millrace.judge(rows, "--threshold", "1")):
            key = (label, fields["path"], fields["body"], fields["cookie"], fields["referer"], fields["user_agent"])
            if key not in seen:
                seen.add(key)
                out.append((label, found[0] if found else 0, found[3] if found else 0, is_train(name, fields)))
    return out


def requests_table(rows):
    """Printed confidences of requests, as they come, with the scores behind them, on the part that was not fitted to."""
    rows = [row for row in rows if not row[3]]
    attacks = sum(row[0] for row in rows)
    ratio = (1 - PRIOR) / PRIOR * attacks / max(len(rows) - attacks, 1)
    out = []
    for printed in sorted({row[2] for row in rows if row[1]}):
        for low_edge, high_edge in zip(EDGES, EDGES[1:]):
            labels = [row[0] for row in rows if row[2] == printed and low_edge <= row[1] < high_edge]
            if labels:
                out.append([f"{printed:.2f}", f"{low_edge} to {high_edge - 1}", *bin_cells(labels, ratio)])
        labels = [row[0] for row in rows if row[1] and row[2] == printed]
        out.append([f"{printed:.2f}", "all", *bin_cells(labels, ratio)])
    return table.markdown(
        ["printed", "score", "attacks", "normal", "precision as the sets are", "where one in 100 is an attack"], out)


def bin_cells(labels, ratio):
    hits, total = sum(labels), len(labels)
    low, high = wilson(hits, total)
    return [hits, total - hits, f"{hits / total:.3f} ({low:.3f}-{high:.3f})",
            f"{shifted(hits / total, ratio):.3f} ({shifted(low, ratio):.3f}-{shifted(high, ratio):.3f})"]


def attacks_table(pairs):
    """Bins of (printed confidence, whether it was an attack, kind)."""
    out = []
    for kinds, chosen in [("all", pairs)] + [(kind, [p for p in pairs if p[2] == kind]) for kind in sorted({p[2] for p in pairs})]:
        for low_edge, high_edge in zip(ATTACK_EDGES, ATTACK_EDGES[1:]):
            inside = [(c, real) for c, real, _ in chosen if low_edge <= c < high_edge]
            if not inside:
                continue
            hits = sum(real for _, real in inside)
            low, high = wilson(hits, len(inside))
            out.append([
                kinds, f"{low_edge:.2f}-{min(high_edge, 1) - 0.01:.2f}", f"{sum(c for c, _ in inside) / len(inside):.3f}",
                len(inside), hits, f"{hits / len(inside):.3f} ({low:.3f}-{high:.3f})"])
    return table.markdown(["kind", "printed", "mean", "reported", "attacks", "precision"], out)


def fit(rows):
    """Confidence in percent for each score from 1 to 100.

    Isotonic regression (pool adjacent violators) of attack or not on the score, attacks and normal requests weighted so
    that one in a hundred is an attack. Each score begins with a small share of a normal request and of an attack, so that
    what was never seen is not held for impossible; 1 to 99.
    """
    attacks = sum(row[0] for row in rows)
    normal = len(rows) - attacks
    counts = collections.Counter((row[1], row[0]) for row in rows)
    blocks = []  # attack weight, weight, scores
    for score in range(1, 101):
        hit = PRIOR * (counts[score, 1] + 0.05) / attacks
        miss = (1 - PRIOR) * (counts[score, 0] + 0.05) / normal
        blocks.append([hit, hit + miss, 1])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last)]
    return [0] + [min(99, max(1, round(100 * hit / weight))) for hit, weight, size in blocks for _ in range(size)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=millrace.ROOT.parent / "shared" / "data")
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    rows = scored(options.data)
    if not options.fit:
        print(requests_table(rows))
        return
    percents = fit([row for row in rows if row[3]])
    steps = [(score, percent) for score, percent in enumerate(percents) if not score or percent != percents[score - 1]]
    print(", ".join(f"({score}, {percent})" for score, percent in steps))


if __name__ == "__main__":
    main()
