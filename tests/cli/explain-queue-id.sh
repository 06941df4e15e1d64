# By queue id: the very lines of the log, and the evidence with weights and rule ids.
own=$CASES/compromised-own-postfix/mail.log
report explain 9598B479 "$own" >shown 2>err
quoted <shown >lines
cat lines
evidence <shown
grep -cvxFf "$own" lines || :
# Every line of the log with this id is among them.
grep 9598B479: "$own" >with-id
grep -cvxFf lines with-id || :
report explain 9598B479 - <"$own" >stdin
same shown stdin
report explain 9598B479 <"$own" >none
same shown none
gzip -n <"$own" >own.gz
report explain 9598B479 <own.gz >gzip
same shown gzip
own=$CASES/compromised-own-exim
id=1xTriW-00069m-30
grep -c "$id <= .* A=plain_server:info " "$own/mainlog"
report explain "$id" "$own" >shown
quoted <shown
evidence <shown
