"""No recipient leaves the program under --pseudonymize, in any format.

usage: leaks.py PROGRAM LOG...      ends with "N passed, N failed"

The recipients, senders, logins and addresses of a log are found here by patterns of its own, not by
the program. Then everything that the program can print of the log is searched for them. That
--pseudonymize none shows them is checked too: else the search would find nothing anywhere.
"""
import os
import re
import subprocess
import tempfile

from common import FIXED, SECTIONS, done, logs, program, result, words_of

ADDRESS = r"[^\s<>()\[\],;:\"'=|\\@]+@[\w.-]+\w"

# Postfix, amavis and spamd; Exim's deliveries, "for" and refused RCPT.
recipients_in = [
    r"\b(?:orig_)?to=<([^<>]+)>", r"RCPT <([^<>\s]+)>", r"-> <([^<>]+)>",
    r"(?:=>|->|\*\*|==|>>) (?:[^@<>]*?<)?(" + ADDRESS + ")",
    r" for ((?:" + ADDRESS + r" ?)+)$", r"\bfor (" + ADDRESS + r")\b",
]
senders_in = [r"\bfrom=<([^<>]+)>", r"<= (" + ADDRESS + ")", r"\bF=<([^<>]+)>"]
accounts_in = [r"\bsasl_username=([^\s,]+)", r"\bA=\w+:(\S+)", r"\bset_id=([^\s)]+)"]
addresses_in = [r"\[(\d+\.\d+\.\d+\.\d+)\]", r"\[([0-9a-f]*:[0-9a-f:]+)\]"]
# A name of two labels is somebody's registered domain, which stays.
helos_in = [r"\bhelo=<([^<>\s.]+|[^<>\s.]+(?:\.[^<>\s.]+){2,})>"]


def found(patterns, lines):
    out = set()
    for line in lines:
        for pattern in patterns:
            for match in re.finditer(pattern, line):
                out.update(x.strip("<>,").lower() for x in match.group(1).split())
    return {x for x in out if len(x) > 3}


def read(log):
    if log.endswith(".zst"):
        text = subprocess.run(["zstd", "-qdc", log], capture_output=True, check=True).stdout
    else:
        with open(log, "rb") as f:
            text = f.read()
    return text.decode("utf-8", "replace").splitlines()


def files_of(path):
    if os.path.isdir(path):
        return sorted(os.path.join(path, n) for n in os.listdir(path)
                      if re.match(r"(mail\.log|maillog|mainlog|rejectlog|spamd\.log)", n))
    return [path]


def keys(jsonl):
    """For explain: what a reader of the output would ask about."""
    out = []
    for name in ("queue_id", "account", "client_ip", "message_id"):
        got = re.findall(rf'"{name}":"([^"\\]+)"', jsonl)
        out += got[:2]
    return out


def outputs(log, mode, key_file, work):
    """Everything that can be printed of the log, by name."""
    options = FIXED + ["-n", "1000", "--pseudonymize", mode, "--pseudonym-key-file", key_file]
    out = {}

    def run(name, *args):
        got = subprocess.run([program, *args, *options, log], capture_output=True, cwd=work,
                             stdin=subprocess.DEVNULL)
        if got.returncode > 1:
            out[name] = "FAILED " + got.stderr.decode()
        else:
            out[name] = got.stdout.decode() + got.stderr.decode()

    # One reading for all formats.
    args, names = ["--suspected", "-v"], []
    for name, asked in all_formats:
        names.append(name)
        args += [*asked, "-o", os.path.join(work, f"out.{len(names)}")]
    run("stderr", *args)
    for i, name in enumerate(names):
        with open(os.path.join(work, f"out.{i + 1}"), encoding="utf-8") as f:
            out[name] = f.read()
    run("text", "-f", "text")
    for what in ("events", "messages", "evidence"):
        run("dump " + what, "dump", what)
    if mode != "all":
        run("unknown", "--unknown", "-", "-o", "/dev/null")
    for key in keys(out["jsonl"]):
        run("explain " + key, "explain", key)
    # What parts keep is theirs; what is said of them is not. Quietly, and of other days.
    part = os.path.join(work, "part")
    subprocess.run([program, "map", *FIXED, "-o", part, log], capture_output=True, cwd=work,
                   check=False, stdin=subprocess.DEVNULL)
    log = part
    run("merge", "merge", "-v", "-f", "html", "-f", "json", "-o", os.path.join(work, "json"))
    run("quiet", "merge", "-q", "--mail", "report-reader")
    run("split", "merge", "-v", "--split", "2026-03-03")
    return out


formats = [f for f in words_of("format") if f != "csv"]
all_formats = [(f, ["-f", f]) for f in formats] + [("mail", ["--mail", "report-reader"])] + \
    [("csv " + s, ["-f", "csv", "--section", s]) for s in SECTIONS]
shown = [0, 0]  # logs whose recipients plain outputs hide, or show
# HELO names that are words of the reports too.
ours = {"user", "localhost", "unknown", "mail", "server", "home", "smtp"}


def leaks(texts, needles):
    for name, text in texts.items():
        if text.startswith("FAILED"):
            yield name, text
        # where the project lies is no log's: "root" may be a login
        low = text.replace("=\n", "").replace(os.getcwd(), "").lower()
        for needle in needles:
            # A page has words of its own, in its style sheet too.
            if name in ("html", "mail", "merge", "quiet") and re.fullmatch(r"[a-z-]+", needle):
                continue
            # as a word: "a@b.c" is not in "xa@b.c", whose local part is another one's; nor is a
            # name in the domain that begins with it
            end = r"(?![\w-])" if "." in needle else r"(?![\w-]|\.\w)"
            if needle in low and re.search(r"(?<![\w.+-])" + re.escape(needle) + end, low):
                yield name, needle


with tempfile.TemporaryDirectory() as work:
    key_file = os.path.join(work, "key")
    with open(os.open(key_file, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
        f.write("a key of some length\n")
    for log in logs:
        log = os.path.abspath(log)
        lines = [line for f in files_of(log) for line in read(f)]
        recipients = {x for x in found(recipients_in, lines) if "@" in x}
        personal = recipients | found(senders_in, lines) | found(accounts_in, lines) | \
            found(helos_in, lines) | {x for x in found(addresses_in, lines)
                                      if x not in ("::1", "unknown")}
        personal = {x for x in personal - ours if not x.lstrip("[").startswith("127.")}
        # Markup stands in names of DNSBLs too in one hostile log, and those stay.
        personal = {x for x in personal if not re.search(r"[<>(){}]|[^ -~]", x)} | recipients
        name = os.path.relpath(log)
        plain = outputs(log, "none", key_file, work)
        if recipients:
            shown[any(leaks(plain, recipients))] += 1
        for mode, needles in (("recipients", recipients), ("all", personal)):
            got = sorted(set(leaks(outputs(log, mode, key_file, work), needles)))
            result(not got, f"{name}: under {mode}: {got[:6]}")
result(shown[1] > 2 * shown[0], f"the search finds what is shown: {shown}")
done()
