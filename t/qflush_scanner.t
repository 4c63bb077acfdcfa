#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qflush_scanner.t - MailScanner at work while messages are held and released:
# it locks a file some time after it has opened it, and does not look whether
# the file still has its name
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Flush;
use MQ::Scanner;
use POSIX qw(_exit);
use Test::More;
use Time::HiRes ();

my $ATTEMPTS = 20;	# until the moment is met
my $ROUNDS = 12;
my $FLOOD = 120;

my $dir = tempdir();

# --- a file that was opened before the change, and is locked after it --------

sub start_qflush {
	my (@args) = @_;
	my $pid = fork // die "fork: $!\n";
	return $pid if $pid;
	open STDOUT, '>', "$dir/out" or _exit(126);
	open STDERR, '>&', \*STDOUT or _exit(126);
	exec program('qflush'), @args or _exit(127);
}

sub state_of {
	my ($pid) = @_;
	open my $fh, '<', "/proc/$pid/stat" or return 'gone';
	return <$fh> =~ /\) (\w)/ ? $1 : 'gone';
}

# The scanner opens the file; qflush makes its change and says so in its
# journal; it is stopped there; then the scanner asks for its lock. Returns
# what the scanner did, or undef if qflush could not be stopped in time.
sub late_lock {
	my ($queue, $kind, @args) = @_;
	my ($id) = map { m{/qf(\w+)\z} } glob "$queue/qf*";
	my $journal = "$dir/journal";
	unlink $journal, map { "$dir/$_" } qw(opened result pid);
	my $scanner = fork // die "fork: $!\n";
	if (!$scanner) {
		my $late = 1;
		my $pid;
		my $gap = sub {
			spew("$dir/opened", '');
			wait_for(sub { -s "$dir/pid" }, 'qflush');
			$pid = slurp("$dir/pid");
			# Without a pause: it has to be stopped soon.
			1 while slurp($journal) !~ /\tend\t.*\n/;
			kill 'STOP', $pid;
			wait_for(sub { state_of($pid) =~ /[TZ]|gone/ },
			    'it to be stopped');
			$late = state_of($pid) eq 'T';
		};
		my $what = eval { scan_message($queue, $id, kind => $kind,
		    gap => $gap) } // $@;
		kill 'CONT', $pid if $pid;
		spew("$dir/result", $late ? $what : '');
		_exit(0);
	}
	wait_for(sub { -e "$dir/opened" }, 'the scanner');
	spew($journal, '');
	chmod 0600, $journal;
	my $pid = start_qflush('-q', $queue, '--journal', $journal, '--yes',
	    @args);
	spew("$dir/pid.new", $pid);
	rename "$dir/pid.new", "$dir/pid" or die;
	waitpid $_, 0 for $pid, $scanner;
	my $what = slurp("$dir/result");
	return $what eq '' ? undef : $what;
}

for my $kind (qw(posix flock)) {
	my ($what, $queue);
	for my $attempt (1 .. $ATTEMPTS) {
		$queue = "$dir/late.$kind.$attempt";
		flood_queue($queue, 1, 0);
		$what = late_lock($queue, $kind, '--max', '100%', SPAMMER);
		last if defined $what;
	}
	is($what, 'skipped', "$kind: opened before it was held, and locked"
	    . ' after: skipped');
	is(kinds($queue), 'df 1, hf 1', '... and its body is there');
}

# A qf with the line of one that is held is what a killed run leaves. When it
# is released, it gets a new file, and when it is held, a new name only.
for my $row (['--release'], ['--hold', '--max', '100%']) {
	my ($what, $queue);
	for my $attempt (1 .. $ATTEMPTS) {
		$queue = "$dir/half.$row->[0].$attempt";
		my ($flood) = flood_queue($queue, 1, 0);
		my $file = "$queue/qf$flood->[0]";
		spew($file, held_text(slurp($file), SPAMMER));
		$what = late_lock($queue, 'posix', @$row, SPAMMER);
		last if defined $what;
	}
	is($what, 'skipped', "half held, and $row->[0]: skipped");
	is(kinds($queue), $row->[0] eq '--release' ? 'df 1, qf 1' :
	    'df 1, hf 1', '... and in one piece');
}

# --- at any time -------------------------------------------------------------

# What is wrong: each message is once in the queue with its body, or was
# delivered once.
sub losses {
	my ($queue, $log, @ids) = @_;
	my $found = places($queue);
	my %n;
	$n{$_}++ for -e $log ? split /\n/, slurp($log) : ();
	my @wrong;
	for my $id (@ids) {
		my $f = $found->{$id} // {};
		my $there = grep { $f->{$_} } qw(q h);
		push @wrong, "$id: delivered " . ($n{$id} // 0) . ", queued $there"
		    if ($n{$id} // 0) + $there != 1;
		push @wrong, "$id: no body" if $there && !$f->{d};
	}
	return @wrong;
}

sub start_scanner {
	my ($queue, $kind, $log, $go) = @_;
	my $pid = fork // die "fork: $!\n";
	return $pid if $pid;
	srand $$;
	while (-e $go) {
		scan_queue($queue, kind => $kind, gap => sub {
			Time::HiRes::sleep(rand 0.004);
		}, deliver => sub {
			open my $fh, '>>', $log or die;
			syswrite $fh, "$_[0]\n";
		});
	}
	_exit(0);
}

for my $kind (qw(posix flock)) {
	my ($queue, $log, $go) = map { "$dir/$_.$kind" } qw(mqueue log go);
	my @q = ('-q', $queue, '--journal', "$dir/j.$kind", '--yes');
	my ($held, @ids) = (0);
	my ($first) = flood_queue($queue, 1, 0);
	push @ids, @$first;
	spew($go, '');
	my @scanners = map { start_scanner($queue, $kind, $log, $go) } 1, 2;
	for my $round (1 .. $ROUNDS) {
		my ($more) = flood_queue("$dir/new.$kind", $FLOOD, 0,
		    first => $FLOOD * $round);
		push @ids, @$more;
		for (@$more) {
			rename "$dir/new.$kind/df$_", "$queue/df$_" or die;
			rename "$dir/new.$kind/qf$_", "$queue/qf$_" or die;
		}
		my $r = qflush(@q, '--max', '100%', SPAMMER);
		$held += $1 if $r->{out} =~ /\Aheld (\d+)/;
		qflush(@q, '--release', SPAMMER) if $round % 4 == 0;
	}
	unlink $go;
	waitpid $_, 0 for @scanners;
	my $delivered = -e $log ? () = slurp($log) =~ /\n/g : 0;
	cmp_ok($held, '>', $FLOOD, "$kind: $held were held");
	cmp_ok($delivered, '>', 0, "... and $delivered delivered");
	is_deeply([losses($queue, $log, @ids)], [],
	    '... and each is there once, with its body');
}
done_testing;
