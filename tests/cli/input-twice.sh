# The same content twice, plain and compressed: a warning, counted once.
report -f jsonl "$SAMPLE" >once
cp "$SAMPLE" copy.log
gzip -n -c "$SAMPLE" >copy.gz
report -f jsonl "$SAMPLE" copy.log >twice
same once twice
report -f jsonl copy.gz copy.log >packed
same once packed
report -f json copy.log copy.gz | lines_of
report -f json copy.log copy.gz | tr -d '\n\t' | grep -o '"code": "same-input[^}]*"number": [0-9]*'
# Logs of less than 64 KiB may be equal by chance: both count.
small_log | sed -n 6,13p >small.log
cp small.log other.log
report -f json small.log other.log | lines_of
