#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# negate.t - negate of the monitoring-plugins wraps check_mqueue
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use Test::More;

my $negate = '/usr/lib/nagios/plugins/negate';
need($negate);

my $work = tempdir();
make_queue("$work/mqueue", 3);

sub negated {
	my ($options, @arguments) = @_;
	my $r = run($negate, @$options, program('check_mqueue'),
	    '--state-dir', $work, '-q', "$work/mqueue", @arguments);
	return {%$r, %{parse_output($r->{out})}};
}

for my $case (
    [0, 'OK', 2, 'CRITICAL', '-c', '5'],
    [2, 'CRITICAL', 0, 'OK', '-c', '2'],
    [1, 'WARNING', 1, 'WARNING', '-w', '2'],
    [3, 'UNKNOWN', 3, 'UNKNOWN', '-q', "$work/none"]) {
	my ($code, $state, $other_code, $other, @arguments) = @$case;
	my $plain = plugin('--state-dir', $work, '-q', "$work/mqueue",
	    @arguments);
	is($plain->{code}, $code, "$state");

	my $r = negated([], @arguments);
	is($r->{code}, $other_code, "$state becomes $other");
	is($r->{text}, $plain->{text}, 'the text is passed on');
	is_deeply($r->{labels}, $plain->{labels}, 'and the perfdata');

	$r = negated(['-s'], @arguments);
	is($r->{code}, $other_code, 'the same with -s');
	is($r->{text}, $plain->{text} =~ s/^MQUEUE \K$state/$other/r,
	    "whose text says $other");
}

my $r = negated(['-w', 'OK'], '-w', '2');
is($r->{code}, 0, 'WARNING becomes what -w says');

done_testing();
