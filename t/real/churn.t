#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# churn.t - a queue whose files come and go is counted a thousand times
#
# While one process rewrites messages (tf, then renamed to qf, as sendmail
# does) and adds and removes others, every count has to hold each message
# that stayed, and none that never was.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp ();
use MQ;
use POSIX ();
use Test::More;

my $RUNS = 1000;
my $STAYING = 300;
my $PASSING = 50;

my $work = tempdir();
my $queue = "$work/mqueue";
my $log = "$work/created";
my @staying = make_queue($queue, $STAYING);
# Half of the ids are those of sendmail 8.9, which hold no date: of such a
# message the file is looked at, and may be gone by then.
my @passing = map { $_ % 2 ? queue_id(time, 10_000 + $_)
    : sprintf 'KAA%05d', $_ } 1 .. $PASSING;
spew($log, '');

# Writes a control file the way of sendmail's queueup().
sub rewrite {
	my ($id) = @_;
	spew("$queue/tf$id", "V8\n.\n");
	rename "$queue/tf$id", "$queue/qf$id" or die "rename: $!\n";
}

# Never returns. At any time at most $PASSING additional messages are there;
# a byte goes to the log before each comes.
sub churn {
	open my $created, '>>', $log or die "$log: $!\n";
	for (my $i = 0; ; $i++) {
		my $id = $passing[$i % $PASSING];
		unlink "$queue/qf$id";
		syswrite $created, '.';
		rewrite($id);
		rewrite($staying[$i % $STAYING]);
	}
}

my $child = fork // die "fork: $!\n";
if (!$child) {
	eval { churn() };
	POSIX::_exit(1);
}
wait_for(sub { -s $log > $PASSING }, 'the first messages');

my (@wrong, %seen);

# Not on that disk: the state file is synchronised, which would wait for all
# that the other process writes.
my $state = File::Temp->newdir;
for my $run (1 .. $RUNS) {
	my $before = -s $log;
	my $r = plugin('--state-dir', $state, '-q', $queue);
	my $most = $STAYING + $PASSING + (-s $log) - $before;
	my $count = $r->{perf}{mqueue}{value} // -1;
	$seen{$count} = 1;
	push @wrong, "$r->{code} $r->{out}$r->{err}" if $r->{code} != 0
	    || $r->{err} ne '' || $count < $STAYING || $count > $most
	    || $r->{text} !~ /^MQUEUE OK - mqueue $count messages\b[^;]*$/;
}
is(waitpid($child, POSIX::WNOHANG()), 0, 'the queue changed all the time');
kill 'KILL', $child;
waitpid $child, 0;
is_deeply(\@wrong, [], "$RUNS answers, each OK and within bounds");
cmp_ok(-s $log, '>', $RUNS, (-s $log) . ' messages came and went');
cmp_ok(scalar keys %seen, '>', 1, 'and the counts differ');

done_testing();
