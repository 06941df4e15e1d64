# --unknown FILE: the lines of known daemons that no shape fits, by program and shape, most first,
# and the programs that are not supported. Their bytes are harmless.
small_log >a.log
{
	printf 'Mar  3 10:03:00 mx postfix/smtpd[114]: something \001 new under the sun\n'
	for i in 1 2 3; do
		echo "Mar  3 10:03:0$i mx postfix/smtpd[114]: odd client=host$i.example[192.0.2.$i] took 0.$i s"
		echo "Mar  3 10:03:0$i mx cron[$i]: session opened"
	done
	printf 'Mar  3 10:03:04 mx \033[2J[1]: x\n'
} >new.log
cat a.log new.log >both.log
report -f json --unknown unknown both.log | lines_of
cat unknown
# However it was read.
report -f json --unknown again -j 2 - <both.log >/dev/null
same unknown again
report -f jsonl --unknown none a.log >/dev/null
wc -c <none
exits 3 report --unknown nowhere/unknown a.log
exits 3 report -f jsonl --unknown /dev/full both.log
# Of so many shapes the last ones are only counted.
cp a.log many.log
awk 'BEGIN { for (i = 0; i < 10005; i++) { w = ""; for (k = i + 40000; k > 0; k = int(k / 26))
    w = w sprintf("%c", 97 + k % 26); print "Mar  3 10:03:00 mx postfix/smtpd[1]: odd " w } }' >>many.log
report -f json --unknown many many.log >/dev/null
wc -l <many
sed -n '1p;$p' many
