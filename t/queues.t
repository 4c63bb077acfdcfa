#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# queues.t - counting, judging and telling, through the program
use strict;
use warnings;

use FindBin;
use JSON::PP ();
use lib "$FindBin::Bin/lib";
use MQ;
use POSIX ();
use Test::More;
use Time::HiRes ();

my $dir = tempdir();
my @state = ('--state-dir', "$dir/state");

# --- what counts ------------------------------------------------------------

my $began = time;
make_queue("$dir/mqueue.in", 39, age => 120);
make_queue("$dir/mqueue", 40, age => 86400 * 3, split => 1);
make_queue("$dir/mqueue", 2, split => 1, type => 'hf', first => 100);
make_queue("$dir/mqueue", 1, split => 1, type => 'Qf', first => 200);
mkdir "$dir/mqueue/xf";
spew("$dir/mqueue/qf/$_", '') for 'tf6AMAF0aA004101', 'Tf6AMAF0aA004102',
    'xf6AMAF0aA004103', 'df6AMAF0aA004104', 'core', 'sm-client.st',
    'qf' . 'x' x 19;
mkdir "$dir/mqueue/qf/qfDIRECTORY";
symlink 'core', "$dir/mqueue/qf/qfLINK";
POSIX::mkfifo("$dir/mqueue/qf/qfFIFO", 0600);

my $r = plugin(@state, '-q', "$dir/mqueue.in", '-q', "$dir/mqueue",
    '--lost-warning', '5');
is($r->{code}, 0, 'two queues within all limits');
is($r->{text}, 'MQUEUE OK - mqueue.in 39 messages, oldest 2m; mqueue 40',
    '... in one line');
is_deeply($r->{labels}, [qw(mqueue_in mqueue_in_oldest mqueue_in_late
    mqueue_in_growth mqueue_in_held mqueue_in_lost mqueue_in_strand mqueue
    mqueue_oldest mqueue_late mqueue_growth mqueue_held mqueue_lost
    mqueue_strand)], '... all labels');
is_deeply([map { $r->{perf}{"mqueue$_"}{value} } '', '_late', '_held',
    '_lost'], [40, 40, 2, 1], 'qf, late, hf and Qf are counted apart');
my $more = $r->{perf}{mqueue_oldest}{value} - 3 * 86400;
ok(0 <= $more && $more <= time - $began,
    'the age of the oldest comes from its id') or diag $more;
is($r->{perf}{mqueue_in_oldest}{uom}, 's', 'in seconds');
is($r->{err}, '', 'nothing on stderr');

# --- layouts ----------------------------------------------------------------

mkdir "$dir/groups";
make_queue("$dir/groups/q$_", $_) for 1 .. 4;
make_queue("$dir/groups/other", 50);
symlink 'q4', "$dir/groups/qlink";
spew("$dir/groups/qnodir", '');
$r = plugin(@state, '-q', "$dir/groups/q*");
is($r->{perf}{groups}{value}, 10, 'a wildcard takes each directory once');
is($r->{text}, 'MQUEUE OK - groups 10 messages, oldest 1m', '... as one queue');
$r = plugin(@state, '-q', "$dir/groups/z*");
is($r->{perf}{groups}{value}, 0,
    'a wildcard without a match is the base directory');
$r = plugin(@state, '-q', "x=$dir/groups/q1", '-q', "y=$dir/groups/../groups/q1");
is($r->{code}, 3, 'one directory twice is refused');
like($r->{out}, qr/given before/, '... saying why');

# --- thresholds at the edges -------------------------------------------------

for my $row ([1200, 0], [1201, 1], [3000, 1], [3001, 2]) {
	my ($n, $state) = @$row;
	make_queue("$dir/edge", $n, age => 10, now => time);
	$r = plugin(@state, '-q', "$dir/edge", '-c', '3000');
	is($r->{code}, $state, "$n messages");
	is($r->{perf}{edge}{value}, $n, '... counted');
	run('rm', '-r', "$dir/edge");
}
for my $row ([800, 0], [1000, 1], [3500, 1], [3700, 2]) {
	my ($age, $state) = @$row;
	make_queue("$dir/age.in", 1, age => $age);
	$r = plugin(@state, '-q', "$dir/age.in");
	is($r->{code}, $state, "an incoming message of $age s");
	run('mv', "$dir/age.in", "$dir/age.out");
	$r = plugin(@state, '-q', "$dir/age.out");
	is($r->{code}, 0, '... and an outgoing one');
	run('rm', '-r', "$dir/age.out");
}

