"""bash, zsh and fish complete what --help says, and the manual has every option of it.

usage: shells.py PROGRAM
"""
import os
import re
import subprocess
import tempfile

from common import done, program, result, run

HELP = run("--help")
LONG = sorted(set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", HELP, re.M)))
SHORT = sorted(set(re.findall(r"^ +(-\w)\b", HELP, re.M)))
COMMANDS = ["report", "explain", "dump", "map", "merge", "rules", "completion"]

ZSH = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; LISTMAX=10000"
zpty -w z "zstyle ':completion:*' list-prompt ''; unsetopt list_beep beep; setopt no_zle_bracketed_paste 2>/dev/null"
zpty -w z "print READ''Y"
while zpty -r z line; do [[ $line == *READY* ]] && break; done
zpty -w -n z "$2"$'\t'
out=
for i in {1..40}; do
	zpty -r -t z line && out+=$line
	sleep 0.05
done
print -r -- "$out"
zpty -d z
"""


def bash(line):
    words = line.split(" ")
    script = f"""source "$1" || exit 1
COMP_WORDS=({' '.join(repr(w) for w in words)}); COMP_CWORD={len(words) - 1}
_spamsource 2>/dev/null
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    got = subprocess.run(["bash", "-c", script, "bash", os.path.join(work, "bash")], text=True,
                         capture_output=True, cwd=empty, check=False)
    result(got.returncode == 0 and not got.stderr, f"bash: {line!r}: {got.stderr}")
    return got.stdout.split()


def fish(line):
    got = subprocess.run(["fish", "-N", "-c", 'source $argv[1]; complete -C $argv[2]',
                          os.path.join(work, "fish"), line], text=True, capture_output=True,
                         cwd=empty, check=False, env={**os.environ, "HOME": work})
    result(got.returncode == 0 and not got.stderr, f"fish: {line!r}: {got.stderr}")
    return [row.split("\t")[0] for row in got.stdout.splitlines()]


def zsh(line):
    got = subprocess.run(["zsh", "-f", "-c", ZSH, "zsh", zdir, line], text=True,
                         capture_output=True, cwd=empty, check=False,
                         env={**os.environ, "TERM": "dumb", "COLUMNS": "400", "LINES": "200"})
    result(got.returncode == 0, f"zsh: {line!r}: {got.stderr}")
    return re.findall(r"(?<![\w-])(?:--?)?[a-z][a-z0-9_-]*", got.stdout.replace("=", " "))


def has(shell, line, wanted):
    got = shell(line)
    missing = [w for w in wanted if w not in got]
    result(not missing, f"{shell.__name__}: {line!r} lacks {missing}: {got}")


with tempfile.TemporaryDirectory() as work:
    empty, zdir = os.path.join(work, "empty"), os.path.join(work, "zsh")
    os.mkdir(empty)
    os.mkdir(zdir)
    for name in ("bash", "fish", "zsh"):
        path = os.path.join(zdir, "_spamsource") if name == "zsh" else os.path.join(work, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(run("completion", name))
    result(subprocess.run(["zsh", "-n", os.path.join(zdir, "_spamsource")], check=False)
           .returncode == 0, "zsh -n")
    for shell in (bash, fish, zsh):
        has(shell, "spamsource --", LONG)
        has(shell, "spamsource -f ", ["text", "json", "jsonl", "csv", "prometheus"])
        has(shell, "spamsource --pseudonymize ", ["none", "recipients", "all"])
        has(shell, "spamsource ", COMMANDS)
        has(shell, "spamsource dump ", ["events", "messages", "evidence", "part"])
        has(shell, "spamsource completion ", ["bash", "zsh", "fish"])
    result("--format" in bash("spamsource -"), "bash: -")
    result(bash("spamsource --color al") == ["always"], "bash: a word begun")
    result(bash("spamsource --color = n") == ["never"], "bash: --color=n")
    with open(os.path.join(empty, "mail.log"), "w", encoding="utf-8"):
        pass
    for shell in (bash, fish, zsh):
        has(shell, "spamsource mai", ["mail.log"] if shell != zsh else ["mail"])
        has(shell, "spamsource -o mai", ["mail.log"] if shell != zsh else ["mail"])

result(run("completion", "tcsh", codes=(2,)) == "", "no other shell")
with open("spamsource.1", encoding="utf-8") as f:
    manual = subprocess.run(["mandoc", "-Tutf8"], stdin=f, capture_output=True, text=True,
                            check=True).stdout
plain = re.sub(".\b", "", manual).replace("\u2010", "-").replace("\u2212", "-")
for option in LONG + SHORT:
    result(re.search(rf"^ +(-\w[^\n]*, )?(--[a-z-]+ \S+, )?{option}\b", plain, re.M),
           f"the manual has no entry {option}")
for option in set(re.findall(r"--[a-z][a-z-]+", plain)):
    result(option in LONG or option == "--facility", f"the manual's {option} is no option")
# --help fits a terminal.
result(max(map(len, HELP.split("\n"))) <= 80, "--help is wider than 80 columns")
result(all(len(line) > 26 for line in HELP.split("\n") if line.startswith("      --")), "--help")
done()
