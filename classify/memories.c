/* See memories.h. */
#include "base/recall.h"
#include "base/utc.h"
#include "classify/observe.h"
#include "classify/state_limit.h"

static struct memories *
memories_of(struct classifier *cl)
{
	if (cl->memories.thins != cl->state.thins)	/* all have other numbers now */
		cl->memories = (struct memories){ .thins = cl->state.thins };
	return &cl->memories;
}

enum { ZONE_MAX = 253, ZONE_KEY = 20 };

static uint32_t
new_zone(struct classifier *cl, struct slice zone)
{
	char text[ZONE_MAX];
	const char *dot = slice_chr(zone, '.');

	while (dot != NULL && dot - zone.p >= ZONE_KEY) {
		zone = slice_range(dot + 1, slice_end(zone));
		dot = slice_chr(zone, '.');
	}
	if (dot == NULL || zone.n > ZONE_MAX)
		return 0;
	zone = slice_lower(zone, text);
	for (size_t i = 0; i < zone.n; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-_", zone.p[i]) == NULL)
			return 0;
	return state_text(&cl->state, zone);
}

uint32_t
memories_zone(struct classifier *cl, struct slice zone)
{
	struct memories *x = memories_of(cl);
	bool known;
	size_t place = recall(x->zone, ZONE_TEXTS, recall_hash(zone, 8) | 1, &known);

	if (!known)
		x->text[place] = new_zone(cl, zone);
	return x->text[place];
}

static uint32_t
find_domain(struct classifier *cl, const struct message *m, struct slice domain)
{
	char text[256];
	struct slice lower = slice_lower(slice_first(domain, sizeof(text)), text);

	return state_text_source(&cl->state, SOURCE_DOMAIN, lower, 0, m->ts);
}

uint32_t
memories_domain(struct classifier *cl, const struct message *m, struct slice domain)
{
	struct memories *x = memories_of(cl);
	uint32_t at = utc_stamp(m->ts);
	struct source *s;
	bool known;
	size_t place;

	place = recall(x->hash, DOMAIN_SOURCES, recall_hash(domain, 7) | 1, &known);
	if (!known) {
		x->source[place] = find_domain(cl, m, domain);
		return x->source[place];
	}
	s = &cl->state.source[x->source[place]];
	s->first = at < s->first ? at : s->first;
	s->last = at > s->last ? at : s->last;
	return x->source[place];
}
