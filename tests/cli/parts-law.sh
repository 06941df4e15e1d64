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
map() { "$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z "$@"; }
cut_up() { # LOG PIECES [seq]: piece.N and piece.N.part, in order of N
	rm -f piece.*
	split -n "l/$2" -d -a 3 "$1" piece.
	for f in piece.???; do
		map ${3:+--seq "$((10#${f#piece.}))"} "$f" -o "$f.part"
	done
}
whole "$SAMPLE"
for n in 1 2 7 40; do
	cut_up "$SAMPLE" "$n" seq
	check "sample in $n pieces" piece.???.part
done
cut_up "$SAMPLE" 1000
check "sample in 1000 pieces, by name" piece.???.part
cut_up "$SAMPLE" 7 seq
check "in another order" piece.00[35016].part piece.004.part piece.002.part
"$SPAMSOURCE" merge piece.001.part piece.005.part -o a.part
"$SPAMSOURCE" merge a.part piece.003.part -o b.part
check "nested" piece.006.part b.part piece.00[024].part
"$SPAMSOURCE" merge piece.00[0-6].part -o c.part
"$SPAMSOURCE" merge piece.00[6024].part b.part -o d.part
cmp c.part d.part && echo "one part, however it was made"
map piece.003 -o e.part
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
		map --seq "$k" "piece.00$k" -o "piece.00$k.part"
	done
	report -f text piece.000.part piece.001.part >p.txt
	cmp w.txt p.txt && same=$((same + 1))
done
echo "cut at $same of its lines: the same"

# Containers, standard input; two of three pieces in parts, one as it is.
whole "$SAMPLE"
cut_up "$SAMPLE" 3
gzip -k piece.001
zstd -q piece.001
for f in piece.001.gz piece.001.zst -; do
	map "$f" -o piece.001.part <piece.001
	check "$f" piece.00[021].part
done
mv piece.002 piece.log
check "the last as a log" piece.log piece.00[01].part

# A host's logs side by side, cut at one time: at last within an entry of the rejectlog.
logs=$FIXTURES/cuts/exim-entries
whole "$logs"
same=0
for ((i = 0; i <= 72; i += 3)); do
	mkdir -p a b
	head -n "$i" "$logs/rejectlog" >a/rejectlog
	tail -n "+$((i + 1))" "$logs/rejectlog" >b/rejectlog
	until=$(grep '^20' a/rejectlog | tail -n 1 | cut -c 1-19) || until=
	awk -v until="$until" '$1 " " $2 <= until' "$logs/mainlog" >a/mainlog
	awk -v until="$until" '$1 " " $2 > until' "$logs/mainlog" >b/mainlog
	# a piece of nothing but the rest of an entry, or of nothing: a part, and a warning
	map --seq 1 b -o b.part 2>/dev/null || [ -s b.part ]
	map --seq 0 a -o a.part 2>/dev/null || [ -s a.part ]
	report -f text b.part a.part >p.txt
	cmp w.txt p.txt && same=$((same + 1))
done
echo "logs side by side, cut in $same places: the same"
