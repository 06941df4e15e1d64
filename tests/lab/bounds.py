"""Do the printed bounds hold the truth?  On the lab's frozen logs and cases, in many mixes.

usage: bounds.py PROGRAM      ends with "N passed, N failed"; VERBOSE=1 prints what is outside

A mix is a part of the frozen logs: a host, several hosts at random, each scenario alone, a random
half of the scenarios of random hosts, hours of a day; and each of fixtures/cases. For each the
program's report and its events are made (map, then merge); every event is matched to its row of the
truth here, by queue id, message-id or client and time, so that the true number of each class, and
of what each measure would have stopped, is known. Printed of each are: what was attributed and what
may be of it (lower, upper), and a 95 % interval (low, high).

Asked is: does the truth lie between the least and the most of these four, and does the 95 % interval
hold it as often as it says? Of whole logs the one always. A part, of which the accuracy is not, may
be of one kind, on which verdicts are all wrong: there the bounds, being never narrower than the
interval, hold at least 95 of 100. Intervals hold 95 of 100 but for chance: numbers of one mix go
together, so chance is 1.96 standard errors of the mean over mixes.
"""
import calendar
import collections
import csv
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

program = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
fixtures = os.path.join(here, "../../fixtures")
frozen = os.path.join(fixtures, "lab/frozen")
FIXED = ["--year", "2026", "--tz", "UTC", "--now", "2026-12-31T00:00:00Z", "--no-progress"]
CLASSES = ["zombie", "misconfigured", "compromised"]
NEAR = {"queue_id": 1 << 40, "message_id": 600, "client_ip": 150}
verbose = "VERBOSE" in os.environ
counts = [0, 0]


def result(good, what):
    counts[not good] += 1
    if not good:
        print("FAIL " + what)


def run(*args):
    got = subprocess.run([program, *args], capture_output=True, check=False)
    assert got.returncode in (0, 1), (args, got.stderr)


def rows_of(path):
    with open(path, encoding="utf-8") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        row["ts"] = calendar.timegm(time.strptime(row["time"], "%Y-%m-%dT%H:%M:%SZ"))
        row["wanted"] = row["class"] == "ham" and row.get("decidable", "yes") == "yes"
    return rows


def match(events, rows):
    """The row of each event; rows of spam first, a row for one event as far as there are enough."""
    by = collections.defaultdict(list)
    for i, row in enumerate(rows):
        for key in NEAR:
            if row[key]:
                by[row.get("host", ""), key, row[key]].append(i)
    pairs = []
    for e, event in enumerate(events):
        for kind, (key, near) in enumerate(NEAR.items()):
            for host in {"", event.get("host", "")}:
                for i in by.get((host, key, event.get(key)), ()):
                    away = abs(event["ts"] - rows[i]["ts"])
                    if away <= near:
                        pairs.append((kind, rows[i]["wanted"], away, e, i))
    found, used = [None] * len(events), set()
    for again in (False, True):
        for _, _, _, e, i in sorted(pairs):
            if found[e] is None and (again or i not in used):
                found[e] = rows[i]
                used.add(i)
    return found


BY_OWN_RELAY = ("by the own relay", "bot in a hall behind NAT")


def is_direct(event, row):
    """Brought to port 25 over the border of its own network."""
    return row["class"] == "zombie" and event["direction"] in ("inbound", "relayed") and \
        event["source"].startswith("ip:") and not (event["direction"] == "relayed" and
                                                   row.get("note") in BY_OWN_RELAY)


