/*
 * evaluator: which early rules hit the facts of one event.
 *
 * Equal answers are interned: a hits number stands for one set of rules, and 0 for the empty set.
 * Texts are matched once per distinct value, sets of atoms are turned into rules once per distinct
 * set; both memories are bounded and only caches: results do not depend on them. A regular
 * expression that runs into PCRE2's match limit does not match; it is counted, and after
 * EVALUATOR_PATIENCE such events it is switched off.
 */
#ifndef CLASSIFY_EVALUATOR_H
#define CLASSIFY_EVALUATOR_H

#include "classify/ruleset.h"

enum { EVALUATOR_PATIENCE = 100 };

struct evaluator;

struct hits {			/* rules as indexes into ruleset.rule, ascending */
	uint32_t n;
	const uint16_t *rule;
	uint8_t spam_by;	/* union of the rules' spam_by */
};

/* rs must outlive it. Patterns of rs are not shared with other threads. */
struct evaluator *evaluator_open(const struct ruleset *rs);
void evaluator_close(struct evaluator *e);
/* hostname_analyse() of a client's reverse name, or of a HELO without client; remembered. */
struct name_facts evaluator_name(struct evaluator *e, struct slice name,
    const struct addr *client);
/* The same, not remembered: for a caller that does that. */
struct name_facts evaluator_new_name(struct evaluator *e, struct slice name,
    const struct addr *client);
/*
 * The hits of a sign, for which only its flags and its DNSBL answer speak: name and HELO are the
 * business of mail and attempts. Remembered by (flags, reason, zone, code).
 */
uint32_t evaluator_sign(struct evaluator *e, const struct message *m);
/* The rules that hit; ts decides validity. Sets FLAG_HELO_DYNAMIC of f if a rule wants to know. */
uint32_t evaluator_hits(struct evaluator *e, struct facts *f, int64_t ts);
/* Numbers are places in a row: evaluator_get(e, 0)[hits] until the next question. */
const struct hits *evaluator_get(const struct evaluator *e, uint32_t hits);
/* The number of such a set of rules, ascending: from elsewhere. */
uint32_t evaluator_intern(struct evaluator *e, const uint16_t *rule, uint32_t n);
/* Patterns switched off since the start. */
unsigned evaluator_disabled(const struct evaluator *e);

#endif
