# SPDX-License-Identifier: GPL-3.0-or-later
# Net.pm - both ends of a connection on loopback, for tests of either
#
# Everything is exported. All that a test started ends with it.
package MQ::Net;
use strict;
use warnings;

use Exporter qw(import);
use IO::Select;
use IO::Socket::INET;
use MQ;
use POSIX ();
use Socket;
use Time::HiRes qw(time);

our @EXPORT = qw(served answer double silent inetd connect_to
    read_all);

my $owner = $$;
my %children;

# A child that does this and has no clean-up of the test's.
sub _child {
	my ($do) = @_;
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		$SIG{TERM} = 'DEFAULT';
		$SIG{PIPE} = 'IGNORE';
		eval { $do->() };
		POSIX::_exit(0);
	}
	$children{$pid} = 1;
	return $pid;
}

# Executes with a socket in place of all three descriptors, as inetd does.
sub _exec_on {
	my ($socket, @command) = @_;
	POSIX::dup2(fileno $socket, $_) // POSIX::_exit(126) for 0 .. 2;
	$ENV{LC_ALL} = 'C';
	exec { $command[0] } @command or POSIX::_exit(127);
}

# served(COMMAND...): runs it for one client; returns the client's end, and
# the process.
sub served {
	my @command = @_;
	socketpair(my $client, my $server, AF_UNIX, SOCK_STREAM, PF_UNSPEC)
	    or die "socketpair: $!\n";
	my $pid = _child(sub { close $client; _exec_on($server, @command) });
	close $server;
	return ($client, $pid);
}

# All that comes until the other side closes.
sub read_all {
	my ($socket) = @_;
	my ($text, $seconds) = ('', patience());
	my $end = time + $seconds;
	while (1) {
		IO::Select->new($socket)->can_read($end - time)
		    or die "nothing came within $seconds s\n";
		my $n = sysread $socket, $text, 65536, length $text;
		return $text if !$n;
	}
}

# answer(COMMAND...): what one client reads, and the exit status.
sub answer {
	my ($client, $pid) = served(@_);
	my $text = read_all($client);
	close $client;
	waitpid $pid, 0;
	return ($text, $? >> 8);
}

sub _listen {
	return IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 300)
	    // die "listen: $@\n";
}

# double($sub): a server that does $sub->($socket) with one client; returns
# HOST:PORT.
sub double {
	my ($do) = @_;
	my $listen = _listen();
	_child(sub { $do->($listen->accept) });
	return '127.0.0.1:' . $listen->sockport;
}

# silent(): HOST:PORT of a server that takes connections and says nothing, for
# as long as the test runs.
my @silent;
sub silent {
	push @silent, _listen();
	return '127.0.0.1:' . $silent[-1]->sockport;
}

# inetd(COMMAND...): runs it for each client; returns HOST:PORT, and a sub
# that ends it and waits for all that it runs.
sub inetd {
	my @command = @_;
	my $listen = _listen();
	my $pid = _child(sub {
		$SIG{TERM} = sub { wait_all(); POSIX::_exit(0) };
		while (1) {
			my $client = $listen->accept // next;
			1 while waitpid(-1, POSIX::WNOHANG()) > 0;
			my $served = fork // die "fork: $!\n";
			_exec_on($client, @command) if !$served;
		}
	});
	return ('127.0.0.1:' . $listen->sockport, sub {
		kill 'TERM', $pid;
		waitpid $pid, 0;
		delete $children{$pid};
	});
}

sub wait_all {
	1 while wait != -1;
}

sub connect_to {
	my ($peer) = @_;
	return IO::Socket::INET->new(PeerAddr => $peer, Timeout => 30)
	    // die "connect: $@\n";
}

END {
	if ($owner == $$) {
		local $?;
		kill 'KILL', keys %children;
		waitpid $_, 0 for keys %children;
	}
}

1;
