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
