/* See config.h. The configuration's keys are those of spamsource(1); unknown ones are errors. */
#define _GNU_SOURCE
#include "cli/config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "classify/rule_hash.h"
#include "cli/builtin_rules.h"
#include "cli/pseudonym_key.h"

enum { RULE_FILE_MAX = 16 * 1024 * 1024 };

int
file_read(const char *path, size_t max, struct slice *bytes_r, struct problem *p)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0, cap = 65536;
	char *data;
	ssize_t got;

	if (fd == -1)
		return problem_set(p, "%s: %s", path, strerror(errno));
	data = mem_alloc(cap);
	while ((got = read(fd, data + n, cap - n)) > 0) {
		n += (size_t)got;
		if (n > max)
			break;
		if (n == cap)
			data = mem_resize(data, cap *= 2);
	}
	if (got == -1 || n > max) {
		problem_set(p, "%s: %s", path, got == -1 ? strerror(errno) : "too large");
		free(data);
		close(fd);
		return -1;
	}
	close(fd);
	*bytes_r = (struct slice){ data, n };
	return 0;
}

static int
add_rule_file(struct ruleset *rs, const char *path, struct problem *p)
{
	struct slice bytes;
	int rc;

	if (file_read(path, RULE_FILE_MAX, &bytes, p) == -1)
		return -1;
	rc = ruleset_add(rs, path, bytes, p);
	free((void *)(uintptr_t)bytes.p);
	return rc;
}

static int
is_yaml(const struct dirent *e)
{
	struct slice name = slice_of(e->d_name);

	return name.p[0] != '.' && slice_ends(name, SLICE(".yaml"));
}

static int
add_rule_dir(struct ruleset *rs, const char *dir, struct problem *p)
{
	struct dirent **entry;
	int n = scandir(dir, &entry, is_yaml, alphasort), rc = 0;

	if (n == -1 && errno == ENOTDIR)
		return add_rule_file(rs, dir, p);
	if (n == -1)
		return problem_set(p, "%s: %s", dir, strerror(errno));
	if (n == 0)
		rc = problem_set(p, "%s: no .yaml file there", dir);
	for (int i = 0; i < n; i++) {
		char path[4096];

		if (rc == 0 && snprintf(path, sizeof(path), "%s/%s", dir, entry[i]->d_name) <
		    (int)sizeof(path))
			rc = add_rule_file(rs, path, p);
		free(entry[i]);
	}
	free(entry);
	return rc;
}

/* Does one of the files have a model, so that they are a whole set and not an addition? */
static bool
is_whole_set(const char *const *path, unsigned n)
{
	bool whole = false;

	for (unsigned i = 0; i < n && !whole; i++) {
		struct slice bytes;

		if (file_read(path[i], RULE_FILE_MAX, &bytes, NULL) == -1)
			continue;	/* said when it is loaded */
		whole = slice_starts(bytes, SLICE("model:")) || slice_str(bytes, SLICE("\nmodel:"));
		free((void *)(uintptr_t)bytes.p);
	}
	return whole;
}

static int
load_rules(struct config *c, const struct options *o, struct problem *p)
{
	bool check = o->command == COMMAND_RULES_CHECK || o->command == COMMAND_RULES_LIST ||
	    o->command == COMMAND_RULES_SHOW;

	if (check && is_whole_set(o->path, o->paths)) {
		/* nothing before them */
	} else if (o->rules != NULL) {
		if (add_rule_dir(&c->rules, o->rules, p) == -1)
			return -1;
	} else {
		for (const struct builtin_rule_file *f = builtin_rules; f->name != NULL; f++)
			if (ruleset_add_packed(&c->rules, f->name, f->packed, p) == -1)
				return -1;
	}
	for (unsigned i = 0; check && i < o->paths; i++)
		if (add_rule_file(&c->rules, o->path[i], p) == -1)
			return -1;
	return 0;
}

static int
texts(struct config *c, const struct yaml_doc *doc, const struct yaml_node *list,
    struct slice **item, unsigned *n, unsigned *cap, struct problem *p)
{
	if (list == NULL)
		return 0;
	if (list->kind != YAML_LIST)
		return yaml_problem(doc, list, p, "must be a list");
	for (const struct yaml_node *i = list->child; i != NULL; i = i->next) {
		struct slice text;

		if (yaml_text(doc, i, &text, p) == -1)
			return -1;
		mem_grow(item, cap, *n + 1, sizeof(**item));
		(*item)[(*n)++] = arena_copy(&c->arena, text);
	}
	return 0;
}

