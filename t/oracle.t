#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# oracle.t - thresholds and perfdata as another implementation reads them
#
# Monitoring::Plugin takes more than the guidelines allow (blanks, exponents,
# "1.2.3"), so the generator makes none of those; unit tests refuse them.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

BEGIN { need('Monitoring::Plugin::Range', 'Monitoring::Plugin::Performance') }

use Monitoring::Plugin::Performance;
use Monitoring::Plugin::Range;

my $dir = tempdir();
my @sizes = (0, 1, 5, 9, 10, 11, 20, 30);
make_queue("$dir/q$_", $_) for @sizes;

# The values that thresholds are made of meet the sizes of the queues.
my @numbers = (qw(0 1 5 9 10 11 20 25 -5 0.5 10.5), '');
my @ranges;
for my $at ('', '@') {
	push @ranges, "$at$_", "$at$_:", "$at~:$_" for @numbers;
	for my $start (@numbers) {
		push @ranges, "$at$start:$_" for @numbers;
	}
}
push @ranges, qw(~ @ : abc 10x 1: :1 ~:~ 20:~ 1:2:3 0x1);
my %seen;
@ranges = grep { !$seen{$_}++ } @ranges;
cmp_ok(scalar @ranges, '>', 250, scalar(@ranges) . ' ranges');

# The state of each size, "1 3" and so on, by one range.
sub ours {
	my ($range) = @_;
	my @queues = map { ('-q', "$dir/q$_") } @sizes;
	my $r = plugin(@queues, '-w', $range, '-c', '@1000000:',
	    '--state-dir', "$dir/state");
	return 'invalid' if $r->{code} == 3;
	my %state = map { /^q(\d+) (\w+):/ ? ($1 => $2) : () } @{$r->{lines}};
	return join ' ', map { $state{$_} eq 'WARNING' ? 1 : 0 } @sizes;
}

sub theirs {
	my ($range) = @_;
	local $SIG{__WARN__} = sub { };
	# An empty text is no threshold to them, and no range to us.
	my $r = $range eq '' ? undef :
	    Monitoring::Plugin::Range->parse_range_string($range);
	return 'invalid' if !defined $r;
	return join ' ', map { $r->check_range($_) ? 1 : 0 } @sizes;
}

# Known faults of the oracle, by the guidelines: "~:" and "~:~" aside, an "@"
# in front of a range without any end alerts for all, which it denies.
my %oracle_is_wrong = ('@~:' => '1 1 1 1 1 1 1 1');

my @differ;
for my $range (@ranges) {
	my ($we, $they) = (ours($range), $oracle_is_wrong{$range}
	    // theirs($range));
	push @differ, "'$range': we $we, they $they" if $we ne $they;
}
is_deeply(\@differ, [], 'each range means the same to both');

# Nothing is known of these queues yet.
my $r = plugin('-q', "$dir/q5", '-q', "in.in=$dir/q20", '-w', '10:20', '-c',
    '~:3000', '--state-dir', "$dir/state.new");
my ($perf) = $r->{lines}[0] =~ /\| (.*)/;
my @items = Monitoring::Plugin::Performance->parse_perfstring($perf);
is_deeply([map { $_->label } @items], [qw(in_in in_in_oldest in_in_late
    in_in_held in_in_lost in_in_strand q5 q5_oldest q5_late q5_held q5_lost
    q5_strand)], 'perfdata: every label with a number, in order');
like($perf, qr/ in_in_growth=U .* q5_growth=U /,
    'what is not known yet, it leaves out');
is_deeply([map { $_ // '' } map { ($_->value, $_->uom, $_->warning,
    $_->critical, $_->min) } @items[0, 6]],
    [20, '', '10:20', '~:3000', 0, 5, '', '10:20', '~:3000', 0],
    'perfdata: value, unit, thresholds and minimum');
is($items[1]->uom, 's', 'ages have seconds as their unit');
is($items[1]->warning, 900, 'and the threshold in seconds');
done_testing;
