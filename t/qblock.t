#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qblock.t - qblock on an access file: every option, and what may go wrong
use strict;
use warnings;

use Fcntl qw(:flock);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/lib";
use MQ;
use POSIX ();
use Test::More;

BEGIN { need('strace') }

my $dir = tempdir();
my $access = "$dir/access";
my ($real) = grep { -x } '/usr/sbin/makemap';
my $makemap = $real // srcdir() . '/t/lib/makemap';
my %tested;
my $utc = qr/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;

# A makemap that does something else: Perl that runs before the real one.
sub wrapped {
	my ($name, $perl) = @_;
	spew("$dir/$name", "#!/usr/bin/perl\nmy \$name = \$ARGV[-1];\n",
	    "my \$unmake = grep { \$_ eq '-u' } \@ARGV;\n$perl\n",
	    "exec '$makemap', \@ARGV;\n");
	chmod 0755, "$dir/$name";
	return "$dir/$name";
}

# Only root may say who it was before.
my $by = $> == 0 ? 'amy' : getpwuid $>;

sub qblock_with {
	my ($program, @args) = @_;
	$tested{$_}++ for map { /^--([a-z-]+)/ ? $1 : () } @args,
	    $program ne '' ? '--makemap' : ();
	return tool({env => {SUDO_USER => 'amy'}}, 'qblock', @args, '--map',
	    $access, $program ne '' ? ('--makemap', $program) : ());
}

sub qblock {
	return qblock_with($makemap, @_);
}

# A fresh file and its map.
sub fresh {
	my ($text, $mode) = @_;
	unlink glob "$dir/access* $dir/.new*";
	spew($access, $text);
	chmod $mode // 0640, $access;
	is(run({stdin => $text}, $makemap, 'hash', $access)->{code}, 0,
	    'a map is made') or BAIL_OUT('no makemap');
}

# key => value of the map.
sub map_of {
	return {map { /^(.*?)\t(.*)/ } split /\n/,
	    run($makemap, '-u', 'hash', $access)->{out}};
}

# It says nothing on stderr and exits 0.
sub done {
	my ($r, $what) = @_;
	is($r->{code}, 0, $what) or diag $r->{err};
	is($r->{err}, '', '... nothing on stderr');
	return $r->{out};
}

# It exits 2 with one line, and has left all as it was.
sub refused {
	my ($r, $re, $text, $what) = @_;
	is($r->{code}, 2, $what);
	like($r->{err}, qr/\Aqblock: .*$re.*\n\z/, '... and says why');
	is($r->{out}, '', '... nothing on stdout');
	is(slurp($access), $text, '... the file is as it was');
	is_deeply([grep { !m{/access(?:\.db|\.qblock\.bak)?$} }
	    glob "$dir/access* $dir/.new*"], [], '... nothing is left');
}

# --- one block, from the beginning to the end --------------------------------

my $text = "# of our own\n\nConnect:198.51.100\tRELAY\nFrom:x\@y  550 \"no\"\n";
fresh($text, 0600);
my $before = (stat $access)[1];

my $out = done(qblock('add', '192.0.2.66'), 'a dry run');
like($out, qr/^would block 192\.0\.2\.66 until it is removed: REJECT$/m,
    '... says what it would do');
like($out, qr/^\+Connect:192\.0\.2\.66\tREJECT$/m, '... shows the line');
like($out, qr/^dry run: nothing was changed; --yes does it$/m, '... and how');
is(slurp($access), $text, '... and does nothing');
is((stat $access)[1], $before, '... not even to the inode');

$out = done(qblock('add', '192.0.2.66', '--expire', '24h', '--reason',
    "a flood\nof <mail>", '--yes'), 'add');
like($out, qr/^blocked 192\.0\.2\.66 until $utc: REJECT$/m, '... says so');
like($out, qr/access\.db has it: asked with makemap -u$/m, '... and checks');
my ($tag) = slurp($access) =~ /\A\Q$text\E(.*)\nConnect:192\.0\.2\.66\tREJECT\n\z/
    or fail('the file ends in the block');
like($tag, qr/^# qblock 192\.0\.2\.66 added $utc until $utc by \Q$by\E: a flood\?of _mail_$/,
    'the tag says who, when and why, in one line');
