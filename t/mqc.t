#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqc.t - mqc asks hosts that answer, hang, die, return, lie and flood
use strict;
use warnings;

use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Fleet;
use Test::More;
use Time::HiRes ();

my $mqc = program('mqc');
need($mqc);
my $dir = tempdir();

sub mqc {
	my $opt = ref $_[0] ? shift : {};
	return run({env => {TZ => 'UTC', HOME => $dir}, %$opt}, $mqc, @_);
}

# start(ARGUMENT...): mqc in the background, its output in a file.
sub start {
	my ($file) = ("$dir/out." . ++our $runs);
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		open STDIN, '<', '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>', $file or POSIX::_exit(126);
		{ no warnings 'exec'; exec $mqc, @_ }
		POSIX::_exit(127);
	}
	wait_for(sub { -e $file }, 'mqc to start');
	return ($pid, $file);
}

sub stop {
	my ($pid, $signal) = @_;
	kill $signal, $pid;
	wait_for(sub { waitpid($pid, POSIX::WNOHANG()) == $pid },
	    "the end of mqc after $signal");
	return $?;
}

my $fleet = MQ::Fleet->new('cats-mx1' => 'ok 39 726',
    'cats-mx2' => 'ok 53 550', 'cats-mx3' => 'ok 37 452');
my @cats = $fleet->hosts;
my $r = mqc('--once', @cats);
is($r->{out}, <<'EOT', 'the waterfall');
 cats-mx1(in:m)  cats-mx2(in:m)  cats-mx3(in:m)
         39:726          53:550          37:452
EOT
is("$r->{code} $r->{err}", '0 ', '... and exit status 0, all are fresh');

# Every way not to answer has its word, and none is a number.
my %bad = (
	big => ['big', 'too long'],
	close => ['close', 'refused'],
	cut => ['cut 3 4', 'cut'],
	drip => ['drip 3 4', 'timeout'],
	error => ['error no queue', 'failed'],
	escapes => ['bytes ' . unpack('H*', "\e[2J\e]0;x\a\n"), 'garbage'],
	future => ['age -300 3 4', 'from the future'],
	garbage => ['bytes ' . unpack('H*', "220 mx1 ESMTP\r\n"), 'garbage'],
	hang => ['hang', 'timeout'],
	nul => ['bytes ' . unpack('H*', "mqreport 1\n\0end\n"), 'garbage'],
	old => ['age 301 3 4', 'stale'],
	refuse => ['refuse', 'no connection'],
);
my $bad = MQ::Fleet->new(map { $_ => $bad{$_}[0] } keys %bad);
$r = given_up('hosts cost no more than -t',
    [$mqc, '--once', '--tsv', '-i', '600', '--stale', '300', $bad->hosts,
    @cats], ['-t', '1'],
    ['-t', '300']);
is($r->{code}, 1, 'some did not answer: exit status 1');
my @rows = map { [split /\t/, $_, -1] } split /\n/, $r->{out};
is_deeply($rows[0],
    [qw(time host answer age in in_count m m_count client client_count)],
    'names of fields');
is_deeply([map { [@$_[1, 2, 4 .. 7]] } @rows[1 .. keys %bad]],
    [map { [$_, $bad{$_}[1], '', 'unknown', '', 'unknown'] } sort keys %bad],
    'what does not answer has a reason, and no number');
