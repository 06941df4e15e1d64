# Accounts that look stolen and are not, beside one that is. A telephone that gets a new address of
# its carrier for each mail; an office's server that writes in forty names of two domains by one
# login; a club's letter to hundreds of old addresses, of whose readers' servers some call it spam;
# an account whose thief writes from forty lines while its owner, at home, has an alias, a mistyped
# address and a telephone with the old password.
n=0

# mail TIME LOGIN ADDRESS SENDER RECIPIENTS BOUNCES SPAM
mail() {
	local id r said
	n=$((n + 1)) id=$(printf 'A%06d' "$n")
	echo "Mar  3 $1 mx postfix/submission/smtpd[9]: $id: client=unknown[$3], sasl_method=PLAIN, sasl_username=$2"
	echo "Mar  3 $1 mx postfix/cleanup[8]: $id: message-id=<$n.x@example.org>"
	echo "Mar  3 $1 mx postfix/qmgr[7]: $id: from=<$4>, size=900, nrcpt=$5 (queue active)"
	for ((r = 1; r <= $5; r++)); do
		said='dsn=2.0.0, status=sent (250 ok)'
		[ "$r" -gt "$6" ] ||
			said="dsn=5.1.1, status=bounced (host mx said: 550 5.1.1 unknown user (in reply to RCPT TO command))"
		[ "$r" -le $(($5 - $7)) ] ||
			said="dsn=5.7.1, status=bounced (host mx said: 554 5.7.1 Message rejected as spam (in reply to end of DATA command))"
		echo "Mar  3 $1 mx postfix/smtp[6]: $id: to=<r$n-$r@far$r.example>, relay=mx[33.51.100.$((100 + (n + r) % 9))]:25, delay=1, delays=0/0/0/1, $said"
	done
	echo "Mar  3 $1 mx postfix/qmgr[7]: $id: removed"
}

at() { printf '%02d:%02d:00' $((7 + $1 / 60)) $(($1 % 60)); }

for ((i = 0; i < 24; i++)); do
	mail "$(at $((i * 20)))" tom "28.77.$i.9" "$([ $((i % 2)) = 0 ] && echo tom@example.org || echo info@club.example)" 1 0 0
done >phone.log
for ((i = 0; i < 160; i++)); do
	mail "$(at $((i * 3)))" u1017 26.1.1.1 "clerk$((i % 40))@$([ $((i % 3)) = 0 ] && echo trade || echo firm).example" 2 $((i % 25 == 0)) $((i % 40 == 1))
done >office.log
for ((i = 0; i < 60; i++)); do
	mail "$(at $((i * 9)))" club 26.2.2.2 news@club.example 10 1 $((i % 4 == 0))
done >letter.log
{
	for i in 0 70 130 410; do
		mail "$(at "$i")" anna 29.1.1.1 anna@shop.example 3 $((i == 70)) 0
	done
	for ((i = 0; i < 12; i++)); do
		echo "Mar  3 $(at $((140 + i))) mx postfix/submission/smtpd[9]: warning: unknown[29.1.1.1]: SASL PLAIN authentication failed: authentication failure, sasl_username=anna"
	done
	for ((i = 0; i < 40; i++)); do
		mail "$(at $((60 + i)))" anna "$((30 + i)).7.7.7" "s$i@other$((i % 14)).example" 3 1 0
	done
} | sort -s -k3,3 >stolen.log
for log in phone office letter stolen; do
	report -f jsonl $log.log >$log.jsonl
	echo "$log: $(grep -c '"class":"compromised","subtype' $log.jsonl || true) stolen," \
	    "of them $(grep '"class":"compromised","subtype' $log.jsonl | grep -c '"29.1.1.1"' || true) the owner's;" \
	    "$(grep -c '"class":"unattributed"' $log.jsonl || true) not attributed"
done
