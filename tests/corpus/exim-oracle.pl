#!/usr/bin/perl
# exim-oracle.pl number  <LOG >NUMBERED: each line gets a day of its own for its stamp, so that what
#	the program says of it is known by that day.
# exim-oracle.pl compare LOG EVENTS [EXPLAINED]: what this script finds in the lines of LOG against
#	"spamsource dump events" of the numbered ones; prints each difference and their number.
#
# Written from the specification of Exim's log (chapter "Log files") with regular expressions, and
# shares no thought with the parser: the fields of a line are looked for, not read in order. A line
# is wanted when it has a flag ("<= => -> >> *> ** == (=", "Completed") behind its id, or when
# Exim's " rejected " stands in it outside quotes. EXPLAINED: "regular expression<TAB>reason" lines.
use strict;
use warnings;
use Time::Local;

my ($command, @args) = @ARGV;
my $first = timegm(0, 0, 12, 1, 0, 2000);
my $stamp = qr/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)((?:\.\d+)?(?: [+-]\d{4})?) /;
my $id = qr/[0-9A-Za-z]{6}-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{6}-[0-9A-Za-z]{11}-[0-9A-Za-z]{4}/;

sub number {
	my $n = 0;
	while (my $line = <STDIN>) {
		my @t = gmtime($first + 86400 * $n++);
		my $day = sprintf('%04d-%02d-%02d 12:00:00', $t[5] + 1900, $t[4] + 1, $t[3]);
		$line =~ s/$stamp/$day$2 /;
		print $line;
	}
}

sub is_address {
	my ($s) = @_;
	return 1 if $s =~ /^(?:\d+\.){3}\d+$/ && !grep { $_ > 255 || /^0\d/ } split(/\./, $s);
	return $s =~ /:.*:/ && $s =~ /^[0-9a-fA-F:]+$/ && $s !~ /[0-9a-fA-F]{5}/;
}

# "name (helo) [addr]:port", "(helo) [addr]", "[addr]"
sub host {
	my ($s, $prefix) = @_;
	my %got;
	return () unless $s =~ /^(?:([^\s(\[]+) )?(?:\((.*?)\) )?\[([^\] ]*)\](?::(\d+))?/;
	my ($name, $helo, $addr, $port) = ($1, $2, $3, $4);
	if ($prefix eq 'next') {
		$got{other} = lc $addr if is_address($addr);
		$got{relay} = $name // $helo if defined($name // $helo);
	} else {
		$got{client} = lc $addr if is_address($addr);
		$got{client_name} = $name if defined $name;
		$got{helo} = $helo if defined $helo;
		$got{port} = $port if defined $port && $port ne '0';
	}
	return %got;
}

sub received {
	my ($rest) = @_;
	my %got = (event => 'received');
	$rest =~ s/^((?:"(?:\\.|[^"\\])*"|[^\s"])+)// or return ();
	$got{sender} = $1 eq '<>' ? '' : $1;
	$rest =~ s/ T="(?:\\.|[^"\\])*".*//;	# subject, and "from <> for ..." behind it
	$rest =~ s/ DN="(?:\\.|[^"\\])*"//;
	%got = (%got, host($1, 'client')) if $rest =~ / H=(.*)/;
	$got{proto} = $1 if $rest =~ / P=(\S+)/;
	$got{size} = $1 if $rest =~ / S=(\d+)(?= |$)/;
	$got{message_id} = $1 if $rest =~ / id=((?:"(?:\\.|[^"\\])*"|[^\s"])+)/;
	my $proto = $got{proto} // '';
	if ($proto =~ /a$|asmtp$/ && $rest =~ / A=((?:"[^"]*"|\S)+)/) {
		my @part = split(/:/, $1);
		$got{account} = $part[1] // $part[0];
	}
	$got{user} = $1 if $proto =~ /^local/ && $rest !~ / H=/ && $rest =~ / U=(\S+)/;
	return %got;
}

my %status = ('=>' => 'sent', '->' => 'sent', '>>' => 'sent', '*>' => 'sent', '**' => 'bounced',
    '==' => 'deferred');

sub delivery {
	my ($flag, $rest) = @_;
	my %got = (event => 'delivery', status => $status{$flag});
	if ($rest =~ s/^(\|.*?) <([^>]*)>//) {			# a command
		$got{rcpt} = $2;
	} elsif ($rest =~ s/^((?:"(?:\\.|[^"\\])*"|[^\s"])+)(?: <((?:"(?:\\.|[^"\\])*"|[^>"])*)>)?//) {
		my ($place, $address) = ($1, $2);
		$rest = ":$rest" if $place =~ /\@/ && $place =~ s/:$//;
		$got{rcpt} = defined $address && ($place =~ m{^/} || $place !~ /\@/) ? $address : $place;
	} else {
		return ();
	}
	$rest =~ s/ C="(?:\\.|[^"\\])*"//;
	my ($fields) = $rest =~ /^(.*?)(?:: | : |$)/;
	if ($flag =~ /[>]/ || $fields =~ / H=/) {
		%got = (%got, host($1, 'next')) if $rest =~ / H=(.*)/;
	} elsif ($rest =~ /(?:: |^: ?|^ : )host (.*)/) {
		%got = (%got, host($1, 'next'));
	}
	$got{status} = 'expired' if $flag eq '**' && $rest =~ /(?:^|: )retry timeout exceeded$/;
	return %got;
}

