"""Tables load into sqlite3 with every row and number, and hold no formula.

usage: tables.py PROGRAM LOG...     OFFICE=soffice: into LibreOffice too
"""
import os
import re
import subprocess
import tempfile

from common import FIXED, SECTIONS, done, logs, reports, result, run, table

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A spreadsheet may take another separator than ours; then cells begin there too.
SEPARATORS = re.compile(r'[;|,\t"]')


def formulas(text):
    for row in table(text):
        for cell in row.values():
            for part in [cell, *SEPARATORS.split(cell)]:
                if part.lstrip(" ").startswith(STARTERS):
                    yield cell


def sqlite(path, name):
    """Rows and the sum of everything that is a whole number, as sqlite3 has it."""
    got = subprocess.run(["sqlite3", ":memory:", ".mode csv", f".import {path} t",
                          "SELECT count(*) FROM t;", "SELECT * FROM t;"],
                         capture_output=True, text=True, check=False)
    assert got.returncode == 0 and not got.stderr, f"{name}: {got.stderr}"
    first, _, rest = got.stdout.partition("\n")
    return int(first or 0), rest


def whole_numbers(cells):
    return sum(int(c) for c in cells if re.fullmatch(r"\d{1,18}", c))


def office(paths, name):
    """No cell has a formula when LibreOffice has opened it, whatever separator it takes."""
    for separator in ("44", "59", "9"):
        with tempfile.TemporaryDirectory() as work:
            got = subprocess.run(
                [os.environ["OFFICE"], f"-env:UserInstallation=file://{work}/user", "--headless",
                 f"--infilter=CSV:{separator},34,76,1,,0,false,true", "--convert-to", "fods",
                 "--outdir", work, *paths], capture_output=True, text=True, check=False)
            for path in paths:
                fods = os.path.join(work, os.path.basename(path)[:-4] + ".fods")
                text = ""
                if os.path.exists(fods):
                    with open(fods, encoding="utf-8") as f:
                        text = f.read()
                result("<table:table-cell" in text and "table:formula" not in text,
                       f"{name}: {os.path.basename(path)}: LibreOffice, separator {separator}: "
                       f"{got.stderr[:200]}")


def hostile():
    """Every field that strangers fill begins with what spreadsheets run."""
    out = []
    names = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\uff1d1", " =1", 'x";=1+1', "a;=1",
             "x,=1", 'a"",=2"', "b|=3", "'=4"]
    for i, name in enumerate(names):
        qid = f"4B{i:010X}"
        user = name.replace(",", "\uff0c")
        head = f"Mar  3 10:00:{i:02d} mx postfix"
        out += [f"{head}/smtpd[9]: {qid}: client=x.example[203.0.113.{i + 1}], "
                f"sasl_method=PLAIN, sasl_username={user}",
                f"{head}/qmgr[1]: {qid}: from=<{name}@b.example>, size=9, nrcpt=1 (queue active)",
                f"{head}/smtp[7]: {qid}: to=<c{i}@d.example>, relay=d.example[198.51.100.1]:25, "
                "delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host d.example[198.51.100.1] "
                "said: 550 5.7.1 Spam message rejected (in reply to end of DATA command))",
                f"{head}/qmgr[1]: {qid}: removed"]
    return "\n".join(out) + "\n"


def check(log, name):
    r = reports(log, "-n", "100000")
    with tempfile.TemporaryDirectory() as work:
        for section in SECTIONS:
            text = r[section]
            rows = table(text)
            found = list(formulas(text))
            result(not found, f"{name} {section}: formulas: {found[:3]}")
            path = os.path.join(work, section + ".csv")
            with open(path, "w", encoding="utf-8", newline="") as f:
                f.write(text)
            count, rest = sqlite(path, name)
            again = table(",".join(rows[0]) + "\n" + rest) if rows else []
            result(count == len(rows) and [list(x.values()) for x in again] ==
                   [list(x.values()) for x in rows], f"{name} {section}: sqlite3 has {count} rows")
        if "OFFICE" in os.environ:
            office([os.path.join(work, s + ".csv") for s in SECTIONS], name)
    return r


for log in logs:
    check(log, log)
with tempfile.TemporaryDirectory() as work:
    path = os.path.join(work, "mail.log")
    with open(path, "w", encoding="utf-8") as f:
        f.write(hostile())
    rows = table(check(path, "hostile")["own_side"])
    # The search for formulas would find nothing in a table without them.
    result(len(rows) >= 8, f"hostile: {len(rows)} accounts")
    quoted = sum("'" in row["source"] for row in rows)
    result(quoted >= 4, f"hostile: {quoted} neutralised")
result(run("-f", "csv", *FIXED, codes=(2,)) == "", "csv without a section is wrong usage")
done()
