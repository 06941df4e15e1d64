# A stolen account that the thief uses from twelve lines, and its owner from three: one line to
# which he comes back, one from which he wrote to a single reader, one where he first mistyped his
# password. Only the thief's mail is spam; and where one line of many is the thief's, the others
# are a traveller's.
n=0

# mail TIME ADDRESS SENDER RECIPIENTS BOUNCES
mail() {
	local id r
	n=$((n + 1)) id=$(printf 'A%06d' "$n")
	echo "Mar  3 $1 mx postfix/submission/smtpd[9]: $id: client=unknown[$2], sasl_method=PLAIN, sasl_username=anna"
	echo "Mar  3 $1 mx postfix/cleanup[8]: $id: message-id=<$n.x@example.org>"
	echo "Mar  3 $1 mx postfix/qmgr[7]: $id: from=<$3>, size=900, nrcpt=$4 (queue active)"
	for ((r = 1; r <= $4; r++)); do
		if [ "$r" -le "$5" ]; then
			echo "Mar  3 $1 mx postfix/smtp[6]: $id: to=<r$r@far.example>, relay=mx.far.example[33.51.100.101]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.far.example[33.51.100.101] said: 550 5.1.1 unknown user (in reply to RCPT TO command))"
		else
			echo "Mar  3 $1 mx postfix/smtp[6]: $id: to=<r$r@far.example>, relay=mx.far.example[33.51.100.101]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"
		fi
	done
	echo "Mar  3 $1 mx postfix/qmgr[7]: $id: removed"
}

owner() {
	mail 08:00:00 29.1.1.1 anna@example.org 5 0
	mail 08:30:00 29.2.2.2 anna@example.org 1 0
	echo "Mar  3 08:40:00 mx postfix/submission/smtpd[9]: warning: unknown[29.3.3.3]: SASL PLAIN authentication failed: authentication failure, sasl_username=anna"
	mail 08:41:00 29.3.3.3 anna@example.org 2 0
	mail 11:00:00 29.1.1.1 anna@example.org 5 0
}

# thief LINES DIRTY: of them the first DIRTY have bounces.
thief() {
	for ((i = 1; i <= $1; i++)); do
		mail "09:$(printf %02d "$i"):00" "28.$i.7.7" "s$i@other.example" 12 $((i <= $2 ? 6 : 0))
	done
}

{ owner; thief 12 12; } | sort -s -k3,3 >stolen.log
report -f jsonl stolen.log | grep -o '"client_ip":"[^"]*"' | sort | uniq -c
traveller() {
	for ((i = 1; i <= 14; i++)); do
		mail "10:$(printf %02d "$i"):00" "22.$i.7.7" anna@example.org 3 0
	done
	for ((i = 1; i <= 9; i++)); do
		mail "10:3$i:00" 28.1.7.7 "s$i@other.example" 30 20
	done
}
traveller | sort -s -k3,3 >travels.log
report -f jsonl travels.log | grep -o '"client_ip":"[^"]*"' | sort | uniq -c
