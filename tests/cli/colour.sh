# Colours only when asked for; without them the same text.
own=$CASES/compromised-own-postfix
report "$own" >plain
report --color always "$own" >coloured
grep -c $'\033\[' coloured >/dev/null && echo coloured
sed 's/\x1b\[[0-9;]*m//g' coloured >stripped
same plain stripped
report --color never "$own" >never
same plain never
NO_COLOR=1 report "$own" >no-color
same plain no-color
NO_COLOR=1 report --color always "$own" >asked
same coloured asked
report -f json --color always "$own" | grep -c $'\033' || :
refused report --color sometimes "$own"
run="'$SPAMSOURCE' --tz UTC --now 2026-12-31T00:00:00Z '$own/mail.log'"
script -q -e -c "$run" /dev/null </dev/null | grep -c $'\033\[' >/dev/null && echo "terminal: coloured"
NO_COLOR=1 script -q -e -c "$run" /dev/null </dev/null | grep -c $'\033\[' || :
TERM=dumb script -q -e -c "$run" /dev/null </dev/null | grep -c $'\033\[' || :
