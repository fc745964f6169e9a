#!/usr/bin/env python3
"""How well attacks are told from everything else, beside other open detectors: one table a question.

    evaluate.py [--quick] [--output docs/evaluation.md]           all of it (about ten minutes on two cores)
    evaluate.py --only TEXT [--classes] [--misses N] [--kind K]   Millrace alone on the labelled sets that match
    evaluate.py --log FILE [--misses N]                           what is flagged of the requests of a combined log

Every detector judges the same requests in the same run. Millrace is `millrace-replay --verdicts` and `--sources` over
logs; CRS and libinjection run in libmodsecurity; CrowdSec and fail2ban read the access logs. Nothing is drawn at
random and nothing is kept from run to run.
"""

import argparse
import collections
import concurrent.futures
import functools
import pathlib
import tempfile

import access
import campaigns
import crs
import millrace
import packages
import reliability
import sets
import table

ROOT = millrace.ROOT
LEVELS = ((1, "CRS, paranoia 1"), (2, "CRS, paranoia 2"), (0, "libinjection"))
PIECE = 2500


@functools.lru_cache
def rule_set(paranoia):
    return crs.CRS(paranoia)


def blocked(paranoia, rows):
    """Whether the rule set blocks each row. One process, one loaded rule set."""
    rules = rule_set(paranoia)
    return [rules.blocks(fields) for _, _, fields in rows]


def spread(pool, paranoia, rows):
    """`blocked` in pieces over the pool: a list of futures, in order."""
    return [pool.submit(blocked, paranoia, rows[i : i + PIECE]) for i in range(0, len(rows), PIECE)]


def joined(futures):
    return [flag for future in futures for flag in future.result()]


def by_fail2ban(log):
    return packages.fail2ban((line[0], line[6]) for line in log.lines)


def by_crowdsec(log, port):
    with tempfile.NamedTemporaryFile(suffix=".log") as file:
        log.write(file.name)
        return packages.crowdsec(file.name, port)


def by_millrace(log):
    with tempfile.NamedTemporaryFile(suffix=".log") as file:
        log.write(file.name)
        return millrace.sources(file.name)


def simulated(attacks, seed, lines, hours):
    """Scores by kind of one simulated log; sources named, of them false, attacks without truth, attacks, and what each of
    them was."""
    scores = collections.defaultdict(campaigns.Score)
    with tempfile.TemporaryDirectory() as folder:
        run = campaigns.Run(millrace.PROGRAMS, pathlib.Path(folder), attacks, seed, lines, hours, ["--threads", "1"])
        named, wrong, strange, judged = campaigns.judge(run, scores, False)
        return dict(scores), named, wrong, strange, len(run.attacks), judged


def start_requests(pool, named):
    """Every detector on every labelled set; returns what `requests_table` waits for."""
    work = []
    for name, rows in named.items():
        work.append((name, rows, [(label, spread(pool, level, rows)) for level, label in LEVELS]))
    return work


def requests_table(work):
    out = []
    for name, rows, others in work:
        labels = [label for label, _, _ in rows]
        flags = [(label, joined(futures)) for label, futures in others]
        flags.insert(0, ("Millrace", [found is not None for found in millrace.judge(rows)]))
        out += [[name, label, *table.Figures(labels, flagged).cells()] for label, flagged in flags]
    return table.markdown(
        ["set", "detector", "attacks", "normal", "recall", "false positives", "precision", "balanced accuracy"], out)


def start_access(pool, logs, quick):
    work = []
    for number, log in enumerate(logs):
        rows, senders = log.rows()
        others = [(label, spread(pool, level, rows)) for level, label in LEVELS]
        tools = []
        if packages.has_crowdsec() and not quick:
            tools.append(("CrowdSec", pool.submit(by_crowdsec, log, 18930 + number)))
        if packages.has_fail2ban() and not quick:
            tools.append(("fail2ban", pool.submit(by_fail2ban, log)))
        work.append((log, senders, others, tools))
    return work


def access_table(work):
    out = []
    for log, senders, others, tools in work:
        labels = log.labels()
        unknown = {line[1] for line in log.lines} - labels.keys()
        order = sorted(labels)
        named = []
        for label, futures in others:
            named.append((label, set().union(*(who for who, flag in zip(senders, joined(futures)) if flag))))
        named += [(label, future.result()) for label, future in tools]
        named.insert(0, ("Millrace", by_millrace(log)))
        for label, found in named:
            figures = table.Figures([labels[a] for a in order], [a in found for a in order])
            out.append([log.name, label, *figures.cells(), len(found & unknown)])
    return table.markdown(
        ["log", "detector", "hostile", "ordinary", "recall", "false positives", "precision", "balanced accuracy",
         "others named"], out)


