# gzip cut in its trailer and in its middle: what came before counts, exit 1.
small_log >a.log
report -f jsonl a.log >clean
gzip -n -c a.log | head -c -4 >trailer.gz
exits 1 report -f jsonl trailer.gz >from-trailer
same clean from-trailer
{ small_log; more_lines 20000; } | gzip -n >big.gz
head -c $(($(wc -c <big.gz) / 2)) big.gz >middle.gz
exits 1 report -f jsonl middle.gz >from-middle
same clean from-middle
