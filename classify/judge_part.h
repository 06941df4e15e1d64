/* judge_part: one network of an account, one sender of a script; private to classify/judge*.c. */
#ifndef CLASSIFY_JUDGE_PART_H
#define CLASSIFY_JUDGE_PART_H

#include "classify/judge_private.h"

/*
 * from: the newest hour of that day; c: the part's own counters of that day; habit: the senders
 * that its owner is known to use.
 */

/* Does it carry evidence itself? */
bool part_is_dirty(const struct judge *j, uint32_t source, int64_t day, struct walk from,
    const int64_t c[COUNTERS], const struct set *habit);
/* Is it one of many that a stolen account is used from? owner: the whole account's counters. */
bool part_is_of_swarm(const struct judge *j, uint32_t source, int64_t day, struct walk from,
    const int64_t c[COUNTERS], const int64_t owner[COUNTERS]);
/* Does a person seem to use it, too? Of scripts never. */
bool part_is_home(const struct judge *j, uint32_t source, int64_t day, struct walk from);
/*
 * Is all its mail of the day like what spoke against it? Wanted mail goes the same way as that of
 * a hacked form or server: where most arrives, or most hours are good, only what bounced is spam.
 * An account's networks are one or the other.
 */
bool part_is_whole(const struct judge *j, uint32_t source, int64_t day, struct walk from,
    const int64_t c[COUNTERS]);
/* Adds its senders, if it is a home and clean. */
void part_add_habit(struct judge *j, uint32_t source, int64_t day, struct walk from,
    const int64_t c[COUNTERS], struct set *habit);
/*
 * judge_owner.c: c, its owner's counters, becomes what its own mail did; the number of networks
 * stays its owner's.
 */
void owner_part_counters(const struct judge *j, uint32_t source, int64_t day, struct walk from,
    int64_t c[COUNTERS]);
/* The distant network that it is in: an IPv4 /16, an IPv6 /32. */
uint64_t part_wide(uint64_t net);

#endif
