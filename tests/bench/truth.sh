#!/bin/bash
# Does spamsource count what genlog says that it wrote?  usage: truth.sh [-r] LOG TRUTH
# Prints each number that differs and how many were compared; exit 1 if one differed.
# -r: only the report, as the dumps of a big log take long.
# Environment: SPAMSOURCE (./spamsource), OPTIONS (of every command), TMPDIR.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
spamsource=${SPAMSOURCE:-./spamsource}
views="event evidence report text"
if [ "${1:-}" = -r ]; then
	views="report text"
	shift
fi
log=$1 truth=$2
ours=$(mktemp "${TMPDIR:-/tmp}/spamsource-truth.XXXXXX")
trap 'rm -f "$ours"' EXIT

# count VIEW COMMAND...
count() {
	local view=$1
	shift
	# shellcheck disable=SC2086 # options are words
	"$spamsource" "$@" ${OPTIONS:-} "$log" | mawk -v view="$view" -f "$here/counts.awk" >>"$ours"
}

for view in $views; do
	case $view in
	event) count event dump events ;;
	evidence) count evidence dump evidence ;;
	report) count report -f json -n 1 ;;
	text) count text -f text ;;
	esac
done

# What the report says of spam is compared as far as the truth tells spam and ham apart.
mawk -F '\t' -v what="$(basename "$log")" -v views="$views" '
BEGIN { n = split(views, v, " "); for (i = 1; i <= n; i++) want[v[i]] = 1 }
{ wanted = ($1 in want) || ($1 ~ /^zone/ && ("event" in want)) }
FNR == NR { if (wanted && $3 != 0) truth[$1 ": " $2] = $3; spam += $2 == "spam"; next }
wanted { ours[$1 ": " $2] = $3; if (!($1 == "report" && !spam)) all[$1 ": " $2] = 1 }
END {
	for (k in truth)
		all[k] = 1
	for (k in all) {
		compared++
		if (truth[k] + 0 != ours[k] + 0) {
			wrong++
			printf "truth: %s: %s: counted %d, generated %d\n", what, k, ours[k], truth[k]
		}
	}
	printf "truth: %s: %d numbers compared, %d wrong\n", what, compared, wrong
	exit wrong > 0
}' "$truth" "$ours"
