"""What report/contrib has is usable: units, cron, dashboard, alerts; and make install brings it.

usage: contrib.py PROGRAM      PROMTOOL: the program
"""
import json
import os
import re
import subprocess
import tempfile

from common import FIXED, done, program, result, run, samples

PROMTOOL = os.environ["PROMTOOL"]
CONTRIB = "report/contrib"
SAMPLE = "fixtures/sample/mail.log"


def read(name):
    with open(os.path.join(CONTRIB, name), encoding="utf-8") as f:
        return f.read()


def shell(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def allowed(unit):
    """The system calls that a unit's filters leave, as systemd itself expands their names."""
    def expand(name):
        if not name.startswith("@"):
            return {name}
        got = shell("systemd-analyze", "syscall-filter", name).stdout
        out = set()
        for line in got.splitlines()[1:]:
            word = line.strip().split(" ")[0]
            if word and not word.startswith("#"):
                out |= expand(word)
        return out

    out = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit, re.M):
        names = set().union(*(expand(n) for n in line.lstrip("~").split()))
        out = out - names if line.startswith("~") else out | names
    return out | expand("@default")


def units(work):
    for name in ("spamsource.service", "spamsource.timer", "spamsource-mail.service"):
        text = read(name).replace("/usr/local/bin/spamsource", program)
        # No mail system here; that sendmail would be there is not what is tested.
        text = text.replace("/usr/sbin/sendmail", "/bin/true")
        with open(os.path.join(work, name), "w", encoding="utf-8") as f:
            f.write(text)
    env = {**os.environ, "SYSTEMD_UNIT_PATH": work + ":"}
    for name in sorted(os.listdir(work)):
        got = shell("systemd-analyze", "verify", "--man=no", os.path.join(work, name), env=env)
        result(got.returncode == 0 and not got.stderr, f"verify {name}: {got.stderr}")
    got = shell("systemd-analyze", "security", "--offline=true", "--threshold=10",
                os.path.join(work, "spamsource.service"))
    result(got.returncode == 0, "more exposed than 1.0: " + got.stdout[-200:])


def command(work):
    """ExecStart runs, with nothing but the system calls that it may make."""
    unit = read("spamsource.service")
    start = re.search(r"^ExecStart=((?:.*\\\n)*.*)", unit, re.M).group(1).replace("\\\n", " ")
    words = start.replace("${STATE_DIRECTORY}", work).split()
    result(words[0] == "/usr/local/bin/spamsource" and words[-1] == "/var/log", "ExecStart: " + start)
    words = [program, *words[1:-1], "--now", "2026-11-21T03:00:00Z", "--tz", "UTC", SAMPLE]
    trace = os.path.join(work, "trace")
    got = shell("strace", "-f", "-o", trace, *words)
    result(got.returncode == 10, f"ExecStart ends with {got.returncode}: {got.stderr}")
    result("SuccessExitStatus=10" in unit, "10 is a success")
    with open(trace, encoding="utf-8", errors="replace") as f:
        used = set(re.findall(r"^(?:\d+ +)?(\w+)\(", f.read(), re.M))
    may = allowed(unit)
    result(len(may) > 100 and len(used) > 10, "filters and calls are found")
    result(used <= may, f"calls that the unit forbids: {sorted(used - may)}")
    for name in ("report.html", "report.json", "spamsource.prom", "report.eml"):
        path = os.path.join(work, name)
        result(os.path.exists(path) and os.path.getsize(path) > 500, f"{name} is written")
    mail = read("spamsource-mail.service")
    result("/var/lib/spamsource/report.eml" in mail and "StateDirectory=spamsource" in unit, "paths")


def cron():
    lines = [line for line in read("spamsource.cron").splitlines()
             if line and not line.startswith("#") and not re.match(r"\w+=", line)]
    result(len(lines) == 2, f"cron: {len(lines)} jobs")
    for line in lines:
        fields = line.split(None, 6)
        result(re.fullmatch(r"[\d*/,-]+", "".join(fields[:5])) is not None and
               fields[5] == "root", f"cron: {line}")
        # cron reads % as a newline
        result("%" not in line, "cron: a percent sign")
        job = line.split(None, 6)[6].replace("/usr/local/bin/spamsource", program)
        job = job.replace("/usr/sbin/sendmail -t", "cat").replace(
            "/var/log", f"--now 2026-11-21T03:00:00Z --tz UTC {SAMPLE}")
        got = shell("sh", "-c", job)
        result(got.returncode == 0 and not got.stderr, f"cron: {job}: {got.stderr}")


