# SPDX-License-Identifier: GPL-3.0-or-later
# Sink.pm - an SMTP server that notes what arrives, and defers some of it
#
# A line for each message goes to a file before the client is told that it was
# taken: its tag (from the subject) and "ok", or what is wrong with the body,
# which has to be body_of(tag). Needs a port that the caller may bind to.
package MQ::Sink;
use strict;
use warnings;

use Exporter qw(import);
use Fcntl;
use IO::Socket::INET;
use MQ;
use POSIX ();
use Socket qw(IPPROTO_TCP TCP_QUICKACK);
use Time::HiRes ();

our @EXPORT_OK = qw(body_of message_of);

# The text of a message: several lines, and none like another's.
sub body_of {
	my ($tag) = @_;
	return join '', map { "line $_ of $tag\n" } 1 .. 40;
}

sub message_of {
	my ($tag) = @_;
	return "Subject: $tag\n\n" . body_of($tag);
}

# new(address => ADDRESS, dir => DIR, delay => SECONDS, prompt => 1): starts one
# on port 25. It defers as many of a hundred recipients as the file DIR/defer
# says, and takes that time for each, as a host far away does. A prompt one lets
# no client wait 40 ms for the acknowledgement of a message's text.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {%opt, log => "$opt{dir}/arrived",
	    owner => $$}, $class;
	$self->defer(0);
	spew($_, '') for $self->{log}, "$opt{dir}/tried";
	my $listen = IO::Socket::INET->new(LocalAddr => $opt{address},
	    LocalPort => 25, Listen => 50, ReuseAddr => 1)
	    or die "sink: $@\n";
	$self->{pid} = fork // die "fork: $!\n";
	return $self if $self->{pid};
	eval { $self->_serve($listen) };
	POSIX::_exit(1);
}

sub defer {
	my ($self, $percent) = @_;
	spew("$self->{dir}/defer.new", $percent);
	rename "$self->{dir}/defer.new", "$self->{dir}/defer"
	    or die "rename: $!\n";
}

# tag -> [what was noted of each arrival]
sub arrived {
	my ($self) = @_;
	my %arrived;
	for (split /\n/, slurp($self->{log})) {
		my ($tag, $what) = split / /, $_, 2;
		push @{$arrived{$tag}}, $what;
	}
	return \%arrived;
}

# How many recipients were asked for, deferred ones as well.
sub tried {
	my ($self) = @_;
	return -s "$self->{dir}/tried";
}

sub stop {
	my ($self) = @_;
	return if !$self->{pid} || $self->{owner} != $$;
	local $?;
	kill 'TERM', $self->{pid};
	waitpid $self->{pid}, 0;
	$self->{pid} = 0;
}

sub DESTROY {
	my ($self) = @_;
	$self->stop;
}

sub _serve {
	my ($self, $listen) = @_;
	$SIG{CHLD} = 'IGNORE';
	$SIG{TERM} = sub { POSIX::_exit(0) };
	while (1) {
		my $client = $listen->accept or next;
		next if fork;
		close $listen;
		srand $$;
		eval { $self->_talk($client) };
		POSIX::_exit(0);
	}
}

sub _talk {
	my ($self, $client) = @_;
	my $taken = 0;
	print $client "220 sink\r\n";
	while (defined(my $line = <$client>)) {
		$self->_try if $line =~ /^RCPT/i;
		if ($line =~ /^RCPT/i && rand(100) < slurp("$self->{dir}/defer")) {
			print $client "451 4.3.0 not now\r\n";
		} elsif ($line =~ /^RCPT/i) {
			$taken++;
			print $client "250 ok\r\n";
		} elsif ($line =~ /^DATA/i && !$taken) {
			print $client "503 no recipient\r\n";
		} elsif ($line =~ /^DATA/i) {
			print $client "354 go\r\n";
			$self->_note($client);
			print $client "250 taken\r\n";
		} elsif ($line =~ /^QUIT/i) {
			print $client "221 bye\r\n";
			return;
		} else {
			$taken = 0 if $line =~ /^(?:MAIL|RSET)/i;
			print $client "250 ok\r\n";
		}
	}
}

sub _try {
	my ($self) = @_;
	sysopen my $tried, "$self->{dir}/tried", O_WRONLY | O_APPEND or die;
	syswrite $tried, '.';
	Time::HiRes::sleep($self->{delay} // 0);
}

sub _note {
	my ($self, $client) = @_;
	my $text = '';
	while (defined(my $line = <$client>)) {
		setsockopt $client, IPPROTO_TCP, TCP_QUICKACK, 1
		    if $self->{prompt} && $text eq '';
		last if $line eq ".\r\n";
		$text .= $line =~ s/\r\n\z/\n/r;
	}
	my ($head, $body) = split /\n\n/, $text, 2;
	my ($tag) = $head =~ /^Subject: (\S+)/m;
	my $what = ($body // '') eq body_of($tag // '') ? 'ok'
	    : 'wrong body of ' . length($body // '') . ' bytes';
	sysopen my $log, $self->{log}, O_WRONLY | O_APPEND or die;
	syswrite $log, ($tag // 'none') . " $what\n";
}

1;
