#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# pairs.t - an option that would be ignored beside another one is refused, by
# every program: nothing that was asked for is dropped silently
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $dir = tempdir();
make_queue("$dir/q", 3);
spew("$dir/access", "Connect:192.0.2.1\tREJECT\n");
my $q = "-q $dir/q";
my $named = 'it says where queues are looked for, and -q names them';
my $people = 'it is about the line that people read';

# Each refused command, and the whole reason; beside it what is taken.
my @rows = (
    ['mqreport', 2, "$q --relays 3", "--openmetrics", '--relays doesn\'t go with --openmetrics: a relay is no label, because senders would choose how many there are; check_relayflood judges them, mqreport --relays without --openmetrics names them'],
    ['mqreport', 2, "$q", "--root $dir", "--root doesn't go with --queue: $named"],
    ['mqc', 2, '--once --json mx', '--tsv', '--json doesn\'t go with --tsv'],
    ['mqc', 2, '--once --time mx', '--json', '--time doesn\'t go with --json: each round has its time'],
    ['mqc', 2, '--once --time mx', '--tsv', '--time doesn\'t go with --tsv: each line has its time'],
    (map { my $option = $_; map {
	['mqc', 2, "--once $option mx", $_, '--' . ($option =~ /(\w+)/)[0]
	    . " doesn't go with $_: $people"] } '--json', '--tsv' }
	'--total', '--wrap', '--bell', '--width 80'),
    ['mqc', 2, '--once --relays mx', '--tsv', '--relays doesn\'t go with --tsv: its lines are about hosts; --json has relays'],
    ['mqc', 2, '--once -w 5 mx', '--tsv', '--warning doesn\'t go with --tsv: it has numbers and no levels; --json has both'],
    ['mqc', 2, '--once -c 5 mx', '--tsv', '--critical doesn\'t go with --tsv: it has numbers and no levels; --json has both'],
    ['mqc', 2, '--once mx', '-n 5', '--once doesn\'t go with --rounds: both say how many rounds'],
    ['mqc', 2, '-t 5', '--replay none', '--timeout doesn\'t go with --replay: no host is asked'],
    ['mqc', 2, '-i 20', '--replay none', '--interval doesn\'t go with --replay: the rounds are those of the recording; see --speed'],
    ['qstat', 2, $q, "--root $dir", "--root doesn't go with --queue: $named"],
    ['qstat', 2, "$q --show x", '-t 5', '--timeout doesn\'t go with --show: one control file is read'],
    ['qflush', 2, "$q 192.0.2.1", "--root $dir", "--root doesn't go with --queue: $named"],
    ['qflush', 2, "$q 192.0.2.1 --rescan 3", '--pause 3s', undef],
    ['qflush', 2, "$q 192.0.2.1", '--pause 3s', '--pause goes with --rescan'],
    ['qflush', 2, "$q 192.0.2.1 --release --any-reason", '--reason x', '--reason doesn\'t go with --any-reason: one of them says which reasons are meant'],
    (map { my $option = $_;
	map { ['qblock', 2, "$_ --map $dir/access", $option,
	    '--yes and --quiet are for add, remove and expire'] }
	'list', 'check 192.0.2.1' } '--yes', '--quiet'),
    ['check_mqueue', 3, $q, "--root $dir", "--root doesn't go with --queue: $named"],
    ['check_mqueue', 3, $q, '--stale 2m', '--stale goes with --hostname: it is about the age of a report'],
    ['check_mqueue', 3, '-H 127.0.0.1:1', '--stale 2m', undef],
    ['check_relayflood', 3, $q, "--root $dir", "--root doesn't go with --queue: $named"],
    ['check_relayflood', 3, $q, '--stale 2m', '--stale goes with --merge: it is about the age of a report'],
    ['check_relayflood', 3, '--merge 127.0.0.1:1', '--stale 2m', undef],
    ['bb-ext', 2, "--print --test x --host h", "--install-wrapper $dir/w.sh /bin/true", '--print doesn\'t go with --install-wrapper: to see what the script would send, leave out --install-wrapper'],
);
for my $row (@rows) {
	my ($program, $exit, $one, $other, $why) = @$row;
	next if lacks(-e program($program), "$program in this build");
	my @words = split ' ', "$one $other";
	# Options before or after the words, and in any order.
	for my $order ([@words], $program =~ /bb-ext|qblock/ ? ()
	    : [split ' ', "$other $one"]) {
		my $r = run({env => {HOME => $dir}}, program($program),
		    @$order);
		my $said = $r->{out} . $r->{err};
		if (!defined $why) {
			unlike($said, qr/ (?:goes|go) with /,
			    "$program @$order is taken");
			next;
		}
		is($r->{code}, $exit, "$program @$order is refused");
		like($said, qr/ (?:UNKNOWN - )?\Q$why\E; see [^\n]*\n\z/,
		    '... and it says why');
	}
}
ok(!-e "$dir/w.sh", 'nothing was made');
is(slurp("$dir/access"), "Connect:192.0.2.1\tREJECT\n", 'or changed');
done_testing;
