# What is wrong with a table of truth is said with its place, before anything is read; exit 2.
log=$FIXTURES/sample/mail.log

refused() { exits 2 report evaluate "$@" 2>&1; }

# table LINE...: with \t for tabs.
table() {
	printf '%b\n' "$@" >t.tsv
	refused --truth t.tsv /nonexistent
}

head='class\tqueue_id\tclient_ip\ttime'
table ''
table 'class\tscenario' 'ham\tx'
table 'queue_id\ttime' 'A\t1'
table 'class\tqueue_id\tclass' 'ham\tA\tham'
table "$head" 'spam\tA\t\t'
table "$head" 'ham\t\t\t'
table "$head" '' 'ham\tA\t192.0.2.256\t'
table "$head" 'ham\t\t192.0.2.1\t'
table "$head" 'ham\tA\t192.0.2.1\tyesterday'
table "$head" 'ham\tA\t192.0.2.1\t2026-11-20T24:00:00Z'
table "$head" 'ham\tA\t192.0.2.1\t2026-11-20T10:00:00'
table "$head" 'ham\tA\t192.0.2.1\t1\tmore'
table 'queue_id\tclass\tdecidable' 'A\tham\tperhaps'
table 'queue_id\tclass' 'A'
table "$head" 'ham\t\e[2J\t\e[2J\t'
refused --truth /nonexistent "$log"
refused "$log"
exits 2 report --truth t.tsv "$log" 2>&1
printf 'class\tqueue_id\nham\tA\n' >good.tsv
refused --truth good.tsv -f jsonl "$log"
report map "$log" -o day.part
refused --truth good.tsv day.part
exits 1 report evaluate --truth good.tsv /nonexistent 2>&1 | sed -n 1,2p
