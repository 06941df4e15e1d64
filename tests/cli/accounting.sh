# read = recognised + ignored + unknown + bad = the lines of the files; total = complete + open +
# forced; one message for each queue id that the dump shows, as far as they are counted.
value() { tr -d '\t\n ' <json | grep -o "\"$1\":[0-9]*" | head -n 1 | sed 's/.*://'; }
for input in "$CASES"/* "$FIXTURES"/sample "$FIXTURES"/lines/*.log "$FIXTURES"/hostile/*.log; do
	[ -e "$input" ] || continue
	name=${input#"$FIXTURES"/}
	logs=("$input")
	if [ -d "$input" ]; then
		mapfile -t logs < <(find "$input" -name '*log' | sort)
	fi
	report -f json "${logs[@]}" >json
	lines=$(for f in "${logs[@]}"; do grep -ac '' "$f" || :; done | awk '{ n += $1 } END { print n }')
	read=$(value read)
	sum=$(($(value recognised) + $(value ignored) + $(value unknown) + $(value bad)))
	[ "$lines" -eq "$read" ] || echo "$name: $lines lines, $read read"
	[ "$sum" -eq "$read" ] || echo "$name: $read read, sum $sum"
	sum=$(($(value complete) + $(value open) + $(value forced)))
	[ "$(value total)" -eq "$sum" ] || echo "$name: $(value total) messages, sum $sum"
	case $name in
	cases/* | sample) [ "$(value unknown)$(value bad)" = 00 ] ||
		echo "$name: unknown $(value unknown), bad $(value bad)" ;;
	esac
	# Each event of jsonl is counted once in totals.attempts.
	report -f jsonl "${logs[@]}" >jsonl
	tr -d '\t\n ' <json | sed 's/.*"totals":{"attempts"://; s/"accepted":.*//' |
	    grep -o '"[a-z]*":{"lower":[0-9]*,"upper":[0-9]*,"stages"' |
	    sed 's/.*"lower":\([0-9]*\).*/\1/' | awk '{ n += $1 } END { print n + 0 }' >total
	[ "$(cat total)" -eq "$(grep -c '' jsonl || :)" ] ||
		echo "$name: $(cat total) in totals, $(grep -c '' jsonl || :) in jsonl"
	echo "$name" >>names
done
echo "fixtures: $(grep -c '^cases/' names) cases, $(grep -c '^lines/' names) files of lines," \
    "$(grep -c '^hostile/' names) hostile"
