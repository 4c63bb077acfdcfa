#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# remote.t - check_mqueue -H: good reports, bad ones, and none
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Net;
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = tempdir();
my @state = ('--state-dir', "$dir/state");
my $queues = <<'EOT';
queue mqueue.in role=in count=exact messages=39 oldest=726 late=0 quarantined=1 lost=0
queue mqueue role=out count=exact messages=40 oldest=16121 late=39 quarantined=0 lost=0
EOT

sub report {
	my ($body, $age) = (@_, 0);
	return join '', "mqreport 1\nhost mx1\ntime ", CORE::time() - $age,
	    "\ntook 12 ms\n", $body, "end\n";
}

# asked($what, @options): what check_mqueue says of a server that sends this
# text or does this; peer is where it was.
sub asked {
	my ($what, @options) = @_;
	my $peer = double(ref $what ? $what : sub {
		my ($client) = @_;
		print $client $what;
	});
	my $r = plugin('-H', $peer, @state, @options);
	$r->{peer} = $peer;
	return $r;
}

# says($what, $code, $text, $name, @options): PEER in the text is the server,
# HOST:PORT, and PORT the same in words.
sub says {
	my ($what, $code, $text, $name, @options) = @_;
	my $r = asked($what, @options);
	is($r->{code}, $code, $name);
	my $port = $r->{peer} =~ s/:/ port /r;
	is($r->{text}, $text =~ s/PEER/$r->{peer}/r =~ s/PORT/$port/r,
	    '... and says so');
	is($r->{err}, '', '... on standard output');
	return $r;
}

# --- as a queue of this host ------------------------------------------------

my $r = says(report($queues), 0,
    'MQUEUE OK - mqueue.in 39 messages, oldest 12m; mqueue 40', 'a report');
is_deeply($r->{labels}, [map { my $q = $_; map { "$q$_" }
    '', qw(_oldest _late _growth _held _lost _strand) } qw(mqueue_in mqueue)],
    'the perfdata of a local queue');
is_deeply($r->{perf}{mqueue_in_oldest}, {value => 726, uom => 's',
    warn => 900, crit => 3600, min => 0, max => ''}, '... and its limits');
like($r->{out}, qr/^mqueue OK: 40 messages, 39 older than 15m, oldest 4h28m, 0 quarantined, 0 lost; \Q$r->{peer}\E$/m,
    'the line of a queue');

make_queue("$dir/mqueue.in", 7, age => 1000);
my $local = plugin('-q', "$dir/mqueue.in", @state, '-w', '5');
my $remote = asked(run(builddir() . '/tools/mqreport', '-q',
    "$dir/mqueue.in")->{out}, '-w', '5');
is($remote->{out} =~ s/\Q$remote->{peer}\E/HERE/r =~ s/\d+s/SEC/gr,
    $local->{out} =~ s{\Q$dir\E/mqueue\.in}{HERE}r =~ s/\d+s/SEC/gr,
    'mqreport\'s report is judged like the queue itself');

says(report($queues), 2, 'MQUEUE CRITICAL - mqueue 40 messages, oldest 4h28m;'
    . ' mqueue.in 39', 'thresholds', '-c', 'mqueue=20');
says(report($queues), 3, "MQUEUE UNKNOWN - a threshold names the queue 'x',"
    . ' which is not in the report', 'a threshold for no queue', '-c', 'x=2');
says(report("queue a role=out count=unreadable reason=/q: no\n"), 3,
    'MQUEUE UNKNOWN - a cannot be read: /q: no', 'a queue that can\'t be read');
$r = says(report("queue a role=out count=at-least messages=9 oldest=1 late=0"
    . " quarantined=0 lost=0 reason=no time\n"), 3,
    'MQUEUE UNKNOWN - a at least 9 messages, oldest 1s, not all counted: no'
    . ' time', 'a lower bound');
is_deeply($r->{perf}, {}, '... has no perfdata');
like(asked(report($queues), '-vv')->{out},
    qr/^  directory OK: \S+, from mx1$/m, '-vv tells the host');

