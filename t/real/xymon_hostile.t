#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# xymon_hostile.t - a real Xymon shows what strangers wrote as text, whatever
# it is, and does nothing else with it
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Hostile;
use MQ::Lab;
use MQ::Xymon;
use Test::More;

need('root', 'lab', '/usr/lib/xymon/server/bin/xymond', 'rrdtool');

my $work = tempdir();
my $date = qr/\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \S+ \d{4}/;
my $forged = 0;

install_plugins('xymon');
install(program('bb-ext'), '/usr/bin/bb-ext');
my $xymon = MQ::Xymon->new->start;
my $host = $xymon->host;
my @before = sort map { "@$_[0, 1]" } $xymon->board('color');

# A plugin that prints what a file says.
spew("$work/check_stub", "#!/bin/sh\ncat $work/said\nexit 1\n");
chmod 0755, "$work/check_stub";

# What the page of a column has around the text is the same for any text.
sub around {
	return ($xymon->shown($xymon->page('mqueue')))[2];
}

# Sends what bb-ext makes of it, and returns the message without its date.
sub status {
	my ($column, @plugin) = @_;
	my @options = ('--test', $column);
	my $print = $xymon->bbext(@options, '--print', @plugin);
	my $r = $xymon->bbext(@options, @plugin);
	die "bb-ext: $r->{code} $r->{err}\n" if $r->{code};
	return $print->{out} =~ s/^\S+ \S+ //r =~ s/\n\z//r
	    =~ s/^\w+ \K$date/DATE/r;
}

