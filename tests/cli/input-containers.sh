# Plain, gzip, zstd, concatenated members, standard input, two files in either order: one report.
small_log >a.log
sed -n 1,6p a.log >first.log
sed -n 7,13p a.log >second.log
gzip -n -c a.log >a.gz
zstd -q -c a.log >a.zst
{ gzip -n -c first.log; gzip -n -c second.log; } >two.gz
{ zstd -q -c first.log; zstd -q -c second.log; } >two.zst
for format in text jsonl; do
	report -f $format a.log >$format
	report -f $format - <a.log >$format-stdin
	same $format $format-stdin
	report -f $format <a.zst >$format-stdin-zst
	same $format $format-stdin-zst
	for f in a.gz a.zst two.gz two.zst; do
		report -f $format $f >$format-$f
		same $format $format-$f
	done
	report -f $format first.log second.log >$format-in-order
	same $format $format-in-order
	report -f $format second.log first.log >$format-turned
	same $format $format-turned
done
