#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# ages.t - how old mail is: long SMTP sessions, and clocks that were wrong
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use MQ;
use Test::More;

my $dir = tempdir();
my @state = ('--state-dir', "$dir/state");

# check($queue): state and text of check_mqueue, without the growth.
sub check {
	my ($queue, @options) = @_;
	my $r = plugin('-q', "$dir/$queue", @state, @options);
	is($r->{err}, '', "$queue: nothing on standard error");
	return $r;
}

# says($queue, $code, $text, @options): the first line, the state.
sub says {
	my ($queue, $code, $text, @options) = @_;
	my $r = check($queue, @options);
	is("$r->{code} $r->{text}", "$code MQUEUE $text", $queue);
	return $r;
}

# --- a long SMTP session ------------------------------------------------------

my $hour = 3600;
my $r;

make_queue("$dir/session.in", 5, age => 2 * $hour, received => time + 30);
says('session.in', 0, 'OK - session.in 5 messages, oldest 0s');

make_queue("$dir/old.in", 5, age => 2 * $hour);
like(check('old.in')->{text}, qr/^MQUEUE CRITICAL - old.in oldest 2h, over 1h, 5 messages/,
    'mail that is old by its body as well');

make_queue("$dir/bodiless.in", 5, age => 2 * $hour, body => undef);
like(check('bodiless.in')->{text},
    qr/^MQUEUE CRITICAL - bodiless.in oldest 2h, over 1h, 5 messages/,
    'without a body the id is believed');

make_queue("$dir/large.in", 200, age => 2 * $hour, received => time + 30);
$r = check('large.in');
like($r->{text}, qr/^MQUEUE OK - large.in 200 messages, oldest between 0s and 2h/,
    'more of them than are looked at: a range, its sure end is judged');
like($r->{out}, qr/^large.in OK: 200 messages, 0 to 136 older than 15m/m,
    '... and so is the number of those that are late');
like($r->{out}, qr/^  age range OK: by the queue ids the oldest may be 2h/m,
    '... in words');
is($r->{perf}{large_in_oldest}{value}, 0, '... and perfdata');

# A limit for the critical state alone is one as well.
make_queue("$dir/young", 3, age => 600, received => time + 30);
says('young', 0, 'OK - young 3 messages, oldest 0s', '--age-critical', '5m');

# One that is old by its body too is among the oldest ids.
make_queue("$dir/large.in", 1, age => 3 * $hour);
like(check('large.in')->{text}, qr/^MQUEUE CRITICAL - large.in oldest 3h, over 1h, 201 messages/,
    '... in which old mail is found');

# In what mqreport says, and in qf/ and df/.
make_queue("$dir/split.in", 3, age => 2 * $hour, received => time + 30,
    split => 1);
my @queues = map { ('-q', "$dir/$_.in") } qw(session large split);
my $report = tool('mqreport', @queues)->{out};
like($report, qr/^queue session.in .* messages=5 oldest=0 late=0 quarantined=0 lost=0 stranded=0$/m,
    'mqreport: all were looked at');
like($report, qr/^queue large.in .* messages=201 oldest=108\d\d late=1 quarantined=0 lost=0 late-max=138 stranded=0$/m,
    'mqreport: not all were');
like($report, qr/^queue split.in .* messages=3 oldest=0 late=0 quarantined=0 lost=0 stranded=0$/m,
    'mqreport: in subdirectories');

# --- clocks that were wrong ---------------------------------------------------

my $era = 2085978496;	# 2036-02-07, when NTP's era ends
my $advice = qr/^ +-> was the clock wrong when they came/m;

make_queue("$dir/era.in", 3, now => $era, age => 0);
$r = says('era.in', 1, 'WARNING - era.in 3 with an impossible date, 3 messages');
like($r->{out}, $advice, '... says what to do');
is($r->{perf}{era_in_oldest}{value}, 0, '... and graphs no 50 years');
is($r->{perf}{era_in_late}{value}, 0, '... nor late mail');

make_queue("$dir/body.in", 3, now => $era, age => 0, received => time + 30);
says('body.in', 0, 'OK - body.in 3 messages, oldest 0s');