# What xymond, the worker and the page have: ours, and no more.
sub is_all_there_is {
	my ($column, $message, $name) = @_;
	my ($fields, $log) = $xymon->log($column);
	is($log =~ s/\n+\z//r =~ s/^\w+ \K$date/DATE/r, $message =~ s/\n+\z//r,
	    "$name: xymond has it as it was sent");
	is($fields->[9], '127.0.0.1', '... from this machine');
	my ($first, $rest) = $xymon->shown($xymon->page($column));
	is("$first\n$rest" =~ s/^$date/DATE/r =~ s/\n+\z//r,
	    $message =~ s/^\w+ //r =~ s/\n+\z//r, '... the page, too');
}

# The worker has done all that was sent before when it has done this.
sub worker_is_done {
	my $row = 'done' . ++$forged;
	$xymon->raw("status $host.mqueue green x\n$row : 1\n");
	wait_for(sub { grep { /$row/ } $xymon->rrd_files }, $row);
	unlink $xymon->rrd_path("mqueue,$row.rrd");
}

spew("$work/said", "STUB WARNING - x | messages=5;;;0\nharmless\n");
is_all_there_is('mqueue', status('mqueue', "$work/check_stub"), 'a status');
my $around = around();
like($around, qr/Status message received from /, 'the page has a frame');

for my $text (hostile_texts()) {
	my $name = substr $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger,
	    0, 50;
	subtest "hostile: $name" => sub {
		for my $output (hostile_outputs($text)) {
			spew("$work/said", $output);
			my $message = status('mqueue', "$work/check_stub");
			is_harmless("status $host.mqueue $message\n", $output,
			    'one harmless status');
			is_all_there_is('mqueue', $message, '... read back');
			is(around(), $around, '... in the same page');
		}
	};
}

subtest 'hostile names in a real queue' => sub {
	my @texts = hostile_texts();
	for my $n (0 .. $#texts) {
		# A control file has lines: what follows a newline is another.
		my $text = $texts[$n] =~ tr/\n\0/  /r;
		make_message("$work/queue", n => $n * 5 + $_, helo => $text,
		    sender => $text, relay => "$text [192.0.2.$n]") for 0 .. 4;
	}
	run_ok('chmod', '-R', 'a+rX', "$work/queue");
	for my $by (qw(relay name helo sender sender-domain)) {
		my $message = status('relayflood', plugin_dir()
		    . '/check_relayflood', '-q', "$work/queue", '--by', $by,
		    '-w', '4,1%', '-c', '1000,90%', '--top', '100');
		like($message, qr/^yellow DATE RELAYFLOOD WARNING - /,
		    "by $by: a status");
		unlike(without_words($message) =~ s/^ +\K&(?:green|yellow) (?=\S)//mgr,
		    qr/[^ -~\n]|[|<>&\$`'";\\]|\n(?! )/, '... harmless');
		is_all_there_is('relayflood', $message, '... read back');
	}
};

subtest 'hostile names of real queues' => sub {
	mkdir "$work/$_" for 'queues', 'state';
	chmod 01777, "$work/state";
	my @names = grep { !m{[/\0]} && length $_ < 200 } hostile_texts();
	cmp_ok(scalar @names, '>', 25, scalar @names . ' names');
	for my $name (@names) {
		my $queue = "$work/queues/$name";
		make_queue($queue, 3, age => 600);
		# What stands before a "=" would be a name for the directory.
		$queue = "x=$queue" if $name =~ /=/;
		my @check = (plugin_dir() . '/check_mqueue', '--state-dir',
		    "$work/state", '-w', 2, '-vv', '-q', $queue);
		my $message = status('queues', @check) =~ s/ : \d+ s$/ : AGE/mr;
		like($message, qr/^yellow DATE MQUEUE WARNING - /, 'counted');
		is_harmless("status $host.queues $message\n",
		    run(@check)->{out}, 'one harmless status');
		my (undef, $log) = $xymon->log('queues');
		is($log =~ s/\n\z//r =~ s/^\w+ \K$date/DATE/r
		    =~ s/ : \d+ s$/ : AGE/mr, $message, '... read back');
	}
};

subtest 'hostile names of hosts and columns' => sub {
	for my $text (grep { !/\0/ && !/^\w+$/ } hostile_texts()) {
		is($xymon->bbext('--host', $text, "$work/check_stub")->{code},
		    2, 'no such host');
		is($xymon->bbext('--test', $text, "$work/check_stub")->{code},
		    2, 'no such column');
	}
};

worker_is_done();
is_deeply([sort map { "@$_[0, 1]" } $xymon->board('color')],
    [sort @before, "$host queues", "$host relayflood"],
    'no other status has come of it');
is_deeply([$xymon->rrd_files], ['mqueue,messages.rrd',
    map { "relayflood,$_.rrd" } qw(messages oldest_other read relays
    relays_over sampled top_count top_share)],
    'no other file has come of it');
unlike($xymon->raw('ghostlist'), qr/other/, 'no other host was named');
is_deeply([exposed()], [], 'all servers are on loopback');

# Xymon does act on such texts when nobody cleans them.
subtest 'without bb-ext' => sub {
	$xymon->raw("status $host.mqueue yellow x\n<script>alert(1)</script>\n"
	    . "&red\nforged : 5\n");
	my $html = $xymon->page('mqueue');
	like($html, qr/<script>alert\(1\)/, 'a script is one');
	like($html, qr/ALT="red"/, 'an icon, too');
	worker_is_done();
	is_deeply([grep { /forged/ } $xymon->rrd_files],
	    ['mqueue,forged.rrd'], 'a row is graphed');
	my ($spoof) = grep { /^\@\@\n/ } hostile_texts();
	$xymon->raw("status $host.mqueue yellow x\n$spoof\n");
	worker_is_done();
	like("@{[$xymon->rrd_files]}", qr{\bother\.example\.net/mqueue,other},
	    'the worker takes it for a message of another host');
	$xymon->raw("status $host.mqueue yellow x\n"
	    . "Status message received from 1.2.3.4\n");
	isnt(around(), $around, 'the sender is another');
	$xymon->raw("status $host.mqueue yellow x\n<!-- linecount=90 -->\n");
	isnt(around(), $around, 'the number of graphs, too');
	$xymon->raw("combo\nstatus $host.mqueue green x\n\n"
	    . "status $host.second red forged\n");
	my ($fields) = $xymon->log('second');
	is($fields->[2], 'red', 'one status becomes two');
};

stop_servers();
is_deeply([leftovers()], [], 'no process is left');
done_testing();