my ($added, $until) = $tag =~ /($utc)/g;
my @day = map { join '', /\d+/g } $added, $until;
cmp_ok($day[1] - $day[0], '>=', 1_000_000, '... and is over a day later');
is((stat $access)[2] & 07777, 0600, 'the mode is kept');
is(map_of()->{'connect:192.0.2.66'}, 'REJECT', 'the map has the block');
is(map_of()->{'connect:198.51.100'}, 'RELAY', '... and what it had');
is(slurp("$access.qblock.bak"), $text, 'the old file is kept');
is((stat "$access.qblock.bak")[1], $before, '... itself');

my @same = map { [stat $_]->[1] } $access, "$access.db";
$out = done(qblock('add', '192.0.2.66', '--expire', '24h', '--yes'),
    'the same again');
like($out, qr/\A192\.0\.2\.66 is blocked already until $utc\n\z/, '... is done');
is_deeply([map { [stat $_]->[1] } $access, "$access.db"], \@same,
    '... and changes nothing');
is(done(qblock('add', '192.0.2.66', '--expire', '1h', '--yes', '--quiet'),
    '--quiet'), '', '... has nothing to say then');

my $r = qblock('check', '192.0.2.66');
like(done($r, 'check'), qr/\A192\.0\.2\.66 is blocked: connect:192\.0\.2\.66 REJECT \(line 6, until $utc by \Q$by\E: a flood.of _mail_\)\n\z/,
    '... names entry, line and tag');
$r = qblock('check', '192.0.2.67');
is($r->{code}, 1, 'check of another address exits 1');
is($r->{out}, "192.0.2.67 is not blocked: no entry of the map is for it\n",
    '... and says so');

$out = done(qblock('list'), 'list');
like($out, qr/\Aclient\s+until\s+added\s+by\s+reply\s+reason\s*\n192\.0\.2\.66\s+$utc\s+$utc\s+\Q$by\E\s+REJECT\s+a flood.of _mail_\n\z/,
    '... is a table');
SKIP: {
	my $json = qblock('list', '--json');
	skip 'no jansson', 1
	    if lacks($json->{err} !~ /without jansson/, 'JSON in this build');
	is_deeply(decode_json($json->{out}), {file => $access, blocks => [{
	    client => '192.0.2.66', added => $added, until => $until,
	    expired => JSON::PP::false, by => $by, entries => 1,
	    reason => 'a flood?of _mail_', reply => 'REJECT'}]},
	    '... or JSON');
}

like(done(qblock('remove', '192.0.2.66'), 'remove, dry'),
    qr/^-Connect:192\.0\.2\.66\tREJECT$/m, '... shows the lines');
done(qblock('remove', '192.0.2.66', '--yes'), 'remove');
is(slurp($access), $text, '... gives the file back, byte for byte');
is(map_of()->{'connect:192.0.2.66'}, undef, '... and the map is without it');
is(done(qblock('remove', '192.0.2.66', '--yes'), 'remove, again'),
    "192.0.2.66 is not blocked by qblock\n", '... is no error');

is(tool('qblock', 'list', '--map', $access)->{out},
    "no block of qblock in $access\n", 'list needs no makemap');

# --- options -----------------------------------------------------------------

fresh($text);
done(qblock('add', '203.0.113.0/24', '2001:db8:1:2::/64', 'bad.example.org',
    '--reply', 'tempfail', '--yes'), 'three clients, tempfail');