make_queue("$dir/epoch.in", 2, now => 300, age => 0);
says('epoch.in', 1, 'WARNING - epoch.in 2 with an impossible date, 2 messages');

make_queue("$dir/ahead.in", 300, age => -9 * $hour);
make_queue("$dir/ahead.in", 1, age => 5, body => undef);
$r = says('ahead.in', 1, 'WARNING - ahead.in 300 dated in the future, 301'
    . ' messages, oldest '
    . check('ahead.in')->{perf}{ahead_in_oldest}{value} . 's');
like($r->{out}, $advice, '... says what to do');

make_queue("$dir/month.in", 2, age => -30 * 24 * $hour);
says('month.in', 1, 'WARNING - month.in 2 dated in the future, 2 messages');

# A queue without a limit for ages only says it.
make_queue("$dir/out", 3, age => -9 * $hour);
says('out', 0, 'OK - out 3 messages, 3 dated in the future');
says('out', 1, 'WARNING - out 3 dated in the future, 3 messages',
    '--age-warning', '1h');

# Mail of three years ago is old.
make_queue("$dir/forgotten.in", 1, age => 3 * 365 * 24 * $hour);
says('forgotten.in', 2, 'CRITICAL - forgotten.in oldest 1095d, over 1h, 1 message');

# A reader's dates are those of the control file.
$r = flood('-q', "$dir/ahead.in", '--growth');
like($r->{text}, qr/; 300 dated in the future$/, 'check_relayflood says it');
like($r->{text}, qr{^RELAYFLOOD CRITICAL - 192\.0\.2\.1 .* 301 of 301 messages .*/min},
    '... and counts them');
unlike($r->{text}, qr{(?<!\d)300/min}, '... but in no rate');
$r = flood('-q', "$dir/era.in");
like($r->{text}, qr/; 3 dated in the future$/, 'so is a clock at 2036');
unlike($r->{text}, qr/oldest/, '... which has no age');
is(flood('-q', "$dir/epoch.in")->{text} =~ s/.*; //r,
    '2 with an impossible date', 'and one at 1970');

my $json = decode_json(tool('qstat', '-q', "$dir/ahead.in", '--json',
    '--ages')->{out});
is_deeply([@$json{qw(total future undated)}], [301, 300, 0], 'qstat: JSON');
is_deeply($json->{ages}, [1, (0) x 9], '... ages of those that have one');
like(tool('qstat', '-q', "$dir/ahead.in")->{out},
    qr/^dates: 300 dated in the future/m, 'qstat: the table');
like(tool('qstat', '-q', "$dir/ahead.in", '--messages', '192.0.2.1')->{out},
    qr/, oldest \ds\n/, 'qstat --messages: the oldest has an age');
like(tool('qstat', '-q', "$dir/era.in", '--messages', '192.0.2.1')->{out},
    qr/^\S+ +future /m, '... and says future for an age');

# Nothing is removed by an age that can't be true.
for my $queue (qw(era epoch)) {
	for my $age (qw(older:1d newer:1h)) {
		like(tool('qstat', '-q', "$dir/$queue.in", '--messages',
		    "192.0.2.1 $age")->{out}, qr/^no message matches/,
		    "$queue: not $age");
	}
}

$report = tool('mqreport', map { ('-q', "$dir/$_.in") } qw(era ahead))->{out};
like($report, qr/^queue era.in .* messages=3 oldest=0 late=0 quarantined=0 lost=0 undated=3 stranded=0$/m,
    'mqreport: undated');
like($report, qr/^queue ahead.in .* messages=301 oldest=\d late=0 quarantined=0 lost=0 future=300 stranded=0$/m,
    'mqreport: future');
$report = tool('mqreport', '--openmetrics', '-q', "$dir/era.in")->{out};
like($report, qr/^mqueue_undated_messages\{queue="era.in",role="in"\} 3$/m,
    'OpenMetrics: undated');
like($report, qr/^mqueue_oldest_age_seconds\{queue="era.in",role="in"\} 0$/m,
    '... no age of 50 years');
done_testing;
