"""The numbers of text, json, jsonl, csv, prometheus and html are the same.

usage: agree.py PROGRAM LOG...

Each number is taken out of each format by what stands beside it there, then compared with json's.
"""
import html.parser
import json
import re

from common import CLASSES, STAGES, done, logs, reports, result, samples, table


# Names that each format writes as they are.
PLAIN = re.compile(r"[\w.:@/ -]+").fullmatch


def of_text(text):
    """The table of classes: attempts, accepted, sources; and the account of lines."""
    out = {}
    for k in CLASSES:
        row = re.search(rf"^{k} .*$", text, re.M)
        numbers = re.findall(r"(?<![\w.,])\d[\d,]*(?![\d.]*\.\d)(?= |$)", row.group(0)) if row else []
        if row:
            out[k] = [int(n.replace(",", "")) for n in numbers][:3]
    total = re.search(r"([\d,]+) lines? = ([\d,]+) recognised \+ ([\d,]+) ignored \+ ([\d,]+) "
                      r"unknown\s+\+\s+([\d,]+)\s+bad", text)
    out["lines"] = [int(n.replace(",", "")) for n in total.groups()] if total else None
    return out


class Tables(html.parser.HTMLParser):
    """Rows of all tables as lists of their cells' texts."""

    def __init__(self):
        super().__init__()
        self.rows, self.cell = [], None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(self.cell.strip())
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def of_html(text):
    """Of each class the first row that begins with its name: every whole number in it."""
    page = Tables()
    page.feed(text)
    out = {}
    for row in page.rows:
        for k in CLASSES:
            if row and row[0].startswith(k) and k not in out:
                out[k] = [int(c.replace(",", "")) for c in row[1:]
                          if re.fullmatch(r"[\d,]+", c)]
    return out


MEASURES = ["port25", "port25_beside_dnsbl", "dnsbl", "dnsbl_beside_port25", "provider",
            "provider_beside_both", "none"]
BOUNDS = ["lower", "upper", "corrected", "low", "high"]


