#!/usr/bin/perl
# lines.pl FILE: the log lines in a file of ../shared/corpus/real, as a log has them.
#
# Most files are logs; what is none is taken out of its wrapping here: comments and expected values
# between lines, YAML, JSON and tab-separated collections of messages. A message without a header
# gets one: its program as the collection names it, or "postfix" alone, as rsyslog cuts it.
use strict;
use warnings;

my ($file) = @ARGV;
my $head = 'Mar  3 10:00:00 corpus';

open(my $in, '-|', $file =~ /\.zst$/ ? ('zstd', '-dcq', $file) : ('cat', $file)) or die "$file: $!\n";
my @lines = <$in>;
close($in) or die "$file: cannot be read\n";
s/\r?\n$// for @lines;

sub unescape {
	my ($s) = @_;
	$s =~ s/\\(["\\])/$1/g;
	return $s;
}

sub yaml {
	my $text = join("\n", @lines);
	my ($pattern) = $text =~ /^pattern: .*?%\{([A-Z_]+)/m or die "$file: no pattern\n";
	my ($data) = $text =~ /^data: *(.*)$/m or die "$file: no data\n";
	$data = unescape($1) if $data =~ /^"(.*)"$/;
	$data =~ s/''/'/g if $data =~ s/^'(.*)'$/$1/;
	my %alias = (TLSMGR => 'tlsmgr', TLSPROXY => 'tlsproxy', POSTFIX_SCRIPT => 'postfix-script',
	    TRIVIAL_REWRITE => 'trivial-rewrite', LOSTCONN => 'smtpd', KV => undef, TLS => 'smtp');
	my ($name) = $pattern =~ /^POSTFIX_(.*)/;
	return () unless defined $name;
	$name = exists $alias{$name} ? $alias{$name} : lc $name;
	return defined $name ? "$head postfix/$name\[1]: $data" : ();
}

if ($file =~ /\.yaml$/) {
	@lines = yaml();
} elsif ($file =~ m{sekoia-postfix/}) {
	@lines = map { my (undef, $app, $m) = split(/\t/, $_, 3); "$head $app\[1]: $m" } @lines;
} elsif ($file =~ /\.json$/) {
	@lines = map { /"message": "(.*)",?$/ ? unescape($1) : () } @lines;
} elsif ($file =~ /amavis-TD/) {
	@lines = map { "$head amavis[1]: $_" } @lines;
} elsif ($file =~ /postfix-TD/) {
	@lines = map { "$head postfix[1]: $_" } @lines;
} elsif ($file =~ /\.ini$/) {
	@lines = map { /^log \d+ (?:pass|fail) = (.*)/ ? $1 : () } @lines;
} else {
	@lines = grep { !/^(?:#|$)/ } @lines;	# comments; "### FILE" lines are the corpus' own
}
print "$_\n" for @lines;
