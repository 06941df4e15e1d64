# By address of the client: every refused attempt with its session, its signs if there is no mail.
log=$CASES/zombie-postscreen-postfix/mail.log
report explain 28.45.17.204 "$log" >shown
report explain ip:28.45.17.204 "$log" >with-kind
same shown with-kind
quoted <shown >lines
head -n 8 lines
grep -cvxFf "$log" lines || :
evidence <shown | sort | uniq -c
dir=$CASES/zombie-rejected-exim
report explain 28.130.9.61 "$dir" | tee shown | quoted
evidence <shown | sort | uniq -c
exits 1 report explain 192.0.2.254 "$log"
