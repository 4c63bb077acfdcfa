#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# queue_groups.t - check_mqueue has the directories of sendmail's queue groups,
# and the messages in them, that sendmail -bp lists for the same sendmail.cf;
# what sendmail refuses is no queue of ours either
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use Test::More;

need('root', '/usr/sbin/sendmail');

my $root = tempdir();
my $state = tempdir();
my $q = tempdir() . '/mqueue';

sub mkdirs {
	-d $_ or mkdir $_ or die "$_: $!\n" for @_;
}

# sendmail has no root: what is below ours is a link to its queues.
my %messages = ('' => 1, '/q1' => 2, '/q2' => 3, '/qslow' => 4, '/bulk1' => 5,
    '/bulk2' => 6, '/a$b' => 7, '/sub' => 0, '/sub/x1' => 8);
for my $dir (sort keys %messages) {
	mkdirs("$q$dir");
	make_queue("$q$dir", $messages{$dir});
}
mkdirs("$root/etc", "$root/etc/mail");
my $parent = $root;
mkdirs($parent .= "/$_") for $q =~ m{([^/]+)/}g;
symlink $q, "$root$q" or die "symlink: $!\n";

# Directories and messages as sendmail lists them, each once, and what it says
# on stderr.
sub listed {
	my ($cf) = @_;
	my $r = run('/usr/sbin/sendmail', '-C', $cf, '-bp');
	my %dirs;
	# As it is shown to monitors, which might take a dollar for a macro.
	for (map { tr/\$/_/r } split /\n/, $r->{out}) {
		$dirs{$1} = $2 if m{^\s+(/\S+) \((\d+) requests?\)$};
		$dirs{$1} = 0 if m{^(/\S+) is empty$};
	}
	return ($r->{code}, \%dirs, "$r->{out}$r->{err}");
}

# Name, lines of sendmail.cf, then the names of ours and their directories.
sub agree {
	my ($what, $lines, %want) = @_;
	my $cf = "$root/etc/mail/sendmail.cf";
	spew($cf, "V10/Berkeley\n", "Mlocal, P=/bin/true, F=l, A=x\n",
	    "Mprog, P=/bin/true, F=l, A=x\n", $lines);
	my ($code, $dirs) = listed($cf);
	is($code, 0, "$what: sendmail lists its queues");

	my $r = plugin('--root', $root, '--list-queues');
	is($r->{code}, 0, "$what: so does --list-queues");
	my (%got, %ours, $name);
	for (split /\n/, $r->{out}) {
		$name = $1 if /^(\S+) \(out\), from /;
		if (/^  \Q$root\E(\S+): readable$/) {
			push @{$got{$name}}, $1;
			$ours{$1}++;
		}
	}
	is_deeply([sort keys %ours], [sort keys %$dirs],
	    "$what: of the same directories");
	is_deeply([grep { $_ != 1 } values %ours], [], "$what: each once");
	is_deeply({map { $_ => [sort @{$got{$_}}] } keys %got}, \%want,
	    "$what: by these names");

	$r = plugin('--root', $root, '--state-dir', $state);
	for my $queue (sort keys %want) {
		my $n = 0;
		$n += $dirs->{$_} for @{$want{$queue}};
		is($r->{perf}{lc $queue}{value}, $n,
		    "$what: $queue has $n messages");
	}
}

agree('one directory', "O QueueDirectory=$q\n", mqueue => [$q]);
agree('a wildcard', "O QueueDirectory=$q/q*\n",
    mqueue => ["$q/q1", "$q/q2", "$q/qslow"]);
agree('mqueue has a path', "O QueueDirectory=$q\nQmqueue, P=$q/bulk*\n",
    mqueue => ["$q/bulk1", "$q/bulk2"]);
agree('in any case', "O QueueDirectory=$q\nQMQueue, P=$q/bulk*\n",
    mqueue => ["$q/bulk1", "$q/bulk2"]);
agree('and others the base', "O QueueDirectory=$q\nQslow, F=f\n"
    . "Qmqueue, P=$q/bulk*\n", mqueue => ["$q/bulk1", "$q/bulk2"],
    slow => [$q]);
agree('below the wildcard', "O QueueDirectory=$q/q*\nQslow, P=$q/qslow\n",
    mqueue => ["$q/q1", "$q/q2"], slow => ["$q/qslow"]);
agree('a wildcard of a group', "O QueueDirectory=$q\nQbulk, P=$q/bulk*\n"
    . "Qfirst, P=$q/bulk1, F=f I=1\n", mqueue => [$q], bulk => ["$q/bulk2"],
    first => ["$q/bulk1"]);
agree('without a path', "O QueueDirectory=$q\nQslow, F=f\n", mqueue => [$q]);
agree('a later line', "O QueueDirectory=$q\nQslow, P=$q/bulk1\n"
    . "QSLOW, P=$q/bulk2\n", mqueue => [$q], SLOW => ["$q/bulk2"]);
agree('a QueueDirectory that changes', "O QueueDirectory=$q/q1\nQslow, F=f\n"
    . "O QueueDirectory=$q\n", mqueue => [$q], slow => ["$q/q1"]);
agree('two levels', "O QueueDirectory=$q\nQdeep, P=$q/sub/x*\n",
    mqueue => [$q], deep => ["$q/sub/x1"]);
agree('quotes', "O QueueDirectory=$q\nQslow P=\"$q/bulk1\", F=f\n",
    mqueue => [$q], slow => ["$q/bulk1"]);
agree('a dollar', "O QueueDirectory=$q\nQslow, P=$q/a\$\$b\n",
    mqueue => [$q], slow => ["$q/a_b"]);
agree('all', "O QueueDirectory=$q/*\nQmqueue, P=$q/q*\nQbulk, P=$q/*\n",
    mqueue => ["$q/q1", "$q/q2", "$q/qslow"],
    bulk => ["$q/a_b", "$q/bulk1", "$q/bulk2", "$q/sub"]);

# Neither sendmail nor we make a queue of these.
for ([5, "Dmq1\nO QueueDirectory=$q/\$m\n"],
    [5, "O QueueDirectory=$q\nQslow, P=$q/\${m}\n"],
    [5, "O QueueDirectory=$q\nQslow, P=bulk*\n"],
    [4, "O QueueDirectory=q\n"], [4, "O QueueDirectory=\n"]) {
	my ($line, $lines) = @$_;
	my $cf = "$root/etc/mail/sendmail.cf";
	spew($cf, "V10/Berkeley\n", "Mlocal, P=/bin/true, F=l, A=x\n",
	    "Mprog, P=/bin/true, F=l, A=x\n", $lines);
	my ($code, $dirs, $text) = listed($cf);
	my $what = (split /\n/, $lines)[-1];
	isnt($code, 0, "$what: sendmail refuses it");
	my $r = plugin('--root', $root);
	is($r->{code}, 3, "$what: UNKNOWN");
	like($r->{text}, qr/sendmail\.cf line $line: /, "$what: and says where");
}
done_testing;
