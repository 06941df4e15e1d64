# A log that cannot be opened (a link to nowhere, so that root fails too), beside a good one.
small_log >mail.log
report -f jsonl mail.log >clean
ln -s nowhere mail.log.1
exits 1 report -f jsonl mail.log.1 mail.log >with-dangling
same clean with-dangling