sub rejected {
	my ($line) = @_;
	(my $bare = $line) =~ s/"(?:\\.|[^"\\])*"/""/g;
	return () unless $bare =~ /(?:^|\s)rejected(?: |$)/;
	return () if $bare =~ /^SMTP protocol|^SA: |^SMTP call|^refused/;
	return () if $bare !~ /^(?:(?:H|U|F|P|X|A|I|CV|SNI|DN|Ci|PRX|K|M8S|TFO|L|RT)=|temporarily|rejected)/;
	my %got = (event => 'reject');
	my ($before, $behind) = $line =~ /^(.*?)(?:^|(?<= ))(?:temporarily )?rejected ?(.*)$/;
	$got{action} = $line =~ /^\Q$before\Etemporarily / ? 'deferred' : 'refused';
	if ($before =~ /(?:^| )H=(.*)/) {
		%got = (%got, host($1, 'client'));
	} elsif ($behind =~ /^(?:MAIL|HELO|EHLO|XCLIENT|RCPT|DATA|AUTH|VRFY|EXPN) from (.*)/) {
		%got = (%got, host($1, 'client'));
	} elsif ($behind =~ /^(?:from <[^>]*>|MAIL \S+) H=(.*)/) {
		%got = (%got, host($1, 'client'));
	}
	$got{sender} = $1 if $before =~ /(?:^| )F=<((?:"(?:\\.|[^"\\])*"|[^>"])*)>/ ||
	    $before =~ /(?:^| )F=([^\s<]\S*)/;
	$got{account} = $1 if $before =~ /(?:^| )A=(?:[^:\s]+:)?(\S+)/;
	$got{rcpt} = $1 if $behind =~ /^RCPT <((?:"(?:\\.|[^"\\])*"|[^>"])*)>/ ||
	    $behind =~ /^RCPT ([^<\s]\S*?):? /;
	$got{sender} = $1 if $behind =~ /^MAIL (?:FROM:)?<([^>]*)>/ || $behind =~ /^from <([^>]*)>/;
	return %got;
}

# What is wanted of a line; empty: nothing.
sub extract {
	my ($line) = @_;
	my %got;
	return () unless $line =~ s/$stamp//;
	$line =~ s/^\[\d+\] //;
	my $qid;
	$qid = $1 if $line =~ s/^($id) //;
	if (defined $qid && $line =~ /^(<=|\(=|=>|->|>>|\*>|\*\*|==) (.+)/) {
		my ($flag, $rest) = ($1, $2);
		%got = $flag =~ /^[<(]=/ ? received($rest) : delivery($flag, $rest);
	} elsif (defined $qid && $line =~ /^Completed/) {
		%got = (event => 'removed');
	} else {
		%got = rejected($line);
	}
	$got{qid} = $qid if %got && defined $qid;
	return %got;
}

my %escape = (n => "\n", t => "\t", r => "\r", b => "\b", f => "\f", '"' => '"', '\\' => '\\', '/' => '/');

sub unquote {
	my ($s) = @_;
	$s =~ s/\\(?:u([0-9a-fA-F]{4})|(.))/defined $1 ? chr(hex $1) : $escape{$2}/ge;
	return $s;
}

# "key=value" of a line that dump printed.
sub dumped {
	my ($line) = @_;
	my ($time, $host, $mta, $event, $rest) = split(/ /, $line, 5);
	my %got = (event => $event);
	while (($rest // '') =~ /(?:^| )([a-z_]+)=(?:"((?:\\.|[^"\\])*)"|(\S*))/g) {
		$got{$1} = defined $2 ? unquote($2) : $3;
	}
	my ($y, $m, $d) = $time =~ /^(\d+)-(\d+)-(\d+)/;
	return (int((timegm(0, 0, 12, $d, $m - 1, $y) - $first) / 86400), %got);
}

my @keys = qw(event qid client port client_name helo sender rcpt account user proto size message_id
    status other relay action);

sub compare {
	my ($log, $events, $explained) = @_;
	my (%event, @reason, $wanted, $differ, $excused);
	$wanted = $differ = $excused = 0;
	if (defined $explained) {
		open(my $e, '<', $explained) or die "$explained: $!\n";
		@reason = map { chomp; [split(/\t/, $_, 2)] } grep { !/^#/ } <$e>;
	}
	open(my $e, '<', $events) or die "$events: $!\n";
	while (<$e>) {
		chomp;
		my ($n, %got) = dumped($_);
		$event{$n} = \%got;
	}
	open(my $l, '<', $log) or die "$log: $!\n";
	for (my $n = 0; my $line = <$l>; $n++) {
		chomp $line;
		my %want = extract($line);
		next unless %want;
		$wanted++;
		my $got = $event{$n} // { event => 'nothing' };
		# not a fact of the line, or said in another way: a transport's name is a relay to us
		my @wrong = grep { ($want{$_} // '') ne ($got->{$_} // '') } @keys;
		@wrong = grep { $_ ne 'relay' || defined $want{relay} } @wrong;
		@wrong = grep { $_ ne 'helo' || $want{event} ne 'reject' || defined $want{helo} } @wrong;
		next unless @wrong;
		my @why = grep { $line =~ /$_->[0]/ } @reason;
		if (@why) {
			$excused++;
			next;
		}
		$differ++;
		print "$line\n", map { "    $_: want '" . ($want{$_} // '') . "', got '" .
		    ($got->{$_} // '') . "'\n" } @wrong;
	}
	print "$wanted lines compared, $excused explained, $differ differ\n";
	exit($differ || !$wanted ? 1 : 0);
}

$command eq 'number' ? number() : compare(@args);
