# What the real journalctl prints of a journal that holds mail.log: each form gives the reports and
# events of mail.log itself. -o with-unit has lost the names of Postfix's daemons: what can be told
# without them is the same.
events() { "$SPAMSOURCE" dump events --tz UTC --year 2026 --no-progress "$@"; }
equal() { diff "$1" "$2" | head -n 5; cmp -s "$1" "$2"; }
# Without what only "postfix/submission/smtpd" says; daemons' lines that say nothing; tlsproxy,
# which speaks as postscreen does.
without_service() {
	sed -E '/ none( |$)/d; s/ (service|local_port)=[^ ]*//g' |
	    grep -v -E " pid=($(sed -n 's/.*\/tlsproxy\[\([0-9]*\)\].*/\1/p' mail.log | sort -u |
	        paste -sd '|')) "
}
bytes=$(printf 'Nov 20 23:59:59 mx1 postfix/smtpd[77]: warning: x[192.0.2.1]: SASL PLAIN %b' \
    'authentication failed: \0376\033[2J\0134n "{\0134u0041}", sasl_username=\0303\0244')
{ cat "$FIXTURES/sample/mail.log"; echo "$bytes"; } >mail.log
perl "$TESTS/../prefix/to-journal.pl" 2026 <mail.log >given.export
/lib/systemd/systemd-journal-remote -o mail.journal - <given.export 2>said || cat said
events mail.log >events
report -f jsonl mail.log >jsonl
some() { report -f jsonl --since 2026-11-20T08:00:00Z --until 2026-11-20T16:00:00Z "$1"; }
some mail.log >some
without_service <events >less
for form in short short-precise short-iso short-iso-precise short-full with-unit short-unix json \
    json-seq export; do
	journalctl --file mail.journal --no-pager --all -o "$form" >"$form"
	[ "$(grep -ac '' "$form")" -ge 2981 ] || echo "$form: too few lines"
done
# --all: journalctl itself writes control bytes as they are.
for form in short short-precise short-iso short-iso-precise short-full short-unix json json-seq \
    export given.export; do
	events "$form" >got
	equal events got
	report -f jsonl "$form" >got.jsonl
	equal jsonl got.jsonl
	some "$form" >got.jsonl
	equal some got.jsonl
	gzip -c "$form" | report -f jsonl - >packed
	equal jsonl packed
	echo "$form: $(grep -c '' packed) spam, $(grep -c '' some) by day, $(report -f json "$form" | lines_of)"
done
events with-unit | without_service >got
equal less got
echo "with-unit: $(grep -c '' got) events"
# Without --all a message of over 4 KiB is null.
long=$(printf 'x%.0s' $(seq 5000))
echo "Nov 20 23:59:59 mx1 postfix/smtpd[77]: $long" | perl "$TESTS/../prefix/to-journal.pl" 2026 |
    /lib/systemd/systemd-journal-remote -o long.journal - 2>said || cat said
journalctl --file long.journal --no-pager -o json | tee long | grep -o '"MESSAGE":[^,}]*' | cut -c1-30
report -f json long | lines_of