def true_numbers(unit, events, rows):
    """By what stands in the report: how many there really were."""
    some = [(e, r) for e, r in zip(events, rows)
            if unit == "attempts" or e["action"] in ("accepted", "tagged")]
    # A spammer's own servers are none of the three classes.
    kind = [r["class"] if "snowshoe" not in (r.get("note") or "") else "none" for _, r in some]
    listed = [e["stopped_by"]["dnsbl"] for e, _ in some]
    direct = [is_direct(e, r) for e, r in some]
    account = [k == "compromised" for k in kind]
    stops = list(zip(direct, listed, account))
    out = {k: kind.count(k) for k in CLASSES}
    out["port25"] = sum(direct)
    out["port25_beside_dnsbl"] = sum(p and not d for p, d, a in stops)
    out["dnsbl"] = sum(listed)
    out["dnsbl_beside_port25"] = sum(d and not p for p, d, a in stops)
    out["provider"] = sum(account)
    out["provider_beside_both"] = sum(a and not d and not p for p, d, a in stops)
    out["none"] = sum(not (p or d or a) for p, d, a in stops)
    return out


def whose_line(rows, lines):
    """The scenario of each line of a log; None: of none, as what daemons say of themselves."""
    of = {}
    for row in rows:
        for key in NEAR:
            if row[key]:
                of.setdefault(row[key], row["scenario"])
    words = re.compile(r"[^\s<>\[\](),;:=\"']+(?:@[\w.-]+)?")
    queue_id = re.compile(r"\]: (\w{8,}): | (\w{6}-\w{6,11}-\w{2,4}) ")
    out = []
    for _ in range(2):      # what a line's client says of its queue id holds for all of these
        out = []
        for line in lines:
            own = queue_id.search(line)
            own = own and (own.group(1) or own.group(2))
            scenario = of.get(own) or next((of[w] for w in words.findall(line) if w in of), None)
            if scenario and own:
                of.setdefault(own, scenario)
            out.append(scenario)
    return out


class Lab:
    """Parts of the frozen logs, made when they are asked for."""

    def __init__(self, work):
        self.work, self.n = work, 0
        self.rows = rows_of(os.path.join(frozen, "truth.tsv"))
        self.hosts = sorted({r["host"] for r in self.rows})
        self.whole = {h: self.part(h, [os.path.join(frozen, h, f)
                                       for f in sorted(os.listdir(os.path.join(frozen, h)))])
                      for h in self.hosts}
        self.lines = {}
        # The own networks of the four hosts that relay for their range (hosts.tsv) show in a whole log
        # by the mail for them; in a part of it, as in any small log, they must be said.
        self.config = ["-c", os.path.join(work, "own.yaml")]
        with open(self.config[1], "w", encoding="utf-8") as f:
            f.write("own: {networks: [22.40.0.0/16, 22.41.0.0/16, 11.33.0.0/16, "
                    "7.62.0.0/16]}\n")

    def part(self, host, logs, *options):
        self.n += 1
        path = os.path.join(self.work, f"{self.n}.part")
        run("map", "--events", "--host", host, *FIXED, *options, "-o", path, *logs)
        return path

    def some(self, host, scenarios):
        """A part of the host's logs with these scenarios alone."""
        if host not in self.lines:
            rows = [r for r in self.rows if r["host"] == host]
            self.lines[host] = {}
            for name in sorted(os.listdir(os.path.join(frozen, host))):
                text = subprocess.run(["zstd", "-qdc", os.path.join(frozen, host, name)],
                                      capture_output=True, check=True).stdout.decode("latin-1")
                lines = text.splitlines(keepends=True)
                self.lines[host][name[:-4]] = list(zip(whose_line(rows, lines), lines))
        logs = []
        for name, lines in self.lines[host].items():
            logs.append(os.path.join(self.work, name))
            with open(logs[-1], "w", encoding="latin-1", newline="") as f:
                f.writelines(line for of, line in lines if of in scenarios)
        return self.part(host, logs, *self.config)


