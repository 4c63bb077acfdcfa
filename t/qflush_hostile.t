#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qflush_hostile.t - what qflush must leave alone: messages that others work
# on, that change under its hands, that are no messages, and other people's
use strict;
use warnings;

use File::Temp ();
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Flush;
use POSIX qw(_exit mkfifo);
use Socket;
use Test::More;

my $dir = tempdir();
my @journal = ('--journal', "$dir/journal");
my @all = ('--yes', '--max', '100%', SPAMMER);
my @actions = (['--hold'], ['--delete'], ['--move', "$dir/moved"]);

sub fresh {
	my ($name, $flood, $others, %opt) = @_;
	my $queue = "$dir/$name";
	run('rm', '-rf', $queue, "$dir/moved");
	my @ids = flood_queue($queue, $flood, $others, %opt);
	return ($queue, @ids);
}

# --- in use ------------------------------------------------------------------

for my $kind (['flock', \&lock_flock], ['fcntl', \&lock_fcntl]) {
	my ($name, $lock) = @$kind;
	for my $action (@actions) {
		my ($queue, $flood) = fresh('busy', 3, 1);
		# A lock of fcntl(2) belongs to a process: it has to be another.
		pipe my $in, my $out or die;
		pipe my $ready, my $go or die;
		my $pid = fork // die;
		if (!$pid) {
			my $fh = $lock->("$queue/qf$flood->[1]");
			close $out;
			syswrite $go, '.';
			sysread $in, my $end, 1;
			_exit(0);
		}
		sysread $ready, my $byte, 1;
		my $r = qflush('-q', $queue, @journal, @$action, @all);
		is($r->{code}, 1, "$name, @$action: some were skipped");
		like($r->{out}, qr/^  1 busy, such as $flood->[1] in \Q$queue\E: in use by another process$/m,
		    '... and which') or diag $r->{out};
		ok(-e "$queue/qf$flood->[1]" && -e "$queue/df$flood->[1]",
		    '... that one is untouched');
		is(kinds($queue) =~ /qf (\d)/ ? $1 : 0, 2, '... and no other is');
		close $out;
		waitpid $pid, 0;
		is(qflush('-q', $queue, @journal, @$action, @all)->{code}, 0,
		    '... later it works');
	}
}

# --- what is no message ------------------------------------------------------

