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
	my %alias = (TRIVIAL_REWRITE => 'trivial-rewrite', SCRIPT => 'postfix-script');
	my ($name) = $pattern =~ /^POSTFIX_(.*)/;
	return () unless defined $name;
	$name = $alias{$name} // lc $name;
	return () if $name =~ /_|^relay$/;	# parts of lines
	return "$head postfix/$name\[1]: $data";
}

# What a body tells of its program, where the collection does not.
sub program_of {
	my ($body) = @_;
	return 'spamd' if $body =~ /^(?:spamd|dns|prefork): /;
	return 'policyd-spf' if $body =~ /Received-SPF|; identity=|^SPF |: SPF |^Mail From \(sender\)/ ||
	    $body =~ /^HELO check failed|^testing: stripped/;
	return 'postfwd' if $body =~ /^\[[A-Z]+(?: info)?\]:? /;
	return 'postgrey' if $body =~ /^(?:\w+: )?action=|whitelisted: |^cleaning |^delayed \d+ sec/ ||
	    $body =~ /^rm |^Setting [gu]id|^\d{4}\/|^Binding to|^Resolved |^Couldn't unlink/ ||
	    $body =~ /^ignoring garbage|^unrecognized request/;
	return 'postfix';
}

# logwatch keeps what stands behind the queue id, in columns.
sub logwatch {
	my ($body) = @_;
	$body =~ s/\s+/ /g;
	$body =~ s/^(?:: |\(12\) )+//;
	$body =~ s/^ | $//g;
	my $program = program_of($body);
	if ($program eq 'postfix') {
		my $action = qr/(?:milter-|proxy-)?(?:reject|reject_warning|warn|discard|hold|filter|redirect|bcc|
		    prepend|replace|info|strip|accept|warning):/x;
		$body = "NOQUEUE: $body" if $body =~ /^$action (?:[A-Z-]+|\S+) from /;
		$body = "4A0000000001: $body"
		    if $body =~ /^(?:to|from|client|message-id|resent-message-id|uid)=/ ||
		    $body =~ /^$action (?:header|body|mime|nested|milter)/ || $body =~ /^postmaster |^sender /;
	}
	return "$head $program\[1]: $body";
}

if ($file =~ /\.yaml$/) {
	@lines = yaml();
} elsif ($file =~ m{sekoia-postfix/}) {
	for (@lines) {
		my (undef, $app, $m) = split(/\t/, $_, 3);
		$app = program_of($m) if $app eq '-';
		$_ = "$head $app\[1]: $m";
	}
} elsif ($file =~ /\.json$/) {
	@lines = (grep { defined } map { /"message": "(.*)",?$/ ? unescape($1) : undef } @lines)[0];
} elsif ($file =~ /amavis-TD/) {
	@lines = map { "$head amavis[1]: $_" } @lines;
} elsif ($file =~ /postfix-TD/) {
	@lines = map { logwatch($_) } @lines;
} elsif ($file =~ /\.ini$/) {
	@lines = map { /^log \d+ (?:pass|fail) = (.*)/ ? $1 : () } @lines;
} elsif ($file =~ m{/fgforrest-}) {	# what altered its queue ids altered this word too
	s/notificationXXXX: /notification: / for @lines;
} elsif ($file =~ m{/sshguard/}) {		# "240 192.0.2.1 4 10": what its parser has to find
	@lines = grep { !/^(?:#|$|\*$|M$|\d+ \S+ \d+ \d+$)/ } @lines;
} else {
	@lines = grep { !/^(?:#|$)/ } @lines;	# comments; "### FILE" lines are the corpus' own
}
print "$_\n" for @lines;