class Held:
    """How often bounds held."""

    def __init__(self, name):
        self.name, self.mixes, self.all, self.sure, self.likely = name, 0, 0, 0, 0
        self.shares = []        # of each mix, of its numbers that intervals hold

    def add(self, what, inputs, rows, command="merge", options=()):
        base = os.path.join(work, "out")
        run(command, *inputs, *FIXED, *options, "-f", "json", "-o", base + ".json", "-f", "jsonl",
            "-o", base + ".jsonl")
        with open(base + ".json", encoding="utf-8") as f:
            report = json.load(f)
        with open(base + ".jsonl", encoding="utf-8") as f:
            events = [json.loads(line) for line in f]
        matched = match(events, rows)
        known = [(e, r) for e, r in zip(events, matched) if r is not None]
        # A host's own bounces and the like are no row's: few.
        assert len(events) - len(known) <= 2 + len(events) // 50, (what, len(events), len(known))
        self.mixes += len(events) > 0
        before = self.all, self.likely
        for unit in ("attempts", "accepted"):
            true = true_numbers(unit, *zip(*known)) if known else {}
            for name, n in true.items():
                e = report["totals"][unit].get(name) or report["countermeasures"][unit][name]
                free = len(events) - len(known)
                self.all += 1
                inside = min(e["lower"], e["low"]) - free <= n <= max(e["upper"], e["high"]) + free
                likely = e["low"] - free <= n <= e["high"] + free
                self.sure += inside
                self.likely += likely
                if verbose and not (inside and likely):
                    print(f"{self.name}: {what}: {unit} {name}: truth {n}, {e}"
                          f"{'' if inside else ' OUTSIDE'}")
        if self.all > before[0]:
            self.shares.append((self.likely - before[1]) / (self.all - before[0]))

    def check(self, least):
        sure, likely = 100 * self.sure / self.all, 100 * self.likely / self.all
        print(f"{self.name}: {self.mixes} mixes, {self.all} numbers: bounds hold {sure:.2f} %, "
              f"95 % intervals {likely:.1f} %")
        result(sure >= least, f"{self.name}: bounds hold {sure:.2f} %, not {least}")
        chance = 196 * statistics.stdev(self.shares) / len(self.shares) ** .5
        result(likely + chance >= 95, f"{self.name}: intervals hold {likely:.1f} %")


def hosts_and_hours(lab, chance):
    held = Held("each host")
    for host in lab.hosts:
        held.add(host, [lab.whole[host]], lab.rows)
    held.check(100)
    held = Held("hosts at random")
    for _ in range(30):
        some = chance.sample(lab.hosts, chance.randint(2, len(lab.hosts)))
        held.add(" ".join(some), [lab.whole[h] for h in some], lab.rows)
    held.check(100)
    held = Held("hours of a host")
    for _ in range(40):
        host = chance.choice(lab.hosts)
        day = min(r["time"] for r in lab.rows if r["host"] == host)[:10]
        begin = chance.randint(0, 16)
        end = chance.randint(begin + 4, 23)
        held.add(f"{host} {begin} to {end}", [lab.whole[host]], lab.rows, options=[
            "--since", f"{day}T{begin:02d}:00:00Z", "--until", f"{day}T{end:02d}:00:00Z"])
    # Verdicts need a day: what else a server sends, how often a client comes.
    held.check(95)


def scenarios(lab, chance):
    names = sorted({r["scenario"] for r in lab.rows})
    hosts = {n: sorted({r["host"] for r in lab.rows if r["scenario"] == n}) for n in names}
    held = Held("halves of the scenarios")
    for _ in range(12):
        half = set(chance.sample(names, len(names) // 2))
        some = chance.sample(lab.hosts, 4)
        held.add(" ".join(sorted(half)), [lab.some(h, half) for h in some], lab.rows,
                 options=lab.config)
    held.check(95)
    held = Held("each scenario alone")
    for name in names:
        held.add(name, [lab.some(h, {name}) for h in hosts[name]], lab.rows, options=lab.config)
    held.check(95)


def cases():
    held = Held("cases")
    for name in sorted(os.listdir(os.path.join(fixtures, "cases"))):
        path = os.path.join(fixtures, "cases", name)
        held.add(name, [path], rows_of(os.path.join(path, "truth.tsv")), command="report")
    held.check(100)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        mixed = random.Random(6)
        frozen_lab = Lab(work)
        hosts_and_hours(frozen_lab, mixed)
        scenarios(frozen_lab, mixed)
        cases()
    print(f"{counts[0]} passed, {counts[1]} failed")
    sys.exit(counts[1] != 0)
