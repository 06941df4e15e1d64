# The disk is full: a message, exit 3.
small_log >a.log
for format in text json jsonl; do
	exits 3 report -f $format a.log >/dev/full
done
exits 3 "$SPAMSOURCE" --help >/dev/full
exits 3 "$SPAMSOURCE" --version >/dev/full