static int
networks(const struct yaml_doc *doc, const struct yaml_node *list, struct prefix_set *set,
    struct problem *p)
{
	if (list == NULL)
		return 0;
	if (list->kind != YAML_LIST)
		return yaml_problem(doc, list, p, "must be a list of CIDR prefixes");
	for (const struct yaml_node *i = list->child; i != NULL; i = i->next) {
		struct problem why;
		struct slice text;
		struct prefix net;

		if (yaml_text(doc, i, &text, p) == -1)
			return -1;
		if (prefix_parse(text, &net, &why) == -1)
			return yaml_problem(doc, i, p, "%s", why.text);
		prefix_set_add(set, &net);
	}
	return 0;
}

static int
own_part(struct config *c, const struct yaml_doc *doc, const struct yaml_node *n, struct problem *p)
{
	static const char *const allowed[] = { "networks", "domains", "hosts", NULL };
	struct own *o = &c->own;

	if (yaml_keys(doc, n, allowed, p) == -1 ||
	    networks(doc, yaml_get(n, "networks"), &o->networks, p) == -1 ||
	    texts(c, doc, yaml_get(n, "domains"), &o->domain, &o->domains, &o->caps[0], p) == -1)
		return -1;
	return texts(c, doc, yaml_get(n, "hosts"), &o->host, &o->hosts, &o->caps[1], p);
}

static int
trusted_part(
    struct config *c, const struct yaml_doc *doc, const struct yaml_node *n, struct problem *p)
{
	static const char *const allowed[] = { "accounts", "networks", "hosts", NULL };
	struct own *o = &c->own;

	if (yaml_keys(doc, n, allowed, p) == -1 ||
	    networks(doc, yaml_get(n, "networks"), &o->trusted_networks, p) == -1 ||
	    texts(c, doc, yaml_get(n, "accounts"), &o->trusted_account, &o->trusted_accounts,
	    &o->caps[3], p) == -1)
		return -1;
	return texts(
	    c, doc, yaml_get(n, "hosts"), &o->trusted_host, &o->trusted_hosts, &o->caps[4], p);
}

static int
shared_part(
    struct config *c, const struct yaml_doc *doc, const struct yaml_node *n, struct problem *p)
{
	return networks(doc, n, &c->own.shared, p);
}

/* Names and prefixes in one list. */
static int
forwarders_part(struct config *c, const struct yaml_doc *doc, const struct yaml_node *n,
    struct problem *p)
{
	struct own *o = &c->own;
	unsigned kept = 0;

	if (texts(c, doc, n, &o->forwarder, &o->forwarders, &o->caps[2], p) == -1)
		return -1;
	for (unsigned i = 0; i < o->forwarders; i++) {
		struct prefix net;

		if (prefix_parse(o->forwarder[i], &net, NULL) == 0)
			prefix_set_add(&o->forwarder_networks, &net);
		else
			o->forwarder[kept++] = o->forwarder[i];
	}
	o->forwarders = kept;
	return 0;
}

/* rules: {ID: {weight: {...}}}: other weights for a rule that is there. */
static int
rules_part(
    struct config *c, const struct yaml_doc *doc, const struct yaml_node *n, struct problem *p)
{
	if (n->kind != YAML_MAP)
		return yaml_problem(doc, n, p, "must be a mapping of rule ids");
	for (const struct yaml_node *r = n->child; r != NULL; r = r->next)
		if (ruleset_override(&c->rules, doc, r, p) == -1)
			return -1;
	return 0;
}

static int
lines_part(
    struct config *c, const struct yaml_doc *doc, const struct yaml_node *n, struct problem *p)
{
	return ruleset_add_lines(&c->rules, doc, n, p);
}

static int
contacts_part(
    struct config *c, const struct yaml_doc *doc, const struct yaml_node *n, struct problem *p)
{
	struct slice text;

	(void)c;
	return yaml_text(doc, n, &text, p);
}

static int
load_config(struct config *c, const char *path, struct problem *p)
{
	static const struct {
		const char *key;
		int (*load)(struct config *, const struct yaml_doc *, const struct yaml_node *,
		    struct problem *);
	} part[] = { { "own", own_part }, { "trusted", trusted_part }, { "shared", shared_part },
		{ "forwarders", forwarders_part }, { "rules", rules_part },
		{ "lines", lines_part }, { "contacts", contacts_part } };
	enum { PARTS = sizeof(part) / sizeof(part[0]) };
	const char *allowed[PARTS + 1] = { NULL };
	struct yaml_doc doc;
	struct slice bytes;
	int rc;

	if (file_read(path, RULE_FILE_MAX, &bytes, p) == -1)
		return -1;
	rc = yaml_load(&doc, path, bytes, p);
	free((void *)(uintptr_t)bytes.p);
	if (rc == -1)
		return -1;
	for (int i = 0; i < PARTS; i++)
		allowed[i] = part[i].key;
	if (doc.root != NULL)
		rc = yaml_keys(&doc, doc.root, allowed, p);
	for (int i = 0; i < PARTS && rc == 0 && doc.root != NULL; i++) {
		const struct yaml_node *node = yaml_get(doc.root, part[i].key);

		if (node != NULL)
			rc = part[i].load(c, &doc, node, p);
	}
	yaml_free(&doc);
	return rc;
}

