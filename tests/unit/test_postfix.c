/*
 * The Postfix parsers through header_parse() and event_parse(): a table of program, body and the
 * event in words. An event prints every field that is set, so nothing may come in by the way.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parser/daemons.h"
#include "tests/slack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct example {
	const char *program, *body;
	const char *event;	/* "unknown", "none", or the type and what it says */
};

static size_t
put(char *text, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));

static size_t
put(char *text, size_t at, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text + at, 2048 - at, format, ap);
	va_end(ap);
	assert_true(n >= 0 && at + (size_t)n < 2048);
	return at + (size_t)n;
}

static size_t
put_kind(char *text, size_t at, const struct event *ev)
{
	at = put(text, at, "%s", event_type_name(ev->type));
	if (ev->type == EV_REJECT)
		at = put(text, at, " %s %s %s", reject_reason_name(ev->reason),
		    reject_action_name(ev->action), reject_phase_name(ev->phase));
	if (ev->type == EV_PROTOCOL)
		at = put(text, at, " %s", protocol_sign_name(ev->reason));
	if (ev->type == EV_DELIVERY)
		at = put(text, at, " %s %s", delivery_status_name(ev->reason),
		    delivery_agent_name(ev->agent));
	return at;
}

static void
print_event(const struct event *ev, char text[2048])
{
	char addr[ADDR_TEXT];
	size_t at = put_kind(text, 0, ev);

	if (ev->repeat != 1)
		at = put(text, at, " x%u", ev->repeat);
	if (ev->flags & ~(uint32_t)EF_POSTSCREEN)	/* that one says who speaks */
		at = put(text, at, " flags=%u", ev->flags & ~(uint32_t)EF_POSTSCREEN);
	if (ev->has_addr && addr_format(&ev->addr, addr))
		at = put(text, at, " addr=%s", addr);
	if (ev->port)
		at = put(text, at, " port=%u", ev->port);
	if (ev->local_port)
		at = put(text, at, " local_port=%u", ev->local_port);
	if (ev->has_addr2 && addr_format(&ev->addr2, addr))
		at = put(text, at, " addr2=%s", addr);
	if (ev->number)
		at = put(text, at, " number=%u", ev->number);
	if (ev->size)
		at = put(text, at, " size=%u", ev->size);
	for (int f = 0; f < F_COUNT; f++)
		if (event_has(ev, (enum event_field)f))
			at = put(text, at, " %s={%.*s}", event_field_name((enum event_field)f),
			    SLICE_ARG(ev->f[f]));
}