like(map_of()->{$_} // '', qr/^ERROR:4\.7\.1:"450 /, "... $_") for
    'connect:203.0.113', 'connect:ipv6:2001:db8:1:2',
    'connect:bad.example.org';
refused(qblock('add', '10.0.0.0/8', '--yes'), qr/--wide/, slurp($access),
    'a wide network');
done(qblock('add', '10.0.0.0/8', '--wide', '--yes'), '--wide');
is(map_of()->{'connect:10'}, 'REJECT', '... blocks it');

# Tags with a time in the past are what expire looks for.
fresh($text);
done(qblock('add', $_, '--expire=1h', '--yes'), "add $_") for '192.0.2.101',
    '192.0.2.102';
spew($access, slurp($access) =~ s/(192\.0\.2\.101 added $utc until )$utc/${1}2026-01-01T00:00:00Z/r);
like(done(qblock('list'), 'list'), qr/^192\.0\.2\.101 +over: qblock expire/m,
    '... says what is over');
like(done(qblock('expire'), 'expire, dry'),
    qr/\Awould end the expired block of 192\.0\.2\.101 /, '... names it');
done(qblock('expire', '--yes', '--quiet'), 'expire');
is_deeply([sort keys %{map_of()}], ['connect:192.0.2.102', 'connect:198.51.100',
    'from:x@y'], '... takes it from the map');
is(done(qblock('expire', '--yes', '--quiet'), 'expire, again'), '',
    '... is quiet');
is(done(qblock('expire'), 'expire, dry'), "no block is over\n", '... or not');

# Where sendmail.cf says the map is, and of which kind.
spew("$dir/sendmail.cf", "V10\nKaccess btree -o -f -T<TMPF> $access\n");
fresh('');
$tested{cf}++;
my @cf = ('--cf', "$dir/sendmail.cf", '--makemap', wrapped('seen',
    "open my \$fh, '>>', '$dir/seen.log'; print \$fh \"\@ARGV\\n\";"
    . "\@ARGV = grep { \$_ ne '-C' && \$_ !~ /sendmail.cf/ } \@ARGV;"));
done(tool('qblock', 'add', '192.0.2.66', '--yes', @cf), '--cf');
like(slurp("$dir/seen.log"), qr{^-C $dir/sendmail\.cf -f btree $dir/\.new\.qblock$}m,
    '... its type and -f are what makemap is told');
for (['Kaccess ldap -T<TMPF> -1', qr/of type 'ldap'/],
    ['Kmailertable hash /m', qr/no access map/],
    ['Kaccess hash access', qr/no absolute path/]) {
	spew("$dir/sendmail.cf", "$_->[0]\n");
	$r = tool('qblock', 'list', @cf);
	is($r->{code}, 2, $_->[0]);
	like($r->{err}, $_->[1], '... is not taken');
}

# sendmail may be asked as well; this one is a double.
spew("$dir/sendmail", "#!/bin/sh\nread -r q\necho \"\$q\" >$dir/asked\n"
    . "echo 'A   returns: < ? > < >'\n");
chmod 0755, "$dir/sendmail";
$r = qblock('check', '192.0.2.66', "--sendmail=$dir/sendmail");
is($r->{code}, 1, 'a sendmail that finds no entry: exit 1');
is(slurp("$dir/asked"), "A <192.0.2.66> <?> <+ Connect> <>\n",
    '... was asked for the address');
like($r->{out}, qr/^sendmail -bt says: no entry$/m, '... and quoted');

# --- what goes wrong ---------------------------------------------------------

fresh($text);
refused(qblock('add', '198.51.100.7', '--yes'), qr/line 3 \(Connect:198/,
    $text, 'what the file lets in');
refused(qblock('add', '192.0.2.101', '127.0.0.1', '--yes'), qr/loopback/, $text,
    'one of two is refused: both are');

for (['exits 1', 'exit 1 if !$unmake;', qr/failed \(exit 1\)/],
    ['complains', 'if (!$unmake) { print STDERR "m: line 3: x|\n2\n"; exit 65 }',
    qr/\(exit 65\): m: line 3: x_$/],
    ['is killed', 'kill KILL => $$ if !$unmake;', qr/ended by signal 9/],
    ['makes another map', 'if (!$unmake) { open STDIN, "<", "/dev/null" }',
    qr/differs from the text in 3 entries/],
    ['makes no map', 'exit 0 if !$unmake;', qr/exit/]) {
	my ($what, $perl, $re) = @$_;
	my @map = %{map_of()};
	refused(qblock_with(wrapped('bad', $perl), 'add', '192.0.2.66',
	    '--yes'), $re, $text, "a makemap that $what");
	is(map_of()->{'connect:192.0.2.66'}, undef, '... the old map stays');
}
refused(qblock_with("$dir/none", 'add', '192.0.2.66', '--yes'), qr/No such/,
    $text, 'no makemap');
refused(qblock_with(wrapped('edit', "if (!\$unmake) { open my \$f, '>>', '$access'; print \$f \"#\\n\"; close \$f }"),
    'add', '192.0.2.66', '--yes'), qr/somebody changed/, "$text#\n",
    'a file that is edited meanwhile');

fresh("a 1\nA 2\n" =~ s/A 2\n//r);
spew($access, "a 1\nA 2\n");
refused(qblock('add', '192.0.2.66', '--yes'), qr/line 2: key a: duplicate/,
    "a 1\nA 2\n", 'a file that makemap complains of');

# Someone edited the file and made no map of it: that is said.
fresh($text);
spew($access, $text, "Connect:203.0.113.1\tOK\n");
like(done(qblock('add', '192.0.2.66'), 'a file that is ahead of the map'),
    qr/^note: map and file differ in 1 other entries, as Connect:203\.0\.113\.1:/m,
    '... is noted');
$r = qblock('check', '203.0.113.1');
like($r->{out}, qr/^note: the file says otherwise: Connect:203\.0\.113\.1 OK;/m,
    '... by check, too');

# A link is followed, and stays; the map is beside the link.
fresh($text);
mkdir "$dir/real";
rename $access, "$dir/real/file";
symlink 'real/file', $access;
done(qblock('add', '192.0.2.66', '--yes'), 'a symbolic link');
ok(-l $access && slurp("$dir/real/file") =~ /192\.0\.2\.66/,
    '... leads to the new file');
is(map_of()->{'connect:192.0.2.66'}, 'REJECT', '... and the map has it');

# --- two at once, and one that is killed -------------------------------------

fresh($text);
my @pids = map {
	my $n = $_;
	my $pid = fork // die "fork: $!\n";
	POSIX::_exit(qblock('add', "192.0.2.$n", '--yes')->{code}) if !$pid;
	$pid;
} 101 .. 108;
is_deeply([map { waitpid $_, 0; $? } @pids], [(0) x 8], 'eight at once');
is(scalar(grep { /^connect:192\.0\.2\./ } keys %{map_of()}), 8,
    '... are all in the map');
$r = () = slurp($access) =~ /^# qblock /mg;
is($r, 8, '... and in the file');

# SIGKILL at each system call that changes something: file and map are both
# old or both new after the next run, which finishes what was begun.
my ($killed, $finished) = (0, 0);
for my $call (qw(openat unlinkat linkat renameat fchown fchmod fsync write)) {
	for my $n (1 .. 99) {
		fresh($text);
		my $r = run('strace', '-o', "$dir/trace", '-e', "trace=$call",
		    '-e', "inject=$call:signal=KILL:when=$n",
		    builddir() . '/tools/qblock', 'add', '192.0.2.66',
		    '--yes', '--map', $access, '--makemap', $makemap);
		last if !$r->{signal};
		$killed++;
		$finished += finish("killed at $call $n");
	}
}
cmp_ok($killed, '>', 15, "killed at $killed system calls");
cmp_ok($finished, '>', 0, '... of which some between file and map');

# What the next run finds, and does; 1 if there was a map left to make.
sub finish {
	my ($what) = @_;
	like(slurp($access),
	    qr/\A\Q$text\E(?:# qblock.*\nConnect:192\.0\.2\.66\tREJECT\n)?\z/,
	    "$what: the file is whole");
	my $r = qblock('add', '192.0.2.66', '--yes');
	is($r->{code}, 0, '... the next run succeeds') or diag $r->{err};
	is(map_of()->{'connect:192.0.2.66'}, 'REJECT', '... the map has it');
	my $n = () = slurp($access) =~ /^Connect:192/mg;
	is($n, 1, '... and the file, once');
	is_deeply([glob "$dir/.new*"], [], '... nothing is left');
	return $r->{out} =~ /an interrupted run had left out/;
}

# --- both are new, but the map does not answer --------------------------------

my $mute = wrapped('mute', 'open my $f, "<", $name; exit 1 if $unmake && '
    . '$name !~ /[.]new/ && grep { /^# qblock/ } <$f>;');
fresh($text);
# LeakSanitizer can't work below strace.
my $late = run({env => {ASAN_OPTIONS => 'detect_leaks=0'}}, 'strace', '-f',
    '-o', "$dir/trace", '-e', 'trace=connect', builddir() . '/tools/qblock',
    'add', '192.0.2.66', '--yes', '--map', $access, '--makemap', $mute);
is($late->{code}, 2, 'a check that fails at the end is a failure');
like($late->{err}, qr/text and map are new, but the check failed/, '... told');
is(map_of()->{'connect:192.0.2.66'}, 'REJECT', '... the block is there');
like(slurp("$dir/trace"), qr{/dev/log}, '... and the log has it');

# --- all options have been used ----------------------------------------------

$tested{$_}++ for qw(help version map);
is_deeply([grep { !$tested{$_} } map { /^  (?:-\w, |    )--([a-z-]+)/ ? $1 : () }
    split /\n/, tool('qblock', '--help')->{out}], [], 'each option is tested');
done_testing;
