# By account, Postfix and Exim; by script; by host name.
for dir in "$CASES"/compromised-own-postfix "$CASES"/compromised-own-exim; do
	report explain info "$dir" >shown
	report explain account:info "$dir" >with-kind
	same shown with-kind
	grep -c '^  account  *info$' shown
	grep -c '^  verdict  *compromised' shown
	quoted <shown | sort -u >lines
	cat "$dir"/*log | grep -cxFf lines
	evidence <shown | sort | uniq -c
done
script=$CASES/misconfigured-webscript-own-postfix
report explain script:33@mx1 "$script" >shown
grep -c '^  verdict  *misconfigured' shown
quoted <shown >lines
head -n 4 lines
evidence <shown | sort | uniq -c
report explain hoster.example "$CASES/compromised-hoster-victim-postfix" | grep '^  client ' |
    sort | uniq -c
