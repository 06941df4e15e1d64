/*
 * state_select: what is left of a state when only some of its hours are asked for.
 *
 * Sources, HELOs and sets know less than hours: a source begins and ends within the hours that are
 * left, days are left whole. Sources without any hour are nothing any more.
 */
#ifndef CLASSIFY_STATE_SELECT_H
#define CLASSIFY_STATE_SELECT_H

#include "classify/state.h"

/* st is to be merged: nobody may look for its sources afterwards. */
void state_select(struct state *st, struct hour_range kept);

static inline bool
hours_hold(struct hour_range kept, uint32_t hour)
{
	return kept.to == 0 || (hour >= kept.from && hour < kept.to);
}

static inline bool
hours_hold_day(struct hour_range kept, uint32_t day)
{
	return kept.to == 0 || (day >= kept.from / 24 && day <= (kept.to - 1) / 24);
}

#endif
