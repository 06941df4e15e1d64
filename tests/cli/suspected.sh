# --suspected: policy refusals too, in jsonl only; the report does not change.
log=$FIXTURES/lines/postfix-smtpd.log
report -f jsonl "$log" >without
report -f jsonl --suspected "$log" >with
grep -c '' without with
grep -o '"spam_by":\["policy"\]' with | sort | uniq -c
grep -vxFf with without || echo "all of the others are there"
report -f json "$log" >a
report -f json --suspected "$log" >b
same a b
