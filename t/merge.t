#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# merge.t - check_relayflood --merge: servers that mqreport serves
use strict;
use warnings;

use File::Path qw(make_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Net;
use Test::More;

my $dir = tempdir();
my (@peers, @stops);

# Six servers: 80 messages of one relay on each, and 20 of another's. As they
# are one host, it is by the names of their queues that they are six.
for my $server (1 .. 6) {
	my $queue = "$dir/mx$server/mqueue.in";
	make_path($queue);
	make_message($queue, n => $_, relay => 'bad.example [192.0.2.66]')
	    for 1 .. 80;
	make_message($queue, n => 100 + $_,
	    relay => "mx$server.example [198.51.100.$server]") for 1 .. 20;
	my ($peer, $stop) = inetd(program('mqreport'), '-q', "mx$server=$queue",
	    '--relays', 10, '--cache-dir', "$dir/cache$server");
	push @peers, $peer;
	push @stops, $stop;
}

my $r = flood('--merge', @peers);
is($r->{code}, 2, '80 on each of six are a flood') or diag $r->{out};
like($r->{text}, qr/^RELAYFLOOD CRITICAL - 192\.0\.2\.66 480 of 600 messages/,
    '... which is named');
like($r->{text}, qr/ \(80%\) on 6 of 6 servers; 600 messages on 6 servers$/,
    '... and all servers counted');
is($r->{perf}{top_count}{value}, 480, '... in the perfdata');
is($r->{perf}{relays}{value}, 7, '... with all relays');
is($r->{err}, '', '... without a word on stderr');

$r = flood(map({ ('--merge', $_) } @peers[0, 1]), '-w', '160,0%', '-c',
    '400,0%');
is($r->{code}, 0, '160 of two are not over 160');
$r = flood('--merge', @peers[0, 1], '-w', '159,0%', '-c', '400,0%');
is($r->{code}, 1, '... but over 159');
$r = flood('--merge', @peers, '--ignore', '192.0.2.66');
is($r->{code}, 0, '--ignore');

# One server by two names counts once, and that is said.
(my $localhost = $peers[0]) =~ s/^127\.0\.0\.1:/localhost:/;
isnt($localhost, $peers[0], 'there is a second name');
$r = flood('--merge', $peers[0], '--merge', $localhost, '-w', '100,0%');
if (-s '/etc/machine-id') {
	is($r->{code}, 0, '80 on one server that has two names are 80') or
	    diag $r->{out};
	is($r->{perf}{top_count}{value}, 80, '... in the perfdata');
	like($r->{text}, qr/; 100 messages on 1 server; localhost:\d+ is the(?#
	    ) same server as 127\.0/, '... and it is told');
} else {
	is($r->{code}, 3, 'without a machine, it may be another server') or
	    diag $r->{out};
	is_deeply($r->{labels}, [], '... without perfdata');
	like($r->{text}, qr/localhost:\d+ has the host name of 127\.0/,
	    '... and it is told');
}

# A server that is down, and one that hangs: within the time, and named.
$stops[0]->();
$r = given_up('a server that hangs is asked as long as -t says',
    [program('check_relayflood'), '--merge', @peers[0, 1, 2],
    silent()], ['-t', 3], ['-t', 300]);
is($r->{code}, 3, '... and what can not be asked is not fine');
$r = {%$r, %{parse_output($r->{out})}};
like($r->{lines}[0], qr/UNKNOWN - 2 of 4 servers not counted: /,
    '... and is counted');
like($r->{out}, qr/^server \Q$peers[0]\E UNKNOWN: .*refused/m,
    '... and told why');
is_deeply($r->{labels}, [], '... without perfdata');
$r = flood('--merge', @peers[0 .. 5], '-c', '300,30%');
is($r->{code}, 2, 'CRITICAL where the others are already');
$_->() for @stops[1 .. 5];
done_testing;
