#!/bin/bash
# What spamsource costs, beside well-known tools on the same logs: "make bench".
#
# Generates logs, compares what spamsource counts in them with what was generated, and measures:
# all in paired runs (see pair.c), so that a slow minute of the machine hits both. Prints one table
# in Markdown, each row with its floor and ambition. Look at the ratios, not at single seconds.
# Exit 1 if a number was wrong; a missed goal is not an error, as it may be the machine's.
#
# Environment:
#	BENCH_FULL=1	all rows at the sizes of the goals: 1 GB, 500 MB of Exim, a million sources,
#			365 daily parts. Takes half an hour and 6 GB of disk.
#	BENCH_MB	(100; full: 1000) size of the Postfix log, in 10^6 bytes
#	BENCH_EXIM_MB	(BENCH_MB; full: 500)
#	BENCH_ROWS	("1 2 3 4 6 8 9"; full: 1 to 10) rows to measure; "" only compares counts
#	BENCH_PAIRS	(5) pairs a row; BENCH_SLOW_PAIRS (3) where the other tool takes long
#	BENCH_SOURCES	(1000000) of row 5; BENCH_DAYS (365) and BENCH_DAY_SOURCES (100000) of row 10
#	BENCH_DIR	where logs and parts are kept, and found again; default: temporary
#	BENCH_CPU	(the last one) processor for everything that is to run on one
#	SPAMSOURCE	(./spamsource); GENLOG and PAIR: already built, else compiled with CC (cc)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
full=${BENCH_FULL:-0}
if [ "$full" = 1 ]; then
	mb=${BENCH_MB:-1000} exim_mb=${BENCH_EXIM_MB:-500}
	rows=${BENCH_ROWS-1 2 3 4 5 6 7 8 9 10}
else
	mb=${BENCH_MB:-100} exim_mb=${BENCH_EXIM_MB:-${BENCH_MB:-100}}
	rows=${BENCH_ROWS-1 2 3 4 6 8 9}
fi
pairs=${BENCH_PAIRS:-5}
slow_pairs=${BENCH_SLOW_PAIRS:-3}
many=${BENCH_SOURCES:-1000000}
days=${BENCH_DAYS:-365}
day_sources=${BENCH_DAY_SOURCES:-100000}
per_gb=400000				# distinct clients
spamsource=${SPAMSOURCE:-./spamsource}
# The generated logs' zone, so that a log with stamps of either kind has the same report.
export OPTIONS="--year 2026 --tz +01:00 --now 2027-02-01T00:00:00Z"
dir=${BENCH_DIR:-}
wrong=0

die() {
	echo "bench: $*" >&2
	exit 1
}

for n in "$mb" "$exim_mb" "$pairs" "$slow_pairs" "$many" "$days" "$day_sources"; do
	case $n in '' | *[!0-9]*) die "not a number: $n" ;; esac
done
[ -x "$spamsource" ] || die "no program $spamsource: run make first"
spamsource=$(cd "$(dirname "$spamsource")" && pwd)/$(basename "$spamsource")
export SPAMSOURCE="$spamsource"
temporary=
if [ -z "$dir" ]; then
	dir=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-bench.XXXXXX")
	temporary=$dir
	trap 'rm -rf "$temporary"' EXIT
	trap 'exit 1' HUP INT TERM
fi
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
export TMPDIR="$dir"
# Commands are split at blanks by pair.
case $dir$spamsource in *[[:space:]]*) die "no blanks in paths, please" ;; esac