# --- the first line that the issue asks for ----------------------------------

# since($seconds, $value, @options): what the plugin says as if the count of
# mqueue.in so long ago had been value. A growth is of the time between, so it
# is asked again when the machine was too busy to answer within two seconds.
sub since {
	my ($seconds, $value, @options) = @_;
	my ($file) = glob "$dir/new/state/$>/check_mqueue/mqueue_in-*";
	my ($mono, $r);
	do {
		$mono = mono();
		spew($file, "mqueue-plugins state 1\n", sprintf("%d %d %d\n",
		    time - $seconds, ($mono - $seconds) * 1000, $value));
		$r = plugin(@options);
	} while (mono() - $mono > 2);
	return $r;
}

sub mono {
	return Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC());
}

make_queue("$dir/new/mqueue.in", 1300, age => 870) if mkdir "$dir/new";
my @two = ('--state-dir', "$dir/new/state", '-q', "$dir/new/mqueue.in", '-q', "$dir/mqueue",
    '--lost-warning', '1');
plugin(@two);
$r = since(600, 850, @two);
is($r->{text}, 'MQUEUE WARNING - mqueue.in 1300 messages, over 1200'
    . ' (+45/min, 3000 in 37m), oldest 14m; mqueue 40', 'growth and forecast');
cmp_ok(abs($r->{perf}{mqueue_in_growth}{value} - 45), '<', 0.5,
    '... and the rate as perfdata');
is(since(600, 850, @two, '--forecast-critical', '40m')->{code}, 2,
    'a forecast is judged when asked for');
is(since(600, 850, @two, '--forecast-critical', '30m')->{code}, 1,
    '... at its limit');
unlike(since(600, 4000, @two)->{text}, qr{/min},
    'a queue that was emptied has no history');
$r = plugin(@two);
unlike($r->{text}, qr{/min}, 'a run that is doubled tells no growth');

# --- what can't be read is not empty -----------------------------------------

my %other = $> == 0 ? (uid => 65534, gid => 65534) : ();
mkdir "$dir/apart";
make_queue("$dir/apart/closed", 3);
chown -1, 1, "$dir/apart/closed";
chmod $> == 0 ? 0750 : 0, "$dir/apart/closed";
mkdir "$dir/state-other";
chmod 0777, "$dir/state-other";
my @closed = ('-q', "$dir/apart/closed", '--state-dir', "$dir/state-other");
$r = plugin({%other}, @closed);
is($r->{code}, 3, 'an unreadable queue is UNKNOWN');
is($r->{text}, 'MQUEUE UNKNOWN - closed cannot be read: Permission denied',
    '... in so many words');
my $group = getgrgid 1;
my $remedy = $> == 0 ? 'user nobody may not read %s: add it to group'
    . " $group (usermod -a -G $group nobody) and restart the monitor" :
    'user ' . getpwuid($>) . ' may not read %s: only ' . getpwuid($>)
    . " may (mode 0000): let that user's cron run the check and submit a"
    . ' passive result';
is_deeply([map { /^    -> (.*)/ } @{$r->{lines}}],
    [sprintf $remedy, "$dir/apart/closed"], '... with the remedy');
is_deeply($r->{labels}, [], '... and without perfdata');
$r = plugin({%other}, '-q', "$dir/edge2", @closed);
is($r->{code}, 3, 'a missing queue is UNKNOWN');
make_queue("$dir/full", 50);
$r = plugin({%other}, @closed, '-q', "$dir/full", '-c', '20');
is($r->{code}, 2, 'CRITICAL stays when another queue is unreadable');
like($r->{text}, qr/^MQUEUE CRITICAL - full 50 messages, over 20, .*; closed cannot/,
    '... and comes first');
