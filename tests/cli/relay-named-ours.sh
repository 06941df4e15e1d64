# Mail without a login to foreign domains is no open relay's when the client's confirmed name lies
# in a domain that is delivered here: our own campus, our other instance. The same name without
# confirmation, or in another domain, is a stranger's.
mail() {
	local id=$1 client=$2 k
	echo "Mar  3 10:00:00 mx postfix/smtpd[9]: $id: client=$client"
	echo "Mar  3 10:00:00 mx postfix/cleanup[8]: $id: message-id=<$id@x.example>"
	echo "Mar  3 10:00:00 mx postfix/qmgr[7]: $id: from=<win@$3.example>, size=900, nrcpt=12 (queue active)"
	for k in a b c d e f g h i j k l; do
		echo "Mar  3 10:00:01 mx postfix/smtp[6]: $id: to=<x@$k-far.example>, relay=mx.$k-far.example[33.51.100.101]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 77F0C1)"
	done
	echo "Mar  3 10:00:01 mx postfix/qmgr[7]: $id: removed"
}
served() {
	echo "Mar  3 09:00:00 mx postfix/smtpd[9]: 4F0A11C2: client=mail.sales.example[21.64.113.25]"
	echo "Mar  3 09:00:00 mx postfix/qmgr[7]: 4F0A11C2: from=<ann@sales.example>, size=900, nrcpt=1 (queue active)"
	echo "Mar  3 09:00:00 mx postfix/virtual[6]: 4F0A11C2: to=<info@uni.example>, relay=virtual, delay=0.5, delays=0.4/0/0/0.1, dsn=2.0.0, status=sent (delivered to maildir)"
	echo "Mar  3 09:00:00 mx postfix/qmgr[7]: 4F0A11C2: removed"
}
for client in 'pc7.cip.uni.example[22.40.20.7]' 'unknown[22.40.20.8]' 'pc7.cip.other.example[22.40.20.9]'; do
	{ served; mail 4B000001 "$client" spam; mail 4B000002 "$client" scam; mail 4B000003 "$client" gain; } >mail.log
	echo "$client: $(report -f jsonl mail.log | grep -o '"spam_by":[^]]*]\|"class":"[a-z]*","[sr]' | head -n 2 | tr '\n' ' ')"
done
