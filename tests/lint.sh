#!/bin/bash
# The project's guard rails: "make lint".  Prints one line a finding, "file:line: what", then how
# many there were; exit 1 if there was one.  Environment: BUILD (build), MAKE (make), COMPILERS
# ("gcc clang": each must build everything without a warning).
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
export LC_ALL=C.UTF-8
unset MAKEFLAGS MFLAGS MAKELEVEL CFLAGS CPPFLAGS LDFLAGS CC
layers=(base parser classify report cli)
more_warnings="-Wformat=2 -Wno-format-nonliteral -Wvla -Wundef -Wpointer-arith -Wwrite-strings"
more_warnings+=" -Wold-style-definition -Wimplicit-fallthrough -Wredundant-decls"
banned="strcpy|strcat|stpcpy|sprintf|vsprintf|gets|strtok|system|popen|exec[lv][pe]*"
ending="exit|_exit|abort|perror|warnx?|errx?"
found=$(mktemp "${TMPDIR:-/tmp}/spamsource-lint.XXXXXX")
trap 'rm -f "$found"' EXIT

mapfile -t sources < <(find "${layers[@]}" tests \( -name '*.[ch]' \) -type f | sort)
mapfile -t shipped < <(find "${layers[@]}" \( -name '*.[ch]' \) -type f | sort)
mapfile -t headers < <(find "${layers[@]}" -name '*.h' -type f | sort)
mapfile -t cases < <(find tests/cli -name '*.sh' ! -name run.sh | sort)
mapfile -t scripts < <({ find tests fixtures contrib -name '*.sh' ! -path 'tests/cli/*'
    echo tests/cli/run.sh; echo .ci/run; } 2>/dev/null | sort -u)
mapfile -t python < <(find tests fixtures -name '*.py' -type f | sort)

# At most 500 lines a file, 120 a header, 60 a function, 100 columns a line of C.
lint_lengths() {
	local f n limit
	for f in "${sources[@]}" "${scripts[@]}" "${python[@]}"; do
		n=$(wc -l <"$f")
		limit=500
		# Tables of cases in tests are data.
		case $f in tests/unit/*) limit=1000 ;; tests/*) ;; *.h) limit=120 ;; esac
		[ "$n" -le $limit ] || echo "$f:$n: file of $n lines, at most $limit"
	done
	for f in "${sources[@]}" Makefile; do
		[ "$(wc -L <"$f")" -gt 100 ] || continue
		# In tests, a line of a log stays a line.
		expand "$f" | awk -v f="$f" 'length($0) > 100 && !(f ~ /^tests/ && /^ *"/) {
			print f ":" NR ": line of " length($0) " columns, at most 100"
		}'
	done
}

# A function is what stands between "{" and "}" in the first column, and the line with its name.
lint_functions() {
	awk '
	FNR == 1 { start = 0; name = "?" }
	/^[A-Za-z_][A-Za-z_0-9]*\(/ { name = $0; sub(/\(.*/, "", name); named = FNR }
	/^\{/ { start = named ? named : FNR }
	/^[A-Za-z_].*\)[ \t]*\{$/ && !/=/ {
		start = FNR
		print FILENAME ":" FNR ": the brace of a function opens on a line of its own"
	}
	/^\}/ {
		if (start && FNR - start + 1 > 60)
			print FILENAME ":" start ": function " name " of " FNR - start + 1 \
			    " lines, at most 60"
		start = named = 0
	}' "${sources[@]}"
}

# Includes are written from the root and point one way, along the list of layers.
lint_layers() {
	awk -v layers="${layers[*]}" '
	BEGIN { n = split(layers, name); for (i = 1; i <= n; i++) rank[name[i]] = i }
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, quoted, "\""); split(quoted[2], to, "/"); split(FILENAME, from, "/")
		if (!(to[1] in rank))
			print FILENAME ":" FNR ": include \"" quoted[2] "\" is not from the root"
		else if (rank[to[1]] > rank[from[1]])
			print FILENAME ":" FNR ": " from[1] "/ may not include " to[1] "/"
	}' "${shipped[@]}"
}

# No unbounded copies, no commands; only cli/ (and running out of memory) prints and exits.
lint_calls() {
	awk -v banned="$banned" -v ending="$ending" '
	BEGIN { before = "(^|[^A-Za-z0-9_>.])("; after = ")[ \t]*\\(" }
	{ line = $0; gsub(/"([^"\\]|\\.)*"/, "\"\"", line); sub(/\/\*.*/, "", line) }
	line ~ /^[ \t]*\*/ { next }
	match(line, before banned after) {
		print FILENAME ":" FNR ": forbidden call: " substr(line, RSTART, RLENGTH) ")"
	}
	FILENAME !~ /^cli\// && FILENAME != "base/problem.c" &&
	    match(line, before ending after "|stderr") {
		print FILENAME ":" FNR ": only cli/ prints diagnostics and exits"
	}' "${shipped[@]}"
}

lint_headers_alone() {
	local h
	for h in "${headers[@]}"; do
		printf '#include "%s"\n' "$h" |
		    gcc -std=c11 -I. -Wall -Wextra -Werror -fsyntax-only -x c - >/dev/null 2>&1 ||
			echo "$h:1: does not compile alone"
		grep -q "^#ifndef $(tr 'a-z/.-' 'A-Z___' <<<"$h")\$" "$h" ||
			echo "$h:1: the guard is not named after the path"
	done
}

lint_compilers() {
	local cc without=
	for cc in ${COMPILERS-gcc clang}; do
		if ! command -v "$cc" >/dev/null; then
			echo "Makefile:1: no $cc here: sh tests/setup.sh test"
			continue
		fi
		"${MAKE:-make}" -k -j "$(nproc)" BUILD="$build/lint-$cc" CC="$cc" CFLAGS=-O1 \
		    WERROR=1 WARN_MORE="$more_warnings" $without objects 2>&1 </dev/null |
		    grep -E '(error|warning): |\*\*\* No rule' |
		    sed -E "s/^([^: ]+:[0-9]+):[0-9]+:/\1: $cc:/" | sort -u || :
		without=ISAL=no		# the second one: both ways are compiled
	done
}

lint_texts() {
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -Wwarning spamsource.1 2>/dev/null | sed -E 's/^mandoc: //' || :
	else
		echo "spamsource.1:1: no mandoc here: sh tests/setup.sh test"
	fi
	if command -v shellcheck >/dev/null; then
		shellcheck -f gcc "${scripts[@]}" || :
		# Cases are sourced, without a first line; SC2094: they read one file often.
		shellcheck -f gcc -s bash -e SC2094 tests/cli/lib.bash "${cases[@]}" || :
	else
		echo "tests/lint.sh:1: no shellcheck here: sh tests/setup.sh test"
	fi
	grep -HnE '[[:blank:]]+$' "${sources[@]}" "${scripts[@]}" Makefile |
	    sed -E 's/^([^:]*:[0-9]+):.*/\1: blanks at the end of the line/' || :
}

for part in lengths functions layers calls headers_alone compilers texts; do
	"lint_$part"
done >"$found"
cat "$found"
n=$(wc -l <"$found")
echo "lint: ${#sources[@]} C files, ${#scripts[@]} scripts, $n findings"
[ "$n" -eq 0 ]
