# CRLF line ends are cut.
small_log >a.log
report -f jsonl a.log >clean
sed 's/$/\r/' a.log >crlf.log
report -f jsonl crlf.log >with-crlf
same clean with-crlf
report -f json crlf.log | lines_of
