#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# relayflood_options.t - every documented option of check_relayflood changes
# something, junk is refused, and options come from ini files too
use strict;
use warnings;

use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Net;
use Test::More;

my $dir = tempdir();
my $n = 0;

sub fill {
	my ($queue, $count, %field) = @_;
	make_message($queue, n => $n++, body => undef, %field)
	    for 1 .. $count;
}

# Each key has another winner.
fill("$dir/in", 6, relay => 'mx.one.example [192.0.2.1]',
    helo => 'helo.one', sender => 'a@one.example', status => 'busy',
    recipients => ['x@r.example', 'y@r.example', 'z@s.example']);
fill("$dir/in", 4, relay => 'mx.two.example [198.51.100.1]',
    helo => 'helo.two', sender => 'a@one.example');
fill("$dir/in", 4, relay => 'my.two.example [198.51.100.2]',
    helo => 'helo.two', sender => 'b@two.example');
fill("$dir/in", 5, relay => 'mx.three.example (may be forged)');
fill("$dir/in", 3, relay => 'mx.three.example [2001:db8::3] (may be forged)',
    helo => 'helo.two', sender => 'a@one.example');
my @base = ('-q', "$dir/in");

# changes($option, \@arguments, $code, $expected): what the output has then.
my %tested;
sub changes {
	my ($option, $args, $code, $expected) = @_;
	$tested{$option}++;
	my $r = flood(@base, @$args);
	is($r->{code}, $code, "@$args") or diag $r->{out};
	like($r->{out}, $expected, '... and the output tells') if $expected;
	return $r;
}

is(flood(@base)->{code}, 0, 'without further options all is well');
changes('warning', ['-w', '5'], 1, qr/ - 192.0.2.1 \(mx.one.example\) 6 of 22/);
changes('warning', ['-w', '5,28%'], 0, qr/ limit 6,.*top_count=6;6;300;0/);
changes('warning', ['--warning=27%'], 1, qr/top_count=6;5;300;0/);
changes('critical', ['-c', '5'], 2, qr/top_count=6;100;5;0/);
changes('critical', ['-c', '1,50%', '-w', '0'], 1, qr/top_count=6;0;11;0/);

# The keys, and that each takes its own selector into the command.
my @q = ('-q', "$dir/in");
for my $row (
    ['relay', '192.0.2.1', 6, "qflush @q 192.0.2.1"],
    ['network', '198.51.100.0/24', 8, "qflush @q 198.51.100.0/24"],
    ['name', 'two.example', 8, "qflush @q name:two.example"],
    ['helo', 'helo.two', 11, "qflush @q helo:helo.two"],
    ['sender', 'a@one.example', 13, "qflush @q sender:a\@one.example"],
    ['sender-domain', 'one.example', 13,
     "qflush @q sender-domain:one.example"],
    ['recipient-domain', 'lab.example.net', 11,
     "qstat @q --by relay"],
    ['status', 'busy', 6, "qstat @q --by relay"]) {
	my ($by, $key, $count, $command) = @$row;
	my $r = changes('by', ['--by', $by, '-w', '5'], 1,
	    qr/^\Q$key\E WARNING: (?:[a-z.]+, )?$count messages/m);
	like($r->{out}, qr/: \Q$command\E\n/, '... with its next step');
	is($r->{perf}{top_count}{value}, $count, '... and its count');
}

# What is ignored, in each form, and what is then the largest.
spew("$dir/list", "# ours\n192.0.2.0/24\n\n.two.example\t# partner\n");
for my $row (
    [['192.0.2.1'], 4], [['192.0.0.0/16'], 4], [['one.example'], 4],
    [['.example'], 3], [['three.example'], 6],
    [['192.0.2.1', '198.51.100.0/24'], 3], [["\@$dir/list"], 3],
    [['2001:db8::/32', '::ffff:192.0.2.1'], 4]) {
	my ($what, $top) = @$row;
	my $r = changes('ignore', [map { ('--ignore', $_) } @$what], 0);
	is($r->{perf}{top_count}{value}, $top, "... the largest has $top");
	is($r->{perf}{messages}{value}, 22, '... of as many messages');
}
changes('ignore', ['-w', '5', '--ignore', 'one.example'], 0,
    qr/; ignored 6 \(27%\) not judged \|/);
