# Every line of fixtures/lines is the event that its .events file says ("dump events", UPDATE=1
# writes them), and provenance.tsv names for each the daemon, its versions and who wrote it.
lines=$FIXTURES/lines
for log in "$lines"/*.log; do
	name=$(basename "$log" .log)
	report dump events --host mx1 "$log" >"$name.events"
	if [ -n "${UPDATE:-}" ]; then cp "$name.events" "$lines/$name.events"; fi
	cmp -s "$name.events" "$lines/$name.events" ||
	    diff -u "$lines/$name.events" "$name.events" | head -n 20
done
# Unknown are only those that say so.
report --unknown unknown -f json "$lines"/*.log >/dev/null
grep -v -e 'that nobody knows' -e 'no known shape' -e 'that spamd never says' unknown || :
# Each line is in one range of the table, and there is no other range.
awk -F'\t' -v lines="$lines" '
FNR == 1 { next }
{
	if (NF != 6 || $4 == "" || $5 == "" || $6 !~ /^(synthetic|real: )/)
		print "provenance.tsv:" FNR ": not filled"
	if ($2 != last[$1] + 1 || $3 < $2)
		print "provenance.tsv:" FNR ": not behind the range before"
	last[$1] = $3
}
END {
	for (name in last) {
		n = 0
		while ((getline line < (lines "/" name)) > 0)
			n++
		if (n != last[name])
			print name ": " n " lines, the table has " last[name]
		total += n
	}
	print (total >= 250 ? "at least 250" : "only " total) " lines"
}' "$lines/provenance.tsv"
for log in "$lines"/*.log; do
	grep -q "^$(basename "$log")	" "$lines/provenance.tsv" || echo "$log: not in the table"
done
