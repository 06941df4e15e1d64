#!/bin/bash
# What spamsource costs, beside well-known tools on the same logs: "make bench".
#
# All figures are of paired runs (see pair.c): A is the other tool, B is spamsource, so that
# B/A < 1 means that spamsource needs less CPU.  Look at the ratios, not at single seconds.
#
# Environment: BENCH_MB (100), BENCH_PAIRS (5), SPAMSOURCE (./spamsource), BENCH_DIR (temporary),
# GENLOG and PAIR: programs already built; without them they are compiled with CC (cc).
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
mb=${BENCH_MB:-100}
pairs=${BENCH_PAIRS:-5}
spamsource=${SPAMSOURCE:-./spamsource}
options="--year 2026 --tz UTC --now 2027-01-01T00:00:00Z"
dir=${BENCH_DIR:-}

die() {
	echo "bench: $*" >&2
	exit 1
}

case $mb$pairs in *[!0-9]*) die "BENCH_MB and BENCH_PAIRS must be numbers" ;; esac
[ -x "$spamsource" ] || die "no program $spamsource: run make first"
spamsource=$(cd "$(dirname "$spamsource")" && pwd)/$(basename "$spamsource")
if [ -z "$dir" ]; then
	dir=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-bench.XXXXXX")
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 1' HUP INT TERM
fi
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
# Commands are split at blanks by pair.
case $dir$spamsource in *[[:space:]]*) die "no blanks in paths, please" ;; esac

build() {
	genlog=${GENLOG:-$dir/genlog}
	pair=${PAIR:-$dir/pair}
	[ -n "${GENLOG:-}" ] || "${CC:-cc}" -std=c11 -O2 -Wall -Wextra \
	    -o "$genlog" "$here"/genlog.c "$here"/gen_*.c
	[ -n "${PAIR:-}" ] || "${CC:-cc}" -std=c11 -O2 -Wall -Wextra \
	    -o "$pair" "$here"/pair.c
}

# need PROGRAM PACKAGE: install it if we may, else say what is missing.
need() {
	command -v "$1" >/dev/null 2>&1 && return
	if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
		DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$2" \
		    >&2 </dev/null || die "cannot install the package $2"
	fi
	command -v "$1" >/dev/null 2>&1 || die "no program $1: install the package $2"
}

# eximstats comes with a mail server's package: unpacked here, not installed.
need_eximstats() {
	need perl perl
	eximstats=$(command -v eximstats || echo "$dir/exim/usr/sbin/eximstats")
	[ -f "$eximstats" ] && return
	rm -rf "$dir/exim"
	mkdir -p "$dir/exim"
	(cd "$dir/exim" && apt-get download -qq -o APT::Sandbox::User=root exim4-base >&2) ||
	    die "cannot fetch eximstats: install the package exim4-base"
	dpkg -x "$dir"/exim/exim4-base_*.deb "$dir/exim" || die "cannot unpack exim4-base"
}

generate() {
	echo "generating 2 logs of $mb MB" >&2
	"$genlog" -k postfix -b "${mb}M" -t "$dir/postfix.truth" >"$dir/postfix.log"
	"$genlog" -k exim -b "${mb}M" -t "$dir/exim.truth" >"$dir/exim.log"
	gzip -6 -c "$dir/postfix.log" >"$dir/postfix.log.gz"
	zstd -3 -q -f "$dir/postfix.log" -o "$dir/postfix.log.zst"
}

truth() {
	awk -F '\t' -v n="$2" '$1 == n { print $2; found = 1 } END { exit !found }' \
	    "$dir/$1.truth"
}

machine() {
	echo "machine: $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | sed 1q)," \
	    "$(nproc) cores, $(uname -srm)"
	for k in postfix exim; do
		echo "$k: $(truth $k bytes) bytes, $(truth $k lines) lines," \
		    "$(truth $k distinct_client_ips) client addresses," \
		    "$(truth $k messages_accepted) messages"
	done
	echo "$pairs pairs; A: the tool in the row, B: spamsource; B/A below 1: spamsource is cheaper"
}

# json_number FILE OBJECT KEY: the number of "KEY" in the first "OBJECT": {...} without objects
# inside; nothing if there is none.
json_number() {
	tr -d ' \n\t' <"$1" | grep -o "\"$2\":{[^{}]*}" | sed 1q |
	    sed -n "s/.*[{,]\"$3\":\([0-9][0-9]*\)[,}].*/\1/p"
}

# check_equal KIND WHAT GOT TRUTH
check_equal() {
	if [ "$3" = "$4" ]; then
		echo "truth: $1 $2 = $3: equal"
	else
		echo "truth: $1 $2 = ${3:-nothing}, generated $4: WRONG"
		wrong=1
	fi
}

# TO BE EXTENDED: compare what the report counts with what genlog wrote (names: gen.h).
check_truth() {
	wrong=0
	for k in postfix exim; do
		# shellcheck disable=SC2086 # options are words
		"$spamsource" -f json $options "$dir/$k.log" >"$dir/$k.json" ||
		    die "spamsource -f json failed on the $k log"
		check_equal $k input.lines.read "$(json_number "$dir/$k.json" lines read)" \
		    "$(truth $k lines)"
	done
	return $wrong
}

# row LABEL COMMAND LOG
row() {
	"$pair" -n "$pairs" -l "$1" "$2" "$spamsource $options $3" || die "row failed: $1"
}

table() {
	p=$dir/postfix.log
	e=$dir/exim.log
	"$pair" -H
	row "wc -l" "wc -l $p" "$p"
	# Behind a pipe: GNU grep stops at the first match when its output is /dev/null.
	row "grep -c NOQUEUE" "LC_ALL=C grep -c NOQUEUE $p | cat" "$p"
	# shellcheck disable=SC2016 # $5 is for awk
	row "mawk, count by program" \
	    'mawk '\''{ sub(/\[.*/, "", $5); n[$5]++ } END { for (i in n) print i, n[i] }'\'" $p" "$p"
	row "pflogsumm" "pflogsumm $p" "$p"
	row "eximstats (Exim log)" "perl $eximstats $e" "$e"
	row "zstd -dc (.zst)" "zstd -q -dc $p.zst" "$p.zst"
	row "gzip -dc (.gz)" "gzip -dc $p.gz" "$p.gz"
	row "spamsource, plain (B: .zst)" "$spamsource $options $p" "$p.zst"
	row "spamsource, plain (B: .gz)" "$spamsource $options $p" "$p.gz"
}

need mawk mawk
need pflogsumm pflogsumm
need zstd zstd
need gzip gzip
need_eximstats
build
generate
machine
check_truth || failed=1
table
exit "${failed:-0}"
