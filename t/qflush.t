#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qflush.t - what each action of qflush does to a queue, and what it says
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Flush;
use POSIX ();
use Test::More;

my $dir = tempdir();
my $queue = "$dir/mqueue";
my @base = ('-q', $queue, '--journal', "$dir/journal");
my ($flood, $others) = flood_queue($queue, 20, 30);
my $before = snapshot($queue);

sub unharmed {
	my ($what, %opt) = @_;
	is_deeply([damage($before, [$queue, glob "$dir/moved/*"], %opt)], [],
	    "$what: every message is in one piece");
	is_deeply([glob "$queue/.q*"], [], '... and nothing is left over');
}

# ok_run($what, \@arguments, $code, $out): both exact; $out may be a pattern.
sub ok_run {
	my ($what, $args, $code, $out) = @_;
	my $r = qflush(@base, @$args);
	is($r->{code}, $code, "$what: exit status") or diag explain $r;
	ref $out ? like($r->{out}, $out, "$what: answer")
	    : is($r->{out}, $out, "$what: answer") if defined $out;
	is($r->{err}, '', "$what: nothing on stderr") if $code < 2;
	return $r;
}

# --- dry by default ----------------------------------------------------------

my $r = ok_run('dry', [SPAMMER], 0, qr{\Awould hold 20 of 50 messages \(40%\); nothing is changed
  20 in \Q$queue\E

relay      messages before senders oldest newest flood began host
192.0.2.66       20      \?      20     5m     5m -           mx.spam.example

where it says \?, no flood stands out: all of it may be wanted
examples: (?:[0-9A-Za-z]{14} ?){5}
to do it: --yes --max 20 \(it is over the limit of 10\)
\z});
my %is_flood = map { $_ => 1 } @$flood;
is_deeply([grep { !$is_flood{$_} } $r->{out} =~ /\b(6\w{13})\b/g], [],
    'the examples are of that relay');
is_deeply(snapshot($queue), $before, 'and nothing was changed');
ok(!-e "$dir/journal", '... nor noted');
ok_run('no such relay', ['192.0.2.1'], 0,
    "would hold 0 of 50 messages (0%); nothing is changed\n");

# --- the limit ---------------------------------------------------------------

my @max = ('--yes', SPAMMER);
for my $row ([[], 20, '10 may be changed (20% of the queue)'],
    [['--max', 19], 20, '19 may be changed'],
    [['--max', '39%'], 20, '19 may be changed (39% of the queue)'],
    [['--max', 0], 20, '0 may be changed']) {
	my ($args, $n, $text) = @$row;
	$r = ok_run("limit @$args", [@$args, @max], 2, '');
	is($r->{err}, "qflush: $n of 50 messages match, and no more than"
	    . " $text; to go on nevertheless: --max $n\n", '... is told');
}
is_deeply(snapshot($queue), $before, 'over the limit nothing is changed');

# --- hold and release --------------------------------------------------------

$r = ok_run('hold', ['--max', '40%', @max], 0, qr/\Aheld 20 messages in /);
is(kinds($queue), 'df 50, hf 20, qf 30', 'they are hf files now');
unharmed('hold');
my $id = $flood->[3];
is(slurp("$queue/hf$id"), held_text($before->{$id}{q}[0]{text}, SPAMMER),
    'a q line before S, and else nothing');
like($r->{out}, qr/^to undo: qflush --yes --release -q \S+ --journal \S+ \Q@{[SPAMMER]}\E$/m,
    'the way back is told');
ok_run('hold again', ['--yes', SPAMMER], 0, qr/\Aheld 0 messages/);

my @lines = grep { /\thold\t/ } split /\n/, slurp("$dir/journal");
is(scalar @lines, 20, 'the journal has a line for each');
my ($line) = grep { /\t$id\t/ } @lines;
is($line =~ s/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\t/TIME\t/r,
    "TIME\thold\t$queue\t$id\t192.0.2.66\twin4\@spam.example\t"
    . "1:b\@lab.example.net\tdone      ", '... with all of its fields');
is((stat "$dir/journal")[2] & 07777, 0600, '... for nobody else to read');

# What somebody else quarantined is no business of ours.
spew("$queue/hf$others->[0]", slurp("$queue/qf$others->[0]")
    =~ s/^S/qvirus\nS/mr);
