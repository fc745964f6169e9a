"""CrowdSec and fail2ban of Debian on an access log: the addresses that each would ban, as it is delivered.

Neither is installed: `.ci/setup eval` unpacks the packages into .build/others, so that no service is set up.
"""

import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OTHERS = ROOT / ".build" / "others"

CROWDSEC = """
common: {{daemonize: false, log_media: stdout, log_level: fatal, working_dir: .}}
config_paths:
  config_dir: {0}/config/
  data_dir: {0}/data/
  simulation_path: {0}/config/simulation.yaml
  hub_dir: {0}/hub/
  index_path: {0}/hub/.index.json
  notification_dir: {0}/config/notifications/
  plugin_dir: {0}/plugins/
crowdsec_service: {{acquisition_path: {0}/config/acquis.yaml, parser_routines: 1}}
cscli: {{output: json}}
db_config: {{log_level: fatal, type: sqlite, db_path: {0}/data/crowdsec.db, flush: {{max_items: 1000000}}}}
api:
  client: {{insecure_skip_verify: false, credentials_path: {0}/config/client.yaml}}
  server: {{log_level: fatal, listen_uri: 127.0.0.1:{1}, profiles_path: {0}/config/profiles.yaml}}
prometheus: {{enabled: false}}
"""


def has_crowdsec():
    return (OTHERS / "usr/bin/crowdsec").exists()


def enabled_items():
    """What Debian enables of the hub at its first installation: its script for that lists them."""
    script = (OTHERS / "crowdsec.postinst").read_text()
    listed = script.split("UPSTREAM_ITEMS=", 1)[1].split("EOF", 2)[1]
    return [line for line in listed.split("\n") if re.match(r"[a-z]\S*/", line)]


def crowdsec(log, port):
    """The addresses with an alert. Its local API listens on the loopback address and ends with the run."""
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        share = OTHERS / "usr/share/crowdsec"
        shutil.copytree(share / "hub", work / "hub")
        shutil.copytree(share / "data", work / "data")
        # The package names this list unlike the rule that reads it.
        shutil.copy(share / "data/path_traversal.txt", work / "data/http_path_traversal.txt")
        shutil.copytree(OTHERS / "etc/crowdsec", work / "config")
        (work / "plugins").mkdir()
        (work / "config/acquis.yaml").write_text("")
        (work / "config/client.yaml").write_text("")
        (work / "config/config.yaml").write_text(CROWDSEC.format(work, port))
        for item in enabled_items():
            parts = item.split("/")
            link = work / "config" / "/".join(parts[:-2]) / parts[-1]
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(work / "hub" / item)
        settings = ["-c", work / "config/config.yaml"]
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(
            [OTHERS / "usr/bin/cscli", *settings, "machines", "add", "evaluation", "--password", "evaluation",
             "--force", "-f", work / "config/client.yaml", "-u", f"http://127.0.0.1:{port}"], **quiet)
        subprocess.run(
            [OTHERS / "usr/bin/crowdsec", *settings, "-no-capi", "-dsn", f"file://{log}", "-type", "nginx"],
            timeout=600, **quiet)
        with sqlite3.connect(work / "data/crowdsec.db") as database:
            return {row[0] for row in database.execute("select distinct source_value from alerts")}


# The jails of Debian's jail.conf that read access logs, with their maxretry; findtime is ten minutes for all.
JAILS = (("apache-badbots", 1), ("nginx-botsearch", 2), ("nginx-bad-request", 5), ("php-url-fopen", 5))


def has_fail2ban():
    return (OTHERS / "usr/lib/python3/dist-packages/fail2ban").exists()


def fail2ban(lines):
    """The addresses that a jail would ban. `lines`: (time in seconds, line of the log) in order."""
    sys.path.insert(0, str(OTHERS / "usr/lib/python3/dist-packages"))
    import logging

    from fail2ban.client.filterreader import FilterReader
    from fail2ban.server.filter import Filter
    from fail2ban.server.mytime import MyTime

    logging.getLogger("fail2ban").setLevel(logging.CRITICAL)
    banned = set()

    class Jail:
        """Takes what a filter wants to have banned."""

        name = "evaluation"
        database = None

        def __init__(self):
            self.filter = None

        def putFailTicket(self, ticket):
            banned.add(str(ticket.getID()))

        def isAlive(self):
            return True

    filters = []
    for name, most in JAILS:
        reader = FilterReader(name, name, {}, basedir=str(OTHERS / "etc/fail2ban"))
        if not reader.read():
            continue
        reader.getOptions(None)
        one = Filter(Jail(), useDns="no")
        one.setMaxRetry(most)
        one.setFindTime(600)
        for command in reader.convert():
            values = command[3] if isinstance(command[3], list) else [command[3]]
            if command[2] == "datepattern":
                one.setDatePattern(command[3])
            for value in values:
                if command[2] == "addfailregex":
                    one.addFailRegex(value)
                elif command[2] == "addignoreregex":
                    one.addIgnoreRegex(value)
        one.checkFindTime = True
        filters.append(one)
    for time, line in lines:
        MyTime.setTime(time)
        for one in filters:
            one.processLineAndAdd(line)
    return banned


