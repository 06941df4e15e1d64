# --pseudonymize: the key file is checked, one key gives one word in all formats and from parts,
# another key others, and explain finds with a pseudonym what it stands for.
small_log >a.log
(umask 077; echo 'a key of some length' >key; echo 'another key of length' >other)
some=(--pseudonymize recipients --pseudonym-key-file key)
all=(--pseudonymize all --pseudonym-key-file key)

refused report --pseudonymize recipients a.log
refused report --pseudonymize everything --pseudonym-key-file key a.log
refused report --pseudonymize all --pseudonym-key-file missing a.log
echo 'a key of some length' >open
for mode in 640 604 660 644 602; do
	chmod $mode open
	refused report --pseudonymize all --pseudonym-key-file open a.log
done
chmod 400 open
report --pseudonymize all --pseudonym-key-file open a.log >/dev/null
(umask 077; printf '0123456789abcde\n' >short; head -c 5000 /dev/zero >long; mkfifo -m 600 fifo)
refused report --pseudonymize all --pseudonym-key-file short a.log
refused report --pseudonymize all --pseudonym-key-file long a.log
refused report --pseudonymize all --pseudonym-key-file fifo a.log
refused report --pseudonymize all --pseudonym-key-file . a.log
refused report map "${all[@]}" a.log -o a.part
refused report "${all[@]}" --unknown unknown a.log
# Not asked for, not looked at.
report --pseudonym-key-file missing a.log >/dev/null
report --pseudonymize none a.log >plain
report a.log >as-ever
same as-ever plain

echo "What is what:"
report dump messages "${some[@]}" a.log
report dump messages "${all[@]}" a.log
report -f jsonl "${some[@]}" "$CASES/compromised-own-exim" | sed -n 1p

words() { grep -oh 'p-[a-z2-7]\{16\}' "$@" | sort -u; }
echo "All formats have the same words, another key has no word of these:"
report "${all[@]}" -n 1000 -v -o text -f json -o json -f html -o html \
    -f csv --section sources -o sources -f csv --section own_side -o own "$SAMPLE"
report "${all[@]}" --pseudonym-key-file other -f json -o json2 "$SAMPLE"
words text >text.words
words html >html.words
words sources own >csv.words
words json >json.words
words json2 >json2.words
wc -l <json.words
same json.words csv.words
comm -13 json.words text.words
comm -13 json.words html.words
comm -12 json.words json2.words

echo "Parts have no pseudonyms, and what is made of them has the same ones:"
report map --events "$SAMPLE" -o whole.part
for mode in some all; do
	declare -n o=$mode
	for format in text json jsonl html; do
		report merge -f $format "${o[@]}" whole.part | no_files >merged
		report -f $format "${o[@]}" "$SAMPLE" | no_files >whole
		same whole merged
	done
done

echo "Back, with the key:"
report explain "account:info" "$SAMPLE" | quoted | wc -l
word=$(report -f csv --section own_side "${all[@]}" "$SAMPLE" | sed -n 's/^account:\(p-[a-z2-7]*\),.*/\1/p' |
    sed -n 1p)
report explain "account:$word" "${all[@]}" "$SAMPLE" | quoted | wc -l
exits 1 report explain "account:$word" --pseudonymize all --pseudonym-key-file other "$SAMPLE"
ip=$(report -f csv --section sources "${all[@]}" "$SAMPLE" | sed -n 's/^ip:\([0-9a-f:]*\),.*/\1/p' | sed -n 1p)
report explain "$ip" "${all[@]}" "$SAMPLE" | sed -n '2p;/^  source/p' | sort -u
