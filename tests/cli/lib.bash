# shellcheck shell=bash
# For all cases in this directory; sourced by run.sh before the case.

set -o pipefail

# The options that make a report independent of machine and day.
fixed=(--year 2026 --tz UTC --now 2026-12-31T00:00:00Z)

report() { "$SPAMSOURCE" "${fixed[@]}" "$@"; }

# exits N COMMAND...: it must end with exit code N.
exits() {
	local want=$1 rc=0
	shift
	"$@" || rc=$?
	[ "$rc" -eq "$want" ] || { echo "exit code $rc, not $want: $*" >&2; exit 1; }
}

# memory KB: no more from here on; a program under ASan cannot do with that.
memory() {
	if (ulimit -v "$1" && "$SPAMSOURCE" --version) >/dev/null 2>&1; then
		ulimit -v "$1"
	fi
}

# same A B: two files are equal and not empty; says so.
same() {
	[ -s "$1" ] || { echo "$1 is empty" >&2; exit 1; }
	cmp -s "$1" "$2" || { diff -a -u "$1" "$2" | head -n 20 >&2; exit 1; }
	echo "$2: the same as $1"
}

# lines_of: of a JSON report on standard input, how the lines were counted.
lines_of() {
	tr -d ' \t\n' | grep -o '"lines":{[^}]*}' | sed 1q
}

# A log of 13 lines: a refused bot, and one wanted message.
small_log() {
	cat <<'LOG'
Mar  3 10:00:01 mx postfix/postscreen[101]: CONNECT from [203.0.113.7]:40001 to [192.0.2.1]:25
Mar  3 10:00:02 mx postfix/dnsblog[102]: addr 203.0.113.7 listed by domain zen.spamhaus.org as 127.0.0.11
Mar  3 10:00:07 mx postfix/postscreen[101]: DNSBL rank 3 for [203.0.113.7]:40001
Mar  3 10:00:08 mx postfix/postscreen[101]: NOQUEUE: reject: RCPT from [203.0.113.7]:40001: 550 5.7.1 Service unavailable; client [203.0.113.7] blocked using zen.spamhaus.org; from=<win@example.net>, to=<anna@example.org>, proto=ESMTP, helo=<win7-pc>
Mar  3 10:00:08 mx postfix/postscreen[101]: DISCONNECT [203.0.113.7]:40001
Mar  3 10:01:00 mx postfix/smtpd[110]: connect from mail.example.com[198.51.100.5]
Mar  3 10:01:00 mx postfix/smtpd[110]: A1B2C3D4E5F: client=mail.example.com[198.51.100.5]
Mar  3 10:01:01 mx postfix/cleanup[111]: A1B2C3D4E5F: message-id=<20260303.1@example.com>
Mar  3 10:01:01 mx postfix/qmgr[100]: A1B2C3D4E5F: from=<carl@example.com>, size=2211, nrcpt=1 (queue active)
Mar  3 10:01:01 mx postfix/smtpd[110]: disconnect from mail.example.com[198.51.100.5] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5
Mar  3 10:01:02 mx postfix/local[112]: A1B2C3D4E5F: to=<anna@example.org>, relay=local, delay=1.2, delays=1.1/0/0/0.1, dsn=2.0.0, status=sent (delivered to mailbox)
Mar  3 10:01:02 mx postfix/qmgr[100]: A1B2C3D4E5F: removed
Mar  3 10:02:00 mx postfix/anvil[113]: statistics: max connection count 1 for (smtp:203.0.113.7) at Mar  3 10:00:01
LOG
}

# more_lines N: behind small_log, so varied that they do not compress to nothing.
more_lines() {
	awk -v n="$1" 'BEGIN {
		srand(1)
		for (i = 0; i < n; i++)
			printf "Mar  3 11:%02d:%02d mx postfix/anvil[113]: statistics: max cache size %d at" \
			    " Mar  3 10:%02d:%02d\n", int(i * 60 / n), i * 3600 / n % 60, 1e9 * rand(),
			    60 * rand(), 60 * rand()
	}'
}

export SAMPLE=$FIXTURES/sample/mail.log

# no_files: a JSON report on standard input without input.files, the only names of inputs in it.
no_files() { sed '/^\t\t"files": \[/,/^\t\t\],$/d'; }

# reports INTO OPTION-OR-FILE...: INTO.text, INTO.json (without the names of files), INTO.jsonl,
# INTO.html.
# Standard input is the file $input, if set.
reports() {
	local into=$1 format
	shift
	for format in text json jsonl html; do
		report -f $format "$@" <"${input:-/dev/null}" >"$into.$format"
	done
	no_files <"$into.json" >"$into.j" && mv "$into.j" "$into.json"
}

# same_reports A B: of two reports().
same_reports() {
	local format
	for format in text json jsonl html; do
		same "$1.$format" "$2.$format"
	done
}

# quoted: the log lines in an explanation on standard input.
quoted() { sed -n '/^  lines$/,/^$/s/^    //p'; }

# evidence: rule ids with their weights in an explanation on standard input.
evidence() { sed -n '/^  evidence/,/^  [^ ]/s/^ *\([+-][0-9]*\) *\([EXS][0-9a-z]*\) .*/\1 \2/p'; }

# refused COMMAND...: exit 2, nothing on standard output, and a message, which goes to ours.
refused() {
	exits 2 "$@" >refused.out 2>refused.err
	[ ! -s refused.out ] || { echo "output: $*" >&2; exit 1; }
	[ -s refused.err ] || { echo "no message: $*" >&2; exit 1; }
	cat refused.err
}

# item HEAD LINE... -- TEXT...: an item of a rule file, below "HEAD:"; each TEXT "key: value" replaces
# a LINE or adds one, "key:" takes it away.
item() {
	local head=$1 key text lines=()
	shift
	while [ "$1" != -- ]; do
		lines+=("$1")
		shift
	done
	shift
	printf '%s:\n  -' "$head"
	for key in "${lines[@]}"; do
		for text; do
			[ "${text%%:*}" != "${key%%:*}" ] || key=
		done
		[ -z "$key" ] || printf ' %s\n   ' "$key"
	done
	for text; do
		[ -z "${text#*:}" ] || printf ' %s\n   ' "$text"
	done
	echo
}
