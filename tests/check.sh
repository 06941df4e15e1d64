#!/bin/bash
# All tests: "make check".  usage: check.sh BUILD PROGRAM PART...
# Parts: unit cli cases lab replay corpus schema formats html lint.  Failures are shown whole,
# successes as one line each.
# Counted as one test each: a cmocka test, a CLI case, a fuzz target's replay of all its files,
# a case of real logs against its truth, the lab's accuracy and each thing that must not change it,
# how often bounds hold in one kind of mixes of the lab's logs, a schema (and each fixture's output
# against it), a format against a reader of it, a report in the browser, lint.
# The last line is the sum.
set -eu
cd "$(dirname "$0")/.."
build=$1
program=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
shift 2
export LC_ALL=C TZ=UTC
export ASAN_OPTIONS=${ASAN_OPTIONS:-exitcode=99}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
work=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-check.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
closing='^\([0-9]*\) passed, \([0-9]*\) failed$'
passed=0 failed=0

# count LABEL PASSED FAILED [OUTPUT]
count() {
	passed=$((passed + $2)) failed=$((failed + $3))
	[ "$3" -eq 0 ] || [ -z "${4:-}" ] || cat "$4"
	echo "$1: $2 passed, $3 failed"
}

# count_summary LABEL STATUS OUTPUT: of a script that ends with "N passed, N failed".
count_summary() {
	local p f
	read -r p f <<<"$(sed -n "s/$closing/\1 \2/p" "$3" | tail -n 1)"
	if [ "$2" -ne 0 ] && [ "${f:-0}" -eq 0 ]; then
		f=1
	fi
	sed -i "/$closing/d" "$3"
	count "$1" "${p:-0}" "${f:-0}" "$3"
}

# sum_of PASSED|FAILED OUTPUT: of cmocka's closing lines.
sum_of() {
	sed -n "s/^\[  $1  \] \([0-9]*\) test(s).*/\1/p" "$2" |
	    awk '{ n += $1 } END { print n + 0 }'
}

part_unit() {
	local source name rc p f
	# shellcheck disable=SC2016 # $1 and $2 are for that sh
	for source in tests/unit/test_*.c; do
		name=$(basename "$source" .c)
		printf '%s\n' "$name"
	done | xargs -P 2 -I NAME sh -c '
	    rc=0; "$1/tests/unit/NAME" >"$2/NAME.out" 2>&1 </dev/null || rc=$?
	    echo $rc >"$2/NAME.rc"' \
	    sh "$build" "$work"
	for source in tests/unit/test_*.c; do
		name=$(basename "$source" .c)
		rc=$(cat "$work/$name.rc")
		p=$(sum_of PASSED "$work/$name.out")
		f=$(sum_of FAILED "$work/$name.out")
		# A program that died has said nothing of its other tests.
		if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
		if [ "$rc" -eq 0 ] && [ "$p" -eq 0 ]; then f=1; fi
		count "unit $name" "$p" "$f" "$work/$name.out"
	done
}

part_cli() {
	local rc=0
	SPAMSOURCE=$program bash tests/cli/run.sh >"$work/cli.out" 2>&1 </dev/null || rc=$?
	count_summary cli "$rc" "$work/cli.out"
}

part_cases() {
	local name rc
	for name in run frozen chains; do
		rc=0
		SPAMSOURCE=$program node "tests/cases/$name.mjs" >"$work/cases.out" 2>&1 \
		    </dev/null || rc=$?
		count_summary "cases $name" "$rc" "$work/cases.out"
	done
}

part_lab() {
	local rc=0
	SPAMSOURCE=$program node tests/lab/measure.mjs >"$work/lab.out" 2>&1 </dev/null || rc=$?
	count_summary lab "$rc" "$work/lab.out"
	rc=0
	python3 tests/lab/bounds.py "$program" >"$work/lab.out" 2>&1 </dev/null || rc=$?
	count_summary "lab bounds" "$rc" "$work/lab.out"
	rc=0
	python3 tests/lab/leave_one_out.py "$program" >"$work/lab.out" 2>&1 </dev/null || rc=$?
	count_summary "lab hosts left out" "$rc" "$work/lab.out"
	python3 tests/lab/accuracy.py "$program" >"$work/accuracy" 2>"$work/lab.out" </dev/null
	sed -n '/^  accuracy:$/,/^$/{/./p}' rules/00-model.yaml |
	    diff - "$work/accuracy" >>"$work/lab.out" && rc=0 || rc=1
	count "lab accuracy" $((1 - rc)) "$rc" "$work/lab.out"
}

part_replay() {
	local source target rc out files
	for source in tests/fuzz/fuzz_*.c; do
		target=$(basename "$source" .c)
		target=${target#fuzz_}
		files=()
		for dir in "tests/fuzz/corpus/$target" fixtures/hostile fixtures/lines rules; do
			[ ! -d "$dir" ] || files+=("$dir")
		done
		rc=0
		out=$work/replay.out
		"$build/tests/fuzz/replay_$target" "${files[@]}" >"$out" 2>&1 </dev/null || rc=1
		count "replay $target ($(tail -n 1 "$out"))" $((1 - rc)) $rc "$out"
	done
}

# Also says when the corpus is not there; that is no failure.
part_corpus() {
	local rc=0
	SPAMSOURCE=$program bash tests/corpus/run.sh >"$work/corpus.out" 2>&1 </dev/null || rc=$?
	grep '^corpus: ' "$work/corpus.out" || :
	count_summary corpus "$rc" "$work/corpus.out"
}

part_schema() {
	local rc=0
	SPAMSOURCE=$program bash tests/schema/run.sh >"$work/schema.out" 2>&1 </dev/null || rc=$?
	count_summary schema "$rc" "$work/schema.out"
}

part_formats() {
	local rc=0
	SPAMSOURCE=$program bash tests/formats/run.sh >"$work/formats.out" 2>&1 </dev/null || rc=$?
	count_summary formats "$rc" "$work/formats.out"
}

part_html() {
	local rc=0
	SPAMSOURCE=$program node tests/html/run.mjs >"$work/html.out" 2>&1 </dev/null || rc=$?
	count_summary html "$rc" "$work/html.out"
}

part_lint() {
	local rc=0
	BUILD=$build bash tests/lint.sh >"$work/lint.out" 2>&1 </dev/null || rc=1
	count lint $((1 - rc)) $rc "$work/lint.out"
}

for part; do
	"part_$part"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