changes('ignore', ['--by', 'network', '--ignore', '198.51.0.0/16'], 0,
    qr/largest 192.0.2.0\/24 6 /);
changes('ignore', ['--by', 'sender', '--ignore', 'A@one.example'], 0,
    qr/largest b\@two.example 4 /);

my $top = changes('top', ['--top', '2'], 0,
    qr/^others OK: 2 relays, 7 messages/m);
is(scalar(grep { /^[0-9.]+ OK: / } @{$top->{lines}}), 2, '... two relays');
changes('top', ['--top', '0'], 0, qr/\n\Qothers OK: 4 relays, 17 messages/);
changes('growth', ['--growth', '-w', '5'], 1, qr/^  growth OK: onset \d\d:/m);
unlike(flood(@base, '-w', '5')->{out}, qr/growth/, '... if asked for');
changes('timeout', ['-t', '5'], 0);	# relayflood_strace.t shows more
changes('verbose', ['-v'], 0, 
    qr/^thresholds OK: warning 100,10%: over 100; critical 300,30%: over /m);
changes('verbose', ['-v'], 0, qr/^reading OK: 22 read, 0 vanished/m);
changes('verbose', ['-vv'], 0, qr/^directory OK: \Q$dir\E\/in, from -q$/m);
changes('list-queues', ['--list-queues'], 0,
    qr/\Ain \(out\), from -q\n  \Q$dir\E\/in: readable\n\z/);
changes('help', ['-h'], 3, qr/^Usage: check_relayflood /m);
changes('version', ['-V'], 3, qr/^check_relayflood \(mqueue-plugins\) /);
changes('queue', ['-q', "x=$dir/in"], 3, qr/given before/);
fill("$dir/more", 7, relay => '[192.0.2.1]');
changes('queue', ['-q', "x=$dir/more"], 0, qr/; in 22, x 7$/m);

# A root: the incoming queue alone, or the outgoing ones where there is none.
mkdir "$dir/root$_" for '', qw(/etc /etc/mail /etc/MailScanner /in /out);
spew("$dir/root/etc/MailScanner/MailScanner.conf",
    "Incoming Queue Dir = /in\nOutgoing Queue Dir = /out\n");
fill("$dir/root/in", 1);
fill("$dir/root/out", 2);
my $r = flood('--root', "$dir/root");
is($r->{perf}{messages}{value}, 1, '--root: the incoming queue');
like($r->{lines}[-1], qr/^messages OK: 1 message, 1 relay; in$/, '... is told');
like(flood('--root', "$dir/root", '--list-queues')->{out},
    qr/\Ain \(in\), from \S+\n  \S+\/root\/in: readable\n\z/, '... alone');
unlink "$dir/root/etc/MailScanner/MailScanner.conf" or die "unlink: $!\n";
spew("$dir/root/etc/mail/sendmail.cf", "O QueueDirectory=/out\n");
spew("$dir/root/etc/mail/submit.cf", "O QueueDirectory=/in\n");
is(flood('--root', "$dir/root")->{perf}{messages}{value}, 2,
    'without one, the outgoing queue');
$tested{root}++;
$r = flood('--root', "$dir/in");
is($r->{out}, 'RELAYFLOOD UNKNOWN - no sendmail queue found on this machine;'
    . " name one: -q DIR\n", 'no queue at all is UNKNOWN');
is($r->{code}, 3, '... with status 3');

