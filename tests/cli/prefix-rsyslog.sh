# What the real rsyslogd writes of mail.log with several templates, equal lines put together: each
# file gives the reports and events of mail.log, where each line stands for itself.
events() { "$SPAMSOURCE" dump events --tz UTC --year 2026 --no-progress "$@"; }
equal() { diff "$1" "$2" | head -n 5; cmp -s "$1" "$2"; }
fail() { echo "Nov 20 23:59:0$1 mx1 postfix/smtpd[77]: warning: x[192.0.2.1]: SASL PLAIN" \
    "authentication failed: x"; }
{
	cat "$FIXTURES/sample/mail.log"
	for second in 1 2 3 4 5; do fail "$second"; done
	echo "Nov 20 23:59:06 mx1 postfix/smtpd[77]: disconnect from x[192.0.2.1] auth=0/5 commands=0/5"
} >mail.log
cat >conf <<CONF
\$RepeatedMsgReduction on
global(workDirectory="$PWD" maxMessageSize="64k")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="$PWD/sock" CreatePath="on" ParseHostname="on" UseSysTimeStamp="off"
    IgnoreTimestamp="off" UsePIDFromSystem="off" RateLimit.Interval="0" UseSpecialParser="off")
template(name="wire" type="string" string="<%PRI%>%TIMESTAMP% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%\n")
template(name="year" type="string" string="%timereported:::date-year% %timereported:1:15:date-rfc3164%.%timereported:1:3:date-subseconds% %hostname% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%\n")
template(name="mysql" type="string" string="%timereported:::date-year%-%timereported:::date-month%-%timereported:::date-day% %timereported:::date-hour%:%timereported:::date-minute%:%timereported:::date-second% %hostname% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%\n")
template(name="unix" type="string" string="%timereported:::date-unixtimestamp%.%timereported:1:6:date-subseconds% %hostname% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%\n")
action(type="omfile" file="$PWD/traditional" template="RSYSLOG_TraditionalFileFormat")
action(type="omfile" file="$PWD/default" template="RSYSLOG_FileFormat")
action(type="omfile" file="$PWD/rfc5424" template="RSYSLOG_SyslogProtocol23Format")
action(type="omfile" file="$PWD/wire" template="wire")
action(type="omfile" file="$PWD/year" template="year")
action(type="omfile" file="$PWD/mysql" template="mysql")
action(type="omfile" file="$PWD/unix" template="unix")
CONF
/usr/sbin/rsyslogd -n -f conf -i "$PWD/pid" 2>said &
daemon=$!
trap 'kill $daemon 2>/dev/null || :' EXIT
for _ in $(seq 100); do [ ! -S sock ] || break; sleep 0.1; done
perl "$TESTS/../prefix/to-syslog.pl" 2026 sock <mail.log
for _ in $(seq 100); do grep -q 'auth=0/5' unix 2>/dev/null && break; sleep 0.1; done
kill "$daemon"
wait "$daemon" || :
grep -v -e '^$' said || :

report -f jsonl mail.log >jsonl
# Five refused logins are a line and one that stands for four more; so are Dovecot's, which say
# nothing beside Postfix' lines.
events mail.log | sed -E '/ dovecot none$/d; /T23:59:0[2-4]Z/d; s/^(2026-11-20T23:59:05Z .*)$/\1/' >wanted
for form in traditional default wire year mysql unix; do
	events "$form" | sed -E '/ dovecot none$/d; /T23:59:05Z/s/ repeat=4//' >got
	equal wanted got
	report -f jsonl "$form" >got.jsonl
	equal jsonl got.jsonl
	report -f json "$form" | tr -d ' \t\n' | grep -o '"login_failures":[1-9][0-9]*' | sed "s/^/$form: /"
done
report -f json mail.log | tr -d ' \t\n' | grep -o '"login_failures":[1-9][0-9]*' | sed "s/^/mail.log: /"
# The daemons' names are gone; what can be told without them is the same.
less() {
	sed -E '/ none( |$)/d; s/ (service|local_port|repeat)=[^ ]*//g' |
	    grep -v -E " pid=($(sed -n 's/.*\/tlsproxy\[\([0-9]*\)\].*/\1/p' mail.log | sort -u |
	        paste -sd '|')) "
}
less <wanted >wanted.less
events rfc5424 | less >got
equal wanted.less got
echo "rfc5424: $(grep -c '' got) events"
