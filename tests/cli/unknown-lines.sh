# --unknown FILE: the lines of known daemons that no shape fits, as they are, and their number.
small_log >a.log
printf 'Mar  3 10:03:00 mx postfix/smtpd[114]: something \001 new under the sun\n' >new.log
cat a.log new.log >both.log
report -f json --unknown unknown both.log | lines_of
same new.log unknown
report -f jsonl --unknown none a.log >/dev/null
wc -c <none
exits 3 report --unknown nowhere/unknown a.log
exits 3 report -f jsonl --unknown /dev/full both.log
