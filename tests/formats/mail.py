"""--mail makes messages that Python's email package reads as they are meant, whatever logs hold.

usage: mail.py PROGRAM
"""
import email
import email.policy
import json
import math
import os
import re
import tempfile

from common import FIXED, done, result, run

HEADERS = ["Date", "From", "To", "Subject", "MIME-Version", "Auto-Submitted", "Content-Type"]
SAMPLE = "fixtures/sample/mail.log"


def message(*options, stdin=b"", to="postmaster@example.org"):
    text = run("--mail", to, *FIXED, *options, stdin=stdin)
    return text, email.message_from_string(text, policy=email.policy.default)


def sound(name, text, m):
    """What every message must be; its headers are exactly ours."""
    names = [h for h in m.keys() if h != "Content-Transfer-Encoding"]
    result(names == HEADERS, f"{name}: headers {names}")
    result(not m.defects and not any(m[h].defects for h in m.keys()),
           f"{name}: {m.defects} {[m[h].defects for h in m.keys()]}")
    result(all(ord(c) < 127 and (c >= " " or c == "\n") for c in text), f"{name}: not ASCII")
    result(max(map(len, text.split("\n"))) <= 78, f"{name}: a line is too long")
    result(not re.search(r"^(\.|From )", text, re.M), f"{name}: a line ends a message or begins one")
    parts = list(m.walk())
    result(all(not p.defects for p in parts), f"{name}: parts {[p.defects for p in parts]}")
    kinds = [p.get_content_type() for p in parts]
    result(kinds in (["multipart/alternative", "text/plain", "text/html"], ["text/plain"]),
           f"{name}: parts {kinds}")


text, m = message(SAMPLE)
sound("sample", text, m)
totals = json.loads(run("-f", "json", *FIXED, SAMPLE))["totals"]
spam, zombies = totals["spam"]["attempts"], totals["attempts"]["zombie"]["lower"]
result(m["Subject"] == "spamsource mx1 2026-11-20: 2 hacked accounts, 1 spamming script, "
       f"{math.floor(100 * zombies / spam + 0.5)} % zombies", "sample: " + m["Subject"])
result([a.addr_spec for a in m["To"].addresses] == ["postmaster@example.org"], f"to {m['To']}")
result(m["From"].addresses[0].addr_spec == "postmaster@example.org", f"from {m['From']}")
result(m["Date"].datetime.isoformat() == "2026-12-31T00:00:00+00:00", f"date {m['Date']}")
result(m["Auto-Submitted"] == "auto-generated", "Auto-Submitted")
result(m.get_body(("plain",)).get_content() == run(*FIXED, SAMPLE), "the text is the report")
if "html" in run("completion", "fish").split("-l format", 1)[1].split("\n")[0]:
    result(m.get_body(("html",)).get_content() == run("-f", "html", *FIXED, SAMPLE),
           "the HTML is the report")

text, m = message(SAMPLE, to="a@example.org, d+e@mx1,b.c@example.net")
sound("three readers", text, m)
result([a.addr_spec for a in m["To"].addresses] == ["a@example.org", "d+e@mx1", "b.c@example.net"],
       f"three readers: {m['To']}")
# What sendmail makes an address of: the user of this host.
text, m = message(SAMPLE, to="root")
result("\nTo: root\n" in text and "\nFrom: spamsource <root>\n" in text, "root")

text, m = message(stdin=b"")
sound("empty", text, m)
text, m = message("-q", stdin=b"")
result(text == "", "quiet, no alarm: no message at all")
text, m = message("-q", SAMPLE)
sound("quiet", text, m)

for to in ["", "a b@example.org", "a@b\nBcc: x@y", "<a@b.example>", "a@b,,c@d", "-oQ/tmp", "a@", "@b",
           "a@b;c", "a@[1.2.3.4]", "x" * 300, "a@exa\u0308mple.org", "a\r@b.example"]:
    result(run("--mail", to, SAMPLE, codes=(2,)) == "", f"an address? {to!r}")

# Names of hosts, in all that a log can put there, add nothing to the headers and change none.
LINE = (" postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: 554 5.7.1 Service "
        "unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org; from=<a@b.example> "
        "to=<c@d.example> proto=ESMTP helo=<x>\n")
for host in ["mx\rBcc:victim@example.net", "mx\x0bBcc:victim@example.net", "mx%0aBcc:x@y.example",
             "=?utf-8?q?x=0aBcc:victim@example.net?=", "mx\x00Bcc:a@b", "mx\u2028Bcc:a@b", "\u202emx",
             "Bcc:victim@example.net", "m" * 2000, "mx:", "<script>", "\x1b]0;x\x07"]:
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "mail.log")
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write("Mar  3 10:00:01 " + host + LINE)
        text, m = message(path)
        sound(repr(host), text, m)
        result(re.fullmatch(r"spamsource( [\w.-]+)?( 2026-03-03)?: no alarm, [\w %<]+", m["Subject"]),
               f"{host!r}: subject {m['Subject']!r}")
        text, m = message("--host", host.replace("\x00", ""), path)
        sound("--host " + repr(host), text, m)

# Whatever a report shows, its lines stay within their part.
for log in sorted(os.listdir("fixtures/hostile")):
    text, m = message("-v", os.path.join("fixtures/hostile", log))
    sound(log, text, m)
done()
