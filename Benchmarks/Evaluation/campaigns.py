#!/usr/bin/env python3
"""How well the program names the sources of attacks, on simulated logs whose truth is known.

Simulates logs of several seeds, kinds and intensities with millrace-simulate, judges each with millrace-replay and
prints, for each kind of attack: how many of its addresses were named (recall), how many attacks reported where there
was one (parts), and how long after its start the attack was known (delay). Addresses named that took no part, and
attacks found in logs without any, are false. Python's standard library is all it needs.

Odd seeds are written as combined logs, which do not tell how long an answer took; even ones as JSON, which do.

    campaigns.py --programs .build/release [--quick] [--lines N] [--seeds 1,2] [--only KIND] [--verbose]
"""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

KINDS = ("sqli nosqli xss traversal cmdi ssti log4shell ssrf xxe webshell scan bruteforce credential-stuffing scraping "
         "flood distributed-flood cache-busting slow error-storm quiet-campaign quiet-bruteforce form-spam").split()
DAY = 24


def seconds(text):
    """Seconds since the epoch of a time as reports write it."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Run:
    """One simulated log, judged."""

    def __init__(self, programs, folder, attacks, seed, lines, hours, arguments=()):
        self.name = f"{attacks} seed {seed} {hours} h"
        log, truth = folder / "access.log", folder / "truth.tsv"
        sources, report = folder / "sources.tsv", folder / "report.json"
        subprocess.run(
            [programs / "millrace-simulate", "--lines", str(lines), "--seed", str(seed), "--duration", f"{hours}h",
             "--attacks", attacks, "--truth", truth, "--output", log,
             "--format", "combined" if seed % 2 else "nginx-json"],
            check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            [programs / "millrace-replay", log, "--quiet", "--sources", sources, "--json", report, "--output",
             folder / "report.txt", *arguments],
            check=True)
        self.attacks = json.loads(report.read_text())["attacks"]
        self.truth = {}
        with open(folder / "truth.attacks.tsv") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                self.truth[row["attack"]] = row
        # Who sent what is in the rows of lines: the rows of attacks may shorten the list.
        self.addresses = collections.defaultdict(set)
        with open(truth) as file:
            for row in csv.DictReader(file, delimiter="\t"):
                self.addresses[row["attack"]].add(row["client"])
        self.named = {}
        with open(sources) as file:
            for row in csv.DictReader(file, delimiter="\t"):
                self.named[row["address"]] = set(row["attacks"].split(","))


class Score:
    """Sums over runs, of one kind."""

    def __init__(self):
        self.attacks = self.detected = self.true = self.found = self.parts = 0
        self.delays = []

    def add(self, other):
        for field in ("attacks", "detected", "true", "found", "parts"):
            setattr(self, field, getattr(self, field) + getattr(other, field))
        self.delays += other.delays

    def delay(self):
        """The median, in seconds."""
        return sorted(self.delays)[len(self.delays) // 2] if self.delays else float("nan")

    def row(self, name):
        delay = self.delay()
        recall = 100 * self.found / max(self.true, 1)
        parts = self.parts / max(self.detected, 1)
        return f"{name:24}{self.attacks:8}{self.detected:9}{self.true:9}{self.found:7}{recall:9.1f}{parts:8.1f}{delay:9.0f}"


def judge(run, scores, verbose):
    """Adds a run to the scores by name of attack; returns (named in all, named wrongly, attacks without truth, and of each
    attack reported its confidence, whether it was one, and its kind)."""
    everyone = set().union(*run.addresses.values()) if run.addresses else set()
    reported = {attack["id"]: attack for attack in run.attacks}
    real = set()
    for name, row in run.truth.items():
        true = run.addresses[name]
        if not true:
            continue
        found = {address for address in true if address in run.named}
        ids = set().union(*(run.named[address] for address in found)) & reported.keys() if found else set()
        start, end = seconds(row["start"]), seconds(row["end"])
        near = {i for i in ids if seconds(reported[i]["end"]) >= start - 60 and seconds(reported[i]["start"]) <= end + 60}
        real |= near
        score = scores[row["name"]]
        score.attacks += 1
        score.true += len(true)
        score.found += len(found)
        if near:
            score.detected += 1
            score.parts += len(near)
            score.delays.append(min(max(0, seconds(reported[i]["start"]) - start) for i in near))
        if verbose and len(found) < len(true):
            print(f"  {run.name}: {name}: {len(found)} of {len(true)}; not {sorted(true - found)[:8]}")
    wrong = sorted(set(run.named) - everyone)
    strange = [attack for i, attack in reported.items() if i not in real]
    if verbose:
        for address in wrong[:20]:
            kinds = sorted({reported[i]["kind"] for i in run.named[address] if i in reported})
            print(f"  {run.name}: false source {address} {kinds}")
        for attack in strange:
            print(f"  {run.name}: false attack {attack['kind']} {attack['class']} {attack['severity']}: "
                  f"{attack['explanation']}")
            for line in attack["evidence"][:3]:
                print(f"    {line['status']} {line['request'][:160]}")
    judged = [(attack["confidence"], i in real, attack["kind"]) for i, attack in reported.items()]
    return len(run.named), len(wrong), len(strange), judged


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=pathlib.Path, default=pathlib.Path(".build/release"))
    parser.add_argument("--lines", type=int, default=120_000)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--only", help="one kind, at three intensities")
    parser.add_argument("--quick", action="store_true", help="mixed logs and quiet days only")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    programs = options.programs.resolve()
    seeds = [int(seed) for seed in options.seeds.split(",")]

    plan = []  # attacks, seed, lines, hours
    if options.only:
        plan += [(f"{options.only}@{at}", seed, options.lines, DAY) for seed in seeds for at in ("0.2", "1", "3")]
    else:
        plan += [("all", seed, options.lines, DAY) for seed in seeds]
        plan += [("none", seed, options.lines, DAY) for seed in seeds]
        plan += [("none", seeds[0], 3 * options.lines, 7 * DAY)]
        if not options.quick:
            plan += [(f"{kind}@{at}", seeds[0], options.lines // 2, DAY) for kind in KINDS for at in ("0.2", "3")]

    scores = collections.defaultdict(Score)
    named = wrong = strange = quiet = quiet_false = 0
    for attacks, seed, lines, hours in plan:
        with tempfile.TemporaryDirectory() as folder:
            run = Run(programs, pathlib.Path(folder), attacks, seed, lines, hours)
        a, b, c, _ = judge(run, scores, options.verbose)
        if attacks == "none":
            quiet += hours // DAY
            quiet_false += len(run.attacks)
        named, wrong, strange = named + a, wrong + b, strange + (c if attacks != "none" else 0)

    print(f"{'kind':24}{'attacks':>8}{'detected':>9}{'sources':>9}{'named':>7}{'recall%':>9}{'parts':>8}{'delay s':>9}")
    for name in sorted(scores):
        print(scores[name].row(name))
    total = Score()
    for score in scores.values():
        total.add(score)
    print(total.row("all"))
    precision = 100 * (named - wrong) / max(named, 1)
    print(f"\nsources named {named}, of them false {wrong} (precision {precision:.1f} %); attacks without truth {strange}")
    print(f"days without attacks {quiet}, attacks reported there {quiet_false}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
