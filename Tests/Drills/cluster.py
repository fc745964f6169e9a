"""A Kafka of the drills' own: brokers on loopback that can be killed, and that end with the run."""

import os
import random
import shutil
import socket
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class CannotRun(Exception):
    """Why a drill could not be held here. It counts as failed, unless MILLRACE_DRILLS_ALLOW_SKIPS is set."""


def find_script():
    for home in (os.environ.get("KAFKA_HOME"), os.path.join(ROOT, "..", "shared", "kafka")):
        if home and os.access(os.path.join(home, "kafka"), os.X_OK):
            return os.path.join(home, "kafka")
    raise CannotRun("no script 'kafka' in KAFKA_HOME or ../shared/kafka")


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_ports(count):
    """The first of `count` free ports in a row, those 1,000 above free as well."""
    for _ in range(200):
        port = random.randrange(20_000, 31_000)
        if all(is_free(port + n) and is_free(port + 1_000 + n) for n in range(count)):
            return port
    raise CannotRun("no free ports")


class Cluster:
    """`brokers` of them; all their data under one folder, or under `folder`, which stays."""

    def __init__(self, brokers=1, settings=(), folder=None):
        self.script = find_script()
        if not shutil.which("java"):
            raise CannotRun("no java; Debian: openjdk-17-jre-headless")
        self.brokers = brokers
        self.own = tempfile.mkdtemp(prefix="millrace-drill-") if folder is None else None
        self.folder = os.path.join(folder or self.own, "kafka")
        words = ["start", "--port", str(free_ports(brokers)), "--brokers", str(brokers), "--heap", "384m"]
        if brokers > 1:
            # A killed broker is missed after two seconds, not nine.
            words += ["--set", "broker.session.timeout.ms=2000", "--set", "broker.heartbeat.interval.ms=500"]
        for setting in settings:
            words += ["--set", setting]
        self.bootstrap = self._call(*words).split()[-1]

    def _call(self, verb, *words):
        done = subprocess.run(
            [self.script, verb, "--dir", self.folder, *words], capture_output=True, text=True, timeout=150)
        if done.returncode != 0:
            raise RuntimeError(f"kafka {verb}: {done.stderr[-600:]}")
        return done.stdout

    def kill(self, broker=None):
        self._call("kill", *([] if broker is None else ["--broker", str(broker)]))

    def restart(self, broker):
        self._call("restart", "--broker", str(broker))

    def restart_all(self):
        """At once: alone, a broker of three has no quorum and does not start."""
        calls = [
            subprocess.Popen(
                [self.script, "restart", "--dir", self.folder, "--broker", str(n + 1)],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            for n in range(self.brokers)
        ]
        for call in calls:
            _, said = call.communicate(timeout=150)
            if call.returncode != 0:
                raise RuntimeError(f"kafka restart: {said[-600:]}")

    def close(self):
        self.kill()
        if self.own:
            shutil.rmtree(self.own, ignore_errors=True)
