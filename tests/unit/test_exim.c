/* Exim lines: every shape of fixtures/lines/exim.log, hostile values, and near misses. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "parser/daemons.h"
#include "tests/slack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct line_case {
	const char *line, *want;	/* want NULL: an unknown line */
};

static const struct line_case shapes[] = {
	{ "1tAbCd-000001-2F <= alice@sender.example H=mx.sender.example [192.0.2.10] P=esmtps "
	    "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no S=4502 id=m1@sender.example",
	    "received addr=192.0.2.10 size=4502 qid={1tAbCd-000001-2F} "
	    "client_name={mx.sender.example} sender={alice@sender.example} "
	    "message_id={m1@sender.example} proto={esmtps}" },
	{ "1tAbCd-000001-2G <= bob@sender.example H=(pc.example) [192.0.2.11]:4711 "
	    "I=[198.51.100.1]:587 P=esmtpsa X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no "
	    "A=plain_server:bob@own.example S=900 id=m2@pc.example T=\"hello\" from "
	    "<bob@sender.example> for carol@own.example",
	    "received addr=192.0.2.11 port=4711 local_port=587 size=900 qid={1tAbCd-000001-2G} "
	    "helo={pc.example} account={bob@own.example} sender={bob@sender.example} "
	    "message_id={m2@pc.example} proto={esmtpsa}" },
	{ "10HmaX-000000005vi-0000 <= <> R=1tAbCd-000001-2F U=Debian-exim P=local S=2000",
	    "received flags=544 size=2000 qid={10HmaX-000000005vi-0000} "
	    "orig_id={1tAbCd-000001-2F} sender={} user={Debian-exim} proto={local}" },
	{ "1tAbCd-000001-2H <= www@host.example U=www-data P=local S=812",
	    "received size=812 qid={1tAbCd-000001-2H} sender={www@host.example} user={www-data} "
	    "proto={local}" },
	{ "1tAbCd-000001-2I (= eve@sender.example H=helo.example ([192.0.2.99]) [192.0.2.12] "
	    "P=smtp S=77",
	    "received addr=192.0.2.12 size=77 qid={1tAbCd-000001-2I} client_name={helo.example} "
	    "helo={[192.0.2.99]} sender={eve@sender.example} proto={smtp}" },
	{ "1tAbCd-000001-2J <= \"x H=mail.gmail.com [209.85.1.1] A=plain:ceo\"@sender.example "
	    "H=(evil.example) [192.0.2.13] P=esmtp S=10 id=\"x A=plain:ceo\"@sender.example",
	    "received addr=192.0.2.13 size=10 qid={1tAbCd-000001-2J} helo={evil.example} "
	    "sender={\"x H=mail.gmail.com [209.85.1.1] A=plain:ceo\"@sender.example} "
	    "message_id={\"x A=plain:ceo\"@sender.example} proto={esmtp}" },
	{ "1tAbCd-000001-2F => dave@far.example R=dnslookup T=remote_smtp H=mx.far.example "
	    "[203.0.113.5]:25 X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes DN=\"C=XX,O=Far Corp,"
	    "CN=mx.far.example\" C=\"250 OK id=1tZzZz-000009-AB\" QT=3s DT=1s",
	    "delivery sent remote addr2=203.0.113.5 qid={1tAbCd-000001-2F} "
	    "rcpt={dave@far.example} relay={mx.far.example} relay_id={1tZzZz-000009-AB} "
	    "reply={250 OK id=1tZzZz-000009-AB}" },
	{ "1tAbCd-000001-2F -> erin@far.example R=dnslookup T=remote_smtp H=mx.far.example "
	    "[203.0.113.5] C=\"250 2.0.0 Ok: queued as 4X1Y2Z\"",
	    "delivery sent remote addr2=203.0.113.5 qid={1tAbCd-000001-2F} "
	    "rcpt={erin@far.example} relay={mx.far.example} relay_id={4X1Y2Z} reply={250 2.0.0 "
	    "Ok: queued as 4X1Y2Z}" },
	{ "1tAbCd-000001-2F => carol <carol@own.example> R=localuser T=dovecot_lmtp C=\"250 "
	    "2.0.0 <carol@own.example> abc Saved\"",
	    "delivery sent local qid={1tAbCd-000001-2F} rcpt={carol@own.example} "
	    "relay={dovecot_lmtp} reply={250 2.0.0 <carol@own.example> abc Saved}" },
	{ "1tAbCd-000001-2F => :blackhole: <nobody@own.example> R=system_aliases",
	    "delivery sent none qid={1tAbCd-000001-2F} rcpt={nobody@own.example}" },
	{ "1tAbCd-000001-2F => |/usr/bin/filter -a b <frank@own.example> R=userforward "
	    "T=address_pipe",
	    "delivery sent local qid={1tAbCd-000001-2F} rcpt={frank@own.example} "
	    "relay={address_pipe}" },
	{ "1tAbCd-000001-2F >> grace@far.example R=all T=smtp H=127.0.0.1 [127.0.0.1] C=\"250 "
	    "OK\"",
	    "delivery sent filter addr2=127.0.0.1 qid={1tAbCd-000001-2F} "
	    "rcpt={grace@far.example} relay={127.0.0.1} reply={250 OK}" },
	{ "1tAbCd-000001-2F *> heidi@far.example R=good T=remote_smtp H=mx.far.example "
	    "[203.0.113.5] C=\"delivery bypassed by -N option\"",
	    "delivery sent remote addr2=203.0.113.5 qid={1tAbCd-000001-2F} "
	    "rcpt={heidi@far.example} relay={mx.far.example} reply={delivery bypassed by -N "
	    "option}" },
	{ "1tAbCd-000001-2F ** ivan@far.example R=dnslookup T=remote_smtp H=mx.far.example "
	    "[203.0.113.5]: SMTP error from remote mail server after end of data: 550 5.7.1 "
	    "looks like spam",
	    "delivery bounced remote addr2=203.0.113.5 flags=16 qid={1tAbCd-000001-2F} "
	    "rcpt={ivan@far.example} relay={mx.far.example} reply={SMTP error from remote mail "
	    "server after end of data: 550 5.7.1 looks like spam}" },
	{ "1tAbCd-000001-2F ** judy@far.example: Unrouteable address",
	    "delivery bounced none qid={1tAbCd-000001-2F} rcpt={judy@far.example} "
	    "reply={Unrouteable address}" },
	{ "1tAbCd-000001-2F ** mike@far.example: retry timeout exceeded",
	    "delivery expired none qid={1tAbCd-000001-2F} rcpt={mike@far.example} reply={retry "
	    "timeout exceeded}" },
	{ "1tAbCd-000001-2F == niaj@far.example R=dnslookup T=remote_smtp defer (-44): SMTP "
	    "error from remote mail server after RCPT TO:<niaj@far.example>: host "
	    "mx.far.example [203.0.113.5]: 450 4.3.2 later",
	    "delivery deferred remote addr2=203.0.113.5 qid={1tAbCd-000001-2F} "
	    "rcpt={niaj@far.example} relay={mx.far.example} reply={SMTP error from remote mail "
	    "server after RCPT TO:<niaj@far.example>: host mx.far.example [203.0.113.5]: 450 "
	    "4.3.2 later}" },
	{ "1tAbCd-000001-2F == olivia@far.example routing defer (-51): retry time not reached",
	    "delivery deferred none qid={1tAbCd-000001-2F} rcpt={olivia@far.example} "
	    "reply={retry time not reached}" },
	{ "1tAbCd-000001-2F Completed QT=3s",
	    "removed qid={1tAbCd-000001-2F}" },
	{ "H=([192.0.2.25]) [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "Unrouteable address",
	    "reject user refused envelope addr=203.0.113.3 helo={[192.0.2.25]} "
	    "sender={a@b.example} rcpt={c@own.example} reply={Unrouteable address}" },
	{ "H=mx.bad.example (bad.example) [203.0.113.4]:5555 I=[198.51.100.1]:25 "
	    "X=TLS1.2:AES256:256 CV=no F=<a@b.example> temporarily rejected RCPT "
	    "<c@own.example>: greylisted, please try again",
	    "reject greylist deferred envelope addr=203.0.113.4 port=5555 local_port=25 "
	    "client_name={mx.bad.example} helo={bad.example} sender={a@b.example} "
	    "rcpt={c@own.example} reply={greylisted, please try again}" },
	{ "H=(bad.example) [203.0.113.4] F=<a@b.example> A=plain:bob rejected RCPT "
	    "<c@own.example>: found in dnsbl zen.dnsbl.example (127.0.0.11), see "
	    "https://dnsbl.example/",
	    "reject dnsbl refused envelope addr=203.0.113.4 helo={bad.example} account={bob} "
	    "sender={a@b.example} rcpt={c@own.example} reply={found in dnsbl zen.dnsbl.example "
	    "(127.0.0.11), see https://dnsbl.example/} zone={zen.dnsbl.example} "
	    "code={127.0.0.11}" },
	{ "H=(bad.example) [203.0.113.4] F=<> rejected RCPT <c@own.example>: rejected because "
	    "203.0.113.4 is in a black list at bl.dnsbl.example\\nspam source",
	    "reject dnsbl refused envelope addr=203.0.113.4 flags=32 helo={bad.example} "
	    "sender={} rcpt={c@own.example} reply={rejected because 203.0.113.4 is in a black "
	    "list at bl.dnsbl.example\\nspam source} zone={bl.dnsbl.example}" },
	{ "H=(bad.example) [203.0.113.4] F=<a@b.example> rejected RCPT <c@far.example>: relay "
	    "not permitted",
	    "reject relay refused envelope addr=203.0.113.4 helo={bad.example} "
	    "sender={a@b.example} rcpt={c@far.example} reply={relay not permitted}" },
	{ "H=(bad.example) [203.0.113.4] sender verify fail for <a@b.example>: Unrouteable "
	    "address",
	    "none" },
	{ "H=(bad.example) [203.0.113.4] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "Sender verify failed",
	    "reject sender-domain refused envelope addr=203.0.113.4 helo={bad.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={Sender verify failed}" },
	{ "H=[203.0.113.4] temporarily rejected connection in \"connect\" ACL: \"Host is "
	    "ratelimited (1.9/1h max:1.2)\"",
	    "reject load deferred connect addr=203.0.113.4 reply={\"Host is ratelimited (1.9/1h "
	    "max:1.2)\"}" },
	{ "H=[203.0.113.4] dropped by 'connect' ACL: we dislike you",
	    "reject other refused connect addr=203.0.113.4 reply={we dislike you}" },
	{ "H=(own.example) [203.0.113.4] rejected EHLO or HELO own.example: that is my name",
	    "reject helo refused connect addr=203.0.113.4 helo={own.example} reply={that is my "
	    "name}" },
	{ "rejected HELO from [203.0.113.4]: syntactically invalid argument(s): !@#",
	    "reject helo refused connect addr=203.0.113.4 reply={syntactically invalid "
	    "argument(s): !@#}" },
	{ "H=(bad.example) [203.0.113.4] rejected MAIL <a@b.example>: bad sender",
	    "reject other refused envelope addr=203.0.113.4 helo={bad.example} "
	    "sender={a@b.example} reply={bad sender}" },
	{ "1tAbCd-000001-2K H=(bad.example) [203.0.113.4] F=<a@b.example> rejected after "
	    "DATA: This message scored 12.3 spam points",
	    "reject content refused content addr=203.0.113.4 score=12300 qid={1tAbCd-000001-2K} "
	    "helo={bad.example} sender={a@b.example} reply={This message scored 12.3 spam "
	    "points}" },
	{ "1tAbCd-000001-2L F=a@b.example H=(bad.example) [203.0.113.4] P=esmtp rejected by "
	    "local_scan(): Rejected",
	    "reject content refused content addr=203.0.113.4 qid={1tAbCd-000001-2L} "
	    "helo={bad.example} sender={a@b.example} reply={Rejected}" },
	{ "1tAbCd-000001-2L SA: Action: permanently rejected message: score=18.8 required=5.0 "
	    "trigger=5.0 (scanned in 9/9 secs | Message-Id: m3@b.example). From <a@b.example> "
	    "(host=h4.isp.example [203.0.113.4]) for c@own.example",
	    "verdict refused addr=203.0.113.4 flags=8 score=18800 qid={1tAbCd-000001-2L} "
	    "client_name={h4.isp.example} sender={a@b.example} message_id={m3@b.example}" },
	{ "1tAbCd-000001-2M H=mx.b.example [203.0.113.6] Warning: message looks like spam: "
	    "score=7.6",
	    "verdict warned addr=203.0.113.6 flags=8 score=7600 qid={1tAbCd-000001-2M} "
	    "client_name={mx.b.example} reply={message looks like spam: score=7.6}" },
	{ "H=(bad.example) [203.0.113.4] Warning: unknown recipient x@own.example",
	    "none" },
	{ "dovecot_login authenticator failed for (pc.example) [203.0.113.7]:4444: 535 "
	    "Incorrect authentication data (set_id=bob@own.example)",
	    "sasl-fail addr=203.0.113.7 port=4444 helo={pc.example} account={bob@own.example}" },
	{ "login authenticator failed for H=h8.isp.example (x) [203.0.113.8] U=root: 535 "
	    "Incorrect authentication data (set_id=a)b)",
	    "sasl-fail addr=203.0.113.8 client_name={h8.isp.example} helo={x} account={a)b}" },
	{ "no host name found for IP address 203.0.113.9",
	    "no-rdns addr=203.0.113.9" },
	{ "no IP address found for host h10.isp.example (during SMTP connection from (x) "
	    "[203.0.113.10])",
	    "rdns-mismatch addr=203.0.113.10 client_name={h10.isp.example} helo={x}" },
	{ "SMTP protocol synchronization error (input sent without waiting for greeting): "
	    "rejected connection from H=[203.0.113.11] input=\"EHLO x\\r\\n\"",
	    "protocol pregreet addr=203.0.113.11" },
	{ "SMTP protocol synchronization error (next input sent too soon: pipelining was not "
	    "advertised): rejected \"RCPT TO:<c@own.example>\" H=(x) [203.0.113.12] next "
	    "input=\"DATA\\r\\n\"",
	    "protocol pipelining addr=203.0.113.12 helo={x}" },
	{ "SMTP syntax error in \"GET / HTTP/1.1\" H=[203.0.113.13] unrecognized command",
	    "protocol non-smtp addr=203.0.113.13" },
	{ "unexpected disconnection while reading SMTP command from (x) [203.0.113.14] D=3s",
	    "protocol lost-connection addr=203.0.113.14 helo={x}" },
	{ "SMTP command timeout on connection from h15.isp.example (x) [203.0.113.15] D=300s",
	    "protocol timeout addr=203.0.113.15 client_name={h15.isp.example} helo={x}" },
	{ "SMTP call from (x) [203.0.113.16] dropped: too many syntax or protocol errors "
	    "(last command was \"foo\", C=EHLO)",
	    "protocol too-many-errors addr=203.0.113.16 helo={x}" },
	{ "no MAIL in SMTP connection from [203.0.113.17] D=0s C=EHLO,QUIT",
	    "protocol hangup-early addr=203.0.113.17" },
	{ "SMTP connection from [203.0.113.18]:4711 I=[198.51.100.1]:25 (TCP/IP connection "
	    "count = 1)",
	    "connect addr=203.0.113.18 port=4711 local_port=25" },
	{ "SMTP connection from (x) [203.0.113.18]:4711 D=3s closed by QUIT",
	    "disconnect addr=203.0.113.18 port=4711 flags=1 helo={x}" },
	{ "SMTP connection from (x) [203.0.113.18] lost D=3s",
	    "protocol lost-connection addr=203.0.113.18 helo={x}" },
	{ "Connection from [203.0.113.19]:1111 refused: too many connections",
	    "protocol rate-limit addr=203.0.113.19 port=1111" },
	{ "refused connection from [203.0.113.20] (host_reject_connection)",
	    "reject other refused connect addr=203.0.113.20" },
	{ "cwd=/home/shop one/public_html 4 args: /usr/sbin/sendmail -t -i -fwww@host.example",
	    "cwd cwd={/home/shop one/public_html}" },
	{ "Start queue run: pid=1234",
	    "none" },
	{ "exim 4.96 daemon started: pid=1235, -q30m, listening for SMTP on port 25 (IPv4)",
	    "none" },
	{ "1tAbCd-000001-2N Message is frozen",
	    "none" },
	{ "1tAbCd-000001-2N DKIM: d=b.example s=mail c=relaxed/relaxed a=rsa-sha256 "
	    "[verification succeeded]",
	    "none" },
	{ "1tAbCd-000001-2N mx.far.example [203.0.113.5] Connection timed out",
	    "none" },
	{ "H=([203.0.113.21]) [203.0.113.21]:52391 I=[198.51.100.1]:25 F=a@b.example rejected "
	    "RCPT c@own.example: rejected found in dnsbl zen.dnsbl.example",
	    "reject dnsbl refused envelope addr=203.0.113.21 port=52391 local_port=25 "
	    "helo={[203.0.113.21]} sender={a@b.example} rcpt={c@own.example} reply={rejected "
	    "found in dnsbl zen.dnsbl.example} zone={zen.dnsbl.example}" },
	{ "1tAbCd-000001-2P Completed",
	    "removed qid={1tAbCd-000001-2P}" },
	{ "this line has no known shape",
	    NULL },
};

