#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqc.t - mqc shows two real sendmails' queues, and finds hosts by DNS
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use MQ;
use MQ::Lab;
use MQ::Sendmail;
use POSIX ();
use Test::More;

need('root', 'lab', '/usr/sbin/inetd', '/usr/sbin/sendmail');

my $mqc = program('mqc');
my $mqreport = program('mqreport');
my $work = tempdir();
my $port = 5119;
my %queue = map { $_ => "$work/$_" } qw(mqueue.in mqueue);
mkdir $_ or die "$_: $!\n" for values %queue;
my %mail = map { $_ => MQ::Sendmail->new(dir => "$work/$_.mta",
    queue => $queue{$_})->start } keys %queue;
$mail{'mqueue.in'}->send(7);
$mail{mqueue}->send(12);

my $command = "mqreport -q $queue{'mqueue.in'} -q $queue{mqueue} --relays 5";
spew("$work/inetd.conf", "127.0.0.1:$port stream tcp nowait root $mqreport "
    . "$command\n");
server({ready => sub { listeners($port) }, log => "$work/inetd"},
    '/usr/sbin/inetd', '-i', "$work/inetd.conf");

sub mqc { return run({env => {HOME => $work,
    PATH => builddir() . "/bin:$ENV{PATH}"}}, $mqc, @_) }

my $r = mqc('--once', 'tcp=127.0.0.1', "command = exec: $command");
is($r->{out}, " tcp(in:m)  command(in:m)\n      7:12           7:12\n",
    'two queues of real sendmails, by inetd and by a command');
is("$r->{code} $r->{err}", '0 ', '... both fresh');
is(mqc('--once', '--total', 'tcp=127.0.0.1', "command = exec: $command")->{out},
    " total(in:m)  tcp(in:m)  command(in:m)\n        7:12       7:12"
    . "           7:12\n  command: the same server as tcp; sums count it"
    . " once\n", '... which are one server to a sum');
is(mqc('--once', '--columns', 'mqueue,mqueue.in', '127.0.0.1')->{out},
    " 127.0.0.1(mqueue:mqueue.in)\n                        12:7\n",
    '... by their names');

# --- names ------------------------------------------------------------------

# A name server that knows one host, and is silent about one. It writes down
# what it is asked.
put('/etc/resolv.conf', "nameserver 127.0.0.1\n");
my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1:53',
    Proto => 'udp') or die "port 53: $@\n";
my $dns = fork // die "fork: $!\n";
if (!$dns) {
	open my $log, '>>', "$work/asked" or POSIX::_exit(1);
	while (defined $socket->recv(my $query, 512)) {
		my ($name, $at) = ('', 12);
		while (my $n = ord substr $query, $at, 1) {
			$name .= lc(substr $query, $at + 1, $n) . '.';
			$at += $n + 1;
		}
		my $type = unpack 'n', substr $query, $at + 1, 2;
		syswrite $log, "$name $type\n";
		next if $name eq 'slow.lab.test.';
		my $known = $name eq 'mx1.lab.test.';
		my $answers = $known && $type == 1;
		$socket->send(pack('a2 n n n n n', $query, $known ? 0x8180 :
		    0x8183, 1, $answers, 0, 0)
		    . substr($query, 12, $at + 5 - 12) . ($answers ?
		    pack('n n n N n C4', 0xc00c, 1, 1, 60, 4, 127, 0, 0, 1) :
		    ''));
	}
	POSIX::_exit(0);
}
$socket->close;
my @names = ('a=mx1.lab.test', 'b=slow.lab.test', 'c=none.lab.test',
    'd=lab.example.net');
$r = mqc('-i', '2', '-t', '1', '-n', '3', '--tsv', @names);
my @rows = map { join ' ', (split /\t/)[1, 2, 4] } split /\n/, $r->{out};
is_deeply([@rows[1 .. 4]], ['a ok 7', 'b no address ', 'c no address ',
    'd no connection '], 'known, silent, unknown, and of /etc/hosts');
is_deeply([@rows[5 .. 12]], [(@rows[1 .. 4]) x 2], '... in each round');
my $asked = slurp("$work/asked");
is(() = $asked =~ /^mx1\.lab\.test\. 1$/mg, 1, 'what is known is asked once');
cmp_ok(scalar(() = $asked =~ /^none\.lab\.test\. 1$/mg), '>=', 3,
    '... and what is not, in each round');
like(mqc('--once', '-i', '2', '-t', '1', @names[1, 2])->{out},
    qr/\n  b: no address: no answer of a name server within 1s\n  c: no address: \S.*\n\z/,
    'why, for people');

# The name server dies, and so do many servers: those that were found stay.
my $pid = open(my $pipe, '-|', $mqc, '-i', '1', '-n', '20', '--tsv',
    $names[0]) // die "$mqc: $!\n";
<$pipe>;
like(scalar <$pipe>, qr/\tok\t/, 'found');
kill 'KILL', $dns;
waitpid $dns, 0;
like(scalar <$pipe>, qr/\tok\t/, 'found without a name server, too');
stop_servers();
like(scalar(<$pipe>) . <$pipe>, qr/\tno connection\t/, 'then it dies');
server({ready => sub { listeners($port) }, log => "$work/inetd"},
    '/usr/sbin/inetd', '-i', "$work/inetd.conf");
my $back = '';
$back .= <$pipe> for 1 .. 3;
like($back, qr/\tok\t/, 'and returns');
kill 'TERM', $pid;
close $pipe;
is($?, 0, 'SIGTERM: exit status 0');
stop_servers();

done_testing;
