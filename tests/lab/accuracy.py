"""The accuracy of rules/00-model.yaml, from the lab's frozen logs.

usage: accuracy.py PROGRAM      prints it; to be copied there after rules were changed

Clients by what most of their spam was, then by the verdict that most of it got; apart by whether a
DNSBL knew one of its mails. Own accounts, scripts and machines by mails. The spread of a row is the
correlation of right verdicts within a host, as of an analysis of variance: a few hosts tell it
badly, so at least 50 per mille are taken.
"""
import collections
import json
import os
import subprocess
import sys

import bounds

KINDS = ["zombie", "misconfigured", "compromised", "unattributed"]
LEAST = 50


def events_of(host):
    logs = [os.path.join(bounds.frozen, host, f)
            for f in sorted(os.listdir(os.path.join(bounds.frozen, host)))]
    out = subprocess.run([bounds.program, "report", "--host", host, *bounds.FIXED, "-f", "jsonl",
                          *logs], capture_output=True, check=False).stdout
    return [json.loads(line) for line in out.splitlines()]


def truth_of(row):
    if row["class"] in KINDS and "snowshoe" not in (row.get("note") or ""):
        return row["class"]
    return "unattributed"


def most(counter):
    return max(KINDS, key=lambda k: (counter[k], -KINDS.index(k)))


def add_host(table, host, rows):
    """(stratum, truth) -> host -> how often each verdict."""
    events = events_of(host)
    sources = collections.defaultdict(list)
    for event, row in zip(events, bounds.match(events, rows)):
        if row is None:
            continue
        outside = event["source"].startswith("ip:") and event["direction"] == "inbound"
        if outside:
            sources[event["source"]].append((event, row))
        else:
            table["own", truth_of(row)][host][event["class"]] += 1
    for pairs in sources.values():
        truth = most(collections.Counter(truth_of(r) for _, r in pairs))
        verdict = most(collections.Counter(e["class"] for e, _ in pairs))
        listed = any(e["stopped_by"]["dnsbl"] for e, _ in pairs)
        table["listed" if listed else "unlisted", truth][host][verdict] += 1


def spread(hosts, truth):
    """Of right or wrong, by host; per mille, in tens."""
    n = [(sum(c.values()), c[truth]) for c in hosts.values()]
    total, k = sum(a for a, _ in n), len(n)
    if k < 2 or total <= k:
        return LEAST
    mean = sum(r for _, r in n) / total
    between = sum(a * (r / a - mean) ** 2 for a, r in n) / (k - 1)
    within = sum(r * (1 - r / a) for a, r in n) / (total - k)
    size = (total - sum(a * a for a, _ in n) / total) / (k - 1)
    whole = between + (size - 1) * within
    rho = (between - within) / whole if whole > 0 else 0
    return max(LEAST, round(rho * 100) * 10)


def table_of(rows, hosts):
    table = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for host in hosts:
        add_host(table, host, rows)
    return table


def lines_of(table, hosts):
    """As it stands in the rules, of these hosts alone."""
    lines = ["  accuracy:"]
    for stratum in ("listed", "unlisted", "own"):
        lines.append(f"    {stratum}:")
        for truth in KINDS:
            some = {h: c for h, c in table.get((stratum, truth), {}).items() if h in hosts}
            if not some:
                continue
            all_of = sum(some.values(), collections.Counter())
            cells = [f"{k}: {all_of[k]}" for k in KINDS if all_of[k]]
            lines.append(f"      {truth}: {{{', '.join(cells)}, spread: {spread(some, truth)}}}")
    return lines


def main():
    rows = bounds.rows_of(os.path.join(bounds.frozen, "truth.tsv"))
    hosts = sorted({r["host"] for r in rows})
    print("\n".join(lines_of(table_of(rows, hosts), hosts)))


if __name__ == "__main__":
    sys.exit(main())
