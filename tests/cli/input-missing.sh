# A file that is not there, between two that are: nothing else is lost.
small_log >a.log
report -f jsonl a.log >clean
exits 1 report -f jsonl missing.log a.log >with-missing
same clean with-missing
exits 1 report -f jsonl missing.log >only-missing
cat only-missing
