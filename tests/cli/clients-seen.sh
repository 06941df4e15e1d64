# Kinds of clients that were seen in real logs or that the lab does not have, each with its near
# miss: name, HELO and sender as there, invented here.
n=0

# refused NAME ADDRESS ZONE HELO SENDER [TEXT]
refused() {
	echo "Mar  3 08:$((10 + n++)):00 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from ${1:-unknown}[$2]: 554 5.7.1 Service unavailable; Client host [$2] blocked using $3${6:+; $6}; from=<$5> to=<kim@here.example> proto=ESMTP helo=<$4>"
}

# filtered NAME ADDRESS SENDER TESTS [.]: a dot when the filter lets it pass
filtered() {
	local id
	id=$(printf 'A%06d' "$n")
	echo "Mar  3 08:$((10 + n)):00 mx postfix/smtpd[9]: $id: client=${1:-unknown}[$2]"
	echo "Mar  3 08:$((10 + n)):00 mx postfix/cleanup[8]: $id: message-id=<$n.x@there.example>"
	echo "Mar  3 08:$((10 + n)):00 mx postfix/qmgr[7]: $id: from=<$3>, size=900, nrcpt=1 (queue active)"
	echo "Mar  3 08:$((10 + n)):01 mx spamd[5]: spamd: result: ${5:-Y} 8 - $4 scantime=0.4,size=900,user=debian-spamd,uid=105,required_score=5.0,rhost=localhost,raddr=127.0.0.1,rport=40100,mid=<$n.x@there.example>,autolearn=no"
	echo "Mar  3 08:$((10 + n)):02 mx postfix/virtual[6]: $id: to=<kim@here.example>, relay=virtual, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (delivered to maildir)"
	echo "Mar  3 08:$((10 + n++)):02 mx postfix/qmgr[7]: $id: removed"
}

zen=zen.spamhaus.org css=https://www.spamhaus.org/query/css/x sbl=https://www.spamhaus.org/sbl/query/SBL1
{
	refused bba598485.access.example 28.1.0.1 $zen bba598485.access.example u@corp.example $css
	refused updates.offers.example 28.1.0.2 $zen updates.offers.example news1@updates.offers.example $css
	refused mail197.bulk.example 28.1.0.3 $zen mail197.bulk.example return2@sends.example $sbl
	refused '' 28.1.0.4 $zen '[28.1.0.4]' u@corp.example
	refused '' 28.1.0.5 $zen mail.corp.example u@corp.example
	refused '' 28.1.0.6 sbl-xbl.spamhaus.org localhost.localdomain u@corp.example
	refused c-28-1-0-7.hsd1.md.cable.example 28.1.0.7 sbl-xbl.spamhaus.org c-28-1-0-7.hsd1.md.cable.example ltio@cable.example
	refused zeus.firm.example 28.1.0.8 $zen zeus.firm.example u@corp.example
	refused vps12.rent.example 28.1.0.9 bl.spamcop.net vps12.rent.example u@corp.example
	refused mail.firm.example 28.1.0.10 bl.spamcop.net mail.firm.example u@corp.example
	refused '' 28.1.0.11 bl.spamcop.net anna-pc.fritz.box u@corp.example
	filtered c-28-2-0-1.dsl.isp.example 28.2.0.1 u@corp.example BAYES_99
	filtered c-28-2-0-2.dsl.isp.example 28.2.0.2 u@corp.example BAYES_99,KHOP_HELO_FCRDNS
	filtered zeus.firm.example 28.2.0.3 u@corp.example SPF_FAIL
	filtered zeus.club.example 28.2.0.4 u@corp.example SPF_FAIL
	filtered zeus.club.example 28.2.0.4 v@trade.example SPF_SOFTFAIL,DKIM_VALID .
	filtered zeus.firm.example 28.2.0.5 info@shop.example PHP_ORIG_SCRIPT,SPF_PASS
	filtered p7.dsl.isp.example 28.2.0.6 info@shop.example PHP_ORIG_SCRIPT,SPF_PASS
	filtered vps12.rent.example 28.2.0.7 u@corp.example SPF_NONE
	filtered vps12.rent.example 28.2.0.8 u@corp.example SPF_PASS,DKIM_VALID,DKIM_VALID_AU
	filtered '' 28.2.0.9 u@corp.example BAYES_99
} >clients.log
report -f jsonl clients.log |
	sed -E 's/.*"client_ip":"([^"]*)".*"class":"([a-z]*)"(,"subtype":"[^"]*")?(,"reason":"([a-z]*)")?,"confidence".*/\1 \2 \5/'
