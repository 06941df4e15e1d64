#!/bin/bash
# Fuzz every target for FUZZ_SECONDS (60), two at a time: "make fuzz".
# usage: run.sh BUILD     BUILD/tests/fuzz/fuzz_* are libFuzzer programs
#
# Seeds: tests/fuzz/corpus/TARGET and the small files of fixtures/.  What is found to be new stays
# in BUILD/corpus/TARGET, findings in BUILD/findings/TARGET-*.  To keep a finding as a test, copy
# it to tests/fuzz/corpus/TARGET/: make check replays it.
set -eu
cd "$(dirname "$0")/../.."
build=$1
seconds=${FUZZ_SECONDS:-60}
export LC_ALL=C TZ=UTC

fuzz_one() {
	local target=$1 log=$build/log/$1 seeds=() rc=0
	mkdir -p "$build/corpus/$target" "$build/findings" "$build/log"
	for dir in "tests/fuzz/corpus/$target" fixtures/hostile fixtures/lines rules; do
		[ ! -d "$dir" ] || seeds+=("$dir")
	done
	"$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=65536 -timeout=20 \
	    -rss_limit_mb=4096 -print_final_stats=1 \
	    -artifact_prefix="$build/findings/$target-" \
	    "$build/corpus/$target" "${seeds[@]}" >"$log" 2>&1 </dev/null || rc=$?
	if [ "$rc" -eq 0 ]; then
		echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs," \
		    "no finding"
		return 0
	fi
	echo "$target: FOUND (exit $rc), the end of $log:"
	tail -n 40 "$log"
	return 1
}

passed=0 failed=0 running=()
reap() {
	if wait "${running[0]}"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
	running=("${running[@]:1}")
}
trap 'kill "${running[@]}" 2>/dev/null; exit 130' INT TERM

for source in tests/fuzz/fuzz_*.c; do
	target=${source##*/fuzz_}
	fuzz_one "${target%.c}" &
	running+=($!)
	[ "${#running[@]}" -lt "${FUZZ_JOBS:-2}" ] || reap
done
while [ "${#running[@]}" -gt 0 ]; do reap; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
