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
use MQ::Hints;
use POSIX ();
use Test::More;

BEGIN { need('strace') }

my $dir = tempdir();
my $access = "$dir/access";
my ($real) = grep { -x } '/usr/sbin/makemap';
my $makemap = $real // srcdir() . '/t/lib/makemap';
my %tested;
make_message("$dir/queue", n => $_, relay => "[192.0.2.$_]")
    for 66, 67, 101 .. 108;
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
	# Their queued mail says that these hosts have no name.
	push @args, '-q', "$dir/queue" if $args[0] =~ /^(?:add|check)$/
	    && !grep { $_ eq '-q' } @args;
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
like($out, qr/^would block 192\.0\.2\.66 for ever: REJECT$/m,
    '... says what it would do');
like($out, qr/^\+Connect:192\.0\.2\.66\tREJECT$/m, '... shows the line');
my $endless = 'note: it never ends, as no --expire says when: --expire 24h'
    . ' does, and qblock remove ends it';
like($out, qr/^\Q$endless\E$/m, '... that it has no end');
unlike(qblock('add', '192.0.2.66', '--expire', $_)->{out}, qr/never ends/,
    "... unless it was asked for: $_") for '24h', 'never';
like(qblock('add', '192.0.2.66', '--expire', 'never')->{out},
    qr/^would block 192\.0\.2\.66 for ever: REJECT$/m, '... which is for ever');
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

$out = done(qblock('remove', '192.0.2.66'), 'remove, dry');
like($out, qr/^-Connect:192\.0\.2\.66\tREJECT$/m, '... shows the lines');
unlike($out, qr/never ends/, '... and has no word of an end');
done(qblock('remove', '192.0.2.66', '--yes'), 'remove');

# A block that has no end.
like(done(qblock('add', '192.0.2.66', '--yes'), 'add without --expire'),
    qr/^blocked 192\.0\.2\.66 for ever: REJECT\n.*^\Q$endless\E$/ms,
    '... says that it is for ever');
is(done(qblock('add', '192.0.2.66', '--yes'), 'the same again'),
    "192.0.2.66 is blocked already for ever\n", '... says it, and no more');
like(done(qblock('check', '192.0.2.66'), 'check'),
    qr/ REJECT \(line 6, for ever by \Q$by\E\)$/m, '... says so, too');
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
$out = done(qblock('list'), 'list');
like($out, qr/^192\.0\.2\.101 +over /m, '... says what is over');
my ($expire) = hints($out);
is($expire, "qblock expire --yes --map $access --makemap $makemap",
    '... and how to end it, in this map');
my $was = slurp($access);
is(paste($expire)->{code}, 0, '... which works');
isnt(slurp($access), $was, '... there');
spew($access, $was);
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
spew("$dir/kept", slurp($access));
spew($access, slurp($access) =~ s/until never|(?<=until )\S+/until 2026-01-01T00:00:00Z/r =~ s/until until/until/r);
is_deeply([hints(tool('qblock', 'list', @cf)->{out})],
    ["qblock expire --yes --cf $dir/sendmail.cf --makemap $cf[3]"],
    '... and how to end it, by this sendmail.cf');
spew($access, slurp("$dir/kept"));
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
spew("$dir/sendmail", "#!/bin/sh\nread -r q\necho \"\$q\" >>$dir/asked\n"
    . "echo 'A   returns: < ? > < >'\n");
chmod 0755, "$dir/sendmail";
$r = qblock('check', '192.0.2.66', "--sendmail=$dir/sendmail");
is($r->{code}, 1, 'a sendmail that finds no entry: exit 1');
is(slurp("$dir/asked"), "D <[192.0.2.66]> <?> <+ Connect> <>\n"
    . "A <192.0.2.66> <?> <+ Connect> <>\n",
    '... was asked for the name that is none, then for the address');
like($r->{out}, qr/^sendmail -bt says: no entry$/m, '... and quoted');
unlink "$dir/asked";
$r = qblock('check', '192.0.2.66', "--sendmail=$dir/sendmail", '--name',
    'Mail.isp.example');
is(slurp("$dir/asked"), "D <mail.isp.example> <?> <+ Connect> <>\n"
    . "A <192.0.2.66> <?> <+ Connect> <>\n", '... or for its name');
like($r->{out}, qr/^sendmail -bt says of mail\.isp\.example: no entry$/m,
    '... which is told');
unlink "$dir/asked";
qblock('check', 'mail.isp.example', "--sendmail=$dir/sendmail");
is(slurp("$dir/asked"), "D <mail.isp.example> <?> <+ Connect> <>\n",
    'a name has no address');

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

