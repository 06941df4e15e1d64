#!/bin/bash
# What a log can be that somebody made to hurt: "make check-hostile".  usage: hostile.sh PROGRAM
#
# Each case runs under its own limit of memory (ulimit -v), must end well, and must say what was
# forced out, left out or switched off. What it takes for each byte is compared with a harmless log
# of the same kind in the same minute; machines are noisy, so only FAR times as much fails. Prints
# the table of fixtures/README.md. Takes a few minutes, and no room on disk.
set -u
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/spamsource-hostile.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1
export LC_ALL=C TZ=UTC
passed=0 failed=0
FAR=4

# run LIMIT-KB OPTION...: the program reads standard input; its report is in out, its exit code in
# rc, its CPU seconds in cpu.
run() {
	local limit=$1
	shift
	(
		ulimit -v "$limit" || exit 99
		# shellcheck disable=SC2016 # perl's own
		exec perl -e '$rc = system { $ARGV[0] } @ARGV; @t = times;
		    open(F, ">", "cpu"); print F $t[2] + $t[3]; exit($rc >> 8)' \
		    "$program" -j 1 --year 2026 --tz UTC --now 2026-12-31T00:00:00Z -f json "$@"
	) >out 2>err
	rc=$?
	cpu=$(cat cpu)
}

# counted COMMAND...: its output, and how many bytes it has goes into the file bytes.
counted() {
	rm -f bytes
	"$@" | tee >(wc -c >bytes.new && mv bytes.new bytes)
}

# per_byte: nanoseconds of the last run for each byte.
per_byte() {
	for _ in $(seq 100); do		# who counts may be behind
		[ ! -s bytes ] || break
		sleep 0.1
	done
	awk -v s="$cpu" 'NR == 1 { printf "%.2f\n", s * 1e9 / $1 }' bytes
}

# verdict NAME LIMIT-KB RC NORMAL PATTERN...: each pattern must be in the report or on stderr.
verdict() {
	local name=$1 limit=$2 want=$3 normal=$4 ok=pass pattern ns ratio
	shift 4
	ns=$(per_byte)
	ratio=$(awk -v a="$ns" -v b="$normal" 'BEGIN { if (b > 0) printf "%.2f", a / b }')
	[ -n "$ratio" ] || ok='not measured'
	[ "$rc" -eq "$want" ] || ok="exit code $rc, not $want"
	for pattern; do
		tr -d ' \t\n' <out | cat - err | grep -q -e "$pattern" || ok="no $pattern"
	done
	awk -v r="$ratio" -v far=$FAR 'BEGIN { exit r < far ? 0 : 1 }' || ok="$ratio times as slow"
	if [ "$ok" = pass ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
	printf '%-28s %5d MB %8.2f ns/B %6s times  %s\n' "$name" $((limit / 1000)) "$ns" "$ratio" "$ok"
	[ "$ok" = pass ] || head -c 1000 err
}

ids() { # N: so many queue ids that never close
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "Mar  3 %02d:%02d:%02d mx postfix/qmgr[1]: " \
	    "A%08X: from=<a%d@b.example>, size=2000, nrcpt=1 (queue active)\n", int(i * 23 / n),
	    i / 997 % 60, i / 97 % 60, i * 13 + 268435456, i }'
}
sources() { # N: so many clients that are refused
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "Mar  3 %02d:%02d:%02d mx postfix/smtpd[%d]: " \
	    "NOQUEUE: reject: RCPT from unknown[%d.%d.%d.%d]: 554 5.7.1 Service unavailable; Client host " \
	    "blocked using zen.spamhaus.org; from=<a@b.example> to=<c@example.org> proto=ESMTP helo=<pc>\n",
	    int(i * 23 / n), i / 997 % 60, i / 97 % 60, i % 1000 + 1, i % 200 + 11, i / 200 % 250,
	    i / 50000 % 250, i / 12500000 % 250 }'
}
still() { # N: so many messages in a log whose stamps stand still
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) { id = sprintf("A%08X", i * 13 + 268435456)
	    s = "Mar  3 10:00:00 mx postfix/"
	    print s "smtpd[1]: " id ": client=unknown[203.0." int(i / 256) % 256 "." i % 256 "]"
	    print s "cleanup[1]: " id ": message-id=<m" i "@b.example>"
	    print s "qmgr[1]: " id ": from=<a" i "@b.example>, size=2000, nrcpt=1 (queue active)"
	    print s "qmgr[1]: " id ": removed" } }'
}
evil() { # N TEXT: so many lines of a milter whose shape was taught
	awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "Mar  3 10:%02d:%02d mx " \
	    "my-milter[1]: %s verdict %d x\n", i / 997 % 60, i / 97 % 60, text, i }'
}
signatures() { # N SETS: so many messages that fulfil so many sets of rules
	awk -v n="$1" -v sets="$2" 'BEGIN {
	    words = split("RCVD_IN_PBL RCVD_IN_XBL RCVD_IN_MSPIKE_ZBI RCVD_IN_SBL_CSS RCVD_IN_SBL RDNS_DYNAMIC " \
	        "RDNS_NONE RDNS_LOCALHOST HELO_LOCALHOST FSL_HELO_DEVICE HELO_STATIC_HOST DOS_OE_TO_MX " \
	        "RCVD_IN_DNSWL_NONE RCVD_IN_PSBL DKIMWL_WL_HIGH SPF_FAIL", word, " ")
	    for (i = 0; i < n; i++) {
	        tests = "A"
	        for (k = 1; k <= words; k++)
	            if (int((i % sets) / 2 ^ (k - 1)) % 2)
	                tests = tests "," word[k]
	        id = sprintf("1t%c%c%c%c-000001-2J", 65 + i % 26, 65 + int(i / 26) % 26,
	            65 + int(i / 676) % 26, 65 + int(i / 17576) % 26)
	        s = sprintf(" %02d:%02d:%02d ", int(i * 23 / n), int(i * 1380 / n) % 60, i % 60)
	        print "2026-03-03" s id " <= a@b.example H=(x) [203.0.113.1] P=esmtp S=910 id=m" i "@y.example"
	        print "Mar  3" s "mx spamd[50]: spamd: result: Y 12 - " tests " scantime=0.2,size=910," \
	            "user=nobody,uid=65534,required_score=5.0,rhost=localhost,raddr=127.0.0.1,rport=4000," \
	            "mid=<m" i "@y.example>,autolearn=no"
	        print "2026-03-03" s id " => c <c@example.org> R=local_user T=maildir_home"
	        print "2026-03-03" s id " Completed" } }'
}

