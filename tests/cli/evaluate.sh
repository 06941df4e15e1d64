# The sample against its truth, as text and JSON; mistakes made on purpose, in the truth.
log=$FIXTURES/sample/mail.log truth=$FIXTURES/sample/truth.tsv
measure() { report evaluate --truth "$@"; }

measure "$truth" "$log" | tee right.txt
measure "$truth" -f json "$log" -f text -o text.txt >right.json
same right.txt text.txt

# What comes compressed, from standard input or with other columns first is the same.
gzip -c "$log" >mail.log.gz
measure "$truth" mail.log.gz >gz.txt
same right.txt gz.txt
awk -F'\t' -v OFS='\t' '{ print "", $3, $2, $5, $4, $7, $6, $1 }' "$truth" >columns.tsv
measure columns.tsv - <"$log" >columns.txt
same right.txt columns.txt

# The owner of a listed line as ham, a stolen account as a zombie, a third one undecidable.
awk -F'\t' -v OFS='\t' '
NR == 1 { print $0, "decidable"; next }
$1 == "zombie" && ++z == 1 { $1 = "ham" }
$1 == "compromised" && ++c == 1 { $1 = "zombie" }
{ print $0, $1 == "misconfigured" && ++m == 2 ? "no" : "" }' "$truth" >wrong.tsv
measure wrong.tsv "$log" | sed -n '/^messages: /,/^$/p; /^the worst/,$p'
measure wrong.tsv -f json -n 1 "$log" | sed -n '/^"mistakes"/,$p'
