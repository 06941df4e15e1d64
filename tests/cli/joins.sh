# One message is one, however many lines, daemons, queues and own hosts it passed: each story below
# is one spam, with its true client and its verdict. ("total" counts passages, the dump messages.)
line() { echo "Mar  3 $1 $2 $3"; }		# TIME HOST TEXT
verdict() { "$SPAMSOURCE" dump messages "${fixed[@]}" "$@" | grep -v ' sign ' |
    sed -E 's/^[^ ]* //; s/ (reply|tests)=("[^"]*"|[^ ]*)//g'; }
counts() { report -f json "$@" | tr -d ' \t\n' | grep -o '"messages":{[^}]*}' | sed 1q; }
story() {
	echo "== $1"
	shift
	verdict "$@"
	counts "$@"
}

# smtpd -> amavis -> smtpd: XFORWARD tells the second smtpd the client, amavis the next queue id.
{
	line 10:00:00 mx 'postfix/smtpd[11]: 4A00000001: client=pc.isp.example[203.0.113.1]'
	line 10:00:00 mx 'postfix/cleanup[12]: 4A00000001: message-id=<m1@x.example>'
	line 10:00:01 mx 'postfix/qmgr[13]: 4A00000001: from=<a@x.example>, size=2000, nrcpt=2 (queue active)'
	line 10:00:04 mx 'postfix/smtpd[15]: 4A00000002: client=localhost[127.0.0.1], orig_queue_id=4A00000001, orig_client=pc.isp.example[203.0.113.1]'
	line 10:00:04 mx 'postfix/cleanup[16]: 4A00000002: message-id=<m1@x.example>'
	line 10:00:04 mx 'postfix/qmgr[13]: 4A00000002: from=<a@x.example>, size=2400, nrcpt=2 (queue active)'
	line 10:00:04 mx 'amavis[17]: (17-01) Passed SPAMMY {RelayedTaggedInbound}, [203.0.113.1]:4711 [203.0.113.1] <a@x.example> -> <u@own.example>,<v@own.example>, Queue-ID: 4A00000001, Message-ID: <m1@x.example>, mail_id: aBc, Hits: 7.1, size: 2000, queued_as: 4A00000002, 3210 ms'
	for to in u v; do
		line 10:00:04 mx "postfix/smtp[14]: 4A00000001: to=<$to@own.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=4, delays=0/0/0/4, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4A00000002)"
	done
	line 10:00:04 mx 'postfix/qmgr[13]: 4A00000001: removed'
	for to in u v; do
		line 10:00:05 mx "postfix/local[18]: 4A00000002: to=<$to@own.example>, relay=local, delay=0.1, delays=0/0/0/0.1, dsn=2.0.0, status=sent (delivered to mailbox)"
	done
	line 10:00:05 mx 'postfix/qmgr[13]: 4A00000002: removed'
} >amavis.log
story 'amavis, put in again' amavis.log
# The same without message-id: amavis' queue id says whose verdict it is. That the second passage is
# one is not known then (passages are joined by message-id); it is no spam, so the spam counts once.
sed -e 's/message-id=<m1@x.example>/message-id=<>/' -e 's/ Message-ID: <m1@x.example>,//' amavis.log >no-id.log
story 'amavis, no message-id' no-id.log

# A milter refuses at the end of the data.
{
	line 10:10:00 mx 'postfix/smtpd[11]: 4A00000003: client=unknown[203.0.113.2]'
	line 10:10:00 mx 'postfix/cleanup[12]: 4A00000003: message-id=<m3@x.example>'
	line 10:10:01 mx 'spamd[19]: spamd: result: Y 11 - BAYES_99,RCVD_IN_PBL scantime=0.9,size=1900,user=u,uid=1,required_score=5.0,rhost=::1,raddr=::1,rport=1,mid=<m3@x.example>,autolearn=no'
	line 10:10:01 mx 'postfix/cleanup[12]: 4A00000003: milter-reject: END-OF-MESSAGE from unknown[203.0.113.2]: 5.7.1 Blocked by SpamAssassin; from=<a@x.example> to=<u@own.example> proto=ESMTP helo=<pc>'
} >milter.log
story 'a milter' milter.log

# From host to host inside: the second bears the queue id that the first was told.
{
	line 10:20:00 mx 'postfix/smtpd[11]: 4A00000004: client=pc.isp.example[203.0.113.4]'
	line 10:20:00 mx 'postfix/cleanup[12]: 4A00000004: message-id=<m4@x.example>'
	line 10:20:00 mx 'postfix/qmgr[13]: 4A00000004: from=<a@x.example>, size=2000, nrcpt=1 (queue active)'
	line 10:20:01 inner 'postfix/smtpd[31]: 5B00000004: client=mx.own.example[10.1.0.1]'
	line 10:20:01 inner 'postfix/cleanup[32]: 5B00000004: message-id=<m4@x.example>'
	line 10:20:01 inner 'postfix/qmgr[33]: 5B00000004: from=<a@x.example>, size=2200, nrcpt=1 (queue active)'
	line 10:20:02 mx 'postfix/smtp[14]: 4A00000004: to=<u@own.example>, relay=inner.own.example[10.1.0.2]:25, delay=2, delays=0/0/1/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 5B00000004)'
	line 10:20:02 mx 'postfix/qmgr[13]: 4A00000004: removed'
	line 10:20:03 inner 'spamd[34]: spamd: result: Y 9 - BAYES_99 scantime=0.9,size=2100,user=u,uid=1,required_score=5.0,rhost=::1,raddr=::1,rport=1,mid=<m4@x.example>,autolearn=no'
	line 10:20:04 inner 'postfix/local[35]: 5B00000004: to=<u@own.example>, relay=local, delay=3, delays=0/0/0/3, dsn=2.0.0, status=sent (delivered to mailbox)'
	line 10:20:04 inner 'postfix/qmgr[33]: 5B00000004: removed'
} >hosts.log
story 'two own hosts' hosts.log

# Greylisted, come back twice, and listed at last: one attempt for each cell of ten minutes.
{
	for at in 10:30:00 10:30:30 10:36:00; do
		line $at mx 'postfix/smtpd[11]: NOQUEUE: reject: RCPT from unknown[203.0.113.5]: 450 4.2.0 <u@own.example>: Recipient address rejected: Greylisted; from=<a@x.example> to=<u@own.example> proto=ESMTP helo=<pc>'
	done
	line 10:38:00 mx 'postfix/smtpd[11]: NOQUEUE: reject: RCPT from unknown[203.0.113.5]: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.spamhaus.org; from=<a@x.example> to=<u@own.example> proto=ESMTP helo=<pc>'
} >grey.log
story 'retries' grey.log

# sa-exim: its own line, and Exim's for the same id.
cat >sa-exim.log <<'LOG'
2026-03-03 10:40:00 1tAbCd-000001-2F SA: Action: permanently rejected message: score=18.8 required=5.0 trigger=5.0 (scanned in 9/9 secs | Message-Id: m6@x.example). From <a@x.example> (host=pc.isp.example [203.0.113.6]) for u@own.example
2026-03-03 10:40:00 1tAbCd-000001-2F F=a@x.example H=pc.isp.example [203.0.113.6] P=esmtp rejected by local_scan(): Rejected
LOG
story 'sa-exim' --host mx sa-exim.log
