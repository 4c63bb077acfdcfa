#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqreport_served.t - mqreport with a socket as its standard output
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Net;
use POSIX ();
use Socket;
use Test::More;
use Time::HiRes qw(time);

need('strace');
my $mqreport = builddir() . '/tools/mqreport';
my $dir = tempdir();
make_queue("$dir/mqueue.in", 20, age => 70);
my @served = ($mqreport, '-q', "$dir/mqueue.in", '--cache-dir', "$dir/cache");
my $whole = qr{\Amqreport 1\nhost \S+\n(?:machine [0-9a-f]{32}\n)?time .*\ntook \d+ ms\nqueue mqueue.in role=in count=exact messages=20 .*\nend\n\z};

my ($text, $code) = answer(@served);
like($text, $whole, 'a client gets the report');
is($code, 0, '... and the exit status is 0');
make_queue("$dir/mqueue.in", 5, first => 20);
is((answer(@served))[0], $text, 'the next one the same');

# What is wrong is told to the client, and it is all that it is told: standard
# error is the same socket.
($text, $code) = answer($mqreport, '--nonsense');
like($text, qr{\Amqreport 1\nhost \S+\ntime .*\ntook 0 ms\nerror unknown option '--nonsense'; see --help\nend\n\z},
    'a wrong option is a report of an error');
is($code, 2, '... and exit status 2');
($text) = answer($mqreport, '--root', "$dir/none", '--cache-dir', $dir);
like($text, qr/^error no sendmail queue found on this machine/m,
    'so is a machine without a queue');
($text, $code) = answer(@served, '-q', "$dir/none");
is(scalar(() = $text =~ /\Q$dir\E/g), 1,
    'advice is for those who can follow it');
is($code, 1, '... and the exit status tells');
($text) = answer(@served, '--cache-dir', "$dir/no/cache");
like($text, qr/^note state directory .*\nqueue/m, 'no cache: a note');

# What hangs is ended by the alarm.
($text, $code) = answer('strace', '-qqf', '-o', '/dev/null', '-e',
    'inject=getdents64:delay_enter=2500000', @served, '--cache', '0', '-t',
    '1');
like($text, qr/^error the file system did not answer in time\nend\n\z/m,
    'a file system that hangs');
is($code, 2, '... is exit status 2');

# --- clients that behave badly -------------------------------------------

my ($peer, $stop) = inetd(@served, '--cache', '0');
my $client = connect_to($peer);
print $client "GET / HTTP/1.0\r\n\r\n" x 1000;
$client->flush;
$client->shutdown(1);
like(read_all($client, 10), qr/\nend\n\z/,
    'a client that sends a lot reads a whole report');
close $client;

my $began = time;
$client = connect_to($peer);
like(read_all($client, 10), qr/\nend\n\z/, 'a client that does not hang up');
$stop->();
cmp_ok(time - $began, '<', 5, '... is left after a moment');
close $client;

# As sshd does it: a local socket, which is not read, and no end of input.
$began = time;
($client, my $pid) = served(@served);
print $client 'x';
$client->flush;
waitpid $pid, 0;
cmp_ok(time - $began, '<', 0.9, 'nothing waits for the end of a local socket');
like(read_all($client, 1), qr/\nend\n\z/, '... and what was written is there');
close $client;

# 400 queues are more than the smallest buffers take.
mkdir "$dir/q$_" or die "$!\n" for 1 .. 400;
socketpair($client, my $server, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
setsockopt $_, SOL_SOCKET, SO_SNDBUF, 1 for $client, $server;
$began = time;
$pid = fork // die "fork: $!\n";
if (!$pid) {
	POSIX::dup2(fileno $server, $_) for 0 .. 2;
	exec $mqreport, '--cache', '0', map { ('-q', "$dir/q$_") } 1 .. 400
	    or POSIX::_exit(127);
}
close $server;
waitpid $pid, 0;
is($? >> 8, 2, 'a client that never reads is given up');
cmp_ok(time - $began, '<', 9, '... in time');
unlike(read_all($client, 1), qr/^end$/m, '... and has no whole report');
close $client;

($client, $pid) = served(@served);
close $client;
waitpid $pid, 0;
is($? & 127, 0, 'a client that hung up is no signal');

# --- many clients ----------------------------------------------------------

# Each look of the count at the queue, whoever makes it. The last of 200 that
# start at once on a busy machine does so late.
unlink glob "$dir/cache/*/mqreport/*";
($peer, $stop) = inetd('strace', '-qq', '-ff', '-o', "$dir/trace", '-e',
    'trace=?open,openat', @served, '--cache', '1m', '-t', '60');
my @clients = map { connect_to($peer) } 1 .. 200;
my %answers;
$answers{read_all($_, 60)}++ for @clients;
$stop->();
is_deeply([values %answers], [200], '200 clients get the same report');
my @traces = glob "$dir/trace.*";
my @counts = grep { m{^open(?:at\(AT_FDCWD, |\()"\Q$dir\E/mqueue\.in/qf"} }
    map { split /\n/, slurp($_) } @traces;
cmp_ok(scalar @traces, '==', 200, '... from 200 processes');
is(scalar @counts, 1, '... which counted once');
done_testing;
