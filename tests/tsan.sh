#!/bin/bash
# ThreadSanitizer over whatever has threads: "make check-tsan".  SPAMSOURCE: a program built with
# -fsanitize=thread; TEST_FOLD: such a test of merges.  Each log of the fixtures plain, and compressed
# from standard input, in four threads; then the CLI tests that are about threads, and merges, which
# take threads for thousands of sources only.  A race is exit code 66.
set -eu
cd "$(dirname "$0")/.."
program=${SPAMSOURCE:?} merges=${TEST_FOLD:?}
export TSAN_OPTIONS=${TSAN_OPTIONS:-exitcode=66 halt_on_error=1} LC_ALL=C TZ=UTC
work=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-tsan.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
options=(--year 2026 --tz UTC --now 2026-12-31T00:00:00Z -j 4)
passed=0 failed=0

# try MOST NAME COMMAND...: its exit code must be at most that (1: some fixtures are damaged).
try() {
	local most=$1 name=$2 rc=0
	shift 2
	"$@" >"$work/out" 2>"$work/err" || rc=$?
	if [ "$rc" -le "$most" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name: exit code $rc"
		head -n 60 "$work/out" "$work/err"
	fi
}

for log in fixtures/sample/mail.log fixtures/cases/*/{mail.log,mainlog} fixtures/hostile/*.log \
    fixtures/cuts/*.log fixtures/lines/*.log; do
	[ -f "$log" ] || continue
	try 1 "$log" "$program" "${options[@]}" -f json "$log"
	zstd -q -f "$log" -o "$work/log.zst"
	try 1 "$log, zst" "$program" "${options[@]}" -f json "$work/log.zst"
	gzip -c "$log" >"$work/log.gz"
	try 1 "$log, gz" "$program" "${options[@]}" -f json - <"$work/log.gz"
done
for name in tests/cli/{threads,parts,input-}*.sh; do
	name=$(basename "$name" .sh)
	try 0 "$name" env CLI_SECONDS=1200 bash tests/cli/run.sh "$name"
done
try 0 merges "$merges"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
