# journalctl -o short-iso, and the older +0100 form: the same events as in mail.log.
cat >journal.log <<'LOG'
-- Boot 3b0f7a0c9d1e4a5f8c6b2d1e0f9a8b7c --
2026-03-03T11:00:01+0100 mx postfix/postscreen[101]: CONNECT from [203.0.113.7]:40001 to [192.0.2.1]:25
2026-03-03T11:00:02+0100 mx postfix/dnsblog[102]: addr 203.0.113.7 listed by domain zen.spamhaus.org as 127.0.0.11
2026-03-03T11:00:07+0100 mx postfix/postscreen[101]: DNSBL rank 3 for [203.0.113.7]:40001
2026-03-03T11:00:08+01:00 mx postfix/postscreen[101]: NOQUEUE: reject: RCPT from [203.0.113.7]:40001: 550 5.7.1 Service unavailable; client [203.0.113.7] blocked using zen.spamhaus.org; from=<win@example.net>, to=<anna@example.org>, proto=ESMTP, helo=<win7-pc>
2026-03-03T11:00:08+01:00 mx postfix/postscreen[101]: DISCONNECT [203.0.113.7]:40001
LOG
small_log | sed -n 1,5p >mail.log
report -f jsonl mail.log >clean
report -f jsonl journal.log >journal
same clean journal
report -f jsonl <journal.log >stdin
same clean stdin
report -f json journal.log | lines_of