/* Values that a stranger chose to look like the log's own words. */
static const struct line_case hostile[] = {
	{ "H=([6.6.6.6]) [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "Unrouteable address",
	    "reject user refused envelope addr=203.0.113.3 helo={[6.6.6.6]} "
	    "sender={a@b.example} rcpt={c@own.example} reply={Unrouteable address}" },
	{ "H=(a) [8.8.8.8] (b) [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "Unrouteable address",
	    "reject user refused envelope addr=203.0.113.3 helo={a) [8.8.8.8] (b} "
	    "sender={a@b.example} rcpt={c@own.example} reply={Unrouteable address}" },
	{ "H=mx.b.example (a) [8.8.8.8] (b) [203.0.113.3]:25 I=[198.51.100.1]:25 F=<> "
	    "rejected RCPT <c@own.example>",
	    "reject other refused envelope addr=203.0.113.3 port=25 local_port=25 flags=32 "
	    "client_name={mx.b.example} helo={a) [8.8.8.8] (b} sender={} rcpt={c@own.example}" },
	{ "H=(x) [203.0.113.3] F=<\"y) [8.8.8.8] F=<z> rejected RCPT <q>: found in dnsbl "
	    "a.example\"@b.example> rejected RCPT <c@own.example>: relay not permitted",
	    "reject relay refused envelope addr=203.0.113.3 helo={x} sender={\"y) [8.8.8.8] "
	    "F=<z> rejected RCPT <q>: found in dnsbl a.example\"@b.example} "
	    "rcpt={c@own.example} reply={relay not permitted}" },
	{ "H=(x) [203.0.113.3] F=<a@b.example> rejected RCPT <\"> : found in dnsbl "
	    "x.example\"@own.example>: Unrouteable address",
	    "reject user refused envelope addr=203.0.113.3 helo={x} sender={a@b.example} "
	    "rcpt={\"> : found in dnsbl x.example\"@own.example} reply={Unrouteable address}" },
	{ "H=(x) [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: <found in dnsbl "
	    "x.example> no such user",
	    "reject user refused envelope addr=203.0.113.3 helo={x} sender={a@b.example} "
	    "rcpt={c@own.example} reply={<found in dnsbl x.example> no such user}" },
	{ "1tAbCd-000001-2J <= \"x H=mail.gmail.com [209.85.1.1] P=esmtpsa "
	    "A=plain:ceo\"@b.example H=(evil.example) [192.0.2.13] P=esmtp S=10",
	    "received addr=192.0.2.13 size=10 qid={1tAbCd-000001-2J} helo={evil.example} "
	    "sender={\"x H=mail.gmail.com [209.85.1.1] P=esmtpsa A=plain:ceo\"@b.example} "
	    "proto={esmtp}" },
	{ "1tAbCd-000001-2J <= a@b.example H=(evil.example) [192.0.2.13] P=esmtps "
	    "X=TLS1.3:AES:256 CV=no SNI=x A=plain:ceo S=10",
	    "received addr=192.0.2.13 size=10 qid={1tAbCd-000001-2J} helo={evil.example} "
	    "sender={a@b.example} proto={esmtps}" },
	{ "1tAbCd-000001-2J <= a@b.example H=(evil.example) [192.0.2.13] P=esmtpsa "
	    "X=TLS1.3:AES:256 DN=\"CN=x A=plain:ceo\" A=plain:bob S=10",
	    "received addr=192.0.2.13 size=10 qid={1tAbCd-000001-2J} helo={evil.example} "
	    "account={bob} sender={a@b.example} proto={esmtpsa}" },
	{ "1tAbCd-000001-2J <= \"open@b.example H=(evil.example) [192.0.2.13] P=esmtp S=10",
	    "received addr=192.0.2.13 size=10 qid={1tAbCd-000001-2J} helo={evil.example} "
	    "sender={\"open@b.example} proto={esmtp}" },
	{ "1tAbCd-000001-2J => \"c> H=x [8.8.8.8]\"@far.example R=dnslookup T=remote_smtp "
	    "H=mx.far.example [203.0.113.5] DN=\"C=\\\" C=\\\"250 OK id=forged\" C=\"250 say "
	    "\\\"queued as X\\\" OK\"",
	    "delivery sent remote addr2=203.0.113.5 qid={1tAbCd-000001-2J} rcpt={\"c> H=x "
	    "[8.8.8.8]\"@far.example} relay={mx.far.example} relay_id={X} reply={250 say "
	    "\\\"queued as X\\\" OK}" },
	{ "1tAbCd-000001-2J == c@far.example R=dnslookup T=remote_smtp defer (-44) "
	    "H=mx.far.example [203.0.113.5]: SMTP error from remote mail server after RCPT "
	    "TO:<c@far.example>: 450 end of data: host evil [8.8.8.8]",
	    "delivery deferred remote addr2=203.0.113.5 qid={1tAbCd-000001-2J} "
	    "rcpt={c@far.example} relay={mx.far.example} reply={SMTP error from remote mail "
	    "server after RCPT TO:<c@far.example>: 450 end of data: host evil [8.8.8.8]}" },
	{ "1tAbCd-000001-2L SA: Action: flagged as Spam but accepted: score=8.2 required=5.0 "
	    "(scanned in 6/6 secs | Message-Id: x). From <ceo@own.example> (host=mail.gmail.com "
	    "[8.8.8.8]) for y@b.example). From <a@b.example> (host=NULL [203.0.113.4]) for "
	    "c@own.example",
	    "verdict warned addr=203.0.113.4 flags=8 score=8200 qid={1tAbCd-000001-2L} "
	    "sender={a@b.example} message_id={x). From <ceo@own.example> (host=mail.gmail.com "
	    "[8.8.8.8]) for y@b.example}" },
	{ "login authenticator failed for (x) [203.0.113.8]: 535 Incorrect authentication "
	    "data (set_id=a: 535 (set_id=b) [8.8.8.8])",
	    "sasl-fail addr=203.0.113.8 helo={x} account={a: 535 (set_id=b) [8.8.8.8]}" },
	{ "SMTP protocol synchronization error (next input sent too soon: pipelining was not "
	    "advertised): rejected \"x\" H=[8.8.8.8] next input=\"\" H=[203.0.113.12] next "
	    "input=\"y\\r\\n\"",
	    "protocol pipelining" },
	{ "SMTP syntax error in \"x\" H=[8.8.8.8] unrecognized\" H=[203.0.113.13] "
	    "unrecognized command",
	    "protocol bad-syntax" },
	{ "unexpected disconnection while reading SMTP command from (from [8.8.8.8]) "
	    "[203.0.113.14] D=3s",
	    "protocol lost-connection addr=203.0.113.14 helo={from [8.8.8.8]}" },
	{ "no IP address found for host mail.google.com.evil.example (during SMTP connection "
	    "from (a) [203.0.113.10]:99)",
	    "rdns-mismatch addr=203.0.113.10 port=99 client_name={mail.google.com.evil.example} "
	    "helo={a}" },
};

