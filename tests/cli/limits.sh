# --max-sources: of more sources only sums are kept, and the report says so; nothing else is lost.
bare() { tr -d ' \t\n' | sed 's/"files":\[[^]]*\]//'; }
sums() { tr -d ' \t\n' | grep -oE '"exact":[a-z]+|"not-exact",[^}]*|"lines":\{[^}]*\}'; }
for n in 1000000 60 7; do
	echo "--max-sources $n"
	report -f json --max-sources $n "$SAMPLE" >one
	sums <one
	report -f json --max-sources $n -j 3 "$SAMPLE" >many
	same one many
	bare <one >bare
	report map --max-sources $n --seq 1 "$SAMPLE" -o a.part
	report merge --max-sources $n -f json a.part | bare >merged
	same bare merged
	report -f jsonl --max-sources $n "$SAMPLE" | grep -c '"class"'
done
# A part that was limited stays so.
report merge -f json a.part | sums | sed -n '/exact/p'
report -q --max-sources 7 "$SAMPLE" | grep -c compromised
exits 2 "$SPAMSOURCE" --max-sources 0 "$SAMPLE"
exits 2 "$SPAMSOURCE" --max-open x "$SAMPLE"
# More messages open at once than may be: that is not exact either, also in parts.
report -f json --max-open 1 "$SAMPLE" >one
tr -d ' \t\n' <one | grep -oE '"messages":\{[^}]*\}|"exact":[a-z]+|"not-exact-messages",[^}]*'
report map --max-open 1 "$SAMPLE" -o a.part
report merge -f json a.part | sums | sed -n '/exact/p'
# Strangers' logins, and names that change each time, take no memory beyond the limit.
login() { # NUMBER...: on standard input
	awk '{ printf "Mar  3 10:00:00 mx postfix/smtpd[5]: warning: unknown[203.0.113.5]: SASL LOGIN " \
	    "authentication failed: no, sasl_username=%0200d@y.example\n", $1 }'
}
name() {
	awk '{ x = "a-label-as-long-as-a-label-of-a-name-may-be-for-most."
	    printf "Mar  3 10:00:00 mx postfix/smtpd[5]: NOQUEUE: reject: RCPT from p%d.%sexample" \
	    "[203.0.113.5]: 554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org; " \
	    "from=<a@b.example> to=<c%d@example.org> proto=ESMTP helo=<pc>\n", 90000000 - $1, x x x x, $1 }'
}
domain() {
	awk '{ printf "Mar  3 10:00:00 mx postfix/smtpd[5]: NOQUEUE: reject: RCPT from pc.example" \
	    "[203.0.113.5]: 454 4.7.1 <c@p%0200d.example>: Relay access denied; " \
	    "from=<a@b.example> to=<c@p%0200d.example> proto=ESMTP helo=<pc>\n", $1, $1 }'
}
for what in login name domain; do
	seq 1 200000 | $what >$what.log
	(memory 36000 && report -j 1 -f json --max-sources 100 $what.log) | lines_of
done
