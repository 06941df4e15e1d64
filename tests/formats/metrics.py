"""promtool accepts the metrics; labels have no address, account or network in them.

usage: metrics.py PROGRAM LOG...      PROMTOOL: the program
"""
import os
import re
import subprocess
import tempfile

from common import FIXED, done, logs, result, run, samples

PROMTOOL = os.environ["PROMTOOL"]
ALLOWED = {"class", "stage", "direction", "host", "reason", "kind", "state", "measure", "estimate",
           "port25", "dnsbl", "provider"}


def check(name, text):
    got = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True,
                         text=True, check=False)
    result(got.returncode == 0 and not got.stderr + got.stdout,
           f"{name}: promtool: {got.stderr + got.stdout}")
    labels = {(k, v) for _, l, _ in samples(text) for k, v in l.items()}
    # The log's host is what a forged log says; clients and accounts are never labels.
    bad = [x for x in labels if x[0] not in ALLOWED or (x[0] != "host" or "hostile" not in name) and
           re.search(r"\d+\.\d+\.\d+\.\d+|@|::|/\d\d$", x[1])]
    result(not bad, f"{name}: labels: {bad[:3]}")
    series = [(n, tuple(sorted(l.items()))) for n, l, _ in samples(text)]
    result(len(series) == len(set(series)), f"{name}: a series stands twice")


for log in logs:
    check(log, run("-f", "prometheus", *FIXED, log))

with tempfile.TemporaryDirectory() as work:
    # Hosts are bounded: a log may name as many as it likes, and how it likes.
    path = os.path.join(work, "mail.log")
    with open(path, "w", encoding="utf-8", newline="") as f:
        for i in range(300):
            host = ["a\"b", "a\\b", "a{}=,b", "\x1b[2J", "h\u202e"][i % 5] + str(i)
            for n in range(1 + i % 3):
                f.write(f"Mar  3 10:00:{n:02d} {host} postfix/smtpd[9]: NOQUEUE: reject: RCPT from "
                        f"unknown[203.0.113.7]: 554 5.7.1 Service unavailable; Client host "
                        f"[203.0.113.7] blocked using zen.spamhaus.org; from=<a{n}x{i}@b.example> "
                        f"to=<c@d.example> proto=ESMTP helo=<x>\n")
    text = run("-f", "prometheus", *FIXED, path)
    check("300 hosts", text)
    hosts = {l["host"] for n, l, _ in samples(text) if n == "spam_attempts"}
    sums = [v for n, l, v in samples(text) if n == "spam_attempts"]
    result(len(hosts) == 101 and "(others)" in hosts, f"300 hosts: {len(hosts)} labels")
    result(sum(sums) == 600, f"300 hosts: {sum(sums)} attempts, not 600")
done()
