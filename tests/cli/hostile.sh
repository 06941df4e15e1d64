# What attackers may write (fixtures/hostile, synthetic): nothing of it reaches an output as a
# control character, and every event stays with the client that our own server saw: 203.0.113.x.

# harmless NAME: the file is valid UTF-8 without C0 (but LF), DEL, C1, bidi and invisible controls.
harmless() {
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null || { echo "$1: not UTF-8" >&2; exit 1; }
	if LC_ALL=C grep -naP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|'\
'\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf' "$1" >found; then
		echo "$1 has control characters:" >&2
		head -n 3 found | cat -v >&2
		exit 1
	fi
}

n=0
# run COMMAND...: its output and its errors are harmless; the exit code does not matter.
run() {
	n=$((n + 1))
	"$@" >"out.$n" 2>"err.$n" </dev/null || :
	case "$*" in *'-f json '* | *'-f html '*) tr -d '\t' <"out.$n" >no-tabs; mv no-tabs "out.$n" ;; esac
	harmless "out.$n"
	harmless "err.$n"
}

for log in "$FIXTURES"/hostile/*.log; do
	echo "${log##*/}:"
	run report "$log"
	run report -v -n 100 "$log"
	run report -q "$log"
	run report -f json "$log"
	run report -f html "$log"
	run report -f jsonl --suspected "$log"
	for format in csv html prometheus; do	# if it has them
		! "$SPAMSOURCE" --help | grep -q "$format" || run report -f $format "$log"
	done
	for what in events messages evidence; do
		run report dump $what "$log"
	done
	for key in 203.0.113.21 203.0.113.22 203.0.113.23 203.0.113.24 203.0.113.26 203.0.113.27 \
	    203.0.113.28 203.0.113.31 203.0.113.32 203.0.113.59 4B0000000001 4A0000000001 \
	    1tAbCd-000001-2J 1tAbCd-000002-2J $'account:\033[1mjo\351\342\200\256' $'\033[2J'; do
		run report explain "$key" "$log"
	done
	report -f jsonl "$log" >jsonl
	{ grep -o '"client_ip":"[^"]*"\|"source":"[^"]*"' jsonl || :; } | sort | uniq -c
	if grep -e '"client_ip":"198' -e '"source":"[^"]*\(198.51\|victim\|ceo\)' jsonl; then
		echo "attributed to an innocent one" >&2
		exit 1
	fi
	report dump messages "$log" >messages
	grep -ac 'account=ceo\|client=198.51.100.9' messages || :
done
run report $'no-such\033[2J\342\200\256.log'
run report -c $'no-such\033[2J.yaml' "$log"
run report --tz $'\033[2J' "$log"
run report --fail-on $'\033[2J>0' "$log"
printf 'rules:\n  - id: "\\e[2J"\n    "k\\e[2J": 1\n' >r.yaml
run "$SPAMSOURCE" rules check r.yaml
printf '"k\\e[2J": 1\n' >c.yaml
run report -c c.yaml "$log"
cat "err.$n"
run report --host $'\033[2J' -f jsonl "$log"
run report --host $'\033[2J' "$log"
