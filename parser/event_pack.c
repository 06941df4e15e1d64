/* See event_pack.h: the fields in the order of struct event, then the texts that are there. */
#include "parser/event_pack.h"

#include "base/utc.h"

enum { EVENT_FLAGS = EF_SYSLOG * 2 - 1 };

void
event_pack_addr(struct buf *out, const struct addr *a)
{
	buf_add(out, (struct slice){ (const char *)a->b, sizeof(a->b) });
}

static char *
put_bytes(char *p, struct slice s)
{
	p = pack_put(p, s.n);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p + s.n;
}

/* Each line of a message that waits comes here, so all of it goes into room asked for once. */
void
event_pack(const struct event *ev, struct buf *out)
{
	const uint64_t word[] = { ev->type, ev->mta, pack_zigzag(ev->ts), ev->has, ev->flags,
		ev->host, ev->instance, ev->pid, ev->port, ev->local_port, ev->repeat,
		(unsigned)ev->has_addr | (unsigned)ev->has_addr2 << 1, ev->reason, ev->action,
		ev->phase, ev->agent, pack_zigzag(ev->score), ev->number, ev->size };
	enum { NUMBERS = sizeof(word) / sizeof(word[0]) };
	size_t most = NUMBERS * PACK_MOST + 2 * sizeof(struct addr);
	char *p;

	for (uint32_t rest = ev->has; rest; rest &= rest - 1)
		most += PACK_MOST + ev->f[__builtin_ctz(rest)].n;
	p = buf_room(out, most);
	for (unsigned i = 0; i < NUMBERS; i++)
		p = pack_put(p, word[i]);
	if (ev->has_addr)
		memcpy(p, ev->addr.b, sizeof(ev->addr.b));
	p += ev->has_addr ? sizeof(ev->addr.b) : 0;
	if (ev->has_addr2)
		memcpy(p, ev->addr2.b, sizeof(ev->addr2.b));
	p += ev->has_addr2 ? sizeof(ev->addr2.b) : 0;
	for (uint32_t rest = ev->has; rest; rest &= rest - 1)
		p = put_bytes(p, ev->f[__builtin_ctz(rest)]);
	out->n = (unsigned)(p - out->p);
}

struct addr
event_unpack_addr(struct unpack *u)
{
	struct addr a = { { 0 } };

	if (u->rest.n < sizeof(a.b)) {
		u->bad = true;
		return a;
	}
	memcpy(a.b, u->rest.p, sizeof(a.b));
	u->rest = slice_skip(u->rest, sizeof(a.b));
	return a;
}

uint32_t
event_unpack_name(struct unpack *u, const uint32_t *name, uint32_t names)
{
	uint64_t id = unpack_max(u, name == NULL ? UINT32_MAX : names ? names - 1 : 0);

	u->bad |= name != NULL && names == 0;
	return name == NULL ? (uint32_t)id : u->bad ? 0 : name[id];
}

int64_t
unpack_time(struct unpack *u, int64_t from)
{
	int64_t ts = unpack_i(u);

	if (!utc_is_stamp(ts) || !utc_is_stamp(ts + from)) {
		u->bad = true;
		return 0;
	}
	return ts + from;
}

/* What the reason says hangs on the type. */
static uint64_t
most_reason(enum event_type type)
{
	if (type == EV_PROTOCOL)
		return SIGN_COUNT - 1;
	return type == EV_DELIVERY ? DELIVERY_EXPIRED : REJECT_REASONS - 1;
}

static void
unpack_words(struct unpack *u, struct event *ev)
{
	unsigned addrs = (unsigned)unpack_max(u, 3);

	ev->has_addr = addrs & 1;
	ev->has_addr2 = addrs >> 1;
	ev->reason = (uint8_t)unpack_max(u, most_reason(ev->type));
	ev->action = (uint8_t)unpack_max(u, ACT_WARNED);
	ev->phase = (uint8_t)unpack_max(u, PHASE_CONTENT);
	ev->agent = (uint8_t)unpack_max(u, AGENT_NONE);
	ev->score = (int32_t)unpack_i(u);
	ev->number = (uint32_t)unpack_max(u, UINT32_MAX);
	ev->size = (uint32_t)unpack_max(u, UINT32_MAX);
}

void
event_unpack(struct unpack *u, const uint32_t *name, uint32_t names, struct event *ev)
{
	uint32_t has;

	event_reset(ev);
	ev->type = (enum event_type)unpack_max(u, EV_TYPES - 1);
	ev->mta = (enum mta)unpack_max(u, MTA_COUNT - 1);
	ev->ts = unpack_time(u, 0);
	has = (uint32_t)unpack_max(u, (1u << F_COUNT) - 1);
	ev->flags = (uint32_t)unpack_max(u, EVENT_FLAGS);
	ev->host = event_unpack_name(u, name, names);
	ev->instance = event_unpack_name(u, name, names);
	ev->pid = (uint32_t)unpack_max(u, UINT32_MAX);
	ev->port = (uint16_t)unpack_max(u, UINT16_MAX);
	ev->local_port = (uint16_t)unpack_max(u, UINT16_MAX);
	ev->repeat = (uint16_t)unpack_max(u, UINT16_MAX);
	unpack_words(u, ev);
	if (ev->has_addr)
		ev->addr = event_unpack_addr(u);
	if (ev->has_addr2)
		ev->addr2 = event_unpack_addr(u);
	for (; has; has &= has - 1)
		event_set(ev, (enum event_field)__builtin_ctz(has), unpack_bytes(u));
	u->bad |= ev->repeat == 0;
}
