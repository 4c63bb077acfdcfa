#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# options.t - every documented option changes something, junk is refused, and
# options come from ini files too
use strict;
use warnings;

use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $dir = tempdir();
make_queue("$dir/mqueue.in", 20, age => 700);
make_queue("$dir/mqueue", 30, age => 7200);
make_queue("$dir/mqueue", 2, type => 'Qf', first => 50);
make_queue("$dir/mqueue", 3, type => 'hf', first => 60);
my @base = ('-q', "$dir/mqueue.in", '-q', "$dir/mqueue", '--state-dir',
    "$dir/state", '--lost-warning', 'mqueue=9');

# changes($name, $option, \@arguments, $code, $expected): one line of the
# output that the arguments make, or $code alone.
my %tested;
sub changes {
	my ($option, $args, $code, $expected) = @_;
	$tested{$option}++;
	my $r = plugin(@base, @$args);
	is($r->{code}, $code, "@$args") or diag $r->{out};
	like($r->{out}, $expected, '... and the output tells') if $expected;
	return $r;
}

is(plugin(@base)->{code}, 0, 'without further options all is well');
changes('warning', ['-w', '25'], 1,
    qr/^mqueue WARNING: 30 messages.*\n  messages WARNING: 30, which is over 25$/m);
changes('warning', ['-w', 'mqueue.in=10'], 1, qr/^mqueue.in WARNING/m);
changes('warning', ['-w', 'mqueue=10', '-w', '25', '-w', 'mqueue=40'], 0,
    qr/mqueue=30;40;3000;0/);
changes('critical', ['-c', '25'], 2, qr/mqueue=30;1200;25;0/);
changes('age-warning', ['--age-warning', '10m'], 1,
    qr/^  age WARNING: the oldest is 11m, over 10m$/m);
changes('age-warning', ['--age-warning', 'mqueue=3h'], 0,
    qr/mqueue_oldest=72\d\ds;10800;;0/);
changes('age-critical', ['--age-critical', '1h'], 2, qr/mqueue oldest 2h, over 1h, 30 messages/);
changes('lost-warning', ['--lost-warning', 'mqueue=1'], 1,
    qr/ - mqueue 2 lost, over 1, 30 messages.* \|.*mqueue_lost=2;1;;0/);
changes('quarantined-warning', ['--quarantined-warning', '2'], 1,
    qr/ - mqueue 3 quarantined, over 2, 30 messages.* \|.*mqueue_held=3;2;;0/);
make_queue("$dir/mqueue", 3, type => 'hf', first => 70, age => 7200,
    body => undef);
changes('stranded-warning', ['--stranded-warning', 'mqueue=2',
    '--quarantined-warning', '~:'], 1,
    qr/ - mqueue 3 stranded, over 2, 30 messages.* \|.*mqueue_strand=3;2;;0/);
unlink glob "$dir/mqueue/hf*";
make_queue("$dir/mqueue", 2, type => 'hf', first => 60, age => 7200);
is(plugin(@base)->{code}, 0, 'what is held for two hours is fine');
changes('held-age-warning', ['--held-age-warning', 'mqueue=1h'], 1,
    qr/ - mqueue oldest held 2h, over 1h, 30 messages/);
changes('held-age-critical', ['--held-age-critical', '1h'], 2,
    qr/^  held CRITICAL: 2 in quarantine, of which the oldest came 2h ago, over 1h$/m);
unlink glob "$dir/mqueue/hf*";
make_queue("$dir/mqueue", 3, type => 'hf', first => 60);
changes('timeout', ['-t', '5'], 0);	# strace.t shows what it does
changes('verbose', ['-v'], 0,
    qr/^  thresholds OK: messages 1200 3000, age 15m 1h, lost 0 -, stranded 0 -, held 1d -$/m);
changes('verbose', ['-vv'], 0, qr/^  directory OK: \Q$dir\E\/mqueue, from -q$/m);
changes('list-queues', ['--list-queues'], 0,
    qr/\Amqueue.in \(in\), from -q\n  \Q$dir\E\/mqueue.in: readable\nmqueue /);
changes('help', ['-h'], 3, qr/^Usage: check_mqueue /m);
changes('version', ['-V'], 3, qr/^check_mqueue \(mqueue-plugins\) /);
changes('queue', ['-q', "third=$dir/mqueue.in"], 3, qr/given before/);

# Limits that leave no room for a warning: what was typed is an error, and
# beside a default it is told. What is meant so is neither.
sub shadowed {
	my ($warning, $w, $critical, $c) = @_;
	return "$warning '$w' and $critical '$c': all that the first would"
	    . ' warn of is critical already, so there is no WARNING; perhaps'
	    . ' they are exchanged';
}

