#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# memory.t - with too little memory a program says so, and never a wrong number
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Flush;
use MQ::Soak;
use Test::More;

my $dir = tempdir();
my $soak = MQ::Soak->new(dir => $dir);
plan(skip_all => 'a sanitizer takes terabytes of addresses')
    if $soak->{sanitized};

# 3000 messages, half of them of 1500 relays.
my $queue = "$dir/mqueue.in";
make_message($queue, age => 300, n => $_, body => undef, relay => $_ % 2 ?
    'h.example [' . SPAMMER . ']' : 'h.example [10.0.' . int($_ / 250) . '.' .
    $_ % 250 . ']') for 0 .. 2999;

# From so many MB of address space on, all is well; a helper thread must not
# take what the rest needs.
my @q = ('-q', $queue);
for my $row (
    [6, 1, qr/ mqueue_in=3000;/, 'check_mqueue', @q, '--state-dir',
	"$dir/state", '-c', 4000],
    [16, 2, qr/ 1500 of 3000 messages .* relays=1501;/, 'check_relayflood', @q],
    [16, 2, qr/ 1500 of 3000 messages .* relays=1501;/, 'check_relayflood', @q,
	'-t', 5],
    [16, 0, qr/"total":3000,"read":3000,.*"count":1500,/, 'qstat', @q,
	'--json', '-n', 0],
    [16, 0, qr/ messages=3000 .*^relay \Q${\SPAMMER}\E messages=1500$/ms,
	'mqreport', @q, '--relays', 5],
    [16, 0, qr/would hold 1500 of 3000 messages/, 'qflush', @q, '--journal',
	"$dir/journal", '--max', '100%', SPAMMER],
    [6, 0, qr/^ mqueue_in : 3000$/m, 'bb-ext', '--print',
	program('check_mqueue'), @q, '--state-dir',
	"$dir/state"]) {
	my ($enough, $code, $right, $name, @args) = @$row;
	my (@wrong, @short);
	for my $mb (map { 2 * $_ } 1 .. $enough / 2 + 5) {
		my $r = $soak->run_program({as => $mb}, $name, @args);
		my $well = $r->{code} == $code && $r->{out} =~ $right;
		my $clear = $r->{code} >= 2 && "$r->{out}$r->{err}" =~
		    /out of memory|error while loading shared libraries/;
		push @short, $mb if !$well;
		push @wrong, "$mb MB: status $r->{code}, $r->{out}$r->{err}"
		    if !$well && !$clear;
	}
	is_deeply(\@wrong, [], "$name: right, or short of memory");
	is_deeply([grep { $_ >= $enough } @short], [],
	    "... and right from $enough MB on") or diag("@short");
	cmp_ok(scalar @short, '>', 0, '... but not with nothing');
}
done_testing;
