#!/bin/bash
# Validate outputs against the shipped schemas with ajv.  usage: validate.sh FILE...
# FILE.jsonl: every line is a spamsource.verdict/1; FILE.evaluation: one spamsource.evaluation/1;
# any other: one spamsource.report/1.
# Without FILE only the schemas themselves.  Needs: sh tests/setup.sh test
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
npm=${AJV_DIR:-$top/build/npm}/node_modules
ajv=$npm/.bin/ajv
[ -x "$ajv" ] || { echo "no ajv in $npm: sh tests/setup.sh test" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
verdict=$top/report/verdict-1.schema.json
report=$top/report/report-1.schema.json
evaluation=$top/report/evaluation-1.schema.json
# ajv-cli looks for the plug-in from where it is itself.
options=(--spec=draft2020 -c ajv-formats --strict=true --strict-required=false)

"$ajv" compile "${options[@]}" -s "$verdict" >/dev/null
"$ajv" compile "${options[@]}" -s "$report" >/dev/null
"$ajv" compile "${options[@]}" -s "$evaluation" >/dev/null

# All records of a file as one array, so that one process checks them.
# shellcheck disable=SC2016 # $id is the name of a key
id=$(sed -n 's/^ *"$id": *"\(.*\)",$/\1/p' "$verdict" | head -n 1)
cat >"$work/array.schema.json" <<SCHEMA
{ "\$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "array", "items": { "\$ref": "$id" } }
SCHEMA

jsonl=() json=() evaluations=() n=0
for file; do
	n=$((n + 1))
	case $file in
	*.jsonl)
		to=$work/$n-$(basename "$file").json
		{ echo '['; sed '$!s/$/,/' "$file"; echo ']'; } >"$to"
		jsonl+=(-d "$to") ;;
	*.evaluation)
		to=$work/$n-$(basename "$file").json
		cp "$file" "$to"
		evaluations+=(-d "$to") ;;
	*)
		# ajv-cli goes by the ending of the name.
		to=$work/$n-$(basename "$file").json
		cp "$file" "$to"
		json+=(-d "$to") ;;
	esac
done
rc=0
if [ "${#jsonl[@]}" -gt 0 ]; then
	"$ajv" validate "${options[@]}" -r "$verdict" -s "$work/array.schema.json" "${jsonl[@]}" \
	    --errors=text >"$work/out" 2>&1 || rc=1
	sed "s|$work/||g" "$work/out"
fi
if [ "${#evaluations[@]}" -gt 0 ]; then
	"$ajv" validate "${options[@]}" -s "$evaluation" "${evaluations[@]}" --errors=text \
	    >"$work/out" 2>&1 || rc=1
	sed "s|$work/||g" "$work/out"
fi
if [ "${#json[@]}" -gt 0 ]; then
	"$ajv" validate "${options[@]}" -s "$report" "${json[@]}" --errors=text \
	    >"$work/out" 2>&1 || rc=1
	sed "s|$work/||g" "$work/out"
fi
exit $rc
