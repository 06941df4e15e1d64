# A message keeps eight replies of its failed deliveries. A bounce that comes when there are eight
# takes the place of a deferral, and one at the end of the data that of one for a single recipient:
# it may be what names the spam.
line() { echo "Mar  3 10:$1 mx postfix/$2"; }
deferred() {
	line "00:0$1" "smtp[4]: 4A00000001: to=<u$1@other.example>, relay=mx.other.example[198.51.100.7]:25, delay=1, delays=0/0/1/0, dsn=4.2.0, status=deferred (host mx.other.example[198.51.100.7] said: 450 4.2.0 <u$1@other.example>: try again (in reply to RCPT TO command))"
}
bounced() {
	line "01:0$1" "smtp[4]: 4A00000001: to=<v$1@last.example>, relay=mx.last.example[198.51.100.8]:25, delay=1, delays=0/0/1/0, dsn=5.7.1, status=bounced (host mx.last.example[198.51.100.8] said: $2 (in reply to ${3:-end of DATA} command))"
}
{
	line 00:00 "submission/smtpd[1]: 4A00000001: client=unknown[203.0.113.9], sasl_method=PLAIN, sasl_username=alice"
	line 00:00 'cleanup[2]: 4A00000001: message-id=<late@example.org>'
	line 00:00 'qmgr[3]: 4A00000001: from=<alice@example.org>, size=900, nrcpt=20 (queue active)'
	for i in 1 2 3 4 5 6 7 8; do deferred $i; done
	bounced 1 '554 5.7.1 Message rejected as spam'
} >late.log
report -f jsonl late.log | grep -o '"account":"[a-z]*"\|"spam_by":[^,]*\|"reply":"[^"]*"'
# Deferrals never take a place; the ninth different bounce of a recipient finds none.
{
	grep -v ' spam' late.log
	for i in 2 3 4 5 6 7 8 9; do bounced $i "550 5.1.1 no user v$i" "RCPT TO"; done
	bounced 1 '554 5.7.1 Message rejected as spam'
	deferred 9
	line 02:00 'qmgr[3]: 4A00000001: removed'
} >full.log
report dump messages full.log | grep -o '\(bounced\|deferred\) remote="[^(]*'
