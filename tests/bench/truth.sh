#!/bin/bash
# Does spamsource count what genlog says that it wrote?
# usage: truth.sh [-r] LOG TRUTH | truth.sh -j JSON TRUTH...
# Prints each number that differs and how many were compared; exit 1 if one differed.
# -r: only the reports, as the dumps of a big log take long.  -j: a report that is already there, of
# the logs of all these truths together.
# Environment: SPAMSOURCE (./spamsource), OPTIONS (of every command), TMPDIR.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
spamsource=${SPAMSOURCE:-./spamsource}
views="event evidence report text"
ours=$(mktemp "${TMPDIR:-/tmp}/spamsource-truth.XXXXXX")
trap 'rm -f "$ours"' EXIT

# count VIEW COMMAND...
count() {
	local view=$1
	shift
	# shellcheck disable=SC2086 # options are words
	"$spamsource" "$@" ${OPTIONS:-} "$log" | mawk -v view="$view" -f "$here/counts.awk" >>"$ours"
}

case $1 in
-r) views="report text" ;;
-j) views=report ;;
esac
case $1 in -*) shift ;; esac
log=$1
shift
case $views in
report)
	mawk -v view=report -f "$here/counts.awk" "$log" >>"$ours"
	;;
*)
	for view in $views; do
		case $view in
		event | evidence) count "$view" dump "${view/event/events}" ;;
		report) count report -f json -n 1 ;;
		text) count text -f text ;;
		esac
	done
	;;
esac

# What the report says of spam is compared as far as the truth tells spam and ham apart; distinct
# sources of several logs are not those of all together.
mawk -F '\t' -v what="$(basename "$log")" -v views="$views" -v logs=$# '
BEGIN {
	n = split(views, v, " ")
	for (i = 1; i <= n; i++)
		want[v[i]] = 1
}
!($1 in want) && !($1 ~ /^zone/ && ("event" in want)) { next }
logs > 1 && $2 == "spam sources" { next }
!counted { spam += $2 == "spam"; truth[$1 ": " $2] += $3 }
counted { ours[$1 ": " $2] = $3 }
END {
	for (k in truth)
		all[k] = 1
	for (k in ours)
		if (spam || k !~ /^report/)
			all[k] = 1
	for (k in all) {
		if (truth[k] + 0 == 0 && ours[k] + 0 == 0)
			continue
		compared++
		if (truth[k] + 0 != ours[k] + 0) {
			wrong++
			printf "truth: %s: %s: counted %d, generated %d\n", what, k, ours[k], truth[k]
		}
	}
	printf "truth: %s: %d numbers compared, %d wrong\n", what, compared, wrong
	exit wrong > 0 || compared == 0
}' "$@" counted=1 "$ours"
