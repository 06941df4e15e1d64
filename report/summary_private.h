/* summary_private: what report/summary*.c share; for nobody else. */
#ifndef REPORT_SUMMARY_PRIVATE_H
#define REPORT_SUMMARY_PRIVATE_H

#include "base/domain.h"
#include "classify/state_hours.h"
#include "report/summary_row.h"

struct flow_cell {
	uint32_t host;
	unsigned key;		/* class, stage and direction in one */
	uint64_t attempts, accepted;
};

struct flows {			/* summary_flow.c */
	struct flow_cell *cell;
	unsigned n, cap, last;	/* the one that was asked for last */
	struct table by_cell;
};

struct collect {
	const struct classifier *cl;
	struct judge *j;
	struct summary *s;
	struct row *row;	/* all but machines */
	struct link *link;
	struct slot *slot;
	unsigned rows, links, slots;
	unsigned caps[6];
	struct table by_row;
	struct flows flows;
	struct table by_slot;
	struct mass mass[IN_SOURCES][2][2];	/* [][direct][listed] */
	uint64_t squares[IN_SOURCES][VERDICTS];	/* direct, listed or not */
	uint64_t inside[VERDICTS];	/* own sources, by class */
	struct dnsbl dnsbl[LISTS_MAX];
	struct port25_user *user;
	unsigned users;
	uint32_t last_user;	/* source + 1 */
	struct table by_user;
	uint32_t at_source;	/* the hours of its day begin here */
	struct walk at;
	/* Machines are one source each, and millions: each is ranked before the next begins. */
	struct row machine;
	bool has_machine;
	struct ranking ranking;
	struct domain_memo domains;
	uint32_t at_slot;	/* that was asked for last: neighbours are of one time */
	/* by (class, classes that it could be of, stages), which are few: gives the bounds */
	uint64_t tally[IN_UNITS][VERDICTS][1 << VERDICTS][1 << STAGES];
};

/* TABLE_NONE when no spam came from it; not for machines. */
uint32_t row_find(const struct collect *c, enum finding_kind kind, uint64_t id);
/* Whose row an event belongs to. */
enum finding_kind row_key(const struct collect *c, const struct judged *r, uint64_t *id_r);
/* Its events of all classes. */
uint64_t row_events(const struct row *r);
/* It speaks for our side being a source: a login, a script, a relay, a machine of ours. */
bool is_own(const struct collect *c, const struct row *row, const struct judged *r);
/* What a client's reverse name says: few names were not asked about when their mail came. */
struct name_facts name_facts(struct collect *c, const struct source *s);

struct slot *slot_of(struct collect *c, int64_t start);
/* Made when it is not there; not for machines. */
struct row *row_at(struct collect *c, uint32_t source, enum finding_kind kind, uint64_t id);
void summary_pass(struct collect *c);	/* over what c->j gives */
/* summary_rank.c: classes of sources, lists of findings. */
void rank_open(struct ranking *k, unsigned top);
void rank_row(struct collect *c, struct row *r);	/* it has got all its events */
/* Both have ranked their machines. */
void rank_unite(struct collect *c, struct collect *from);
void rank_end(struct collect *c);		/* and all the rows have been ranked */
/* summary_finding.c: all of f but trusted. Judges the row's sources once more. */
void finding_fill(struct collect *c, const struct row *r, struct finding *f);
/* summary_flow.c */
void flow_add(struct flows *w, unsigned verdict, const struct signature *sig, uint64_t n,
    bool accepted);
void flow_unite(struct flows *w, const struct flows *from);
void flow_end(struct collect *c);	/* fills the summary's */
void flow_free(struct flows *w);
/* summary_network.c: where sources are. */
void network_add(struct collect *c, const struct row *r);
void networks_unite(struct collect *c, struct collect *from);
void networks_end(struct collect *c, unsigned top);	/* keeps those with attributed spam */
/* Its name, as a report has it; in text if it is a prefix. */
struct slice network_name(const struct network_row *r, char text[NETWORK_TEXT]);
/* Those of before are before; who only was there is there now with nothing. */
void networks_compare(struct summary *s, const struct summary *before);
void networks_free(struct networks *n);
/* summary_dnsbl.c: lists of DNSBLs, and users who would not like a port-25 block. */
void dnsbl_take(struct collect *c, const struct judged *r, bool refused);
void port25_take(struct collect *c, const struct judged *r);
void dnsbl_unite(struct collect *c, struct collect *from);
void dnsbl_end(struct collect *c, unsigned top);
/* summary_measures.c: what stops what. Of the whole row, when it has got all its events. */
void mass_row(struct collect *c, const struct row *r);
void mass_unite(struct collect *c, const struct collect *from);
void measures_end(struct collect *c);
/* summary_changes.c */
void changes_begin(struct summary *s, const struct summary_options *o);
/* The period that an hour lies in; -1: none. */
int changes_period(const struct summary *s, int64_t hour_start);
void changes_row(struct collect *c, const struct row *r);
void changes_unite(struct summary *s, const struct summary *from);
void changes_end(struct summary *s, unsigned top);
/* summary_notes.c */
void summary_notes(struct collect *c);
/* At the reverse name of a client's row: empty for others. */
struct slice row_name(const struct collect *c, const struct row *r, bool *verified_r);
/* The registered domain of a verified name; empty without one. */
struct slice row_provider(struct collect *c, const struct row *r);

#endif
