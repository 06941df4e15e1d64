# The lines of a syslog file, with stamps in UTC, as journald's export format:
#	perl to-journal.pl YEAR <mail.log | systemd-journal-remote -o FILE.journal -
# Every other message is given as bytes with their number before them, as journald itself does when
# there are others than printable ones.
use strict;
use warnings;
use Time::Local;

my $year = shift;
my ($n, %month) = (0);
@month{qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)} = 0 .. 11;
my %unit = (postfix => 'postfix@-.service', spamd => 'spamd.service', exim => 'exim4.service');

binmode STDIN;
binmode STDOUT;
while (<STDIN>) {
	/^(\w{3}) +(\d+) (\d\d):(\d\d):(\d\d) (\S+) (([^\[: \/]+)[^\[: ]*)(?:\[(\d+)\])?: (.*)$/
	    or die "no line of syslog: $_";
	my $us = timegm($5, $4, $3, $2, $month{$1}, $year) * 1000000 + ++$n % 1000000;
	my ($host, $program, $family, $pid, $message) = ($6, $7, $8, $9, $10);
	my $unit = $unit{$family} // "$family.service";

	print "__CURSOR=s=1;i=$n\n__REALTIME_TIMESTAMP=$us\n__MONOTONIC_TIMESTAMP=$n\n",
	    "_BOOT_ID=0123456789abcdef0123456789abcdef\n_TRANSPORT=syslog\nPRIORITY=6\n",
	    "_HOSTNAME=$host\nSYSLOG_IDENTIFIER=$program\n_SYSTEMD_UNIT=$unit\n";
	print "SYSLOG_PID=$pid\n_PID=$pid\n" if defined $pid;
	if ($n % 2 || $message =~ /[^ -~]/) {
		print "MESSAGE\n", pack('Q<', length $message), $message, "\n\n";
	} else {
		print "MESSAGE=$message\n\n";
	}
}
