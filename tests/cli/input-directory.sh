# A directory: its logs in rotation order, what is no log is left out.
mkdir logs
small_log | sed -n 8,13p >logs/mail.log
small_log | sed -n 5,7p | gzip -n >logs/mail.log.2.gz
small_log | sed -n 1,4p | zstd -q >logs/mail.log.10.zst
echo "no log" >logs/README
small_log >a.log
report -f jsonl a.log >clean
report -f jsonl logs >from-directory
same clean from-directory
