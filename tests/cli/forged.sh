# Every scenario of the lab, once with what attackers write in all fields that they write, once with
# harmless bytes in the same places: events, messages and verdicts are the same, byte for byte, but
# for these bytes.

# one MODE CASE: the case's logs, rewritten, in the directory MODE; and what is made of them.
one() {
	local mode=$1 log opts=(--tz UTC)
	[ ! -f "$2/options" ] || read -ra opts <"$2/options"
	rm -rf "$mode"
	mkdir "$mode"
	for log in "$2"/*log; do
		perl "$TESTS/forge.pl" "$mode" <"$log" >"$mode/${log##*/}"
	done
	"$SPAMSOURCE" -j 1 --year 2026 --now 2026-12-31T00:00:00Z "${opts[@]}" -f jsonl --suspected \
	    "$mode" >"$mode.jsonl" 2>"$mode.err" || [ $? -eq 1 ]
	"$SPAMSOURCE" -j 1 --year 2026 --now 2026-12-31T00:00:00Z "${opts[@]}" -f json "$mode" \
	    2>>"$mode.err" | no_files >"$mode.json"
}

# numbers: how lines and messages were counted.
numbers() {
	tr -d ' \t\n' <"$1" | grep -oE '"(lines|messages|totals)":\{[^}]*\}|"(attempts|exact)":[^,]*'
}

# keys: what is attributed, to whom, why; texts of strangers left out.
keys() {
	sed -E 's/"(helo|client_name|sender|message_id|reply)":"([^"\\]|\\.)*",//g; s/^(.*"account":")([^"\\]|\\.)*"/\1..."/' "$1"
}

n=0 spam=0
for case in "$CASES"/*; do
	one clean "$case"
	one forged "$case"
	diff -rq clean forged >/dev/null && { echo "${case##*/}: nothing was forged"; continue; }
	grep -a '"source":"[^"]*\(6\.6\.6\.6\|victim\|ceo\)\|"client_ip":"6\.6\.' forged.jsonl && exit 1
	keys clean.jsonl >clean.keys
	keys forged.jsonl >forged.keys
	diff -a clean.keys forged.keys >different ||
	    { echo "${case##*/}:"; head -n 6 different | cut -c 1-600; }
	diff <(numbers clean.json) <(numbers forged.json) | sed "s/^/${case##*/}: /"
	[ -n "$(numbers clean.json)" ] || exit 1
	n=$((n + 1))
	spam=$((spam + $(wc -l <clean.keys)))
done
echo "$n cases, $spam events: the same"
