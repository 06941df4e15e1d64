# Sends the lines of a syslog file, with stamps in UTC of YEAR, to a syslog daemon's socket:
#	perl to-syslog.pl YEAR SOCKET <mail.log
use strict;
use warnings;
use Socket;

my ($year, $path) = @ARGV;
my %month;
@month{qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)} = map { sprintf '%02d', $_ } 1 .. 12;

socket(my $to, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
connect($to, sockaddr_un($path)) or die "$path: $!";
while (<STDIN>) {
	/^(\w{3}) +(\d+) (\S+) (.*)$/ or die "no line of syslog: $_";
	my $line = sprintf '<22>%s-%s-%02dT%s+00:00 %s', $year, $month{$1}, $2, $3, $4;
	send($to, $line, 0) // die "send: $!";
}
