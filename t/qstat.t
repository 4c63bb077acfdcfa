#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qstat.t - who fills the queues, on real files: every option, and what a
# hostile host can put into an answer
use strict;
use warnings;

use FindBin;
use IO::Socket::UNIX;
use JSON::PP;
use lib "$FindBin::Bin/lib";
use MQ;
use POSIX ();
use Test::More;

BEGIN { need('strace', 'script') }

my $dir = tempdir();
my %tested;

sub qstat {
	my $opt = ref $_[0] ? shift : {};
	$tested{$_}++ for map { /^--([a-z-]+)/ ? $1 : () } @_;
	return tool({env => {TZ => 'UTC', TERM => 'xterm'}, %$opt}, 'qstat',
	    @_);
}

# An answer whose long lines are in one piece again.
sub unfolded {
	return $_[0]{out} =~ s/\n  (?! )/ /gr;
}

# The lines of --tsv as hashes.
sub rows {
	my $r = qstat(@_, '--tsv');
	is($r->{code}, 0, "@_ --tsv") or diag $r->{err};
	my ($head, @lines) = map { [split /\t/, $_, -1] } split /\n/, $r->{out};
	is_deeply([grep { @$_ != @$head } @lines], [],
	    '... each line has all fields');
	return map { my %row; @row{@$head} = @$_; \%row } @lines;
}

# --- the samples: each file is with the relay that sent it -------------------

my (%relay, %class);
for (split /\n/, slurp(srcdir() . '/t/data/qf/expected.tsv')) {
	my ($file, $class, $ip) = split /\t/;
	next if $file !~ /^qf/;
	$class = 'loopback' if $class eq 'smtp' && $ip =~ /^127\.|^::1$/;
	$class eq 'smtp' ? $relay{$ip}++ : $class{$class}++;
}
my @samples = ('-q', srcdir() . '/t/data/qf');
my @rows = rows(@samples, '-n0');
is_deeply({map { $_->{key} => $_->{count} } grep { $_->{key} ne '' } @rows},
    \%relay, 'the relays of the samples');
is_deeply({map { $_->{class} => $_->{count} } grep { $_->{key} eq '' } @rows},
    \%class, '... and the other classes');

# --- a queue with a flooder --------------------------------------------------

my ($in, $out) = ("$dir/mqueue.in", "$dir/mqueue");
my @queues = ('-q', $in, '-q', $out);
my $now = time;
my @flood = map { make_message($in, now => $now, age => 1180 - 3 * $_, n => $_,
    relay => 'mail.bad.example [192.0.2.66] (may be forged)',
    helo => 'friend', sender => 'u' . $_ % 7 . '@bad.example') } 1 .. 350;
make_queue($in, 40, now => $now, age => 300, first => 1000);
make_message($in, now => $now, age => 7500, n => 2000, relay => undef);
my ($both) = map { make_message($_, now => $now, age => 900, n => 3000,
    relay => '[IPv6:2001:db8:0:0:0:0:0:10]', sender => '', tries => 2,
    recipients => ['c@x.example', 'd@y.example'],
    status => 'Deferred: 450', body => 'x' x 2000) } $in, $out;
make_message($out, now => $now, n => 4000, type => 'hf');
make_message($out, now => $now, n => 4001, type => 'Qf');

my $r = qstat(@queues);
is($r->{code}, 0, 'qstat of two queues');
is($r->{err}, '', '... writes nothing to stderr');
my ($since) = POSIX::strftime('%H:%M', gmtime $now - 1177);
my ($answer) = split /\n/, unfolded($r);
is($answer =~ s/since \w+ +\d+ /since /r, '192.0.2.66 (mail.bad.example?) holds'
    . " 350 of 392 messages (89%), since $since, 20/min",
    '... the answer comes first') or diag $r->{out};
like($r->{out}, qr/^mqueue\.in 392, mqueue 1: 392 messages, oldest 2h5m$/m,
    '... what is in both queues is counted once');
like($r->{out}, qr/^!! 1 192\.0\.2\.66\s+350\s+89%\s+19m\s+2m\s+20\s+7\s+350\s/m,
    '... a line for the flooder');
like($r->{out}, qr/^   2 192\.0\.2\.1 +40 +10% +5m +5m +40 +1 +40 +relay\.example$/m,
    '... and for another');
