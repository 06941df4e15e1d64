# Each broken rule file: "file:line:column: what", exit 2, nothing on standard output; with a log
# too, because --rules is read before the first line.
hit='{hit: [{messages: 9}], miss: [{messages: 1}]}'
line='Nov 20 07:12:01 mx1 postfix/smtpd[9]: disconnect from x[192.0.2.1] ehlo=1 quit=1'

# rule TEXT...: a whole rule; each TEXT "key: value" replaces or adds a line, "key:" takes it away.
rule() {
	local lines=("id: X001" "group: helo" "says: says" "note: note" "forgeable: N"
	    "when: {is: [helo-no-dot]}" "weight: {zombie: 100}"
	    "examples: {hit: ['$line'], miss: ['$line']}")
	item rules "${lines[@]}" -- "$@"
}

# broken NAME: the file on standard input.
broken() {
	cat >"$1.yaml"
	echo "$1:"
	refused "$SPAMSOURCE" rules check "$1.yaml" | sed 's/^/  /; s/of [0-9]* ex/of N ex/'
}

printf 'rules:\n  - id: X001\n   group: helo\n' | broken bad-yaml
printf 'rules: [\n' | broken bad-yaml-end
printf 'rules:\n  - id: \001\n' | broken control-character
printf 'rules:\n  - id: "\377\376"\n' | broken invalid-utf8
rule "id: X001"$'\n'"    id: X002" | broken duplicate-key
rule "colour: red" | broken unknown-key
rule "subtype: z.Bot_1" | broken bad-subtype
rule "subtype: x.bot" | broken subtype-of-no-class
printf 'rulez: []\n' | broken unknown-section
rule "when: {helo: {match: ['(a']}}" | broken bad-regex
for field in id group says note forgeable when examples; do
	rule "$field:" | broken "missing-$field"
done
rule "note: &a note"$'\n'"    source: *a" | broken alias
rule "note: !!str note" | broken tag
rule "when: {is: [helo-no-dot], messages: [9]}" | broken late-field-in-early
rule "counts: {messages: {min: 3}}" "unit: client" | broken early-and-late
rule "when:" "counts: {hello: {min: 3}}" "unit: client" | broken unknown-counter
rule "when: {is: [helo-no-dots]}" | broken unknown-flag
rule "when: {subject: [x]}" | broken unknown-text
rule "group: hello" | broken unknown-group
rule "weight: {zombies: 100}" | broken unknown-class
rule "weight: {zombie: 100000}" | broken weight-too-great
rule "weight: {zombie: much}" | broken weight-no-number
rule "forgeable: Y" "anchor: true" | broken anchor-on-forgeable
rule "forgeable: M" | broken forgeable
rule "scope: world" | broken scope
rule "spam_by: [magic]" | broken spam-by
rule "valid: {from: yesterday}" | broken validity
{ rule; rule | tail -n +2; } | broken duplicate-id
rule | broken example-misses
rule "when:" "unit: client" "counts: {messages: {max: 5}}" "examples: $hit" | broken late-example-misses
rule "examples: {hit: ['$line']}" | broken no-near-miss
printf '%s\n' '- a' | broken a-list
mkdir rules
cp bad-regex.yaml rules/
small_log >a.log
refused report --rules rules a.log
refused report --rules nowhere a.log
mkdir empty
refused report --rules empty a.log
