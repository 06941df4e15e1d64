#!/bin/bash
# Logs that none of us wrote, and other programs' counts of them.  usage: [UPDATE=1] run.sh
# Environment: SPAMSOURCE (the program), CORPUS (../shared/corpus/real: test input, no part of the
# project), EXIMSTATS (build/tools/usr/sbin/eximstats, see tests/setup.sh).
#   accounting  every line of every log is recognised, ignored, unknown or bad (accounting.pl);
#               UPDATE=1 writes the table of fixtures/README.md
#   exim-*      what a second, independent extraction finds in the logs of Exim's test suite
#   peers       pflogsumm and eximstats count the same mail
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
program=${SPAMSOURCE:-$top/spamsource}
corpus=${CORPUS:-$top/../shared/corpus/real}
eximstats=${EXIMSTATS:-$top/build/tools/usr/sbin/eximstats}
work=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-corpus.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C TZ=UTC
passed=0 failed=0

# one NAME COMMAND...: says what is wrong.
one() {
	local name=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		passed=$((passed + 1))
		tail -n 1 "$work/said" | sed "s/^/$name: /"
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		head -n 60 "$work/said"
		tail -n 1 "$work/said"
	fi
}

# The part of fixtures/README.md between these lines is the table.
begin='<!-- tests/corpus/run.sh writes this table -->'
end='<!-- to here -->'

accounting() {
	local rc=0
	perl "$here/accounting.pl" "$program" "$corpus" "$work/left" >"$work/table" || rc=1
	if [ -n "${UPDATE:-}" ]; then
		awk -v begin="$begin" -v end="$end" -v table="$work/table" '
		$0 == end { inside = 0 }
		!inside { print }
		$0 == begin { inside = 1; while ((getline line < table) > 0) print line }
		' "$top/fixtures/README.md" >"$work/readme"
		cp "$work/readme" "$top/fixtures/README.md"
	elif ! sed -n "/^$begin/,/^$end/p" "$top/fixtures/README.md" | sed '1d;$d' |
	    cmp -s - "$work/table"; then
		echo "the table in fixtures/README.md is another one: UPDATE=1 $0"
	fi
	tail -n 1 "$work/table"
	return $rc
}

exim_oracle() {
	perl "$here/lines.pl" "$corpus/exim-testsuite/$1.txt.zst" >"$work/log"
	perl "$here/exim-oracle.pl" number <"$work/log" >"$work/numbered"
	"$program" dump events --host c --tz UTC "$work/numbered" >"$work/events"
	perl "$here/exim-oracle.pl" compare "$work/log" "$work/events"
}

peers() {
	command -v pflogsumm >/dev/null || { echo "no pflogsumm: sh tests/setup.sh test"; return 1; }
	[ -e "$eximstats" ] || { echo "no $eximstats: sh tests/setup.sh test"; return 1; }
	perl "$here/peers.pl" "$program" "$eximstats" "$@"
}

own=("$here"/logs/*.log "$top"/fixtures/sample/mail.log "$top"/fixtures/cases/*/mail.log
    "$top"/fixtures/cases/*/mainlog)
one peers-lab peers "${own[@]}"
if [ -d "$corpus" ]; then
	one accounting accounting
	for version in exim-4_69 exim-4_80 exim-4_91 head-4.99dev; do
		for kind in log rejectlog; do
			one "exim-$version.$kind" exim_oracle "$version.$kind"
		done
	done
	# Exim's test suite is left out: eximstats needs sizes and ids that it does not have.
	one peers-corpus peers "$corpus"/{kdent,tobinjt,pflgviewer,infohtreasure,fgforrest,ddgrey}*/*.* \
	    "$corpus"/mail-log-parse/* "$corpus"/youyo*/test__test.log "$corpus"/kumina*/* \
	    "$corpus"/parsmaillog-exim/* "$corpus"/exim_exporter/test__mainlog
else
	echo "corpus: not there ($corpus): its logs are not read"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
