#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqreport.t - the report: by hand, from the cache, to a file
use strict;
use warnings;

use Fcntl qw(:flock :mode);
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Net;
use POSIX ();
use Test::More;
use Time::HiRes ();

my $mqreport = program('mqreport');
my $dir = tempdir();
my $cache = "$dir/cache";
make_queue("$dir/mqueue.in", 20, age => 70);
make_queue("$dir/mqueue", 30, age => 7200);
make_queue("$dir/mqueue", 2, type => 'Qf', first => 50);
make_queue("$dir/mqueue", 3, type => 'hf', first => 60);
my @in = ('-q', "$dir/mqueue.in");

# parse($text): {word => rest of its line}, and the queues by name.
sub parse {
	my %line = map { my ($word, $rest) = split / /, $_, 2;
	    ($word eq 'queue' ? $rest =~ /(\S+)/ : $word) => $rest }
	    split /\n/, $_[0];
	return \%line;
}

# --- by hand ------------------------------------------------------------

my $host = (POSIX::uname())[1];
my $before = time;
my $r = run($mqreport, @in, '-q', "$dir/mqueue");
is($r->{code}, 0, 'all was counted');
is($r->{err}, '', '... and there is nothing to say');
like($r->{out}, qr{\Amqreport 1
host \Q$host\E
(?:machine [0-9a-f]{32}
)?time \d+ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ
took \d+ ms
queue mqueue.in role=in count=exact messages=20 oldest=\d+ late=0 quarantined=0 lost=0 stranded=0
queue mqueue role=out count=exact messages=30 oldest=\d+ late=30 quarantined=3 lost=2 stranded=0 oldest-held=6\d
end
\z}, 'the report');
my $line = parse($r->{out});
my ($time) = $line->{time} =~ /^(\d+)/;
ok($time >= $before && $time <= time, '... has the time');
is($line->{time}, POSIX::strftime('%s %Y-%m-%dT%H:%M:%SZ', gmtime $time)
    =~ s/^\d+/$time/r, '... twice');
my ($oldest) = $line->{'mqueue.in'} =~ /oldest=(\d+)/;
ok($oldest >= 70 && $oldest < 130, '... and the age');

$r = run($mqreport, @in, '-q', "no thing=$dir/none");
is($r->{code}, 1, 'a queue that is not there');
like($r->{out}, qr{^queue no%20thing role=out count=unreadable reason=\Q$dir\E/none: No such file or directory\nend\n\z}m,
    '... is in the report, without a number');
is($r->{err}, "no thing: $dir/none: No such file or directory\n  ->"
    . " $dir/none: No such file or directory: name the right directory with"
    . " -q\n", '... with the remedy beside it');

mkdir $_ or die "$_: $!\n" for "$dir/root", "$dir/root/var",
    "$dir/root/var/spool", "$dir/root/etc";
$r = run($mqreport, '--root', "$dir/root");
is($r->{code}, 2, 'a machine without queues');
is($r->{out}, '', '... has no report');
is($r->{err}, "mqreport: no sendmail queue found on this machine; name one:"
    . " -q DIR\n", '... and a reason');
make_queue("$dir/root/var/spool/mqueue", 4);
like(run($mqreport, '--root', "$dir/root")->{out},
    qr/^queue mqueue role=out count=exact messages=4 /m,
    '--root finds what is there');

for (['-x'], ['word'], ['--relays', '0'], ['--relays', '1001'],
    ['--cache', 'x'], ['--cache', '2h'], ['-t', '0'], ['--output', ''],
    ['--cache-dir', ''], ['-q', ''], [@in, @in]) {
	$r = run($mqreport, @$_);
	is("$r->{code}$r->{out}", 2, "@$_ is refused");
	like($r->{err}, qr/\Amqreport: .*; see --help\n\z/, '... in a line');
}

make_queue("$dir/relays", 5);
make_queue("$dir/relays", 1, type => 'hf', first => 9);
like(run($mqreport, '--relays', '2', '-q', "$dir/relays")->{out},
    qr/^relays count=exact read=5 total=5 complete=yes\nrelay 192\.0\.2\.1 messages=5\nend\n\z/m,
    '--relays');
# Sampled or not, what a part of the queues has is not all.
like(run($mqreport, '--relays', '2', '-q', "$dir/relays", '-q',
    "x=$dir/none")->{out},
    qr/^relays count=at-least read=5 total=5 complete=no$/m,
    '... of a part of the queues');
like(run($mqreport, '--relays', '2', '-q', "x=$dir/none")->{out},
    qr/^relays count=unreadable complete=no\nend\n\z/m, '... of none');

