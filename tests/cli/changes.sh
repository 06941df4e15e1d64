# What changed: the last day against the days before, --split, --compare; the same from parts.
shift_days() { sed "s/^Nov 20/Nov $1/; s/^Nov 21/Nov $(($1 + 1))/" "$SAMPLE"; }
{ shift_days 17; shift_days 18 | sed -n 1,1500p; shift_days 19 | sed -n 1,800p; } >before.log
shift_days 20 >now.log
report --section changes before.log now.log
report --section changes --days 1 before.log now.log | sed -n 2,6p
report --section changes --split 2026-11-19 before.log now.log
report --section changes --compare before.log now.log
report -f json --compare before.log now.log >whole
"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z before.log -o before.part
"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z now.log -o now.part
report -f json --compare before.part now.part | sed 's/now\.part/now.log/' >parts
same whole parts
report --section changes before.log now.log >whole
report --section changes before.part now.part >parts
same whole parts