static const struct example examples[] = {
	{ "postfix/smtpd",
	    "connect from mail.example.org[192.0.2.10]",
	    "connect addr=192.0.2.10 client_name={mail.example.org}" },
	{ "postfix/smtpd",
	    "connect from unknown[2001:db8::25]:40112",
	    "connect addr=2001:db8::25 port=40112" },
	{ "postfix/smtpd",
	    "connect from unknown[unknown]",
	    "connect" },
	{ "postfix/smtpd",
	    "disconnect from mail.example.org[192.0.2.10]",
	    "disconnect addr=192.0.2.10 client_name={mail.example.org}" },
	{ "postfix/smtpd",
	    "disconnect from unknown[198.51.100.7] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4",
	    "disconnect flags=3 addr=198.51.100.7" },
	{ "postfix/smtpd",
	    "disconnect from unknown[198.51.100.7] ehlo=1 auth=0/1 commands=1/2",
	    "disconnect flags=2 addr=198.51.100.7" },
	{ "postfix/smtpd",
	    "1AA665BB: client=mail.example.org[192.0.2.10]",
	    "client addr=192.0.2.10 qid={1AA665BB} client_name={mail.example.org}" },
	{ "postfix/smtpd",
	    "4k70fq5rvJzHQ: client=unknown[203.0.113.5]:4711, sasl_method=PLAIN, "
	    "sasl_username=jo@example.net",
	    "client addr=203.0.113.5 port=4711 qid={4k70fq5rvJzHQ} account={jo@example.net}" },
	{ "postfix/smtpd",
	    "1AA665BB: client=host.example.net[203.0.113.5], sasl_method=LOGIN, "
	    "sasl_username=a, b=c, sasl_sender=x@example.net",
	    "client addr=203.0.113.5 qid={1AA665BB} client_name={host.example.net} "
	    "account={a, b=c}" },
	{ "postfix/smtpd",
	    "1AA665BB: client=localhost[127.0.0.1], orig_queue_id=2BB665CC, "
	    "orig_client=mx.example.org[192.0.2.10]",
	    "client addr=127.0.0.1 addr2=192.0.2.10 qid={1AA665BB} orig_id={2BB665CC} "
	    "client_name={localhost}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from bot.example.org[203.0.113.9]: 554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.9] blocked using bl.example.net; see, "
	    "https://bl.example.net/?ip=203.0.113.9; from=<a@example.org> "
	    "to=<b@example.com> proto=ESMTP helo=<bot.example.org>",
	    "reject dnsbl refused envelope addr=203.0.113.9 client_name={bot.example.org} "
	    "helo={bot.example.org} sender={a@example.org} rcpt={b@example.com} "
	    "proto={ESMTP} reply={554 5.7.1 Service unavailable; Client host [203.0.113.9] "
	    "blocked using bl.example.net; see, https://bl.example.net/?ip=203.0.113.9} "
	    "zone={bl.example.net}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]:5112: 554 Service "
	    "unavailable; Client host [203.0.113.9] blocked using bl.example.net; from=<> "
	    "to=<b@example.com> proto=SMTP helo=<[203.0.113.9]>",
	    "reject dnsbl refused envelope flags=32 addr=203.0.113.9 port=5112 "
	    "helo={[203.0.113.9]} sender={} rcpt={b@example.com} proto={SMTP} reply={554 "
	    "Service unavailable; Client host [203.0.113.9] blocked using bl.example.net} "
	    "zone={bl.example.net}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: MAIL from unknown[203.0.113.9]: 554 5.7.1 Service "
	    "unavailable; Sender address [a@example.org] blocked using dbl.example.net; "
	    "from=<a@example.org> proto=SMTP helo=<x>",
	    "reject dnsbl refused envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} proto={SMTP} reply={554 5.7.1 Service unavailable; "
	    "Sender address [a@example.org] blocked using dbl.example.net} "
	    "zone={dbl.example.net}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 454 4.7.1 <b@example.net>: "
	    "Relay access denied; from=<a@example.org> to=<b@example.net> proto=SMTP "
	    "helo=<203.0.113.1>",
	    "reject relay deferred envelope addr=203.0.113.9 helo={203.0.113.1} "
	    "sender={a@example.org} rcpt={b@example.net} proto={SMTP} reply={454 4.7.1 "
	    "<b@example.net>: Relay access denied}" },
	{ "postfix/smtpd",
	    "1AA665BB: reject: RCPT from unknown[203.0.113.9]: 550 5.1.1 <no@example.com>: "
	    "Recipient address rejected: User unknown in local recipient table; "
	    "from=<a@example.org> to=<no@example.com> proto=ESMTP helo=<x>",
	    "reject user refused envelope addr=203.0.113.9 qid={1AA665BB} helo={x} "
	    "sender={a@example.org} rcpt={no@example.com} proto={ESMTP} reply={550 5.1.1 "
	    "<no@example.com>: Recipient address rejected: User unknown in local recipient "
	    "table}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 4.2.0 <b@example.com>: "
	    "Recipient address rejected: Greylisted, see https://grey.example.com/; "
	    "from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject greylist deferred envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={450 4.2.0 "
	    "<b@example.com>: Recipient address rejected: Greylisted, see "
	    "https://grey.example.com/}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 <unknown[203.0.113.9]>: "
	    "Client host rejected: Greylisted for 300 seconds; from=<a@example.org> "
	    "to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject greylist deferred envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={450 "
	    "<unknown[203.0.113.9]>: Client host rejected: Greylisted for 300 seconds}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 4.7.1 <x>: Helo command "
	    "rejected: Host not found; from=<a@example.org> to=<b@example.com> proto=ESMTP "
	    "helo=<x>",
	    "reject helo deferred envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={450 4.7.1 "
	    "<x>: Helo command rejected: Host not found}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: EHLO from unknown[203.0.113.9]: 504 5.5.2 <User>: Helo "
	    "command rejected: need fully-qualified hostname; proto=SMTP helo=<User>",
	    "reject helo refused connect addr=203.0.113.9 helo={User} proto={SMTP} "
	    "reply={504 5.5.2 <User>: Helo command rejected: need fully-qualified hostname}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: CONNECT from unknown[203.0.113.9]: 450 4.7.25 Client host "
	    "rejected: cannot find your hostname, [203.0.113.9]; proto=SMTP",
	    "reject rdns-mismatch deferred connect addr=203.0.113.9 proto={SMTP} "
	    "reply={450 4.7.25 Client host rejected: cannot find your hostname, "
	    "[203.0.113.9]}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 4.7.1 Client host "
	    "rejected: cannot find your reverse hostname, [203.0.113.9]; "
	    "from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject no-rdns deferred envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={450 4.7.1 "
	    "Client host rejected: cannot find your reverse hostname, [203.0.113.9]}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 4.1.8 "
	    "<a@nodomain.example>: Sender address rejected: Domain not found; "
	    "from=<a@nodomain.example> to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject sender-domain deferred envelope addr=203.0.113.9 helo={x} "
	    "sender={a@nodomain.example} rcpt={b@example.com} proto={ESMTP} reply={450 "
	    "4.1.8 <a@nodomain.example>: Sender address rejected: Domain not found}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: VRFY from unknown[203.0.113.9]: 454 4.7.1 <b@example.net>: "
	    "Relay access denied; to=<b@example.net> proto=SMTP helo=<me>",
	    "reject relay deferred envelope addr=203.0.113.9 helo={me} "
	    "rcpt={b@example.net} proto={SMTP} reply={454 4.7.1 <b@example.net>: Relay "
	    "access denied}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject_warning: RCPT from example.org[192.0.2.10]: 553 5.7.1 "
	    "<s@example.com>: Sender address rejected: not owned by user jo; "
	    "from=<s@example.com> to=<b@example.com> proto=ESMTP helo=<x> "
	    "sasl_method=PLAIN sasl_username=jo",
	    "reject login-mismatch warned envelope addr=192.0.2.10 "
	    "client_name={example.org} helo={x} account={jo} sender={s@example.com} "
	    "rcpt={b@example.com} proto={ESMTP} reply={553 5.7.1 <s@example.com>: Sender "
	    "address rejected: not owned by user jo}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 451 4.3.0 <b@example.com>: "
	    "Temporary lookup failure; from=<a@example.org> to=<b@example.com> proto=ESMTP "
	    "helo=<x>",
	    "reject load deferred envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={451 4.3.0 "
	    "<b@example.com>: Temporary lookup failure}" },
	{ "postfix/smtpd",
	    "1AA665BB: reject: BDAT from unknown[203.0.113.9]: 550 5.5.3 <DATA>: Data "
	    "command rejected: Multi-recipient bounce; from=<> to=<b@example.com> "
	    "proto=ESMTP helo=<x>",
	    "reject other refused content flags=32 addr=203.0.113.9 qid={1AA665BB} "
	    "helo={x} sender={} rcpt={b@example.com} proto={ESMTP} reply={550 5.5.3 "
	    "<DATA>: Data command rejected: Multi-recipient bounce}" },
	{ "postfix/smtpd",
	    "NOQUEUE: discard: RCPT from unknown[203.0.113.9]: <x>: Helo command test; "
	    "from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject other discarded envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={<x>: Helo "
	    "command test}" },
	{ "postfix/smtpd",
	    "NOQUEUE: hold: RCPT from unknown[203.0.113.9]: <x>: Helo command test; "
	    "from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject other held envelope addr=203.0.113.9 helo={x} sender={a@example.org} "
	    "rcpt={b@example.com} proto={ESMTP} reply={<x>: Helo command test}" },
	{ "postfix/smtpd",
	    "NOQUEUE: filter: RCPT from unknown[203.0.113.9]: <x>: Sender address triggers "
	    "FILTER scan:[127.0.0.1]:10025; from=<a@example.org> to=<b@example.com> "
	    "proto=ESMTP helo=<x>",
	    "none" },
	{ "postfix/smtpd",
	    "proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, id=1-2 - spam; from=<> "
	    "to=<b@example.com> proto=SMTP helo=<x>",
	    "reject content refused content flags=32 helo={x} sender={} "
	    "rcpt={b@example.com} proto={SMTP} reply={554 5.7.0 Reject, id=1-2 - spam}" },
	{ "postfix/smtpd",
	    "NOQUEUE: milter-reject: RCPT from mx.example.org[192.0.2.10]: 451 4.7.1 "
	    "Greylisting in action, please come back later; from=<a@example.org> "
	    "to=<b@example.com> proto=ESMTP helo=<mx.example.org>",
	    "reject greylist deferred envelope addr=192.0.2.10 "
	    "client_name={mx.example.org} helo={mx.example.org} sender={a@example.org} "
	    "rcpt={b@example.com} proto={ESMTP} reply={451 4.7.1 Greylisting in action, "
	    "please come back later}" },
	{ "postfix/smtpd",
	    "lost connection after RCPT from unknown[203.0.113.9]",
	    "protocol lost-connection addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "NOQUEUE: lost connection after CONNECT from unknown[203.0.113.9]",
	    "protocol lost-connection addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "1AA665BB: lost connection after DATA (approximately 512 bytes) from "
	    "mx.example.org[192.0.2.10]:4711",
	    "protocol lost-connection addr=192.0.2.10 port=4711 client_name={mx.example.org}" },
	{ "postfix/smtpd",
	    "timeout after END-OF-MESSAGE from unknown[203.0.113.9]",
	    "protocol timeout addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "too many errors after AUTH from unknown[203.0.113.9]",
	    "protocol too-many-errors addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "improper command pipelining after CONNECT from unknown[203.0.113.9]: EHLO "
	    "x\\r\\nMAIL FROM:<>",
	    "protocol pipelining addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "bare <LF> received after DATA from unknown[203.0.113.9]",
	    "protocol bare-newline addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "warning: hostname dial-9.example.net does not resolve to address 203.0.113.9: "
	    "Name or service not known",
	    "rdns-mismatch addr=203.0.113.9 client_name={dial-9.example.net}" },
	{ "postfix/smtpd",
	    "warning: hostname dial-9.example.net does not resolve to address 2001:db8::9",
	    "rdns-mismatch addr=2001:db8::9 client_name={dial-9.example.net}" },
	{ "postfix/smtpd",
	    "warning: 203.0.113.9: hostname dial-9.example.net verification failed: Name "
	    "or service not known",
	    "rdns-mismatch addr=203.0.113.9 client_name={dial-9.example.net}" },
	{ "postfix/smtpd",
	    "warning: 203.0.113.9: address not listed for hostname dial-9.example.net",
	    "rdns-mismatch addr=203.0.113.9 client_name={dial-9.example.net}" },
	{ "postfix/smtpd",
	    "warning: unknown[203.0.113.9]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
	    "sasl-fail addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "warning: unknown[203.0.113.9]:5112: SASL LOGIN authentication failed: (reason "
	    "unavailable), sasl_username=joe, sasl_method=PLAIN",
	    "sasl-fail addr=203.0.113.9 port=5112 account={joe, sasl_method=PLAIN}" },
	{ "postfix/smtpd",
	    "warning: unknown[203.0.113.9]: SASL PLAIN authentication failed:",
	    "sasl-fail addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "warning: SASL authentication failure: Password verification failed",
	    "none" },
	{ "postfix/smtpd",
	    "warning: non-SMTP command from unknown[203.0.113.9]: GET / HTTP/1.1",
	    "protocol non-smtp addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "warning: Illegal address syntax from unknown[203.0.113.9] in MAIL command: "
	    "<www-data@203.0.113.9>",
	    "protocol bad-syntax addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "warning: Connection rate limit exceeded: 31 from unknown[203.0.113.9] for "
	    "service smtp",
	    "protocol rate-limit addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "Anonymous TLS connection established from mail.example.org[192.0.2.10]: "
	    "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
	    "tls addr=192.0.2.10 client_name={mail.example.org}" },
	{ "postfix/smtpd",
	    "TLS connection established from mail.example.org[192.0.2.10]: TLSv1 with "
	    "cipher AES256-SHA (256/256 bits)",
	    "tls addr=192.0.2.10 client_name={mail.example.org}" },
	{ "postfix/smtpd",
	    "SSL_accept error from unknown[203.0.113.9]: -1",
	    "none" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <b@example.net>: "
	    "Relay access denied; from=<\"a> to=<b@c> proto=ESMTP helo=<d\"@e.example> "
	    "to=<b@example.net> proto=ESMTP helo=<x?\?proto=ESMTP?helo=?mail.example.com>",
	    "reject relay refused envelope addr=203.0.113.9 "
	    "helo={x?\?proto=ESMTP?helo=?mail.example.com} sender={\"a> to=<b@c> proto=ESMTP "
	    "helo=<d\"@e.example} rcpt={b@example.net} proto={ESMTP} reply={554 5.7.1 "
	    "<b@example.net>: Relay access denied}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <b@example.net>: "
	    "Relay access denied; from=<a@example.org> to=<\"x> to=<y\"@example.net> "
	    "proto=ESMTP helo=<x>",
	    "reject relay refused envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} rcpt={\"x> to=<y\"@example.net} proto={ESMTP} reply={554 "
	    "5.7.1 <b@example.net>: Relay access denied}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 4.1.8 <\"; "
	    "from=<ceo@example.com> to=<x@y\"@example.org>: Sender address rejected: Domain "
	    "not found; from=<\"; from=<ceo@example.com> to=<x@y\"@example.org> "
	    "to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject sender-domain deferred envelope addr=203.0.113.9 helo={x} sender={\"; "
	    "from=<ceo@example.com> to=<x@y\"@example.org} rcpt={b@example.com} "
	    "proto={ESMTP} reply={450 4.1.8 <\"; from=<ceo@example.com> "
	    "to=<x@y\"@example.org>: Sender address rejected: Domain not found}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 550 5.1.0 <\"a>: Relay access "
	    "denied\"@example.org>: Sender address rejected: Domain not found; from=<\"a>: "
	    "Relay access denied\"@example.org> to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject sender-domain refused envelope addr=203.0.113.9 helo={x} sender={\"a>: "
	    "Relay access denied\"@example.org} rcpt={b@example.com} proto={ESMTP} "
	    "reply={550 5.1.0 <\"a>: Relay access denied\"@example.org>: Sender address "
	    "rejected: Domain not found}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 Service "
	    "unavailable; Client host [203.0.113.9] blocked using bl.example.net; "
	    "from=<f@example.com> to=<g@example.com> proto=SMTP helo=<forged>; "
	    "from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<x>",
	    "reject dnsbl refused envelope addr=203.0.113.9 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={554 5.7.1 "
	    "Service unavailable; Client host [203.0.113.9] blocked using bl.example.net; "
	    "from=<f@example.com> to=<g@example.com> proto=SMTP helo=<forged>} "
	    "zone={bl.example.net}" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 4.7.1 <x>: Helo command "
	    "rejected: Host not found; from=<Print Connections> to=<b@example.com> "
	    "proto=ESMTP helo=<x>",
	    "reject helo deferred envelope addr=203.0.113.9 helo={x} sender={Print "
	    "Connections} rcpt={b@example.com} proto={ESMTP} reply={450 4.7.1 <x>: Helo "
	    "command rejected: Host not found}" },
	{ "postfix/smtpd",
	    "1AA665BB: client=unknown[203.0.113.5], sasl_method=PLAIN, sasl_username=x "
	    "client=mail.example.com[192.0.2.1]",
	    "client addr=203.0.113.5 qid={1AA665BB} account={x "
	    "client=mail.example.com[192.0.2.1]}" },
	{ "postfix/smtpd",
	    "connect to mail.example.org[192.0.2.10]",
	    "unknown" },
	{ "postfix/smtpd",
	    "connect from mail.example.org",
	    "unknown" },
	{ "postfix/smtpd",
	    "connect from two words[192.0.2.10]",
	    "unknown" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT form unknown[203.0.113.9]: 554 5.7.1 x",
	    "unknown" },
	{ "postfix/smtpd",
	    "NOQUEUE: reject: RCPT from unknown[203.0.113.9] 554 5.7.1 x",
	    "unknown" },
	{ "postfix/smtpd",
	    "1AA6: client=mail.example.org[192.0.2.10]",
	    "unknown" },
	{ "postfix/smtpd",
	    "lost connection after from unknown[203.0.113.9]",
	    "unknown" },
	{ "postfix/smtpd",
	    "something quite new",
	    "unknown" },
	{ "postfix/submission/smtpd",
	    "connect from unknown[203.0.113.9]",
	    "connect addr=203.0.113.9 local_port=587 service={submission}" },
	{ "postfix/smtps/smtpd",
	    "connect from unknown[203.0.113.9]",
	    "connect addr=203.0.113.9 local_port=465 service={smtps}" },
	{ "postfix/postscreen",
	    "DATA without valid RCPT from [203.0.113.9]:4711",
	    "none" },
	{ "postfix/postscreen",
	    "CONNECT from [203.0.113.9]:1038 to [192.0.2.1]:25",
	    "none" },
	{ "postfix/postscreen",
	    "PASS NEW [203.0.113.9]:1038",
	    "pass flags=4 addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "PASS OLD [2001:db8::9]:1038",
	    "pass addr=2001:db8::9 port=1038" },
	{ "postfix/postscreen",
	    "DNSBL rank 3 for [203.0.113.9]:1038",
	    "dnsbl-rank addr=203.0.113.9 port=1038 number=3" },
	{ "postfix/postscreen",
	    "PREGREET 14 after 0.08 from [203.0.113.9]:59415: EHLO ylmf-pc\\r\\n",
	    "protocol pregreet addr=203.0.113.9 port=59415" },
	{ "postfix/postscreen",
	    "PREGREET 40 after 0 from [203.0.113.9]:59415: EHLO x after 1 from "
	    "[192.0.2.99]:25: x\\r\\n",
	    "protocol pregreet addr=203.0.113.9 port=59415" },
	{ "postfix/postscreen",
	    "HANGUP after 63 from [203.0.113.9]:1038 in tests after SMTP handshake",
	    "hangup addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "HANGUP after 0.2 from [203.0.113.9]:1038 in tests before SMTP handshake",
	    "protocol hangup-early addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "DISCONNECT [203.0.113.9]:1038",
	    "hangup addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "COMMAND TIME LIMIT from [203.0.113.9]:1038 after CONNECT",
	    "protocol time-limit addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "COMMAND COUNT LIMIT from [203.0.113.9]:1038 after RCPT",
	    "protocol count-limit addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "COMMAND LENGTH LIMIT from [203.0.113.9]:1038 after RCPT",
	    "protocol count-limit addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "COMMAND PIPELINING from [203.0.113.9]:1038 after DATA: From: <x@example.org>\\r\\n",
	    "protocol pipelining addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "NON-SMTP COMMAND from [203.0.113.9]:1038 after CONNECT: GET / HTTP/1.1",
	    "protocol non-smtp addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "BARE NEWLINE from [203.0.113.9]:1038 after DATA",
	    "protocol bare-newline addr=203.0.113.9 port=1038" },
	{ "postfix/postscreen",
	    "NOQUEUE: reject: RCPT from [203.0.113.9]:1038: 550 5.7.1 Service unavailable; "
	    "client [203.0.113.9] blocked using zen.example.net; from=<a@example.org>, "
	    "to=<b@example.com>, proto=ESMTP, helo=<x>",
	    "reject dnsbl refused envelope addr=203.0.113.9 port=1038 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={550 5.7.1 "
	    "Service unavailable; client [203.0.113.9] blocked using zen.example.net} "
	    "zone={zen.example.net}" },
	{ "postfix/postscreen",
	    "NOQUEUE: reject: RCPT from [203.0.113.9]:1038: 450 4.3.2 Service currently "
	    "unavailable; from=<a@example.org>, to=<b@example.com>, proto=ESMTP, helo=<x>",
	    "reject load deferred envelope addr=203.0.113.9 port=1038 helo={x} "
	    "sender={a@example.org} rcpt={b@example.com} proto={ESMTP} reply={450 4.3.2 "
	    "Service currently unavailable}" },
	{ "postfix/postscreen",
	    "NOQUEUE: reject: RCPT from [203.0.113.9]:1038: 550 5.5.1 Protocol error; "
	    "from=<>, to=<b@example.com>, proto=SMTP, helo=<x>",
	    "reject protocol refused envelope flags=32 addr=203.0.113.9 port=1038 helo={x} "
	    "sender={} rcpt={b@example.com} proto={SMTP} reply={550 5.5.1 Protocol error}" },
	{ "postfix/postscreen",
	    "NOQUEUE: reject: CONNECT from [203.0.113.9]:1038: all server ports busy",
	    "reject load deferred connect addr=203.0.113.9 port=1038 reply={all "
	    "server ports busy}" },
	{ "postfix/postscreen",
	    "NOQUEUE: reject: CONNECT from [203.0.113.9]:1038: too many connections",
	    "reject load deferred connect addr=203.0.113.9 port=1038 reply={too "
	    "many connections}" },
	{ "postfix/postscreen",
	    "ALLOWLISTED [203.0.113.9]:1038",
	    "none" },
	{ "postfix/postscreen",
	    "WHITELIST VETO [203.0.113.9]:1038",
	    "none" },
	{ "postfix/postscreen",
	    "cache btree:/var/lib/postfix/postscreen_cache full cleanup: retained=2 "
	    "dropped=1 entries",
	    "none" },
	{ "postfix/postscreen",
	    "PASS MAYBE [203.0.113.9]:1038",
	    "unknown" },
	{ "postfix/dnsblog",
	    "addr 203.0.113.9 listed by domain zen.example.net as 127.0.0.11",
	    "dnsbl addr=203.0.113.9 zone={zen.example.net} code={127.0.0.11}" },
	{ "postfix/dnsblog",
	    "addr 2001:db8::9 listed by domain list.example.net as 127.0.5.1",
	    "dnsbl addr=2001:db8::9 zone={list.example.net} code={127.0.5.1}" },
	{ "postfix/dnsblog",
	    "addr 203.0.113.9 listed by domain zen.example.net",
	    "dnsbl addr=203.0.113.9 zone={zen.example.net}" },
	{ "postfix/dnsblog",
	    "addr x listed by domain zen.example.net as 127.0.0.2",
	    "unknown" },
	{ "postfix/dnsblog",
	    "warning: dnsblog_query: lookup error for DNS query "
	    "9.113.0.203.zen.example.net: Host not found, try again",
	    "none" },
	{ "postfix/cleanup",
	    "1AA665BB: message-id=<20260101.1AA665BB@example.org>",
	    "message-id qid={1AA665BB} message_id={20260101.1AA665BB@example.org}" },
	{ "postfix/cleanup",
	    "1AA665BB: message-id=no-brackets@example.org",
	    "message-id qid={1AA665BB} message_id={no-brackets@example.org}" },
	{ "postfix/cleanup",
	    "1AA665BB: message-id=<>",
	    "none" },
	{ "postfix/cleanup",
	    "1AA665BB: message-id=<a>, status=sent (250 ok)",
	    "message-id qid={1AA665BB} message_id={<a>, status=sent (250 ok)}" },
	{ "postfix/cleanup",
	    "1AA665BB: message-id=<a client=mail.example.com[192.0.2.1], sasl_username=ceo>",
	    "message-id qid={1AA665BB} message_id={a client=mail.example.com[192.0.2.1], "
	    "sasl_username=ceo}" },
	{ "postfix/cleanup",
	    "1AA665BB: resent-message-id=<b@example.org>",
	    "none" },
	{ "postfix/cleanup",
	    "1AA665BB: milter-reject: END-OF-MESSAGE from mx.example.org[192.0.2.10]: "
	    "5.7.1 Blocked by SpamAssassin; from=<a@example.org> to=<b@example.com> "
	    "proto=ESMTP helo=<mx.example.org>",
	    "reject content refused content addr=192.0.2.10 qid={1AA665BB} "
	    "client_name={mx.example.org} helo={mx.example.org} sender={a@example.org} "
	    "rcpt={b@example.com} proto={ESMTP} reply={5.7.1 Blocked by SpamAssassin}" },
	{ "postfix/cleanup",
	    "1AA665BB: milter-reject: END-OF-MESSAGE from mx.example.org[192.0.2.10]: "
	    "4.7.1 try later; from=<a@example.org> to=<b@example.com> proto=ESMTP "
	    "helo=<mx.example.org>",
	    "reject content deferred content addr=192.0.2.10 qid={1AA665BB} "
	    "client_name={mx.example.org} helo={mx.example.org} sender={a@example.org} "
	    "rcpt={b@example.com} proto={ESMTP} reply={4.7.1 try later}" },
	{ "postfix/cleanup",
	    "1AA665BB: milter-hold: END-OF-MESSAGE from mx.example.org[192.0.2.10]: milter "
	    "triggers HOLD action; from=<a@example.org> to=<b@example.com> proto=ESMTP "
	    "helo=<mx.example.org>",
	    "reject content held content addr=192.0.2.10 qid={1AA665BB} "
	    "client_name={mx.example.org} helo={mx.example.org} sender={a@example.org} "
	    "rcpt={b@example.com} proto={ESMTP} reply={milter triggers HOLD action}" },
	{ "postfix/cleanup",
	    "1AA665BB: reject: header Subject: buy from shop[192.0.2.66]; from=<x@y> now "
	    "from mx.example.org[192.0.2.10]; from=<a@example.org> to=<b@example.com> "
	    "proto=ESMTP helo=<mx.example.org>: no spam, please",
	    "reject content refused content addr=192.0.2.10 qid={1AA665BB} "
	    "client_name={mx.example.org} helo={mx.example.org} sender={a@example.org} "
	    "rcpt={b@example.com} proto={ESMTP} reply={header Subject: buy from "
	    "shop[192.0.2.66]; from=<x@y> now}" },
	{ "postfix/cleanup",
	    "1AA665BB: discard: body http://bad.example/ from local; "
	    "from=<root@example.com> to=<b@example.com>",
	    "reject content discarded content qid={1AA665BB} sender={root@example.com} "
	    "rcpt={b@example.com} reply={body http://bad.example/}" },
	{ "postfix/cleanup",
	    "1AA665BB: warning: header Subject: test from mx.example.org[192.0.2.10]; "
	    "from=<> to=<b@example.com> proto=ESMTP helo=<x>",
	    "none" },
	{ "postfix/cleanup",
	    "1AA665BB: canceled",
	    "none" },
	{ "postfix/cleanup",
	    "1AA665BB: unheard of",
	    "unknown" },
	{ "postfix/qmgr",
	    "1AA665BB: from=<a@example.org>, size=7559, nrcpt=1 (queue active)",
	    "queued number=1 size=7559 qid={1AA665BB} sender={a@example.org}" },
	{ "postfix/qmgr",
	    "1AA665BB: from=<>, size=99999999999, nrcpt=20 (queue active)",
	    "queued flags=32 number=20 size=4294967295 qid={1AA665BB} sender={}" },
	{ "postfix/qmgr",
	    "1AA665BB: from=<\"a>, size=1, nrcpt=99 (queue active)\"@example.org>, "
	    "size=7559, nrcpt=1 (queue active)",
	    "queued number=1 size=7559 qid={1AA665BB} sender={\"a>, size=1, nrcpt=99 (queue "
	    "active)\"@example.org}" },
	{ "postfix/qmgr",
	    "1AA665BB: from=<a@example.org>, status=expired, returned to sender",
	    "delivery expired none qid={1AA665BB} sender={a@example.org}" },
	{ "postfix/qmgr",
	    "1AA665BB: from=<>, status=force-expired, returned to sender",
	    "delivery expired none flags=32 qid={1AA665BB} sender={}" },
	{ "postfix/qmgr",
	    "1AA665BB: removed",
	    "removed qid={1AA665BB}" },
	{ "postfix/qmgr",
	    "1AA665BB: to=<b@example.net>, relay=none, delay=5, delays=5/0/0/0, dsn=4.4.1, "
	    "status=deferred (delivery temporarily suspended)",
	    "delivery deferred none qid={1AA665BB} rcpt={b@example.net} reply={delivery "
	    "temporarily suspended}" },
	{ "postfix/qmgr",
	    "1AA665BB: skipped, still being delivered",
	    "none" },
	{ "postfix/qmgr",
	    "1AA665BB: from=<a@example.org>, size=x, nrcpt=1 (queue active)",
	    "unknown" },
	{ "postfix/qmgr",
	    "1AA665BB: removed?",
	    "unknown" },
	{ "postfix/pickup",
	    "1AA665BB: uid=33 from=<www-data>",
	    "pickup qid={1AA665BB} sender={www-data} user={33}" },
	{ "postfix/pickup",
	    "1AA665BB: uid=105 from=<>",
	    "pickup flags=32 qid={1AA665BB} sender={} user={105}" },
	{ "postfix/pickup",
	    "1AA665BB: uid=33",
	    "unknown" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=mx.example.net[192.0.2.20]:25, delay=3.1, "
	    "delays=0.4/0/2.2/0.5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 2BB665CC)",
	    "delivery sent remote addr2=192.0.2.20 qid={1AA665BB} rcpt={b@example.net} "
	    "relay={mx.example.net} relay_id={2BB665CC} reply={250 2.0.0 Ok: queued as "
	    "2BB665CC}" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, orig_to=<c@example.com>, "
	    "relay=mx.example.net[2001:db8::20]:25, conn_use=2, delay=3, delays=0/0/2/1, "
	    "tls=dane, dsn=2.0.0, status=sent (250 OK)",
	    "delivery sent remote addr2=2001:db8::20 qid={1AA665BB} rcpt={b@example.net} "
	    "relay={mx.example.net} reply={250 OK}" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=127.0.0.1[127.0.0.1]:10024, delay=3.1, "
	    "delays=0/0/2/1, dsn=2.0.0, status=sent (250 2.0.0 from "
	    "MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 2BB665CC)",
	    "delivery sent filter addr2=127.0.0.1 qid={1AA665BB} rcpt={b@example.net} "
	    "relay={127.0.0.1} relay_id={2BB665CC} reply={250 2.0.0 from "
	    "MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 2BB665CC}" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=localhost[::1]:25, delay=3.1, "
	    "delays=0/0/2/1, dsn=2.0.0, status=sent (250 OK)",
	    "delivery sent local addr2=::1 qid={1AA665BB} rcpt={b@example.net} "
	    "relay={localhost} reply={250 OK}" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=mx.example.net[192.0.2.20]:25, delay=3, "
	    "delays=0/0/2/1, dsn=5.7.1, status=bounced (host mx.example.net[192.0.2.20] "
	    "said: 554 5.7.1 looks like spam; status=sent (in reply to end of DATA command))",
	    "delivery bounced remote flags=16 addr2=192.0.2.20 qid={1AA665BB} "
	    "rcpt={b@example.net} relay={mx.example.net} reply={host "
	    "mx.example.net[192.0.2.20] said: 554 5.7.1 looks like spam; status=sent (in "
	    "reply to end of DATA command)}" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=none, delay=9, delays=9/0/0/0, dsn=4.4.1, "
	    "status=deferred (connect to mx.example.net[192.0.2.20]:25: Connection timed out)",
	    "delivery deferred remote qid={1AA665BB} rcpt={b@example.net} reply={connect "
	    "to mx.example.net[192.0.2.20]:25: Connection timed out}" },
	{ "postfix/smtp",
	    "1AA665BB: to=<\"a>, relay=x[192.0.2.1]:25, status=sent (b\"@example.net>, "
	    "relay=none, delay=9, dsn=4.4.1, status=deferred (x)",
	    "delivery deferred remote qid={1AA665BB} rcpt={\"a>, relay=x[192.0.2.1]:25, "
	    "status=sent (b\"@example.net} reply={x}" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=mx.example.net[192.0.2.20], delay=3, "
	    "status=sent (250 ok)",
	    "delivery sent remote addr2=192.0.2.20 qid={1AA665BB} rcpt={b@example.net} "
	    "relay={mx.example.net} reply={250 ok}" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=none, delay=9, delays=9/0/0/0, dsn=2.1.5, "
	    "status=deliverable (ok)",
	    "none" },
	{ "postfix/smtp",
	    "1AA665BB: host mx.example.net[192.0.2.20] said: 450 4.7.1 try later (in reply "
	    "to RCPT TO command)",
	    "none" },
	{ "postfix/smtp",
	    "connect to mx.example.net[192.0.2.20]:25: Connection timed out",
	    "none" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=none, delay=9, status=odd (x)",
	    "unknown" },
	{ "postfix/smtp",
	    "1AA665BB: to=<b@example.net>, relay=none",
	    "unknown" },
	{ "postfix/lmtp",
	    "1AA665BB: to=<b@example.com>, relay=mx.example.com[private/dovecot-lmtp], "
	    "delay=0.1, delays=0/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 "
	    "<b@example.com> x Saved)",
	    "delivery sent local qid={1AA665BB} rcpt={b@example.com} "
	    "relay={mx.example.com} reply={250 2.0.0 <b@example.com> x Saved}" },
	{ "postfix/lmtp",
	    "1AA665BB: to=<b@example.com>, relay=127.0.0.1[127.0.0.1]:24, delay=0.1, "
	    "delays=0/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 Saved)",
	    "delivery sent local addr2=127.0.0.1 qid={1AA665BB} rcpt={b@example.com} "
	    "relay={127.0.0.1} reply={250 2.0.0 Saved}" },
	{ "postfix/lmtp",
	    "1AA665BB: to=<b@example.com>, relay=127.0.0.1[127.0.0.1]:10024, delay=0.1, "
	    "delays=0/0/0/0.1, dsn=5.7.0, status=bounced (host 127.0.0.1[127.0.0.1] said: "
	    "554 5.7.0 Reject, id=1-2 - spam (in reply to end of DATA command))",
	    "delivery bounced filter flags=16 addr2=127.0.0.1 qid={1AA665BB} "
	    "rcpt={b@example.com} relay={127.0.0.1} reply={host 127.0.0.1[127.0.0.1] said: "
	    "554 5.7.0 Reject, id=1-2 - spam (in reply to end of DATA command)}" },
	{ "postfix/local",
	    "1AA665BB: to=<jo@example.com>, relay=local, delay=0.1, delays=0/0/0/0.1, "
	    "dsn=5.1.1, status=bounced (unknown user: \"jo\")",
	    "delivery bounced local qid={1AA665BB} rcpt={jo@example.com} relay={local} "
	    "reply={unknown user: \"jo\"}" },
	{ "postfix/local",
	    "1AA665BB: to=jo@example.com, orig_to=root, relay=local, delay=0.1, dsn=2.0.0, "
	    "status=sent (delivered to maildir)",
	    "delivery sent local qid={1AA665BB} rcpt={jo@example.com} relay={local} "
	    "reply={delivered to maildir}" },
	{ "postfix/pipe",
	    "1AA665BB: to=<jo@example.com>, relay=dovecot, delay=1, delays=0/0/0/1, "
	    "dsn=2.0.0, status=sent (delivered via dovecot service)",
	    "delivery sent local flags=2048 qid={1AA665BB} rcpt={jo@example.com} "
	    "relay={dovecot} reply={delivered via dovecot service}" },
	{ "postfix/error",
	    "1AA665BB: to=<b@example.net>, relay=none, delay=6, delays=6/0/0/0, dsn=4.4.2, "
	    "status=deferred (delivery temporarily suspended: lost connection)",
	    "delivery deferred none qid={1AA665BB} rcpt={b@example.net} reply={delivery "
	    "temporarily suspended: lost connection}" },
	{ "postfix/bounce",
	    "1AA665BB: sender non-delivery notification: 2BB665CC",
	    "bounce qid={1AA665BB} child_id={2BB665CC}" },
	{ "postfix/bounce",
	    "1AA665BB: sender delivery status notification: 2BB665CC",
	    "none" },
	{ "postfix/bounce",
	    "1AA665BB: postmaster non-delivery notification: 2BB665CC",
	    "none" },
	{ "postfix/bounce",
	    "1AA665BB: sender odd: 2BB665CC",
	    "unknown" },
	{ "postfix/smtpd",
	    "message repeated 3 times: [ connect from unknown[203.0.113.9]]",
	    "connect x3 addr=203.0.113.9" },
	{ "postfix/smtpd",
	    "message repeated x times: [ connect from unknown[203.0.113.9]]",
	    "unknown" },
};

static void
test_examples(void **state)
{
	struct zone utc = { .fixed = true };
	struct names *names = names_open();
	struct header_reader *r = header_open(names, &utc, SLICE("mx"), 2026, 0);
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct example *e = &examples[i];
		char line[2048 + WIDE_SLACK], text[2048];
		struct header h = { 0 };
		struct event ev;
		enum line_kind kind;

		snprintf(line, 2048, "Nov  1 02:03:04 mx %s[42]: %s", e->program, e->body);
		assert_int_equal(header_parse(r, slice_of(line), &h), LINE_RECOGNISED);
		kind = event_parse(&h, &ev);
		assert_int_equal(ev.mta, MTA_POSTFIX);
		assert_int_equal(ev.pid, 42);
		assert_int_equal(!(ev.flags & EF_POSTSCREEN),
		    strcmp(e->program, "postfix/postscreen") != 0);
		if (kind == LINE_RECOGNISED)
			print_event(&ev, text);
		else
			put(text, 0, "%s", kind == LINE_UNKNOWN ? "unknown" : "?");
		if (strcmp(text, e->event) != 0) {
			print_error("%s\n  got  %s\n  want %s\n", e->body, text, e->event);
			wrong++;
		}
	}
	header_close(r);
	names_close(names);
	assert_int_equal(wrong, 0);
}

