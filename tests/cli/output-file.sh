# -o writes beside and renames: no half file, an old one stays when the new one fails.
small_log >a.log
report -f jsonl a.log >clean
report -f jsonl -o new a.log
same clean new
exits 3 report -f jsonl -o no-such-directory/new a.log
report -f jsonl -o - a.log >dash
same clean dash
ls
# A link is written through: renaming over /dev/stdout would put a file there.
ln -s real link
report -f jsonl -o link a.log
same clean real
[ -L link ] && echo "still a link"
