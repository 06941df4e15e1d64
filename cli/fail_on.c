/* See fail_on.h. */
#include "cli/fail_on.h"

static struct slice
trim(struct slice s)
{
	while (s.n && s.p[0] == ' ')
		s = slice_skip(s, 1);
	while (s.n && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

int
fail_on_parse(struct fail_on *f, const char *text, struct problem *p)
{
	struct summary none = { 0 };
	struct slice s = slice_of(text), rest;
	size_t at = strcspn(text, "<>=!"), n = strspn(text + at, "<>=!");
	uint64_t value;
	bool known;

	*f = (struct fail_on){ .name = trim(slice_first(s, at)) };
	rest = trim(slice_skip(s, at + n));
	if (n == 0 || n > 2 || !slice_u64(rest, INT64_MAX, &value))
		return problem_set(p, "--fail-on: not NAME OP NUMBER: %s", text);
	memcpy(f->op, text + at, n);
	f->value = (int64_t)value;
	if (f->op[0] == '=' || f->op[0] == '!' ? f->op[1] != '=' : n == 2 && f->op[1] != '=')
		return problem_set(p, "--fail-on: no such operator: %s", f->op);
	summary_value(&none, f->name, &known);
	if (!known)
		return problem_set(p,
		    "--fail-on: unknown name: %.*s (own.zombie own.misconfigured "
		    "own.compromised zombie misconfigured compromised unattributed spam suspected "
		    "...)",
		    SLICE_ARG(f->name));
	return 0;
}

bool
fail_on_holds(const char *text, const struct summary *s)
{
	struct fail_on f;
	int64_t v;
	bool known;

	if (fail_on_parse(&f, text, NULL) == -1)
		return false;
	v = summary_value(s, f.name, &known);
	switch (f.op[0]) {
	case '>':
		return f.op[1] ? v >= f.value : v > f.value;
	case '<':
		return f.op[1] ? v <= f.value : v < f.value;
	case '=':
		return v == f.value;
	default:
		return v != f.value;
	}
}
