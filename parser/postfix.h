/*
 * postfix: what the parsers of Postfix' daemons share. Private to parser/postfix*.c.
 *
 * A take_*() function removes what it read from the start of *s and returns true, or returns
 * false; then *s may have moved and the caller gives up.
 */
#ifndef PARSER_POSTFIX_H
#define PARSER_POSTFIX_H

#include "base/wide.h"
#include "parser/daemons.h"

#define POSTFIX_STARTS_ANY(s, table) \
	postfix_starts_any((s), (table), sizeof(table) / sizeof((table)[0]))

/* slice_starts() for tables: most heads differ in the first byte. */
static inline bool
postfix_starts(struct slice s, struct slice head)
{
	return s.n >= head.n && s.p[0] == head.p[0] && swar_same(s.p, head.p, head.n);
}

static inline bool
postfix_take(struct slice *s, struct slice head)
{
	if (!postfix_starts(*s, head))
		return false;
	*s = slice_skip(*s, head.n);
	return true;
}

static inline bool
postfix_starts_any(struct slice s, const struct slice *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (postfix_starts(s, table[i]))
			return true;
	return false;
}

/* How many bytes stand before the first that is stop, a blank or a control byte; s.n: all. */
static inline size_t
postfix_word(struct slice s, char stop)
{
	size_t i = 0;

	for (; i + 32 <= s.n; i += 32) {
		uint64_t hit = wide_ends(s.p + i, stop) | wide_ends(s.p + i + 16, stop) << 16;

		if (hit)
			return i + (size_t)__builtin_ctzll(hit);
	}
	for (; i + 8 <= s.n; i += 8) {
		uint64_t v = swar_load(s.p + i);
		uint64_t hit = swar_equal(v, stop) | swar_below(v, ' ' + 1);

		if (hit)
			return i + swar_first(hit);
	}
	while (i < s.n && s.p[i] != stop && (unsigned char)s.p[i] > ' ')
		i++;
	return i;
}

/* "4104E3D: " or "4k70fq5rvJzHQ: ". Words such as "warning: " are no ids, "NOQUEUE: " neither. */
bool postfix_take_qid(struct slice *s, struct slice *qid_r);
/*
 * "name[192.0.2.1]", "unknown[2001:db8::1]:4321", "[192.0.2.1]:25", "unknown[unknown]" into
 * CLIENT_NAME (not for "unknown"), addr and port.
 */
bool postfix_take_client(struct slice *s, struct event *ev);
/*
 * addr_parse() of what stands before the byte end, and past it: IPv4 is read while it is being
 * looked for, because nearly every line of a mail exchanger holds one.
 */
bool postfix_take_addr(struct slice *s, char end, struct slice *text_r, struct addr *addr_r);
/* "<address>" with a quoted local part or a raw one; what follows must be one of ends. */
bool postfix_take_address(struct slice *s, struct slice *address_r, char end1, char end2);
void postfix_set_sender(struct event *ev, struct slice sender);
/*
 * Cuts the fields that the daemon put at the end of a refusal, "; from=<> to=<> proto=ESMTP
 * helo=<>" and the like, into ev, reading from the right; returns what is before them.
 */
struct slice postfix_cut_tail(struct slice s, struct event *ev);
/* "reject: RCPT from ..." behind the queue id; id is empty for NOQUEUE. */
enum line_kind postfix_refusal(struct slice s, struct slice qid, struct event *ev);
/* Why: by our own text, reply code first. */
void postfix_reason(struct slice text, bool content_milter, struct event *ev);
/* Complaints of a daemon about itself and debug output: recognised, say nothing that we use. */
bool postfix_diagnostic(struct slice body);

#endif
