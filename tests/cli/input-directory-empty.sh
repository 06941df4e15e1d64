# A directory without logs says so.
mkdir empty other
echo "not a log" >other/README
exits 1 report -f jsonl empty
exits 1 report -f jsonl other