my $then = $before->{$others->[0]}{q}[0]{mtime};
utime $then, $then, "$queue/hf$others->[0]" or die;
unlink "$queue/qf$others->[0]" or die;
ok_run('release, dry', ['--release', '0.0.0.0/0'], 0,
    qr/\Awould release 20 of 50 .*^left alone: 1 that someone else holds/ms);
ok_run('release', ['--release', '--yes', '0.0.0.0/0'], 0,
    qr/\Areleased 20 messages/);
is(kinds($queue), 'df 50, hf 1, qf 49', 'ours are queued again');
is(slurp("$queue/qf$id"), $before->{$id}{q}[0]{text}, 'byte for byte');
ok_run('release all', ['--release', '--yes', '--any-reason', '0.0.0.0/0'], 0,
    qr/\Areleased 1 message /);
is_deeply(snapshot($queue), $before, 'all is as before, times included');

# A reason of one's own, and hostile bytes in it.
ok_run('reason', ['--yes', '--max', 50, '--reason', "a\nb\x80|c", SPAMMER], 0);
like(slurp("$queue/hf$id"), qr/^qqflush: a\?b\?_c\nS/m, 'a reason is one line');
ok_run('back', ['--release', '--yes', SPAMMER], 0);
is_deeply(snapshot($queue), $before, '... and goes away');

# A reason is the whole reason: "flood 1" is not "flood 10".
sub held_as {
	my ($reason) = @_;
	return scalar grep { slurp($_) =~ /^qqflush: \Q$reason\E$/m }
	    glob "$queue/hf*";
}
my @one = ('--yes', '--max', 50, 'sender:win1@spam.example');
my @ten = ('--yes', '--max', 50, 'sender:win2@spam.example');
$r = ok_run('flood 1', ['--reason', 'flood 1', @one], 0, qr/\Aheld 1 /);
like($r->{out}, qr/^to undo: qflush --yes --release -q \S+ --journal \S+ sender:win1\@spam\.example --reason 'flood 1'$/m,
    'the way back names the reason');
ok_run('flood 10', ['--reason', 'flood 10', @ten], 0, qr/\Aheld 1 /);
for my $row ([['--held', '--delete', '--max', 50], 'flood', 0],
    [['--held', '--move', "$dir/moved", '--max', 50], 'Flood 1', 0],
    [['--release'], 'flood', 0], [['--release'], 'flood 1', 1]) {
	my ($action, $reason, $n) = @$row;
	ok_run("@$action, reason $reason", [@$action, '--yes', '--reason',
	    $reason, SPAMMER], 0, qr/\A\w+ $n message.*^left alone: @{[2 - $n]} that qflush holds for another reason /ms);
	is(held_as('flood 10'), 1, '... what was held as flood 10 stays');
	is(held_as('flood 1'), 1 - $n, '... and is not flood 1');
}
ok_run('hold again', ['--reason', 'flood 1', @one], 0, qr/\Aheld 1 /);
ok_run('any of ours', ['--release', '--yes', '--reason', '*', SPAMMER], 0,
    qr/\Areleased 2 /);
is_deeply(snapshot($queue), $before, '... and all is as it was');

# --- move and restore --------------------------------------------------------

my @moving = ('--move', "$dir/moved", '--yes', '--max', 50);
ok_run('move', [@moving, SPAMMER], 0,
    qr/^to undo: qflush --yes --restore \Q$dir\E\/moved -q \S+ --journal \S+ \Q@{[SPAMMER]}\E$/m);
is(kinds($queue), 'df 30, qf 30', 'they are gone from the queue');
my ($part) = glob "$dir/moved/*";
like($part, qr/%2Fmqueue\z/, 'to a directory of that queue');
is(kinds($part), 'df 20, qf 20', '... with their bodies');
is((stat "$dir/moved")[2] & 07777, 0700, '... that nobody else can enter');
unharmed('move');
ok_run('restore, dry', ['--restore', "$dir/moved"], 0,
    qr/\Awould restore 20 of 20 messages \(100%\)/);
ok_run('restore some', ['--restore', "$dir/moved", '--yes',
    'sender:win1@spam.example'], 0, qr/\Arestored 1 message /);
is(kinds($queue), 'df 31, qf 31', 'a selector restores some');
ok_run('restore', ['--restore', "$dir/moved", '--yes'], 0,
    qr/\Arestored 19 messages/);
