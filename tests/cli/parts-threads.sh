# Parts in threads: the same reports, and the same words on troubles, which make them read singly.
split -n l/40 -d -a 2 "$SAMPLE" piece.
for f in piece.??; do
	"$SPAMSOURCE" map --events --year 2026 --tz UTC --now 2026-12-31T00:00:00Z "$f" -o "$f.part"
done
compare() { # PART...
	for format in text json jsonl; do
		report -f "$format" -j 1 "$@" >out.1 2>err.1 || echo "exit code $?"
		for j in 2 5; do
			report -f "$format" -j "$j" "$@" >out.$j 2>err.$j || echo "exit code $?"
			cmp out.1 out.$j
			cmp err.1 err.$j
		done
	done
	sed 's/[0-9]* were written/N were written/' err.5
	same out.1 out.5
}
compare piece.??.part
compare --since 2026-11-20T08:00:00Z piece.??.part
for j in 1 5; do
	"$SPAMSOURCE" merge -j "$j" piece.??.part -o all.$j
done
same all.1 all.5
# One twice: small ones are not noticed; so one of a longer log.
cp "$SAMPLE" long
"$SPAMSOURCE" map --events --year 2026 --tz UTC --now 2026-12-31T00:00:00Z long -o long.part
compare long.part piece.??.part long.part
head -c 700 piece.07.part >damaged.part
compare piece.0?.part damaged.part piece.[123]?.part
