# lines: in YAML: shapes of lines that a user teaches. Checked when they are loaded, run by rules
# check, shown by list and show; their events join with others, and are the same in pieces.
line() {	# [KEY: VALUE]...: a whole line; as rule() of rules-broken.sh
	local lines=("id: L001" "says: says" "program: my-milter" "literal: ' verdict='"
	    "match: '(?<qid>\\w+): verdict=spam score=(?<score>\\S+)'" "event: verdict" "spam: true"
	    "queue: postfix"
	    "examples: {hit: ['Nov 20 07:12:01 mx1 my-milter[7]: 4B2C: verdict=spam score=7.25'],
	      miss: ['Nov 20 07:12:01 mx1 my-milter[7]: 4B2C: verdict=ham score=7.25']}")
	item lines "${lines[@]}" -- "$@"
}
broken() {
	cat >"$1.yaml"
	echo "$1:"
	refused "$SPAMSOURCE" rules check "$1.yaml" | sed 's/^/  /; s/of [0-9]* ex/of N ex/'
	refused report -c "$1.yaml" a.log >as-config
	head -n 1 as-config | sed 's/^/  /'
}
small_log >a.log
line >own.yaml
"$SPAMSOURCE" rules check own.yaml | sed 's/^[0-9]* rules/N rules/; s/[0-9]* examples/N examples/'
"$SPAMSOURCE" rules list own.yaml | grep L001
"$SPAMSOURCE" rules show L001 own.yaml

for field in id says program literal match event spam examples; do
	line "$field:" | broken "no-$field"
done
line "colour: red" | broken unknown-key
line "literal: abc" | broken short-literal
line "event: connect" | broken unknown-event
line "match: '(?<qid>\\w+'" | broken bad-regex
line "match: '(*UTF)(?<qid>\\w+).*'" | broken no-utf
line "match: '(?<qid>\\w+) (?<helo>\\w+).*'" | broken unknown-group
line "match: '(?<score>\\w+).*'" | broken no-key
line "event: dnsbl" "spam:" "match: '(?<client>\\w+).*'" | broken no-zone
line "event: delivery" "spam:" "match: '(?<qid>\\w+).*'" | broken no-status
line "event: removed" "match: '(?<qid>\\w+).*'" | broken spam-of-removed
line "event: protocol" "spam:" "sign: rudeness" "match: '(?<client>\\w+).*'" | broken unknown-sign
line "examples: {hit: ['a']}" | broken no-miss
{ line; line | tail -n +2; } | broken duplicate-id
printf 'lines: {}\n' | broken no-list
check() { "$SPAMSOURCE" rules check "$@" 2>&1 | sed 's/of [0-9]* ex/of N ex/'; }
line "match: '(?<qid>\\w+): verdict=ham score=(?<score>\\S+)'" >wrong.yaml
exits 2 check wrong.yaml
line "examples: {hit: ['no line'], miss: ['Nov 20 07:12:01 mx1 postfix/smtpd[7]: connect from x[192.0.2.1]']}" >no.yaml
exits 2 check no.yaml

