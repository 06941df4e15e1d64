#!/bin/bash
# The formats against real readers of them: sqlite3, promtool, Python's email package, the three
# shells, systemd-analyze; and against each other.  Part of make check.
# usage: [SPAMSOURCE=PROGRAM] run.sh [NAME]...      ends with "N passed, N failed"
set -eu
cd "$(dirname "$0")/../.."
program=${SPAMSOURCE:-./spamsource}
PROMTOOL=${PROMTOOL:-$PWD/build/deb/usr/bin/promtool}
export PROMTOOL
work=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-formats.XXXXXX")
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

tests=("$@")
[ "${#tests[@]}" -gt 0 ] || tests=(agree tables metrics mail leaks shells contrib)
few=(fixtures/sample fixtures/cases/*own* fixtures/cases/zombie-dnsbl-exim
    fixtures/cases/*forwarder* fixtures/lines/*.log fixtures/hostile/*.log)

for name in "${tests[@]}"; do
	logs=()
	case $name in
	agree) logs=(fixtures/sample fixtures/cases/* fixtures/lines/*.log fixtures/hostile/*.log
	    fixtures/lab/frozen/*/) ;;
	leaks) logs=(fixtures/sample fixtures/cases/* fixtures/lines/*.log fixtures/hostile/*.log
	    fixtures/cuts/*.log fixtures/prefix/*log fixtures/lab/frozen/*/) ;;
	office) logs=(fixtures/sample fixtures/hostile/postfix-bytes.log) ;;
	*) logs=("${few[@]}") ;;
	esac
	rc=0
	python3 "tests/formats/${name/office/tables}.py" "$program" "${logs[@]}" >"$work/out" 2>&1 </dev/null || rc=$?
	read -r p f <<<"$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$work/out" |
	    tail -n 1)"
	[ "$rc" -eq 0 ] || [ "${f:-0}" -gt 0 ] || f=1
	sed '/^[0-9]* passed, [0-9]* failed$/d' "$work/out" | head -n 40
	passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
