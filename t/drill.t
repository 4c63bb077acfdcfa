#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# drill.t - what qstat says of a flood is what check_relayflood says, and each
# group of a table can be drilled into: by the commands that are printed, and
# by the selectors of its rows, in qstat and in qflush
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $dir = tempdir();
my @keys = qw(relay network name helo sender sender-domain recipient-domain
    status);

# Runs a line as a person does who copies it from the terminal.
sub paste {
	my ($line) = @_;
	return run({env => {PATH => builddir() . "/bin:$ENV{PATH}",
	    TERM => 'dumb'}}, '/bin/sh', '-c', $line);
}

# The lines of --tsv that are groups, as hashes.
sub groups {
	my $r = tool('qstat', @_, '-n0', '--tsv');
	my ($head, @lines) = map { [split /\t/, $_, -1] } split /\n/, $r->{out};
	return grep { $_->{key} ne '' }
	    map { my %row; @row{@$head} = @$_; \%row } @lines;
}

# How many messages an answer to --messages, or a dry run, is about.
sub listed {
	return $_[0]{out} =~ /\A(\d+) messages? match/ ? $1 :
	    $_[0]{out} =~ /\A0|\Ano message/ ? 0 : undef;
}

sub would_hold {
	return $_[0]{out} =~ /\Awould hold (\d+) of / ? $1 : undef;
}

# --- queues ------------------------------------------------------------------

# By a relay, by a filter of this host, by a command, and a bounce.
my %by = (relay => 'mx.spam.example [192.0.2.66]',
    loopback => 'localhost [127.0.0.1]', local => 'root@localhost',
    bounce => 'localhost');
my $n = 0;

