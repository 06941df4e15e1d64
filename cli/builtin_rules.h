/* builtin_rules: the YAML files of rules/, compiled in by cli/embed/pack.c, sorted by name. */
#ifndef CLI_BUILTIN_RULES_H
#define CLI_BUILTIN_RULES_H

struct builtin_rule_file {
	const char *name;		/* "rules/NAME.yaml" */
	const unsigned char *packed;	/* for ruleset_add_packed() */
};

extern const struct builtin_rule_file builtin_rules[];	/* one more, all zero, at the end */
extern const unsigned builtin_rules_n;

#endif