static int
parse_age(struct slice s, int64_t *age_r)
{
	int64_t unit = s.p[s.n - 1] == 'd' ? UTC_DAY : s.p[s.n - 1] == 'h' ? UTC_HOUR :
	    s.p[s.n - 1] == 'm' ? 60 : 0;
	uint64_t n;

	if (unit == 0 || !slice_u64(slice_first(s, s.n - 1), 1000000, &n))
		return -1;
	*age_r = (int64_t)n * unit;
	return 0;
}

static int
parse_stamp(const char *text, const struct zone *zone, int64_t *t_r)
{
	struct civil c = { 0 };
	int used = 0;
	struct zone z;
	char t;

	if (sscanf(text, "%4d-%2d-%2d%n", &c.year, &c.month, &c.day, &used) != 3 || used != 10)
		return -1;
	if (text[10] == '\0') {
		if (!civil_valid(&c))
			return -1;
		*t_r = zone_to_utc(zone, &c);
		return 0;
	}
	if (sscanf(text + 10, "%c%2d:%2d%n", &t, &c.hour, &c.minute, &used) != 3 ||
	    (t != 'T' && t != 't' && t != ' '))
		return -1;
	text += 10 + used;
	if (*text == ':') {
		if (sscanf(text, ":%2d%n", &c.second, &used) != 1)
			return -1;
		text += used;
		if (*text == '.')
			text += 1 + strspn(text + 1, "0123456789");
	}
	if (!civil_valid(&c))
		return -1;
	if (*text == '\0') {
		*t_r = zone_to_utc(zone, &c);
		return 0;
	}
	if (*text != 'Z' && *text != '+' && *text != '-')
		return -1;
	if (zone_open(&z, slice_of(text), NULL) == -1 || !z.fixed)
		return -1;
	*t_r = zone_to_utc(&z, &c);
	return 0;
}

int
time_parse(const char *text, const struct zone *zone, int64_t now, int64_t *t_r, struct problem *p)
{
	struct slice s = slice_of(text);
	struct civil c = zone_from_utc(zone, now);
	int64_t age;

	c.hour = c.minute = c.second = 0;
	if (slice_eq(s, SLICE("now"))) {
		*t_r = now;
	} else if (slice_eq(s, SLICE("today"))) {
		*t_r = zone_to_utc(zone, &c);
	} else if (slice_eq(s, SLICE("yesterday"))) {
		struct civil y = utc_to_civil(utc_of_civil(&c) - UTC_DAY);

		*t_r = zone_to_utc(zone, &y);
	} else if (s.n > 1 && parse_age(s, &age) == 0) {
		*t_r = now - age;
	} else if (parse_stamp(text, zone, t_r) == -1) {
		return problem_set(
		    p, "not a time: %s (RFC 3339, YYYY-MM-DD, today, yesterday, 24h, 7d)", text);
	}
	return 0;
}

static int
load_times(struct config *c, const struct options *o, struct problem *p)
{
	c->now = (int64_t)time(NULL);
	if (zone_open(&c->zone, o->zone ? slice_of(o->zone) : SLICE_NONE, p) == -1)
		return -1;
	if (o->now != NULL && time_parse(o->now, &c->zone, c->now, &c->now, p) == -1)
		return -1;
	c->has_since = o->since != NULL;
	c->has_until = o->until != NULL;
	if (c->has_since && time_parse(o->since, &c->zone, c->now, &c->since, p) == -1)
		return -1;
	if (c->has_until && time_parse(o->until, &c->zone, c->now, &c->until, p) == -1)
		return -1;
	if (c->has_since && c->has_until && c->since > c->until)
		return problem_set(p, "--since %s is after --until %s", o->since, o->until);
	return 0;
}

int
config_load(struct config *c, const struct options *o, struct problem *p)
{
	c->pseudonym.mode = o->pseudonymize;
	if (o->pseudonymize != PSEUDONYMIZE_NONE &&
	    pseudonym_key_read(&c->pseudonym.key, o->pseudonym_key, p) == -1)
		return -1;
	if (load_times(c, o, p) == -1 || load_rules(c, o, p) == -1)
		return -1;
	if (o->config != NULL && load_config(c, o->config, p) == -1)
		return -1;
	if (ruleset_finish(&c->rules, p) == -1)
		return -1;
	c->match_hash = rule_match_hash_with(c->rules.match_hash, &c->own);
	return 0;
}

void
config_free(struct config *c)
{
	ruleset_free(&c->rules);
	own_free(&c->own);
	arena_free(&c->arena);
	*c = (struct config){ 0 };
}
