# The report of many sources, in several threads: from one part, so that only the report is made.
awk 'BEGIN {
	for (i = 0; i < 16500; i++)
		printf "Nov 20 %02d:%02d:%02d mx1 postfix/smtpd[%d]: NOQUEUE: reject: RCPT from" \
		    " p%d.%s.isp%d.example[45.%d.%d.%d]: 554 5.7.1 Service unavailable; Client host" \
		    " [45.%d.%d.%d] blocked using %s; from=<a%d@b.example> to=<c@own.example>" \
		    " proto=ESMTP helo=<%s>\n", int(i / 1000) + 1, i / 60 % 60, i % 60, i % 30000 + 1,
		    i, i % 3 ? "dyn" : "static", i % 37, int(i / 65536) + 1, int(i / 256) % 256,
		    i % 256, int(i / 65536) + 1, int(i / 256) % 256, i % 256,
		    i % 5 ? "zen.spamhaus.org" : "bl.spamcop.net", i % 900, i % 7 ? "pc" i : "[1.2.3.4]"
}' >many.log
i=0
for log in many.log "$CASES"/{compromised-own,misconfigured-openrelay-own,misconfigured-webscript-own}-postfix/mail.log; do
	i=$((i + 1))
	report map --seq $i "$log" -o $i.part
done
"$SPAMSOURCE" merge [1-4].part -o all.part
for f in text json; do
	report merge -v -f $f all.part >$f.1
	for j in 2 3 4; do
		report merge -v -f $f -j $j all.part >$f.$j
		same $f.1 $f.$j
	done
done
report -f json -j 1 many.log >read.1	# its slices are united in threads, too
for j in 2 3 4; do
	report -f json -j $j many.log >read.$j
	same read.1 read.$j
done
grep -c 'alarm": true' json.1 || :