# The machine: 32 hex digits of the one below --root, and never its id.
my $id = '0123456789abcdef' x 2;
sub machine_of {
	my ($text) = @_;
	open my $f, '>', "$dir/root/etc/machine-id" or die "machine-id: $!\n";
	print $f $text;
	close $f or die "machine-id: $!\n";
	return parse(run($mqreport, '--root', "$dir/root")->{out})->{machine};
}
is(parse(run($mqreport, '--root', "$dir/root")->{out})->{machine}, undef,
    'no machine-id, no machine');
is(machine_of("$id\n"), 'b75eb54af6cead8cf4ec35cc35ff8266',
    'the machine is a hash of its machine-id and a salt');
is(machine_of($id), 'b75eb54af6cead8cf4ec35cc35ff8266', '... without a newline too');
isnt(machine_of('f' x 32), 'b75eb54af6cead8cf4ec35cc35ff8266', '... and that of another is another');
is(machine_of($_), undef, '... but not that of ' . (length) . ' bytes')
    for '', "uninitialized\n", "${id}0\n", substr($id, 1), ('x' x 32);

# --- the cache ----------------------------------------------------------

my @cached = ('--cache', '1m', '--cache-dir', $cache, @in);

sub count_of {
	my ($n) = parse(run($mqreport, @_)->{out})->{'mqueue.in'} =~
	    /messages=(\d+)/;
	return $n;
}

is(count_of(@cached), 20, 'a first count');
my ($kept) = glob "$cache/$>/mqreport/report-*[0-9a-f]";
is((stat $kept)[2] & 07777, 0600, '... is kept for the user alone');
my $text = slurp($kept);
make_queue("$dir/mqueue.in", 1, first => 20);
is(run($mqreport, @cached)->{out}, $text, 'the same report within a minute');
is(count_of(@cached, '--cache', '0'), 21, '... unless it is asked anew');
is(count_of(@in), 21, '... or by hand');
is(count_of(@cached, '-q', "$dir/mqueue"), 21, 'other queues, other reports');

# aged($seconds[, $took]): the cache says that it was made then.
sub aged {
	my ($seconds, $took) = (@_, 0);
	my $then = time - $seconds;
	spew($kept, $text =~ s/^time .*/time $then/mr
	    =~ s/^took \d+/took $took/mr);
	return $then;
}

aged(30);
is(count_of(@cached), 20, 'it is young for half a minute');
aged(90);
is(count_of(@cached), 21, '... but not for one and a half');
aged(90, 89_000);
is(count_of(@cached), 20, 'unless it took as long: then it is kept longer');
aged(-10);
is(count_of(@cached), 21, 'a clock that was set back: a new count');
for my $broken ('', 'x' x 300_000, substr($text, 0, -4),
    "mqreport 1\nhost h\ntime " . time . "\nerror x\nend\n") {
	spew($kept, $broken);
	is(count_of(@cached), 21, 'a broken cache is none');
}

$r = run($mqreport, @in, '--cache', '5', '--cache-dir', "$dir/no/cache");
is($r->{code}, 0, 'without a cache');
like($r->{out}, qr{^note state directory \Q$dir\E/no/cache: No such file or directory; so each client makes a count$}m,
    '... there is a report, and a note');

# --- one at a time ------------------------------------------------------

open my $lock, '+<', "$kept.lock" or die "$kept.lock: $!\n";
flock $lock, LOCK_EX or die "flock: $!\n";
my $then = aged(200);
my $began = Time::HiRes::time();
$r = run($mqreport, @cached);
like($r->{out}, qr/^time $then\b/m,
    'while another counts, the old report with its time');
cmp_ok(Time::HiRes::time() - $began, '>=', 1, '... after a second');
$then = aged(3600);
$began = Time::HiRes::time();
like(run($mqreport, @cached, '-t', '3')->{out}, qr/^time $then\b/m,
    'one that is stale');
cmp_ok(Time::HiRes::time() - $began, '>=', 2.5,
    '... is not given while a new one may come');
unlink $kept;
$r = run($mqreport, @cached, '-t', '1');
is("$r->{code} $r->{out}$r->{err}", "2 mqreport: another mqreport counts,"
    . " and did not end within 1s\n", 'without one, an error');
close $lock;

# Who has the lock dies, as soon as the other waits.
my ($client, $pid) = do {
	pipe my $up, my $down or die "pipe: $!\n";
	my $holder = fork // die "fork: $!\n";
	if (!$holder) {
		open my $fh, '+<', "$kept.lock" or POSIX::_exit(1);
		flock $fh, LOCK_EX or POSIX::_exit(1);
		close $down;
		sleep 60;
		POSIX::_exit(0);
	}
	close $down;
	sysread $up, my $byte, 1;
	my @both = served($mqreport, @cached);
	wait_for(sub { slurp("/proc/$both[1]/stat") =~ /\) S / },
	    'it to wait');
	kill 'KILL', $holder;
	waitpid $holder, 0;
	@both;
};
like(read_all($client), qr/ messages=21 /,
    'a process that died with the lock blocks nobody');