is_deeply([map { [@$_[1, 2, 4 .. 7]] } @rows[1 + keys %bad .. $#rows]],
    [['cats-mx1', 'ok', 39, 'exact', 726, 'exact'],
    ['cats-mx2', 'ok', 53, 'exact', 550, 'exact'],
    ['cats-mx3', 'ok', 37, 'exact', 452, 'exact']], 'the others have theirs');
$r = mqc('--once', '-i', '3', '-t', '1', $bad->hosts);
is($r->{code}, 2, 'none answered: exit status 2');
unlike($r->{out}, qr/[^\n\x20-\x7e]/, 'no byte of theirs gets through');
like($r->{out}, qr/\n +-- +-- .*--\n  big: too long: .*\n  close: refused: /,
    'cells without a number, and why');
like($r->{out}, qr/^  and 7 more hosts with news$/m, '... of a few hosts');

my $odd = MQ::Fleet->new(a => 'at-least 1300 3', b => 'unread 3',
    c => 'no-in 7', d => 'open 5 6', e => 'age 200 8 9');
$r = mqc('--once', '-i', '3', '-t', '1', '--total', $odd->hosts);
is((split /\n/, $r->{out})[1],
    ' ~1316?:~25?  ~1300:~3      3:!      -:7      5:6    8?:9?',
    'bounds, no right to read, no such queue, no end of the connection, age');
SKIP: {
	$r = mqc('--once', '--json', $odd->hosts('b'));
	skip 'no JSON in this build', 3
	    if lacks($r->{err} !~ /without jansson/, 'JSON in this build');
	my $json = eval { decode_json($r->{out}) };
	is_deeply([map { $json->{hosts}[0]{columns}{m}{$_} }
	    qw(count messages)], ['unreadable', undef],
	    'JSON: unreadable is no number');
	is_deeply([map { "$_->{name} $_->{count}" }
	    @{$json->{hosts}[0]{queues}}], ['mqueue.in exact',
	    'mqueue unreadable', 'mqueue-client exact'], '... and all queues');
	is($r->{out} =~ tr/\n//, 1, '... in one line');
}
$r = mqc('--once', '--columns', 'client,mqueue.in', $fleet->hosts('cats-mx1'));
like($r->{out}, qr/\A cats-mx1\(client:mqueue.in\)\n +0:39\n\z/, '--columns');

# The client queue has a column where width costs nothing, and a line of its own
# where it is in none and wants a look.
$r = mqc('--once', '--tsv', $fleet->hosts('cats-mx1'));
like($r->{out}, qr/^\d+\tcats-mx1\tok\t\d+\t39\texact\t726\texact\t0\texact$/m,
    '--tsv has the client queue');
like(mqc('--once', '--tsv', '--columns', 'in', $fleet->hosts('cats-mx1'))->{out},
    qr/^\d+\tcats-mx1\tok\t\d+\t39\texact$/m, '... unless others are chosen');
my $client = 'queue submit role=client count=';
my $numbers = 'quarantined=0 lost=0';
my $stuck = MQ::Fleet->new(
    a => "ok 5 3 ${client}exact messages=57 oldest=7200 late=12 $numbers",
    b => "ok 5 3 ${client}exact messages=57 oldest=600 late=0 $numbers",
    c => "ok 5 3 ${client}exact messages=1201 oldest=600 late=0 $numbers",
    d => "ok 5 3 ${client}at-least messages=1 oldest=901 late=1 $numbers",
    e => "ok 5 3 ${client}unreadable reason=Permission denied",
    f => "ok 5 3 ${client}exact messages=1200 oldest=600 late=0 $numbers");
my $look = 'see --columns in,m,client';
is(mqc('--once', $stuck->hosts)->{out} =~ s/\A.*\n.*\n//r, <<"EOT",
  a: submit has 57 messages, 12 older than 15m; $look
  c: submit has 1201 messages, 0 older than 15m; $look
  d: submit has at least 1 message, 1 older than 15m; $look
  e: submit cannot be read: Permission denied
EOT
    'a client queue that nobody would see gets a line');
is(mqc('--once', '--columns', $_, $stuck->hosts)->{out} =~ tr/\n//, $_ eq 'in'
    ? 2 : 3, "... but not with --columns $_") for 'in', 'in,m,client';
like(mqc('--once', MQ::Fleet->new(map { $_ => "ok 5 3 ${client}exact"
    . " messages=1 oldest=7200 late=1 $numbers" } 1 .. 7)->hosts)->{out},
    qr/(?:\n  \d: submit .*){5}\n  and 2 more client queues\n\z/,
    '... and of many hosts five');

# The relay that no host alone would tell.
my $flood = MQ::Fleet->new(map { $_ => "ok 500 100 relays count=exact"
    . " read=600 total=600\nrelay 192.0.2.66 messages=80" }
    qw(r1 r2 r3 r4 r5 r6));
$r = mqc('--once', '--relays', $flood->hosts);
like($r->{out},
    qr/\n  192\.0\.2\.66 holds 480 of 3600 messages on 6 hosts, over 360\n\z/,
    '--relays: 80 on each of six is 480');
unlike(mqc('--once', '--relays', $flood->hosts('r1'))->{out}, qr/holds/,
    '... and 80 on one is no flood');
like(mqc('--once', '--relays', $fleet->hosts)->{out},
    qr/\n  no host tells its relays: /, '... and without any it says so');
like(mqc('--once', '--relays', MQ::Fleet->new(mx1 =>
    'ok 5 3 relays count=unreadable')->hosts)->{out}, qr/\n  no host can read its messages, so no relay is known: run mqreport --relays 50 there, as its user;/,
    '... or that it was not allowed to');

# Without a descriptor for a host, nothing is known of the host: that is no word
# about its network. All of them keep their connections open.
my $keeps = MQ::Fleet->new(k => 'open 3 4');
my ($port) = ($keeps->hosts)[0] =~ /:(\d+)/;
$r = run('/bin/sh', '-c', 'ulimit -n 24; exec "$@"', 'sh', $mqc, '--once',
    '--tsv', '-i', '3', '-t', '1', map({ "tcp$_=127.0.0.1:$port" } 10 .. 39),
    'cmd = exec: cat /etc/hostname');
my %answer;
$answer{(split /\t/)[2]}++ for (split /\n/, $r->{out})[1 .. 31];
is_deeply([sort keys %answer], ['not asked', 'ok'],
    'what had no descriptor was not asked') or diag $r->{out};
is($r->{out} =~ /^\d+\tcmd\t([^\t]*)/m ? $1 : '', 'not asked',
    '... nor was a command run');
$r = run('/bin/sh', '-c', 'ulimit -n 24; exec "$@"', 'sh', $mqc, '--once', '-i',
    '3', '-t', '1', map { "tcp$_=127.0.0.1:$port" } 10 .. 39);
like($r->{out}, qr/^  tcp\d\d: not asked: no file descriptor is left; allow mqc 124 of them \(ulimit -n\)$/m,
    '... and told what would do');

# The cadence, whatever hosts do: no round is early, with hosts that hang. That
# none is later by what others took is told by test_mqc_cadence.
$fleet->set('cats-mx2', 'hang');
my $began = Time::HiRes::time();
open my $pipe, '-|', $mqc, '-i', '1', '-n', '4', @cats, $bad->hosts('drip')
    or die "$mqc: $!\n";
my @at;
while (<$pipe>) {
	push @at, Time::HiRes::time() - $began if /:.*--/;
}
close $pipe;
is(scalar @at, 4, '-n 4: four rounds');
is_deeply([grep { $at[$_] < $_ } 0 .. $#at], [],
    'each k seconds after the first') or diag "@at";

# A host that dies is shown as it was, then as not known, and returns.
$fleet->set('cats-mx2', 'ok 53 550');
my ($pid, $file) = start('-i', '1', '--stale', '3', @cats);
wait_for(sub { slurp($file) =~ /53:550/ }, 'the first round');
$fleet->set('cats-mx2', 'refuse');
wait_for(sub { slurp($file) =~ /^ +39:726 +53\?:550\? +37:452$/m },
    'numbers with a mark');
wait_for(sub { slurp($file) =~ /^ +39:726 +-- +37:452$/m },
    'no numbers any more');
$fleet->set('cats-mx2', 'ok 1 2');
wait_for(sub { slurp($file) =~ /answers again/ }, 'its return');
is(stop($pid, 'TERM'), 0, 'SIGTERM: exit status 0');
my $out = slurp($file);
like($out, qr/\n  cats-mx2: no connection: Connection refused\n/,
    'why is told');
is(() = $out =~ /no connection/g, 1, '... once');
like($out, qr/ 1:2 .*\n  cats-mx2: answers again after \d+s\n/,
    'and the end of it');

# What is recorded is what was seen.
my $record = "$dir/record";
$fleet->set('cats-mx3', 'close');
$r = mqc('-i', '1', '-n', '3', '--time', '--record', $record, @cats);
my $again = mqc('--replay', $record, '--speed', '0', '--time');
is($again->{out}, $r->{out}, '--replay shows what --record saw');
is("$again->{code} $again->{err}", '1 ', '... with the same exit status');
is(() = slurp($record) =~ /\n/g, 10, 'a line a host and round, and one more');
is(mqc({stdin => slurp($record)}, '--replay', '-', '-n', '1', '--tsv')->{out}
    =~ tr/\n//, 4, '... of which a pipe shows one');
$began = Time::HiRes::time();
mqc('--replay', $record, '--speed', '4');
cmp_ok(Time::HiRes::time() - $began, '>', 0.45, '--speed 4: 2 s in half a');
spew($record, 'nonsense');
$r = mqc('--replay', $record);
is("$r->{code} $r->{out}$r->{err}", "2 mqc: the recording has no round\n",
    'a recording without a round');
SKIP: {
	skip 'no /dev/full', 2 if lacks(-e '/dev/full', '/dev/full');
	$r = mqc('-i', '1', '-n', '2', '--record', '/dev/full',
	    $fleet->hosts('cats-mx1'));
	is($r->{code}, 1, 'a full disk: exit status 1');
	is($r->{out}, " cats-mx1(in:m)\n         39:726\n"
	    . "  the recording ends here: No space left on device\n"
	    . "         39:726\n", '... and the rounds go on');
}

# Somebody who stops reading.
open $pipe, '-|', $mqc, '-i', '1', $fleet->hosts('cats-mx1') or die;
my $first = <$pipe>;
close $pipe;
is($?, 0, 'a closed pipe: exit status 0');

# A signal also ends what waits for somebody who does not read, or write.
my $long = "$dir/long";
spew($long, "mqc-record 1\t30\n", map { my $at = 1795532400 + 30 * $_;
	"$at\tmx1\t1\ttimeout\tno report within 10s\n" } 1 .. 500);
pipe my $unread, my $full or die "pipe: $!\n";
fcntl $full, 1031, 4096 or die "F_SETPIPE_SZ: $!\n";
$pid = fork // die "fork: $!\n";
if (!$pid) {
	open STDOUT, '>&', $full or POSIX::_exit(126);
	{ no warnings 'exec'; exec $mqc, '--tsv', '--replay', $long,
	    '--speed', '0' }
	POSIX::_exit(127);
}
wait_for(sub {
	ioctl $unread, 0x541b, my $n = pack 'i', 0 or die "FIONREAD: $!\n";
	unpack('i', $n) > 4000;
}, 'a pipe that is full');
is(stop($pid, 'TERM'), 0, 'nobody reads: SIGTERM ends it, too');
pipe my $idle, my $feed or die "pipe: $!\n";
$pid = fork // die "fork: $!\n";
if (!$pid) {
	close $feed;
	open STDIN, '<&', $idle or POSIX::_exit(126);
	open STDOUT, '>', "$dir/idle" or POSIX::_exit(126);
	{ no warnings 'exec'; exec $mqc, '--replay', '-', '--speed', '0' }
	POSIX::_exit(127);
}
syswrite $feed, join '', (split /^/, slurp($long))[0 .. 2];
wait_for(sub { -s "$dir/idle" }, 'the first of two rounds');
is(stop($pid, 'INT'), 0, '... and where nobody writes, SIGINT');
close $feed;

# What nohup(1) has ignored stays ignored.
$pid = open $pipe, '-|' // die "fork: $!\n";
if (!$pid) {
	$SIG{HUP} = 'IGNORE';
	exec $mqc, '-i', '1', '-n', '3', $fleet->hosts('cats-mx1')
	    or POSIX::_exit(127);
}
my @rounds = scalar(<$pipe>) . <$pipe>;
kill 'HUP', $pid;
push @rounds, <$pipe>;
close $pipe;
is(scalar @rounds, 3, 'nohup: SIGHUP ends nothing');

# What is asked for must be possible.
for my $row ([['-i', 'x', 'a'], qr/--interval 'x': expected a duration .*/],
    [[], qr{file '\Q$dir\E/.config/mqc.conf': No such file .*; see --help$}],
    [['--record', '/none/x', 'a'], qr{/none/x: No such file or directory}]) {
	$r = mqc(@{$row->[0]});
	is("$r->{code} $r->{out}", '2 ', "mqc @{$row->[0]}: exit status 2");
	like($r->{err}, qr/\Amqc: $row->[1]\n?\z/, '... and one line');
}
mkdir "$dir/.config";
spew("$dir/.config/mqc.conf", "# cats\n", map { "$_\n" } @cats);
like(mqc('--once')->{out}, qr/\A cats-mx1\(in:m\)  cats-mx2/,
    '~/.config/mqc.conf');
# Its addresses in /etc/hosts are tried one after the other.
SKIP: {
	skip 'no localhost', 1
	    if lacks(scalar gethostbyname 'localhost', 'localhost in /etc/hosts');
	like(mqc('--once', $cats[0] =~ s/127\.0\.0\.1/localhost/r)->{out},
	    qr/\n +39:726\n\z/, 'names of /etc/hosts');
}

done_testing;