sub told {
	my ($warning, $critical) = @_;
	return "the warning limit $warning is of no use beside the critical"
	    . " limit $critical; give both";
}

for my $args (['-w', '10:', '-c', '5:'], ['-w', '100', '-c', '100'],
    ['-w', '~:', '-c', '100'], ['-w', '3000', '-c', '1200', '-c', '4000'],
    ['-w', '2000', '-c', 'mqueue=3000', '-c', 'mqueue.in=2000']) {
	my $r = plugin(@base, @$args);
	is($r->{code}, 0, "@$args is meant so");
	unlike($r->{out}, qr/limits OK|no WARNING/, '... without a word');
}
my $beside = plugin(@base, '-w', 'mqueue=5000', '--age-warning',
    'mqueue.in=2h');
is($beside->{code}, 0, 'a warning limit above the default of the other');
is(() = $beside->{out} =~ /limits OK/g, 2, '... is told for each queue');
like($beside->{out}, qr/^mqueue OK: .*\n {2}limits OK: messages: ${\(told(5000, 3000))}$/m, '... with both');
like($beside->{out}, qr/^mqueue\.in OK: .*\n {2}limits OK: age: ${\(told('2h', '1h'))}$/m, '... in their units');

# Forecasts, from a history that an earlier run left.
for my $level (qw(warning critical)) {
	my $history = sub {
		my ($file) = glob "$dir/state/$>/check_mqueue/mqueue_in-*";
		my ($head, $line) = split /\n/, slurp($file);
		my ($wall, $mono) = split / /, $line;
		spew($file, "$head\n", $wall - 600, ' ', $mono - 600_000,
		    " 10\n");
	};
	unlink glob "$dir/state/$>/check_mqueue/*";
	plugin(@base);
	$history->();
	changes("forecast-$level", ["--forecast-$level", '3d'],
	    $level eq 'warning' ? 1 : 2, qr/^  forecast \U$level\E: the limit/m);
}

# A state directory: the option wins over the environment.
plugin({env => {MP_STATE_PATH => "$dir/mp"}}, '-q', "$dir/mqueue");
ok(-d "$dir/mp/$>/check_mqueue", 'MP_STATE_PATH is where state goes');
plugin({env => {MP_STATE_PATH => "$dir/no"}}, '-q', "$dir/mqueue",
    '--state-dir', "$dir/option");
ok(-d "$dir/option/$>/check_mqueue" && !-e "$dir/no",
    '... unless --state-dir says otherwise');
$tested{'state-dir'}++;

# A root, with a MailScanner and a sendmail below it.
mkdir "$dir/root$_" for '', qw(/etc /etc/mail /etc/MailScanner /in /out);
spew("$dir/root/etc/MailScanner/MailScanner.conf",
    "Incoming Queue Dir = /in\nOutgoing Queue Dir = /out\n");
spew("$dir/root/etc/mail/sendmail.cf", "O QueueDirectory=/out\n");
make_queue("$dir/root/in", 4);
my $r = plugin('--root', "$dir/root", '--state-dir', "$dir/state");
is($r->{text}, 'MQUEUE OK - in 4 messages, oldest 1m; out 0',
    '--root finds the queues of another tree');
$tested{root}++;
$r = plugin('--root', "$dir/mqueue", '--state-dir', "$dir/state");
is($r->{out}, 'MQUEUE UNKNOWN - no sendmail queue found on this machine; name'
    . " one: -q DIR\n", 'no queue at all is UNKNOWN');
is($r->{code}, 3, '... with status 3');

# JSON says what the text says.
SKIP: {
	$tested{'output-format'}++;
	$r = plugin(@base, '-w', '25', '--output-format', 'json');
	skip('this build has no JSON', 5)
	    if lacks($r->{code} != 3, 'JSON in this build');
	is($r->{code}, 1, 'JSON has the exit status of the text');
	my $json = decode_json($r->{out});
	is_deeply([@$json{qw(version service state code)}],
	    [1, 'MQUEUE', 'WARNING', 1], 'JSON: version, service, state, code');
	is_deeply([map { "$_->{subject} $_->{state}" } @{$json->{results}}],
	    ['mqueue WARNING', 'mqueue.in OK'], '... queues, worst first');
	is_deeply($json->{perfdata}[7], {label => 'mqueue', value => 30,
	    uom => '', warn => '25', crit => '3000'}, '... perfdata');
	is($json->{results}[0]{results}[0]{detail}, '30, which is over 25',
	    '... and findings');
}

