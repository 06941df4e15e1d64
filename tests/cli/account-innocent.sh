# What strangers can do to an account: one server that calls all its mail spam, and failed logins
# from anywhere, make nothing of it; a second server, or the failing networks themselves, do.

# mail N NETWORK RELAY STATUS TEXT: the N-th message, from a client in that network.
mail() {
	local q
	q=$(printf '4B%06X' "$1")
	printf 'Nov 20 07:%02d:01 mx1 postfix/%s\n' \
	    "$1" "submission/smtpd[9]: $q: client=pc[203.$2.113.5], sasl_method=PLAIN, sasl_username=ann@sales.example" \
	    "$1" "cleanup[8]: $q: message-id=<$1@sales.example>" \
	    "$1" "qmgr[7]: $q: from=<ann@sales.example>, size=2210, nrcpt=1 (queue active)" \
	    "$1" "smtp[6]: $q: to=<u$1@far.example>, relay=mx[192.0.2.$3]:25, delay=1, dsn=$4, status=$5)" \
	    "$1" "qmgr[7]: $q: removed"
}
said='host mx said: 550 5.7.1 Message rejected: content looks like spam (in reply to end of DATA command)'

# refused RELAYS: 24 messages, every other refused as spam, by so many servers in turn.
refused_by() {
	local i
	for i in {0..23}; do
		if [ $((i % 2)) -eq 0 ]; then
			mail "$i" 0 $((10 + i / 2 % $1)) 5.7.1 "bounced ($said"
		else
			mail "$i" 0 9 2.0.0 'sent (250 2.0.0 Ok'
		fi
	done
}

# guessed NETWORK...: a failed login from each, six times; then mail from 203.0 and 203.1 to 203.3.
guessed() {
	local i n
	for i in {0..5}; do
		for n; do
			echo "Nov 20 06:0$i:01 mx1 postfix/smtpd[9]: warning: unknown[203.$n.113.5]: SASL LOGIN authentication failed: x, sasl_username=ann@sales.example"
		done
	done
	for i in {0..23}; do
		mail "$i" $((i % 4)) 9 2.0.0 'sent (250 2.0.0 Ok'
	done
}

# classes FILE: of its events, and the account's late rules.
classes() {
	report -f jsonl "$1" >jsonl
	{ grep -o '"class":"[a-z]*","\(subtype\|reason\|conf\)' jsonl || echo none; } | sort | uniq -c
	{ grep -o '"id":"E1[34][0-9a-z]*"' jsonl || :; } | sort | uniq -c
}

for n in 1 2; do
	refused_by $n >refused-$n.log
	echo "$n servers call it spam:"
	classes refused-$n.log
done
guessed 20 21 22 23 24 25 26 >strangers.log
echo "failed logins of strangers:"
classes strangers.log