/* What is long, odd or ends where it should not: see exim_words.h. */
static const struct line_case odd[] = {
	{ "1tAbCd-000001-2F <= a-local-part-of-more-than-sixty-four-bytes-in-one-word-with"
	    "out-blanks@sender-with-a-long-name.example H=a-host-name-of-more-than-sixty-fou"
	    "r-bytes.in-a-domain-of-its-own.sender-with-a-long-name.example (helo-of-some-le"
	    "ngth.sender-with-a-long-name.example) [192.0.2.10]:4711 P=esmtps X=TLS1.3:ECDHE"
	    "_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no S=123456789 id=202611010203"
	    "0405.1234567890.ABCDEFGHIJKLMNOPQRSTUVWXYZ@sender-with-a-long-name.example",
	    "received addr=192.0.2.10 port=4711 size=123456789 qid={1tAbCd-000001-2F} "
	    "client_name={a-host-name-of-more-than-sixty-four-bytes.in-a-domain-of-its-own.s"
	    "ender-with-a-long-name.example} helo={helo-of-some-length.sender-with-a-long-na"
	    "me.example} sender={a-local-part-of-more-than-sixty-four-bytes-in-one-word-with"
	    "out-blanks@sender-with-a-long-name.example} message_id={2026110102030405.123456"
	    "7890.ABCDEFGHIJKLMNOPQRSTUVWXYZ@sender-with-a-long-name.example} proto={esmtps}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx.b.example [2001:db8::10]:4711 "
	    "P=esmtp S=4294967295 id=x y",
	    "received addr=2001:db8::10 port=4711 size=4294967295 qid={1tAbCd-000001-2F} "
	    "client_name={mx.b.example} sender={a@b.example} message_id={x} proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx.b.example [192.0.2.10]:65536 P=esmtp "
	    "S=4294967296 S=7 id=x",
	    "received addr=192.0.2.10 qid={1tAbCd-000001-2F} client_name={mx.b.example} "
	    "sender={a@b.example}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx.b.example [192.0.2.10]:471 P=esmtp "
	    "S=7x S=8 T=\"a id=b\" id=c",
	    "received addr=192.0.2.10 port=471 size=8 qid={1tAbCd-000001-2F} client_name={mx"
	    ".b.example} sender={a@b.example} proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx.b.example [192.0.2.10]:123456 "
	    "P=esmtp S=7",
	    "received addr=192.0.2.10 port=12345 qid={1tAbCd-000001-2F} client_name={mx.b.ex"
	    "ample} sender={a@b.example}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx.b.example [192.0.2.256] P=esmtp "
	    "S=7",
	    "received size=7 qid={1tAbCd-000001-2F} client_name={mx.b.example} sender={a@b.e"
	    "xample} proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx.b.example [unknown] P=esmtp S=7",
	    "received size=7 qid={1tAbCd-000001-2F} client_name={mx.b.example} sender={a@b.e"
	    "xample} proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx.b.example (he lo) [192.0.2.10] "
	    "P=esmtp S=7",
	    "received addr=192.0.2.10 size=7 qid={1tAbCd-000001-2F} client_name={mx.b.exampl"
	    "e} helo={he lo} sender={a@b.example} proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx\"b.example (he\"lo) [192.0.2.10] "
	    "P=esmtp S=7",
	    "received addr=192.0.2.10 size=7 qid={1tAbCd-000001-2F} client_name={mx\"b.examp"
	    "le} helo={he\"lo} sender={a@b.example} proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example H=() [192.0.2.10] P=esmtp S=7",
	    "received addr=192.0.2.10 size=7 qid={1tAbCd-000001-2F} sender={a@b.example} "
	    "proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example H=mx.b.example [192.0.2.10] I=[198.51.100.1]:25"
	    " P=esmtp S=7",
	    "received addr=192.0.2.10 local_port=25 size=7 qid={1tAbCd-000001-2F} "
	    "client_name={mx.b.example} sender={a@b.example} proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example H=H=[192.0.2.10] P=esmtp S=7",
	    "received addr=192.0.2.10 size=7 qid={1tAbCd-000001-2F} sender={a@b.example} "
	    "proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example P=local-esmtp H=x [192.0.2.10] R=y "
	    "U=www S=7",
	    "received size=7 qid={1tAbCd-000001-2F} sender={a@b.example} proto={local-esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example  =x P=esmtp  S=7  id=m1@b.example",
	    "received size=7 qid={1tAbCd-000001-2F} sender={a@b.example} message_id={m1@b.ex"
	    "ample} proto={esmtp}" },
	{ "1tAbCd-000001-2F <= a@b.example P=esmtp DN=\"a b c d e f g h i j k "
	    "l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9\" S=7",
	    "received size=7 qid={1tAbCd-000001-2F} sender={a@b.example} proto={esmtp}" },
	{ "1tAbCd-000001-2F => c@far.example R=dnslookup T=remote_smtp_with_a_long_name "
	    "H=mx.far.example [2001:db8::5] C=\"250 2.0.0 Ok, a reply of more than "
	    "sixty-four bytes: queued as 4X1Y2Z-with-a-long-tail; and more\"",
	    "delivery sent remote addr2=2001:db8::5 qid={1tAbCd-000001-2F} rcpt={c@far.examp"
	    "le} relay={mx.far.example} relay_id={4X1Y2Z-with-a-long-tail} reply={250 "
	    "2.0.0 Ok, a reply of more than sixty-four bytes: queued as 4X1Y2Z-with-a-long-t"
	    "ail; and more}" },
	{ "1tAbCd-000001-2F => c@far.example R=dnslookup T=lmtp_smtp H=mx.far.example "
	    "[203.0.113.5]:25* C=\"250 =x id=A id=B\"",
	    "delivery sent local addr2=203.0.113.5 qid={1tAbCd-000001-2F} rcpt={c@far.exampl"
	    "e} relay={mx.far.example} relay_id={A} reply={250 =x id=A id=B}" },
	{ "1tAbCd-000001-2F => c@far.example R=r T=a_transport_of_lmtp",
	    "delivery sent local qid={1tAbCd-000001-2F} rcpt={c@far.example} relay={a_transp"
	    "ort_of_lmtp}" },
	{ "1tAbCd-000001-2F => c@far.example R=r T=mtp",
	    "delivery sent local qid={1tAbCd-000001-2F} rcpt={c@far.example} relay={mtp}" },
	{ "1tAbCd-000001-2F => c@far.example F=<a b> P=<x> R=r T=local T=remote_smtp "
	    "QT=1s",
	    "delivery sent local qid={1tAbCd-000001-2F} rcpt={c@far.example} relay={local}" },
	{ "1tAbCd-000001-2F => c@far.example R=r: T=t: C=250 H=[203.0.113.5]",
	    "delivery sent remote addr2=203.0.113.5 qid={1tAbCd-000001-2F} rcpt={c@far.examp"
	    "le}" },
	{ "1tAbCd-000001-2F => |/bin/sh -c \"a b\" R=r T=pipe",
	    "delivery sent local qid={1tAbCd-000001-2F} rcpt={|/bin/sh} relay={pipe}" },
	{ "1tAbCd-000001-2F ** c@far.example: all hosts have been failing for "
	    "a long time",
	    "delivery bounced none qid={1tAbCd-000001-2F} rcpt={c@far.example} reply={all "
	    "hosts have been failing for a long time}" },
	{ "1tAbCd-000001-2F ** c@far.example F=<a@b.example> R=r T=remote_smtp: "
	    "retry timeout exceeded",
	    "delivery expired remote qid={1tAbCd-000001-2F} rcpt={c@far.example} "
	    "relay={remote_smtp} reply={retry timeout exceeded}" },
	{ "1tAbCd-000001-2F == c@far.example R=r T=remote_smtp defer (110): Connection "
	    "timed out: host mx.far.example [203.0.113.5] end of data",
	    "delivery deferred remote addr2=203.0.113.5 qid={1tAbCd-000001-2F} rcpt={c@far.e"
	    "xample} relay={mx.far.example} reply={Connection timed out: host mx.far.example"
	    " [203.0.113.5] end of data}" },
	{ "1tAbCd-000001-2F == c@far.example : host mx.far.example [203.0.113.5] "
	    "said no",
	    "delivery deferred remote addr2=203.0.113.5 qid={1tAbCd-000001-2F} rcpt={c@far.e"
	    "xample} relay={mx.far.example} reply={host mx.far.example [203.0.113.5] "
	    "said no}" },
	{ "H=mx.b.example [203.0.113.3]:25 F=<a@b.example> A=login:bob X=y F=<z> "
	    "temporarily rejected RCPT <c@own.example>: try again",
	    "reject other deferred envelope addr=203.0.113.3 port=25 client_name={mx.b.examp"
	    "le} account={bob} sender={a@b.example} rcpt={c@own.example} reply={try "
	    "again}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c>d@own.example>: "
	    "relay not permitted",
	    "reject relay refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c} reply={relay not permitted}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example> "
	    ": no such user",
	    "reject user refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={no such user}" },
	{ "H=mx.b.example [203.0.113.3] F=<a-local-part-of-more-than-sixty-four-bytes-in-o"
	    "ne-word-without-blanks@sender.example> rejected RCPT <a-local-part-of-more-than"
	    "-sixty-four-bytes-in-one-word-without-blanks@own.example>: relay not "
	    "permitted",
	    "reject relay refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a-local-part-of-more-than-sixty-four-bytes-in-one-word-without-blanks@s"
	    "ender.example} rcpt={a-local-part-of-more-than-sixty-four-bytes-in-one-word-wit"
	    "hout-blanks@own.example} reply={relay not permitted}" },
	{ "H=mx.b.example [203.0.113.3] F=<\"a b\"@b.example> rejected MAIL \"x: "
	    "y\"@own.example: no such user",
	    "reject user refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={\"x: y\"@own.example} reply={no such user}" },
	{ "H=mx.b.example [203.0.113.3] U=an ident with words F=<> SNI=some words "
	    "rejected EHLO or HELO x: no",
	    "reject helo refused connect addr=203.0.113.3 flags=32 client_name={mx.b.example"
	    "} helo={x} sender={} reply={no}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "see spam.example and no-such.example, then HOST IS RATELIMITED",
	    "reject load refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={see spam.example and "
	    "no-such.example, then HOST IS RATELIMITED}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "words that nobody knows, but they go on and on and on until one of "
	    "them is (listed in zen.dnsbl.example.",
	    "reject dnsbl refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={words that nobody "
	    "knows, but they go on and on and on until one of them is (listed in "
	    "zen.dnsbl.example.} zone={zen.dnsbl.example}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "a < b, <c@own.example> is \"blacklisted at a.label-of-a-zone-with-a-long-name.d"
	    "nsbl_1.example\" [127.0.0.2, 127.0.0.10, 127.x]",
	    "reject dnsbl refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={a < b, <c@own.example> "
	    "is \"blacklisted at a.label-of-a-zone-with-a-long-name.dnsbl_1.example\" "
	    "[127.0.0.2, 127.0.0.10, 127.x]} zone={a.label-of-a-zone-with-a-long-name.dnsbl_"
	    "1.example}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "blocked using 192.0.2.1",
	    "reject dnsbl refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={blocked using 192.0.2.1}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "found in dnsbl zen.example (127.0.0.4.127.0.0.4)",
	    "reject dnsbl refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={found in dnsbl zen.example "
	    "(127.0.0.4.127.0.0.4)} zone={zen.example} code={127.0.0.4.127.0}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "RBL",
	    "reject dnsbl refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={RBL}" },
	{ "H=mx.b.example [203.0.113.3] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "rb",
	    "reject other refused envelope addr=203.0.113.3 client_name={mx.b.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={rb}" },
	{ "1tAbCd-000001_2F Completed",
	    NULL },
	{ "1tAbCd_000001-2F Completed",
	    NULL },
	{ "10HmaX-000000005vi-000_ Completed",
	    NULL },
	{ "10HmaX-000000005vi-0000 Completed QT=3s",
	    "removed qid={10HmaX-000000005vi-0000}" },
	{ "10HmaX-000000005vi-0000",
	    NULL },
};

