"""Do the bounds hold the truth of a host of which the accuracy knows nothing?

usage: leave_one_out.py PROGRAM      VERBOSE=1 prints what is outside

For each host of the lab's frozen logs, the model's accuracy is made anew from all the other hosts,
and the host's report is made with it: as for a log of somebody else. The rules themselves had seen
half of the scenarios, though; that this does not take back. Units are hosts: the numbers of one
report are not independent. So asked is in how many hosts all are within: were it in 95 of 100, fewer
than 23 of 27 would be seen once in a hundred times.
"""
import math
import os
import re
import shutil
import sys
import tempfile

import accuracy
import bounds


def rules_with(directory, lines):
    """The rules, with this accuracy in the place of their own."""
    shutil.copytree(os.path.join(bounds.here, "../../rules"), directory)
    path = os.path.join(directory, "00-model.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    text, n = re.subn(r"^  accuracy:\n(?:    .*\n)+", lambda _: "\n".join(lines) + "\n", text,
                      flags=re.M)
    assert n == 1, n
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    rows = bounds.rows_of(os.path.join(bounds.frozen, "truth.tsv"))
    hosts = sorted({r["host"] for r in rows})
    table = accuracy.table_of(rows, hosts)
    held = bounds.Held("a host left out")
    whole = 0
    for host in hosts:
        rules = os.path.join(bounds.work, "rules-" + host)
        rules_with(rules, accuracy.lines_of(table, [h for h in hosts if h != host]))
        logs = [os.path.join(bounds.frozen, host, f)
                for f in sorted(os.listdir(os.path.join(bounds.frozen, host)))]
        before = held.sure, held.all
        held.add(host, logs, [r for r in rows if r["host"] == host], command="report",
                 options=["--rules", rules, "--host", host])
        whole += held.sure - before[0] == held.all - before[1]
    # The most that may lie outside, if 5 in 100 do, but once in 40 times.
    below, least = 0, -1
    while below < 1 / 40:
        least += 1
        below += math.comb(len(hosts), least) * .95 ** least * .05 ** (len(hosts) - least)
    print(f"{whole} of {len(hosts)} hosts have all numbers within; asked are {least}")
    bounds.result(whole >= least, f"only {whole} of {len(hosts)} hosts have all within")
    return held


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as bounds.work:
        main().check(95)
    print(f"{bounds.counts[0]} passed, {bounds.counts[1]} failed")
    sys.exit(bounds.counts[1] != 0)
