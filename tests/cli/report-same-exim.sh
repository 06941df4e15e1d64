# Exim's mainlog and rejectlog, in either order, compressed, as a directory: the same report.
for name in zombie-rejected-exim zombie-dnsbl-exim compromised-own-exim; do
	dir=$CASES/$name
	reports plain "$dir/mainlog" "$dir/rejectlog"
	reports turned "$dir/rejectlog" "$dir/mainlog"
	same_reports plain turned
	mkdir "$name"
	gzip -n <"$dir/mainlog" >"$name/mainlog.1.gz"
	zstd -q <"$dir/rejectlog" >"$name/rejectlog.1.zst"
	reports directory "$name"
	same_reports plain directory
	# The rejectlog says nothing that the mainlog does not say, but for the headers.
	report -f jsonl "$dir/mainlog" >alone
	report -f jsonl "$dir/mainlog" "$dir/rejectlog" >beside
	echo "$name: $(grep -c . alone) events, with rejectlog $(grep -c . beside)"
done