# What they do: a verdict for Postfix's queue id, a refusal by a program that nobody knows, and a
# line of a known daemon that says nothing to us. A known line is never theirs.
cat >taught.yaml <<'YAML'
lines:
  - id: L1
    says: own milter, spam
    program: [my-milter, my-other-milter]
    literal: ' verdict=spam'
    match: '(?<qid>\w+): verdict=spam score=(?<score>\S+) tests=(?<tests>\S+)'
    event: verdict
    spam: true
    queue: postfix
    examples: {hit: ['Mar  3 11:00:01 mx my-milter[7]: 4B2C: verdict=spam score=7.25 tests=A'], miss: ['Mar  3 11:00:01 mx my-milter[7]: 4B2C: verdict=ham score=7.25 tests=A']}
  - id: L2
    says: refused by our policy daemon
    program: gate
    literal: 'refused '
    match: 'refused (?<client>[^ ]+) helo=(?<helo>\S*) from=(?<sender><[^>]*>) to=(?<rcpt><[^>]*>): (?<reply>.*)'
    event: reject
    reason: dnsbl
    phase: envelope
    examples: {hit: ['Mar  3 11:00:01 mx gate[7]: refused 192.0.2.1 helo= from=<> to=<a@b>: x'], miss: ['Mar  3 11:00:01 mx gate[7]: refused 192.0.2.1']}
  - id: L3
    says: must never be asked, because smtpd's own parser knows such lines
    program: postfix/smtpd
    literal: 'connect from'
    match: 'connect from (?<client_name>[^[]*)\[(?<client>[^]]*)\]'
    event: sasl-fail
    examples: {hit: ['Mar  3 11:00:01 mx postfix/smtpd[7]: connect from x[192.0.2.1]'], miss: ['Mar  3 11:00:01 mx gate[7]: x']}
  - id: L4
    says: boring line of a boring daemon
    program: postfix/anvil
    literal: 'statistics: '
    match: 'statistics: max cache size (\d+) .*'
    event: none
    examples: {hit: ['Mar  3 11:00:01 mx postfix/anvil[7]: statistics: max cache size 1 at x'], miss: ['Mar  3 11:00:01 mx gate[7]: x']}
YAML
{
	small_log
	for i in 1 2 3 4 5 6; do
		sed -n '6,$s/A1B2C3D4E5F/A1B2C3D4E'$i'/; 6,$s/10:/1'$i':/p' a.log | sed '3a\
Mar  3 1'$i':01:01 mx my-milter[7]: A1B2C3D4E'$i': verdict=spam score=7.25 tests=A,B'
		echo "Mar  3 1$i:03:00 mx gate[9]: refused 203.0.113.$i helo=pc from=<a@b.example> to=<c@example.org>: client=x[198.51.100.9] listed"
		echo "Mar  3 1$i:03:01 mx gate[9]: message repeated 2 times: [ refused 203.0.113.$i helo=pc from=<a@b.example> to=<d@example.org>: listed]"
		echo "Mar  3 1$i:03:02 mx gate[9]: refused 999.0.113.$i helo=pc from=<a@b.example> to=<c@example.org>: no address"
	done
} >b.log
report dump events -c taught.yaml b.log >events
grep -a ' gate\| none verdict\| none reject\|sasl-fail' events | head -n 4
report dump events b.log | grep -avc 'none verdict\|none reject'
grep -avc 'none verdict\|none reject' events
report -f json -c taught.yaml b.log | lines_of
report -f jsonl -c taught.yaml b.log | grep -o '"mta":"[^"]*"\|"client_ip":"[^"]*"\|"spam_by":[^]]*]' | paste -d' ' - - - |
    sort | uniq -c
# The fold: in pieces, threads and parts.
report -f json -c taught.yaml b.log | no_files >one
for n in 2 3 5 7; do
	report -f json -j $n -c taught.yaml b.log | no_files >many
	cmp one many
	split -n l/$n -d b.log piece.
	i=0
	for f in piece.*; do
		report map -c taught.yaml --seq $((i += 1)) "$f" -o "$f.part"
	done
	report merge -f json -c taught.yaml piece.*.part | no_files | sed 's/piece[^"]*//' >merged
	cmp one merged
	rm piece.*
done
# They are conditions of reading: a part that was made without them does not fit.
report map b.log -o without.part
refused report merge -f json -c taught.yaml without.part | sed 's/hash [^)]*/hash .../'
# explain quotes them.
report explain -c taught.yaml 203.0.113.3 b.log | quoted
report explain -c taught.yaml A1B2C3D4E3 b.log | quoted | grep -c verdict=spam
# A rule sees what was taught.
cat taught.yaml - >both.yaml <<'YAML'
rules:
  - id: X001
    group: helo
    says: a test
    note: a test
    forgeable: Y
    when: {helo: [plumbus]}
    examples:
      hit: ['Mar  3 11:00:01 mx gate[7]: refused 192.0.2.1 helo=plumbus from=<> to=<a@b>: x']
      miss: ['Mar  3 11:00:01 mx gate[7]: refused 192.0.2.1 helo=schleem from=<> to=<a@b>: x']
YAML
exits 2 check both.yaml