for my $action (@actions) {
	my ($queue, $flood) = fresh('odd', 1, 1);
	my $text = slurp("$queue/qf$flood->[0]");
	my $odd = sub { 'qf6AMAF0aA' . sprintf '%06d', 900_000 + shift };
	spew("$dir/elsewhere", $text);
	symlink "$dir/elsewhere", "$queue/" . $odd->(1) or die;
	mkfifo("$queue/" . $odd->(2), 0600) or die;
	mkdir "$queue/" . $odd->(3) or die;
	spew("$queue/" . $odd->(4), '');			# being made
	spew("$queue/" . $odd->(5), $text =~ s/\.\n\z//r);	# cut
	link "$dir/elsewhere", "$queue/" . $odd->(6) or die;
	spew("$queue/qf6AMAF0aA0000000000x", $text);		# 21 characters
	spew("$queue/df6AMAF0aA900005", 'body');
	my %kept = map { $_ => 1 } map { s{.*/}{}r } glob "$queue/*";
	delete @kept{"qf$flood->[0]", "df$flood->[0]"};

	my $r = qflush('-q', $queue, @journal, @$action, @all);
	is($r->{code}, 1, "odd files, @$action") or diag explain $r;
	like($r->{out}, qr/^  1 refused, such as 6AMAF0aA900006 in .*: has other names$/m,
	    '... a file with two names is refused');
	like($r->{out}, qr/^left alone: 1 that are still being written, or were cut$/m,
	    '... a cut one is left alone');
	is_deeply([grep { !-l "$queue/$_" && !-e _ } sort keys %kept], [],
	    '... and so is all else');
	is(slurp("$dir/elsewhere"), $text, '... also behind the link');
	ok(!-e "$queue/qf$flood->[0]", '... but for the message itself');
}

# --- very many recipients ----------------------------------------------------

{
	my ($queue, $flood) = fresh('large', 4, 1);
	for my $i (0 .. 3) {
		my $file = "$queue/qf$flood->[$i]";
		my $more = "RPFD:<user\@lab.example.net>\n"
		    x ($i == 3 ? 700_000 : 200_000);
		spew($file, slurp($file) =~ s/^(?=RPFD)/$more/mr);
	}
	my $before = snapshot($queue);
	my $r = qflush('-q', $queue, @journal, @all);
	like($r->{out}, qr/\Aheld 3 messages .*^  1 refused, .* too large$/ms,
	    'control files of 6 MB are held, one of 20 MB is not');
	qflush('-q', $queue, @journal, '--release', '--yes', SPAMMER);
	is_deeply([damage($before, [$queue])], [], '... and come back whole');
}

# --- whose mail --------------------------------------------------------------

{
	my ($queue) = fresh('local', 1, 1);
	my %relay = (loopback => 'localhost [127.0.0.1]',
	    local => 'root@localhost', bounce => 'localhost', none => undef,
	    unknown => 'junk', forged => 'mx.spam.example [192.0.2.9] (may be forged)');
	my $n = 0;
	my %id = map { $_ => make_message($queue, relay => $relay{$_},
	    n => 500 + $n++, sender => 'a@b.example') } sort keys %relay;
	my @pick = ('--yes', '--max', '100%', 'sender:a@b.example');
	my $r = qflush('-q', $queue, @journal, @pick);
	is($r->{code}, 0, 'by sender');
	is_deeply([grep { -e "$queue/hf$id{$_}" } sort keys %id], ['forged'],
	    'only what a host sent is held');
	like($r->{out}, qr/^left alone: 3 that this host made .*--force-local/m,
	    '... the local ones are told');
	like($r->{out}, qr/^left alone: 2 that no relay can be told of$/m,
	    '... and those of no one');
	$r = qflush('-q', $queue, @journal, '--force-local', @pick);
	is_deeply([grep { -e "$queue/hf$id{$_}" } sort keys %id],
	    [qw(bounce forged local loopback)], '--force-local holds them');
	$r = qflush('-q', $queue, @journal, '--yes', '--max', '100%',
	    '127.0.0.1');
	like($r->{out}, qr/^held 0 /, 'loopback by address: no');
	qflush('-q', $queue, @journal, '--release', '--yes',
	    'sender:a@b.example');
	is(scalar(() = glob "$queue/hf*"), 0, 'released without that option');
}

# --- it changes under its hands ----------------------------------------------

# Stops qflush when it asks for its first lock, does something to the queue,
# and lets it go on. Returns what it said.
sub meanwhile {
	my ($queue, $action, $sub) = @_;
	my $trace = "$dir/trace";
	my $out = "$dir/out";
	unlink $trace;
	my $pid = fork // die;
	if (!$pid) {
		open STDOUT, '>', $out or _exit(126);
		open STDERR, '>&', \*STDOUT or _exit(126);
		local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';
		# Three are for the journal, one is the probe's.
		exec 'strace', '-f', '-o', $trace, '-e', 'trace=flock',
		    '-e', 'inject=flock:signal=STOP:when=5', '--',
		    program('qflush'), '-q', $queue, @journal,
		    @$action, @all or _exit(127);
	}
	my $stopped = wait_for(sub {
		-e $trace && slurp($trace) =~ /^(\d+) .*stopped by SIGSTOP/m
		    && $1;
	}, 'qflush to stop');
	$sub->();
	kill 'CONT', $stopped;
	waitpid $pid, 0;
	return {code => $? >> 8, out => slurp($out), trace => slurp($trace)};
}

SKIP: {
	skip('no strace', 1) if lacks(have('strace'), 'strace');
	for my $action (@actions) {
		my ($queue, $flood) = fresh('race', 1, 1);
		my $file = "$queue/qf$flood->[0]";
		my $text = slurp($file);

		my $r = meanwhile($queue, $action, sub {
			spew("$queue/tf", $text =~ s/^N0/N1/mr);
			rename "$queue/tf", $file or die;
		});
		like($r->{out}, qr/^  1 busy, such as .*: just replaced$/m,
		    "@$action: a message that is queued anew is left alone")
		    or diag $r->{out}, $r->{trace};
		is(slurp($file), $text =~ s/^N0/N1/mr, '... as it is now');

		$r = meanwhile($queue, $action, sub { unlink $file or die });
		is($r->{code}, 0, '... one that leaves is nothing');
		ok(!-e "$queue/hf$flood->[0]", '... and does not come back');
		ok(-e "$queue/df$flood->[0]", '... nor is its body touched');

		# The same file, rewritten: now it is somebody else's.
		spew($file, $text);
		$r = meanwhile($queue, $action, sub {
			open my $fh, '+<', $file or die;
			print $fh $text =~ s/192\.0\.2\.66/192.0.2.99/r;
			close $fh;
		});
		is($r->{code}, 0, '... and what is not that relay\'s any more');
		like(slurp($file), qr/192\.0\.2\.99/, '... stays');
	}
}

# --- many recipients ---------------------------------------------------------

# A batch ends where it would take too much memory: the journal is synced for
# the begin, for 8 messages of 1 MB, for the other 4, and for the end.
SKIP: {
	skip('no strace', 1) if lacks(have('strace'), 'strace');
	my ($queue, $flood) = fresh('large', 12, 0);
	for my $id (@$flood) {
		my $text = slurp("$queue/qf$id");
		my $many = ('RPFD:<' . 'r' x 1000 . '@c.example>' . "\n")
		    x 1040;
		spew("$queue/qf$id", $text =~ s/^(?=H)/$many/mr);
	}
	local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';
	my $r = run('strace', '-f', '-o', "$dir/trace", '-e',
	    'trace=fdatasync', '--', program('qflush'), '-q',
	    $queue, @journal, @all);
	like($r->{out}, qr/\Aheld 12 messages/, 'large control files');
	is(scalar(() = slurp("$dir/trace") =~ /fdatasync\(/g), 4,
	    '... are not all in memory at once');
}

# --- bodies elsewhere --------------------------------------------------------

for my $action ([['--delete']], [['--move', "$dir/moved"]]) {
	my @do = @{$action->[0]};
	my $base = "$dir/base";
	run('rm', '-rf', $base, "$dir/moved");
	mkdir $base or die;
	my ($flood) = flood_queue("$base/q1", 4, 1);
	mkdir "$base/$_" or die for qw(bulk bulk/b1 outside);
	my @place = ('bulk/b1', '../outside', "$base/outside", 'outside');
	for my $i (0 .. 3) {
		my $text = slurp("$base/q1/qf$flood->[$i]");
		spew("$base/q1/qf$flood->[$i]", $text =~ s/^P/d$place[$i]\nP/mr);
		rename "$base/q1/df$flood->[$i]",
		    ($i ? "$base/outside" : "$base/bulk/b1") . "/df$flood->[$i]"
		    or die;
	}
	my @queues = ('-q', "$base/q*", '-q', "$base/bulk/b1");
	my $r = qflush(@queues, @journal, @do, @all);
	is($r->{code}, 1, "bodies elsewhere, @do");
	like($r->{out}, qr/^  3 refused, .*: its body is in a directory that is not one of these queues'$/m,
	    '... only where we know the place');
	ok(!-e "$base/bulk/b1/df$flood->[0]", '... there it is found');
	is(scalar(() = glob "$base/outside/df*"), 3, '... and else untouched');
	is(scalar(() = glob "$base/q1/qf*"), 4, '... with its control file');
	if ($do[0] eq '--move') {
		$r = qflush(@queues, @journal, '--restore', "$dir/moved",
		    '--yes');
		ok(-e "$base/bulk/b1/df$flood->[0]", '... restored to it');
	}
	$r = qflush(@queues, @journal, '--hold', @all);
	is($r->{code}, 0, '... and hold does not need it');
	$r = qflush(@queues, @journal, '--release', '--yes', SPAMMER);
	like($r->{out}, qr/^  3 refused, .*: its body is in a directory that is not one of these queues'$/m,
	    '... but release does: it looks for it');
	is($r->{code}, 1, '... and says so');
}

# --- bodies that are gone ----------------------------------------------------

{
	my ($queue, $flood) = fresh('bodiless', 3, 1);
	qflush('-q', $queue, @journal, @all);
	unlink "$queue/df$flood->[1]" or die;
	my $r = qflush('-q', $queue, @journal, '--release', '--yes', SPAMMER);
	is($r->{code}, 1, 'a message that is held and has no body');
	like($r->{out}, qr/\Areleased 2 messages .*^  1 without a body, and held still, such as $flood->[1] in \Q$queue\E: has no body$/ms,
	    '... is counted apart');
	like($r->{out}, qr/^MailScanner may have delivered .*: qflush --held --delete$/ms,
	    '... and what to do about it');
	is(kinds($queue), 'df 3, hf 1, qf 3', '... and is held still');
	$r = qflush('-q', $queue, @journal, '--held', '--delete', @all);
	like($r->{out}, qr/\Adeleted 1 /, '... until it is removed');
}

# --- where mail is moved to --------------------------------------------------

{
	my ($queue, $flood) = fresh('to', 2, 1);
	my $before = snapshot($queue);
	mkdir "$dir/open" or die;
	chmod 0777, "$dir/open" or die;
	symlink "$dir/elsewhere.d", "$dir/link" or die;
	mkdir "$dir/elsewhere.d" or die;
	spew("$dir/file", '');
	for my $row (["$dir/open", qr/no one else may write to it/],
	    ["$dir/link", qr/not a directory/],
	    ["$dir/file", qr/not a directory/],
	    [$queue, qr/is in a queue directory/],
	    ["$queue/sub", qr/is in a queue directory/],
	    ["$dir/no/such", qr/No such file or directory/],
	    ['/dev/shm/' . $$, qr/is not on the file system of \Q$queue\E;/]) {
		my ($to, $why) = @$row;
		my $r = qflush('-q', $queue, @journal, '--move', $to, @all);
		is($r->{code}, 2, "--move $to is refused");
		like($r->{err}, $why, '... and why');
		rmdir $to if $to =~ /shm|sub/;
	}
	is_deeply(snapshot($queue), $before, 'and nothing was changed');

	# A queue of another file system is nothing to one that is not there.
	my $far = File::Temp->newdir(DIR => '/dev/shm');
	make_message($far, n => 1, relay => 'a.example [198.51.100.1]');
	my @far = ('-q', $queue, '-q', "far=$far", @journal);
	my $r = qflush(@far, '--move', "$dir/moved", @all);
	like($r->{out}, qr/\Amoved 2 /, 'two file systems, mail of one')
	    or diag $r->{err};
	$r = qflush(@far, '--restore', "$dir/moved", '--yes');
	like($r->{out}, qr/\Arestored 2 /, '... and back') or diag $r->{err};

	# A name that is taken, and a body that is missing.
	qflush('-q', $queue, @journal, '--move', "$dir/moved", @all);
	spew("$queue/qf$flood->[0]", 'another');
	my ($part) = glob "$dir/moved/*";
	unlink "$part/df$flood->[1]" or die;
	$r = qflush('-q', $queue, @journal, '--restore', "$dir/moved", '--yes');
	is($r->{code}, 1, 'nothing is overwritten');
	like($r->{out}, qr/^  2 refused, such as /m, '... nor restored without its body');
	is(slurp("$queue/qf$flood->[0]"), 'another', '... what was there stays');
}

# --- the journal -------------------------------------------------------------

{
	my ($queue) = fresh('journal', 2, 1);
	my $before = snapshot($queue);
	spew("$dir/target", '');
	symlink "$dir/target", "$dir/j.link" or die;
	link "$dir/target", "$dir/j.hard" or die;
	spew("$dir/j.open", '');
	chmod 0666, "$dir/j.open";
	for my $row (["$dir/j.link", 'it is a symbolic link'],
	    ["$dir/j.hard", 'it has other names (hard links)'],
	    ["$dir/j.open", 'other users may write to it'],
	    ['/dev/null', 'not a regular file'],
	    ["$dir/no/j", 'No such file or directory']) {
		my ($file, $why) = @$row;
		my $r = qflush('-q', $queue, '--journal', $file, @all);
		is($r->{err}, "qflush: the journal $file can't be used: $why;"
		    . " name another one: --journal FILE\n", "journal: $why");
		is($r->{code}, 2, '... is refused');
	}
	is_deeply(snapshot($queue), $before, 'and nothing was changed');
}
done_testing;