# JSON says what the text says.
SKIP: {
	$tested{'output-format'}++;
	$r = flood(@base, '-w', '5', '--output-format', 'json');
	skip('this build has no JSON', 4)
	    if lacks($r->{code} != 3, 'JSON in this build');
	is($r->{code}, 1, 'JSON has the exit status of the text');
	my $json = decode_json($r->{out});
	is_deeply([@$json{qw(version service state code)}],
	    [1, 'RELAYFLOOD', 'WARNING', 1], 'JSON: version, state, code');
	is($json->{summary}, flood(@base, '-w', '5')->{text} =~
	    s/^RELAYFLOOD WARNING - //r, '... summary');
	is_deeply($json->{perfdata}[4], {label => 'top_share', value => 27.3,
	    uom => '%'}, '... perfdata');
}

# Junk is refused with the offending text.
for my $row (
    [['-w', 'abc'], "--warning 'abc': expected COUNT,SHARE% like 100,10%, or"
	. ' one of them'],
    [['-c', '10,200%'], "--critical '10,200%': a share is from 0% to 100%"],
    [['--by', 'mx'], "--by 'mx': expected relay, network, name, helo, sender,"
	. ' sender-domain, recipient-domain or status'],
    [['--top', '5x'],
     "--top '5x': expected a whole number and nothing after it"],
    [['--ignore', "\@$dir/none"],
     "--ignore '\@$dir/none': No such file or directory"],
    [['--ignore', '192.0.2.1', '--by', 'name'], "--ignore '192.0.2.1': this"
	. ' --by has no addresses, expected a name'],
    [['-t', '5:BAD'], "--timeout '5:BAD': expected a state after ':', OK,"
	. ' WARNING, CRITICAL or UNKNOWN'],
    [['--output-format', 'xml'],
     "--output-format 'xml': this build does not have this format"],
    [['--state-dir', '/x'], "unknown option '--state-dir'"],
    [['word'],
     "unexpected argument 'word': servers are named after --merge"]) {
	my ($args, $why) = @$row;
	$r = flood(@base, @$args);
	is($r->{out}, "RELAYFLOOD UNKNOWN - $why; see --help\n",
	    "refused: @$args");
	is($r->{code}, 3, '... with status 3');
}

# --extra-opts
spew("$dir/x.ini", "[check_relayflood]\nw = 5\ngrowth\nignore=two.example\n",
    "ignore=192.0.2.1\n[other]\nby=helo\n");
$r = flood(@base, "--extra-opts=\@$dir/x.ini");
is($r->{perf}{top_count}{value}, 3, 'an ini file, with repeated keys');
is($r->{perf}{top_count}{warn}, 5, '... and a one-letter key');
$r = flood({env => {MP_CONFIG_FILE => "$dir/x.ini"}}, @base,
    '--extra-opts=other');
like($r->{text}, qr/largest helo\.two 11 /, 'another section');
$tested{'extra-opts'}++;

# --merge, and --stale: a report of ten minutes ago.
spew("$dir/report", "mqreport 1\nhost mx1\ntime ", time - 600, "\ntook 1 ms\n",
    "queue a role=in count=exact messages=500 oldest=1 late=0 quarantined=0",
    " lost=0\nrelays count=exact read=500 total=500\n",
    "relay 192.0.2.66 messages=120\nend\n");
my ($peer, $stop) = inetd('cat', "$dir/report");
is(flood('--merge', $peer, '--stale', '1h')->{perf}{top_count}{value}, 120,
    '--merge judges a report');
like(flood('--merge', $peer)->{text}, qr/UNKNOWN .* report stale: /,
    '... unless it is stale');
$stop->();
$tested{$_}++ for qw(merge stale);

my @documented = map { /^  (?:-\w, |    )--([a-z-]+)/ ? $1 : () }
    @{flood('-h')->{lines}};
is_deeply([grep { !$tested{$_} } @documented], [],
    'no documented option is without a test');
# Limits that leave no room for a warning.
my $shadowed = ': all that the first would warn of is critical already, so'
    . ' there is no WARNING; perhaps they are exchanged; see --help';
for my $row (['300,30%', '100,10%'], ['300,10%', '100,10%'],
    ['100,20%', '100,10%']) {
	my ($w, $c) = @$row;
	my $r = flood(@base, '-w', $w, '-c', $c);
	is($r->{code}, 3, "-w $w -c $c is refused");
	is($r->{out}, "RELAYFLOOD UNKNOWN - --warning '$w' and --critical '$c'"
	    . "$shadowed\n", '... naming both');
}
for my $row (['300,10%', '100,30%'], ['100,10%', '100,10%']) {
	my ($w, $c) = @$row;
	unlike(flood(@base, '-w', $w, '-c', $c)->{out},
	    qr/no WARNING|limits OK/, "-w $w -c $c is meant so");
}
like(flood(@base, '-w', '500,50%')->{out}, qr/^limits OK: the warning limit 500,50% is of no use beside the critical limit 300,30%; give both$/m,
    'beside the default it is told');
done_testing;