is_deeply(snapshot($queue), $before, 'all is as before');
ok_run('restore from another queue\'s', ['--restore', "$dir/moved", '--yes',
    '-q', "$dir/other"], 1, qr/\ANOT READ: \Q$dir\E\/other: No such file/);

# --- what is held can be removed ---------------------------------------------

ok_run('hold', ['--yes', '--max', 50, SPAMMER], 0);
ok_run('move held', [@moving, '--held', SPAMMER], 0, qr/\Amoved 20/);
is(kinds($queue), 'df 30, qf 30', 'held mail is moved');
ok_run('restore held', ['--restore', "$dir/moved", '--yes'], 0);
is(kinds($queue), 'df 50, hf 20, qf 30', '... and is held when it is back');
ok_run('queued is not held', ['--delete', '--yes', '--max', 50, SPAMMER], 0,
    qr/\Adeleted 0 messages/);
ok_run('delete held', ['--held', '--delete', '--yes', '--max', 50, SPAMMER],
    0, qr/\Adeleted 20 messages/);
is(kinds($queue), 'df 30, qf 30', 'control files and bodies are gone');
unharmed('delete', gone => \%is_flood);

# --- delete, with what belongs to a message ----------------------------------

spew("$queue/$_$others->[1]", '') for qw(xf tf);
ok_run('delete', ['--delete', '--yes', '--max', 1, '198.51.100.2'], 0,
    qr/\Adeleted 1 message /);
is(kinds($queue), 'df 29, qf 29', 'transcript and temporary file, too');

# --- the other options -------------------------------------------------------

mkdir "$dir/root$_" or die for '', qw(/etc /etc/mail /out);
spew("$dir/root/etc/mail/sendmail.cf", "O QueueDirectory=/out\n");
flood_queue("$dir/root/out", 2, 1);
$r = qflush('--root', "$dir/root", SPAMMER, 'sender:win1@spam.example');
like($r->{out}, qr{\Awould hold 1 of 3 .*\n  1 in \Q$dir\E/root/out$}m,
    '--root, and two words that must both hold') or diag explain $r;
$r = qflush('--root', "$dir/mqueue", SPAMMER);
is($r->{err}, "qflush: no sendmail queue found on this machine; name one:"
    . " -q DIR\n", 'no queue');
is($r->{code}, 2, '... is a failure');
$r = qflush('-q', "$dir/none", SPAMMER);
is($r->{err}, "qflush: no queue can be read: $dir/none: No such file or"
    . " directory\n", 'a queue that is missing is not an empty one');
is($r->{code}, 2, '... but a failure');
$r = qflush(@base, '-q', "$dir/none", SPAMMER);
like($r->{out}, qr{^NOT READ: 1 directory, such as \Q$dir\E/none: No such}m,
    'one of two');
is($r->{code}, 1, '... is a partial answer') or diag explain $r;
ok_run('one row', ['198.51.100.0/24'], 0, qr/^others +\d+$/m);
unlike(ok_run('all rows', ['-v', '198.51.100.0/24'], 0)->{out}, qr/^others/m,
    '-v shows every relay');
like(qflush('--help')->{out}, qr/^Usage: qflush SELECTOR/m, '--help');
like(qflush('-V')->{out}, qr/\Aqflush \(mqueue-plugins\) [\d.]+\n\z/, '-V');
$r = qflush('-q', "$dir/root/out", '--yes', '--max', 9, '--journal',
    "$dir/j2", 'sender:<>', 'sender:win1@spam.example', 'newer:1h');
like($r->{out}, qr/--release -q \S+ --journal \S+ 'sender:<>' sender:win1\@spam\.example$/m,
    'the way back is what a shell takes, without ages');

# In MailScanner's queue sendmail has to be told to look.
flood_queue("$dir/mqueue.in", 1, 1);
$r = qflush('-q', "$dir/mqueue.in", '--journal', "$dir/j2", @max, '--max', 9);
like($r->{out}, qr/^to look at them: \/usr\/sbin\/sendmail -bp -qQ -OQueueDirectory=\Q$dir\E\/mqueue\.in$/m,
    'an incoming queue is named');
like($r->{out}, qr/: \/usr\/sbin\/sendmail -qQ -Q -OQueueDirectory=\Q$dir\E\/mqueue\.in$/m,
    '... to release from it, too');