def percent(part, whole):
    """As reports for people write it."""
    tenths = (part * 1000 + whole // 2) // whole
    tenths = 999 if tenths >= 1000 and part < whole else tenths
    return "<0.1" if tenths == 0 and part > 0 else f"{tenths // 10}.{tenths % 10}"


def text_measures(text):
    """Least, likely and most of each line of the table of measures, for both units."""
    part = text.split("\nWhat would have stopped", 1)[1].split("\n")[2:2 + len(MEASURES)]
    lines = [re.findall(r"(<?[\d.]+) +(<?[\d.]+) +(<?[\d.]+) +[<>\d]+-[<>\d]+", p) for p in part]
    return dict(zip(MEASURES, lines))


def check_measures(r, j, metrics, same):
    """Countermeasures: text, csv and prometheus; the page's are compared in tests/html."""
    units = [u for u in ("attempts", "accepted") if j["totals"]["spam"][u]]
    rows = {(x["unit"], x["measure"]): x for x in table(r["countermeasures"])}
    shown = text_measures(r["text"]) if units else {}
    for u in units:
        whole = j["totals"]["spam"][u]
        for name in MEASURES:
            e = j["countermeasures"][u][name]
            same(f"csv {u} {name}", [int(rows[u, name][b]) for b in BOUNDS], [e[b] for b in BOUNDS])
            least, most = min(e["lower"], e["low"]), max(e["upper"], e["high"])
            same(f"text {u} {name}", shown[name][units.index(u)],
                 tuple(percent(n, whole) for n in (least, e["corrected"], most)))
            if u == "attempts":
                same(f"prometheus {name}", [sum(v for n, l, v in metrics if n ==
                     "countermeasure_attempts" and l == {"measure": name, "estimate": b})
                     for b in BOUNDS], [e[b] for b in BOUNDS])


def check(log):
    r = reports(log, "-n", "100000", "-v")
    j = json.loads(r["json"])
    totals, lines = j["totals"], j["input"]["lines"]
    units = ["attempts", "accepted", "sources"]
    bad = []

    def same(what, got, want):
        if got != want:
            bad.append(f"{what}: {got}, json has {want}")

    want = {k: [totals[u][k]["lower"] for u in units] for k in CLASSES}
    text = of_text(r["text"])
    if totals["spam"]["attempts"]:
        for k in CLASSES:
            same(f"text {k}", text.get(k), want[k])
    if lines["read"]:
        same("text lines", text["lines"], [lines[x] for x in ("read", "recognised", "ignored",
                                                             "unknown", "bad")])
    if "html" in r and totals["spam"]["attempts"]:
        page = of_html(r["html"])
        for k in CLASSES:
            same(f"html {k}", page.get(k), want[k])

    rows = table(r["totals"])
    for row in rows:
        for u in units:
            of = totals[u][row["class"]]
            of = of if row["stage"] == "all" else of["stages"][row["stage"]]
            same(f"csv totals {row}", [int(row[u + "_lower"]), int(row[u + "_upper"])],
                 [of["lower"], of["upper"]])
    same("csv totals", len(rows), len(CLASSES) * (len(STAGES) + 1))
    same("csv sources", [row["source"] for row in table(r["sources"]) if PLAIN(row["source"])],
         [x["source"] for k in CLASSES for x in j["sources"][k] if PLAIN(x["source"])])
    same("csv sources' attempts", [int(row["attempts"]) for row in table(r["sources"])],
         [x["attempts"] for k in CLASSES for x in j["sources"][k]])
    own = [row["source"] for row in table(r["own_side"]) if row["alarm"] == "1"]
    same("csv own_side", [x for x in own if PLAIN(x)],
         [x["source"] for x in j["own_side"] if PLAIN(x["source"])])
    same("csv own_side", len(own), len(j["own_side"]))
    same("csv timeline", [[int(row[k]) for k in CLASSES] for row in table(r["timeline"])],
         [[s[k] for k in CLASSES] for s in j["timeline"]["slots"]])
    same("csv reasons", {row["reason"]: int(row["attempts"]) for row in table(r["reasons"])},
         totals["reasons"])
    same("csv dnsbl", {row["class"]: int(row["listed"]) for row in table(r["dnsbl"])},
         j["dnsbl"]["listed"])
    one = table(r["input"])[0]
    same("csv input", [int(one[x]) for x in ("lines_read", "lines_bad", "messages_total", "spam",
                                            "ham", "relay_probes", "login_failures")],
         [lines["read"], lines["bad"], j["input"]["messages"]["total"], totals["spam"]["attempts"],
          totals["ham"], totals["relay_probes"], totals["login_failures"]])
    flows = table(r["flows"])
    for k in CLASSES:
        same(f"csv flows {k}", [sum(int(row[u]) for row in flows if row["class"] == k)
                                for u in units[:2]], want[k][:2])

    metrics = samples(r["prometheus"])

    def metric(name, **labels):
        return sum(v for n, l, v in metrics if n == name and labels.items() <= l.items())

    for k in CLASSES:
        same(f"prometheus {k}", [metric("spam_attempts", **{"class": k}),
                                 metric("spam_accepted", **{"class": k}),
                                 metric("spam_sources", **{"class": k})], want[k])
        for s in STAGES:
            same(f"prometheus {k} {s}", metric("spam_attempts", **{"class": k, "stage": s}),
                 totals["attempts"][k]["stages"][s]["lower"])
        same(f"prometheus upper {k}", metric("class_attempts_upper", **{"class": k}),
             totals["attempts"][k]["upper"])
        same(f"prometheus own {k}", metric("own_alarms", **{"class": k}),
             sum(x["class"] == k for x in j["own_side"]))
    check_measures(r, j, metrics, same)
    lists = {}
    for row in table(r["lists"]):
        lists.setdefault(row["list"], {})[row["class"]] = int(row["listed"])
    same("csv lists", {n: l for n, l in lists.items() if PLAIN(n)},
         {l["list"]: l["listed"] for l in j["dnsbl"]["lists"] if PLAIN(l["list"])})
    same("csv port25_users", [int(row["messages"]) for row in table(r["port25_users"])],
         [u["messages"] for u in j["port25_users"]["top"]])
    same("prometheus lines", metric("lines"), lines["read"])
    same("prometheus messages", metric("messages"), j["input"]["messages"]["total"])

    events = [json.loads(line) for line in r["jsonl"].splitlines()]
    for k in CLASSES:
        same(f"jsonl {k}", sum(e["class"] == k for e in events), want[k][0])
    same("jsonl accepted", sum(e.get("action") in ("accepted", "tagged") for e in events),
         totals["spam"]["accepted"])
    result(not bad, f"{log}: " + "; ".join(bad[:5]))


for name in logs:
    check(name)
done()
