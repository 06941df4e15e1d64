# map --events: jsonl from parts is that of the logs; without them it is a clear error.
map() { "$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z "$@"; }
for log in "$SAMPLE" "$CASES"/compromised-own-exim/mainlog; do
	split -n l/7 -d -a 1 "$log" piece.
	for f in piece.?; do
		map --events "$f" -o "$f.part"
	done
	for suspected in '' --suspected; do
		# shellcheck disable=SC2086 # an option or none
		report -f jsonl $suspected "$log" >whole
		# shellcheck disable=SC2086
		report -f jsonl $suspected piece.[3526140].part >parts
		same whole parts
	done
done
"$SPAMSOURCE" merge piece.[145].part -o a.part
"$SPAMSOURCE" merge a.part piece.6.part piece.0.part -o b.part
report -f jsonl --suspected b.part piece.[23].part >parts
same whole parts
report -f jsonl --suspected b.part piece.2 piece.3.part >parts
same whole parts
grep -c '"spam_by":\["behaviour"\]' parts

# One without: no jsonl; all other reports do without them.
map piece.3 -o plain.part
report -f jsonl piece.[012456].part plain.part || echo "exit code $?"
"$SPAMSOURCE" merge piece.[12].part plain.part -o c.part
report -f jsonl c.part || echo "exit code $?"
report -f json "$log" | grep -v '^	*"/' >whole
report -f json b.part piece.2.part plain.part | grep -v '"[^"]*part",*$' >parts
diff whole parts >/dev/null && echo "json: the same"
"$SPAMSOURCE" --events "$log" || echo "exit code $?"
