# Each DNSBL: spam of clients that it knew, what it refused, what no other list knew; and who still
# logs in on port 25. The same numbers, counted from the log's lines by awk.
log() { zstd -qdc "$FIXTURES/lab/frozen/$1"/*.zst; }
lists() { report --host x -f csv --section lists -n 100 "$FIXTURES/lab/frozen/$1" | tr -d '\r'; }

# clients_of HOST: "address zone", once each, of what smtpd, dnsblog and Exim say of lists.
clients_of() {
	log "$1" | awk '
		/ blocked using / && match($0, /client \[[^]]*\] blocked using [^;, ]*|host \[[^]]*\] blocked using [^;, ]*/) {
			split(substr($0, RSTART, RLENGTH), w, /[][ ]+/); print w[2], w[5] }
		# a white list, and what lists answer to those who ask too much, list nobody
		/\/dnsblog\[/ && !/dnswl|as 127\.255\./ { print $7, $11 }
		/ is listed at / && match($0, /[0-9a-f.:]+ is listed at [^ ]+/) {
			split(substr($0, RSTART, RLENGTH), w, " "); print w[1], w[5] }' | sort -u
}

# known_to HOST: by zone and class, events of the clients that it listed; of those that it alone did.
known_to() {
	clients_of "$1" >clients
	report --host x -f jsonl "$FIXTURES/lab/frozen/$1" | tr -d '"{}' | tr , '\n' | awk -F: '
		/^client_ip/ { ip = substr($0, 11) } /^class:/ && !seen { class = $2; seen = 1 }
		/^schema/ { if (ip) print ip, class; ip = ""; seen = 0 } END { if (ip) print ip, class }' >events
	awk 'FILENAME == "clients" { zone[$1] = zone[$1] " " $2; next }
		{ n = split(zone[$1], z, " "); for (i = 1; i <= n; i++) {
			listed[z[i] "," $2]++; if (n == 1) alone[z[i] "," $2]++ } }
		END { for (k in listed) print k "," listed[k] "," alone[k] + 0 }' clients events | sort
}

for host in mxb mx1 exim1; do
	lists "$host" | awk -F, 'NR > 1 && $3 { print $1 "," $2 "," $3 "," $5 }' | sort >ours
	known_to "$host" >awks
	same awks ours
	awk -F, '{ n += $3 } END { print host ": " (NR >= 4 && n >= 100 ? "enough" : "too little") }' \
	    host="$host" ours
done

# Refused: a client's attempts with one sender and recipient count once in ten minutes. A list that
# was asked too much says so, and lists nobody.
log mxb | awk '/ blocked using / && !/Error: open resolver/ {
	zone = $0; sub(/.* blocked using /, "", zone); sub(/;.*/, "", zone)
	ip = $0; sub(/.*Client host \[/, "", ip); sub(/\].*/, "", ip)
	pair = $0; sub(/.*; from=/, "", pair); sub(/ proto=.*/, "", pair)
	if (!seen[ip, pair, substr($3, 1, 4)]++) n[zone]++
} END { for (z in n) print z "," n[z] }' | sort >awks
lists mxb | awk -F, 'NR > 1 { n[$1] += $4 } END { for (z in n) print z "," n[z] }' | sort >ours
same awks ours
cat ours

# Logins on port 25 from outside, but not on 587, not from the own network, and no spam.
login() { # ID SERVICE ACCOUNT ADDRESS HOUR
	cat <<LOG
Mar  3 $5:00:01 mx postfix/$2[9]: $1: client=unknown[$4], sasl_method=PLAIN, sasl_username=$3
Mar  3 $5:00:01 mx postfix/cleanup[8]: $1: message-id=<$1@example.org>
Mar  3 $5:00:01 mx postfix/qmgr[7]: $1: from=<$3@example.org>, size=900, nrcpt=1 (queue active)
Mar  3 $5:00:02 mx postfix/smtp[6]: $1: to=<x@example.net>, relay=mx.example.net[198.51.100.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)
Mar  3 $5:00:02 mx postfix/qmgr[7]: $1: removed
LOG
}
{
	login 4A00000001 smtpd bert 203.0.113.7 08
	login 4A00000002 submission/smtpd anna 203.0.113.8 08
	login 4A00000003 smtpd bert 203.0.113.7 09
	login 4A00000004 smtpd bert 198.51.100.77 10
	login 4A00000005 smtpd carla 192.168.1.5 10
	login 4A00000006 smtpd anna 203.0.113.8 11
	login 4A00000007 smtps/smtpd dora 203.0.113.9 12
} >mail.log
awk '/postfix\/smtpd\[.*sasl_username=/ && !/\[192\.168\./ {
	sub(/.*sasl_username=/, ""); n[$0]++ } END { for (u in n) print u "," n[u] }' mail.log |
    sort >awks
report -f csv --section port25_users mail.log | tr -d '\r' | awk -F, 'NR > 1 { print $1 "," $2 }' |
    sort >ours
same awks ours
report -f csv --section port25_users mail.log
report --section port25_users mail.log
now=(--year 2026 --tz UTC --now 2026-12-31T00:00:00Z)
split -l 12 mail.log piece.
for p in mail.log piece.??; do "$SPAMSOURCE" map "${now[@]}" "$p" -o "$p.part"; done
for p in mail.log piece; do
	"$SPAMSOURCE" merge "${now[@]}" -f csv --section port25_users "$p"*.part >"$p.users"
done
same mail.log.users piece.users