like($r->{out}, qr/^   3 2001:db8::10 +1 +<1% +15m +15m +1 +1 +2$/m,
    '... an address in its canonical form');
like($r->{out}, qr/^none +1 +<1% +2h5m  no relay is named$/m,
    '... what names no relay stands apart');
my $sendmail = '  /usr/sbin/sendmail -bp';
like($r->{out}, qr{^not counted: 1 quarantined in \S+; as root:
\Q$sendmail\E -qQ -OQueueDirectory=(?:\Q$in\E|\Q$out\E)$}m,
    '... what is held is told');
like($r->{out}, qr{^not counted: 1 lost \(.*\) in \S+; as root:
\Q$sendmail\E -qL -OQueueDirectory=(?:\Q$in\E|\Q$out\E)$}m, '... and lost');
is_deeply([$r->{out} =~ /^  (q.*)/mg],
    ["qstat -q $in -q $out --messages 192.0.2.66",
    "qflush -q $in -q $out 192.0.2.66"], '... and the next commands');
unlike($r->{out}, qr/\e/, '... without colour, where there is no terminal');
is(scalar(grep { length > 80 && !m{^  (?:qstat|qflush|/usr\S+) } } split /\n/,
    $r->{out}), 0, '... in 80 columns');

# --- the options -------------------------------------------------------------

for my $row (
    [network => '192.0.2.0/24', 390], [name => 'relay.example', 40],
    [helo => 'friend', 350], [sender => 'u3@bad.example', 50],
    ['sender-domain' => 'bad.example', 350],
    ['recipient-domain' => 'lab.example.net', 391],
    [status => 'Deferred: 450', 1]) {
	my ($by, $key, $count) = @$row;
	my ($found) = grep { $_->{key} eq $key } rows(@queues, '--by', $by);
	is($found->{count}, $count, "--by $by");
}
is(join(' ', map { $_->{key} || $_->{class} } rows(@queues, '--top=1')),
    '192.0.2.66 others none', '--top');
is(join(' ', map { $_->{key} || $_->{class} } rows(@queues, '--min', 40)),
    '192.0.2.66 192.0.2.1 others none', '--min');
is((rows(@queues, '--sort', 'rate'))[0]{key}, '192.0.2.1', '--sort rate');
is((rows(@queues, '--sort', 'oldest'))[1]{key}, '2001:db8::10',
    '--sort oldest');
$r = qstat(@queues, '--ages');
like($r->{out}, qr/^ +relay( +\S+){11}\n +TOTAL +392 +[45]\d +1[34]\d +(?:19|20)\d( +0){2} +1( +0){4}$/m,
    '--ages') or diag $r->{out};
$r = qstat(@queues, '--timeout', 60);
like($r->{out}, qr/: 392 messages, oldest 2h5m\n\n/,
    '--timeout: nothing is sampled where there is time');
$r = qstat('--queue', "x=$in", '--verbose');
like($r->{out}, qr/^x: 392 messages.*\n  x \(in\): \Q$in\E$/m,
    '--queue, --verbose');

mkdir "$dir/root$_" for '', qw(/etc /etc/mail /q);
spew("$dir/root/etc/mail/sendmail.cf", "O QueueDirectory=/q\n");
make_queue("$dir/root/q", 4);
like(qstat('--root', "$dir/root")->{out}, qr/^q: 4 messages/m,
    '--root finds the queues of another tree');
$r = qstat('--root', "$dir/root/q");
is($r->{code}, 2, 'no queue at all fails');
is($r->{err}, "qstat: no sendmail queue found on this machine; name one: -q"
    . " DIR\n", '... and says what to do');

