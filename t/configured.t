#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# configured.t - which queues a machine's configuration means, through the
# programs: no message that waits is left out without a word
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $dir = tempdir();
my $root;
my $machines = 0;

# A new root with these files, and queues of so many messages: PATH => TEXT,
# PATH/ => NUMBER.
sub machine {
	my (%what) = @_;
	$root = $dir . '/' . ++$machines;
	for my $path (sort keys %what) {
		my $below = $root;
		for ('', $path =~ m{([^/]+)/}g) {
			$below .= "/$_";
			-d $below or mkdir $below or die "$below: $!\n";
		}
		make_queue("$root/$path", $what{$path}) if $path =~ m{/$};
		spew("$root/$path", $what{$path}) if $path !~ m{/$};
	}
}

sub check {
	return plugin('--root', $root, '--state-dir', "$dir/state", @_);
}

sub count {
	my ($r, $queue) = @_;
	return $r->{perf}{$queue}{value};
}

my $ms = 'etc/MailScanner/MailScanner.conf';

subtest 'a list of incoming queues' => sub {
	machine($ms => "%top% = /var/spool\nMTA = sendmail\n"
	    . "Incoming Queue Dir = /etc/MailScanner/in.list\n"
	    . "Outgoing Queue Dir = %top%/mqueue\n",
	    'etc/MailScanner/in.list' => "/var/spool/in/a\n%TOP%/in/b\n"
	    . "/var/spool/in/c d\n%top%/split/{x,y}*\n",
	    'var/spool/in/a/' => 1, 'var/spool/in/b/' => 2,
	    'var/spool/in/c d/' => 4, 'var/spool/split/x1/' => 8,
	    'var/spool/split/y1/' => 16, 'var/spool/split/z1/' => 32,
	    'var/spool/mqueue/' => 0);
	my $r = check();
	is($r->{code}, 0, 'is read');
	is(count($r, 'mqueue_in'), 31, '... with variables, blanks and braces');
	spew("$root/etc/MailScanner/in.list", "/var/spool/in/a\n\$SPOOL/in/b\n");
	$r = check();
	is($r->{code}, 3, 'what cannot be known is UNKNOWN');
	like($r->{text}, qr{/in\.list line 2: _?\$?SPOOL is of the environment},
	    '... with the line');
	like($r->{text}, qr/-q DIR$/, '... and what helps');
	is(check('--list-queues')->{code}, 3, '... as --list-queues says');
	my $tool = run(program('qstat'), '--root', $root);
	is($tool->{code}, 2, 'no tool goes on without it');
	like($tool->{err}, qr{/in\.list line 2: \$SPOOL is of}, '... and says so');
};

subtest 'a ruleset of outgoing queues' => sub {
	machine($ms => "%top% = /var/spool\n"
	    . "Incoming Queue Dir = %top%/mqueue.in\n"
	    . "Outgoing Queue Dir = /etc/MailScanner/out.rules\n",
	    'etc/MailScanner/out.rules' => "To: *\@a.example %top%/out.a\n"
	    . "From: b\@ and To: c\@ /var/spool/out.b\n",
	    'var/spool/mqueue.in/' => 0, 'var/spool/out.a/' => 1,
	    'var/spool/out.b/' => 2, 'var/spool/mqueue/' => 4);
	is(count(check(), 'mqueue'), 7, 'all its directories, and the default');
};

subtest 'the queue group mqueue' => sub {
	machine('etc/mail/sendmail.cf' => "O QueueDirectory=/var/spool/mqueue\n"
	    . "Qmqueue, P=/var/spool/mqueue/fast*, R=5\n",
	    'var/spool/mqueue/' => 1, 'var/spool/mqueue/fast1/' => 2,
	    'var/spool/mqueue/fast2/' => 3);
	my $r = check('-w', 'mqueue=4');
	is($r->{code}, 1, 'is judged by its name');
	is(count($r, 'mqueue'), 5, '... and has what sendmail runs');
	unlike($r->{out}, qr{spool/mqueue [A-Z\d]}, '... under no other name');
	# What is printed to be pasted gives that name to no other directory.
	my ($all) = check('--list-queues')->{out} =~ /^With -q.*\n\s+(-q .*)$/m;
	like($all // '', qr{^-q mqueue-fast1=\S+/mqueue/fast1 -q mqueue-fast2=\S+/mqueue/fast2 -q unwatched-mqueue=\S+/spool/mqueue$},
	    '... and keeps it in the line of all -q');
	machine('etc/mail/sendmail.cf' => "O QueueDirectory=/q/q*\n"
	    . "Qslow, P=/q/qslow\nQlate, F=f\n",
	    'q/q1/' => 1, 'q/q2/' => 2, 'q/qslow/' => 4);
	$r = check('-w', 'slow=3');
	is($r->{code}, 1, 'a group below the wildcard keeps its name');
	is(count($r, 'slow'), 4, '... and its messages');
	is(count($r, 'q'), 3, '... which count once');
	like(check('--list-queues')->{out},
	    qr/sendmail\.cf, which is queue group late as well$/m,
	    'a group that shares a directory is told');
};

subtest 'words that help' => sub {
	machine($ms => "MTA =\nIncoming Queue Dir = /in/*\n",
	    'in/a/' => 1, 'in/README' => "x\n");
	my $r = check('-vv');
	is($r->{code}, 3, 'a file beside the queues');
	like($r->{text}, qr/mqueue\.in 1 of 2 directories cannot be read: Not a directory, at least 1 message,/,
	    '... keeps no other from being counted');
	isnt(index($r->{out}, '/in/README: Not a directory: if a pattern of'
	    . ' MailScanner.conf matches this file, move it elsewhere'), -1,
	    '... and is told what to do with');
	unlink "$root/in/README";
	is(check()->{code}, 0, 'an empty MTA is sendmail, as to MailScanner');
};
done_testing;
