#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# relayflood.t - check_relayflood on queues with known contents: the rule, what
# is not judged, hostile names, what can't be read
use strict;
use warnings;

use FindBin;
use JSON::PP;
use POSIX ();
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $work = tempdir();
my $now = time;
my $n = 0;

# fill($dir, $count, %field): adds messages, most without a body.
sub fill {
	my ($dir, $count, %field) = @_;
	make_message($dir, now => $now, n => $n++, body => undef, %field)
	    for 1 .. $count;
}

# The time of day so many seconds ago.
sub clock {
	my (undef, $m, $h) = localtime($now - $_[0]);
	return sprintf '%02d:%02d', $h, $m;
}

# The first line without perfdata, and the exit status.
sub says {
	my ($args, $code, $text, $name) = @_;
	my $r = flood(@$args);
	is($r->{text}, $text, $name);
	is($r->{code}, $code, '... with its status');
	is($r->{err}, '', '... and nothing on stderr');
	return $r;
}

my @perf = qw(messages relays relays_over top_count top_share read sampled
    oldest_other);

subtest 'the rule' => sub {
	my $dir = "$work/rule";
	my @bad = (relay => 'mx.bad.example [192.0.2.66]', age => 600);
	fill($dir, 100, @bad, sender => 'a@bad.example');
	my $r = says(['-q', $dir], 0, 'RELAYFLOOD OK - 100 messages, 1 relay,'
	    . ' largest 192.0.2.66 (mx.bad.example) 100 (100%), limit 100,'
	    . ' oldest 10m', '100 are no flood');
	is_deeply($r->{labels}, \@perf, 'perfdata: all of it');
	fill($dir, 1, @bad, sender => 'b@bad.example');
	$r = says(['-q', $dir], 1, 'RELAYFLOOD WARNING - 192.0.2.66'
	    . ' (mx.bad.example) 101 of 101 messages (100%), from '
	    . clock(600) . ' to ' . clock(600) . ', 101/min, 2 senders; no'
	    . ' other mail', '101 are');
	is_deeply($r->{labels}, \@perf, 'perfdata: the same items');
	is($r->{lines}[2], "  -> a dry run of the removal: qflush -q $dir"
	    . ' 192.0.2.66', 'the next step');

	# 899 more make it 101 of 1000, nine more 10.01%, and then 10%.
	fill($dir, 1, relay => "x.good.example [10.1.2.$_]", age => 420)
	    for 1 .. 90;
	fill($dir, 809, relay => 'localhost [127.0.0.1]', age => 300);
	says(['-q', $dir], 1, 'RELAYFLOOD WARNING - 192.0.2.66'
	    . ' (mx.bad.example) 101 of 1000 messages (10%), from '
	    . clock(600) . ' to ' . clock(600) . ', 101/min, 2 senders; oldest other 7m; loopback'
	    . ' 809 (81%) not judged', '101 of 1000 are');
	fill($dir, 9, relay => 'localhost', age => 300);
	is(flood('-q', $dir)->{code}, 1, '101 of 1009 are');
	fill($dir, 1, relay => undef, age => 300);
	$r = flood('-q', $dir);
	is($r->{code}, 0, '101 of 1010 are not');
	is($r->{perf}{top_count}{warn}, 101, 'for that is the limit');
	is($r->{perf}{top_share}{value}, 10, 'and the share 10%');
	is($r->{perf}{top_share}{uom}, '%', 'in percent');

	$r = flood('-q', $dir, '-c', '100,10%');
	is($r->{code}, 0, 'a limit holds for --critical as well');
	$r = flood('-q', $dir, '-c', '100,9.9%');
	is($r->{code}, 2, 'and is passed');
	is_deeply([map { $_->{uom} } @{$r->{perf}}{@perf}],
	    ['', '', '', '', '%', '', '%', 's'], 'units');
	like($r->{out}, qr/^loopback OK: 809 messages \(80%\), oldest 5m$/m,
	    'the classes that are not judged: loopback');
	like($r->{out}, qr/^bounce OK: 9 messages \(0.9%\), oldest 5m$/m,
	    '... bounces');
	like($r->{out}, qr/^none OK: 1 message \(0.1%\), oldest 5m$/m,
	    '... and what has no relay');
};

# A message that is in the incoming and the outgoing queue counts once.
subtest 'queues are added up' => sub {
	my @in = ('-q', "$work/a.in", '-q', "$work/out");
	fill("$work/a.in", 60, relay => '[192.0.2.66]');
	fill("$work/out", 60, relay => '[192.0.2.66]');
	fill($_, 1, relay => '[192.0.2.66]', n => 3000)
	    for "$work/a.in", "$work/out";
	my $r = flood(@in);
	is($r->{code}, 1, 'a flood in two queues');
	is($r->{perf}{messages}{value}, 121, 'all messages but one twice');
	like($r->{out},
	    qr/^messages OK: 121 messages, 1 relay; a\.in 61, out 61$/m,
	    'and how many in each');
	like($r->{out}, qr{: qflush -q $work/a\.in -q $work/out 192},
	    'the command has both queues');
};

# What a client can choose, in the first line, in the list and as JSON.
my $hostile = "\x1b]0;pwned\x07\x1b[31m|x=1 <script>\$(id)`id`;'\"&\xff\xe9"
    . 'x' x 10_000;
