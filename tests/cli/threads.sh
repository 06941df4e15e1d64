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
# What needs single events is read by one thread.
report -f jsonl "$SAMPLE" >one
report -f jsonl -j 4 "$SAMPLE" >many
same one many
# Stamps without year that go over New Year are not cut.
{
	sed -n 1,400p "$SAMPLE" | sed 's/^Nov [ 0-9][0-9]/Dec 31/'
	sed -n 1,400p "$SAMPLE" | sed 's/^Nov [ 0-9][0-9]/Jan  1/'
} >new-year.log
report -f json new-year.log >one
report -f json -j 4 new-year.log >many
same one many
tr -d ' \t\n' <many | grep -o '"from":"[^"]*","to":"[^"]*"' | sed 1q
