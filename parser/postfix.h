/*
 * postfix: what the parsers of Postfix' daemons share. Private to parser/postfix*.c.
 *
 * Slices here are parts of a line, so WIDE_SLACK bytes behind them can be read (base/scan.h).
 * A take_*() function removes what it read from the start of *s and returns true, or returns
 * false; then *s may have moved and the caller gives up. What most lines hold is read by functions
 * that return what is behind it, with p NULL when it is not there: slices stay in registers so.
 */
#ifndef PARSER_POSTFIX_H
#define PARSER_POSTFIX_H

#include "base/addr_v4.h"
#include "base/scan.h"
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

/* How many digits and points s begins with, at most so many; most <= 16. */
static inline size_t
postfix_decimal(struct slice s, size_t most)
{
	uint32_t other = ~(wide_between(s.p, '0', '9') | wide_equal(s.p, '.'));

	most = most < s.n ? most : s.n;
	return (unsigned)__builtin_ctz(other | (uint32_t)1 << most);
}

/* "4104E3D: " or "4k70fq5rvJzHQ: ". Words such as "warning: " are no ids, "NOQUEUE: " neither. */
struct slice postfix_qid(struct slice s, struct slice *qid_r);
static inline bool
postfix_take_qid(struct slice *s, struct slice *qid_r)
{
	struct slice rest = postfix_qid(*s, qid_r);

	*s = rest.p ? rest : *s;
	return rest.p != NULL;
}
/*
 * "name[192.0.2.1]", "unknown[2001:db8::1]:4321", "[192.0.2.1]:25", "unknown[unknown]" into
 * CLIENT_NAME (not for "unknown"), addr and port.
 */
struct slice postfix_client(struct slice s, struct event *ev);
/* An event of a client that s begins with, whatever follows. */
enum line_kind postfix_client_event(struct slice s, enum event_type type, struct event *ev);
/* addr_parse() of what stands before the byte end; IPv4 is read while that is being looked for. */
struct slice postfix_other_addr(struct slice s, char end, struct addr *addr_r);
static inline struct slice
postfix_addr(struct slice s, char end, struct addr *addr_r)
{
	size_t n = addr_read_v4(s.p, end, addr_r);

	return n == 0 || n > s.n ? postfix_other_addr(s, end, addr_r) :
	    (struct slice){ s.p + n, s.n - n };
}
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
/* Complaints of a daemon about itself and debug output: recognised, say nothing that we use. */
bool postfix_diagnostic(struct slice body);

#endif