SKIP: {
	$r = qstat(@queues, '--json', '--ages');
	skip('this build has no JSON', 7)
	    if lacks($r->{code} != 2, 'JSON in this build');
	my $json = decode_json($r->{out});
	is_deeply([@$json{qw(version total read by)}], [1, 392, 392, 'relay'],
	    '--json: version, total, read, by');
	my $group = $json->{groups}[0];
	is_deeply([@$group{qw(key class host count senders recipients flood
	    oldest newest)}], ['192.0.2.66', 'smtp', 'mail.bad.example', 350,
	    7, 350, 'critical', $now - 1177, $now - 130],
	    '... the fields of a group');
	is_deeply([map { "$_->{name} $_->{role} $_->{queued}"
	    . " $_->{quarantined} $_->{lost}" } @{$json->{queues}}],
	    ['mqueue.in in 392 0 0', 'mqueue out 1 1 1'], '... the queues');
	is_deeply([@{$json->{classes}}{qw(smtp none bounce)}], [391, 1, 0],
	    '... the classes');
	is(scalar @{$group->{ages}}, 10, '... and the ages');
	$json = decode_json(qstat(@queues, '--json', '-v', '--messages',
	    '2001:db8::/32')->{out});
	is_deeply([@$json{qw(matched selector)}], [1, '2001:db8::/32'],
	    '--messages --json');
	is_deeply($json->{messages}, [{id => $both, queue => 'mqueue.in',
	    arrival => $now - 900, size => 2000, tries => 2, class => 'smtp',
	    relay => '2001:db8::10', host => '', sender => '<>',
	    recipients => 2, recipients_more => JSON::PP::false,
	    first_recipient => 'c@x.example', status => 'Deferred: 450'}],
	    '... the fields of a message');
}

# --- messages, and one control file ------------------------------------------

$r = qstat(@queues, '--messages', '192.0.2.66', '-n', 3, 'older:10m');
is($r->{code}, 0, '--messages');
is_deeply([$r->{out} =~ /^($flood[0]|$flood[1]|$flood[2]) /mg],
    [@flood[0 .. 2]], '... the oldest first');
like($r->{out}, qr/\A(\d+) messages match 192\.0\.2\.66 older:10m, oldest 19m\n/,
    '... how many they are');
like($r->{out}, qr/^and \d+ more, none of them older/m,
    '... and that there are more');
is(scalar(() = qstat(@queues, '--messages', '192.0.2.66', '-n0')->{out} =~
    /^\w+ +\d+m +10 +0 +u\d\@bad\.example /mg), 350, '... or all of them');
for my $row (['192.0.2.0/24', 390], ['name:relay.example', 40],
    ['helo:friend', 350], ['sender:<>', 1], ['sender:u3@bad.example', 50],
    ['sender-domain:bad.example', 350], ['newer:1h', 391],
    ['older:1h', 1], ['198.51.100.1', 0]) {
	my ($selector, $n) = @$row;
	is(scalar(my @m = rows(@queues, '--messages', $selector)), $n,
	    "... $selector");
}

$r = qstat('-q', $out, '--show', $both);
is($r->{out}, "== $out/qf$both (queued, "
    . (-s "$out/qf$both") . " bytes)\n" . slurp("$out/qf$both"), '--show');
is($r->{code}, 0, '... exits 0');
$r = qstat(@queues, '--show', 'nosuch');
is($r->{err}, "qstat: no message 'nosuch' in mqueue.in, mqueue\n",
    '... of a message that is not there');
is($r->{code}, 2, '... exits 2');
is(qstat(@queues, '--show', "../mqueue/qf$both")->{err}, "qstat: --show"
    . " '../mqueue/qf$both': expected a queue id, without a directory\n",
    '... of a path');

# --- usage -------------------------------------------------------------------

