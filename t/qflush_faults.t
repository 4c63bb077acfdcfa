#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qflush_faults.t - qflush killed at each of its system calls, and each of them
# failing: no message is lost, and the same command finishes the work
use strict;
use warnings;

use File::Temp ();
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Flush;
use POSIX qw(_exit);
use Test::More;

BEGIN { need('strace') }

# LeakSanitizer can't work below strace.
my $env = {ASAN_OPTIONS => 'detect_leaks=0'};
# Hundreds of runs that sync: not on a disk, if that is possible.
my $shm = -d '/dev/shm' && -w _;
my $top = $shm ? File::Temp->newdir(DIR => '/dev/shm') : tempdir();
my $reason = SPAMMER;
my (@base, %args, $dir, $queue, $moved);

# Each action has a directory of its own.
sub work_in {
	my ($name) = @_;
	$dir = "$top/$name";
	mkdir $dir or die "$dir: $!\n";
	($queue, $moved) = ("$dir/mqueue", "$dir/moved");
	@base = ('-q', $queue, '--journal', "$dir/journal", '--yes');
	my @all = ('--max', '100%', SPAMMER);
	%args = (hold => ['--hold', @all], release => ['--release', SPAMMER],
	    delete => ['--delete', @all], move => ['--move', $moved, @all],
	    restore => ['--restore', $moved]);
}
my ($before, $flood, %gone);

# A queue in which the action has something to do.
sub set_up {
	my ($action) = @_;
	run('rm', '-rf', $queue, $moved, "$dir/journal");
	($flood) = flood_queue($queue, 2, 1, split => 1);
	$before = snapshot($queue);
	qflush(@base, @{$args{hold}}) if $action eq 'release';
	qflush(@base, @{$args{move}}) if $action eq 'restore';
	%gone = $action eq 'delete' ? map { $_ => 1 } @$flood : ();
}

# traced(\@strace, $action): runs it under strace.
sub traced {
	my ($strace, $action) = @_;
	return run({env => $env}, 'strace', '-f', '-o', "$dir/trace", @$strace,
	    '--', program('qflush'), @base, @{$args{$action}});
}

