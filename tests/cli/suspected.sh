# --suspected: policy refusals too, in jsonl only; the report does not change.
log=$FIXTURES/lines/postfix-smtpd.log
report -f jsonl "$log" >without
report -f jsonl --suspected "$log" >with
grep '"spam_by":\["policy"\]' with >policy
echo "$(($(grep -c '' with) - $(grep -c '' without))) more, $(grep -c '' policy) by policy"
grep -vxFf with without || echo "all of the others are there"
report -f json "$log" >a
report -f json --suspected "$log" >b
same a b
