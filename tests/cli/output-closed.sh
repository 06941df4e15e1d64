# Standard output is closed: a message, exit 3.
small_log >a.log
for format in text json jsonl; do
	exits 3 report -f $format a.log >&-
done