static const struct line_case near_misses[] = {
	{ "1tAbCd-000001-2J",
	    NULL },
	{ "1tAbCd-000001-2J <=",
	    NULL },
	{ "1tAbCd-000001-2_ Completed",
	    NULL },
	{ "H=[203.0.113.3",
	    NULL },
	{ "H=(x) [203.0.113.3] F=<a@b.example> accepted RCPT <c@own.example>",
	    NULL },
	{ "203.0.113.9 does not match any IP address for h9.isp.example",
	    "rdns-mismatch addr=203.0.113.9 client_name={h9.isp.example}" },
	{ "login authenticator failed for (x) [203.0.113.8]: 435 Unable to authenticate at "
	    "present (set_id=bob)",
	    "none" },
	{ "1tAbCd-000001-2L H=(x) [203.0.113.4] F=<a@b.example> rejected after DATA: This "
	    "message contains a virus (Eicar)",
	    "reject other refused content addr=203.0.113.4 qid={1tAbCd-000001-2L} helo={x} "
	    "sender={a@b.example} reply={This message contains a virus (Eicar)}" },
	{ "H=(spam.example) [203.0.113.4] F=<a@b.example> rejected RCPT <c@own.example>: "
	    "relay.example says no, spam source",
	    "reject other refused envelope addr=203.0.113.4 helo={spam.example} "
	    "sender={a@b.example} rcpt={c@own.example} reply={relay.example says no, spam "
	    "source}" },
	{ "H=(x) [203.0.113.4] Warning: 203.0.113.4 is in a black list at bl.dnsbl.example",
	    "reject dnsbl warned envelope addr=203.0.113.4 helo={x} reply={203.0.113.4 is in a "
	    "black list at bl.dnsbl.example} zone={bl.dnsbl.example}" },
};

