# zstd cut in its checksum and in its middle: what came before counts, exit 1.
small_log >a.log
report -f jsonl a.log >clean
zstd -q -c --check a.log | head -c -2 >checksum.zst
exits 1 report -f jsonl checksum.zst >from-checksum
same clean from-checksum
{ small_log; more_lines 20000; } | zstd -q >big.zst
head -c $(($(wc -c <big.zst) / 2)) big.zst >middle.zst
exits 1 report -f jsonl middle.zst >from-middle
same clean from-middle
