# A line of 300 kB is one bad line; its neighbours count.
small_log >a.log
report -f jsonl a.log >clean
{
	sed -n 1,6p a.log
	printf 'Mar  3 10:01:00 mx postfix/smtpd[110]: warning: '
	head -c 300000 /dev/zero | tr '\0' 'x'
	echo
	sed -n 7,13p a.log
} >long.log
report -f jsonl long.log >with-long
same clean with-long
report -f json long.log | lines_of
# As the last line, without an end.
head -c 300000 /dev/zero | tr '\0' 'x' >long-only
exits 1 report -f json long-only | lines_of
