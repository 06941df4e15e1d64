#!/usr/bin/perl
# accounting.pl PROGRAM CORPUS: for each log of the corpus "lines = recognised + ignored + unknown +
# bad" as a table in Markdown, then the unknown lines that are left.  Exit 1 when a sum is wrong, a
# line is ignored that no foreign program wrote, or a limit is passed: unknown at most 0.5 % of the
# lines of supported daemons, and 2 % of those in a file with 100 lines or more.
use strict;
use warnings;
use File::Basename;
use File::Find;
use File::Temp qw(tempdir);

my ($program, $corpus) = @ARGV;
my $here = dirname($0);
my $dir = tempdir(CLEANUP => 1);
my $failed = 0;

# What we support, by name; of Dovecot only what has to do with sending mail.
my $supported_name = qr/^(?:postfix(?:-[\w.-]+)?(?:\/[\w-]+)+|postfix|exim\S*|spamd|spamc|amavis|rspamd|
    mimedefang\.pl|postgrey|policyd-spf|opendkim)$/x;
my $unsupported_part = qr/\/(?:delays)$/;	# a part of a line that stands for a daemon's name

sub fail {
	print STDERR "$_[0]\n";
	$failed = 1;
}

# The logs of a collection: one file each, but the many small ones of a folder together.
sub logs {
	my (%log, @found);
	find({ wanted => sub { push @found, $File::Find::name if -f }, no_chdir => 1 }, $corpus);
	for my $path (sort @found) {
		my $name = substr($path, length($corpus) + 1);
		next if $name =~ m{^(?:README|rdns-naming/|received-headers/)};
		$name =~ s{/[^/]*$}{/*.yaml} if $name =~ /\.yaml$/;
		push @{$log{$name}}, $path;
	}
	return %log;
}

sub lines_of {
	my $text = '';
	for my $path (@_) {
		open(my $in, '-|', $^X, "$here/lines.pl", $path) or die "lines.pl: $!\n";
		local $/;
		$text .= <$in> // '';
		close($in) or die "$path: lines.pl failed\n";
	}
	return $text;
}

# Who wrote what is ignored, by the name in the line's header.
sub foreign_names {
	my %names;
	my $stamp = qr/(?:\d{4} )?[A-Z][a-z]{2} +\d+ [\d:.]+|\d{4}-\d\d-\d\dT\S+/;
	for (split(/\n/, $_[0])) {
		next unless /^$stamp \S+ ([^\s:\[]+)(?:\[[^\]]*\])?:(?: (.*)|$)/;
		my ($name, $body) = ($1, $2 // '');
		next if $name =~ $supported_name && $name !~ $unsupported_part;
		next if $name eq 'dovecot' && $body =~ /^(?:auth: |auth\(|auth-worker|submission)/;
		$names{$name}++;
	}
	return %names;
}

# The program's own account, and the unknown lines.
sub account {
	my ($text) = @_;
	open(my $log, '>', "$dir/log") or die "$dir/log: $!\n";
	print $log $text;
	close($log) or die "$dir/log: $!\n";
	my $json = qx("$program" -f json --host corpus --tz UTC --now 2026-12-01T00:00:00Z --no-progress --unknown "$dir/unknown" "$dir/log" 2>/dev/null);
	my %n = $json =~ /"lines":\s*\{([^}]*)\}/ ? $1 =~ /"(\w+)":\s*(\d+)/g : ();
	die "$program says nothing of its lines\n" unless defined $n{read};
	open(my $in, '<', "$dir/unknown") or die "$dir/unknown: $!\n";
	chomp(my @unknown = <$in>);
	return (\%n, \@unknown);
}

my %log = logs();
my (%sum, @left);
print "| file | lines | recognised | ignored | unknown | bad |\n|---|--:|--:|--:|--:|--:|\n";
for my $name (sort keys %log) {
	my $text = lines_of(@{$log{$name}});
	my ($n, $unknown) = account($text);
	my %names = foreign_names($text);
	my $supported = $n->{read} - $n->{ignored} - $n->{bad};
	my $ignored = 0;
	$ignored += $_ for values %names;
	my $by = join(', ', map { "$_ $names{$_}" } sort keys %names);
	printf "| %s | %d | %d | %s | %d | %d |\n", $name, $n->{read}, $n->{recognised},
	    $n->{ignored} ? "$n->{ignored}: $by" : '0', $n->{unknown}, $n->{bad};
	fail("$name: the sum is wrong")
	    if $n->{read} != $n->{recognised} + $n->{ignored} + $n->{unknown} + $n->{bad} ||
	    $n->{read} != ($text =~ tr/\n//);
	fail("$name: ignored $n->{ignored} lines, but foreign programs wrote $ignored")
	    if $n->{ignored} != $ignored;
	fail("$name: $n->{unknown} of $supported lines unknown")
	    if $n->{read} >= 100 && $n->{unknown} * 50 > $n->{read};
	$sum{$_} += $n->{$_} for keys %$n;
	push @left, map { "$name: $_" } @$unknown;
}
my $supported = $sum{read} - $sum{ignored} - $sum{bad};
printf "| all | %d | %d | %d | %d (%.2f %% of %d) | %d |\n", $sum{read}, $sum{recognised},
    $sum{ignored}, $sum{unknown}, 100 * $sum{unknown} / $supported, $supported, $sum{bad};
fail("$sum{unknown} of $supported lines unknown") if $sum{unknown} * 200 > $supported;
if (defined $ARGV[2]) {
	open(my $out, '>', $ARGV[2]) or die "$ARGV[2]: $!\n";
	print $out "$_\n" for @left;
}
exit($failed);
