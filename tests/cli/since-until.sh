# --since (included) and --until (not) select by stamp; both ends together are the whole.
report -f jsonl "$SAMPLE" | sed 's/.*"time":"\([^"]*\)".*/\1/' >all
report -f jsonl --since 2026-11-20T12:00:00Z "$SAMPLE" | sed 's/.*"time":"\([^"]*\)".*/\1/' >late
report -f jsonl --until 2026-11-20T12:00:00Z "$SAMPLE" | sed 's/.*"time":"\([^"]*\)".*/\1/' >early
cat early late >both
wc -l <all
wc -l <early
wc -l <late
tail -n 1 early
head -n 1 late
for since in 2026-11-20 '2026-11-20 00:00:00' 2026-11-20T01:00:00+01:00; do
	report -f jsonl --since "$since" "$SAMPLE" | wc -l
done
# Relative times count from --now, which comes later on the command line.
"$SPAMSOURCE" -f jsonl --since today "$SAMPLE" --tz UTC --now 2026-11-20T23:59:00Z | wc -l
"$SPAMSOURCE" -f jsonl --since yesterday --until today "$SAMPLE" --tz UTC \
    --now 2026-11-21T08:00:00Z | wc -l
"$SPAMSOURCE" -f jsonl --since 12h "$SAMPLE" --tz UTC --now 2026-11-21T00:00:00Z |
    sed 's/.*"time":"\([^"]*\)".*/\1/' >half
same late half
"$SPAMSOURCE" -f jsonl --since 1d "$SAMPLE" --tz UTC --now 2026-11-22T00:00:00Z | wc -l
# A zone: midnight there.
"$SPAMSOURCE" -f json --until 2026-11-20 "$SAMPLE" --tz Europe/Berlin --now 2026-12-31T00:00:00Z |
    grep -c '"from"' || :
report -f json --since 2027-01-01 "$SAMPLE" | lines_of