def queries(work):
    """Every expression of dashboard and alerts is PromQL, over metrics and labels that exist."""
    text = run("-f", "prometheus", *FIXED, SAMPLE)
    names = {"spamsource_" + n for n, _, _ in samples(text)}
    labels = {k for _, l, _ in samples(text) for k in l}
    board = json.loads(read("grafana-dashboard.json"))
    asked = [t["expr"] for p in board["panels"] for t in p["targets"]]
    result(len(asked) > 12, f"{len(asked)} queries")
    boxes = [(p["gridPos"]["x"], p["gridPos"]["y"], p["gridPos"]["w"], p["gridPos"]["h"])
             for p in board["panels"]]
    result(len({b[:2] for b in boxes}) == len(boxes) and all(b[0] + b[2] <= 24 for b in boxes),
           "panels stand beside each other")
    with open(os.path.join(work, "board.yml"), "w", encoding="utf-8") as f:
        rules = [{"record": f"q{i}", "expr": q.replace("$host", ".*")} for i, q in enumerate(asked)]
        json.dump({"groups": [{"name": "board", "rules": rules}]}, f)
    for path in (os.path.join(work, "board.yml"), f"{CONTRIB}/spamsource.rules.yml"):
        got = shell(PROMTOOL, "check", "rules", path)
        result(got.returncode == 0, f"promtool check rules {path}: {got.stdout}{got.stderr}")
    for q in [*asked, *re.findall(r"expr: (.*)", read("spamsource.rules.yml"))]:
        used = set(re.findall(r"spamsource_\w+", q))
        result(used <= names, f"no such metric: {used - names}")
        used = set(re.findall(r"(\w+)=~?\"", q)) | {w for by in re.findall(
            r"(?:by|without|ignoring) \(([\w, ]*)\)", q) for w in by.split(", ") if w}
        result(used <= labels, f"no such label: {used - labels} in {q}")
    alerts(work)


def alerts(work):
    """The alerts fire when they should: promtool's own unit tests."""
    test = {"rule_files": [os.path.abspath(f"{CONTRIB}/spamsource.rules.yml")], "tests": [{
        "interval": "1m",
        "input_series": [
            {"series": 'spamsource_own_alarms{class="compromised"}', "values": "0 2"},
            {"series": 'spamsource_lines{kind="unknown"}', "values": "0 20"},
            {"series": 'spamsource_lines{kind="recognised"}', "values": "1000 1000"},
            {"series": 'spamsource_lines{kind="ignored"}', "values": "5 5"}],
        "alert_rule_test": [
            {"eval_time": "0m", "alertname": "OwnSideSendsSpam", "exp_alerts": []},
            {"eval_time": "0m", "alertname": "LinesNotUnderstood", "exp_alerts": []},
            {"eval_time": "1m", "alertname": "OwnSideSendsSpam", "exp_alerts": [{
                "exp_labels": {"class": "compromised", "severity": "page"},
                "exp_annotations": {
                    "summary": "2 own source(s) of spam, class compromised: read the report"}}]},
            {"eval_time": "1m", "alertname": "LinesNotUnderstood", "exp_alerts": [{
                "exp_labels": {"severity": "ticket"},
                "exp_annotations": {"summary": "more than 1 % of the mail programs' lines have no "
                                    "known shape (see --unknown)"}}]}]}]}
    path = os.path.join(work, "test.yml")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(test, f)
    got = shell(PROMTOOL, "test", "rules", path)
    result(got.returncode == 0, f"promtool test rules: {got.stdout}{got.stderr}")


def install(work):
    got = shell("make", "-s", "install", f"DESTDIR={work}", "PREFIX=/opt/x", f"PROGRAM={program}",
                env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")
                     and k != "MFLAGS"})
    result(got.returncode == 0, f"make install: {got.stderr}")
    share = os.path.join(work, "opt/x/share")
    for name, shell_name in (("bash-completion/completions/spamsource", "bash"),
                             ("zsh/site-functions/_spamsource", "zsh"),
                             ("fish/vendor_completions.d/spamsource.fish", "fish")):
        path = os.path.join(share, name)
        result(os.path.exists(path) and open(path, encoding="utf-8").read() ==
               run("completion", shell_name), f"make install: {name}")
    contrib = os.path.join(share, "spamsource/contrib")
    result(sorted(os.listdir(contrib)) == sorted(os.listdir(CONTRIB)), "make install: contrib")
    with open(os.path.join(contrib, "spamsource.service"), encoding="utf-8") as f:
        result("ExecStart=/opt/x/bin/spamsource " in f.read(), "units name the installed program")


for part in (units, command, queries, install):
    with tempfile.TemporaryDirectory() as directory:
        part(directory)
cron()
done()
