# --max-sources: of more sources only sums are kept, and the report says so; nothing else is lost.
bare() { tr -d ' \t\n' | sed 's/"files":\[[^]]*\]//'; }
sums() { tr -d ' \t\n' | grep -oE '"exact":[a-z]+|"not-exact",[^}]*|"lines":\{[^}]*\}'; }
for n in 1000000 60 7; do
	echo "--max-sources $n"
	report -f json --max-sources $n "$SAMPLE" >one
	sums <one
	report -f json --max-sources $n -j 3 "$SAMPLE" >many
	same one many
	bare <one >bare
	report map --max-sources $n --seq 1 "$SAMPLE" -o a.part
	report merge --max-sources $n -f json a.part | bare >merged
	same bare merged
	report -f jsonl --max-sources $n "$SAMPLE" | grep -c '"class"'
done
# A part that was limited stays so.
report merge -f json a.part | sums | sed -n '/exact/p'
report -q --max-sources 7 "$SAMPLE" | grep -c compromised
exits 2 "$SPAMSOURCE" --max-sources 0 "$SAMPLE"
exits 2 "$SPAMSOURCE" --max-open x "$SAMPLE"
report -f json --max-open 1 "$SAMPLE" | tr -d ' \t\n' | grep -o '"messages":{[^}]*}'
