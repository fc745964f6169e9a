"""Millrace on rows of sets.py and on logs: what `millrace-replay` says, as any user of it would be told."""

import json
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = ROOT / ".build" / "release"


def flat_json(rows):
    """The rows as a log of the flat JSON form, in bytes; what is not UTF-8 stays as it is."""
    return b"".join(
        json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n" for _, _, fields in rows)


def verdicts(path, *arguments):
    """Line number -> (score, classes, rules, confidence) of the requests of a log that are judged attacks."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "verdicts.tsv"
        subprocess.run(
            [PROGRAMS / "millrace-replay", path, "--quiet", "--verdicts", file, "--output", "/dev/null", *arguments],
            check=True)
        found = {}
        for line in file.read_text(errors="replace").split("\n"):
            columns = line.split("\t")
            if len(columns) >= 6 and columns[1].isdigit():
                found[int(columns[1])] = (int(columns[2]), columns[3], columns[4], float(columns[5]))
        return found


def judge(rows, *arguments):
    """What is found of each row: None, or (score, classes, rules, confidence)."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(flat_json(rows))
        file.flush()
        found = verdicts(file.name, "--format", "json", *arguments)
    return [found.get(number) for number in range(1, len(rows) + 1)]


def sources(path):
    """The addresses that an attack in a log counts as its sources."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "sources.tsv"
        subprocess.run(
            [PROGRAMS / "millrace-replay", path, "--quiet", "--sources", file, "--output", "/dev/null"], check=True)
        return {line.split("\t")[0] for line in file.read_text().split("\n")[1:] if line}
