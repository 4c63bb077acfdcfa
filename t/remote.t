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
use Time::HiRes qw(sleep);

my $dir = tempdir();
my @state = ('--state-dir', "$dir/state");
my $queues = <<'EOT';
queue mqueue.in role=in count=exact messages=39 oldest=726 late=0 quarantined=1 lost=0
queue mqueue role=out count=exact messages=40 oldest=16121 late=39 quarantined=0 lost=0
EOT

# report($body, $age, $now): a report that was made $age seconds ago.
sub report {
	my ($body, $age, $now) = @_;
	return join '', "mqreport 1\nhost mx1\ntime ",
	    ($now // time) - ($age // 0),
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

# A clock that is a little ahead: no time has passed since.
my $r = says(report($queues, -30), 0,
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
my $remote = asked(run(program('mqreport'), '-q',
    "$dir/mqueue.in")->{out}, '-w', '5');
is($remote->{out} =~ s/\Q$remote->{peer}\E/HERE/r =~ s/\d+s/SEC/gr,
    $local->{out} =~ s{, as root: qstat -q \S+}{; there, as root: qstat}r
    =~ s{\Q$dir\E/mqueue\.in}{HERE}r =~ s/\d+s/SEC/gr,
    'mqreport\'s report is judged like the queue itself');

says(report($queues), 2, 'MQUEUE CRITICAL - mqueue 40 messages, over 20, oldest'
    . ' 4h28m;'
    . ' mqueue.in 39', 'thresholds', '-c', 'mqueue=20');
says(report($queues), 3, "MQUEUE UNKNOWN - a threshold names the queue 'x',"
    . ' which is not in the report', 'a threshold for no queue', '-c', 'x=2');
says(report("queue a role=out count=unreadable reason=/q: no\n"), 3,
    'MQUEUE UNKNOWN - a cannot be read: /q: no', 'a queue that can\'t be read');
$r = says(report("queue a role=out count=at-least messages=9 oldest=1 late=0"
    . " quarantined=0 lost=0 reason=no time\n"), 3,
    'MQUEUE UNKNOWN - a not all counted: no time, at least 9 messages, oldest'
    . ' 1s', 'a lower bound');
is_deeply($r->{perf}, {}, '... has no perfdata');
like(asked(report($queues), '-vv')->{out},
    qr/^  directory OK: \S+, from mx1$/m, '-vv tells the host');

# The growth goes by the times in the reports: 60 messages in two minutes. The
# history is kept by the name of the host, so the port has to stay.
my @times = ([240, 100], [120, 160], [0, 220]);
my $now = time;
my ($peer, $stop) = inetd('/bin/sh', '-c', 'cat "$1/now"', 'sh', $dir);
for (@times) {
	my ($age, $n) = @$_;
	spew("$dir/now", report("queue a role=out count=exact messages=$n"
	    . " oldest=1 late=0 quarantined=0 lost=0\n", $age, $now));
	$r = plugin('-H', $peer, @state);
}
# Ages are whole seconds.
cmp_ok(abs($r->{perf}{a_growth}{value} - 30), '<', 0.5,
    'the growth between reports');
$stop->();

# A server that answers from its cache: a run that gets the report of the run
# before changes nothing of the history, and has its growth.
@times = ([240, 100], [120, 160], [10, 215]);
($peer, $stop) = inetd('/bin/sh', '-c', 'cat "$1/now"', 'sh', $dir);
for (@times) {
	my ($age, $n) = @$_;
	spew("$dir/now", report("queue a role=out count=exact messages=$n"
	    . " oldest=1 late=0 quarantined=0 lost=0\n", $age));
	$r = plugin('-H', $peer, @state);
}
my ($history) = grep { /_\Q${\($peer =~ s{.*:}{}r)}\E-/ }
    glob "$dir/state/$>/check_mqueue/*";
my $growth = $r->{perf}{a_growth}{value};
cmp_ok(abs($growth - 30), '<', 0.5, 'the growth before a cached report');
my $kept = slurp($history);
is(scalar(() = $kept =~ /^\d+ \d+ \d+$/mg), 3, '... from three samples');
for my $run (1 .. 8) {
	# In another part of a second, the age is rounded in another way.
	select undef, undef, undef, 0.13;
	$r = plugin('-H', $peer, @state);
	is($r->{perf}{a_growth}{value}, $growth, "... and after it, run $run");
}
is(slurp($history), $kept, '... which is not in the history again');
$stop->();

# One file for all queues of a server, whatever it calls them.
my $flood = "$dir/flood";
($peer, $stop) = inetd('/bin/sh', '-c', 'cat "$1/now"', 'sh', $dir);
for my $run (1 .. 3) {
	spew("$dir/now", report(join('', map { "queue ../%2F$run-$_ role=out"
	    . " count=exact messages=1 oldest=0 late=0 quarantined=0 lost=0\n" }
	    1 .. 300)));
	plugin('-H', $peer, '--state-dir', $flood);
}
my @files = glob "$flood/$>/check_mqueue/*";
is(scalar @files, 1, 'new queues in each report make no new files');
cmp_ok(-s $files[0], '<=', 256 * 1024 + 100, '... and a small one');
my @names = slurp($files[0]) =~ /^thing (.*)/mg;
is_deeply(\@names, [map { "..//3-$_" } 1 .. 300],
    '... with the last names, and no others');
# Files of 0.1.0, one for each queue, go within a day.
for (1 .. 300) {
	my $old = sprintf '%s/%d/check_mqueue/q%d-%016x', $flood, $>, $_, $_;
	spew($old, "mqueue-plugins state 1\n1 2 3\n");
	utime 1e9, time - 86400 - 60, $old or die "$old: $!\n";
}
spew("$flood/$>/check_mqueue/q-0123456789abcdef", 'young');
spew("$flood/$>/check_mqueue/README", 'not ours');
utime 1e9, 1e9, "$flood/$>/check_mqueue/README" or die "README: $!\n";
plugin('-H', $peer, '--state-dir', $flood);
is_deeply([sort map { s{.*/}{}r } glob "$flood/$>/check_mqueue/*"],
    [sort 'README', 'q-0123456789abcdef', map { s{.*/}{}r } @files],
    'what nothing writes for a day is removed');
$stop->();

# --- reports that are none ----------------------------------------------------

my $unknown = 'MQUEUE UNKNOWN - PEER: report';
says(report($queues, 120), 0, 'MQUEUE OK - mqueue.in 39 messages, oldest 14m;'
    . ' mqueue 40', 'the time since the report counts');
$r = says(report($queues, 290), 1, 'MQUEUE WARNING - mqueue.in oldest 16m,'
    . ' over 15m, 39 messages; mqueue 40', 'not yet stale, and over the limit by now');
cmp_ok($r->{perf}{mqueue_in_oldest}{value}, '>=', 726 + 290,
    '... in the perfdata');
is($r->{perf}{mqueue_in_late}{value}, 1, '... one at least is late');
like($r->{out}, qr/^mqueue[.]in WARNING: 39 messages, 1 to 39 older than 15m/m,
    '... and how many more is not known');
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

my $hangs = silent();
my $in_time = 'MQUEUE UNKNOWN - PORT: the answer did not end in time';
$r = given_up('one that hangs is asked as long as -t says',
    [program('check_mqueue'), '-H', $hangs, @state], ['-t', 2],
    ['-t', 300]);
is($r->{code}, 3, '... which is UNKNOWN');
is($r->{out}, $in_time =~ s/PORT/$hangs =~ s{:}{ port }r/er . "\n",
    '... and says so');

# A byte now and then gets it no more time: it would end after -t otherwise.
says(sub {
	my ($client) = @_;
	$client->autoflush;
	sleep 0.2 while print $client 'm';
}, 3, $in_time, 'one that drips', '-t', '2');

my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1') // die;
my $port = $listen->sockport;
close $listen;
$r = plugin('-H', "127.0.0.1:$port", @state);
is("$r->{code} $r->{text}", "3 MQUEUE UNKNOWN - 127.0.0.1 port $port:"
    . ' Connection refused', 'nobody listens');
done_testing;
