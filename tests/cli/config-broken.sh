# A broken configuration: "file:line:column: what", exit 2, before any output.
small_log >a.log
# broken: the file on standard input.
broken() {
	cat >c.yaml
	refused report -c c.yaml a.log
}
broken <<<'onw: {domains: [example.org]}'
broken <<<'own: {networks: [192.0.2.0/24, 192.0.2.0/33]}'
broken <<<'own: {networks: [mail.example.org]}'
broken <<<'own: {networks: 192.0.2.0/24}'
broken <<<'own: {domain: [example.org]}'
broken <<<'own: {domains: [a], domains: [b]}'
broken <<<'own: [example.org]'
broken <<<'trusted: {users: [joe]}'
broken <<<'shared: {a: b}'
broken <<<'rules: {E001: {weight: {zombie: lots}}}'
broken <<<'rules: {E999999: {weight: {zombie: 1}}}'
broken <<<'rules: [E001]'
broken <<<'own: {domains: [*x]}'
broken <<<'own: {domains: ['
broken <<<'a list'
refused report -c . a.log
: >empty.yaml
report -f jsonl -c empty.yaml a.log >with-empty
report -f jsonl a.log >without
same without with-empty
