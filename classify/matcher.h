/*
 * matcher: which atoms of the rules does a text fulfil? Private to classify/evaluator.c.
 *
 * A set of text atoms is an array of 64-bit words, a bit for each of the first
 * ruleset.text_atoms. What was asked once of a text is remembered; results do not depend on it.
 */
#ifndef CLASSIFY_MATCHER_H
#define CLASSIFY_MATCHER_H

#include "classify/screens.h"

struct matcher;

/* A pattern that ran into PCRE2's match limit `patience` times is switched off. */
struct matcher *matcher_open(const struct ruleset *rs, unsigned patience);
void matcher_close(struct matcher *m);
struct screens *matcher_screens(struct matcher *m);
/* Add to set the atoms of want that the text fulfils; look: screen_look() of it. */
void matcher_add(struct matcher *m, enum fact_text t, struct slice text, unsigned look,
    const uint64_t *want, uint64_t *set);
/*
 * All atoms that a DNSBL's zone and its answer, which may be empty, fulfil, or that some of the
 * filter's rules do; until the next question.
 */
const uint64_t *matcher_zone(struct matcher *m, struct slice zone, struct slice code);
const uint64_t *matcher_tests(struct matcher *m, struct slice tests);
unsigned matcher_disabled(const struct matcher *m);	/* patterns switched off since the start */

#endif