$r = plugin({%other}, @closed, '--list-queues');
is($r->{code}, 3, '--list-queues fails for it too');
like($r->{out}, qr/^  \Q$dir\E\/apart\/closed: NOT readable$/m, '... and says so');
chmod 0755, "$dir/apart/closed";
$r = plugin({%other}, @closed, '--list-queues');
is($r->{out}, "closed (out), from -q\n  $dir/apart/closed: readable\n",
    'a readable one is told as such');
is($r->{code}, 0, '... with status 0');

# --- what no queue run delivers ----------------------------------------------

my $old = "$dir/old/mqueue";
mkdir "$dir/old";
make_queue($old, 5, age => 3600);
$r = plugin(@state, '-q', $old);
is($r->{code}, 0, 'messages with bodies are fine');
is($r->{perf}{mqueue_strand}{value}, 0, '... none is stranded');
make_message($old, age => 3600, n => 10, body => undef);
make_message($old, age => 3600, n => 11, type => 'hf', body => undef);
make_message($old, age => 60, n => 12, body => undef);
$r = plugin(@state, '-q', $old);
is($r->{code}, 1, 'without a body they are stranded');
is($r->{text}, 'MQUEUE WARNING - mqueue 2 stranded, over 0, 7 messages, oldest 1h',
    '... if they are old enough for a body to have come');
like($r->{out}, qr/^  stranded WARNING: 2, which is over 0 \(2 of 7 looked at without a body\)$/m,
    '... of those that were looked at');
is($r->{perf}{mqueue_strand}{value}, 2, '... as perfdata');
# Two seconds are too few for a second look.
$r = wait_for(sub {
	my $try = plugin(@state, '-q', $old, '-t', 2);
	return $try->{out} =~ /did not answer/ ? undef : $try;
}, 'an answer within its time');
is($r->{perf}{mqueue_strand}{value}, 'U',
    'without time for a second look, how many is not known');
my $report = wait_for(sub {
	my $try = run(program('mqreport'), '-q', $old, '-t', 2);
	return $try->{out} =~ /^end$/m ? $try->{out} : undef;
}, 'a report within its time');
like($report, qr/^queue mqueue .* messages=7 /m, 'such a report');
unlike($report, qr/stranded=/, '... does not tell it');
is(plugin(@state, '-q', $old, '--stranded-warning', 2)->{code}, 0,
    '... up to a limit');
mkdir "$old/$_" for 'qf', 'df';
$r = plugin(@state, '-q', $old);
is($r->{text}, 'MQUEUE WARNING - mqueue 8 stranded, over 0, 0 messages',
    'a qf/ that is made over them hides all');
make_queue($old, 1, age => 3600, split => 1, first => 20);
spew("$old/qf/tf6AMAF0aA004104", '');
utime time - 3600, time - 3600, "$old/qf/tf6AMAF0aA004104";
$r = plugin(@state, '-q', $old, '--list-queues');
is($r->{code}, 0, '--list-queues');
my @told = grep { /STRANDED|->/ } @{$r->{lines}};
is(scalar @told, 4, '... tells each kind, and what to do');
like($told[0], qr{^  STRANDED: 8 beside the subdirectory qf/, where no queue run looks: [qh]f\w+ in \Q$old\E, for one$},
    '... where they are');
like($told[1], qr{^    -> stop sendmail, move qf\*, hf\* and Qf\* into qf/},
    '... how to mend it');
is($told[2], '  STRANDED: 1 never finished, for more than 10m:'
    . " tf6AMAF0aA004104 in $old", '... and a draft');

# --- what is held for more than a day ----------------------------------------

my $held = "$dir/held/mqueue";
mkdir "$dir/held";
make_queue($held, 2, age => 3600);
make_queue($held, 3, type => 'hf', age => 23 * 3600, first => 10);
is(plugin(@state, '-q', $held)->{code}, 0, 'what is held for hours is fine');
make_queue($held, 1, type => 'hf', age => 51 * 3600, first => 20);
$r = plugin(@state, '-q', $held);
is($r->{code}, 1, 'after a day it is not');
is($r->{text}, 'MQUEUE WARNING - mqueue oldest held 2d3h, over 1d, 2 messages,'
    . ' oldest 1h', '... which comes first');
