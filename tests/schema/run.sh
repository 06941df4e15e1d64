#!/bin/bash
# Both JSON outputs of every fixture are valid, and their counts add up.  Part of make check.
# usage: [SPAMSOURCE=PROGRAM] run.sh      ends with "N passed, N failed"
set -eu
cd "$(dirname "$0")/../.."
program=${SPAMSOURCE:-./spamsource}
options=(--year 2026 --tz UTC --now 2026-12-31T00:00:00Z)
work=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-outputs.XXXXXX")
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

result() {
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $2"
	fi
}

shopt -s nullglob
rc=0
bash tests/schema/validate.sh || rc=1
result $rc "the schemas themselves"

inputs=(fixtures/sample fixtures/cases/*/ fixtures/lines/*.log fixtures/hostile/*)
outputs=()
for input in "${inputs[@]}"; do
	[ -e "$input" ] || continue
	name=${input#fixtures/}
	name=${name%/}
	name=${name//\//.}
	for format in jsonl json; do
		rc=0
		"$program" "${options[@]}" -f $format "$input" >"$work/$name.$format" \
		    2>"$work/err" </dev/null || rc=$?
		# 1: hostile inputs may be damaged; the outputs are whole all the same.
		if [ "$rc" -gt 1 ]; then
			cat "$work/err"
			result 1 "$input: exit code $rc of -f $format"
			rm -f "$work/$name.$format"
		fi
	done
	[ ! -e "$work/$name.jsonl" ] || [ ! -e "$work/$name.json" ] ||
		outputs+=("$work/$name.jsonl" "$work/$name.json")
done

rc=0
"$program" evaluate --truth fixtures/sample/truth.tsv "${options[@]}" -f json -o - \
    fixtures/sample/mail.log >"$work/sample.evaluation" 2>"$work/err" </dev/null || rc=$?
[ "$rc" -eq 0 ] || { cat "$work/err"; result 1 "exit code $rc of evaluate"; }
outputs+=("$work/sample.evaluation")

# The law of counts: read = recognised + ignored + unknown + bad, total = complete + open + forced;
# and every record of jsonl starts with its schema and has the fields in the contract's order.
cat >"$work/sums.js" <<'JS'
const fs = require("fs");
const order = ("schema ts time host mta queue_id message_id client_ip client_port client_name " +
	"helo account service sender recipients direction stage action reply spam_by score class " +
	"subtype reason confidence via source provider evidence stopped_by").split(" ");
let good;
const say = (file, what) => { good = false; console.log(file + ": " + what); };
const sum = (file, o, total, parts) => {
	const n = parts.reduce((s, p) => s + o[p], 0);
	if (n !== o[total])
		say(file, `${total} ${o[total]} is not the sum ${n} of ${parts}`);
};
const report = (file, text) => {
	const input = JSON.parse(text).input;
	sum(file, input.lines, "read", ["recognised", "ignored", "unknown", "bad"]);
	sum(file, input.messages, "total", ["complete", "open", "forced"]);
};
const records = (file, text) => {
	let last = 0;
	for (const line of text.split("\n").slice(0, -1)) {
		const record = JSON.parse(line);
		const at = Object.keys(record).map((k) => order.indexOf(k));
		if (at[0] !== 0 || at.some((n, i) => n < 0 || (i > 0 && n <= at[i - 1])))
			say(file, "fields out of order: " + line);
		if (record.ts < last)
			say(file, "records out of order: " + line);
		last = record.ts;
	}
};
for (const path of process.argv.slice(2)) {
	const file = path.replace(/.*\//, "");
	good = true;
	try {
		if (!file.endsWith(".evaluation"))
			(file.endsWith(".json") ? report : records)(file, fs.readFileSync(path, "utf8"));
	} catch (e) {
		say(file, e.message);
	}
	if (good)
		console.log(file + " counts");
}
JS

if [ "${#outputs[@]}" -gt 0 ]; then
	bash tests/schema/validate.sh "${outputs[@]}" >"$work/valid" 2>&1 || :
	node "$work/sums.js" "${outputs[@]}" >"$work/sums" 2>&1 || :
	grep -v ' valid$' "$work/valid" | head -n 100 || :
	grep -v ' counts$' "$work/sums" | head -n 100 || :
	for output in "${outputs[@]}"; do
		rc=0
		grep -q -- "-$(basename "$output").json valid$" "$work/valid" || rc=1
		grep -qxF "$(basename "$output") counts" "$work/sums" || rc=1
		result $rc "$(basename "$output")"
	done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