# --- what is synced ----------------------------------------------------------

# synced(\@inject, $messages): how often the disk is waited for, and how.
sub synced {
	my ($inject, $n) = @_;
	my $q = "$dir/synced.$n";
	run('rm', '-rf', $q);
	flood_queue($q, $n, 0);
	my $s = run({env => {ASAN_OPTIONS => 'detect_leaks=0'}}, 'strace',
	    '-f', '-qq', '-o', "$dir/trace", '-e', 'trace=fsync,syncfs',
	    @$inject, '--', program('qflush'), '-q', $q,
	    '--journal', "$dir/j3", @max, '--max', '100%');
	like($s->{out}, qr/\Aheld $n messages/, "$n messages")
	    or diag explain $s;
	my %calls = (fsync => 0, syncfs => 0);
	$calls{$_}++ for slurp("$dir/trace") =~ /^\d+ +(\w+)\(/mg;
	return \%calls;
}

SKIP: {
	skip('no strace', 1) if lacks(have('strace'), 'strace');
	is_deeply(synced([], 3), {fsync => 3, syncfs => 0},
	    '... what was written is synced, not what others wrote');
	is_deeply(synced([], 32), {fsync => 32, syncfs => 0}, '... each');
	is_deeply(synced([], 33), {fsync => 0, syncfs => 1}, '... or all');
	my $calls = synced(['-e', 'inject=syncfs:delay_exit=600000'], 600);
	cmp_ok($calls->{syncfs}, '<', 3, '... but not where that is slow');
	cmp_ok($calls->{fsync}, '>=', 88, '... then each again');
}

# --- several passes ----------------------------------------------------------

($flood) = flood_queue($queue, 5, 0, first => 100);
ok_run('rescan', ['--rescan', 5, '--pause', '0s', @max], 0,
    qr/\Aheld 5 messages in \S+ \(\d+\/s\), 3 passes, the last two found nothing$/m);
my $lock = lock_flock("$queue/hf$flood->[0]");
ok_run('rescan in vain', ['--release', '--rescan', 2, '--pause', '0s', @max],
    1, qr/, 3 passes, and there may be more\n  3 busy, such as $flood->[0] /);
close $lock;
ok_run('now it is free', ['--release', @max], 0, qr/\Areleased 1 /);

# --- release in small amounts ------------------------------------------------

ok_run('hold 5', ['--max', 5, @max], 0);
my $child = fork // die "fork: $!\n";
if (!$child) {
	my $slow = qflush(@base, '--release', '--below', 31, @max);
	POSIX::_exit($slow->{code} == 0 && $slow->{out} =~ /^released 5 /
	    ? 0 : 1);
}
wait_for(sub { kinds($queue) =~ /qf 31/ }, 'the first two');
is(kinds($queue), 'df 34, hf 3, qf 31', '--below: as many as there is room for');
unlink map { "$queue/qf$_" } @$others[10 .. 14];
wait_for(sub { kinds($queue) !~ /hf/ }, 'the others');
waitpid $child, 0;
is($?, 0, '... and the others when there is room again');

# A queue that can't be counted has no room that anybody knows of.
ok_run('hold 5', ['--max', 5, @max], 0);
my @unknown = ('--release', '--below', 1000, '-q', "$dir/none", @max);
$r = ok_run('--below, a queue that is missing', [@unknown], 2, '');
is($r->{err}, "qflush: --below 1000: nothing is released while it isn't known"
    . " how many messages are queued: $dir/none: No such file or directory;"
    . " mend that, or use --rate alone\n", '... is told');
like(kinds($queue), qr/hf 5/, '... and all is held still');
ok_run('release 5', ['--release', @max], 0);

# A pass that could not read a queue has not found nothing.
$r = ok_run('rescan, a queue that is missing', ['--rescan', 3, '--pause',
    '0s', '-q', "$dir/none", '--max', 5, SPAMMER, '--release', '--yes'], 1,
    qr/, 4 passes, and there may be more$/m);

ok_run('hold 5', ['--max', 5, @max], 0);
my $began = time;
ok_run('rate', ['--release', '--rate', '120/min', @max], 0, qr/\Areleased 5 /);
cmp_ok(time - $began, '>=', 1, '--rate: two a second');
done_testing;
