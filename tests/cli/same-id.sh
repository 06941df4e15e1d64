# A message-id, a queue id in a remote reply and words in a login are what others write: each message
# keeps its own origin and verdict, and every spam counts (fixtures/hostile/postfix-same-id.log).
log=$FIXTURES/hostile/postfix-same-id.log
report dump messages "$log" | sed 's/ message_id=.*//'
report -f jsonl "$log" | grep -o '"queue_id":"[^"]*"\|"class":"[a-z]*",\|"source":"[^"]*"' | paste -sd' ' |
    sed 's/ "queue_id/\n"queue_id/g'
