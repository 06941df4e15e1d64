/*
 * See taught.h. Which lines of a program may fit is told by their literals (taught_index.h); they
 * are tried in their order, and the first whose expression fits, and whose fields make sense (an
 * address is an address), makes the event.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "parser/taught.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/problem.h"
#include "parser/exim_parts.h"
#include "parser/taught_index.h"

#define BIT(field) (1u << (field))

enum {
	OPTIONS = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
	    PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C,
	DEPTH = 1000, HEAP = 1024	/* KiB */
};

/* A client as a daemon tells of it. */
enum { CLIENT = BIT(TAUGHT_CLIENT) | BIT(TAUGHT_PORT) | BIT(F_CLIENT_NAME) | BIT(F_SERVICE) };

/* What users can teach: fields that must be there, of which one must, that may. */
static const struct kind {
	enum event_type type;
	uint32_t all, any, may;
} kinds[] = {
	{ EV_NONE, 0, 0, 0 },
	{ EV_RECEIVED, BIT(F_QID), 0, CLIENT | BIT(F_HELO) | BIT(F_ACCOUNT) | BIT(F_SENDER) |
	    BIT(F_MESSAGE_ID) | BIT(F_USER) | BIT(F_PROTO) | BIT(TAUGHT_SIZE) },
	{ EV_MESSAGE_ID, BIT(F_QID) | BIT(F_MESSAGE_ID), 0, 0 },
	{ EV_QUEUED, BIT(F_QID), 0, BIT(F_SENDER) | BIT(TAUGHT_SIZE) | BIT(TAUGHT_NUMBER) },
	{ EV_DELIVERY, BIT(F_QID), 0, BIT(F_RCPT) | BIT(F_RELAY) | BIT(F_RELAY_ID) |
	    BIT(F_REPLY) | BIT(TAUGHT_OTHER) },
	{ EV_REMOVED, BIT(F_QID), 0, 0 },
	{ EV_REJECT, 0, BIT(TAUGHT_CLIENT) | BIT(F_QID), CLIENT | BIT(F_HELO) | BIT(F_ACCOUNT) |
	    BIT(F_SENDER) | BIT(F_RCPT) | BIT(F_PROTO) | BIT(F_REPLY) | BIT(F_ZONE) |
	    BIT(F_CODE) | BIT(TAUGHT_SCORE) },
	{ EV_SASL_FAIL, BIT(TAUGHT_CLIENT), 0, CLIENT | BIT(F_ACCOUNT) | BIT(F_HELO) },
	{ EV_PROTOCOL, BIT(TAUGHT_CLIENT), 0, CLIENT | BIT(F_HELO) },
	{ EV_NO_RDNS, BIT(TAUGHT_CLIENT), 0, CLIENT },
	{ EV_DNSBL, BIT(TAUGHT_CLIENT) | BIT(F_ZONE), 0, BIT(F_CODE) },
	{ EV_VERDICT, 0, BIT(F_QID) | BIT(F_MESSAGE_ID), BIT(TAUGHT_SCORE) | BIT(F_TESTS) |
	    BIT(TAUGHT_SIZE) | BIT(F_SENDER) | BIT(TAUGHT_CLIENT) },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct group {
	uint16_t number;
	uint8_t field;
};

struct taught_code {
	pcre2_code *code;
	bool jit;
	const struct kind *kind;
	struct group *group;
	unsigned groups;
	uint32_t highest;	/* group of any kind */
};

struct taught_reader {
	const struct taught *taught;
	struct names *names;
	pcre2_match_context *context;
	pcre2_match_data *data;
	unsigned *failures;	/* of lines */
	unsigned disabled, last;
	uint64_t want[TAUGHT_MAX / 64];
};

const char *
taught_field_name(unsigned field)
{
	static const char *const name[] = { "client", "port", "other", "score", "size", "number" };

	return field < F_COUNT ? event_field_name((enum event_field)field) : name[field - F_COUNT];
}

enum event_type
taught_type(struct slice name)
{
	for (unsigned k = 0; k < KINDS; k++)
		if (slice_eq(name, slice_of(event_type_name(kinds[k].type))))
			return kinds[k].type;
	return EV_TYPES;
}

static const struct kind *
kind_of(enum event_type type)
{
	unsigned k = 0;

	while (kinds[k].type != type)
		k++;
	return &kinds[k];
}

/* The field that a group is named for; -1: the event has none of that name. */
static int
field_of(const struct taught_code *c, const char *name, struct problem *p)
{
	uint32_t may = c->kind->all | c->kind->any | c->kind->may;
	char list[400] = "";
	size_t used = 0;

	for (unsigned f = 0; f < TAUGHT_FIELDS; f++) {
		const char *known = taught_field_name(f);

		if (!(may >> f & 1))
			continue;
		if (strcmp(known, name) == 0)
			return (int)f;
		if (used + strlen(known) + 2 < sizeof(list)) {
			list[used++] = ' ';
			memcpy(list + used, known, strlen(known) + 1);
			used += strlen(known);
		}
	}
	return problem_set(p, "unknown group \"%s\"; a %s has:%s", name,
	    event_type_name(c->kind->type), used ? list : " none");
}

static int
take_groups(struct taught_code *c, struct problem *p)
{
	uint32_t names = 0, bytes = 0, has = 0;
	PCRE2_SPTR entry = NULL;

	pcre2_pattern_info(c->code, PCRE2_INFO_CAPTURECOUNT, &c->highest);
	pcre2_pattern_info(c->code, PCRE2_INFO_NAMECOUNT, &names);
	pcre2_pattern_info(c->code, PCRE2_INFO_NAMEENTRYSIZE, &bytes);
	pcre2_pattern_info(c->code, PCRE2_INFO_NAMETABLE, &entry);
	c->group = mem_alloc((names + 1ul) * sizeof(*c->group));
	for (; c->groups < names; entry += bytes) {
		int field = field_of(c, (const char *)entry + 2, p);

		if (field == -1)
			return -1;
		c->group[c->groups++] = (struct group){ (uint16_t)(entry[0] << 8 | entry[1]),
			(uint8_t)field };
		has |= BIT(field);
	}
	for (unsigned f = 0; f < TAUGHT_FIELDS; f++)
		if ((c->kind->all & ~has) >> f & 1)
			return problem_set(p, "a %s needs the group %s",
			    event_type_name(c->kind->type), taught_field_name(f));
	if (c->kind->any != 0 && (c->kind->any & has) == 0)
		return problem_set(p, "a %s needs the group qid or %s",
		    event_type_name(c->kind->type),
		    c->kind->type == EV_VERDICT ? "message_id" : "client");
	return 0;
}

int
taught_compile(struct taught_line *l, struct problem *p)
{
	struct taught_code *c = l->code = mem_alloc(sizeof(*c));
	PCRE2_UCHAR why[160];
	PCRE2_SIZE at;
	int error;

	c->kind = kind_of(l->type);
	c->code = pcre2_compile((PCRE2_SPTR)l->match.p, l->match.n, OPTIONS, &error, &at, NULL);
	if (c->code == NULL) {
		pcre2_get_error_message(error, why, sizeof(why));
		problem_set(p, "bad regular expression at character %zu: %s", (size_t)at + 1,
		    (const char *)why);
	}
	if (c->code == NULL || take_groups(c, p) == -1) {
		taught_code_free(c);
		l->code = NULL;
		return -1;
	}
	c->jit = pcre2_jit_compile(c->code, PCRE2_JIT_COMPLETE) == 0;
	return 0;
}

void
taught_code_free(struct taught_code *c)
{
	if (c == NULL)
		return;
	pcre2_code_free(c->code);
	free(c->group);
	free(c);
}

void
taught_finish(struct taught *t)
{
	taught_index_free(t->index);
	t->index = t->lines ? taught_index_make(t) : NULL;
}

void
taught_free(struct taught *t)
{
	for (unsigned i = 0; i < t->lines; i++)
		taught_code_free(t->line[i].code);
	taught_index_free(t->index);
	free(t->line);
	*t = (struct taught){ 0 };
}

struct taught_reader *
taught_open(const struct taught *t, struct names *names)
{
	struct taught_reader *r;
	uint32_t highest = 0;

	if (t->index == NULL)
		return NULL;
	r = mem_alloc(sizeof(*r));
	r->taught = t;
	r->names = names;
	r->failures = mem_alloc((t->lines + 1ul) * sizeof(*r->failures));
	for (unsigned i = 0; i < t->lines; i++)
		if (t->line[i].code->highest > highest)
			highest = t->line[i].code->highest;
	r->context = pcre2_match_context_create(NULL);
	r->data = pcre2_match_data_create(highest + 1, NULL);
	if (r->context == NULL || r->data == NULL)
		die_nomem();
	pcre2_set_depth_limit(r->context, DEPTH);
	pcre2_set_heap_limit(r->context, HEAP);
	return r;
}

void
taught_close(struct taught_reader *r)
{
	if (r == NULL)
		return;
	pcre2_match_context_free(r->context);
	pcre2_match_data_free(r->data);
	free(r->failures);
	free(r);
}

unsigned
taught_disabled(const struct taught_reader *r)
{
	return r == NULL ? 0 : r->disabled;
}

unsigned
taught_last(const struct taught_reader *r)
{
	return r->last;
}

static bool
set_text(struct event *ev, enum event_field f, struct slice s)
{
	if ((f == F_SENDER || f == F_RCPT || f == F_MESSAGE_ID) && s.n >= 2 && s.p[0] == '<' &&
	    s.p[s.n - 1] == '>')
		s = slice_first(slice_skip(s, 1), s.n - 2);
	if (s.n == 0 && f != F_SENDER)
		return false;
	if (s.n == 0)
		ev->flags |= EF_NULL_SENDER;
	event_set(ev, f, s.n ? s : SLICE(""));
	return true;
}

static bool
set_number(struct event *ev, unsigned field, struct slice s)
{
	uint64_t v;

	if (!slice_u64(s, field == TAUGHT_PORT ? UINT16_MAX : UINT32_MAX, &v))
		return false;
	if (field == TAUGHT_PORT)
		ev->port = (uint16_t)v;
	else if (field == TAUGHT_SIZE)
		ev->size = (uint32_t)v;
	else
		ev->number = (uint32_t)v;
	return true;
}

/* False: it makes no sense. */
static bool
set_field(struct event *ev, unsigned field, struct slice s)
{
	switch (field) {
	case TAUGHT_CLIENT:
		return ev->has_addr = addr_parse(s, &ev->addr);
	case TAUGHT_OTHER:
		return ev->has_addr2 = addr_parse(s, &ev->addr2);
	case TAUGHT_SCORE:
		ev->flags |= EF_HAS_SCORE;
		return exim_milli(s, &ev->score);
	case TAUGHT_PORT:
	case TAUGHT_SIZE:
	case TAUGHT_NUMBER:
		return set_number(ev, field, s);
	default:
		return set_text(ev, (enum event_field)field, s);
	}
}

/* What was not given stays empty: but a field that is there must make sense. */
static bool
fill(struct taught_reader *r, const struct taught_line *l, struct slice text, struct event *ev)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(r->data);
	const struct taught_code *c = l->code;
	uint32_t has = 0;

	for (unsigned i = 0; i < c->groups; i++) {
		const struct group *g = &c->group[i];
		PCRE2_SIZE from = at[2 * g->number], to = at[2 * g->number + 1];
		bool optional = !((c->kind->all | c->kind->any) >> g->field & 1);

		if (from == PCRE2_UNSET || to < from || (has >> g->field & 1) ||
		    (from == to && optional && g->field != F_SENDER))
			continue;
		if (!set_field(ev, g->field, slice_first(slice_skip(text, from), to - from)))
			return false;
		has |= BIT(g->field);
	}
	if ((c->kind->all & ~has) != 0 || (c->kind->any != 0 && (c->kind->any & has) == 0))
		return false;
	ev->type = l->type;
	ev->reason = l->reason;
	ev->action = l->action;
	ev->phase = l->phase;
	ev->agent = l->has_agent ? l->agent : ev->has_addr2 ? AGENT_REMOTE : AGENT_LOCAL;
	ev->flags |= l->spam ? EF_SPAM : 0;
	if (l->queue.n)
		ev->instance = names_id(r->names, l->queue);
	return true;
}