printf '%-28s %8s %13s\n' case memory 'CPU, of normal'

run 200000 < <(counted sources 200000)	# long enough for a clock of 100 ticks a second
long_normal=$(per_byte)
run 40000 < <(counted head -c 1G /dev/zero | tr '\0' x)
echo 1073741824 >bytes
verdict 'a line of 1 GiB' 40000 1 "$long_normal" '"bad":1}' 'none of the 1 lines'

run 400000 < <(counted sources 500000)
normal=$(per_byte)
run 700000 < <(counted sources 5000000)
verdict '5 million sources' 700000 0 "$normal" '"read":5000000,' '"exact":true'
run 150000 --max-sources 100000 < <(counted sources 5000000)
verdict 'the same, 100,000 kept' 150000 0 "$normal" '"exact":false' '"not-exact"'

# A page of a million sources: two seconds with reading the part, 300 KB.
sources 1000000 | "$program" map -j 1 --year 2026 --tz UTC --now 2026-12-31T00:00:00Z -o million.part -
stat -c %s million.part >bytes
run 700000 -f html -o page.html million.part </dev/null
size=$(stat -c %s page.html)
verdict "a million, $size bytes of HTML" 700000 0 "$(per_byte)" '"sources":1000000'
awk -v s="$cpu" -v n="$size" 'BEGIN { exit s < 2 && n < 300000 ? 0 : 1 }' ||
    { echo "a page of $size bytes in $cpu s"; failed=$((failed + 1)); }

run 1000000 < <(counted ids 1000000)
normal=$(per_byte)
run 2200000 < <(counted ids 10000000)
verdict '10 million open queue ids' 2200000 0 "$normal" '"forced":9000000' '"exact":false' \
    '"forced-messages","number":9000000' '"not-exact-messages","number":9000000'

run 700000 < <(counted still 400000)
normal=$(per_byte)
run 1200000 < <(counted still 4000000)
verdict 'time that stands still' 1200000 0 "$normal" '"total":4000000' '"not-exact-messages"'

head -c 4G /dev/zero | zstd -q -o zeros.zst
echo "(4 GiB of zeros: $(stat -c %s zeros.zst) bytes)"
run 60000 zeros.zst </dev/null
echo 4294967296 >bytes
verdict '4 GiB of zeros in 135 KB' 60000 1 "$long_normal" '"bad":1}'
head -c 1M /dev/zero | zstd -q --ultra --long=31 --no-content-size -o window.zst 2>/dev/null ||
    head -c 1M /dev/zero | zstd -q --ultra --long=31 -o window.zst
run 60000 window.zst </dev/null
echo 1048576 >bytes
verdict 'a frame with a 2 GiB window' 60000 1 "$long_normal" 'zstd window over 128 MiB' \
    '"partial-input"'

cat >evil.yaml <<'YAML'
lines:
  - id: EVIL
    says: an expression with which a line can take for ever
    program: my-milter
    literal: ' verdict '
    match: '(?<qid>(\w+\w*)*) verdict x'
    event: verdict
    spam: true
    examples: {hit: ['Mar  3 10:00:00 mx my-milter[1]: AB verdict x'], miss: ['Mar  3 10:00:00 mx my-milter[1]: AB']}
YAML
long=$(printf 'a%.0s' {1..60})
sed 's/(\\w+\\w\*)\*/\\w+/' evil.yaml >tame.yaml
run 100000 -c tame.yaml < <(counted evil 1000000 "$long")
normal=$(per_byte)
run 100000 -c evil.yaml < <(counted evil 1000000 "$long")
verdict 'an evil expression and line' 100000 1 "$normal" '"patterns-disabled","number":1' '"exact":false'

run 200000 < <(counted signatures 100000 5000)
normal=$(per_byte)
run 200000 < <(counted signatures 100000 50000)
verdict '50,000 sets of rules hit' 200000 0 "$normal" '"exact":true'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
