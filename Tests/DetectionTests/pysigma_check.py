"""What pySigma's SQLite back end finds: an answer from outside for SigmaDifferentialTests.

Reads `rules.yml` (documents) and `events.json` (a list of objects, absent fields left out) in the folder named, and writes
to standard output a line for each rule: its id, then the numbers of the events that match, or `error` and why.
"""

import json
import re
import sqlite3
import sys

import yaml
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

folder = sys.argv[1]
events = json.load(open(f"{folder}/events.json"))
columns = sorted({name for event in events for name in event})

database = sqlite3.connect(":memory:")
patterns = {}


def matches(pattern, text):
    if text is None:
        return None
    if pattern not in patterns:
        patterns[pattern] = re.compile(pattern)
    return patterns[pattern].search(str(text)) is not None


database.create_function("REGEXP", 2, matches, deterministic=True)
database.execute("create table logs (number integer, %s)" % ", ".join(f'"{name}"' for name in columns))
for number, event in enumerate(events):
    database.execute(
        "insert into logs values (%s)" % ", ".join("?" * (len(columns) + 1)),
        [number] + [event.get(name) for name in columns],
    )

backend = sqliteBackend(collate_nocase=True, fulltext_field="everything")
for document in yaml.safe_load_all(open(f"{folder}/rules.yml")):
    try:
        rule = SigmaCollection.from_dicts([document])
        found = set()
        for query in backend.convert(rule):
            found |= {row[0] for row in database.execute(query)}
        print(document["name"], *sorted(found))
    except Exception as error:  # the test shows it
        print(document["name"], "error", type(error).__name__, str(error).replace("\n", " "))
