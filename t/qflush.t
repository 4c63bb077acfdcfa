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

ok_run('hold 5', ['--max', 5, @max], 0);
my $began = time;
ok_run('rate', ['--release', '--rate', '120/min', @max], 0, qr/\Areleased 5 /);
cmp_ok(time - $began, '>=', 1, '--rate: two a second');
done_testing;
