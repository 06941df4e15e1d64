/* fail_on: "NAME OP NUMBER" of --fail-on, e.g. own.compromised>0; OP is > >= < <= == or !=. */
#ifndef CLI_FAIL_ON_H
#define CLI_FAIL_ON_H

#include "base/problem.h"
#include "report/summary.h"

struct fail_on {
	struct slice name;
	char op[3];
	int64_t value;
};

int fail_on_parse(struct fail_on *f_r, const char *text, struct problem *p);
/* text was accepted by fail_on_parse(). */
bool fail_on_holds(const char *text, const struct summary *s);

#endif