build() {
	genlog=${GENLOG:-$dir/genlog}
	pair=${PAIR:-$dir/pair}
	[ -n "${GENLOG:-}" ] || "${CC:-cc}" -std=c11 -O2 -Wall -Wextra \
	    -o "$genlog" "$here"/genlog.c "$here"/gen_*.c
	[ -n "${PAIR:-}" ] || "${CC:-cc}" -std=c11 -O2 -Wall -Wextra -o "$pair" "$here"/pair.c
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

# need_space MB
need_space() {
	local free
	free=$(df -Pm "$dir" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge $(($1 + 200)) ] ||
	    die "$dir has $free MB free, $1 are needed: set BENCH_DIR or TMPDIR"
}

# make_log NAME KIND MB [OPTION OF GENLOG]...: $dir/NAME.log and .truth, unless they are there; the
# reports over it must have the generator's numbers.
make_log() {
	local name=$1 kind=$2 size=$3
	shift 3
	[ "$dir/$name.truth" -nt "$genlog" ] && [ -f "$dir/$name.log" ] && return
	need_space $((size * 115 / 100))
	echo "bench: generating $name.log, $size MB" >&2
	"$genlog" -k "$kind" -b "${size}M" -n $per_gb "$@" -t "$dir/$name.new" >"$dir/$name.log"
	mv "$dir/$name.new" "$dir/$name.truth"
}

# drop NAME...: logs of the temporary directory that are measured.
drop() {
	local name
	[ -n "$temporary" ] || return 0
	for name; do
		rm -f "$dir/$name".*
	done
}

truth() {
	awk -F '\t' -v n="$2" '$1 == "log" && $2 == n { print $3 }' "$dir/$1.truth"
}

# Ours and the generator's numbers: "check [-r] NAME".
check() {
	local name=${*: -1}
	"$here"/truth.sh ${2:+"$1"} "$dir/$name.log" "$dir/$name.truth" || wrong=1
}

check_kinds() {
	local kind size=$((mb < 20 ? mb : 20))
	for kind in postfix submission exim spamd; do
		make_log "truth-$kind-$size" $kind $size
		check "truth-$kind-$size"
		drop "truth-$kind-$size"
	done
}

machine() {
	echo
	echo "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | sed 1q)," \
	    "$(nproc) cores, $(awk '/^MemTotal/ { printf "%d GB", $2 / 1e6 + .5 }' /proc/meminfo)" \
	    "of memory, $(uname -srm); load $(cut -d ' ' -f 1 /proc/loadavg) when it began;" \
	    "$("$spamsource" --version | sed 1q)"
	[ "$mb" -eq 1000 ] ||
		echo "The goals are for 1 GB, and 500 MB of Exim; this run takes $mb and $exim_mb MB."
	echo
}

# The table. Where one program is to be faster than another, A is spamsource; where it may take so
# many times as long, B is: the ratio is always B / A.
table_head() {
	echo "| goal | measured | floor | ambition | met | spamsource | the other |"
	echo "|---|---|---|---|---|---|---|"
}

# measure [OPTION OF PAIR]... A [B]: into $dir/figures.
measure() {
	"$pair" "$@" >"$dir/figures" || die "a run failed"
}

# goal TEXT FIGURE SCALE UNIT FLOOR AMBITION: a row from $dir/figures. FLOOR and AMBITION are
# "<=1.5", ">=30" or "-". A figure is compared as it is printed. $ours is the side of spamsource.
goal() {
	awk -F '\t' -v text="$1" -v figure="$2" -v scale="$3" -v unit="$4" -v floor="$5" \
	    -v ambition="$6" -v ours="$ours" '
	function shown(v,	digits) {
		digits = v >= 1000 ? 0 : v >= 10 ? 1 : v >= .1 ? 2 : 3
		return sprintf("%." digits "f", v)
	}
	function range(f, by,	m) {
		m = shown(med[f] * by)
		if (shown(least[f] * by) == m && shown(most[f] * by) == m)
			return m
		return m " (" shown(least[f] * by) " to " shown(most[f] * by) ")"
	}
	function holds(v, limit,	n) {
		n = substr(limit, 3) + 0
		return substr(limit, 1, 1) == "<" ? v <= n : v >= n
	}
	function side(s) {
		if (!((s ".cpu") in med))
			return ""
		return "CPU " range(s ".cpu", 1) " s, wall " range(s ".wall", 1) " s, " \
		    shown(most[s ".rss"] * 1.048576) " MB"
	}
	{ med[$1] = $2; least[$1] = $3; most[$1] = $4 }
	END {
		v = shown(med[figure] * scale) + 0
		met = floor == "-" ? "" : holds(v, ambition) ? "ambition" : \
		    holds(v, floor) ? "floor" : "**missed**"
		print "| " text " | " range(figure, scale) unit " | " floor " | " ambition " | " met \
		    " | " side(ours) " | " side(ours == "a" ? "b" : "a") " |"
	}' "$dir/figures"
}

run() {
	echo "$spamsource -j 1 $OPTIONS $*"
}

postfix_log() {
	postfix=postfix-$mb
	make_log "$postfix" postfix "$mb"
	p=$dir/$postfix.log
	if [ -z "${postfix_checked:-}" ]; then
		check -r "$postfix" >&2
		postfix_checked=1
	fi
}

row_1() {
	postfix_log
	measure -n "$pairs" -p "$cpu" "wc -l $p" "$(run "$p")"
	ours=b
	goal "1. Postfix, $mb MB, $(truth "$postfix" lines) lines, $(truth "$postfix" clients) \
clients, one core: CPU / that of \`wc -l\`" cpu 1 x "<=16" "<=10"
}

row_2() {
	postfix_log
	ours=b
	# Behind a pipe: GNU grep stops at the first match when its output is /dev/null.
	measure -n "$pairs" -p "$cpu" "LC_ALL=C grep -c NOQUEUE $p | cat" "$(run "$p")"
	goal "2. the same / \`LC_ALL=C grep -c NOQUEUE\`" cpu 1 x "<=5" "<=3"
	ours=a
	# shellcheck disable=SC2016 # $5 is for awk
	measure -n "$pairs" -p "$cpu" "$(run "$p")" \
	    'mawk '\''{ sub(/\[.*/, "", $5); n[$5]++ } END { for (i in n) print i, n[i] }'\'" $p"
	goal "mawk counting lines by program: its CPU / ours" cpu 1 x - -
}

row_3() {
	local e=$dir/exim-$exim_mb.log h=$dir/postfix-100.log
	need pflogsumm pflogsumm
	need_eximstats
	postfix_log
	ours=a
	if [ "$mb" -ne 100 ]; then
		measure -n "$slow_pairs" -w -p "$cpu" "$(run "$p")" "pflogsumm $p"
		goal "3. pflogsumm, $mb MB: its CPU / ours" cpu 1 x ">=30" ">=60"
	fi
	make_log postfix-100 postfix 100
	measure -n "$slow_pairs" -w -p "$cpu" "$(run "$h")" "pflogsumm $h"
	goal "3. pflogsumm, 100 MB: its CPU / ours" cpu 1 x ">=20" ">=20"
	make_log "exim-$exim_mb" exim "$exim_mb"
	check -r "exim-$exim_mb" >&2
	measure -n "$slow_pairs" -w -p "$cpu" "$(run "$e")" "perl $eximstats $e"
	goal "3. eximstats, Exim, $exim_mb MB: its CPU / ours" cpu 1 x ">=25" ">=60"
	drop "exim-$exim_mb"
	[ "$mb" -eq 100 ] || drop postfix-100
}

# The same events, lines and seconds, so that CPU per log is CPU per line.
row_4() {
	postfix_log
	make_log "rfc3339-$mb" postfix "$mb" -i
	check -r "rfc3339-$mb" >&2
	ours=b
	measure -n "$pairs" -p "$cpu" "$(run "$p")" "$(run "$dir/rfc3339-$mb.log")"
	goal "4. RFC 3339 stamps: CPU / that of classic ones, same lines" cpu 1 x "<=1.25" "<=1.1"
	drop "rfc3339-$mb"
}

# As in the other logs, a GB has 400,000 clients and ten days.
row_5() {
	local n size
	ours=a
	for n in $((many / 100)) $((many / 10)) "$many"; do
		size=$((n * 1000 / per_gb))
		measure -n 1 -w "$genlog -b ${size}M -n $per_gb -t $dir/many.truth |
		    $(run -f json -n 1 -o "$dir/many.json" -)"
		"$here"/truth.sh -j "$dir/many.json" "$dir/many.truth" >&2 || wrong=1
		set -- - -
		[ "$n" -ne "$many" ] || set -- "<=160" "<=110"
		goal "5. $(truth many clients) clients, $size MB of \
$(($(truth many seconds) / 86400 + 1)) day(s), from standard input: memory" \
		    a.rss 1.048576 " MB" "$@"
	done
}

row_6() {
	local size=$((mb / 3 > 10 ? mb / 3 : 10)) third=$((per_gb / 3))
	postfix_log
	ours=b
	measure -n 1 -w "cat $p | $(run -)" "cat $p $p $p | $(run -)"
	goal "6. the same log three times over, from standard input: memory / that of one" rss 1 x \
	    "<=1.1" "<=1"
	measure -n 1 -w "$genlog -d 0 -b ${size}M -n $per_gb | $(run -)" \
	    "$genlog -d 0 -b $((size * 3))M -n $third | $(run -)"
	goal "as many clients in one day of $((size * 3)) MB / of $size MB" rss 1 x - -
}

two_cores() {
	measure -n "$pairs" "$spamsource -j 2 $OPTIONS $1" "$spamsource -j 1 $OPTIONS $1"
}

row_7() {
	local size=$((mb * 3 / 2))
	if [ "$(nproc)" -lt 2 ]; then
		echo "| 7. two cores | this machine has one | | | | | |"
		return
	fi
	postfix_log
	ours=a
	two_cores "$p"
	goal "7. -j 2, $mb MB, $(truth "$postfix" clients) clients: wall of -j 1 / that" wall 1 x \
	    ">=1.7" ">=1.85"
	make_log "dense-$size" postfix "$size" -n 800000
	check -r "dense-$size" >&2
	two_cores "$dir/dense-$size.log"
	goal "7. the same, $size MB, $(truth "dense-$size" clients) clients" wall 1 x ">=1.5" ">=1.8"
	drop "dense-$size"
}

row_8() {
	postfix_log
	need zstd zstd
	need gzip gzip
	need_space $((mb / 3))
	[ "$p.zst" -nt "$p" ] || zstd -3 -q -f "$p" -o "$p.zst"
	[ "$p.gz" -nt "$p" ] || gzip -6 -c "$p" >"$p.gz"
	ours=b
	measure -n "$pairs" "zstd -q -dc $p.zst" "$spamsource $OPTIONS $p.zst"
	goal "8. .zst: wall / that of \`zstd -dc\`" wall 1 x "<=1.25" "<=1.1"
	measure -n "$pairs" "gzip -dc $p.gz" "$spamsource $OPTIONS $p.gz"
	goal "8. .gz: wall / that of \`gzip -dc\`" wall 1 x "<=1" "<=0.35"
	drop "$postfix.log"
}

row_9() {
	make_log postfix-10 postfix 10
	ours=a
	measure -n 21 -p "$cpu" "$(run "$dir/postfix-10.log")"
	goal "9. 10 MB, the whole process: wall" a.wall 1000 " ms" "<=60" "<=25"
	drop postfix-10
}

# Each day's log has its own sources' density; mapped as it is written, never on disk.
row_10() {
	local size=$((day_sources * 1000 / per_gb)) d=0 key
	local parts=$dir/parts-$days-$day_sources
	key="$(cat "$genlog" "$spamsource" | cksum) $OPTIONS"
	if [ "$(cat "$parts/key" 2>/dev/null)" != "$key" ]; then
		rm -rf "$parts"
		mkdir -p "$parts"
		printf '%s\n' "$key" >"$parts/key"
	fi
	need_space $((days * day_sources / 25000))
	[ "$size" -gt 0 ] || die "BENCH_DAY_SOURCES is at least $((per_gb / 1000))"
	for ((; d < days; d++)); do
		[ ! -f "$parts/$d.part" ] || continue
		[ $((d % 50)) -ne 0 ] ||
			echo "bench: days $d and later of $days, $size MB each: generated and mapped" >&2
		# shellcheck disable=SC2086 # options are words
		"$genlog" -d $d -b "${size}M" -n $per_gb -t "$parts/$d.truth" |
			"$spamsource" map $OPTIONS --year $((2026 + (d > 360))) - \
			    -o "$parts/$d.new"
		mv "$parts/$d.new" "$parts/$d.part"
	done
	ours=a
	measure -n "$slow_pairs" \
	    "$spamsource merge $OPTIONS -f json -n 1 -o $parts/all.json $parts/*.part"
	"$here"/truth.sh -j "$parts/all.json" "$parts"/*.truth >&2 || wrong=1
	goal "10. merging $days daily parts of $day_sources clients, \
$(du -sm "$parts" | cut -f 1) MB: wall" a.wall 1 " s" "<=20" "<=5"
	[ -z "$temporary" ] || rm -rf "$parts"
}

need mawk mawk
build
cpu=${BENCH_CPU:-$(awk '/^Cpus_allowed_list/ { sub(/.*[^0-9]/, "", $2); print $2 }' \
    /proc/self/status)}
check_kinds
machine
table_head
for row in $rows; do
	case $row in
	[1-9] | 10) "row_$row" ;;
	*) die "no row $row" ;;
	esac
done
[ $wrong -eq 0 ] || die "spamsource and the generator differ, see above"