like($r->{out}, qr/^  held WARNING: 4 in quarantine, of which the oldest came 2d3h ago, over 1d\n    -> whose it is \(a dry run; --yes releases it, --any-reason adds what others hold\), as root: qflush --release -q \Q$held\E 0\.0\.0\.0\/0 ::\/0$/m,
    '... with the command');
my ($command) = $r->{out} =~ m{as root: qflush (--release .*)};
my $plan = tool('qflush', split(/ /, $command), '--any-reason');
is($plan->{code}, 0, '... which works');
like($plan->{out}, qr/^would release 4 of 6 messages/, '... and finds them');

# --- what nobody watches -----------------------------------------------------

my $other = "$dir/other-root";
run('mkdir', '-p', "$other/etc/mail", "$other/var/spool");
spew("$other/etc/mail/sendmail.cf", "O QueueDirectory=/var/spool/mqueue\n");
spew("$other/etc/mail/sendmail-tx.cf", "O QueueDirectory=/srv/tx/q*\n");
run('mkdir', '-p', "$other/srv/tx");
make_queue("$other/srv/tx/$_", 2) for qw(q1 q2);
make_queue("$other/var/spool/$_", 1) for 'mqueue', 'mqueue/late', 'slow queue';
$r = plugin('--root', $other, '--list-queues');
is($r->{code}, 0, '--list-queues below a root');
is($r->{out}, <<"EOT", '... names each queue that is not watched');
mqueue (out), from $other/etc/mail/sendmail.cf
  $other/var/spool/mqueue: readable
NOT WATCHED: $other/srv/tx/q*, a queue in $other/etc/mail/sendmail-tx.cf: 4 control files
    -> to watch it: -q '$other/srv/tx/q*'
NOT WATCHED: $other/var/spool/mqueue/late: 1 control file
    -> to watch it: -q $other/var/spool/mqueue/late
NOT WATCHED: $other/var/spool/slow queue: 1 control file
    -> to watch it: -q '$other/var/spool/slow queue'
With -q only the queues that are given are watched.  All that were found:
    -q mqueue=$other/var/spool/mqueue -q '$other/srv/tx/q*' -q $other/var/spool/mqueue/late -q '$other/var/spool/slow queue'
EOT
is(flood('--root', $other, '--list-queues')->{out}, $r->{out},
    '... and so does check_relayflood');
