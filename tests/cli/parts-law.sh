# The law of the fold: a log cut anywhere, in parts that are read in any order, merged in any
# nesting, or mixed with logs, gives the bytes of the report over the whole.
whole() { report -f text "$1" >w.txt; report -f json "$1" | grep -v '^	*"/' >w.json; }
check() { # WHAT PART...: text and JSON (but for the inputs' names) are those of the whole
	local what=$1
	shift
	report -f text "$@" >p.txt
	report -f json -o p.raw "$@"
	grep -vE '^	*"[^"]*(part|piece\.[0-9]+|log)",?$' p.raw >p.json
	grep -vE '^	*"[^"]*(part|piece\.[0-9]+|log)",?$' w.json >w2.json
	cmp w.txt p.txt && cmp w2.json p.json && echo "$what: the same"
}
cut_up() { # LOG PIECES: piece.N and piece.N.part, in order of N
	rm -f piece.*
	split -n "l/$2" -d -a 3 "$1" piece.
	for f in piece.???; do
		"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z \
		    --seq "$((10#${f#piece.}))" "$f" -o "$f.part"
	done
}
whole "$SAMPLE"
for n in 1 2 7 40; do
	cut_up "$SAMPLE" "$n"
	check "sample in $n pieces" piece.???.part
done
cut_up "$SAMPLE" 7
check "in another order" piece.00[35016].part piece.004.part piece.002.part
"$SPAMSOURCE" merge piece.001.part piece.005.part -o a.part
"$SPAMSOURCE" merge a.part piece.003.part -o b.part
check "nested" piece.006.part b.part piece.00[024].part
"$SPAMSOURCE" merge piece.00[0-6].part -o c.part
"$SPAMSOURCE" merge piece.00[6024].part b.part -o d.part
cmp c.part d.part && echo "one part, however it was made"
"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z piece.003 -o e.part
cmp -s e.part piece.003.part || echo "--seq is kept"

# Each line of a small log between two pieces.
log=$CASES/compromised-own-exim/mainlog
head -n 120 "$log" >small.log
whole small.log
lines=$(wc -l <small.log)
same=0
for ((i = 0; i <= lines; i += 3)); do
	head -n "$i" small.log >piece.000
	tail -n "+$((i + 1))" small.log >piece.001
	for k in 0 1; do
		"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z --seq "$k" \
		    "piece.00$k" -o "piece.00$k.part"
	done
	report -f text piece.000.part piece.001.part >p.txt
	cmp w.txt p.txt && same=$((same + 1))
done
echo "cut at $same of its lines: the same"

# Containers, standard input.
cut_up "$SAMPLE" 1
gzip -k piece.000
zstd -q piece.000
for f in piece.000.gz piece.000.zst; do
	"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z --seq 0 "$f" -o f.part
	report -f text f.part >p.txt
	report -f text piece.000.part | cmp - p.txt && echo "${f##*.}: the same"
done
