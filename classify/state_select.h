/*
 * state_select: what is left of a state when only some of its hours are asked for.
 *
 * Sources, HELOs and sets know less than hours: a source begins and ends within the hours that are
 * left, days are left whole. Sources without any hour are nothing any more.
 */
#ifndef CLASSIFY_STATE_SELECT_H
#define CLASSIFY_STATE_SELECT_H

#include "base/utc.h"
#include "classify/state.h"

/* st is to be merged: nobody may look for its sources afterwards. */
void state_select(struct state *st, struct hour_range kept);

/* Of st, once it was selected from: is it left? Who was only relayed to has no hours. */
static inline bool
select_holds(struct hour_range kept, const struct source *s)
{
	return kept.to == 0 || s->bag != 0 || (s->kind == SOURCE_DOMAIN &&
	    s->first / UTC_HOUR < kept.to && s->last / UTC_HOUR >= kept.from);
}

static inline bool
hours_hold(struct hour_range kept, uint32_t hour)
{
	return kept.to == 0 || (hour >= kept.from && hour < kept.to);
}

/* Sets that are of no day, those of recipient domains, are of day 0. */
static inline bool
hours_hold_day(struct hour_range kept, uint32_t day)
{
	return kept.to == 0 || day == 0 || (day >= kept.from / 24 && day <= (kept.to - 1) / 24);
}

#endif