for my $row (
    [['--messages', '300.1.1.1'], qr/'300\.1\.1\.1': expected an address/],
    [['--by', 'x'], qr/--by 'x': expected relay, network/],
    [['-n', 'x'], qr/--top 'x': expected a whole number/],
    [['--min', '-1'], qr/--min '-1': the number is too small/],
    [['--sort', 'x'], qr/--sort 'x': expected count, oldest or rate/],
    [['--tsv', '--json'], qr/--json/],
    [['192.0.2.66'], qr/to list a relay's messages: --messages ADDRESS/],
    [['--nonsense'], qr/unknown option '--nonsense'/]) {
	my ($args, $why) = @$row;
	$r = qstat(@queues, @$args);
	is($r->{code}, 2, "@$args is refused");
	like($r->{err}, qr/\Aqstat: .*$why.*; see --help\n\z/,
	    '... in one line');
	my ($reason) = $r->{err} =~ /^qstat: (.*)/;
	is($r->{out}, "@$args" =~ /json/ ? qq({"error":{"reason":"$reason"}}\n)
	    : '', '... and nothing else');
}

# --- what a hostile host can choose ------------------------------------------

my $evil = "\e[31m\e]0;x\a|<script>alert(1)</script>\$(id)`id`'\"&;\r"
    . "\x7f\x80\xff\xc3\x28\xe2\x82" . 'x' x 10_000;
my $hostile = "$dir/hostile";
make_message($hostile, n => $_, relay => "$evil.example [192.0.2.9]",
    helo => $evil, sender => "$evil\@$evil.example", status => $evil,
    recipients => ["$evil\@$evil.example"], headers => "H??X: $evil\n")
    for 1 .. 3;
my $long = make_message($hostile, n => 4, status => "\x00\x01\t\x1b[2J",
    relay => "\e[2Jident\@\e[2Jhost [192.0.2.10]", helo => "\0\e[2J",
    sender => "\x9b2J");
my $evil_queue = "$dir/\e[2J|<b>\$(id)";
make_queue($evil_queue, 1);
my $has_json = !lacks(qstat(@queues, '--json')->{code} == 0,
    'JSON in this build');
for my $args ((map { ['--by', $_] } qw(relay network name helo sender
    sender-domain recipient-domain status)), ['--ages', '--by', 'sender'],
    ['--messages', '192.0.2.0/24'], ['--show', $long], ['-v']) {
	for my $format ([], ['--tsv'], ['--json']) {
		next if @$format && $args->[0] =~ /show|ages/;
		next if "@$format" eq '--json' && !$has_json;
		$r = qstat('-q', $hostile, ($args->[0] eq '--show' ? () :
		    ('-q', $evil_queue)), @$args, @$format);
		is($r->{code}, 0, "hostile: @$args @$format") or
		    diag $r->{err};
		is($r->{err}, '', '... nothing on stderr');
		ok($r->{out} =~ /\A[\n\t\x20-\x7e]{100,}\z/,
		    '... printable characters only');
		unlike($r->{out}, qr/<script|<b>|\|/, '... and no markup')
		    if $args->[0] ne '--show';
	}
}
$r = qstat('-q', $hostile, '--messages', "helo:\e[2J\xff", "\$(id)|\e");
ok($r->{err} =~ /\Aqstat: [\x20-\x7e]+\n\z/, 'hostile: an error, too');

# --- what is no message ------------------------------------------------------

my $odd = "$dir/odd";
make_queue($odd, 2);
make_message($odd, n => 100, body => undef, control => '');
make_message($odd, n => 101, control => "V8\nT1795342500\n\$_x [192.0.2.1]\n");
mkdir "$odd/qfDIRECTORY01";
symlink "$in/qf$flood[0]", "$odd/qfLINK0000001";
symlink '/dev/zero', "$odd/qfLINK0000002";
symlink 'nowhere', "$odd/qfLINK0000003";
POSIX::mkfifo("$odd/qfFIFO0000001", 0600);
my $socket = IO::Socket::UNIX->new(Local => "$odd/qfSOCKET00001", Listen => 1);
$r = qstat('-q', $odd);
is($r->{code}, 0, 'links, FIFOs, sockets and directories are no messages');
like($r->{out}, qr/^odd: 4 messages/m, '... and are not counted');
like($r->{out}, qr/^incomplete +1 /m, '... an empty control file is');
is(qstat('-q', $odd, '--show', 'FIFO0000001')->{code}, 2,
    '... and none is shown');

# --- what can't be read ------------------------------------------------------

SKIP: {
	skip('not root', 12) if lacks($> == 0, 'root');
	my $nobody = {uid => 65534, gid => 65534};
	my $closed = "$dir/closed";
	make_queue($closed, 5);
	chmod 0700, $closed;
	$r = qstat($nobody, '-q', $closed);
	is($r->{code}, 2, 'a queue that may not be read: exit 2');
	like(unfolded($r), qr/\Anothing could be read\nclosed not read\nNOT READ: user nobody may not read \Q$closed\E:/,
	    '... and no number');
	$r = qstat($nobody, @queues, '-q', $closed);
	is($r->{code}, 1, 'one of three: exit 1');
	like(unfolded($r), qr/, closed not read: at least 392 messages/,
	    '... a lower bound');
	$r = qstat($nobody, @queues, '-q', $closed, '--tsv');
	is($r->{err}, "qstat: the answer is partial: 1 directory not read,"
	    . " $closed: Permission denied\n", '... on stderr for --tsv');
	is($r->{code}, 1, '... with status 1');
	chmod 0, "$in/qf$_" for @flood;
	$r = qstat($nobody, @queues);
	is($r->{code}, 1, 'files that may not be read: exit 1');
	like(unfolded($r), qr/\Ano flood among the 42 messages that could be read/,
	    '... nobody is cleared by what was not read');
	like(unfolded($r), qr/^NOT READ: 350 files, such as .*: Permission denied -> user nobody may not read/m,
	    '... how many, an example, and what helps');
	$r = qstat($nobody, @queues, '--messages', '192.0.2.66');
	like($r->{out}, qr/\Ano message that could be read matches 192\.0\.2\.66\n/,
	    '... for --messages as well');
	$r = qstat($nobody, '-q', $in, '--show', $flood[0]);
	is($r->{code}, 2, '... and for --show');
	is($r->{err}, "qstat: $in/qf$flood[0] cannot be read: Permission"
	    . " denied\n", '... with the reason');
	chmod 0644, "$in/qf$_" for @flood;
}
$r = qstat('-q', "$dir/nosuch", '-q', $out);
like(unfolded($r), qr/^NOT READ: \Q$dir\E\/nosuch: No such file or directory:/m,
    'a directory that is missing');

# --- on a terminal -----------------------------------------------------------

sub on_terminal {
	my ($env, @args) = @_;
	my $program = program('qstat');
	return run({env => {TERM => 'xterm', NO_COLOR => undef,
	    ASAN_OPTIONS => 'detect_leaks=0', %$env}}, 'script', '-qec',
	    join(' ', $program, @args), '/dev/null')->{out};
}

my $colour = qr/\e\[1;31m!! 1 192\.0\.2\.66 .*\e\[0m/;
like(on_terminal({}, '-q', $in), $colour, 'a terminal gets colour');
unlike(on_terminal({NO_COLOR => 1}, '-q', $in), qr/\e/, '... not with NO_COLOR');
unlike(on_terminal({TERM => 'dumb'}, '-q', $in), qr/\e/,
    '... nor if it is dumb');
unlike(on_terminal({}, '-q', $in, '--tsv'), qr/\e/, '... nor with --tsv');

# --- what is asked of the system ---------------------------------------------

sub traced {
	my ($strace, @args) = @_;
	my $r = run({env => {ASAN_OPTIONS => 'detect_leaks=0', TZ => 'UTC'}},
	    'strace', '-f', '-o', "$dir/trace", @$strace, '--',
	    program('qstat'), @args);
	return ($r, trace_lines("$dir/trace"));
}

for my $args ([], ['--messages', '192.0.2.66'], ['--show', $both]) {
	my ($t, @trace) = traced(['-e', 'trace=all'], @queues, @$args);
	is($t->{code}, 0, "strace: qstat @$args") or diag $t->{err};
	my @opened = grep { /\b(?:open|openat|openat2|creat)\(/ } @trace;
	cmp_ok(scalar(grep { /"qf/ } @opened), '>=', 1,
	    '... it opens control files');
	is_deeply([grep { m{[/"][dtxTQh]f[^/]*"} && !/O_DIRECTORY/ }
	    @opened], [],
	    '... but no body');
	is_deeply([grep { /O_(?:WRONLY|RDWR|CREAT)/ && /\Q$dir\E|"qf/ }
	    @opened], [], '... and none to write');
	is_deeply([grep { /\b(?:flock\(|F_(?:OFD_)?SETLKW?|F_SETLEASE)/ }
	    @trace], [], '... no lock is taken');
	# A sanitizer has a file of its own in /tmp.
	is_deeply([grep { /\b(?:unlink|rename|mkdir|chmod|link|utime)\w*\(/
	    && !m{"/tmp/tsan} } @trace], [], '... nothing is changed');
	is(scalar(grep { /\bwrite\(1,/ } @trace), 1,
	    '... the answer is one write');
	my @stats = grep { /stat\w*\(.*"df/ } @trace;
	is(scalar @stats, ($args->[0] // '') eq '--messages' ? 350 : 0,
	    '... sizes are asked of listed messages only');
}

# A disk that takes 2 ms for a file: a sample in time, and the flooder in it.
my $slow = "$dir/slow";
make_queue($slow, 600, age => 60, first => 0, relay => '[198.51.100.1]');
make_queue($slow, 2400, age => 60, first => 5000, relay => '[192.0.2.66]');
my ($t) = traced(['-e', 'trace=openat', '-e',
    'inject=openat:delay_enter=2000:when=50+'], '-q', $slow, '-t', 2);
is($t->{code}, 0, 'a slow disk: exit 0');
my ($read) = $t->{out} =~ /^sampled (\d+) of 3000: numbers are estimates/m;
ok(defined $read && $read > 50 && $read < 3000, '... a sample') or
    diag $t->{out};
my ($all, $low, $high) =
    $t->{out} =~ /^!! 1 192\.0\.2\.66 +(\d+) +(\d+)-(\d+) /m;
ok(defined $high && $low < $all && $all < $high && $low > 900,
    '... that names the flooder, and says how sure that is');

($t) = traced(['-e', 'trace=openat', '-e',
    'inject=openat:delay_enter=2000:when=50+'], '-q', $slow, '-t', 2,
    '--messages', '192.0.2.66', '-n1');
like(unfolded($t), qr/\Aat\ least\ \d+\ messages\ match\ 192\.0\.2\.66,\ oldest\ 1m;
    \ by\ the\ sample\ about\ (?:1[5-9]|2\d)\d\d\ \(/x,
    '... and about how many messages it has');

# A reason that is told with another id each time.
my $waiting = "$dir/waiting";
make_message($waiting, n => $_, age => 900, status => sprintf(
    'Deferred: 421-4.7.28 [198.51.100.9] Our system has detected an unusual' .
    ' rate of mail. %010x-%04x.%d - gsmtp', $_ * 7919 + 99999, $_ * 31, $_))
    for 1 .. 40;
make_message($waiting, n => 100 + $_, age => 800,
    status => 'Deferred: Connection timed out with mx.dead.example.')
    for 1 .. 10;
make_message($waiting, n => 200 + $_, age => 700, status =>
    "Deferred: 451 4.7.1 Greylisted, please try again in $_ seconds")
    for 60 .. 64;
my $why = qstat('-q', $waiting, '--by', 'status', '-n5');
like(unfolded($why), qr/\A\Qthe largest status, Deferred: 421 4.7.28 [*] Our\E
    \Q system has detected an unusual rate of mail. * - gsmtp, holds 40 of 55\E
    \Q messages (73%)\E\n/x, 'one reason is one group');
my @reasons = rows('-q', $waiting, '--by', 'status');
is_deeply([map { "$_->{count} $_->{key}" } @reasons],
    ['40 Deferred: 421 4.7.28 [*] Our system has detected an unusual rate' .
    ' of mail. * - gsmtp', '10 Deferred: Connection timed out with *.',
    '5 Deferred: 451 4.7.1 Greylisted, please try again in * seconds'],
    '... and so are the others');
is($reasons[2]{example},
    'Deferred: 451 4.7.1 Greylisted, please try again in 60 seconds',
    '... with a real reply');
like($why->{out}, qr/^2  Deferred: Connection timed out with mx\.dead\.example/m,
    '... that people see, too');

# A relay with several names, whatever the order of the directory.
my @names = map { "mx$_.isp.example" } 10 .. 49;
for my $order ([@names], [reverse @names]) {
	my $q = tempdir() . '/q';
	make_message($q, n => $_, relay => "$order->[$_] [192.0.2.7]")
	    for 0 .. $#names;
	my %host = map { (rows('-q', $q))[0]{host} => 1 } 1 .. 3;
	is_deeply(\%host, {'mx10.isp.example' => 1}, 'the same name each time');
}

# Domains of recipients overlap.
my $many = "$dir/many";
make_message($many, n => $_, recipients => [map { "u\@$_.example" } 'a' .. 'z'])
    for 1 .. 30;
like(qstat('-q', $many, '--by', 'recipient-domain', '-n1')->{out},
    qr/^ +25 others +30 +100% /m, 'no share is over 100%');
is((rows('-q', $many, '--by', 'recipient-domain', '-n1'))[1]{share}, 1,
    '... nor is it for programs');

# -----------------------------------------------------------------------------

is(qstat('--help')->{code}, 0, '--help exits 0');
is(qstat('--version')->{code}, 0, '--version exits 0');
my @documented = map { /^  (?:-\w, |    )--([a-z-]+)/ ? $1 : () }
    split /\n/, qstat('-h')->{out};
is_deeply([grep { !$tested{$_} } @documented], [],
    'no documented option is without a test');
done_testing;
