# One log in many containers and pieces: the same report in each format, byte for byte.
reports plain "$SAMPLE"
input=$SAMPLE reports stdin -
same_reports plain stdin
input=$SAMPLE reports none
same_reports plain none
gzip -n -c "$SAMPLE" >one.gz
zstd -q -c "$SAMPLE" >one.zst
head -n 1000 "$SAMPLE" >head.log
tail -n +1001 "$SAMPLE" >tail.log
{ gzip -n -c head.log; gzip -n -c tail.log; } >two.gz
{ zstd -q -c head.log; zstd -q -c tail.log; } >two.zst
for f in one.gz one.zst two.gz two.zst; do
	reports "$f" "$f"
	same_reports plain "$f"
	input=$f reports "$f-stdin"
	same_reports plain "$f-stdin"
done
reports in-order head.log tail.log
same_reports plain in-order
reports turned tail.log head.log
same_reports plain turned
split -n l/7 -d "$SAMPLE" piece.
reports seven piece.03 piece.06 piece.00 piece.05 piece.01 piece.04 piece.02
same_reports plain seven
mkdir logs
for n in 0 1 2 3 4 5 6; do
	gzip -n <piece.0$n >logs/mail.log.$((7 - n)).gz
done
reports directory logs
same_reports plain directory