# What was wrong before, and left out of each map, keeps nobody from blocking.
for (["a 1\nA 2\n", 'line 2 of FILE has the key of line 1 again'],
    ["# c\r\n\r\nConnect:192.0.2.1 REJECT\r\n",
    'line 2 of FILE begins with a blank'],
    ["a OK\nb\n", 'line 2 of FILE has a key without a value'],
    ["c OK\n" . 'x' x 1030 . " OK\nd OK\n",
    'line 2 of FILE is longer than 1023 bytes']) {
	my ($old, $fault) = @$_;
	fresh('');
	spew($access, $old);
	run({stdin => $old}, $makemap, 'hash', $access);
	my %old = %{map_of()};
	my $said = done(qblock('add', '192.0.2.66', '--yes'),
	    "a file of which $fault");
	my $named = $fault =~ s{FILE}{$access}r;
	like($said, qr/^note: \Q$named\E: makemap leaves that out, as it did before$/m,
	    '... is named');
	is_deeply(map_of(), {%old, 'connect:192.0.2.66' => 'REJECT'},
	    '... and the block is in the map, with all it had');
	like(slurp($access), qr/\A\Q$old\E# qblock .*\nConnect:192\.0\.2\.66\tREJECT\n\z/,
	    '... the file has the block, and is as it was');
}

# What was not wrong before is not excused, and the file is named.
fresh($text);
refused(qblock_with(wrapped('fault', 'if (!$unmake) { print STDERR '
    . '"makemap: $name: line 9: bad\n"; exit 65 }'), 'add', '192.0.2.66',
    '--yes'), qr/\(exit 65\): \Q$access\E: line 9: bad/, $text,
    'a new complaint');

# --- values, and what sendmail makes of them --------------------------------

fresh(join '', map { "$_\n" } 'Connect:192.0.2.66 Go away',
    'Connect:192.0.2.67 DISCARD', 'Connect:192.0.2.101 QUARANTINE:x',
    'Connect:192.0.2.102 SKIP', 'Connect:192.0.2.103 250 fine');
for (['66', 0, 'blocked: connect:192.0.2.66 Go away (line 1)'],
    ['67', 1, 'not refused: connect:192.0.2.67 DISCARD (line 2)'],
    ['101', 1, 'not refused: connect:192.0.2.101 QUARANTINE:x (line 3)'],
    ['102', 1, 'exempted: connect:192.0.2.102 SKIP (line 4)'],
    ['103', 1, 'not refused: connect:192.0.2.103 250 fine (line 5)']) {
	$r = qblock('check', "192.0.2.$_->[0]");
	is("$r->{code} $r->{out}", "$_->[1] 192.0.2.$_->[0] is $_->[2]\n",
	    "check: $_->[2]");
}

# --- the name before the address --------------------------------------------

make_message("$dir/names", n => 1, relay => 'Mail.isp.example [198.51.102.66]');
make_message("$dir/names", n => 2, relay => 'x.other.example [198.51.102.67]');
$text = "Connect:isp.example OK\n";
fresh($text);
my @names = ('-q', "$dir/names");
my $let_in = qr/refused: 198\.51\.102\.66 would not be refused: as mail\.isp\.example it is let in by line 1 \(Connect:isp\.example OK\) of the access file, because sendmail looks at the name before the address; take that line out first/;
refused(qblock('add', '198.51.102.66', '--yes', @names), $let_in, $text,
    'a name that lets an address in, from its queued mail');
refused(qblock('add', '198.51.102.66', '--yes', '--name', 'mail.isp.example'),
    $let_in, $text, '... or given');
like(done(qblock('add', '198.51.102.66', '--yes', '--name', 'other.example'),
    'another name'), qr/^blocked 198\.51\.102\.66 /m, '... is blocked');
$r = qblock('check', '198.51.102.66', @names);
is("$r->{code} $r->{out}", '1 198.51.102.66 as mail.isp.example is let in:'
    . " connect:isp.example OK (line 1)\n", 'check asks with the name, too');
$r = qblock('check', '198.51.102.66', '--name', 'x.other.example');
like("$r->{code} $r->{out}", qr/\A0 198\.51\.102\.66 as x\.other\.example is blocked: connect:198\.51\.102\.66 REJECT /,
    '... or with one that is given');
