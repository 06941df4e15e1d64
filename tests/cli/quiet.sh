# -q: alarms of the own side only; nothing at all when there is none.
for name in compromised-own-postfix misconfigured-openrelay-own-exim; do
	report -q "$CASES/$name" >out
	[ -s out ] && echo "$name: alarm"
	grep -o -w -e info -e 'mail.*relay' out | sort -u | head -n 1 || :
done
report -q "$CASES/zombie-postscreen-postfix"
report -q "$CASES/ham-newsletter-exim"
report -q "$CASES/ham-gateway-postfix"
