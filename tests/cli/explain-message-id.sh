# By message-id, with and without <>: Postfix with its content filter, and Exim.
id=b6e7b01e66.13e0@example.org
own=$CASES/compromised-own-postfix/mail.log
report explain $id "$own" >bare
report explain "<$id>" "$own" >angle
report explain 9598B479 "$own" >queue
same bare angle
same bare queue
mail=$CASES/compromised-hoster-victim-postfix
report -f jsonl "$mail" | sed -n '1s/.*"message_id":"\([^"]*\)".*/\1/p' >id
report explain "$(cat id)" "$mail" >shown
quoted <shown
evidence <shown
exits 1 report explain "<no-such@id>" "$own"
refused report explain "" "$own"
