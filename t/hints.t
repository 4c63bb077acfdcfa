#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# hints.t - the commands that programs print are pasted into a shell: they look
# at the queues, the journal and the map that the hint was about, whatever
# these are called, and what undoes something undoes it
use strict;
use warnings;

use File::Path qw(make_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Flush;
use MQ::Hints;
use Test::More;

my $dir = tempdir();
my $state = tempdir();
my $SENDMAIL = '/usr/sbin/sendmail';

# The commands that a program prints, each of which ends well; what they print.
sub pasted {
	my ($r, $what, @want) = @_;
	my @hints = hints($r->{out});
	is_deeply(\@hints, \@want, "$what: the commands")
	    or diag $r->{out}, $r->{err};
	return map {
		my $ran = paste($_);
		is($ran->{code}, 0, "$what: $_") or diag $ran->{out}, $ran->{err};
		is($ran->{err}, '', '... without a word on stderr');
		$ran->{out};
	} grep { !m{^/usr/sbin/} } @hints;
}

# A queue where no program looks by itself, with 12 messages of a flood, 3
# others, 2 that are held and one that is lost.
sub queue {
	my ($name) = @_;
	my $queue = "$dir/$name";
	make_path($queue);
	flood_queue($queue, 12, 3);
	make_queue($queue, 2, type => 'hf', first => 100);
	make_queue($queue, 1, type => 'Qf', first => 200);
	return $queue;
}

# --- qstat -------------------------------------------------------------------

my $plain = queue('x.in');
my ($messages, $removal) = pasted(tool('qstat', '-q', "y=$plain"),
    'qstat', "$SENDMAIL -bp -qQ -OQueueDirectory=$plain",
    "$SENDMAIL -bp -qL -OQueueDirectory=$plain",
    "qstat -q y=$plain --messages 192.0.2.66");
like($messages, qr/^12 messages match 192\.0\.2\.66/m, 'qstat: they are found');

for my $name ("it's here", 'a $(id) `id`;b', 'q"|&<*>?', 'in1') {
	my $queue = queue("odd/$name");
	my $r = tool('qstat', '-q', $queue);
	my @hints = hints($r->{out});
	is(scalar @hints, 3, "$name: three commands") or diag $r->{out};
	my $ran = paste($hints[-1]);
	like($ran->{out}, qr/^12 messages match 192\.0\.2\.66/m, '... qstat finds them')
	    or diag $ran->{err};
	like($hints[0], qr{^\Q$SENDMAIL\E -bp -qQ '?-OQueueDirectory=\Q$dir\E},
	    '... sendmail is told where');
	my $word = run('sh', '-c', $hints[0] =~ s/^\S+ -bp -qQ/printf %s/r);
	is($word->{out}, "-OQueueDirectory=$queue", '... whatever it is called');
}

# Several directories: a wildcard has them all, or each has its own command.
queue("wild/$_") for qw(q1 q2);
is_deeply([grep { /-qQ/ } hints(tool('qstat', '-q', "$dir/wild/q*")->{out})],
    ["$SENDMAIL -bp -qQ '-OQueueDirectory=$dir/wild/q*'"], 'qstat: a wildcard');

# A name that nobody can type is in no command.
my $typed = queue("tab\there");
is_deeply([hints(tool('qstat', '-q', $typed)->{out})], [], 'qstat: a tab');

# Below another root.
make_path("$dir/root/etc/mail");
spew("$dir/root/etc/mail/sendmail.cf", "O QueueDirectory=/var/spool/mqueue\n");
my $rooted = queue('root/var/spool/mqueue');
($messages) = pasted(tool('qstat', '--root', "$dir/root"), 'qstat --root',
    "$SENDMAIL -bp -qQ -OQueueDirectory=$rooted",
    "$SENDMAIL -bp -qL -OQueueDirectory=$rooted",
    "qstat --root $dir/root --messages 192.0.2.66");
like($messages, qr/^12 messages match 192\.0\.2\.66/m, 'qstat --root: they are found');

# --- check_relayflood --------------------------------------------------------

my @judged = ('-w', 5, '-c', 10);
for (['-q', $plain], ['--root', "$dir/root"]) {
	my ($plan) = pasted(flood(@$_, @judged), "check_relayflood $_->[0]",
	    "qflush @$_ 192.0.2.66");
	like($plan // '', qr/^would hold 12 of 15 messages/m,
	    '... they are found');
}
my $late = "$dir/late";
flood_queue($late, 12, 0, status => 'Deferred: 451 later');
my ($table) = pasted(flood('-q', $late, @judged, '--by', 'status'),
    'check_relayflood --by status', "qstat -q $late --by relay");
like($table // '', qr/192\.0\.2\.66 .*, holds 12 of 12/, '... they are found');
my @hints = hints(flood('-q', "$dir/odd/it's here", @judged)->{out});
is(scalar @hints, 1, 'check_relayflood: quotes, which a monitor takes away');
isnt(paste($hints[0])->{code}, 0, '... a command that fails, not one that'
    . ' looks somewhere else');

# --- check_mqueue ------------------------------------------------------------

sub advice {
	my ($re, @args) = @_;
	my ($found) = plugin('--state-dir', $state, @args)->{out} =~
	    /$re.*\n +-> (.*)/;
	return $found;
}

is(advice(qr/^  lost WARNING/m, '-q', $plain), 'the mail log says why (Losing);'
    . " list them, as root: $SENDMAIL -bp -qL -OQueueDirectory=$plain",
    'check_mqueue: lost');
is(advice(qr/^  quarantined WARNING/m, '-q', $plain, '--quarantined-warning', 1,
    '--lost-warning', 1), "list them, as root: $SENDMAIL -bp -qQ"
    . " -OQueueDirectory=$plain", 'check_mqueue: held');
my $out = queue('x');
is(advice(qr/^  messages WARNING/m, '-q', $out, '-w', 10),
    "what do they wait for, as root: qstat -q $out --by status",
    'check_mqueue: waiting');
is(advice(qr/^  lost WARNING/m, '--root', "$dir/root"),
    'the mail log says why (Losing); list them, as root:'
    . " $SENDMAIL -bp -qL -OQueueDirectory=$rooted", 'check_mqueue: --root');
like(advice(qr/^  lost WARNING/m, '-q', "$dir/odd/it's here"),
    qr/list them: see below the table of qstat -q \.\.\., where/,
    'check_mqueue: quotes, which a monitor takes away');

# --list-queues has the options for what is not watched, whatever it is called.
my $beside = "$dir/root/var/spool/mqueue/it's new";
make_path($beside);
make_queue($beside, 1, first => 400);
my ($watch) = plugin('--root', "$dir/root", '--list-queues')->{out} =~
    /-> to watch it: (-q .*)/;
my $watched = paste("check_mqueue $watch --state-dir $state");
like($watched->{out}, qr/^MQUEUE OK - \S+ new 1 message, /,
    'check_mqueue --list-queues: quotes') or diag $watch, $watched->{err};

# --- qflush ------------------------------------------------------------------

# The plan looks where it looked itself. The flood began later than this.
my $mixed = "$dir/mixed";
flood_queue($mixed, 200, 3);
make_message($mixed, age => 7200, n => 300, relay =>
    'mx.spam.example [192.0.2.66]');
my $r = tool('qflush', '-q', $mixed, '192.0.2.66');
my ($early) = grep { /older:/ } hints($r->{out});
like($early, qr/^qstat -q \Q$mixed\E --messages 192\.0\.2\.66 older:\d+s$/,
    'qflush: what came before the flood') or diag $r->{out};
like(paste($early)->{out}, qr/^1 message matches 192\.0\.2\.66/m,
    '... is found');

# Where it held messages they are shown, and come back, as long as the command
# that is pasted says so.
for my $name ('two', "it's here", 'a $(id)') {
	my @queues = map { "$dir/undo/$name/$_" } qw(m.in out);
	make_path(@queues);
	flood_queue($queues[$_], 4, 2, first => 10 * $_) for 0, 1;
	my $before = snapshot(@queues);
	my $journal = "$dir/undo/$name/the journal";
	my @base = ((map { ('-q', $_) } @queues), '--journal', $journal,
	    '--yes', '--max', 8);

	$r = tool('qflush', @base, '192.0.2.66', 'older:1s');
	like($r->{out}, qr/\Aheld 8 messages/, "$name: held") or diag $r->{err};
	@hints = hints($r->{out});
	is(scalar(grep { /-bp -qQ/ } @hints), 2, '... a look at each queue');
	is(scalar(grep { / -qQ -Q/ } @hints), 2, '... and sendmail\'s way');
	my ($undo) = grep { /^qflush/ } @hints;
	my $ran = paste($undo);
	is($ran->{code}, 0, "... undone: $undo") or diag $ran->{err};
	like($ran->{out}, qr/\Areleased 8 messages/, '... all of them');
	is_deeply(snapshot(@queues), $before, '... as they were');
	like(slurp($journal), qr/\trelease\t/, '... in the same journal');

	$r = tool('qflush', @base, '--move', "$dir/undo/$name/moved",
	    '192.0.2.66');
	like($r->{out}, qr/\Amoved 8 messages/, "$name: moved") or diag $r->{err};
	($undo) = grep { /^qflush/ } hints($r->{out});
	$ran = paste($undo);
	is($ran->{code}, 0, "... undone: $undo") or diag $ran->{err};
	like($ran->{out}, qr/\Arestored 8 messages/, '... all of them');
	is_deeply(snapshot(@queues), $before, '... as they were');
	like(slurp($journal), qr/\trestore\t/, '... in the same journal');
}
my $before = snapshot($rooted);
$r = tool('qflush', '--root', "$dir/root", '--journal', "$dir/root.log",
    '--yes', '--max', 12, '192.0.2.66');
my ($undo) = grep { /^qflush/ } hints($r->{out});
is($undo, "qflush --yes --release --root $dir/root --journal $dir/root.log"
    . ' 192.0.2.66', 'qflush --root: the way back');
is(paste($undo)->{code}, 0, '... works');
is_deeply(snapshot($rooted), $before, '... and all is as it was');

# What has no name that could be typed gets words, and no wrong command.
flood_queue("$dir/undo/tab\there", 1, 1);
$r = tool('qflush', '-q', "$dir/undo/tab\there", '--journal', "$dir/tab.log",
    '--yes', '--max', 1, '192.0.2.66');
like($r->{out}, qr/^to undo: the same words with --release; one of them can't/m,
    'qflush: a tab');
is_deeply([hints($r->{out})], [], '... is in no command');

done_testing();
