"""One line of the drills: a log that is written while programs run, topics of its own, programs that are killed and paused."""

import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request

from cluster import ROOT, CannotRun, is_free

BIN = os.environ.get("BIN", os.path.join(ROOT, ".build", "release"))
PARTITIONS, ROLLUPS = 4, 2


class Wrong(Exception):
    """The drill's verdict: what was not as it should be."""


def check(condition, what):
    if not condition:
        raise Wrong(what)


def wait_for(what, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Wrong(f"no sign of {what} in {seconds} s")
        time.sleep(0.02)


class Program:
    """A process of the line. What it says is kept, over all of its runs, in the line's folder."""

    def __init__(self, line, name, *words):
        self.line, self.name, self.words = line, name, words
        self.path = os.path.join(BIN, "millrace-" + name)
        if not os.access(self.path, os.X_OK):
            raise CannotRun(f"{self.path} is not built")
        self.log = os.path.join(line.folder, f"{name}-{len(line.programs)}.log")
        line.programs.append(self)
        self.start()

    def start(self):
        environment = dict(line_environment(self.line))
        while not is_free(port := random.randrange(15_000, 19_900)):
            pass
        self.port = port
        environment["MILLRACE_STATUS__LISTEN"] = f"127.0.0.1:{port}"
        self.mark = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.path, "--pipeline", self.line.pipeline, *self.words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)

    def said(self):
        """Since it was started last."""
        with open(self.log, "rb") as log:
            log.seek(self.mark)
            return log.read().decode(errors="replace")

    def wait_said(self, text, seconds=60):
        wait_for(f"'{text}' from {self.name}", lambda: text in self.said() or self.check_runs(), seconds)

    def check_runs(self):
        code = self.process.poll()
        check(code is None, f"{self.name} has ended with {code}: {self.said()[-500:]}")

    def metric(self, name):
        """Sum over the labels; None where the page does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as page:
                text = page.read().decode()
        except OSError:
            return None
        values = re.findall(rf"^{re.escape(name)}(?:{{[^}}]*}})? (\S+)$", text, re.M)
        return sum(map(float, values)) if values else None

    def wait_metric(self, name, value, seconds=60):
        wait_for(f"{name} {value}", lambda: self.metric(name) == value or self.check_runs(), seconds)

    def kill(self):
        """SIGKILL: as the machine's sudden end. False where it had ended by itself."""
        self.check_runs()
        self.process.kill()
        self.process.wait()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def end(self, seconds=60, code=0):
        """SIGTERM, and the exit code that is to come."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.finish(seconds, code)

    def finish(self, seconds=120, code=0):
        try:
            found = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Wrong(f"{self.name} has not ended in {seconds} s: {self.said()[-500:]}") from None
        check(found == code, f"{self.name} ended with {found}, not {code}: {self.said()[-500:]}")


def line_environment(line):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    return {**kept, "MILLRACE_KAFKA__BOOTSTRAP": line.bootstrap, **line.settings}


class Line:
    """Topics and a folder of its own. Each line of its log has a number of its own in its target."""

    def __init__(self, cluster, name, seed, paths, **settings):
        self.bootstrap, self.seed, self.paths = cluster.bootstrap, seed, paths
        self.random = random.Random(f"{seed}-{name}")
        self.prefix = f"drill-{name}-{self.random.randrange(1 << 32):x}-{os.getpid()}"
        self.folder = tempfile.mkdtemp(prefix=f"millrace-{name}-")
        self.log = os.path.join(self.folder, "access.log")
        self.written, self.time = 0, 1_456_000_000.0
        self.programs, self.settings = [], settings
        self.writer, self.stopping = None, threading.Event()
        open(self.log, "w").close()
        self.pipeline = os.path.join(self.folder, "pipeline.yaml")
        with open(self.pipeline, "w") as file:
            file.write(f"""name: drill
partitions: {PARTITIONS}
windows: {{length: 2s}}
kafka: {{topic_prefix: {self.prefix}}}
topics:
  rollups: {{partitions: {ROLLUPS}}}
forwarder:
  host: drill-host
  batch_age: 100ms
  batch_bytes: 16KiB
  sources: [{{files: ["{self.log}"]}}]
aggregator: {{commit_interval: 200ms}}
analyzer: {{state_interval: 1s}}
""")

    def write(self, count, step=0.002):
        """Lines, `step` seconds of the log's own time apart."""
        made = []
        for _ in range(count):
            self.time += step
            stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self.time))
            number = self.written
            # Some clients scan, so that there are attacks to compare.
            # Few paths: where no bounded table overflows, attacks are the same to the last byte.
            client, path, status = number % 200 + 1, f"/page/{number % self.paths}?n={number}", 200
            if number % 10 == 3:
                client, path, status = 251 + number // 10 % 3, f"/item?n={number}&id=1%27%20OR%20%271%27=%271", 404
            made.append(
                f'192.0.2.{client} - - [{stamp}] "GET {path} HTTP/1.1" {status} 17 "-" "drill"\n')
            self.written += 1
        with open(self.log, "a") as file:
            file.write("".join(made))

    def start_writing(self, rate):
        """`rate` lines a second, in pieces that end within lines as well as between them."""
        self.rate = rate
        self.stopping.clear()

        def run():
            while not self.stopping.is_set():
                self.write(max(1, self.rate // 20))
                self.stopping.wait(0.05)

        self.writer = threading.Thread(target=run, daemon=True)
        self.writer.start()

    def stop_writing(self):
        if self.writer:
            self.stopping.set()
            self.writer.join()
            self.writer = None

    def drain(self, *names):
        """Runs each program to the end of its input; each is to end with 0."""
        for name in names:
            Program(self, name, "--drain").finish()

    def attacks(self, prefix=None):
        """What millrace-attacks tells, as text."""
        return self.ask("--json", "--final", prefix=prefix)

    def ask(self, *words, prefix=None, code=0):
        environment = line_environment(self)
        if prefix:
            environment["MILLRACE_KAFKA__TOPIC_PREFIX"] = prefix
        path = os.path.join(BIN, "millrace-attacks")
        if not os.access(path, os.X_OK):
            raise CannotRun(f"{path} is not built")
        done = subprocess.run(
            [path, *words, "--pipeline", self.pipeline], env=environment, capture_output=True, text=True, timeout=60)
        check(done.returncode == code, f"millrace-attacks {' '.join(words)}: {done.returncode}, {(done.stdout + done.stderr)[-400:]}")
        return done.stdout

    def close(self, keep):
        self.stop_writing()
        for program in self.programs:
            if program.process.poll() is None:
                program.go_on()
                program.process.kill()
                program.process.wait()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
