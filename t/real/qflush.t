#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qflush.t - a real sendmail: what qflush holds is held for it, too; and three
# queue runs at work while one relay's mail is taken out, again and again: no
# message is lost, doubled, or delivered without its body
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Flush;
use MQ::Sendmail;
use MQ::Sink qw(body_of message_of);
use POSIX qw(_exit WNOHANG);
use Test::More;

need('root', 'ip', 'm4', '/usr/sbin/sendmail');

my $RUNNERS = 3;
my $ROUNDS = 40;
my $MESSAGES = 150;	# of the flood, and of others, to begin with
my $SENDERS = 5;	# one of them is deleted in a round
my $OTHER = '192.0.2.10';
my $SINK = '127.0.0.2';

my $work = tempdir();
my ($tags, $sessions) = (0, 0);

MQ::Sendmail::add_address($_) for SPAMMER, $OTHER;

sub start_sendmail {
	my ($name) = @_;
	my $dir = "$work/$name";
	mkdir $_ or die "$_: $!\n" for $dir, "$dir/mqueue";
	return MQ::Sendmail->new(dir => "$dir/sendmail",
	    queue => "$dir/mqueue", mc => <<'EOT')->start;
define(`confHOST_STATUS_DIRECTORY', `')dnl
define(`confMIN_QUEUE_AGE', `0')dnl
define(`confQUEUE_SORT_ORDER', `random')dnl
define(`confTO_CONNECT', `5s')dnl
EOT
}

# Sends n messages from an address, all of the next of $SENDERS senders;
# returns their tags.
sub inject {
	my ($sendmail, $n, $via) = @_;
	my @tags = map { ($via eq SPAMMER ? 'flood' : 'other') . $tags++ }
	    1 .. $n;
	$sendmail->send($n, to => "b\@[$SINK]", client => $via,
	    from => 'win' . $sessions++ % $SENDERS . '@spam.example',
	    text => sub { message_of($tags[$_[0] - 1]) =~ s/\n/\r\n/gr });
	return @tags;
}

# tag -> [types of its control files, ...] in a queue; its body has to be
# there and right.
sub queued {
	my ($queue, $wrong) = @_;
	my $found = places($queue);
	my %queued;
	for my $id (sort keys %$found) {
		my $f = $found->{$id};
		for my $type (grep { $f->{$_} } qw(q h Q)) {
			my ($tag) = $f->{$type}[0]{text} =~
			    /^H\?\?Subject: (\S+)/m;
			push @{$queued{$tag // "file $type$id"}}, $type;
			my $body = $f->{d} ? $f->{d}[0]{text} : '';
			push @$wrong, "$type$id ($tag) without its body"
			    if $body ne body_of($tag // '');
		}
		push @$wrong, "an orphan: $id" if !grep { $f->{$_} } qw(q h Q);
	}
	return \%queued;
}

# Each message is once in the queue or has once arrived, whole. gone: those
# that may be nowhere.
sub losses {
	my ($sink, $queue, $tags, %gone) = @_;
	my @wrong;
	my $arrived = $sink->arrived;
	my $queued = queued($queue, \@wrong);
	for my $tag (@$tags) {
		my @there = (@{$arrived->{$tag} // []},
		    @{$queued->{$tag} // []});
		next if !@there && $gone{$tag};
		push @wrong, "$tag: " . (join(', ', @there) || 'lost')
		    if @there != 1 || $there[0] =~ /wrong/;
	}
	my %known = map { $_ => 1 } @$tags;
	push @wrong, map { "$_ arrived from nowhere" }
	    grep { !$known{$_} } keys %$arrived;
	return @wrong;
}

subtest 'held, and released by either' => sub {
	my $sendmail = start_sendmail('hands');
	my $queue = "$work/hands/mqueue";
	my @q = ('-q', $queue, '--journal', "$work/hands/journal");
	my $sink = MQ::Sink->new(address => $SINK, dir => "$work/hands");
	my @flood = inject($sendmail, 5, SPAMMER);
	my @others = inject($sendmail, 5, $OTHER);
	# Once deferred, a file has all the lines that it will ever have.
	$sink->defer(100);
	$sendmail->command('-qf');
	my $before = snapshot($queue);
	my ($id) = grep { $before->{$_}{q}[0]{text} =~ /192\.0\.2\.66/ }
	    sort keys %$before;
	is(kinds($queue), 'df 10, qf 10', 'ten messages wait');
	like($before->{$id}{q}[0]{text}, qr/^MDeferred: 451/m, 'for a host');

	for my $undo ([sub { qflush(@q, '--yes', '--release', SPAMMER) },
	    'qflush --release'],
	    [sub { $sendmail->command('-qQ', '-Q') }, 'sendmail -qQ -Q']) {
		my ($release, $name) = @$undo;
		my $r = qflush(@q, '--yes', '--max', 5, SPAMMER);
		like($r->{out}, qr/\Aheld 5 messages/, 'five are held')
		    or diag explain $r;
		is($sendmail->mailq_total, 5, 'mailq shows the others');
		$r = $sendmail->command('-bp', '-qQ');
		like($r->{out}, qr/Total requests: 5/, 'mailq -qQ shows ours');
		is(() = $r->{out} =~ /QUARANTINE: qflush: 192\.0\.2\.66$/mg,
		    5, '... and why');
		$sink->defer(0);
		$sendmail->command('-qf') if $name =~ /sendmail/;
		$r = $release->();
		is($r->{code}, 0, $name) or diag explain $r;
		is(kinds($queue) =~ /hf/, '', '... all are queued again');
		my $now = snapshot($queue);
		is_deeply([map { $now->{$_}{q}[0]{text} } grep {
		    $before->{$_}{q}[0]{text} =~ /192\.0\.2\.66/
		    } sort keys %$before],
		    [map { $_->{q}[0]{text} } grep {
		    $_->{q}[0]{text} =~ /192\.0\.2\.66/ }
		    map { $before->{$_} } sort keys %$before],
		    '... byte for byte what they were');
	}
	is(scalar(keys %{$sink->arrived}), 5, 'a queue run took the others');
	$sendmail->command('-qf');
	is_deeply([losses($sink, $queue, [@flood, @others])], [],
	    'all ten arrived once, with their bodies');
	is(kinds($queue), '', 'and the queue is empty');

	# What qflush leaves when it is killed at the worst moment.
	inject($sendmail, 1, SPAMMER);
	my ($file) = glob "$queue/qf*";
	spew($file, held_text(slurp($file), 'x'));
	$sendmail->command('-qf');
	is(kinds($queue), 'df 1, hf 1', 'a qf with a q line is held by sendmail');
};

# Queue runs one after the other, until the file is gone. Returns their
# processes.
sub start_runners {
	my ($sendmail, $go) = @_;
	spew($go, '');
	return map {
		my $pid = fork // die "fork: $!\n";
		if (!$pid) {
			eval { $sendmail->command('-qf') while -e $go };
			_exit(0);
		}
		$pid;
	} 1 .. $RUNNERS;
}

# What is done in a round, by turns; the second is how it is undone.
my %moved = map { $_ => "$work/moved.$_" } qw(hold delete move);
my %turn = (
	hold => [sub { qflush(@_, '--yes', '--max', '100%', SPAMMER) },
	    sub { qflush(@_, '--yes', '--release', SPAMMER) }],
	move => [sub { qflush(@_, '--yes', '--max', '100%', '--move',
	    $moved{move}, SPAMMER) },
	    sub { qflush(@_, '--yes', '--restore', $moved{move}) }],
	delete => [sub { qflush(@_, '--yes', '--max', '100%', '--delete',
	    SPAMMER, 'sender:win' . $sessions % $SENDERS . '@spam.example') },
	    undef]);

for my $action (qw(hold move delete)) {
	subtest "$RUNNERS queue runs, and $action" => sub {
		my $sendmail = start_sendmail($action);
		my $dir = "$work/$action";
		my $queue = "$dir/mqueue";
		my @q = ('-q', $queue, '--journal', "$dir/journal");
		my $sink = MQ::Sink->new(address => $SINK, dir => $dir,
		    delay => 0.01);
		my @tags = map { (inject($sendmail, $MESSAGES / $SENDERS,
		    SPAMMER), inject($sendmail, $MESSAGES / $SENDERS,
		    $OTHER)) } 1 .. $SENDERS;
		$sink->defer(70);
		my @runners = start_runners($sendmail, "$dir/go");
		my ($do, $undo) = @{$turn{$action}};
		my ($changed, $busy, @failed) = (0, 0);
		for my $round (1 .. $ROUNDS) {
			# The queue runs are at it again, or have nothing left.
			my $tried = $sink->tried;
			wait_for(sub { $sink->tried > $tried + $RUNNERS
			    || !(() = glob "$queue/qf*") },
			    'the queue runs');
			my $r = $do->(@q);
			push @failed, "$r->{code} $r->{out}$r->{err}"
			    if $r->{code} > 1 || $r->{err} ne ''
			    || $r->{out} =~ /refused|failed/;
			$changed += $r->{out} =~ /^\w+ (\d+) message/ ? $1 : 0;
			$busy += $r->{out} =~ /^  (\d+) busy/m ? $1 : 0;
			# New mail comes in all the while.
			push @tags, inject($sendmail, $undo ? 3 : 30, SPAMMER),
			    inject($sendmail, 3, $OTHER);
			next if !$undo || $round % 2;
			# Stock sendmail releases, too; other runs are on.
			$r = $round % 4 || $action ne 'hold' ? $undo->(@q) :
			    $sendmail->command('-qQ', '-Q');
			push @failed, "$r->{code} $r->{out}$r->{err}"
			    if $r->{code} > 1;
		}
		unlink "$dir/go";
		waitpid $_, 0 for @runners;
		is_deeply(\@failed, [], "$ROUNDS times, and none failed");
		cmp_ok($changed, '>', $MESSAGES / 2, "$changed messages changed");
		cmp_ok($busy, '>', 0, "$busy were busy");
		my $arrived = keys %{$sink->arrived};
		cmp_ok($arrived, '>', 0, "$arrived arrived meanwhile");

		# All that may still arrive does.
		$undo->(@q) if $undo;
		$sendmail->command('-qQ', '-Q') if $action eq 'hold';
		$sink->defer(0);
		wait_for(sub {
			$sendmail->command('-qf');
			kinds($queue) eq '';
		}, 'the queue to be empty: ' . kinds($queue));
		my %gone = $action eq 'delete' ?
		    map { $_ => 1 } grep { /flood/ } @tags : ();
		is_deeply([losses($sink, $queue, \@tags, %gone)], [],
		    'no message is lost, doubled or without its body');
		my $deleted = grep { !$sink->arrived->{$_} } @tags;
		is($deleted, $action eq 'delete' ? $changed : 0,
		    "$deleted did not arrive, as many as were deleted");
		is_deeply([grep { !/\.\.?$/ } glob "$queue/{*,.q*}"], [],
		    'nothing is left over');
	};
}
done_testing;
