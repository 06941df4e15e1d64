/*
 * ruleset: what is known, read from rules/YAML files; constant once loaded.
 *
 * Files are read in the order given; a rule with an id that was there replaces it. The format is
 * described in rules/README.md. Weights are milli-nats of log-odds against "other".
 * An early rule is a conjunction of atoms, each a yes or no about one event's facts: a flag, or a
 * test of one text. atoms[] of all rules are numbered; evaluator.h computes them. Once finished,
 * those of texts come first, by text. A late rule has bounds on counters of a source instead.
 */
#ifndef CLASSIFY_RULESET_H
#define CLASSIFY_RULESET_H

#include "base/yamltree.h"
#include "classify/facts.h"
#include "classify/hostname.h"
#include "classify/terms.h"
#include "parser/taught.h"

struct pattern;				/* a compiled regular expression, in evaluator.c */

struct atom {
	enum { ATOM_FLAG, ATOM_ANY_FLAG, ATOM_TEXT, ATOM_DNSBL } kind;
	unsigned flag;			/* ATOM_FLAG */
	uint64_t flags[(FLAG_COUNT + 63) / 64];	/* ATOM_ANY_FLAG */
	enum fact_text text;
	struct slice *word, *suffix;	/* equal without case; zone and code for ATOM_DNSBL */
	struct pattern **pattern;
	unsigned words, suffixes, patterns;
};

struct bound {
	enum counter counter;
	int64_t min, max;
};

struct example {
	bool hit;
	unsigned line, column;		/* in its file */
	struct slice text;		/* lines with LF; or, for a late rule, nothing and: */
	struct bound *value;		/* counters (min == value) */
	unsigned values;
};

struct rule {
	struct slice id, says, note, source, subtype, file;
	unsigned line, column;
	unsigned group;
	int32_t weight[VERDICTS];	/* [VERDICT_UNATTRIBUTED]: other */
	bool anchor, late;
	char forgeable;			/* 'N', 'P', 'Y' */
	enum scope scope;
	uint8_t spam_by, via, reason, unit;
	int32_t behaviour;		/* milli-nats that this origin is spamming (late rules) */
	int64_t from, until;		/* UTC seconds: valid in [from, until) */
	unsigned *all, *none;		/* atoms that must hold, that must not */
	unsigned alls, nones;
	struct bound *bound;
	unsigned bounds;
	struct example *example;
	unsigned examples;
};

struct group {
	struct slice name;
	int32_t cap;
	int super;			/* index + 1 of its super-group; 0: none */
	bool gate;			/* a verdict may rest on this group alone */
};

struct super_group {
	int32_t cap;
	enum verdict verdict;		/* the cap applies to this class */
};

struct model {
	int32_t prior[STAGES][DIRECTIONS][VERDICTS];	/* ln, milli-nats */
	unsigned damping;		/* per mille of the weaker weights that counts */
	unsigned posterior;		/* per mille that a verdict needs */
	int32_t margin;			/* milli-nats over the next class */
	int32_t behaviour;		/* milli-nats that make a behaviour spam */
	unsigned ceiling, ceiling_remote; /* highest confidence, per mille; of a remote account */
	struct accuracy accuracy[KNOWNS];
	bool loaded;
};

bool atom_is_text(const struct atom *a);

enum { RULES_MAX = 4096, ATOMS_MAX = 1024, GROUPS_MAX = 255, SUPER_GROUPS_MAX = 63 };

struct ruleset {
	struct arena arena;
	struct rule *rule;
	struct atom *atom;
	struct group *group;
	struct super_group *super;
	unsigned rules, atoms, groups, supers;
	unsigned text_atoms;		/* of atoms; set by ruleset_finish() */
	unsigned caps[4];
	struct model model;
	struct hostname_words names;
	struct taught taught;		/* line shapes */
	uint64_t match_hash, judge_hash;	/* see rule_hash.h; set by ruleset_finish() */
};

/* Adds one file's; file and bytes are copied; a packed one must outlive rs. -1: where and what. */
int ruleset_add(struct ruleset *rs, const char *file, struct slice bytes, struct problem *p);
int ruleset_add_packed(struct ruleset *rs, const char *file, const unsigned char *packed,
    struct problem *p);
/* Configuration: an entry ID: {weight:, behaviour:}: what it names replaces the rule's value. */
int ruleset_override(struct ruleset *rs, const struct yaml_doc *doc, const struct yaml_node *entry,
    struct problem *p);
/* Configuration: a list of line shapes, as lines: in a rule file. */
int ruleset_add_lines(struct ruleset *rs, const struct yaml_doc *doc, const struct yaml_node *list,
    struct problem *p);
/* After the last file: checks that the model is there, orders the atoms, computes the hashes. */
int ruleset_finish(struct ruleset *rs, struct problem *p);
void ruleset_free(struct ruleset *rs);
const struct rule *ruleset_find(const struct ruleset *rs, struct slice id);

#endif