sub fill {
	my ($queue, @rows) = @_;
	for my $row (@rows) {
		my ($count, $relay, %opt) = @$row;
		make_message($queue, n => $n++, age => 600,
		    relay => $by{$relay} // $relay, %opt) for 1 .. $count;
	}
	return $queue;
}

my %queue = (
    'a flood of local mail' => fill("$dir/local",
	[400, 'local', sender => 'cron@lab.example'],
	[20, 'bounce', sender => ''], [3, 'relay']),
    'nothing of another host' => fill("$dir/none",
	[150, 'local', sender => 'cron@lab.example'],
	[20, 'loopback', sender => 'cron@lab.example', helo => 'mx.lab']),
    'a flood that is less than the mail of this host' => fill("$dir/mixed",
	[150, 'relay', sender => 'Win@spam.example'],
	[30, 'relay', sender => 'win@SPAM.example'],
	[50, 'local', sender => 'win@spam.example'],
	[60, 'loopback', sender => 'win@spam.example'],
	[300, 'local', sender => 'cron@lab.example', status => 'Deferred: x']),
    'a critical flood of odd bytes' => fill("$dir/odd",
	[310, 'relay', sender => "a'b \$(id) 5%41\xe4\@sp;am.example",
	    helo => 'it is "me"', status => "Deferred: can't <x>; try 10% &"],
	[5, 'loopback', helo => 'it is "me"'],
	[12, 'mx.b.example [192.0.2.67]', sender => '', status => 'Deferred',
	    recipients => ['ann@one.example', 'bob@two.example']]),
);

# --- one rule, one answer ----------------------------------------------------

my @states = qw(no warning critical);
for my $what (sort keys %queue) {
	my @queue = ('-q', $queue{$what});
	for my $key (@keys) {
		my @groups = groups(@queue, '--by', $key);
		if ($key eq 'recipient-domain' || $key eq 'status') {
			is_deeply([grep { $_->{flood} ne '' } @groups], [],
			    "$what: by $key nothing is judged");
			next;
		}
		my $flood = flood(@queue, '--by', $key);
		my ($worst) = sort { $b <=> $a } 0, map { my $g = $_;
		    grep { $states[$_] eq $g->{flood} } 0 .. 2 } @groups;
		is($flood->{code}, $worst, "$what: by $key check_relayflood"
		    . " says what qstat says") or diag $flood->{out};
		my $answer = tool('qstat', @queue, '--by', $key)->{out};
		my @told = $answer =~ /\(check_relayflood(.*): ([A-Z]+)\)/g;
		is("@told", $worst == 0 ? '' : ($key eq 'relay' ? '' :
		    " --by $key") . ' ' . uc $states[$worst],
		    '... in words, with the same key');
	}
}
my $r = tool('qstat', '-q', $queue{'nothing of another host'});
is((split /\n(?!  )/, $r->{out})[0] =~ s/\n */ /gr, 'no message is known to'
    . ' come from another host: 20 loopback, 150 local; --by sender tells'
    . ' whose mail it is', 'without a relay it is told whose mail it is');
my ($next) = $r->{out} =~ /^whose mail it is:\n  (.*)$/m;
like(paste($next)->{out}, qr/ cron\@lab\.example +170 /,
    '... and the command that is printed tells who sent it');
unlike($r->{out}, qr/qflush/, '... and none that would hold nothing');
$r = tool('qstat', '-q', $queue{'a flood of local mail'}, '--by', 'sender');
is((split /\n(?!  )/, $r->{out})[0] =~ s/\n */ /gr, 'no flood by sender: the'
    . ' largest sender, cron@lab.example, holds 400 of 423 messages (95%);'
    . ' local 400 (95%) not judged', 'what is not judged is told');

# --- the commands that are printed -------------------------------------------

for my $what (sort keys %queue) {
	for my $key (@keys) {
		my @queue = ('-q', $queue{$what}, '--by', $key);
		my @groups = groups(@queue);
		my %worth = (no => 0, '' => 0, warning => 1, critical => 2);
		my ($top) = sort { $worth{$b->{flood}} <=> $worth{$a->{flood}}
		    || $b->{count} <=> $a->{count} } @groups;
		next if !defined $top;
		my $out = tool('qstat', @queue)->{out};
		my ($list) = $out =~ /^  (qstat .* --messages .*)$/m;
		is(listed(paste($list)), $top->{count}, "$what, by $key:"
		    . ' its messages are as many as the table says')
		    or diag $list;
		my ($dry) = $out =~ /^  (qflush .*)$/m;
		is(defined $dry, $top->{flood} =~ /[wc]/,
		    '... a dry run is printed for a flood only');
		is(would_hold(paste($dry)), $top->{judged},
		    '... and holds what was judged') or diag $dry
		    if defined $dry;
	}
}

# --- each row has a selector -------------------------------------------------

my $drilled = 0;
for my $what (sort keys %queue) {
	my @queue = ('-q', $queue{$what});
	for my $key (@keys) {
		for my $g (groups(@queue, '--by', $key)) {
			my @words = $key eq 'status' ? $g->{selector} :
			    split / /, $g->{selector};
			is(listed(tool('qstat', @queue, '--messages', @words)),
			    $g->{count}, "$what: $g->{selector}");
			$drilled++;
			# As a person types it, where the key is shown as it
			# is: what may also be this host's is listed, too.
			next if $g->{key} =~ /[?_]/ || $g->{key} =~ /%[0-9a-f]/i;
			my $typed = listed(tool('qstat', @queue, '--messages',
			    "$key:$g->{key}"));
			ok(defined $typed && $typed >= $g->{count},
			    "... and $key:$g->{key}");
		}
	}
}
cmp_ok($drilled, '>=', 40, 'rows were drilled into');
my $odd = $queue{'a critical flood of odd bytes'};
like(tool('qstat', '-q', $odd, '--by', 'sender')->{out},
    qr/^keys that are not shown as they are, as selectors:\n1  '\S+'\n\n/m,
    'a key that is shown otherwise has its selector below the table');

# --- qflush, and its guards --------------------------------------------------

my $mixed = $queue{'a flood that is less than the mail of this host'};
for my $row (['class:local', 0, 350], ['class:bounce', 0, 0],
    ['class:smtp', 180, 0], ['class:loopback', 0, 60],
    ['sender:win@spam.example', 180, 110], ['status:Deferred: x', 0, 300],
    ['recipient:b@lab.example.net', 180, 410],
    ['recipient-domain:LAB.example.net', 180, 410],
    ['recipient-domain:lab.example', 0, 0], ['relay:192.0.2.66', 180, 0],
    ['network:192.0.2.0/24', 180, 0], ['helo:relay.example', 180, 410]) {
	my ($selector, $held, $left) = @$row;
	my @command = ('-q', $mixed, '--journal', "$dir/journal", $selector);
	$r = tool('qflush', @command);
	is(would_hold($r), $held, "qflush $selector") or diag explain $r;
	is($r->{out} =~ /^left alone: (\d+) that this host made .*\(--force-local\)$/m
	    ? $1 : 0, $left, '... and leaves alone what this host made');
	is(would_hold(tool('qflush', '--force-local', @command)),
	    $held + $left, '... but for --force-local');
}

my @odd = ('-q', $odd, '--journal', "$dir/journal");
$r = tool('qflush', @odd, 'recipient:ann@one.example');
my $others = '12 of them also go to recipients who were not named: a message'
    . ' is held for all of its recipients';
like($r->{out}, qr/^$others$/m, 'other recipients are told of');
unlike(tool('qflush', @odd, 'recipient:ann@one.example',
    'recipient-domain:two.example')->{out}, qr/also go to/,
    '... where there are some');
unlike(tool('qflush', @odd, '192.0.2.67')->{out}, qr/also go to/,
    '... and where recipients are asked for');

# Under the lock the message is read again, recipients and all.
for my $row (['recipient-domain:one.example', 12],
    ["status:Deferred: can't <x>; try 11% &", 310]) {
	my ($selector, $count) = @$row;
	my @old = sort glob "$odd/*";
	$r = tool('qflush', @odd, '--yes', '--max', 400, $selector);
	like($r->{out}, qr/\Aheld $count messages/, "qflush --yes $selector")
	    or diag explain $r;
	my ($undo) = $r->{out} =~ /^to undo: (qflush .*)$/m;
	like(paste($undo)->{out}, qr/\Areleased $count messages/, "... $undo");
	is_deeply([sort glob "$odd/*"], \@old, '... and all is as before');
}

# However long the list of recipients is.
my $far = fill("$dir/far", [1, 'relay', recipients => [(map {
    "user$_\@near.example" } 1 .. 400), 'last@far.example']]);
is(listed(tool('qstat', '-q', $far, '--messages', 'recipient:last@far.example')),
    1, 'the last of many recipients is found');
is(would_hold(tool('qflush', '-q', $far, 'recipient-domain:far.example')), 1,
    '... by qflush, too');
is_deeply([map { "$_->{key} $_->{count}" } groups('-q', $far, '--by',
    'recipient-domain')], ['far.example 1', 'near.example 1'],
    '... and its domain is counted');

done_testing();