enum { TEXT_MAX = 4096 };

static void
put(char *text, const char *format, ...)
{
	size_t n = strlen(text);
	va_list ap;

	va_start(ap, format);
	vsnprintf(text + n, TEXT_MAX - n, format, ap);
	va_end(ap);
}

static const char *
what(const struct event *ev)
{
	switch (ev->type) {
	case EV_REJECT:
		return reject_reason_name(ev->reason);
	case EV_PROTOCOL:
		return protocol_sign_name(ev->reason);
	case EV_DELIVERY:
		return delivery_status_name(ev->reason);
	default:
		return "";
	}
}

/* The event as one line of text; "none" has no fields. */
static void
dump(const struct event *ev, char *text)
{
	char addr[ADDR_TEXT];

	put(text, "%s", event_type_name(ev->type));
	if (ev->type == EV_NONE)
		return;
	if (what(ev)[0] != '\0')
		put(text, " %s", what(ev));
	if (ev->type == EV_DELIVERY)
		put(text, " %s", delivery_agent_name(ev->agent));
	if (ev->type == EV_REJECT || ev->type == EV_VERDICT)
		put(text, " %s", reject_action_name(ev->action));
	if (ev->type == EV_REJECT)
		put(text, " %s", reject_phase_name(ev->phase));
	if (ev->has_addr && addr_format(&ev->addr, addr))
		put(text, " addr=%s", addr);
	if (ev->port != 0)
		put(text, " port=%u", ev->port);
	if (ev->has_addr2 && addr_format(&ev->addr2, addr))
		put(text, " addr2=%s", addr);
	if (ev->local_port != 0)
		put(text, " local_port=%u", ev->local_port);
	if (ev->flags & ~(unsigned)EF_HAS_SCORE)
		put(text, " flags=%u", ev->flags & ~(unsigned)EF_HAS_SCORE);
	if (ev->flags & EF_HAS_SCORE)
		put(text, " score=%d", ev->score);
	if (ev->size != 0)
		put(text, " size=%u", ev->size);
	for (int f = 0; f < F_COUNT; f++)
		if (event_has(ev, (enum event_field)f))
			put(text, " %s={%.*s}", event_field_name((enum event_field)f),
			    SLICE_ARG(ev->f[f]));
}

