#!/bin/bash
# Golden tests of the program.  usage: [UPDATE=1] run.sh [NAME]...
#
# NAME.sh is run by bash -eu, after lib.bash, in an empty directory of its own.  Its standard
# output, standard error and exit code must be NAME.out, NAME.err (missing: empty) and NAME.exit
# (missing: 0).  UPDATE=1 writes these three instead: read the diff before you commit it.
# CLI_SECONDS (120): what a test may take.
# It finds: SPAMSOURCE (the program), FIXTURES, CASES (fixtures/cases), TESTS (this directory).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
program=${SPAMSOURCE:-$top/spamsource}
SPAMSOURCE=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
FIXTURES=$top/fixtures CASES=$top/fixtures/cases TESTS=$here
export SPAMSOURCE FIXTURES CASES TESTS UPDATE=${UPDATE:-}
work=${CLI_WORK:-}

# The tests see nothing of the user's surroundings.
clean_environment() {
	unset NO_COLOR COLUMNS LINES COLORTERM CLICOLOR_FORCE
	export LC_ALL=C TZ=UTC TERM=xterm HOME=$1/home XDG_CONFIG_HOME=$1/config TMPDIR=$1/tmp
	mkdir -p "$HOME" "$XDG_CONFIG_HOME" "$TMPDIR" "$1/cwd"
	cd "$1/cwd"
}

# golden WHAT GOT WANTED-FILE: compare, or with UPDATE write; an empty one has no file.
golden() {
	if [ -n "$UPDATE" ]; then
		if [ -s "$2" ]; then cp "$2" "$3"; else rm -f "$3"; fi
		return 0
	fi
	local wanted=$3
	[ -e "$wanted" ] || wanted=/dev/null
	diff -a -u --label "wanted $1" --label "got $1" "$wanted" "$2" | head -n 60
	cmp -s "$wanted" "$2"
}

# Runs one case; says what is wrong; its result is a file.
one_case() {
	local name=$1 dir=$work/$1 rc=0 bad=0
	mkdir -p "$dir"
	# shellcheck disable=SC2016 # $1 and $2 are for that bash
	(
		clean_environment "$dir"
		exec timeout "${CLI_SECONDS:-120}" bash -eu -c '. "$1"; . "$2"' bash \
		    "$TESTS/lib.bash" "$TESTS/$name.sh"
	) >"$dir/out" 2>"$dir/err" </dev/null || rc=$?
	sed -i "s|$top/||g" "$dir/err"	# where the tree lies says nothing
	if [ "$rc" -eq 0 ]; then : >"$dir/exit"; else echo "$rc" >"$dir/exit"; fi
	{
		golden out "$dir/out" "$TESTS/$name.out" || bad=1
		golden err "$dir/err" "$TESTS/$name.err" || bad=1
		golden exit "$dir/exit" "$TESTS/$name.exit" || bad=1
	} >"$dir/diff" 2>&1
	if [ "$bad" -eq 0 ]; then
		echo pass >"$work/result.$name"
	else
		echo fail >"$work/result.$name"
		{ echo "FAIL $name"; cat "$dir/diff"; } >"$work/shown.$name"
		cat "$work/shown.$name"
	fi
	rm -rf "$dir"
}

if [ "${1:-}" = --case ]; then
	one_case "$2"
	exit
fi

[ -x "$SPAMSOURCE" ] || { echo "no program $SPAMSOURCE: run make first" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-cli.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export CLI_WORK=$work

names=("$@")
if [ "${#names[@]}" -eq 0 ]; then
	for f in "$here"/*.sh; do
		name=$(basename "$f" .sh)
		[ "$name" = run ] || names+=("$name")
	done
fi
printf '%s\0' "${names[@]}" | xargs -0 -n 1 -P 2 bash "$0" --case
passed=$(cat "$work"/result.* | grep -c pass || :)
failed=$((${#names[@]} - passed))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