waitpid $pid, 0;

# --- queues in any order -------------------------------------------------

my @order = map { "$dir/order/$_" } qw(a/mqueue b/mqueue c.in clientmqueue);
mkdir $_ for "$dir/order", "$dir/order/a", "$dir/order/b";
make_queue($_, 1) for @order;
my $named = qr/^(?:queue |mqueue_lost_messages\{queue=")([^"\s]+)/m;
for my $format ([], ['--openmetrics']) {
	for my $turn ([0 .. 3], [3, 2, 1, 0], [1, 3, 0, 2]) {
		my $text = run($mqreport, @$format, map { ('-q', $_) }
		    @order[@$turn])->{out};
		is(join(' ', $text =~ /$named/g), 'c.in b/mqueue mqueue'
		    . ' clientmqueue', "@$format @$turn: one order, and the"
		    . ' same names');
	}
}

# --- OpenMetrics, and files ---------------------------------------------

umask 077;
my $prom = "$dir/mqueue.prom";
spew($prom, 'old');
my $inode = (stat $prom)[1];
$r = run($mqreport, @in, '-q', "$dir/none", '--openmetrics', '--output',
    $prom);
is("$r->{code}$r->{out}", 1, '--output prints nothing');
is((stat $prom)[2] & 07777, 0644, '... and others may read it');
ok((stat _)[1] != $inode, '... and is a new file');
$text = slurp($prom);
like($text, qr/^mqueue_messages\{queue="mqueue.in",role="in"\} 21$/m,
    '... with the number');
unlike($text, qr/^mqueue_messages\{queue="none"/m, '... if there is one');
like($text, qr/^mqueue_readable\{queue="none",role="out"\} 0$/m,
    '... and else a 0 that says so');
like($text, qr/\n# EOF\n\z/, '... and an end');
is_deeply([glob "$dir/.*prom*"], [], '... and leaves nothing behind');
$r = run($mqreport, '--root', "$dir/none", '--openmetrics', '--output',
    $prom);
is("$r->{code}$r->{out}", 2, 'without a report');
is(slurp($prom), $text, '... the old file stays');

# Two jobs on one host: every series has a queue, and none comes twice.
my $second = "$dir/second.prom";
make_queue("$dir/other", 2);
$r = run($mqreport, '-q', "$dir/other", '--openmetrics', '--output', $second);
is("$r->{code}$r->{err}", 0, 'a second job, for another queue');
my %times;
$times{$_}++ for map { /^(mqueue_.*) / ? $1 : () } split /\n/, $text .
    slurp($second);
is_deeply([grep { $times{$_} > 1 } sort keys %times], [],
    '... has no series of the first one');
my $of_second = slurp($second);
$r = run($mqreport, '-q', "$dir/other", @in, '--openmetrics', '--output',
    $second);
is("$r->{code} $r->{err}", "2 mqreport: cannot write $second: mqueue.prom"
    . ' beside it has mqueue_readable{queue="mqueue.in",role="in"} as well, and'
    . " no series may come twice: remove that file, or report other queues"
    . " with -q\n", '... and one for a queue that the first one has is told');
is(slurp($second), $of_second, '... and writes nothing');
$r = run($mqreport, @in, '--openmetrics', '--output', "$dir/second.txt");
is($r->{code}, 0, '... but where node_exporter does not look');
symlink "$dir/mqueue.prom", "$dir/link.prom" or die "link.prom: $!\n";
POSIX::mkfifo("$dir/fifo.prom", 0600) or die "fifo.prom: $!\n";
mkdir "$dir/dir.prom" or die "dir.prom: $!\n";
$r = run($mqreport, @in, '-q', "$dir/none", '--openmetrics', '--output',
    $prom);
is("$r->{code}$r->{err}" =~ s/\D.*//sr, 1,
    '... nor do what is no file, and its own old one, matter');
unlink "$dir/link.prom", "$dir/fifo.prom";
rmdir "$dir/dir.prom";

$r = run($mqreport, @in, '--output', "$dir/none/x");
is("$r->{code} $r->{err}", "2 mqreport: cannot write $dir/none/x: No such file"
    . " or directory\n", 'a file that can\'t be written');
my $full = run('/bin/sh', '-c', 'exec "$@" >/dev/full', 'sh', $mqreport, @in);
is("$full->{code} $full->{err}", "2 mqreport: cannot write: No space left on"
    . " device\n", 'an output that can\'t be written');
done_testing;
