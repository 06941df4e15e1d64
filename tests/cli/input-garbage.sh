# Only garbage: a report, a message, exit 1; garbage beside a log only counts.
printf 'no log\n\n\001\002\377\nMar\n%s\n' "$(seq 20 | tr '\n' ' ')" >garbage
exits 1 report -f json garbage | lines_of
small_log >a.log
report -f jsonl a.log >clean
report -f jsonl garbage a.log >with-garbage
same clean with-garbage
cat garbage a.log >both
report -f json both | lines_of
