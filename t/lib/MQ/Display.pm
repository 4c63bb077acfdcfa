# SPDX-License-Identifier: GPL-3.0-or-later
# Display.pm - a display that keeps what it is sent, on a loopback port
#
# Speaks the part of Big Brother's protocol that a status needs: it takes a
# connection, reads to its end, and hangs up. One child process; the object
# stops it when it goes away.
package MQ::Display;
use strict;
use warnings;

use IO::Socket::INET;
use MQ;
use parent 'MQ::Child';
use POSIX ();

# new(dir => DIR): keeps messages in DIR, which it makes. Options:
#     silent   take connections, but neither read nor hang up
#     address  where to listen, default 127.0.0.1
sub new {
	my ($class, %opt) = @_;
	my $self = bless {dir => $opt{dir}, owner => $$}, $class;
	mkdir $opt{dir} or die "$opt{dir}: $!\n";
	my $listen = IO::Socket::INET->new(Listen => 20, LocalAddr =>
	    $opt{address} // '127.0.0.1') or die "no free port: $@\n";
	$self->{port} = $listen->sockport;
	$self->{pid} = fork // die "fork: $!\n";
	if (!$self->{pid}) {
		eval { $opt{silent} ? _ignore($listen) :
		    _serve($listen, $opt{dir}) };
		print STDERR $@;
		POSIX::_exit(1);
	}
	return $self;
}

sub _serve {
	my ($listen, $dir) = @_;
	for (my $n = 0; my $from = $listen->accept; $n++) {
		local $/;
		spew("$dir/.new", scalar <$from>);
		rename "$dir/.new", "$dir/$n" or die "rename: $!\n";
		close $from;
	}
}

sub _ignore {
	my ($listen) = @_;
	my @open;
	while (my $from = $listen->accept) {
		push @open, $from;
	}
}

sub port {
	my ($self) = @_;
	return $self->{port};
}

# What came until now, a string each connection. A message is here before the
# sender's connection is closed.
sub messages {
	my ($self) = @_;
	my @messages;
	while (-e "$self->{dir}/" . @messages) {
		push @messages, slurp("$self->{dir}/" . @messages);
	}
	return @messages;
}

# The one message that came since the last call; a sender may be gone before
# what it sent is here.
sub message {
	my ($self) = @_;
	my $before = $self->{seen} // 0;
	my @messages;
	eval { wait_for(sub { (@messages = $self->messages) > $before },
	    'a message') };
	$self->{seen} = @messages;
	return @messages == $before + 1 ? $messages[-1] :
	    @messages - $before . ' messages';
}

1;
