# SPDX-License-Identifier: GPL-3.0-or-later
# Fleet.pm - doubles of servers that run mqreport, on loopback
#
#     my $fleet = MQ::Fleet->new(mx1 => 'ok 39 726', mx2 => 'hang');
#     run($mqc, '--once', $fleet->hosts);
#     $fleet->set(mx1 => 'refuse');
#
# One process is all hosts, each on a port of its own. It ends with the object.
# What a host does is read anew for each connection:
#     ok IN OUT [LINE]   sends a report; LINE is one more line of it
#     at-least IN OUT    the same, as lower bounds
#     unread IN          the outgoing queue can't be read
#     no-in OUT          there is no incoming queue
#     age SEC IN OUT     the report is so old; negative: from the future
#     open IN OUT        sends a report, and does not close the connection
#     cut IN OUT         sends a report without its end
#     error TEXT         sends a report that tells an error
#     bytes HEX          sends these bytes
#     big                sends 10 MB that begin like a report
#     drip IN OUT        sends a report, a byte a second
#     hang               accepts, and sends nothing
#     close              closes at once
#     refuse             does not listen
package MQ::Fleet;
use strict;
use warnings;

use IO::Socket::INET;
use MQ;
use POSIX ();
use Time::HiRes ();

# report(in => 39, out => 726, ...): the text of a report.
sub report {
	my (%o) = (host => 'double', age => 0, count => 'exact', @_);
	my $text = "mqreport 1\nhost $o{host}\ntime " . (time() - $o{age}) .
	    "\ntook 1 ms\n";
	for my $queue (['mqueue.in', 'in', $o{in}], ['mqueue', 'out', $o{out}],
	    ['mqueue-client', 'client', 0]) {
		my ($name, $role, $n) = @$queue;
		next if !defined $n;
		$text .= "queue $name role=$role ";
		$text .= $n eq '!' ? "count=unreadable reason=/var/spool/$name:"
		    . " Permission denied\n" : "count=$o{count} messages=$n"
		    . ' oldest=' . ($n ? 60 : 0)
		    . " late=0 quarantined=0 lost=0\n";
	}
	$text .= "$o{line}\n" if defined $o{line};
	return "${text}end\n";
}

sub new {
	my ($class, %modes) = @_;
	my $self = bless {dir => tempdir(), owner => $$}, $class;
	my %listener;
	for my $name (keys %modes) {
		$self->set($name => $modes{$name});
		$listener{$name} = _listen(0);
		$self->{port}{$name} = $listener{$name}->sockport;
	}
	$self->{pid} = fork // die "fork: $!\n";
	if (!$self->{pid}) {
		eval { $self->_serve(\%listener); 1 } or print STDERR $@;
		POSIX::_exit(1);
	}
	return $self;
}

sub set {
	my ($self, $name, $mode) = @_;
	spew("$self->{dir}/.new", $mode);
	rename "$self->{dir}/.new", "$self->{dir}/$name" or die "rename: $!\n";
	# Others see at once; a listener has to be closed or opened first.
	wait_for(sub { -e "$self->{dir}/$name" }, 'the mode');
	$self->_wait_listening($name, $mode ne 'refuse') if $self->{pid};
}

# NAME=HOST:PORT of the given hosts, or of all.
sub hosts {
	my ($self, @names) = @_;
	@names = sort keys %{$self->{port}} if !@names;
	return map { "$_=127.0.0.1:$self->{port}{$_}" } @names;
}

