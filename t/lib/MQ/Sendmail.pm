# SPDX-License-Identifier: GPL-3.0-or-later
# Sendmail.pm - a real sendmail in the lab: takes mail by SMTP, delivers none
#
# It listens on a loopback port, looks nothing up in the DNS and leaves every
# message in its queue. The object stops its own daemon when it goes away.
# Clients may have other addresses than loopback ones; see add_address().
package MQ::Sendmail;
use strict;
use warnings;

use IO::Socket::IP;
use MQ;
use POSIX ();
use Socket qw(AI_NUMERICHOST);

my $program = '/usr/sbin/sendmail';

# new(dir => DIR, queue => QUEUEDIRECTORY, mc => TEXT): configures it below
# DIR. QUEUEDIRECTORY is the value of that option, TEXT is added to the m4
# configuration. new(cf => FILE, dir => DIR) takes a configuration that
# exists. Both take "port", to listen on, and "options" for the daemon alone.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {cf => $opt{cf}, dir => $opt{dir}, pid => 0,
	    port => $opt{port}, options => $opt{options} // [],
	    owner => $$}, $class;
	-d $opt{dir} or mkdir $opt{dir} or die "$opt{dir}: $!\n";
	$self->_configure(%opt) if !$opt{cf};
	return $self;
}

