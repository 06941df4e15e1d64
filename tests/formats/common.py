"""What the tests of formats share."""
import csv
import io
import os
import re
import subprocess
import sys
import tempfile

FIXED = ["--year", "2026", "--tz", "UTC", "--now", "2026-12-31T00:00:00Z", "--no-progress"]
CLASSES = ["zombie", "misconfigured", "compromised", "unattributed"]
STAGES = ["connect", "envelope", "content", "delivery"]

program = os.path.abspath(sys.argv[1])
logs = sys.argv[2:]
counts = [0, 0]


def result(good, what):
    """One test; what is said when it failed."""
    counts[not good] += 1
    if not good:
        print("FAIL " + what)


def done():
    print(f"{counts[0]} passed, {counts[1]} failed")
    sys.exit(counts[1] != 0)


def run(*args, codes=(0, 1), stdin=b""):
    """Its standard output; 1 is an input in trouble, which hostile ones are."""
    got = subprocess.run([program, *args], capture_output=True, input=stdin, check=False)
    if got.returncode not in codes:
        raise AssertionError(f"{args}: exit code {got.returncode}: {got.stderr.decode()}")
    return got.stdout.decode("utf-8")


def words_of(option):
    """What an option takes, as the program itself tells shells."""
    fish = run("completion", "fish")
    return re.search(rf"-l {option} -x -a '([^']*)'", fish).group(1).split()


SECTIONS = words_of("section")


def reports(log, *options, to="report-reader"):
    """Every format of one log by one reading: name -> text."""
    asked = [(f, ["-f", f]) for f in words_of("format") if f != "csv"]
    asked += [(s, ["-f", "csv", "--section", s]) for s in SECTIONS]
    asked += [("mail", ["--mail", to])]
    with tempfile.TemporaryDirectory() as work:
        args = []
        for i, (_, a) in enumerate(asked):
            args += [*a, "-o", os.path.join(work, str(i))]
        run(*args, *FIXED, *options, log)
        out = {}
        for i, (name, _) in enumerate(asked):
            with open(os.path.join(work, str(i)), encoding="utf-8", newline="") as f:
                out[name] = f.read()
        return out


def table(text):
    """Rows of a CSV as dicts; strict: a stray quote or a short row is an error."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    for row in rows:
        assert len(row) == len(rows[0]), row
    return [dict(zip(rows[0], row)) for row in rows[1:]]


SAMPLE = re.compile(r'^spamsource_(\w+?)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)')


def samples(text):
    """[(name, labels, value)] of a Prometheus text."""
    out = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        out.append((name, dict(LABEL.findall(labels or "")), int(value)))
    return out
