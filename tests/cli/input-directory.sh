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
# What it left out is said, what might have been meant first; -q and --mail, for cron, keep quiet.
touch logs/syslog logs/auth.log
mkdir logs/old
report -q logs >/dev/null 2>quiet
[ ! -s quiet ]
report --mail root logs >/dev/null 2>quiet
[ ! -s quiet ]
report -f jsonl logs >from-directory
same clean from-directory
for i in 1 2 3 4 5 6 7 8; do touch "logs/$(printf 'x\033%s' $i)"; done
report -f jsonl logs >/dev/null
