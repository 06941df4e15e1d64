# Magic bytes of gzip or zstd and then garbage; and a good file behind them.
small_log >a.log
report -f jsonl a.log >clean
{ printf '\037\213\010\000'; head -c 500 "$TESTS/lib.bash"; } >bad.gz
{ printf '\050\265\057\375'; head -c 500 "$TESTS/lib.bash"; } >bad.zst
exits 1 report -f jsonl bad.gz bad.zst a.log >with-bad
same clean with-bad