/* The first n bytes of a line as they are in a log: behind a stamp, before other bytes. */
static struct slice
in_log(const char *line, size_t n, char fill)
{
	char text[TEXT_MAX];
	int stamp = snprintf(text, sizeof(text), "2026-11-01 02:03:04 %.*s", (int)n, line);

	assert_true(stamp > 0 && (size_t)stamp < sizeof(text));
	return slack_copy(slice_of(text), fill);
}

/* As one line of text; "(unknown)". */
static void
read_line(struct slice line, char *text)
{
	struct header h = { .body = slice_skip(line, sizeof("2026-11-01 02:03:04 ") - 1) };
	struct event ev = { 0 };

	text[0] = '\0';
	event_reset(&ev);
	if (exim_line(&h, &ev) == LINE_RECOGNISED)
		dump(&ev, text);
	else
		put(text, "(unknown)");
}

/* Bytes behind a line that would be a part of it, if they were. */
static const char fills[] = " 0\"]>:=a";

static void
check(const struct line_case *c)
{
	char text[TEXT_MAX];

	for (const char *fill = fills; *fill; fill++) {
		struct slice line = in_log(c->line, strlen(c->line), *fill);

		read_line(line, text);
		slack_free(line);
		if (strcmp(text, c->want ? c->want : "(unknown)") != 0)
			print_error("line %s\n", c->line);
		assert_string_equal(text, c->want ? c->want : "(unknown)");
	}
}

