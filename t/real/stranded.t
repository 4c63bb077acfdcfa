#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# stranded.t - a real sendmail at work strands nothing, and what is called
# stranded it does not see
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Sendmail;
use MQ::Sink qw(message_of);
use POSIX qw(_exit WNOHANG);
use Test::More;

need('root', 'ip', 'm4', '/usr/sbin/sendmail');

my $MESSAGES = 400;
my $RUNNERS = 3;
my $SINK = '127.0.0.2';

my $work = tempdir();
my $state = tempdir();

sub check {
	return plugin('--state-dir', $state, @_);
}

sub start_sendmail {
	my ($name, $queue, $mc) = @_;
	my $dir = "$work/$name";
	mkdir $dir or die "$dir: $!\n";
	run('mkdir', '-p', "$dir/mqueue");
	return MQ::Sendmail->new(dir => "$dir/sendmail",
	    queue => "$dir/$queue", mc => <<"EOT");
define(`confHOST_STATUS_DIRECTORY', `')dnl
define(`confMIN_QUEUE_AGE', `0')dnl
define(`confQUEUE_SORT_ORDER', `random')dnl
define(`confTO_CONNECT', `5s')dnl
$mc
EOT
}

# Gives all messages below a directory ids of an hour ago, so that they are old
# enough to be looked at. Both files of a message get the same one.
my $n = 0;
sub make_old {
	my ($dir) = @_;
	my (%new, @files);
	push @files, split /\n/, run('find', $dir, '-name', '[qhd]f*')->{out};
	for my $file (@files) {
		my ($where, $type, $id) = $file =~ m{^(.*)/(.f)(\w+)$} or next;
		next if $type eq 'qf' && -d $file;
		$new{$id} //= queue_id(time - 3600, $n++);
		rename $file, "$where/$type$new{$id}" or die "rename: $!\n";
	}
	return values %new;
}

subtest 'while mail is delivered, deferred, and comes in' => sub {
	my $sendmail = start_sendmail('live', 'mqueue', '')->start;
	my $queue = "$work/live/mqueue";
	my $sink = MQ::Sink->new(address => $SINK, dir => "$work/live");
	$sendmail->send($MESSAGES / 4, to => "b\@[$SINK]", text => sub {
		message_of("m$_[0]") =~ s/\n/\r\n/gr }) for 1 .. 4;
	make_old($queue);
	is($sendmail->mailq_total, $MESSAGES, 'mail of an hour ago waits');
	$sink->defer(60);
	my @runners = map {
		my $pid = fork // die "fork: $!\n";
		if (!$pid) {
			$sendmail->command('-qf') for 1 .. 1000;
			_exit(0);
		}
		$pid;
	} 1 .. $RUNNERS;
	my (@wrong, %seen);
	my $runs = 0;
	for my $round (1 .. 40) {
		my $r = check('-q', $queue);
		$runs++;
		$seen{$r->{perf}{mqueue}{value} // -1} = 1;
		push @wrong, $r->{out} if $r->{code} != 0
		    || $r->{perf}{mqueue_strand}{value} != 0;
		$sink->defer(0) if $round == 20;
		$sendmail->send(2, to => "b\@[$SINK]");
	}
	kill 'TERM', @runners;
	waitpid $_, 0 for @runners;
	is_deeply(\@wrong, [], "none is stranded in $runs runs");
	cmp_ok(scalar keys %seen, '>', 5, '... while the queue changed');
};

subtest 'queue groups: a body in the directory of another' => sub {
	my $sendmail = start_sendmail('groups', 'mqueue/q*', <<"EOT");
QUEUE_GROUP(`bulk', `Path=$work/groups/mqueue/bulk')
LOCAL_RULESETS
Squeuegroup
R\$* @ bulk.example	\$# bulk
R\$*			\$# mqueue
EOT
	my $base = "$work/groups/mqueue";
	mkdir "$base/$_" or die "$_: $!\n" for 'q1', 'q2', 'q1/qf', 'q1/df',
	    'bulk';
	$sendmail->start;
	$sendmail->send(20, to => ['a@bulk.example', 'b@other.example']);
	make_old($base);
	for my $q (['-q', "$base/q*", '-q', "$base/bulk"], ['-q', "$base/q*"],
	    ['-q', "$base/bulk"], ['-q', "$base/q1"]) {
		my $r = check(@$q, '-c', 1000);
		is($r->{code}, 0, "@$q") or diag $r->{out};
	}
	# Where it can't link it, sendmail leaves a body with the other group,
	# and says so in a line d.
	my ($df) = glob "$base/bulk/df*";
	run('mv', $df, "$base/q1/df");
	for my $q (['-q', "$base/q*", '-q', "$base/bulk"],
	    ['-q', "$base/bulk"]) {
		my $r = check(@$q, '-c', 1000);
		is($r->{code}, 0, "a body in another group: @$q")
		    or diag $r->{out};
	}
	unlink glob "$base/q1/df/df*";
	is(check('-q', "$base/bulk")->{perf}{bulk_strand}{value}, 1,
	    '... and in none');
};

subtest 'what is stranded is not seen by sendmail' => sub {
	my $sendmail = start_sendmail('lost', 'mqueue', '')->start;
	my $queue = "$work/lost/mqueue";
	$sendmail->send(6);
	my @ids = make_old($queue);
	is($sendmail->mailq_total, 6, 'mailq shows six');
	is(check('-q', $queue)->{perf}{mqueue_strand}{value}, 0, '... as we');

	# As a program leaves it that is killed while it writes.
	rename "$queue/qf$ids[0]", "$queue/tf$ids[0]" or die "rename: $!\n";
	utime time - 3600, time - 3600, "$queue/tf$ids[0]";
	is($sendmail->mailq_total, 5, 'of a tf mailq shows nothing');
	is(check('-q', $queue)->{perf}{mqueue_strand}{value}, 1,
	    '... it is stranded');

	$sendmail->stop;
	mkdir "$queue/$_" or die "$_: $!\n" for qw(qf df);
	is($sendmail->mailq_total, 0, 'with a new qf/ it shows nothing at all');
	my $r = check('-q', $queue);
	is($r->{perf}{mqueue}{value}, 0, '... nor do we count it as waiting');
	is($r->{perf}{mqueue_strand}{value}, 5, '... but as stranded');
	is($r->{code}, 1, '... which is a warning');

	# What --list-queues advises.
	run('sh', '-c', "mv $queue/qf6* $queue/qf/; mv $queue/df6* $queue/df/");
	is($sendmail->mailq_total, 5, 'moved into it, they are seen again');
	is(check('-q', $queue)->{perf}{mqueue_strand}{value}, 0,
	    '... and none is stranded');

	# mailq shows it, but a queue run would deliver it empty.
	unlink "$queue/df/df$ids[1]" or die "df: $!\n";
	is(check('-q', $queue)->{perf}{mqueue_strand}{value}, 1,
	    'a message whose body is gone is stranded');
};

done_testing();
