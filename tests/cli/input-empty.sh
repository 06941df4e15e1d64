# Nothing in: nothing out, exit 0.
: >empty.log
report -f jsonl empty.log
report -f jsonl </dev/null
gzip -n <empty.log >empty.gz
report -f jsonl empty.gz
report -f json empty.log | lines_of