static bool
fits(struct taught_reader *r, unsigned line, struct slice text)
{
	const struct taught_code *c = r->taught->line[line].code;
	int rc;

	if (r->failures[line] >= TAUGHT_PATIENCE)
		return false;
	pcre2_set_match_limit(
	    r->context, TAUGHT_STEPS + TAUGHT_STEPS_BYTE * (uint32_t)text.n);
	rc = (c->jit ? pcre2_jit_match : pcre2_match)(c->code,
	    (PCRE2_SPTR)(text.p ? text.p : ""), text.n, 0, 0, r->data, r->context);
	if (rc >= 0)
		return true;
	if (rc != PCRE2_ERROR_NOMATCH && ++r->failures[line] == TAUGHT_PATIENCE)
		r->disabled++;
	return false;
}

static struct slice
program_of(const struct origin *from)
{
	if (from->program.n > 0)
		return from->program;
	return from->daemon == DAEMON_EXIM ? SLICE("exim") :
	    from->daemon == DAEMON_SPAMD ? SLICE("spamd") : SLICE_NONE;
}

bool
taught_read(struct taught_reader *r, const struct header *h, struct event *ev)
{
	const struct taught_set *s = taught_index_find(r->taught->index, program_of(h->from));
	struct slice text = h->body;
	struct event made;

	if (s == NULL)
		return false;
	if (!taught_set_search(s, text, r->want))
		return false;
	made = *ev;
	made.repeat = 1;
	line_repeated(&text, &made.repeat);
	for (unsigned w = 0; w < (s->lines + 63) / 64; w++)
		for (uint64_t rest = r->want[w]; rest; rest &= rest - 1) {
			unsigned i = s->line[w * 64 + (unsigned)__builtin_ctzll(rest)];

			if (!fits(r, i, text))
				continue;
			*ev = made;
			if (fill(r, &r->taught->line[i], text, ev)) {
				r->last = i;
				return true;
			}
			*ev = made;
		}
	return false;
}
