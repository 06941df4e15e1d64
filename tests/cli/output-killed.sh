# -o: whoever dies while writing leaves the old file or the whole new one.
small_log >a.log
report -f json -o old a.log
report -f json -o new "$SAMPLE"
cp old out
write=("$SPAMSOURCE" --year 2026 --tz UTC --now 2026-12-31T00:00:00Z -f json -o out "$SAMPLE")

# In the middle of a write: the file may not grow further, and that kills. (Bash says so.)
{
	(ulimit -c 0 -f 4 && exec "${write[@]}") || rc=$?
} 2>said
echo "exit code $rc"
same old out
rm out.??????

# At any moment.
for delay in 0 1 2 3 4 5 6 7 8 10 12 14 16 18 20 25 30 35 40 50; do
	cp old out
	"${write[@]}" &
	sleep "$(printf 0.%03d "$delay")"
	kill -KILL $! || :
	wait $! || :
	cmp -s old out || cmp -s new out || { echo "killed after $delay ms: half a file" && exit 1; }
done 2>said
rm -f out.?????? said

report -f json -o out "$SAMPLE"
same new out
ls
