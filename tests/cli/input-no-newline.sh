# The last line counts without its newline.
small_log | sed -n 1,4p >a.log
report -f jsonl a.log >clean
head -c -1 a.log >cut.log
report -f jsonl cut.log >without-newline
same clean without-newline
report -f json cut.log | lines_of