# The system calls from the first look at the queue on: [name, which of that
# name], and all of their names.
sub calls {
	my ($action) = @_;
	set_up($action);
	my $r = traced([], $action);
	$r->{code} == 0 or die "$action: $r->{out}$r->{err}";
	my (%n, @calls, $begun);
	for (trace_lines("$dir/trace")) {
		/^\d+ +(\w+)\(/ or next;
		my $name = $1;
		$n{$name}++;
		die "a body is opened: $_\n" if /^\d+ +open.*[\/"]df\w+"/;
		$begun ||= index($_, $queue) >= 0 && $name ne 'execve';
		push @calls, [$name, $n{$name}] if $begun
		    && $name !~ /^(?:exit_group|execve|wait4)$/;
	}
	return @calls;
}

# While a message is under way, its body may be at the one or the other place,
# and one that is deleted may have no more than a body.
sub damage_midway {
	my ($action) = @_;
	my @dirs = ($queue, glob "$moved/*");
	return grep {
		!($action eq 'delete' && /^(\w+): 0 control files/ && $gone{$1})
	} damage($before, \@dirs, gone => \%gone);
}

# How it has to be when all is done.
my %end = (hold => 'df 3, hf 2, qf 1', release => 'df 3, qf 3',
    delete => 'df 1, qf 1', move => 'df 1, qf 1', restore => 'df 3, qf 3');

# The same command again, without a fault: undef if all is well.
sub finish {
	my ($action, $told) = @_;
	my $r = qflush({env => $env}, @base, @{$args{$action}});
	return "exit $r->{code}: $r->{out}$r->{err}" if $r->{code} != 0;
	return kinds($queue) if !$told && kinds($queue) ne $end{$action};
	my @wrong = damage($before, [$queue, glob "$moved/*"],
	    gone => \%gone);
	push @wrong, 'left over: ' . $_ for glob "$queue/.q* $queue/qf/.q*";
	# A body that must not be removed is told, and stays.
	return if $told && kinds($queue) eq $end{$action} =~ s/df 1/df 2/r;
	push @wrong, 'pending' if slurp("$dir/journal") =~ /\tpending /;
	for my $id (@$flood) {
		push @wrong, "$id is not held by one line"
		    if $action eq 'hold' && slurp("$queue/qf/hf$id")
		    ne held_text($before->{$id}{q}[0]{text}, $reason);
		push @wrong, "$id is not what it was"
		    if $action eq 'release' && slurp("$queue/qf/qf$id")
		    ne $before->{$id}{q}[0]{text};
	}
	return @wrong ? join '; ', @wrong : undef;
}

# try_all($action, $calls, $options, $check): with a fault at each call in
# turn; $check looks at what the run with the fault said. Returns what is
# wrong.
sub try_all {
	my ($action, $calls, $options, $check) = @_;
	my @bad;
	for my $i (0 .. $#$calls) {
		my ($name, $n) = @{$calls->[$i]};
		my $fault = $options->($i);
		set_up($action);
		my $r = traced(['-e', "trace=$name", '-e',
		    "inject=$name:$fault:when=$n"], $action);
		my @wrong = $check->($r, $fault, $action);
		push @wrong, damage_midway($action);
		my $after = finish($action, $r->{out} =~
		    /1 failed, .* was removed, but its body was not: /);
		push @wrong, "then: $after" if defined $after;
		push @bad, map { "$name $n $fault: $_" } @wrong;
	}
	return @bad;
}

# What a killed, and what a failing system call spoils; how many were tried.
# How often it sleeps until it may unlock depends on how busy the machine is, so
# that a second sleep may not come.
sub kill_all {
	my ($action, @calls) = @_;
	@calls = grep { $_->[0] ne 'clock_nanosleep' || $_->[1] == 1 } @calls;
	return (scalar @calls, try_all($action, \@calls, sub { 'signal=KILL' },
	    sub {
		my ($r) = @_;
		return $r->{code} == 137 || $r->{signal} == 9 ? () :
		    "it was not killed, but ended with $r->{code}";
	}));
}

sub fail_all {
	my ($action, @calls) = @_;
	# Memory and time are not what a disk takes away.
	my @files = grep { $_->[0] !~ /^(?:mmap|munmap|brk|mprotect|clock_.*
	    |getpid|get[eu]?[ug]id|rt_sig.*|prlimit64|close|getrandom
	    |sched_getaffinity|futex|clone3?|madvise|lseek)$/x } @calls;
	my @errors = qw(ENOSPC EROFS EPERM EIO);
	return (scalar @files, try_all($action, \@files, sub {
		"error=$errors[$_[0] % @errors]";
	}, sub {
		my ($r) = @_;
		return $r->{signal} || $r->{code} > 2
		    ? "code $r->{code}, signal $r->{signal}: $r->{err}" : ();
	}));
}

# All actions at once, since each run waits for its process most of the time.
my @actions = qw(hold release delete move restore);
my %pid;
for my $action (@actions) {
	my $pid = $pid{$action} = fork // die "fork: $!\n";
	next if $pid;
	eval {
		work_in($action);
		my @calls = calls($action);
		spew("$top/$action.killed", join "\n",
		    kill_all($action, @calls));
		spew("$top/$action.failed", join "\n",
		    fail_all($action, @calls));
	};
	print STDERR $@ if $@;
	_exit($@ ? 1 : 0);
}
for my $action (@actions) {
	waitpid $pid{$action}, 0;
	is($?, 0, "$action: all was tried");
	for my $what ('killed', 'failed') {
		my ($n, @bad) = split /\n/, slurp("$top/$action.$what");
		cmp_ok($n, '>', 60, "... $n system calls $what");
		is_deeply(\@bad, [], '... no message was lost or doubled, and'
		    . ' the same command finished it');
	}
}
work_in('said');

# --- what is said of them ----------------------------------------------------

sub failing {
	my ($action, $call, $error, $when) = @_;
	set_up($action);
	return traced(['-e', "trace=$call", '-e',
	    "inject=$call:error=$error:when=$when"], $action);
}

my $r = failing('hold', 'linkat', 'ENOSPC', '1+');
is($r->{code}, 2, 'no space for a new control file');
like($r->{err}, qr/^qflush: stopped, its new text gets no name: No space left on device$/,
    '... is told at once');
is_deeply([damage($before, [$queue])], [], '... and nothing was changed');
like($r->{out}, qr/^  1 failed, .*^  1 not tried\n.*^full: \Q$queue\E is on .*--delete needs no room/ms,
    '... and what helps, not to do the same again') or diag $r->{out};
$r = failing('release', 'linkat', 'ENOSPC', '1+');
is($r->{code}, 2, 'no space to release');
is(kinds($queue), 'df 3, hf 2, qf 1', '... leaves no message half released');
# What finds no room in a batch may find it by itself.
for my $row (['hold', 'linkat', 'ENOSPC', 1], ['hold', 'linkat', 'EDQUOT', 2],
    ['hold', 'fsync', 'ENOSPC', 1], ['release', 'fsync', 'EDQUOT', 2],
    ['release', 'linkat', 'ENOSPC', 2], ['delete', 'fdatasync', 'ENOSPC', 2],
    ['hold', 'fdatasync', 'EDQUOT', 2]) {
	my ($action, $call, $error, $when) = @$row;
	$r = failing($action, $call, $error, $when);
	is($r->{code}, 0, "$action: $error of ${call}[$when]") or
	    diag explain $r;
	is(kinds($queue), $end{$action}, '... is no reason to do nothing');
	like(slurp("$dir/journal"), qr/\tundone    $/m,
	    '... the journal says what was not done at first');
	unlike(slurp("$dir/journal"), qr/\tpending /, '... and that all is');
}
# ... at once: the journal gets no room by files that linger for a moment.
set_up('hold');
$r = traced(['-e', 'trace=fdatasync,clock_nanosleep,nanosleep', '-e',
    'inject=fdatasync:error=ENOSPC:when=2'], 'hold');
is("$r->{code} " . kinds($queue), "0 $end{hold}", 'a batch, one by one');
cmp_ok(scalar(my @waits = slurp("$dir/trace") =~ /sleep\(.*tv_nsec=\d{9}/g),
    '<=', 1, '... waits at its end, not for each message');
$r = failing('delete', 'unlinkat', 'ENOSPC', 2);
like($r->{out}, qr/^  1 failed, .*was removed, but its body was not/m,
    'what is half done is not tried again') or diag explain $r;
$r = failing('delete', 'fdatasync', 'ENOSPC', '2+');
like($r->{out}, qr/^full: \Q$dir\E\/journal is on .*: --journal FILE$/ms,
    'the journal is what is full');
is(kinds($queue), 'df 3, qf 3', '... nothing is changed');
$r = failing('hold', 'linkat', 'ENOENT', '1+');
is($r->{code}, 1, 'a new control file that gets no name without /proc');
like($r->{out}, qr/^  2 failed, such as \w+ in .*: its new text gets no name: No such/m,
    '... has failed, and is not a message that left');
$r = failing('hold', 'fsync', 'EIO', 2);
is(kinds($queue), 'df 3, qf 3', 'one new control file that is not on the disk:'
    . ' none of its batch takes the place of an old one');
$r = failing('hold', 'fsync', 'EIO', '1+');
like($r->{err}, qr/^qflush: stopped, new control files can't be synced to the disk: Input/,
    'a disk that fails to sync');
is(kinds($queue), 'df 3, qf 3', '... nothing was changed');
like(slurp("$dir/journal"), qr/\tundone    $/m, '... as the journal says');
$r = failing('delete', 'fdatasync', 'EIO', '2+');
like($r->{err}, qr/^qflush: stopped, the journal can't be written: Input/,
    'without the journal');
is(kinds($queue), 'df 3, qf 3', '... nothing is changed');
$r = failing('delete', 'unlinkat', 'EROFS', '1+');
like($r->{err}, qr/^qflush: stopped, cannot be removed: Read-only file system/,
    'a read-only file system');
$r = failing('delete', 'unlinkat', 'EPERM', 1);
is($r->{code}, 1, 'one file that must not be removed');
like($r->{out}, qr/\Adeleted 1 message .*^  1 failed, such as \w+ in \Q$queue\E: cannot be removed: Operation not permitted$/ms,
    '... is skipped and named');

# --- signals -----------------------------------------------------------------

for my $signal (qw(INT TERM HUP)) {
	set_up('hold');
	$r = traced(['-e', 'trace=linkat', '-e',
	    "inject=linkat:signal=$signal:when=1"], 'hold');
	is($r->{code}, 1, "SIG$signal");
	like($r->{out}, qr/\Ainterrupted: held 2 messages in /,
	    '... what is under way is finished and told');
	set_up('hold');
	$r = traced(['-e', 'trace=flock', '-e',
	    "inject=flock:signal=$signal:when=5"], 'hold');
	is($r->{code}, 1, "SIG$signal, early");
	like($r->{out}, qr/\Ainterrupted: held 0 messages in .*^  2 not tried; the same command goes on with them$/ms,
	    '... what is not is left');
	is(finish('hold'), undef, '... for the next run');
}
done_testing;