# Junk is refused with the offending text.
for my $row (
    [['-w', 'abc'], "--warning 'abc': expected a number like 10 or 0.5"],
    [['-c', '20:10'], "--critical '20:10': the start is greater than the end"],
    [['-w', 'mqueue=10k'],
     "--warning 'mqueue=10k': expected a number like 10 or 0.5"],
    [['--age-warning', '5x'],
     "--age-warning '5x': expected a duration like 90s, 15m, 2h or 1d"],
    [['-t', '0'], "--timeout '0': the number is too small"],
    [['-t', '5:BAD'], "--timeout '5:BAD': expected a state after ':', OK,"
	. ' WARNING, CRITICAL or UNKNOWN'],
    [['--output-format', 'xml'],
     "--output-format 'xml': this build does not have this format"],
    [['-q', 'x='], "--queue 'x=': expected DIR or NAME=DIR"],
    [['--nonsense'], "unknown option '--nonsense'"],
    [['-x'], "unknown option '-x'"],
    [['-w'], "a value is needed after '-w'"],
    [['--help=3'], '--help takes no value'],
    [['word'], "unexpected argument 'word'"],
    [['-w', '3000', '-c', '1200'], shadowed(qw(--warning 3000 --critical
    1200))],
    [['-w', 'mqueue=3000', '-c', '1200'], shadowed(qw(--warning mqueue=3000
    --critical 1200))],
    [['-w', '2000', '-c', 'mqueue=1200', '-c', 5000],
    shadowed(qw(--warning 2000 --critical mqueue=1200))],
    [['-w', '5:', '-c', '10:'], shadowed(qw(--warning 5: --critical 10:))],
    [['--age-warning', '2h', '--age-critical', '60m'],
    shadowed(qw(--age-warning 2h --age-critical 60m))],
    [['--forecast-warning', '10m', '--forecast-critical', '1h'],
    shadowed(qw(--forecast-warning 10m --forecast-critical 1h))]) {
	my ($args, $why) = @$row;
	$r = plugin(@base, @$args);
	is($r->{out}, "MQUEUE UNKNOWN - $why; see --help\n", "refused: @$args");
	is($r->{code}, 3, '... with status 3');
}
$r = plugin(@base, '-w', 'other=5');
is($r->{out}, "MQUEUE UNKNOWN - a threshold names the queue 'other', which is"
    . " not watched; see --list-queues\n", 'a threshold without its queue');

# --extra-opts
spew("$dir/x.ini", "[check_mqueue]\nw = 25\nverbose\n  critical=2000\n",
    "[incoming]\nwarning=mqueue.in=10\n");
$r = plugin(@base, "--extra-opts=\@$dir/x.ini");
is($r->{code}, 1, 'an ini file: the section of the plugin');
like($r->{out}, qr/mqueue=30;25;2000;0/, '... one-letter and long keys');
like($r->{out}, qr/^  thresholds OK/m, '... and keys without a value');
is(plugin(@base, "--extra-opts=\@$dir/x.ini", '-w', '100')->{code}, 0,
    'the command line wins over the file');
$r = plugin({env => {MP_CONFIG_FILE => "$dir/x.ini"}}, @base,
    '--extra-opts=incoming');
like($r->{text}, qr/^MQUEUE WARNING - mqueue.in 20 messages, over 10\b.*; mqueue 30$/,
    'MP_CONFIG_FILE, and another section');
$r = plugin(@base, "--extra-opts=nothing\@$dir/x.ini");
is($r->{out}, "MQUEUE UNKNOWN - --extra-opts: no section 'nothing' in"
    . " $dir/x.ini\n", 'a section that is not there');
$r = plugin(@base, "--extra=\@$dir/x.ini");
is($r->{out}, "MQUEUE UNKNOWN - --extra-opts '\@$dir/x.ini': write it in full,"
    . " and on the command line; see --help\n", 'an abbreviation is refused');
$r = plugin({stdin => "[s]\nw=25\n"}, @base, '--extra-opts=s@-');
is($r->{code}, 1, 'standard input');
$tested{'extra-opts'}++;

# t/remote.t has these.
$tested{$_}++ for qw(hostname stale);

my @documented = map { /^  (?:-\w, |    )--([a-z-]+)/ ? $1 : () }
    @{plugin('-h')->{lines}};
is_deeply([grep { !$tested{$_} } @documented], [],
    'no documented option is without a test');
done_testing;