SKIP: {
	my @json = ('--list-queues', '--output-format', 'json');
	my $list = plugin('--root', $other, @json);
	skip('this build has no JSON', 4)
	    if lacks($list->{out} =~ /^\{/, 'JSON in this build');
	my $lines = sub {
		my ($plain, $json) = @_;
		my $answer = JSON::PP::decode_json($json->{out});
		my @nodes = map { ($_, @{$_->{results}}) } @{$answer->{results}};
		my @told = map { grep { defined } @$_{qw(subject detail advice)} }
		    @nodes;
		# Each line is two of them, in their own words.
		my $text = join "\n", @told;
		is_deeply([grep { index($text, $_) < 0 } map { s/\A(?: *-> | +)//r }
		    map { /\A(\S+)(?: |: )(\(.*)\z/ ? ($1, $2) :
			/\A((?:NOT WATCHED|  STRANDED)): (.*)\z/ ? ($1, $2) :
			/\A(  \S+): (.*readable)\z/ ? ($1, $2) :
			s/:\z//r } @{$plain->{lines}}], [],
		    'as JSON, the list has every word');
		return $answer->{summary};
	};
	is($lines->($r, $list), '1 queue, 1 of 1 directory readable,'
	    . ' 3 queues not watched', '... and its sum');
	is($lines->(plugin('-q', $old, '--list-queues'),
	    plugin('-q', $old, @json)),
	    '1 queue, 1 of 1 directory readable, 9 stranded messages',
	    '... with what is stranded');
}
my ($all) = $r->{lines}[-1];
my $shell = run('sh', '-c', program('check_mqueue') . " $all"
    . " --state-dir $dir/state")->{out};
like($shell, qr/^MQUEUE OK - mqueue 1 messages?, .*tx 4; late 1; slow queue 1 \|/,
    '... the options can be pasted');

$r = plugin({%other}, '-q', "$dir/full", '--state-dir', '/proc/none');
is($r->{code}, 0, 'no history is no reason to fail');
like($r->{out}, qr{^growth OK: not known: state directory /proc/none: }m,
    '... but is told');

$r = plugin({%other}, '-q', "$dir/full", '--state-dir', '/proc/none',
    '--forecast-critical', '30m');
is($r->{code}, 3, '... unless a forecast was asked for');
like($r->{text}, qr/ - no forecast: state directory/, '... which is told');

# A wildcard's link into a directory that may not be entered.
mkdir "$dir/$_" for 'links', 'secret';
make_queue("$dir/links/q1", 5);
make_queue("$dir/secret/q2", 50);
symlink "$dir/secret/q2", "$dir/links/q2";
chmod $> == 0 ? 0700 : 0, "$dir/secret";
$r = plugin({%other}, '--state-dir', "$dir/state-other", '-q',
    "$dir/links/q*");
is($r->{text}, 'MQUEUE UNKNOWN - links 1 of 2'
    . ' directories cannot be read: Permission denied, at least 5 messages,'
    . ' oldest 1m', 'what a wildcard names but hides is not left out');
chmod 0700, "$dir/secret";

# --- names from a hostile directory ------------------------------------------

my $evil = "$dir/q|x=1;<b>\$(id)`\e[31m\n&red";
make_queue($evil, 2);
$r = plugin(@state, '-q', $evil, '-vv');
is($r->{code}, 0, 'a hostile name is counted');
is(() = $r->{out} =~ /\|/g, 1, '... only our own | is printed');
unlike($r->{out}, qr/[^\x20-\x7e\n]|[<&`\$]|(?<!-)>/,
    '... and nothing that a monitor would take for its own');
is(scalar grep({ /31m/ } @{$r->{lines}}), 3, '... on its own lines');

$r = plugin(@state, map { ('-q', "$dir/$_") } 'mqueue.in', 'mqueue_in');
is($r->{code}, 3, 'a queue that is not there');
make_queue("$dir/mqueue_in", 7);
my @twins = map { ('-q', "$dir/$_") } 'mqueue.in', 'mqueue_in';
$r = plugin(@state, @twins);
is_deeply([@{$r->{labels}}[0, 7]], ['mqueuein_e8f', 'mqueue_in'],
    'of two names with one label, the one that is called so has it');
my $counts = sub { +{map { $_ => $_[0]{perf}{$_}{value} }
    qw(mqueuein_e8f mqueue_in)} };
my $turned = plugin(@state, @twins[2, 3, 0, 1]);
is_deeply($turned->{labels}, $r->{labels},
    '... in whatever order they are named');
is_deeply($counts->($turned), $counts->($r), '... each with its own number');

# --- more queues than the first line has room for ----------------------------

make_queue(sprintf("$dir/many%02d", $_), $_) for 1 .. 40;
my @many = map { ('-q', sprintf "$dir/many%02d", $_) } 1 .. 40;
$r = plugin(@state, @many);
is_deeply($r->{labels}, [], '40 queues: no room for perfdata');
is(() = $r->{out} =~ /perfdata/g, 1, '... which is told once');
is($r->{lines}[1], '280 of 280 perfdata items do not fit into 900 bytes: -v'
    . ' prints them all, or watch fewer queues per check', '... and why');
$r = plugin(@state, @many, '-v');
is_deeply($r->{labels}, [map { my $q = sprintf 'many%02d', $_;
    map { "$q$_" } '', qw(_oldest _late _growth _held _lost
    _strand) } 1 .. 40],
    '-v: all perfdata, on the first line');
is_deeply([map { $r->{perf}{sprintf 'many%02d', $_}{value} } 1 .. 40],
    [1 .. 40], '... with the counts');
unlike($r->{out}, qr/do not fit/, '... and nothing is missing');
done_testing;
