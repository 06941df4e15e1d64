/* evaluate_private: what report/evaluate*.c share; for nobody else. */
#ifndef REPORT_EVALUATE_PRIVATE_H
#define REPORT_EVALUATE_PRIVATE_H

#include "report/evaluate.h"
#include "report/evaluate_count.h"

enum baseline { BASE_THUMB, BASE_BAYES, BASE_BAYES_CUT, BASE_MAJORITY, BASES };
enum { BINS = 10, TAUS = 8, NO_EVENT = UINT32_MAX };

struct happened {		/* a message or attempt of the log, with what was said of it */
	struct slice queue_id, message_id, host;
	struct addr addr;
	int64_t ts;
	uint32_t source, thins, signature, host_number;
	uint32_t left;		/* rows that it can still take */
	bool has_addr;
	bool counted;		/* false: a repetition of one that is */
	bool mail;		/* a message, no refused recipient or client */
	bool spam, own;		/* own: under an account of this host */
	uint8_t mta, direction;
	uint8_t said;		/* enum said */
	uint8_t lean;		/* the class that it would be, below the thresholds, too */
	uint8_t thumb, bayes;	/* enum said, of the baselines */
	unsigned confidence;	/* per mille */
	int64_t lead;		/* of naive Bayes */
	uint64_t key;		/* a hash of its source */
};

struct labelled {		/* a row of the truth with its event */
	const struct truth_row *row;
	uint32_t event;		/* NO_EVENT */
	bool repeated;		/* its event is a repetition: not measured */
	bool elsewhere;		/* of a host that has no log here: the same */
	uint8_t is, said;	/* enum is, enum said */
	uint64_t key;		/* of the source */
};

struct bin {			/* verdicts of about the same confidence */
	uint64_t n, right, confidence;	/* sum of per milles */
};

struct tau {			/* if this confidence were enough, thresholds and anchors aside */
	unsigned least;		/* per mille */
	struct matrix rows;
};

struct part {			/* rows of a daemon, a direction or a scenario */
	struct slice name;
	struct matrix rows;
};

struct parts {
	struct part *item;
	unsigned n, cap;
};

struct evaluate {
	struct arena arena;
	struct happened *event;
	unsigned events, events_cap;
	struct labelled *item;		/* one for each row, in the order of the table */
	unsigned items;
	uint64_t repeated, elsewhere;	/* rows that are not measured */
	uint64_t unlabelled[SAIDS];	/* spam events that no row belongs to */
	struct matrix messages, sources, base[BASES];
	struct share share[QUALITIES], source_share[QUALITIES];
	uint64_t clusters;
	struct bin bin[BINS];
	unsigned ece, brier;		/* 1/10000 */
	struct tau tau[TAUS];
	struct parts daemons, directions, scenarios;
	uint32_t *mistake;		/* indexes into item, the worst first */
	unsigned mistakes;
};

/* evaluate_match.c: fills the items' events. */
void evaluate_match(struct evaluate *e);
/* evaluate_curve.c: bins, ece, brier, taus, and the baseline that is cut to our coverage. */
void evaluate_curves(struct evaluate *e);
static inline bool
is_measured(const struct labelled *x)
{
	return !x->repeated && !x->elsewhere;
}

/* "mx1" is "mx1.example.org"; an empty name is any. */
bool same_host(struct slice a, struct slice b);

/* The event of an item, or NULL. */
static inline const struct happened *
event_of(const struct evaluate *e, const struct labelled *x)
{
	return x->event == NO_EVENT ? NULL : &e->event[x->event];
}

/* As all outputs name them. */
const char *is_name(unsigned is);
const char *said_name(unsigned said);
const char *scored_name(unsigned of);
const char *baseline_name(unsigned base);

#endif