subtest 'hostile text' => sub {
	my $dir = "$work/hostile";
	fill($dir, 2, relay => "$hostile [192.0.2.66]", helo => $hostile,
	    sender => $hostile, status => $hostile,
	    recipients => ["x\@$hostile"]);
	for my $by (qw(relay network name helo sender sender-domain
	    recipient-domain status)) {
		for my $format (qw(nagios json)) {
			my $r = flood('-q', $dir, '--by', $by, '-w', '0',
			    '--growth', '-vv', '--output-format', $format);
			my $out = $r->{out};
			unlike($out, qr/[^\x20-\x7e\n]/, "$by, $format: ASCII");
			unlike($out =~ s/^ *-> //mgr, qr/[<>\$`&]/,
			    '... nothing to interpret');
			cmp_ok(length $out, '<', 4000, '... and short');
			is($r->{err}, '', '... and nothing on stderr');
			if ($format eq 'json') {
				ok(eval { decode_json($out) }, '... is JSON');
			} else {
				is($out =~ tr/|//, 1, '... one |');
				is_deeply($r->{labels}, \@perf, '... labels');
			}
		}
	}
	# A list may be hostile, or broken, as well.
	spew("$work/list", "192.0.2.1\n\x1b[31m|<b>/\n");
	my $r = flood('-q', $dir, '--ignore', "\@$work/list");
	is($r->{out}, "RELAYFLOOD UNKNOWN - --ignore '\@$work/list' line 2,"
	    . " '?[31m__b_/': expected an address or a prefix like"
	    . " 192.0.2.0/24 or 2001:db8::/32; see --help\n",
	    'a line that is no address is told, and cleaned');
};

subtest 'entries that are no messages' => sub {
	my $dir = "$work/odd";
	fill($dir, 2, relay => '[192.0.2.66]');
	POSIX::mkfifo("$dir/qf6AMAF0aA004101", 0600) or die "mkfifo: $!\n";
	mkdir "$dir/qf6AMAF0aB004102" or die "mkdir: $!\n";
	symlink '/etc/passwd', "$dir/qf6AMAF0aC004103" or die "symlink: $!\n";
	symlink 'nothing', "$dir/qf6AMAF0aD004104" or die "symlink: $!\n";
	fill($dir, 1, type => 'hf', relay => '[192.0.2.66]');
	fill($dir, 1, type => 'Qf', relay => '[192.0.2.66]');
	spew("$dir/$_", '') for qw(tf6AMAF0aE004105 xf6AMAF0aE004105 x);
	my $r = flood('-q', $dir);
	is($r->{code}, 0, 'a FIFO, directories and links do not disturb');
	is($r->{perf}{messages}{value}, 2, 'nor do they count');
};

# Messages come and go while the plugin looks.
subtest 'a busy queue' => sub {
	my $dir = "$work/busy";
	fill($dir, 300, relay => '[192.0.2.66]');
	my ($parent, $pid) = ($$, fork // die "fork: $!\n");
	if (!$pid) {
		my @there = map { $_ + 100_000 } 0 .. 99;
		fill($dir, 1, n => $_) for @there;
		while (getppid() == $parent) {
			my $gone = shift @there;
			unlink glob "$dir/[qd]f" . queue_id($now - 60, $gone);
			push @there, $there[-1] + 1;
			fill($dir, 1, n => $there[-1]);
		}
		POSIX::_exit(0);
	}
	my @wrong;
	for (1 .. 100) {
		my $r = flood('-q', $dir);
		my $count = $r->{perf}{top_count}{value} // -1;
		push @wrong, $r->{out} if $r->{code} != 2 && $r->{code} != 1
		    || $count != 300;
	}
	kill 'KILL', $pid;
	waitpid $pid, 0;
	is_deeply(\@wrong, [], 'what stays is counted each time');
};

subtest 'what cannot be read' => sub {
	my $r = flood('-q', "$work/none");
	is($r->{text}, 'RELAYFLOOD UNKNOWN - none cannot be read: No such file'
	    . ' or directory', 'a queue that is not there');
	is($r->{code}, 3, '... is UNKNOWN');
	is_deeply($r->{labels}, [], '... without perfdata');

	return if lacks($> == 0, 'root');
	my $nobody = {uid => 65534, gid => 65534};
	my $dir = "$work/closed";
	fill($dir, 400, relay => '[192.0.2.66]');
	chmod 0700, $dir;
	$r = flood($nobody, '-q', $dir);
	is($r->{text}, 'RELAYFLOOD UNKNOWN - closed cannot be read: Permission'
	    . ' denied', 'a directory of another user');
	like($r->{out}, qr/^  -> user nobody may not read \Q$dir\E: /m,
	    '... with the remedy');
	is(flood($nobody, '-q', $dir, '--list-queues')->{code}, 3,
	    '... and so says --list-queues');

	chmod 0755, $dir;
	chmod 0600, (glob "$dir/qf*")[0 .. 49];
	$r = flood($nobody, '-q', $dir);
	is($r->{code}, 2, 'what was read is critical already');
	like($r->{text}, qr/; 50 of 400 control files cannot be read: Perm/,
	    '... and what was not is told');
	$r = flood($nobody, '-q', $dir, '-c', '1000');
	is($r->{code}, 3, '... else it is UNKNOWN');
	like($r->{out}, qr/^  -> user nobody may not read \Q$dir\E\/qf\w+: /m,
	    '... with the remedy');
	$r = flood($nobody, '-q', $dir, '--list-queues');
	like($r->{out}, qr/NOT readable\n    -> user nobody may not read/,
	    '--list-queues looks at the files, too');
	chmod 0600, glob "$dir/qf*";
	$r = flood($nobody, '-q', $dir);
	is($r->{text}, 'RELAYFLOOD UNKNOWN - 400 of 400 control files cannot'
	    . ' be read: Permission denied', 'not one file can be read');
	is_deeply($r->{labels}, [], '... so there is no perfdata');
};

done_testing;