sub _configure {
	my ($self, %opt) = @_;
	my $dir = $self->{dir};
	my $mc = $opt{mc} // '';
	spew("$dir/service.switch", "hosts files\n");
	spew("$dir/sendmail.mc", <<"EOT");
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`linux')dnl
define(`QUEUE_DIR', `$opt{queue}')dnl
define(`ALIAS_FILE', `')dnl
define(`STATUS_FILE', `')dnl
define(`confPID_FILE', `$dir/sendmail.pid')dnl
define(`confSERVICE_SWITCH_FILE', `$dir/service.switch')dnl
define(`confDOMAIN_NAME', `lab.example.net')dnl
define(`confTO_IDENT', `0')dnl
FEATURE(`no_default_msa')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
$mc
MAILER(`local')dnl
MAILER(`smtp')dnl
EOT
	my $m4 = run('m4', "$dir/sendmail.mc");
	die "m4: $m4->{err}\n" if $m4->{code} || $m4->{err} ne '';
	spew($self->{cf} = "$dir/sendmail.cf", $m4->{out});
}

sub _free_port {
	my $probe = IO::Socket::IP->new(LocalHost => '127.0.0.1', Listen => 1)
	    or die "no free port: $@\n";
	return $probe->sockport;
}

# Starts the daemon, on a port that the kernel chose if it has none, and waits
# for its greeting. In the foreground (-bD) its process is our child.
sub start {
	my ($self) = @_;
	$self->{port} //= _free_port();
	my @options = ('-ODeliveryMode=queueonly', @{$self->{options}}, map {
	    "-ODaemonPortOptions=Name=MTA-$_->[0],Family=$_->[0],"
	    . "Addr=$_->[1],Port=$self->{port}"
	    } ['inet', '127.0.0.1'], ['inet6', '::1']);
	my $log = "$self->{dir}/daemon.log";
	$self->{pid} = fork // die "fork: $!\n";
	if (!$self->{pid}) {
		open STDIN, '<', '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>', $log or POSIX::_exit(126);
		open STDERR, '>&', \*STDOUT or POSIX::_exit(126);
		exec $program, '-bD', '-C', $self->{cf}, @options
		    or POSIX::_exit(127);
	}
	wait_for(sub {
		waitpid($self->{pid}, POSIX::WNOHANG()) == 0
		    or die 'sendmail ended: ' . slurp($log);
		return eval { $self->_connect };
	}, 'the greeting of sendmail');
	return $self;
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

# send($n, %opt): sends n messages in one SMTP session; returns the queue ids
# that sendmail told. Options:
#     to      address or array of them, default b@customer.example
#     from    sender, default a@lab.example.net
#     helo    name to greet with, default client.example
#     client  address to come from, default 127.0.0.1
#     text    function that makes the n-th message; lines end in "\r\n"
sub send {
	my ($self, $n, %opt) = @_;
	my $to = $opt{to} // 'b@customer.example';
	my $from = $opt{from} // 'a@lab.example.net';
	my $text = $opt{text} // sub { "Subject: $_[0]\r\n\r\ntext\r\n" };
	my $smtp = $self->_connect($opt{client});
	my @ids;
	_talk($smtp, 'HELO ' . ($opt{helo} // 'client.example'), 250);
	for my $i (1 .. $n) {
		_talk($smtp, "MAIL FROM:<$from>", 250);
		_talk($smtp, "RCPT TO:<$_>", 250) for ref $to ? @$to : $to;
		_talk($smtp, 'DATA', 354);
		my $said = _talk($smtp, $text->($i) . '.', 250);
		push @ids, $said =~ /2\.0\.0 (\w+) Message accepted/;
	}
	_talk($smtp, 'QUIT', 221);
	return @ids;
}

# Gives this host one more address, on the loopback interface of the lab, so
# that a client may come from it; nothing, if it has that already. A name goes
# to /etc/hosts, where sendmail looks it up.
sub add_address {
	my ($address, $name) = @_;
	my $ip = run('ip', 'address', 'replace',
	    $address . ($address =~ /:/ ? '/128' : '/32'), 'dev', 'lo');
	die "ip: $ip->{err}\n" if $ip->{code};
	spew('/etc/hosts', slurp('/etc/hosts'), "$address $name\n")
	    if defined $name;
}

# Lets clients come from any address of a network, as those of other hosts: no
# interface has them.
sub add_network {
	my ($network) = @_;
	my $ip = run('ip', $network =~ /:/ ? '-6' : '-4', 'route', 'replace',
	    'local', $network, 'dev', 'lo');
	die "ip: $ip->{err}\n" if $ip->{code};
	# For IPv4 the route is enough.
	spew('/proc/sys/net/ipv6/ip_nonlocal_bind', "1\n")
	    if $network =~ /:/;
}

# What a client from this address hears to MAIL, or to the greeting if that
# is no 220: the whole line.
sub answer_to {
	my ($self, $client) = @_;
	my $smtp = $self->_socket($client);
	my $said = <$smtp> // "closed\r\n";
	for my $line ('HELO client.example', 'MAIL FROM:<a@lab.example.net>') {
		last if $said !~ /^2/;
		print $smtp "$line\r\n";
		$said = <$smtp> // "closed\r\n";
	}
	print $smtp "QUIT\r\n";
	return $said =~ s/\r\n\z//r;
}

sub _connect {
	my ($self, $client) = @_;
	my $smtp = $self->_socket($client);
	_talk($smtp, undef, 220);
	return $smtp;
}

sub _socket {
	my ($self, $client) = @_;
	my $v6 = defined $client && $client =~ /:/;
	my $smtp = IO::Socket::IP->new(PeerPort => $self->{port},
	    PeerHost => $v6 ? '::1' : '127.0.0.1', Timeout => 10,
	    GetAddrInfoFlags => AI_NUMERICHOST,
	    defined $client ? (LocalHost => $client) : ())
	    or die "connect: $@\n";
	return $smtp;
}

# Says a line and returns the last line of the answer, which must have that
# code.
sub _talk {
	my ($smtp, $line, $code) = @_;
	print $smtp "$line\r\n" if defined $line;
	my $answer;
	do {
		$answer = <$smtp> // die "sendmail hung up\n";
	} while ($answer =~ /^\d+-/);
	$answer =~ /^$code/ or die +($line // 'greeting') . ": $answer";
	return $answer;
}

# command(ARGUMENT...): sendmail with this configuration, as run() does it.
sub command {
	my ($self, @arguments) = @_;
	return run($program, '-C', $self->{cf}, @arguments);
}

# What mailq says in its last line.
sub mailq_total {
	my ($self, @arguments) = @_;
	my ($total) = $self->command('-bp', @arguments)->{out} =~
	    /Total requests: (\d+)/;
	return $total // 0;
}

1;
