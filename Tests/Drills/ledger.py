"""What stands in the topics, read without a line of Millrace's own: librdkafka's Python client, and pycapnp by the schemas."""

import collections
import os
import re

import capnp
import confluent_kafka as kafka

from cluster import ROOT
from line import check

capnp.remove_import_hook()
SCHEMAS = os.path.join(ROOT, "Schemas")
EVENTS = capnp.load(os.path.join(SCHEMAS, "events.capnp"), imports=[SCHEMAS])
ROLLUPS = capnp.load(os.path.join(SCHEMAS, "rollups.capnp"), imports=[SCHEMAS])
LIMIT = 1 << 30


def records(bootstrap, topic):
    """All committed records, partition by partition: (partition, offset, value, headers)."""
    consumer = kafka.Consumer({
        "bootstrap.servers": bootstrap, "group.id": "drill-ledger", "enable.auto.commit": False,
        "isolation.level": "read_committed", "enable.partition.eof": True, "auto.offset.reset": "earliest",
        "fetch.message.max.bytes": 16 << 20, "receive.message.max.bytes": 64 << 20,
    })
    try:
        known = consumer.list_topics(topic, timeout=30).topics[topic]
        check(known.error is None, f"{topic}: {known.error}")
        open_partitions = set(known.partitions)
        consumer.assign([kafka.TopicPartition(topic, p, kafka.OFFSET_BEGINNING) for p in known.partitions])
        found = []
        quiet = 0
        while open_partitions:
            message = consumer.poll(1.0)
            if message is None:
                quiet += 1
                check(quiet < 60, f"{topic} can't be read to its end: partitions {sorted(open_partitions)}")
                continue
            quiet = 0
            if message.error() is None:
                found.append((message.partition(), message.offset(), message.value(), dict(message.headers() or [])))
            elif message.error().code() == kafka.KafkaError._PARTITION_EOF:
                open_partitions.discard(message.partition())
            else:
                raise kafka.KafkaException(message.error())
        return sorted(found, key=lambda record: record[:2])
    finally:
        consumer.close()


def read(kind, value):
    return kind.from_bytes(value, traversal_limit_in_words=LIMIT)


def events_by_partition(line):
    """Events in each partition of `events`, whoever wrote them."""
    counts = collections.Counter()
    for partition, _, value, _ in records(line.bootstrap, line.prefix + ".events"):
        with read(EVENTS.EventBatch, value) as batch:
            counts[partition] += len(batch.events.http) if batch.events.which() == "http" else 0
    return counts


def hold_events(line, ahead=0, skip=lambda partition, offset: False):
    """Each line of the log is an event of `events` exactly once, and what the batches say of themselves adds up.

    Of the lines of the log, `ahead` are to be counted as too far ahead of their source instead. Returns a sentence."""
    with open(line.log, "rb") as file:
        data = file.read()
    lines = data.count(b"\n")
    check(lines == line.written, f"the log has {lines} lines, not {line.written}")
    seen = collections.Counter()
    sums = collections.Counter()
    ranges = collections.defaultdict(list)
    sequences = collections.defaultdict(collections.Counter)
    for partition, offset, value, _ in records(line.bootstrap, line.prefix + ".events"):
        if skip(partition, offset):
            continue
        with read(EVENTS.EventBatch, value) as batch:
            which = batch.events.which()
            if batch.idle:
                continue
            if batch.byteEnd == batch.byteBegin and batch.ledger.lines == 0:
                continue  # A heartbeat, or an end.
            sequences[batch.source.id][batch.sequence] += 1
            ranges[batch.source.id].append((batch.byteBegin, batch.byteEnd))
            for name in ("lines", "parsed", "unparsed", "ahead", "sampledOut"):
                sums[name] += getattr(batch.ledger, name)
            if which == "http":
                sums["events"] += len(batch.events.http)
                for event in batch.events.http:
                    seen[int(re.search(rb"[?]n=(\d+)", event.target).group(1))] += 1
    twice = [number for number, count in seen.items() if count > 1]
    missing = set(range(lines)) - set(seen)
    check(not twice, f"{len(twice)} lines are there more than once, such as {sorted(twice)[:3]}")
    check(len(missing) == ahead, f"{len(missing)} lines are missing, not {ahead}, such as {sorted(missing)[:3]}")
    expected = {"lines": lines, "parsed": lines - ahead, "unparsed": 0, "ahead": ahead, "sampledOut": 0, "events": lines - ahead}
    for name, count in expected.items():
        check(sums[name] == count, f"{name}: {sums[name]}, not {count}")
    check(len(ranges) == 1, f"{len(ranges)} sources, not one")
    for source, pieces in ranges.items():
        at = 0
        for begin, end in sorted(pieces):
            check(begin == at, f"bytes {at} to {begin} of source {source:x} are in no batch, or in two")
            at = end
        check(at == len(data), f"bytes {at} to {len(data)} are in no batch")
        check(max(sequences[source].values()) == 1, f"a sequence number of source {source:x} is there twice")
        batches = len(pieces)
    return f"{lines} lines = {sums['events']} events + {ahead} ahead; {batches} batches"


def hold_rollups(line):
    """Each event of `events` is in exactly one partial of `rollups`, and there is one on-time partial a window and zone."""
    written = events_by_partition(line)
    counted = collections.Counter()
    partials = collections.Counter()
    closed = collections.defaultdict(set)
    for partition, _, value, _ in records(line.bootstrap, line.prefix + ".rollups"):
        with read(ROLLUPS.Rollup, value) as rollup:
            if rollup.scope == "progress":
                if rollup.watermark == (1 << 63) - 1:
                    closed[rollup.inputPartition].add(partition)
                continue
            if rollup.scope == "zone":
                counted[rollup.inputPartition] += rollup.events
            if not rollup.late:
                partials[rollup.inputPartition, str(rollup.scope), rollup.windowStart, bytes(rollup.zone)] += 1
    for partition in sorted(set(written) | set(counted)):
        check(
            written[partition] == counted[partition],
            f"partition {partition}: {written[partition]} events in, {counted[partition]} in rollups")
    twice = [key for key, count in partials.items() if count > 1]
    check(not twice, f"on-time partials that are there more than once: {twice[:3]}")
    return f"{sum(counted.values())} in {len(partials)} partials"


def late_events(line):
    """Events that were counted after their window had been written."""
    late = 0
    for _, _, value, _ in records(line.bootstrap, line.prefix + ".rollups"):
        with read(ROLLUPS.Rollup, value) as rollup:
            late += rollup.events if rollup.scope == "zone" and rollup.late else 0
    return late


def dead_letters(line):
    return [
        {name: value.decode(errors="replace") for name, value in headers.items()}
        for _, _, _, headers in records(line.bootstrap, line.prefix + ".dead-letters")
    ]
