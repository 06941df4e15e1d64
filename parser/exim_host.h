/*
 * exim_host: the block "name (helo) [addr]:port" of Exim's lines, each of the first two optional.
 * Private to parser/exim*.c.
 *
 * A function returns where the block at p ends, or NULL: there is none.
 */
#ifndef PARSER_EXIM_HOST_H
#define PARSER_EXIM_HOST_H

#include "parser/exim_parts.h"

struct exim_host {
	struct slice name;	/* verified by reverse and forward DNS; empty when there is none */
	struct slice helo;	/* without the parentheses; empty when not logged */
	struct addr addr;
	bool has_addr;
	uint16_t port;
};

const char *exim_host(const char *p, const char *end, struct exim_host *host_r);
/* The same and " I=[addr]:port", put into ev as the client. */
const char *exim_bare_client(const char *p, const char *end, struct event *ev);
/* The same with or without "H=" before it. */
const char *exim_client(const char *p, const char *end, struct event *ev);

/* By the words in which it was written: one of another size would have to wait for them. */
static inline void
exim_copy_addr(struct addr *to, const struct addr *from)
{
	swar_store((char *)to->b, swar_load((const char *)from->b));
	swar_store((char *)to->b + 8, swar_load((const char *)from->b + 8));
}

static inline void
exim_set_client(struct event *ev, const struct exim_host *h)
{
	if (h->has_addr) {
		exim_copy_addr(&ev->addr, &h->addr);
		ev->has_addr = true;
	}
	ev->port = h->port;
	if (h->name.n > 0)
		event_set(ev, F_CLIENT_NAME, h->name);
	if (h->helo.n > 0)
		event_set(ev, F_HELO, h->helo);
}

#endif