INTENSITIES = ("0.1", "0.3", "1", "3")


def start_campaigns(pool, quick):
    kinds = campaigns.KINDS[::6] if quick else campaigns.KINDS
    seeds = (1,) if quick else (1, 2)
    return [
        (kind, at, [pool.submit(simulated, f"{kind}@{at}", seed, 60_000, 24) for seed in seeds])
        for kind in kinds for at in INTENSITIES]


def seconds(score):
    """The median delay, in whole seconds."""
    return f"{score.delay():.0f}" if score.delays else "-"


def campaigns_table(work):
    out, whole = [], campaigns.Score()
    named = wrong = strange = 0
    for kind, at, futures in work:
        sum_of = campaigns.Score()
        false = 0
        for future in futures:
            scores, a, b, c, _, _ = future.result()
            for score in scores.values():
                sum_of.add(score)
            named, wrong, strange, false = named + a, wrong + b, strange + c, false + b
        whole.add(sum_of)
        out.append([kind, at, sum_of.attacks, sum_of.detected, sum_of.true, sum_of.found / max(sum_of.true, 1), false,
                    sum_of.parts / max(sum_of.detected, 1), seconds(sum_of)])
    out.append(["all", "", whole.attacks, whole.detected, whole.true, whole.found / max(whole.true, 1), wrong,
                whole.parts / max(whole.detected, 1), seconds(whole)])
    text = table.markdown(
        ["kind", "intensity", "attacks", "detected", "sources", "sources named", "falsely named", "parts", "delay, s"],
        out)
    precision = (named - wrong) / max(named, 1)
    return f"{text}\n\nOf {named} sources named {precision:.4f} took part. Attacks reported without any: {strange}."


def start_weeks(pool, quick):
    return [pool.submit(simulated, "none", seed, 300_000, 7 * 24) for seed in range(11, 13 if quick else 17)]


def weeks_line(work):
    days = 7 * len(work)
    false = [future.result()[4] for future in work]
    return f"{len(work)} simulated weeks without attacks: {sum(false)} attacks reported, {sum(false) / days:.3f} a day."


def judged_attacks(campaign_work, week_work):
    """Of each attack reported in simulated logs its confidence, whether it was one, and its kind."""
    futures = [future for _, _, several in campaign_work for future in several] + week_work
    return [judged for future in futures for judged in future.result()[5]]


HEAD = """# Evaluation
`make eval` writes this page: how attacks are told from everything else, beside other open detectors that judge the same
requests in the same run. It reads the labelled sets of the development data beside the checkout (`../shared/data`).
Rules are not made for these sets: they are tuned for what is true in general, and a change of rules shows here on
every row.
"""
REQUESTS = """
## Requests
Each request alone. Millrace is `millrace-replay --verdicts` over the requests as a flat JSON log; CRS is Debian's
`modsecurity-crs` in `libmodsecurity3`, blocking in its default anomaly mode; libinjection is the same library's
`@detectSQLi` and `@detectXSS` by themselves, where and after what decoding CRS asks them (it knows SQL and script only).
A payload is carried in turn by a query, a form and JSON. *CRS regression* is CRS's own tests: what some rule must match
counts as an attack, what one rule must not match as normal, though many of those are attacks for another rule.
*Ordinary values* are this project's own: prose, code in posts, names, alphabets, marketing URLs, tokens, API bodies.
"""
ACCESS = """
## Access logs
By address. Millrace is `--sources`, CRS and libinjection name whoever sent one request that they block, CrowdSec and
fail2ban run as Debian delivers them. Nobody labelled these logs: an address is hostile if it did what no visitor does
(asked for what only attackers want, guessed at logins, commented without seeing a page), ordinary if it loaded pages
with what belongs to them or is a crawler that reads robots.txt (`Benchmarks/Evaluation/access.py`). *Others named* are
addresses without a label.
"""
CAMPAIGNS = """
## Simulated campaigns
Made by `millrace-simulate`, one kind a log, two seeds, a day of 60,000 requests; at intensity 1 an attack is as loud as the
simulator makes it by default. The delay is the median time from an attack's first request to the start that the report
gives; *parts* is how many attacks were reported where there was one. At a tenth of that, *flood* is two browsers that send
540 requests within two minutes, less than what ordinary windows of such a site differ by, and *slow* thirty slow answers to
thirty addresses, as a slow server gives them: neither is found.
"""
CONFIDENCES = """
## Confidences
Whether a confidence is how often it is right. Of requests, the half to which the table of confidences
(`Sources/Detection/ScoreCalibration.swift`, made by `reliability.py --fit`) was not fitted: the test part of httpparams, and
of the other sets and of what ordinary visitors of the access logs asked for, half by a hash. Each distinct request counts
once; in brackets Wilson's 95 % interval. What a score is worth depends on how common attacks are, so the prior is stated:
confidences are printed for one attack in a hundred requests. Below 50, where nothing is raised, a score is a reason to look.
Most of the normal requests that score 50 to 71 are of one application, which sends JSON with limits and offsets in its
queries: there the data are thin, and a handful of requests more or less would move a
step. What prints 0.96 measures a little less.
"""
ATTACK_CONFIDENCES = """
Attacks, by what their report says, over the simulated campaigns and the weeks without any. All that was raised there was an
attack, so nothing can be fitted to it: confidences of attacks stand for how much evidence there is, and are known to be too
low rather than too high on these logs. What was considered and not raised is not in the reports.
"""
WEEKS = """
## Days without attacks
"""


