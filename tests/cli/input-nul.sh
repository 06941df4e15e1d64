# NUL bytes in a value and as a line of their own.
small_log >a.log
report -f jsonl a.log >clean
{ sed -n 1,6p a.log; printf '\0\0\0\n'; sed -n 7,13p a.log; } >line.log
report -f jsonl line.log >with-line
same clean with-line
report -f json line.log | lines_of
sed 's/win7-pc/win7\x00pc/' a.log >value.log
report -f jsonl value.log >with-value
grep -c '"helo":"win7.*pc"' with-value
tr -d '\0' <with-value | cmp - with-value
