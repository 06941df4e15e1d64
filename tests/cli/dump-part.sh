# What is in a part; sizes hang on libzstd, so the last line is left out.
small_log >a.log
"$SPAMSOURCE" map --year 2026 --tz UTC --now 2026-12-31T00:00:00Z --seq 7 a.log -o a.part
"$SPAMSOURCE" dump part a.part | grep -vE '^(bytes|program|match-hash|suffix-list) '
exits 1 "$SPAMSOURCE" dump part a.log
