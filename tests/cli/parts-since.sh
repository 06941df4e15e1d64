# --since and --until of parts: whole hours, and of whole days the report of the logs.
for day in 19 20 21; do
	sed "s/^Nov 20/Nov $day/; s/^Nov 21/Nov $((day + 1))/" "$SAMPLE" >"$day.log"
	"$SPAMSOURCE" map --events --year 2026 --tz UTC --now 2026-12-31T00:00:00Z "$day.log" -o "$day.part"
done
both() { # FORMATS OPTION...: of logs and parts
	local formats=$1
	shift
	for format in $formats; do
		report -f "$format" "$@" ./??.log | grep -v '[0-9]\.log"' >logs
		report -f "$format" "$@" ./??.part | grep -v '[0-9]\.part"' >parts
		same logs parts
	done
}
both "text json jsonl" --since 2026-11-20
both "text json jsonl" --until 2026-11-20
both "text json jsonl" --since 2026-11-20 --until 2026-11-21
both "text json" --since 2026-11-25
# Within a day: the hours that are touched.
report -f json --since 2026-11-20T10:30 --until 2026-11-20T12:01 20.part >parts
report -f json --since 2026-11-20T10:00 --until 2026-11-20T13:00 20.log >logs
for f in logs parts; do
	tr -d ' \t\n' <$f | grep -oE '"attempts":[0-9]+|"from":"[^"]*"|"to":"[^"]*"' | sed -n 1,3p
done
"$SPAMSOURCE" merge --since 2026-11-20T10:30 --until 2026-11-20T12:01 --year 2026 --tz UTC \
	--now 2026-12-31T00:00:00Z 19.part 20.part -o hours.part
report -f text hours.part | sed -n 2,3p
# An own open relay and a gateway, which hang on the domains that were relayed to.
for case in misconfigured-openrelay-own-postfix ham-backupmx-postfix; do
	for day in 19 20 21; do
		sed -E "s/^Nov [ 0-9]{2}/Nov $day/" "$CASES/$case/mail.log" >"$day.log"
		"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z "$day.log" -o "$day.part"
	done
	both "text json" --since 2026-11-20
	both "text json" --since 2026-11-20 --until 2026-11-21
done
# What was only relayed to has no hours: three networks send there by us, so it is a gateway's.
relayed() { # DAY
	local i pid ts
	for i in 1 2 3 4 5; do
		pid=$((100 + i)) ts="Nov $1 1$i:05"
		cat <<-END
			$ts:01 mx postfix/smtpd[$pid]: connect from mail.net$i.example[28.5$i.9.7]
			$ts:02 mx postfix/smtpd[$pid]: 4Bq$1$i: client=mail.net$i.example[28.5$i.9.7]
			$ts:02 mx postfix/cleanup[200]: 4Bq$1$i: message-id=<$1$i@net$i.example>
			$ts:02 mx postfix/qmgr[201]: 4Bq$1$i: from=<a@net$i.example>, size=900, nrcpt=1 (queue active)
			$ts:03 mx postfix/smtp[202]: 4Bq$1$i: to=<b@inner.example>, relay=in.inner.example[21.64.113.9]:25, delay=1, dsn=2.0.0, status=sent (250 ok)
			$ts:03 mx postfix/qmgr[201]: 4Bq$1$i: removed
			$ts:04 mx postfix/smtpd[$pid]: disconnect from mail.net$i.example[28.5$i.9.7]
		END
	done
}
for day in 19 20 21; do
	relayed "$day" >"$day.log"
	"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z "$day.log" -o "$day.part"
done
both "text json" -v --since 2026-11-20
grep -c gateway parts
