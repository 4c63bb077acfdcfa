#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# bbext.t - bb-ext runs a plugin and reports it: options, environment,
# displays, exit status
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Display;
use Test::More;

my $dir = tempdir();
my $bbext = program('bb-ext');
my $check = program('check_mqueue');
my $date = qr/[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \d{4}/;

# What the monitors set, unset for a test that does not say otherwise.
my @variables = qw(MACHINE MACHINEDOTS XYMON XYMSRV XYMSERVERS XYMONDPORT BB
    BBDISP BBDISPLAYS BBPORT);

sub bbext {
	my $opt = ref $_[0] ? shift : {};
	my %env = (MACHINE => 'mx1,example,net', TZ => 'UTC', %$opt);
	return run({env => {(map { $_ => undef } @variables), %env}}, $bbext,
	    @_);
}

# script($name, @lines): an executable sh script, its path.
sub script {
	my ($name, @lines) = @_;
	spew("$dir/$name", map { "$_\n" } '#!/bin/sh', @lines);
	chmod 0755, "$dir/$name";
	return "$dir/$name";
}

# --- a real plugin, a real queue ---------------------------------------------

make_queue("$dir/mqueue.in", 30, age => 600);
my @check = ($check, '-q', "$dir/mqueue.in", '--state-dir', "$dir/state",
    '-w', 20);
my $r = bbext('--print', @check);
is($r->{code}, 0, 'a warning is printed, and no failure');
is($r->{err}, '', '... without a word more');
my ($first, @lines) = split /\n/, $r->{out};
like($first, qr/^status\+15 mx1,example,net\.mqueue yellow $date MQUEUE /,
    'the first line');
like($first, qr/ MQUEUE WARNING - mqueue\.in 30 messages, over 20, oldest 10m$/,
    '... is that of the plugin');
is_deeply([map { s/ : 6\d\d s/ : 6xx s/r } @lines],
    [' <!-- ncv_skipstart -->', ' &yellow mqueue.in WARNING: 30 messages, 0'
    . ' older than 15m, oldest 10m, 0 quarantined, 0 lost, '
    . "$dir/mqueue.in", '   &yellow messages WARNING: 30, which is over 20',
    '     - does one relay fill it, or does MailScanner not keep up (its log,'
    . " the load), as root: qstat -q $dir/mqueue.in",
    ' <!-- ncv_skipend -->', ' mqueue_in : 30', ' mqueue_in_oldest : 6xx s',
    ' mqueue_in_late : 0', ' mqueue_in_growth : U', ' mqueue_in_held : 0',
    ' mqueue_in_lost : 0', ' mqueue_in_strand : 0', ' <!-- ncv_end -->'],
    'the body: what is the matter, what to do, and then the numbers');
for my $row ([[], 'yellow'], [['-w', 40], 'green'], [['-c', 25], 'red'],
    [['-q', "$dir/none"], 'yellow']) {
	my ($args, $colour) = @$row;
	like(bbext('--print', @check, @$args)->{out},
	    qr/^status\+15 mx1,example,net\.mqueue $colour $date MQUEUE /,
	    "$colour: @$args");
}

# --- options -----------------------------------------------------------------

my %tested;
my $ok = script('check_ok', 'echo "OK - $1 | x=1"');

sub prints {
	my ($option, $args, $expected) = @_;
	$tested{$option}++;
	my $r = bbext('--print', @$args);
	is($r->{code}, 0, "@$args");
	like($r->{out}, $expected, '... makes a difference');
}

prints('print', [$ok, '$(id) `id` * ; a'],
    qr/^status\+15 mx1,example,net\.ok green $date OK - _\(id\) _id_ \* , a$/m);
prints('host', ['--host', 'other.example.com', $ok],
    qr/ other,example,com\.ok /);
prints('test', ['--test', 'col-umn', $ok], qr/ mx1,example,net\.col-umn /);
prints('interval', ['--interval', '20m', $ok], qr/^status\+60 /);
prints('lifetime', ['--lifetime', '7', $ok], qr/^status\+7 /);
prints('unknown', ['--unknown', 'clear', '/no/such'], qr/ clear $date such UN/);
prints('big-sister', ['--big-sister', $ok],
    qr/\Astatus mx1,example,net\.ok green $date OK -\|> x : 1\n\z/);
prints('timeout', ['-t', 1, '--test', 's', '/bin/sleep', 60],
    qr/ yellow $date s UNKNOWN - \/bin\/sleep did not end within 1s$/m);

for my $row (
    [['--display', 'd'], 'which plugin? bb-ext [options] PLUGIN'
	. ' [ARGUMENT]...'],
    [[$ok], 'there is no display to send to: --display HOST, or let Xymon\'s'
	. ' client or Big Brother run this (XYMSRV, BBDISP)'],
    [['--host', "a\nstatus b", $ok], "--host 'a?status b': expected a host"
	. ' name, of letters, digits and .,-_'],
    [['--nonsense'], "unknown option '--nonsense'"]) {
	my ($args, $why) = @$row;
	$r = bbext(@$args);
	is($r->{err}, "bb-ext: $why; see --help\n", "refused: @$args");
	is($r->{code}, 2, '... with status 2');
	is($r->{out}, '', '... and nothing on stdout');
}

# --- a plugin that fails is reported -----------------------------------------

for my $row (
    ['/no/such/plugin', 'cannot be run: No such file or directory'],
    [$dir, 'cannot be run: Permission denied'],
    [script('s77', 'echo half; exit 77'),
	'ended with status 77, expected 0 to 3', 'half'],
    [script('killed', 'echo half; kill -9 $$'), 'was ended by signal 9',
	'half']) {
	my ($plugin, $why, $half) = @$row;
	$r = bbext('--print', '--test', 'x', $plugin);
	is($r->{code}, 0, "$why: reported");
	is($r->{out} =~ s/ yellow $date / DATE /r, 'status+15'
	    . " mx1,example,net.x DATE x UNKNOWN - $plugin $why\n"
	    . " <!-- ncv_end -->\n" . (defined $half ? " $half\n" : ''),
	    '... as UNKNOWN');
}
like(bbext('--print', script('mute', 'exit 2'))->{out},
    qr/ red $date mute CRITICAL - the plugin printed nothing$/m,
    'no output at all');
like(bbext('--print', script('loud', 'i=0; while [ $i -lt 3000 ]; do',
    'printf "%0100d\n" 1; i=$((i + 1)); done'))->{out},
    qr/\n There was more than is shown here: at most 256 numbers, /,
    'too much output');
$r = bbext('--print', script('foreign', 'echo "OK | a=1, b=.52 \'c d\'=3,26s'
    . ' e=2.5 b/s; f=UP g=U h=1e3"'));
is($r->{out} =~ s/^.*\n//r, " b : .52\n e : 2.5\n g : U\n h : 1000\n"
    . " <!-- ncv_end -->\n Not readable as performance data, and left out:"
    . " (a=1,) (_c d_=3,26s) (b/s,) (f=UP).\n",
    'an item that is none is named, and the others count');
$r = bbext('--print', script('stderr', 'echo OK; echo oops >&2; exit 0'));
is($r->{err}, "oops\n", 'its standard error goes to ours');
unlike($r->{out}, qr/oops/, '... and not into the status');

# --- by TCP ------------------------------------------------------------------

my @display = map { MQ::Display->new(dir => "$dir/display$_") } 1, 2;
my @address = map { '127.0.0.1:' . $_->port } @display;
my $silent = MQ::Display->new(dir => "$dir/silent", silent => 1);
my $closed = do {
	my $gone = MQ::Display->new(dir => "$dir/gone");
	'127.0.0.1:' . $gone->port;
};

$r = bbext('--display', $address[0], '--display', $address[1], @check);
is($r->{code}, 0, 'two displays');
is($r->{err} . $r->{out}, '', '... nothing to say');
my @got = map { $_->message } @display;
like($got[0], qr/\Astatus\+15 mx1,example,net\.mqueue yellow .*qstat -q \S+mqueue\.in\n.* <!-- ncv_end -->\n\z/s,
    '... the first has the message, once');
is($got[1], $got[0], '... the second, too');
$tested{display}++;

sub refused {
	my ($host, $port) = split /:/, $_[0];
	return "bb-ext: $host port $port: Connection refused\n";
}
$r = bbext('--display', $closed, '--display', $address[0], $ok);
is($r->{code}, 1, 'one of two displays is down');
is($r->{err}, refused($closed), '... this one');
like($display[0]->message, qr/\.ok green /, '... the other has it');
$r = bbext('--display', $closed, '--display', '127.0.0.1:1', $ok);
is($r->{code}, 2, 'all displays are down');
is($r->{err}, refused($closed) . refused('127.0.0.1:1'), '... each is named');
$r = bbext('--display', '127.0.0.1:' . $silent->port, '--display', $address[0],
    $ok);
is($r->{code}, 1, 'a display that does not answer');
is($r->{err}, 'bb-ext: 127.0.0.1 port ' . $silent->port
    . ": the answer did not end in time\n", '... is given up');
like($display[0]->message, qr/\.ok green /, '... and the next one has it');
$r = bbext({XYMONDPORT => $display[1]->port}, '--display', '127.0.0.1', $ok);
is($r->{code}, 0, 'XYMONDPORT is the port');
like($display[1]->message, qr/\.ok green /, '... where it went');

# --- as a script of Big Brother, and as a task of Xymon ----------------------

# The client programs write their arguments down.
my $log = "$dir/arguments";
my $client = script('client', "printf '%s\\n' \"\$#\" \"\$1\" \"\$2\" >>$log",
    'case $1 in 192.0.2.9) echo "no route"; exit 5 ;; esac');

sub logged {
	my $text = -e $log ? slurp($log) : '';
	unlink $log;
	return $text;
}

my %bb = (BBHOME => $dir, BB => $client, BBDISP => '192.0.2.1');
is(bbext({%bb}, $ok, 'x')->{code}, 0, 'Big Brother: without any option');
is(logged() =~ s/$date/DATE/r, "2\n192.0.2.1\nstatus+15"
    . " mx1,example,net.ok green DATE OK - x\n x : 1\n <!-- ncv_end -->\n\n",
    '... runs $BB');
bbext({%bb, BBDISP => '0.0.0.0', BBDISPLAYS => '192.0.2.1 192.0.2.2'}, $ok);
is_deeply([logged() =~ /^2\n(.*)$/mg], ['192.0.2.1', '192.0.2.2'],
    '... for each of $BBDISPLAYS');
is(bbext({%bb, BBDISP => $address[1]}, $ok)->{code}, 0,
    '... but a port means TCP');
is(logged(), '', '... without $BB');
like($display[1]->message, qr/\.ok green /, '... to that port');
$r = bbext({%bb, BBDISP => '0', BBDISPLAYS => ''}, '--display', '192.0.2.9',
    '--display', '192.0.2.3', $ok);
is($r->{code}, 1, '... a display that $BB does not reach');
is($r->{err}, "bb-ext: display 192.0.2.9: $client failed with status 5:"
    . " no route\n", '... is named, with what $BB said');
$r = bbext({%bb, BB => '/no/bb'}, $ok);
is($r->{code}, 2, '... no $BB where it should be');
is($r->{err}, "bb-ext: display 192.0.2.1: /no/bb cannot be run: No such file"
    . " or directory\n", '... is told');
logged();

my %xymon = (MACHINE => 'mx1.example.net', MACHINEDOTS => 'x', XYMON => $client,
    XYMSRV => '192.0.2.1', XYMSERVERS => '', BB => '/no/bb',
    BBDISP => 'wrong', XYMONDPORT => 1984);
is(bbext({%xymon}, $ok)->{code}, 0, 'Xymon: without any option');
like(logged(), qr/\A2\n192\.0\.2\.1\nstatus\+15 mx1,example,net\.ok green /,
    '... runs $XYMON, with commas in the name');
bbext({%xymon, XYMSRV => '0.0.0.0',
    XYMSERVERS => "$address[0] 192.0.2.2"}, $ok);
is_deeply([logged() =~ /^2\n(.*)$/mg], [$address[0], '192.0.2.2'],
    '... for each of $XYMSERVERS, port or not');
is(bbext({%xymon}, '--big-sister', '--display', $address[0], $ok)->{code}, 0,
    '--big-sister sends itself');
is(logged(), '', '... not by $XYMON');
like($display[0]->message, qr/\Astatus mx1,example,net\.ok .*\|> x : 1\n\z/,
    '... in one line');

# --- a wrapper ---------------------------------------------------------------

$r = bbext('--install-wrapper', "$dir/ok.sh", '--interval', '10m', '--host',
    'h.example', '--', $ok, "it's \$HOME", '`id`');
is($r->{code}, 0, '--install-wrapper');
is($r->{out}, "$dir/ok.sh is there. In \$BBHOME/ext, it is run by this line of"
    . " \$BBHOME/etc/bb-bbexttab:\nlocalhost : : ok.sh;600\n",
    '... says what to do with it');
$r = run({env => {(map { $_ => undef } @variables), %bb}}, "$dir/ok.sh");
is($r->{code}, 0, '... and it runs without arguments');
like(logged(), qr/^status\+30 h,example\.ok green $date OK - it_s _HOME\n/m,
    '... what it was told to');
is(bbext('--install-wrapper', $ok, $ok)->{code}, 2,
    '... nothing is overwritten');
like(slurp($ok), qr/^echo/m, '... that is another\'s');
$tested{'install-wrapper'}++;

# --- the rest ----------------------------------------------------------------

is(bbext('-h')->{code}, 0, '--help');
is(bbext('-V')->{code}, 0, '--version');
$tested{$_}++ for qw(help version);
my @documented = map { /^  (?:-\w, |    )--([a-z-]+)/ ? $1 : () }
    split /\n/, bbext('-h')->{out};
is_deeply([grep { !$tested{$_} } @documented], [],
    'no documented option is without a test');
done_testing;
