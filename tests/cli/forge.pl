# usage: forge.pl forged|clean <LOG >LOG
#
# Puts into each field of a log that a stranger writes (HELO, sender, message-id, failed login, label
# of a reverse name, remote reply, subject) what looks like other parts of a line; or, in the same
# places, as many bytes that look like nothing: so that nothing else differs.
use strict;
use warnings;

my $mode = shift;
my $bait = q{x [6.6.6.6] (y) client=unknown[6.6.6.6], sasl_username=ceo: reject: RCPT from z[6.6.6.6]: } .
    q{550 status=sent (250 ok) H=([6.6.6.6]) A=plain:ceo P=esmtpsa U=root F=<ceo@victim.example> } .
    q{"'<>(){}#012 -> b, helo=<h>, from=<ceo@victim.example> to=<b@victim.example> relay=r[6.6.6.6]:25, };
my $name = 'client-unknown.status-sent.reject.';

sub plain {
	my $text = shift;
	$text =~ s/[^A-Za-z0-9.]/z/g if $mode eq 'clean';
	return $text;
}
# Of a host, with an ending that says the same of both.
my $helo = plain($bait) . '.example';
my $label = $mode eq 'clean' ? $name =~ s/[-a-z]/z/gr : $name;
# Postfix takes the worst out of it.
my $neuter = $helo =~ tr/ <>()\\";:@/?/r;
# Of an address: quoted, as both daemons log it.
my $local = plain($bait =~ s/(["\\])/\\$1/gr);
my $reply = plain($bait);

# Marks, put in first, so that no text is looked for in what was put in.
my ($HELO, $LABEL, $LOCAL, $REPLY, $NEUTER) = map { chr } 1 .. 5;
my %text = ($HELO => $helo, $NEUTER => $neuter, $LABEL => $label, $LOCAL => $local, $REPLY => $reply);

sub address {
	my ($user, $domain) = @_;
	# the shape of a list's or a bulk sender's address speaks for itself: it stays
	return $user =~ /^[\w.]+$/ ? "\"$user$LOCAL\"$domain" : $user . $domain;
}

# A message-id: Exim takes none but an address, Postfix what it gets.
sub id {
	my ($left, $right) = $_[0] =~ /^([^@]*)(.*)$/;
	return "\"$left$LOCAL\"$right";
}

# As spamd writes it.
sub spamd {
	my $text = shift =~ s/$LOCAL/$local/r;
	1 while $text =~ s/\([^()]*\)//;
	$text =~ s/^\s+|\s+$//g;
	$text =~ s/\s+/ /g;
	$text =~ s/^.*?<(.*?)>.*$/$1/;
	$text =~ s/[^\x21-\x7e]/?/g;
	$text =~ s/[<>]/?/g;
	return "<$text>";
}

while (<STDIN>) {
	chomp;
	if (/ spamd\[/) {
		s/(?<=mid=)<([^>]*)>/spamd('<' . id($1) . '>') =~ tr{,}{_}r/e;
		s/(?<=(?:checking|processing) message )<([^>]*)>/spamd('<' . id($1) . '>')/e;
	} elsif (/ postfix\//) {
		s/(?<=message-id=<)([^>]*)(?=>$)/id($1)/e;
		s/(?<=: from=<)([^>@]*)(@[^>]*)?(?=>, size=)/address($1, $2 \/\/ '')/e;
		s/(?<= from=<)([^>@]*)(@[^>]*)?(?=> to=<)/address($1, $2 \/\/ '')/e;
		s/(?<= helo=<)[^>]*(?=>$)/$NEUTER/;
		s/(?<=sasl_username=)(.*)$/$HELO$1/ if /authentication failed/;
		s/(?<= said: )(\d\d\d [^(]*)(?= \(in reply)/$1 $REPLY/;
		s/\b(?<!-)(?=[-a-z0-9]+\.(?:dip0|dyn|pool|cable)[-.a-z0-9]*\[)/$LABEL/;
	} else {	# Exim
		s/(?<= id=)([^ ]+)/id($1)/e if / <= /;
		s/(?<= T=")([^"]*)/$REPLY$1/ if / <= /;
		s/(?<= <= )([^ <@]+)(@[^ ]*)(?= H=)/address($1, $2)/e;
		s/(?<= H=)([^ ]+ )?\((?!\[)[^)]*\)(?= \[)/($1 \/\/ '') . "($HELO)"/e;
		s/(?<= F=<)([^>@]*)(@[^>]*)?(?=> )/address($1, $2 \/\/ '')/e;
		s/(?<=set_id=)([^)]*)(?=\)$)/$HELO$1/ if /authenticator failed/;
		s/(?<=SMTP error from remote mail server after )(.*)$/$1 $REPLY/;
		s/(?<= H=)(?=[-a-z0-9]+\.(?:dip0|dyn|pool|cable))/$LABEL/;
	}
	s/([\x01-\x05])/$text{$1}/g;
	print "$_\n";
}