static enum line_kind
parse_body(int daemon, struct slice body, char *text)
{
	struct origin from = { .daemon = (enum daemon)daemon };
	struct header h = { .from = &from, .body = body };
	struct event ev;
	enum line_kind kind = event_parse(&h, &ev);

	text[0] = '\0';
	if (kind == LINE_RECOGNISED)
		print_event(&ev, text);
	return kind;
}

/*
 * A line may be cut anywhere. What stands behind it, be it the rest of the very line, counts for
 * nothing; a sanitizer sees what is read beyond that.
 */
static void
test_cut_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct slice whole = slice_of(examples[i].body);

		for (size_t cut = 0; cut <= whole.n; cut++) {
			struct slice body = slack_copy(slice_first(whole, cut), ' ');
			struct slice tempting = slack_copy(slice_first(whole, cut), '0');
			size_t rest = whole.n - cut < WIDE_SLACK ? whole.n - cut : WIDE_SLACK;

			memcpy((char *)(uintptr_t)tempting.p + cut, whole.p + cut, rest);
			for (int d = DAEMON_SMTPD; d <= DAEMON_BOUNCE; d++) {
				char text[2048], other[2048];

				assert_int_equal(parse_body(d, body, text),
				    parse_body(d, tempting, other));
				assert_string_equal(text, other);
			}
			slack_free(body);
			slack_free(tempting);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_cut_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