# many($interval, $rounds): the whole of a test. A thousand hosts, of which 980
# answer, 10 hang, 5 drip and 5 refuse, are asked so often; each round has to
# have all answers, in the memory of the others, and cost little. How far off
# the rounds were is told, not judged: the machine may be busy.
sub many {
	my ($interval, $rounds) = @_;
	my $mqc = program('mqc');
	need($mqc);
	my $fleet = MQ::Fleet->new(good => 'ok 39 726', hang => 'hang',
	    drip => 'drip 1 2', refuse => 'refuse');
	my $conf = "$fleet->{dir}/many.conf";
	spew($conf, map { my $what = $_ % 100 == 7 ? 'hang' :
	    $_ % 200 == 9 ? 'drip' : $_ % 200 == 11 ? 'refuse' : 'good';
	    "host$_ = 127.0.0.1:$fleet->{port}{$what}\n" } 1 .. 1000);
	my $pid = open(my $pipe, '-|', $mqc, '--tsv', '-i', $interval, '-n',
	    $rounds, '-f', $conf) // die "$mqc: $!\n";
	my (@at, @ok, @memory, $used, %time);
	while (<$pipe>) {
		my ($time, undef, $answer) = split /\t/;
		next if $time eq 'time';
		if (!$time{$time}++) {
			push @at, Time::HiRes::time();
			push @memory, slurp("/proc/$pid/status") =~
			    /^VmRSS:\s+(\d+)/m;
			# Ticks of user and system time.
			$used = eval { (split ' ', slurp("/proc/$pid/stat") =~
			    s/.*\) //r)[11] + (split ' ',
			    slurp("/proc/$pid/stat") =~ s/.*\) //r)[12] };
		}
		$ok[$#at]++ if $answer eq 'ok';
	}
	close $pipe;
	Test::More::is($? >> 8, 1, 'some did not answer: exit status 1');
	Test::More::is_deeply(\@ok, [(980) x $rounds],
	    "$rounds rounds of 1000 hosts, 980 answer in each");
	my @off = map { $at[$_] - $at[0] - $_ * $interval } 0 .. $#at;
	my $second = $used / POSIX::sysconf(POSIX::_SC_CLK_TCK()) /
	    ($at[-1] - $at[0]);
	Test::More::diag(sprintf 'off by at most %.3f s; %d to %d kB; %.1f%%'
	    . ' of a core', (sort { $b <=> $a } map { abs } @off)[0],
	    $memory[1], $memory[-1], 100 * $second);
	# A sanitizer keeps what was freed.
	return if slurp($mqc) =~ /__asan_init/;
	Test::More::cmp_ok($memory[-1] - $memory[1], '<', 1024,
	    'memory stays the same from the second round on');
	Test::More::cmp_ok($second, '<', 0.25, 'a core is idle mostly');
	return;
}

sub DESTROY {
	my ($self) = @_;
	local ($?, $!);
	return if $$ != $self->{owner} || !$self->{pid};
	kill 'KILL', $self->{pid};
	waitpid $self->{pid}, 0;
}

sub _wait_listening {
	my ($self, $name, $wanted) = @_;
	wait_for(sub {
		my $there = IO::Socket::INET->new(
		    PeerAddr => "127.0.0.1:$self->{port}{$name}");
		return !$wanted == !$there;
	}, "$name to listen or not");
}

sub _listen {
	my ($port) = @_;
	return IO::Socket::INET->new(LocalAddr => "127.0.0.1:$port",
	    Proto => 'tcp', Listen => 1024, ReuseAddr => 1)
	    // die "listen on port $port: $!\n";
}

# The process that is all hosts. Never returns.
sub _serve {
	my ($self, $listener) = @_;
	local $SIG{PIPE} = 'IGNORE';
	my @open;	# [socket, what is left to drip, time of the next byte]
	while (1) {
		for my $name (keys %{$self->{port}}) {
			my $refuse = $self->_mode($name) eq 'refuse';
			delete $listener->{$name} if $refuse;
			$listener->{$name} //= _listen($self->{port}{$name})
			    if !$refuse;
		}
		my $bits = '';
		vec($bits, $_->fileno, 1) = 1 for values %$listener;
		select $bits, undef, undef, 0.02;
		for my $name (keys %$listener) {
			next if !vec($bits, $listener->{$name}->fileno, 1);
			my $socket = $listener->{$name}->accept // next;
			my $rest = $self->_answer($name, $socket) // next;
			push @open, [$socket, $rest, 0];
		}
		shift @open while @open > 500;
		_drip($_) for @open;
	}
}

sub _mode {
	my ($self, $name) = @_;
	return slurp("$self->{dir}/$name");
}

sub _drip {
	my ($one) = @_;
	return if $one->[1] eq '' || Time::HiRes::time() < $one->[2];
	syswrite $one->[0], substr($one->[1], 0, 1, '');
	$one->[2] = Time::HiRes::time() + 1;
}

# Sends what the mode says; undef: that was all, else the rest to drip.
sub _answer {
	my ($self, $name, $socket) = @_;
	my ($mode, @arg) = split ' ', $self->_mode($name), 4;
	my %text = (
		ok => sub { report(host => $name, in => $_[0], out => $_[1],
		    line => $_[2]) },
		'at-least' => sub { report(host => $name, in => $_[0],
		    out => $_[1], count => 'at-least') },
		unread => sub { report(host => $name, in => $_[0],
		    out => '!') },
		'no-in' => sub { report(host => $name, out => $_[0]) },
		age => sub { report(host => $name, age => $_[0],
		    in => $_[1], out => $_[2]) },
		cut => sub { report(in => $_[0], out => $_[1]) =~
		    s/end\n\z//r },
		error => sub { "mqreport 1\nhost $name\ntime " . time .
		    "\nerror @_\nend\n" },
		bytes => sub { pack 'H*', $_[0] },
		big => sub { "mqreport 1\n" . ("x" x 99 . "\n") x 105_000 },
		close => sub { '' },
		hang => sub { '' },
		# The mode may have changed after the connection came.
		refuse => sub { '' },
	);
	$text{open} = $text{drip} = $text{ok};
	my $text = $text{$mode}->(@arg);
	return $text if $mode eq 'drip';
	while ($text ne '') {
		my $n = syswrite $socket, $text;
		last if !$n;
		substr $text, 0, $n, '';
	}
	return $mode eq 'open' || $mode eq 'hang' ? '' : undef;
}

1;