struct cases {
	const struct line_case *item;
	size_t n;
};

static void
test_table(void **state)
{
	const struct cases *t = *state;

	for (size_t i = 0; i < t->n; i++)
		check(&t->item[i]);
}

/* A line that is cut anywhere is read as if its rest did not stand behind it. */
static void
test_cut(void **state)
{
	const struct cases *t = *state;
	char text[TEXT_MAX], alone[TEXT_MAX];

	for (size_t i = 0; i < t->n; i++)
		for (size_t n = 0; n < strlen(t->item[i].line); n++) {
			struct slice whole = in_log(t->item[i].line, strlen(t->item[i].line), ' ');
			struct slice cut = in_log(t->item[i].line, n, '\n');

			read_line(slice_first(whole, cut.n), text);
			read_line(cut, alone);
			assert_string_equal(text, alone);
			slack_free(whole);
			slack_free(cut);
		}
}

static void
test_rejectlog(void **state)
{
	struct slice line = in_log("H=[192.0.2.1] rejected MAIL <a@b.example>", 41, ' ');
	struct header h = { .rejectlog = true, .body = slice_skip(line, 20) };
	struct event ev = { 0 };

	(void)state;
	event_reset(&ev);
	assert_int_equal(exim_line(&h, &ev), LINE_RECOGNISED);
	assert_true(ev.flags & EF_REJECTLOG);
	slack_free(line);
}

int
main(void)
{
	struct cases tables[] = { { shapes, COUNT(shapes) }, { hostile, COUNT(hostile) },
		{ near_misses, COUNT(near_misses) }, { odd, COUNT(odd) } };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_table, &tables[0]),
		cmocka_unit_test_prestate(test_table, &tables[1]),
		cmocka_unit_test_prestate(test_table, &tables[2]),
		cmocka_unit_test_prestate(test_table, &tables[3]),
		cmocka_unit_test_prestate(test_cut, &tables[0]),
		cmocka_unit_test_prestate(test_cut, &tables[1]),
		cmocka_unit_test_prestate(test_cut, &tables[3]),
		cmocka_unit_test(test_rejectlog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
