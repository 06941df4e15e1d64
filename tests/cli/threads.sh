# -j: the same bytes in any number of threads, for every case and the sample.
logs=("$SAMPLE" "$CASES"/*/mail.log "$CASES"/*/mainlog)
for j in 2 3 4; do
	n=0
	for log in "${logs[@]}"; do
		report -f json "$log" >one
		report -f json -j "$j" "$log" >many
		cmp one many || exit 1
		n=$((n + 1))
	done
	echo "-j $j: the same for $([ "$n" -gt 40 ] && echo all || echo "$n") logs"
done
# What was found before the threads began is told once.
cp "$SAMPLE" copy.log
mkdir empty
for j in 1 4; do
	report -f json -j "$j" "$SAMPLE" copy.log empty 2>/dev/null >out.$j || echo "exit code $?"
done
same out.1 out.4
# Single events, too; what they are found by here is renumbered.
for log in "$SAMPLE" "$CASES"/compromised-own-*/m*log "$CASES"/zombie-milter-postfix/mail.log; do
	report -f jsonl -j 1 --suspected "$log" >one
	report -f jsonl -j 3 --suspected "$log" >many
	cmp one many || exit 1
	[ -s one ] || echo "$log: no events"
done
same one many

# Rotated logs, some compressed: slices of one; in any order.
mkdir -p rotated
lines=$(wc -l <"$SAMPLE")
for k in 4 3 2 1; do
	sed -n "$((lines * (4 - k) / 5 + 1)),$((lines * (5 - k) / 5))p" "$SAMPLE" >rotated/mail.log.$k
done
sed -n "$((lines * 4 / 5 + 1)),\$p" "$SAMPLE" >rotated/mail.log
gzip rotated/mail.log.[234]
for format in text json jsonl; do
	report -f "$format" -j 1 rotated >one
	for j in 2 3 5; do
		report -f "$format" -j "$j" rotated >many
		cmp one many || exit 1
	done
	report -f "$format" -j 3 rotated/mail.log rotated/mail.log.[1342]* | grep -v rotated/ >many
	grep -v rotated/ one | cmp - many || exit 1
done
same one many

# Logs that only seem to follow one another: what was read in slices is read again, and all troubles
# are told once and in order.
mkdir -p seeming
gzip -c "$SAMPLE" >seeming/mail.log.2.gz
sed -n '1500,$p' "$SAMPLE" | gzip | head -c 9000 >seeming/mail.log.1.gz
gzip -c "$SAMPLE" | head -c 8000 >seeming/mail.log.gz
for j in 1 3; do
	report -f json -j "$j" seeming >out.$j 2>err.$j || echo "exit code $?"
done
same out.1 out.3
same err.1 err.3
grep -c truncated err.3
# Stamps without year that go over New Year are not cut.
{
	sed -n 1,400p "$SAMPLE" | sed 's/^Nov [ 0-9][0-9]/Dec 31/'
	sed -n 1,400p "$SAMPLE" | sed 's/^Nov [ 0-9][0-9]/Jan  1/'
} >new-year.log
report -f json new-year.log >one
report -f json -j 4 new-year.log >many
same one many
tr -d ' \t\n' <many | grep -o '"from":"[^"]*","to":"[^"]*"' | sed 1q