# The growth goes by the times in the reports: 60 messages in two minutes. The
# history is kept by the name of the host, so the port has to stay.
my @times = ([240, 100], [120, 160], [0, 220]);
my $served = 0;
my ($peer, $stop) = inetd('/bin/sh', '-c', 'cat "$1/now"', 'sh', $dir);
for (@times) {
	my ($age, $n) = @$_;
	spew("$dir/now", report("queue a role=out count=exact messages=$n"
	    . " oldest=1 late=0 quarantined=0 lost=0\n", $age));
	$r = plugin('-H', $peer, @state);
}
# A second goes by between two of them on a busy machine.
cmp_ok(abs($r->{perf}{a_growth}{value} - 30), '<', 0.5,
    'the growth between reports');
$stop->();

# --- reports that are none ----------------------------------------------------

my $unknown = 'MQUEUE UNKNOWN - PEER: report';
says(report($queues, 290), 0, 'MQUEUE OK - mqueue.in 39 messages, oldest 12m;'
    . ' mqueue 40', 'not yet stale');
says(report($queues, 330), 3, "$unknown stale: it was made 5m ago, which is"
    . ' over 5m', 'stale');
says(report($queues, 90), 3, "$unknown stale: it was made 1m ago, which is"
    . ' over 1m', '--stale', '--stale', '1m');
says(report($queues, -7230), 3, "$unknown from the future: it was made in 2h;"
    . ' compare the clocks', 'from the future');
says(sub { }, 3, "$unknown refused: the connection was closed without an"
    . ' answer; may this host connect there?', 'closed at once');
says(substr(report($queues), 0, 150), 3, "$unknown cut: its end is missing",
    'cut');
says(report($queues) =~ s/end\n//r, 3, "$unknown cut: its end is missing",
    'cut at a line');
says("220 mx1 ESMTP\r\n", 3, "$unknown garbage: it does not begin like a"
    . ' report of mqreport', 'another protocol');
says(report("queue a role=in count=exact messages=\0\n"), 3, "$unknown"
    . ' garbage: it has bytes that are not ASCII text', 'NULs');
says(report("queue \e[2J\e]0;x\a role=in count=unreadable\n"), 3, "$unknown"
    . ' garbage: it has bytes that are not ASCII text', 'escapes');
says(report("queue a role=in count=exact messages=-1 oldest=1 late=0"
    . " quarantined=0 lost=0\n"), 3, "$unknown garbage: a queue line says too"
    . ' little, or what can\'t be', 'a number that is none');
says(report(''), 3, "$unknown garbage: it does not say its host, its time, or"
    . ' any queue', 'no queue');
says("mqreport 2\nend\n", 3, "$unknown too new: a newer mqreport made it;"
    . ' update this program', 'a newer version');
says(report("error <b>\`id\`|\n"), 3, "$unknown failed: _b__id__",
    'an error, made to harm');
is(asked(report("queue %1B%5B2J|x role=in count=unreadable reason=|a=1\n"))
    ->{text}, 'MQUEUE UNKNOWN - ?[2J_x cannot be read: _a=1',
    'a name made to harm');

# 10 MB: the connection is closed long before.
$r = says(sub {
	my ($client) = @_;
	my $sent = 0;
	print $client 'x' x 10_000 and $sent += 10_000 while $sent < 10_000_000;
}, 3, 'MQUEUE UNKNOWN - PORT: more than 262144 bytes came', '10 MB');

# --- servers that do not answer -------------------------------------------

my $began = time;
says(sub { my ($client) = @_; sleep 30 }, 3, 'MQUEUE UNKNOWN - PORT: the'
    . ' answer did not end in time', 'one that hangs', '-t', '2');
says(sub {
	my ($client) = @_;
	$client->autoflush;
	for (split //, report($queues)) {
		print $client $_ or last;
		sleep 0.2;
	}
}, 3, 'MQUEUE UNKNOWN - PORT: the answer did not end in time', 'one that drips',
    '-t', '2');
cmp_ok(time - $began, '<', 6, '... both in time');

my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1') // die;
my $port = $listen->sockport;
close $listen;
$r = plugin('-H', "127.0.0.1:$port", @state);
is("$r->{code} $r->{text}", "3 MQUEUE UNKNOWN - 127.0.0.1 port $port:"
    . ' Connection refused', 'nobody listens');
done_testing;
