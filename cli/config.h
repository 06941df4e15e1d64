/*
 * config: what the user says: rules (built in, or a directory), configuration file, times, zone.
 * Everything here is checked before the first byte of output; -1 is exit 2.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/utc.h"
#include "classify/ruleset.h"
#include "cli/options.h"
#include "report/pseudonym.h"

struct config {			/* zeroed, then config_load() */
	struct ruleset rules;
	struct own own;
	struct arena arena;	/* the texts of own */
	struct zone zone;
	int64_t now, since, until;
	bool has_since, has_until;
	struct pseudonym pseudonym;
	uint64_t match_hash;	/* of rules and configuration: what parts must agree on */
};

int config_load(struct config *c, const struct options *o, struct problem *p);
void config_free(struct config *c);
/* All of a file, at most max bytes; the caller frees *p_r. */
int file_read(const char *path, size_t max, struct slice *bytes_r, struct problem *p);
/*
 * RFC 3339, YYYY-MM-DD (midnight in zone), today, yesterday, now, or an age (30m, 24h, 7d).
 */
int
time_parse(const char *text, const struct zone *zone, int64_t now, int64_t *t_r, struct problem *p);

#endif
