"""The drills. Each does one thing to a line that runs, and ends in a ledger that is exact, or in what is wrong."""

import json
import os
import random
import shutil
import struct
import subprocess
import tempfile
import time

import confluent_kafka as kafka
import confluent_kafka.admin

import ledger
from cluster import CannotRun, Cluster
from line import PARTITIONS, Line, Program, check, wait_for

RATE = 2000


class Drills:
    def __init__(self, seed, kills, away, keep, paths):
        self.seed, self.kills, self.away, self.keep, self.paths = seed, kills, away, keep, paths
        self.clusters, self.lines = {}, []

    # MARK: What every drill needs

    def cluster(self, brokers=1):
        if brokers not in self.clusters:
            # A dead producer's transaction is looked for each second, not each ten.
            self.clusters[brokers] = Cluster(
                brokers, ["transaction.abort.timed.out.transaction.cleanup.interval.ms=1000"])
        return self.clusters[brokers]

    def line(self, name, cluster=None, **settings):
        line = Line(cluster or self.cluster(), name, self.seed, self.paths, **settings)
        self.lines.append(line)
        return line

    def close_lines(self, failed=False):
        for line in self.lines:
            line.close(keep=self.keep or failed)
        kept = [line.folder for line in self.lines] if failed else []
        self.lines = []
        return kept

    def close(self):
        self.close_lines()
        for cluster in self.clusters.values():
            cluster.close()

    def kill_again_and_again(self, line, program):
        for _ in range(self.kills):
            time.sleep(line.random.uniform(0.1, 1.5))
            program.kill()
            program.start()
        program.check_runs()

    def settle(self, line, programs, **expected):
        """Ends what runs, drains the line, and holds everything against everything."""
        line.stop_writing()
        for program in programs:
            program.end()
        line.drain("forwarder", "aggregator")
        sentence = ledger.hold_events(line, **expected) + "; " + ledger.hold_rollups(line)
        line.ask("audit")
        return sentence

    # MARK: kill -9

    def kill_forwarder(self):
        line = self.line("kill-forwarder")
        line.start_writing(RATE)
        program = Program(line, "forwarder")
        self.kill_again_and_again(line, program)
        wait_for("millrace_forwarder_broker_up 1", lambda: program.metric("millrace_forwarder_broker_up") == 1)
        return f"{self.kills} x kill -9", self.settle(line, [program])

    def kill_aggregator(self):
        line = self.line("kill-aggregator")
        line.start_writing(RATE)
        forwarder = Program(line, "forwarder")
        program = Program(line, "aggregator", "--instance", "one")
        program.wait_said("partitions taken")
        self.kill_again_and_again(line, program)
        program.wait_said("partitions taken")
        return f"{self.kills} x kill -9", self.settle(line, [forwarder, program])

    def kill_analyzer(self):
        line = self.line("kill-analyzer")
        line.start_writing(RATE)
        forwarder, aggregator = Program(line, "forwarder"), Program(line, "aggregator")
        program = Program(line, "analyzer", "--instance", "one")
        program.wait_said("partitions taken")
        self.kill_again_and_again(line, program)
        program.wait_said("partitions taken")
        sentence = self.settle(line, [forwarder, aggregator, program])
        return f"{self.kills} x kill -9", sentence + self.same_attacks(line)

    def same_attacks(self, line):
        """What the analyzer tells is what one that nobody disturbs tells of the same `rollups`."""
        line.drain("analyzer")
        told = json.loads(line.attacks(), parse_float=str)
        rollups = line.prefix + ".rollups"
        line.settings.update(MILLRACE_TOPICS__ROLLUPS__NAME=rollups, MILLRACE_KAFKA__TOPIC_PREFIX=line.prefix + "-calm")
        line.drain("analyzer")
        calm = json.loads(line.attacks(prefix=line.prefix + "-calm"), parse_float=str)
        requests = sum(attack["requests"] for attack in calm if attack["kind"] == "injection")
        hostile = (line.written + 6) // 10
        check(requests == hostile, f"attacks tell of {requests} hostile requests, and the log has {hostile}")
        check(told == calm, f"{len(told)} attacks, {len(calm)} of an analyzer left alone: {differences(told, calm)}")
        return f"; {requests} requests in {len(told)} attack{'s' * (len(told) != 1)}, the same"

    # MARK: Brokers

    def all_programs(self, line):
        forwarder, aggregator = Program(line, "forwarder"), Program(line, "aggregator")
        aggregator.wait_said("partitions taken")
        analyzer = Program(line, "analyzer")
        analyzer.wait_said("partitions taken")
        return [forwarder, aggregator, analyzer]

    def broker_killed(self):
        cluster = self.cluster(3)
        line = self.line("broker-killed", cluster)
        line.start_writing(RATE)
        programs = self.all_programs(line)
        for broker in (1, 2, 3):
            time.sleep(1)
            cluster.kill(broker)
            time.sleep(4)
            cluster.restart(broker)
            time.sleep(3)
        for program in programs:
            program.check_runs()
        return "each of 3 brokers killed and back", self.settle(line, programs) + self.same_attacks(line)

    def brokers_away(self):
        cluster = self.cluster(3)
        line = self.line("brokers-away", cluster)
        line.start_writing(RATE // 4)
        programs = self.all_programs(line)
        time.sleep(2)
        cluster.kill()
        begun = time.monotonic()
        words = {
            "forwarder": "no broker answers; files wait", "aggregator": "brokers do not answer; trying again",
            "analyzer": "brokers do not answer; trying again",
        }
        marks = {program.name: len(program.said()) for program in programs}
        try:
            for program in programs:
                program.wait_said(words[program.name], 60)
                program.wait_metric(f"millrace_{program.name}_broker_up", 0)
            time.sleep(max(0, self.away - (time.monotonic() - begun)))
            for program in programs:
                program.check_runs()
        finally:
            cluster.restart_all()
        for program in programs:
            program.wait_said("brokers answer again", 90)
            program.wait_metric(f"millrace_{program.name}_broker_up", 1)
        gone = int(time.monotonic() - begun)
        # Back at work, not only back.
        counted = programs[1].metric("millrace_aggregator_events_total") or 0
        wait_for(
            "events counted after the outage",
            lambda: (programs[1].metric("millrace_aggregator_events_total") or 0) > counted or programs[1].check_runs(), 90)
        for program in programs:
            said = program.said()[marks[program.name]:]
            back = said.count("brokers answer again")
            check(back == 1, f"{program.name} says {back} times that brokers answer again")
            complaints = said.count(words[program.name])
            check(complaints <= gone + 5, f"{program.name} complains {complaints} times in {gone} s")
        return f"3 brokers away for {gone} s", self.settle(line, programs) + self.same_attacks(line)

    def partition_added(self):
        """The analyzer that runs knows nothing of the new partitions until they speak, and the one that is left alone waits
        for them from the start. So windows of theirs that are late for the one are not for the other. Where bounded tables
        overflow, late merging keeps other entries; with few paths none does, and attacks are the same."""
        line = self.line("partition-added")
        line.start_writing(RATE)
        programs = self.all_programs(line)
        time.sleep(2)
        admin = kafka.admin.AdminClient({"bootstrap.servers": line.bootstrap})
        topic = line.prefix + ".events"
        admin.create_partitions([kafka.admin.NewPartitions(topic, PARTITIONS + 2)])[topic].result(30)
        time.sleep(2)
        # A forwarder that starts anew uses them; the aggregator and the analyzer go on running.
        programs[0].end()
        line.settings["MILLRACE_PARTITIONS"] = str(PARTITIONS + 2)
        line.settings["MILLRACE_FORWARDER__SPREAD"] = str(PARTITIONS + 2)
        programs[0].start()
        time.sleep(4)
        for program in programs:
            program.check_runs()
        sentence = self.settle(line, programs)
        used = len(ledger.events_by_partition(line))
        check(used == PARTITIONS + 2, f"{used} partitions have records, not {PARTITIONS + 2}")
        return f"{PARTITIONS} -> {used} partitions", sentence + self.same_attacks(line)

    def disk_full(self):
        folder = tempfile.mkdtemp(prefix="millrace-disk-")
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", folder], capture_output=True, text=True)
        if mounted.returncode != 0:
            os.rmdir(folder)
            raise CannotRun("no tmpfs can be mounted: " + mounted.stderr.strip())
        cluster = None
        try:
            cluster = Cluster(1, folder=folder)
            line = self.line("disk-full", cluster)
            line.start_writing(RATE)
            programs = self.all_programs(line)
            time.sleep(1)
            filler = os.path.join(folder, "filler")
            try:
                with open(filler, "wb", buffering=0) as file:
                    while True:
                        file.write(bytes(1 << 20))
            except OSError:
                pass
            # Kafka ends when it can't write its only folder.
            with open(os.path.join(cluster.folder, "broker-1", "pid")) as file:
                pid = int(file.read())
            line.rate = RATE * 10
            wait_for("the end of the broker", lambda: not is_alive(pid), 90)
            line.rate = RATE
            programs[0].wait_said("no broker answers; files wait", 60)
            os.remove(filler)
            cluster.restart(1)
            for program in programs:
                program.wait_said("brokers answer again", 90)
                program.wait_metric(f"millrace_{program.name}_broker_up", 1)
            sentence = self.settle(line, programs) + self.same_attacks(line)
            return "full until the broker ended, then freed", sentence
        finally:
            if cluster:
                cluster.close()
            time.sleep(0.5)
            subprocess.run(["umount", "-l", folder], check=False)
            shutil.rmtree(folder, ignore_errors=True)

    # MARK: What comes in

    def poison(self):
        line = self.line("poison")
        line.write(4000)
        line.drain("forwarder")
        good = ledger.records(line.bootstrap, line.prefix + ".events")[0][2]
        with ledger.read(ledger.EVENTS.EventBatch, good) as batch:
            newer = batch.as_builder()
        newer.schemaVersion = 999
        poisons = {
            "nothing": b"",
            "truncated": good[: len(good) // 2],
            "a table without segments": good[:3],
            "a pointer out of the message": good[:8] + struct.pack("<Q", 0x0001_0001_7FFF_FFFC) + good[16:],
            "a segment table of 2^32 segments": struct.pack("<II", 0xFFFF_FFFF, 0) + good[8:],
            "a list that is its own element": struct.pack("<IIQQ", 0, 2, 0x0001_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFD),
            "wrong schema version": newer.to_bytes(),
            "random bytes": random.Random(self.seed).randbytes(5000),
            "as large as the broker takes": random.Random(self.seed).randbytes((8 << 20) - 2048),
        }
        producer = kafka.Producer({"bootstrap.servers": line.bootstrap, "message.max.bytes": 8 << 20, "acks": "all"})
        failures = []
        for number, value in enumerate(poisons.values()):
            producer.produce(
                line.prefix + ".events", value, partition=number % PARTITIONS,
                on_delivery=lambda error, _: failures.append(str(error)) if error else None)
        check(producer.flush(30) == 0 and not failures, f"not produced: {failures}")
        poisoned = {
            (partition, offset)
            for partition, offset, value, _ in ledger.records(line.bootstrap, line.prefix + ".events")
            if value is None or value in poisons.values()
        }
        check(len(poisoned) == len(poisons), f"{len(poisoned)} poisoned records stand in events, not {len(poisons)}")
        # The line goes on: what comes behind the poison is counted.
        line.write(4000)
        line.drain("forwarder")
        program = Program(line, "aggregator", "--instance", "one")
        wait_for(
            "all dead letters in the metrics",
            lambda: program.metric("millrace_aggregator_dead_letters_total") == len(poisons) or program.check_runs())
        program.end()
        line.drain("aggregator")
        letters = ledger.dead_letters(line)
        places = {(int(letter["partition"]), int(letter["offset"])) for letter in letters}
        check(places == poisoned and len(letters) == len(poisoned), f"dead letters tell of {sorted(places)}, not {sorted(poisoned)}")
        check(all(letter["reason"] for letter in letters), "a dead letter without a reason")
        largest = max(int(letter["length"]) for letter in letters)
        check(largest == (8 << 20) - 2048, f"the largest dead letter says {largest} bytes")
        sentence = ledger.hold_events(line, skip=lambda *place: place in poisoned)
        counted = sum(
            rollup_events(value) for _, _, value, _ in ledger.records(line.bootstrap, line.prefix + ".rollups"))
        check(counted == line.written, f"{counted} events in rollups, not {line.written}")
        return f"{len(poisons)} kinds of poison", f"{sentence}; {counted} in rollups; {len(letters)} dead letters"

    def clock_jumps(self):
        line = self.line("clock")
        program = Program(line, "forwarder")
        line.write(2000)
        now = line.time
        line.time = 4_070_908_800.0  # 2099.
        line.write(1, step=0)
        line.time = now
        line.write(2000)
        line.time -= 3600
        line.write(500)
        line.time = now + 10
        line.write(2000)
        wait_for(
            "the line from 2099 in the metrics",
            lambda: program.metric("millrace_forwarder_rejected_lines_total") == 1 or program.check_runs())
        sentence = self.settle(line, [program], ahead=1)
        letters = ledger.dead_letters(line)
        check(len(letters) == 1, f"{len(letters)} dead letters, not one")
        return "one line from 2099, 500 an hour back", f"{sentence}; 1 dead letter"

    def clock_lasting(self):
        """A machine whose clock is set a day ahead, and back a while later."""
        line = self.line("clock-lasting")
        program = Program(line, "forwarder")
        line.write(2000)
        today, tomorrow = line.time, line.time + 86_400
        line.time = tomorrow
        line.write(2000)
        wait_for(
            "the lines of tomorrow, believed because they agree",
            lambda: program.metric("millrace_forwarder_events_total") == 4000 or program.check_runs())
        check(program.metric("millrace_forwarder_rejected_lines_total") == 0, "a line of tomorrow was rejected")
        line.time = today
        line.write(2000)
        line.time = tomorrow + 10
        line.write(2000)
        sentence = self.settle(line, [program])
        letters = ledger.dead_letters(line)
        check(not letters, f"{len(letters)} dead letters")
        late = ledger.late_events(line)
        check(late == 2000, f"{late} events in late partials, not the 2000 of today behind tomorrow")
        return "a day ahead, then back, then ahead", f"{sentence}; {late} of them late"

    def surge(self):
        line = self.line("surge")
        line.start_writing(500)
        programs = self.all_programs(line)
        time.sleep(3)
        line.rate = 20_000
        time.sleep(5)
        line.rate = 500
        # What was held up is caught up with.
        wait_for(
            "the forwarder at the end of its file",
            lambda: (programs[0].metric("millrace_forwarder_lines_total") or 0) >= line.written - 500)
        return "500 -> 20000 lines/s for 5 s", self.settle(line, programs) + self.same_attacks(line)

    # MARK: SIGSTOP

    def worker_paused(self):
        line = self.line(
            "worker-paused", MILLRACE_KAFKA__PROPERTIES="{consumer.session.timeout.ms: 6000, consumer.heartbeat.interval.ms: 500}")
        line.start_writing(RATE)
        forwarder = Program(line, "forwarder")
        one = Program(line, "aggregator", "--instance", "one")
        one.wait_said("partitions taken")
        two = Program(line, "aggregator", "--instance", "two")
        half, whole = f"now={PARTITIONS // 2}\n", f"now={PARTITIONS}\n"
        two.wait_said(half)
        one.wait_said(half)
        time.sleep(2)
        one.pause()
        two.wait_said(whole)
        time.sleep(1)
        mark = len(one.said())
        one.go_on()
        wait_for(
            "what the paused worker says",
            lambda: any(text in one.said()[mark:] for text in ("partitions lost", "transaction given up")) or one.check_runs(), 40)
        wait_for("the paused worker back at work", lambda: "partitions taken" in one.said()[mark:] or one.check_runs(), 40)
        return "SIGSTOP past the session, then SIGCONT", self.settle(line, [forwarder, one, two])

    def forwarder_paused(self):
        line = self.line("forwarder-paused", MILLRACE_KAFKA__TRANSACTION_TIMEOUT="3s")
        line.start_writing(RATE)
        program = Program(line, "forwarder")
        wait_for("the first events", lambda: (program.metric("millrace_forwarder_events_total") or 0) > 0)

        def is_open():
            """Whether records stand in `events` whose transaction has not ended."""
            program.pause()
            time.sleep(0.05)
            if ends(line, "read_uncommitted") > ends(line, "read_committed"):
                return True
            program.go_on()
            time.sleep(line.random.uniform(0.01, 0.2))
            return False

        wait_for("a pause within a transaction", is_open, 60)
        before = ends(line, "read_committed")
        wait_for(
            "the end of the open transaction by the broker",
            lambda: ends(line, "read_committed") == ends(line, "read_uncommitted"), 40)
        check(ends(line, "read_committed") > before, "no mark of an abort")
        program.go_on()
        wait_for(
            "what the forwarder says of it",
            lambda: any(
                text in program.said()
                for text in ("the brokers gave up this transaction; it is sent again", "transaction aborted, sent again"))
            or program.check_runs(), 40)
        events = program.metric("millrace_forwarder_events_total") or 0
        wait_for("more events", lambda: (program.metric("millrace_forwarder_events_total") or 0) > events)
        return "SIGSTOP within a transaction until it was aborted", self.settle(line, [program])

    def all(self):
        return {
            "kill-forwarder": self.kill_forwarder, "kill-aggregator": self.kill_aggregator,
            "kill-analyzer": self.kill_analyzer, "poison": self.poison, "clock": self.clock_jumps,
            "clock-lasting": self.clock_lasting,
            "worker-paused": self.worker_paused, "forwarder-paused": self.forwarder_paused, "surge": self.surge,
            "partition-added": self.partition_added, "broker-killed": self.broker_killed,
            "brokers-away": self.brokers_away, "disk-full": self.disk_full,
        }


def differences(these, those):
    return "; ".join(
        f"{key} of {a['id']}: {str(a[key])[:90]}, not {str(b.get(key))[:90]}"
        for a, b in zip(these, those) for key in a if a[key] != b.get(key))


def rollup_events(value):
    with ledger.read(ledger.ROLLUPS.Rollup, value) as rollup:
        return rollup.events if rollup.scope == "zone" else 0


def ends(line, isolation):
    """Sum of the ends of the partitions of `events`, as a reader of that isolation sees them."""
    consumer = kafka.Consumer(
        {"bootstrap.servers": line.bootstrap, "group.id": "drill-ends", "isolation.level": isolation})
    try:
        topic = line.prefix + ".events"
        return sum(
            consumer.get_watermark_offsets(kafka.TopicPartition(topic, p), timeout=20)[1] for p in range(PARTITIONS))
    finally:
        consumer.close()


def is_alive(pid):
    """Also while it is a zombie: the script takes that for a broker that runs."""
    return os.path.exists(f"/proc/{pid}")
