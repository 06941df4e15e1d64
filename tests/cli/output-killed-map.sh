# map -o: whoever dies while writing a part leaves the old part or the whole new one.
small_log >a.log
report map --seq 1 a.log -o old
report map --seq 2 "$SAMPLE" -o new
cp old out
write=("$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z --seq 2 "$SAMPLE" -o out)

# In the middle of a write: the file may not grow further, and that kills. (Bash says so.)
{
	(ulimit -c 0 -f 1 && exec "${write[@]}") || rc=$?
} 2>said
echo "exit code $rc"
same old out
rm out.??????

# At any moment, with the old part and with none; what is there can be merged.
for delay in 0 1 2 3 4 5 6 7 8 9 10 11 12 14 16 18 20 22 25 30 35 40 50; do
	for before in old none; do
		rm -f out
		[ $before = none ] || cp old out
		"${write[@]}" &
		sleep "$(printf 0.%03d "$delay")"
		kill -KILL $! || :
		wait $! || :
		[ $before = none ] && [ ! -e out ] && continue
		cmp -s old out || cmp -s new out || { echo "killed after $delay ms: half a part" && exit 1; }
		report merge out >report || exit 1
	done
done 2>said
rm -f out.?????? said

"${write[@]}"
same new out
