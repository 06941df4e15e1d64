/*
 * event: what one log line of one daemon said. Facts only; no judgement.
 *
 * An event is filled by one of the daemon parsers from a line whose header is known. Slices point
 * into the line, or what its header points to, and live as long; or they are constants (a list that
 * answered with an error has the CODE "error"). Only fields whose bit is set in
 * `has` may be read: use event_get(). Which fields a type carries is listed beside the type.
 */
#ifndef PARSER_EVENT_H
#define PARSER_EVENT_H

#include "base/addr.h"
#include "base/slice.h"
#include "parser/event_terms.h"

struct event {
	int64_t ts;		/* UTC seconds */
	uint32_t host;		/* interned; see header.h */
	uint32_t instance; /* interned Postfix instance ("postfix", "postfix-out"); 0 for others */
	uint32_t flags;
	enum mta mta;
	uint32_t pid;		/* 0: unknown */
	/* from here on 0 at first, together: a few stores */
	uint32_t has;		/* bit of each valid field */
	enum event_type type;
	int32_t score;		/* milli-points, when EF_HAS_SCORE */
	uint32_t number;	/* nrcpt, DNSBL rank */
	uint32_t size;
	uint16_t port;		/* of the client; 0 unknown */
	uint16_t local_port; /* our own port (Exim I=, or 587 for service submission); 0 unknown */
	bool has_addr, has_addr2;
	uint8_t reason;		/* enum reject_reason, protocol_sign or delivery_status */
	uint8_t action;		/* enum reject_action */
	uint8_t phase;		/* enum reject_phase */
	uint8_t agent;		/* enum delivery_agent */
	uint16_t repeat;	/* 1; more for "message repeated N times" */
	struct addr addr;	/* the client's */
	struct addr addr2;	/* next hop's, or the original client's (XFORWARD) */
	struct slice f[F_COUNT];
};

/* Makes ev empty: O(1), the slices are not cleared. */
static inline void
event_reset(struct event *ev)
{
	ev->has = ev->flags = 0;
	ev->type = EV_NONE;
	ev->port = ev->local_port = 0;
	ev->repeat = 1;
	ev->has_addr = ev->has_addr2 = false;
	ev->reason = ev->action = ev->phase = ev->agent = 0;
	ev->score = 0;
	ev->number = ev->size = 0;
}

static inline void
event_set(struct event *ev, enum event_field f, struct slice s)
{
	ev->f[f] = s;
	ev->has |= 1u << f;
}

static inline bool
event_has(const struct event *ev, enum event_field f)
{
	return ev->has >> f & 1;
}

static inline struct slice
event_get(const struct event *ev, enum event_field f)
{
	return event_has(ev, f) ? ev->f[f] : SLICE_NONE;
}

#endif