def everything(options):
    """Starts all the work, waits for it, and returns the page."""
    named = {
        name: rows[:: 8 if options.quick else 1] for name, rows in sets.every(options.data).items() if rows}
    logs = access.every(options.data, 30 if options.quick else 3)
    with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
        # The long ones first.
        log_work = start_access(pool, logs, options.quick)
        request_work = start_requests(pool, named)
        campaign_work = start_campaigns(pool, options.quick)
        week_work = start_weeks(pool, options.quick)
        logs_page = access_table(log_work)
        parts = [HEAD, REQUESTS, requests_table(request_work), ACCESS, logs_page]
        parts += [CAMPAIGNS, campaigns_table(campaign_work), WEEKS, weeks_line(week_work)]
        parts += [CONFIDENCES, reliability.requests_table(reliability.scored(options.data, options.quick))]
        parts += [ATTACK_CONFIDENCES, reliability.attacks_table(judged_attacks(campaign_work, week_work))]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def shown(fields):
    rest = [f"{key}={fields[key]}" for key in ("referer", "cookie", "content_type", "body") if fields[key]]
    if fields["user_agent"] != sets.AGENT:
        rest.append("agent=" + fields["user_agent"])
    text = " ".join([fields["method"], fields["path"], *rest]).replace("\n", "\\n").replace("\r", "\\r")
    return text[:300].encode("utf-8", "backslashreplace").decode()


def development(options):
    """Millrace alone: figures, what is flagged of each class, misses and false alarms."""
    named = {options.log.name: sets.log(options.log)} if options.log else sets.every(options.data)
    for name, rows in named.items():
        if not rows or options.only not in name:
            continue
        found = millrace.judge(rows)
        figures = table.Figures([label for label, _, _ in rows], [one is not None for one in found])
        print(f"{name}: " + " ".join(table.cell(value) for value in figures.cells()))
        if options.classes:
            total, hit = collections.Counter(), collections.Counter()
            for (_, kind, _), one in zip(rows, found):
                total[kind] += 1
                hit[kind] += one is not None
            print("  " + ", ".join(f"{kind} {hit[kind]}/{total[kind]}" for kind in sorted(total)))
        count = collections.Counter()
        for (label, kind, fields), one in zip(rows, found):
            if bool(label) == (one is not None) or options.kind not in ("", kind):
                continue
            count[label, kind] += 1
            if count[label, kind] <= options.misses:
                why = "" if one is None else f"{one[0]} {one[2]} "
                print(f"{'missed' if label else 'FALSE '} {kind} {why}{shown(fields)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--quick", action="store_true", help="a part of everything, without CrowdSec and fail2ban")
    parser.add_argument("--output", type=pathlib.Path, help="write the page here as well")
    parser.add_argument("--only", help="Millrace alone, on the sets whose name holds this")
    parser.add_argument("--classes", action="store_true", help="with --only: what is flagged of each class")
    parser.add_argument("--misses", type=int, default=0, help="with --only: this many misses and false alarms a class")
    parser.add_argument("--kind", default="", help="with --only: misses of this class alone")
    parser.add_argument("--log", type=pathlib.Path, help="a combined log in place of the sets")
    options = parser.parse_args()
    if options.only is not None or options.log:
        options.only = options.only or ""
        development(options)
        return
    page = everything(options)
    print(page)
    if options.output:
        options.output.write_text(page)


if __name__ == "__main__":
    main()
