/*
 * The host block of Exim's log lines (4.60 to 4.99).
 *
 *	H=mail.example.org [192.0.2.1]:4711 I=[198.51.100.1]:25
 *	H=mail.example.org (helo.example) [192.0.2.1]
 *	H=(helo.example) [192.0.2.1]
 *	H=([192.0.2.9]) [192.0.2.1]		the HELO is an address literal
 *	H=[192.0.2.1]
 *
 * The name comes from DNS and was verified; it holds no blank, parenthesis or bracket. The HELO is
 * the stranger's. Exim lets only letters, digits, dots, hyphens and literals pass, unless the
 * administrator set helo_accept_junk_hosts; then it may read "a) [8.8.8.8] (b". The block
 * therefore ends at the first ") [address]" that is not followed by " (", so such a HELO is one
 * HELO. What follows the block (ident, sender, recipient, text) is a stranger's too, but comes
 * later and so cannot move the address. A junk HELO that imitates " F=<" as well cannot be told
 * from the real thing by anyone; the option is off by default.
 */
#include "parser/exim_host.h"

#include "base/addr_v4.h"

enum { ADDRESS_MAX = 64 };

/* ":4711"; other text behind the colon is left alone. */
static const char *
take_port(const char *p, const char *end, struct exim_host *h)
{
	const char *q;
	unsigned value = 0;

	for (q = p + 1; q < end && q <= p + 5 && *q >= '0' && *q <= '9'; q++)
		value = value * 10 + (unsigned)(*q - '0');
	if (q == p + 1 || value > UINT16_MAX)
		return p;
	h->port = (uint16_t)value;
	return q;
}

/* What is no IPv4 address. The inside need not be an address ("[unknown]"), but holds no blank. */
static __attribute__((noinline)) const char *
take_odd_address(const char *p, const char *end, struct exim_host *h)
{
	const char *last = end - p > ADDRESS_MAX ? p + ADDRESS_MAX : end;
	const char *close = exim_either(p, last, ']', ' ');

	if (close == last || *close != ']')
		return NULL;
	h->has_addr = addr_parse(slice_range(p + 1, close), &h->addr);
	return close + 1;
}

/* "[192.0.2.1]:4711" */
static inline const char *
take_bracket(const char *p, const char *end, struct exim_host *h)
{
	size_t n;

	h->port = 0;
	if (*p != '[' || p >= end)
		return NULL;
	n = addr_read_v4(p + 1, ']', &h->addr);
	h->has_addr = true;
	p = n == 0 || p + 1 + n > end ? take_odd_address(p, end, h) : p + 1 + n;
	return p != NULL && *p == ':' && p < end ? take_port(p, end, h) : p;
}

/*
 * "helo) [addr]", p behind the parenthesis, when the HELO holds one itself, or reads like a block.
 */
static __attribute__((noinline)) const char *
take_odd_helo(const char *p, const char *end, struct exim_host *h)
{
	const char *q = p, *behind;

	while ((q = exim_byte(q, end, ')')) < end) {
		h->helo = slice_range(p, q++);
		if (exim_at(q, end, SLICE(" [")) &&
		    (behind = take_bracket(q + 1, end, h)) != NULL &&
		    !exim_at(behind, end, SLICE(" (")))
			return behind;
	}
	return NULL;
}

const char *
exim_host(const char *p, const char *end, struct exim_host *h)
{
	const char *q, *helo = NULL;

	h->name = h->helo = SLICE_NONE;
	if (*p != '(' && *p != '[') {
		q = exim_byte(p, end, ' ');
		if (q == end)
			return NULL;
		h->name = slice_range(p, q);
		p = q + 1;
	}
	if (*p == '(' && p < end) {
		helo = p + 1;
		q = exim_byte(helo, end, ')');
		if (!exim_at(q, end, SLICE(") [")))
			return take_odd_helo(helo, end, h);
		h->helo = slice_range(helo, q);
		p = q + 2;
	}
	q = take_bracket(p, end, h);
	if (helo != NULL && (q == NULL || exim_at(q, end, SLICE(" ("))))
		return take_odd_helo(helo, end, h);
	return q;
}

/* " I=[addr]:port", which is there. */
static __attribute__((noinline)) const char *
take_interface(const char *p, const char *end, struct event *ev)
{
	struct exim_host h;
	const char *q = take_bracket(p + 3, end, &h);

	if (q == NULL)
		return p;
	ev->local_port = h.port;
	return *q == ':' && q < end ? exim_word(q, end) : q;	/* a port that is no number */
}

const char *
exim_bare_client(const char *p, const char *end, struct event *ev)
{
	struct exim_host h;

	p = exim_host(p, end, &h);
	if (p == NULL)
		return NULL;
	exim_set_client(ev, &h);
	return exim_at(p, end, SLICE(" I=")) ? take_interface(p, end, ev) : p;
}

const char *
exim_client(const char *p, const char *end, struct event *ev)
{
	return exim_bare_client(exim_past(p, end, SLICE("H=")), end, ev);
}
