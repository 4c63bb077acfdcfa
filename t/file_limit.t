#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# file_limit.t - a limit of file size (ulimit -f) costs what a program would have
# kept, never its answer
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Fleet;
use POSIX ();
use Test::More;

my $dir = tempdir();
make_queue("$dir/mqueue.in", 3, age => 60);
my @queue = ('-q', "$dir/mqueue.in");

# limited(COMMAND...): its output and errors, which are a pipe, and its status.
sub limited {
	# In a build for make coverage gcc's counters have no room either.
	local @ENV{qw(GCOV_PREFIX GCOV_ERROR_FILE)} = ("$dir/gcov",
	    '/dev/null');
	my $pid = open(my $pipe, '-|', '/bin/sh', '-c',
	    'ulimit -f 0; exec "$@" 2>&1', 'sh', @_) // die "fork: $!\n";
	my $out = join '', <$pipe>;
	close $pipe;
	return {out => $out, code => $? >> 8, signal => $? & 127};
}

my $r = limited(program('check_mqueue'), @queue, '--state-dir', "$dir/state");
is("$r->{signal} $r->{code}", '0 0', 'check_mqueue answers');
like($r->{out}, qr/^MQUEUE OK - mqueue\.in 3 messages, oldest 1m\b/,
    '... with the count');
like($r->{out}, qr/^growth OK: not known: history: File too large$/m,
    '... and says that the history is lost');

$r = limited(program('check_relayflood'), @queue);
is("$r->{signal} $r->{code}", '0 0', 'check_relayflood answers');

$r = limited(program('mqreport'), @queue, '--cache', '1m', '--cache-dir',
    "$dir/cache");
is("$r->{signal} $r->{code}", '0 0', 'mqreport answers');
like($r->{out}, qr/^queue mqueue\.in .* messages=3 .*\n(?:.*\n)*end\n/m,
    '... with the report');
$r = limited(program('mqreport'), @queue, '--openmetrics', '--output',
    "$dir/mqueue.prom");
is("$r->{signal} $r->{code}", '0 2', '--output is an error');
is($r->{out}, "mqreport: cannot write $dir/mqueue.prom: File too large\n",
    '... that names the file');
is_deeply([glob "$dir/.*prom* $dir/*prom*"], [], '... and leaves none');

my $fleet = MQ::Fleet->new(mx1 => 'ok 39 726');
$r = limited(program('mqc'), '-i', '1', '-n', '1', '--record', "$dir/record",
    $fleet->hosts);
is("$r->{signal} $r->{code}", '0 1', 'mqc shows what it can not record');
like($r->{out}, qr/^ +39:726\n  the recording ends here: File too large$/m,
    '... and says so');

# The answer itself may go to a file.
for my $row (['qstat', program('qstat'), @queue],
    ['qblock', program('qblock'), '--help'],
    ['bb-ext', program('bb-ext'), '--print', '/bin/echo', 'OK']) {
	my ($name, @command) = @$row;
	$r = limited('/bin/sh', '-c', 'out=$1; shift; exec "$@" >"$out"', 'sh',
	    "$dir/out", @command);
	is("$r->{signal} $r->{code}", '0 2', "$name > FILE is an error")
	    or diag $r->{out};
}

# What a program runs for others finds the signal as it is by default.
spew("$dir/access", '');
spew("$dir/ignores", "#!/bin/sh\ngrep SigIgn /proc/self/status >$dir/mask\n");
chmod 0755, "$dir/ignores";
for my $row (['bb-ext', program('bb-ext'), '--print', '--test', 's',
    "$dir/ignores"], ['mqc', program('mqc'), '--once', '-i', '3', '-t', '1',
    "mx1 = exec: $dir/ignores"], ['qblock', program('qblock'), 'add',
    '192.0.2.1', '--yes', '--map', "$dir/access", '--makemap',
    "$dir/ignores"]) {
	my ($name, @command) = @$row;
	run(@command);
	my ($mask) = slurp("$dir/mask") =~ /^SigIgn:\s+\S*(\S{8})$/;
	unlink "$dir/mask";
	is(hex($mask) & 1 << POSIX::SIGXFSZ() - 1, 0,
	    "$name: its command does not ignore it");
}
done_testing;
