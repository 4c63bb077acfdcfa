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

need('strace');
my $mqreport = program('mqreport');
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
like(read_all($client), qr/\nend\n\z/,
    'a client that sends a lot reads a whole report');
close $client;

# What it waits for is in the calls that it makes, for so many milliseconds.
sub waits {
	my ($name) = @_;
	return [map { /\bp?poll(?:_time64)?\(.*\bevents=(\w+).*, (\d+)\)\s+= / ?
	    "$1 " . ($2 <= 1000 ? 'at most 1000' : $2) : () }
	    trace_lines("$dir/$name")];
}

my @strace = ('strace', '-qq', '-e', 'trace=poll,shutdown', '-o');
($peer, my $end) = inetd(@strace, "$dir/stays", @served, '--cache', '0');
$client = connect_to($peer);
like(read_all($client), qr/\nend\n\z/, 'a client that does not hang up');
$end->();
is_deeply(waits('stays'), ['POLLIN at most 1000'],
    '... is left after a second');
close $client;
$stop->();

# As sshd does it: a local socket, which is not read, and no end of input.
($client, my $pid) = served(@strace, "$dir/local", @served);
print $client 'x';
$client->flush;
waitpid $pid, 0;
like(slurp("$dir/local"), qr/^shutdown\(/m, 'a local socket is shut down');
is_deeply(waits('local'), [], '... and nothing waits for its end');
like(read_all($client), qr/\nend\n\z/, '... and what was written is there');
close $client;

# 400 queues are more than the smallest buffers take.
mkdir "$dir/q$_" or die "$!\n" for 1 .. 400;
socketpair($client, my $server, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
setsockopt $_, SOL_SOCKET, SO_SNDBUF, 1 for $client, $server;
$pid = fork // die "fork: $!\n";
if (!$pid) {
	POSIX::dup2(fileno $server, $_) for 0 .. 2;
	exec @strace, "$dir/never", $mqreport, '--cache', '0', map { ('-q', "$dir/q$_") } 1 .. 400
	    or POSIX::_exit(127);
}
close $server;
waitpid $pid, 0;
is($? >> 8, 2, 'a client that never reads is given up');
like(waits('never')->[0], qr/^POLLOUT [1-5]\d{0,3}$/,
    '... for which it waited 5 seconds at most');
unlike(read_all($client), qr/^end$/m, '... and has no whole report');
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
$answers{read_all($_)}++ for @clients;
$stop->();
is_deeply([values %answers], [200], '200 clients get the same report');
my @traces = glob "$dir/trace.*";
my @counts = grep { m{^open(?:at\(AT_FDCWD, |\()"\Q$dir\E/mqueue\.in/qf"} }
    map { split /\n/, slurp($_) } @traces;
cmp_ok(scalar @traces, '==', 200, '... from 200 processes');
is(scalar @counts, 1, '... which counted once');
done_testing;