like(done(qblock('add', '198.51.102.0/24', '--yes', @names), 'a network'),
    qr/^note: 198\.51\.102\.66 is still let in as mail\.isp\.example by line 1 \(Connect:isp\.example OK\): sendmail looks at the name first$/m,
    '... names the hosts in it that are let in');
# Without a name that is known, a block is proved only if no line lets names in.
my $unknown = 'note: the host name of 203.0.113.9 is not known here, and'
    . ' sendmail looks at that first: line 1 (Connect:isp.example OK) lets names'
    . " in; ask with --name HOST\n";
like(done(qblock('add', '203.0.113.9', '--yes'), 'a host without queued mail'),
    qr/^\Q$unknown\E/m, '... has a name that is not known');
$r = qblock('check', '203.0.113.9');
like("$r->{code} $r->{out}", qr/\A1 203\.0\.113\.9 is blocked: .*\n\Q$unknown\E\z/,
    '... and check does not take its block for proved');
$r = qblock('check', '203.0.113.9', '-q', "$dir/none");
like($r->{out}, qr{not known here \(\Q$dir\E/none: No such file or directory\), and},
    '... and says why it is not known');
$r = qblock('check', '203.0.113.9', '--name', 'x.example');
like("$r->{code} $r->{out}", qr/\A0 .* as x\.example is blocked: .*\n\z/,
    '... until it is given');
fresh("Connect:localhost RELAY\nConnect:bad.example 550 no\nx\@isp.example OK\n"
    . "From:isp.example OK\nConnect:198.51.100 OK\n");
done(qblock('add', '203.0.113.9', '--yes'), 'no line lets names in');
$r = qblock('check', '203.0.113.9');
like("$r->{code} $r->{out}", qr/\A0 203\.0\.113\.9 is blocked: .*\n\z/,
    '... so that no name can let it in');
spew($access, slurp($access), "isp.example OK\nConnect:other.example DISCARD\n");
like(qblock('check', '203.0.113.9')->{out}, qr/: line 8 \(isp\.example OK\) and 1 more lines let names in; ask/,
    '... two lines do');
# A large queue takes a while: it is read only if a name could undo the block.
for ([1, ''], [0, "Connect:isp.example OK\n"]) {
	my ($skipped, $line) = @$_;
	fresh("Connect:localhost RELAY\n$line");
	run({env => {ASAN_OPTIONS => 'detect_leaks=0'}}, 'strace', '-f', '-o',
	    "$dir/trace", '-e', 'trace=?open,openat',
	    program('qblock'), 'add', '198.51.102.67', '--map',
	    $access, '--makemap', $makemap, '-q', "$dir/names");
	is(slurp("$dir/trace") !~ m{"\Q$dir\E/names} || 0, $skipped,
	    'add reads queues ' . ($skipped ? 'not, if no line' : 'if a line')
	    . ' lets names in');
}
for ([['add', '192.0.2.0/24', '--name', 'x.example'], 'of one address'],
    [['add', 'bad.example.org', '--name', 'x.example'], 'of one address'],
    [['remove', '192.0.2.66', '--name', 'x.example'], 'for add and check'],
    [['list', '-q', $dir], 'for add and check'],
    [['check', '192.0.2.66', '--name', 'a b'], 'expected a host name'],
    [['check', '192.0.2.66', '-q', ''], "--queue '': expected DIR"]) {
	$r = qblock(@{$_->[0]});
	is("$r->{code} $r->{out}", '2 ', "@{$_->[0]}");
	like($r->{err}, qr/\Aqblock: .*$_->[1].*\n\z/, '... is refused');
}
$text = "# of our own\n\nConnect:198.51.100\tRELAY\nFrom:x\@y  550 \"no\"\n";

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
		    program('qblock'), 'add', '192.0.2.66',
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
    '-o', "$dir/trace", '-e', 'trace=connect', program('qblock'),
    'add', '192.0.2.66', '--yes', '--map', $access, '--makemap', $mute);
is($late->{code}, 2, 'a check that fails at the end is a failure');
like($late->{err}, qr/text and map are new, but the check failed/, '... told');
is(map_of()->{'connect:192.0.2.66'}, 'REJECT', '... the block is there');
like(slurp("$dir/trace"), qr{/dev/log}, '... and the log has it');

# --- all options have been used ----------------------------------------------

$tested{$_}++ for qw(help version map queue);
is_deeply([grep { !$tested{$_} } map { /^  (?:-\w, |    )--([a-z-]+)/ ? $1 : () }
    split /\n/, tool('qblock', '--help')->{out}], [], 'each option is tested');
done_testing;
