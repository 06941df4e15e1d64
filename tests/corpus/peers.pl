#!/usr/bin/perl
# peers.pl PROGRAM EXIMSTATS LOG...: pflogsumm and eximstats count the same mail as "spamsource dump
# events": received, delivered, deferred, bounced, rejected (eximstats: received, delivered,
# rejected, temporarily rejected).  Prints each count that differs; a difference that is known has
# its reason below, with both numbers, and must stay.  Exit 1 when another one is found.
use strict;
use warnings;
use File::Basename;
use File::Temp qw(tempdir);

my ($program, $eximstats, @logs) = @ARGV;
my $here = dirname($0);
my $dir = tempdir(CLEANUP => 1);
my ($compared, $differ, $explained) = (0, 0, 0);

# "file count ours theirs" => why ours is the true one
my %known = (
	'out.1-7000.log.zst rejected 0 314' =>
	    'eximstats counts what other hosts refused of our mail ("==" and "**" lines)',
	'second-instance.log delivered 5 3' => 'pflogsumm reads the instance "postfix" only',
	'second-instance.log received 5 3' => 'pflogsumm reads the instance "postfix" only',
	'sample.1-4000.log rejected 326 324' =>
	    'pflogsumm does not count what syslogd\'s "last message repeated 2 times" stands for',
	'repeated.log rejected 10 1' => 'pflogsumm takes "message repeated 9 times: [...]" for one',
);

sub run {
	my (@command) = @_;
	open(my $in, '-|', @command) or die "$command[0]: $!\n";
	my @out = <$in>;
	close($in);
	return @out;
}

sub ours {
	my ($log) = @_;
	my %n = map { $_ => 0 } qw(received delivered deferred bounced rejected temporarily);
	for (run($program, qw(dump events --host c --year 2026 --tz UTC), $log)) {
		my (undef, undef, $mta, $event, $rest) = split(/ /, $_, 5);
		my $times = /\brepeat=(\d+)/ ? $1 : 1;
		if ($event =~ /^(?:client|pickup|received)$/) {
			$n{received}++;
		} elsif ($event eq 'delivery') {
			my ($status) = $rest =~ /status=(\w+)/;
			# handed to the queue anew, as another message
			next if $rest =~ / reply="forwarded as /;
			$n{delivered}++ if $status eq 'sent';
			$n{deferred}++ if $status eq 'deferred';
			$n{bounced}++ if $status eq 'bounced';
		} elsif ($event eq 'reject' && $rest =~ /action=(refused|deferred)/) {
			my $how = $mta eq 'exim' && $1 eq 'deferred' ? 'temporarily' : 'rejected';
			$n{$how} += $times;
		} elsif ($mta eq 'exim' && $event eq 'protocol' && $rest =~ /sign=(?:pregreet|pipelining)/) {
			$n{rejected} += $times;		# "synchronization error (...): rejected ..."
		}
	}
	return %n;
}

sub pflogsumm {
	my %n = (received => 0, delivered => 0, deferred => 0, bounced => 0, rejected => 0);
	for (run('pflogsumm', qw(-h 0 -u 0 --detail 0), $_[0])) {
		next unless /^\s*(\d+)(k?) +(received|delivered|deferred|bounced|rejected)\b(.*)/;
		next if $_ =~ /bytes/;
		$n{$3} = $1;
		$n{deferred} = $1 if $3 eq 'deferred' && $4 =~ /\((\d+) +deferrals\)/;
	}
	return %n;
}

sub eximstats {
	my %n = (received => 0, delivered => 0, rejected => 0, temporarily => 0);
	for (run($^X, $eximstats, qw(-utc -txt -h0 -q0 -nr -nt -t0 -ne -nvr), $_[0])) {
		last if /^Deliveries by/;
		$n{received} = $1 if /^  Received +\S+ +(\d+)/;
		$n{delivered} = $1 if /^  Delivered +\S+ +\d+ +(\d+)/;
		$n{rejected} = $1 if /^  Rejects +(\d+)/;
		$n{temporarily} = $1 if /^  Temp Rejects +(\d+)/;
	}
	return %n;
}

for my $path (@logs) {
	my $log = $path;
	if ($path =~ /\.zst$/) {
		$log = "$dir/log";
		system("zstd -dcq '$path' >'$log'") == 0 or die "$path: zstd failed\n";
	}
	# "2013 Jun 10 06:28:11.123" is no stamp to pflogsumm: it gets the log with another one.
	if (basename($path) eq 'mail.log.2.1-60000.log.zst') {
		system("sed -i 's/^2013 \\(... .. ..:..:..\\)\\.[0-9]*/\\1/' '$log'") == 0 or die "sed failed\n";
	}
	open(my $in, '<', $log) or die "$log: $!\n";
	my $exim = <$in> =~ /^\d{4}-\d\d-\d\d \d\d:/;
	my %ours = ours($log);
	my %theirs = $exim ? eximstats($log) : pflogsumm($log);
	for my $what (sort keys %theirs) {
		$compared++;
		next if $ours{$what} == $theirs{$what};
		my $key = basename($path) . " $what $ours{$what} $theirs{$what}";
		if (my $why = $known{$key}) {
			$explained++;
			print "$path: $what $ours{$what}, not $theirs{$what}: $why\n";
			next;
		}
		$differ++;
		print "$path: $what: $ours{$what} here, $theirs{$what} there\n";
	}
}
print "$compared counts compared, $explained explained, $differ differ\n";
exit($differ || !$compared ? 1 : 0);
