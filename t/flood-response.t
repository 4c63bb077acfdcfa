#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-response.t - the command line and the settings of flood-response;
# t/real/flood-response.t has what it does
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use MQ qw(builddir program run slurp spew srcdir);
use Test::More;

# Nobody else may write to what leads to its records and settings, which can't
# be said of where this was built.
my $dir = tempdir('flood-response.t.XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $script = program('flood-response');
my %tested;

sub respond {
	$tested{$_}++ for map { /^--([a-z-]+)/ ? $1 : () } @_;
	return run({env => {TMPDIR => $dir, PATH => "$dir/bin:$ENV{PATH}"}},
	    $script, @_);
}

sub refused {
	my ($re, @args) = @_;
	my $r = respond(@args);
	is($r->{code}, 2, "@args");
	like($r->{err}, qr/\Aflood-response: .*$re.*\n\z/, '... says why');
	is($r->{out}, '', '... and nothing else');
}

my $help = respond('--help');
is($help->{code}, 0, '--help exits 0');
is_deeply([grep { length > 80 && !m{^ +\(/\S+\)$} } split /\n/, $help->{out}],
    [], '... in 80 columns');
like($help->{out}, qr/^Examples:$/m, '... with examples');
my @options = $help->{out} =~ /^  (?:-\w,|   ) --([a-z-]+)/mg;
cmp_ok(scalar @options, '>=', 10, '... and all its options');
my $man = slurp(srcdir() . '/man/flood-response.8');
my %man = map { $_ => 1 } $man =~ /^\.It .*?Fl -([a-z][a-z-]+)/mg;
is_deeply([sort keys %man], [sort @options], 'the man page has the same');
like(respond('--version')->{out},
    qr/\Aflood-response \(mqueue-plugins\) \d+\.\d+\.\d+\n\z/, '--version');

refused(qr/which address/);
refused(qr/unknown option '--x'/, '--x', '192.0.2.66');
refused(qr/'' is no address/, '--yes');
refused(qr/'\$\(id\)' is no address/, '$(id)');
refused(qr/'192.0.2.66 192.0.2.67' is no/, '192.0.2.66', '192.0.2.67');
refused(qr/'bad.example' is no address/, 'bad.example');
refused(qr/unknown option '-1'/, '-1');
refused(qr/value is needed after '--max'/, '192.0.2.66', '--max');
refused(qr/no record of a response/, 'undo', "$dir/none");
refused(qr/no such file/, '192.0.2.66', '--config', "$dir/none");

# A host without MailScanner; see below.
mkdir "$dir/bin";
sub processes {
	my ($text, $code) = @_;
	spew("$dir/bin/ps", "#!/bin/sh\ncat <<'EOT'\n${text}EOT\nexit ",
	    $code // 0, "\n");
	chmod 0755, "$dir/bin/ps";
}
processes("99 98 98 $> ps -A\n");

# Settings: what is not understood is an error, and its line is named.
for (["scanner_stop a\nx y\n", qr/line 2: unknown setting 'x'/],
    ["scanner_wait soon\n", qr/no number/], ["rescan -1\n", qr/no number/],
    ["smtp_ports smtp\n", qr/no number/],
    ["records floods\n", qr/no absolute path/]) {
	my ($text, $re) = @$_;
	spew("$dir/conf", $text);
	refused($re, '192.0.2.66', "--config=$dir/conf");
}

# The words of a command reach it as they are, and no shell sees them.
spew("$dir/tool", "#!/bin/sh\nprintf '<%s>' \"\$@\" >>$dir/said\nexit 2\n");
chmod 0755, "$dir/tool";
spew("$dir/conf", "# a comment\n\n  scanner_wait 7\n",
    "qblock $dir/tool \$(id) `id` * 'a  b' ; x > y\n",
    "access_map hash:/a b\n", "records $dir/var/floods\n");
my $r = respond('192.0.2.66', '--config', "$dir/conf", '--expire', '1h',
    '--reply', 'ERROR:5.7.1:"550 a b"', '--reason', '$(id); `id`', '--yes',
    '--max', 5, '--newer', '1h', '--delete', '--end-sessions', '--max=6');
is($r->{code}, 2, 'a tool that refuses');
is(slurp("$dir/said"), join('', map { "<$_>" } '$(id)', '`id`', '*', "'a",
    "b'", ';', 'x', '>', 'y', 'add', '192.0.2.66', '--expire', '1h',
    '--reply', 'ERROR:5.7.1:"550 a b"', '--reason', '$(id); `id`', '--map',
    'hash:/a b'), '... was called with these words');
ok(!-e "$dir/y", '... nothing was redirected');
is_deeply([map { sprintf '%04o', (stat "$dir/$_")[2] & 07777 } 'var',
    'var/floods'], ['0755', '0700'], '... records are for root alone, but not'
    . ' what is above them');

# The sample has every setting, and each is one.
my $sample = slurp(srcdir() . '/contrib/flood-response/flood-response.conf');
my %sample = map { $_ => 1 } $sample =~ /^#([a-z_]+) /mg;
my $parts = slurp(srcdir() . '/contrib/flood-response/flood-response-parts.sh');
my %known = map { $_ => 1 } $parts =~ /^\t([a-z_]+)\) [a-z_]+=/mg;
is_deeply([sort keys %sample], [sort keys %known], 'the sample of settings');
spew("$dir/conf", $sample =~ s/^#(?=[a-z_]+ )//mgr);
is(respond('undo', $dir, '--config', "$dir/conf")->{err},
    "flood-response: $dir: no record of a response\n", '... can be read');

# --- whether MailScanner runs ---------------------------------------------

# Its processes, as ps shows them: number, parent, group, user, command.
my $me = $>;
my $perl = "/usr/bin/perl -U -I /usr/share/MailScanner/perl";
my $parent = "20 1 20 0 MailScanner: master process sleeping\n";
my $child = "21 20 20 0 MailScanner: waiting for messages\n";
mkdir "$dir/conf.d";
spew("$dir/MailScanner.conf", "# a comment\n%dir% = $dir/nowhere\n",
    "PID file = /nonexistent # by and by\nRun As User = root\n",
    "include $dir/conf.d/*\nRun As User =\n");
spew("$dir/conf.d/1.conf", "%DIR%=$dir\npid-FILE = %dir%/pid\r\n");
spew("$dir/conf", map { "$_\n" } "scanner_conf $dir/MailScanner.conf",
    'scanner_stop /bin/echo stop', 'scanner_start /bin/echo start',
    'scanner_wait 0', 'qblock /bin/true', 'qflush /bin/true',
    'qstat /bin/true', "records $dir/var/floods");
my $runs = qr/^c\) stop MailScanner \(process 20\): \/bin\/echo stop$/m;
my $stopped = qr/^c\) MailScanner does not run/m;

for my $row (
    # what, processes, pid file, what is said
    ['no process', '', undef, $stopped],
    ['a parent and its child', $parent . $child, '20', $runs],
    ['... of perl on FreeBSD', '20 1 20 0 perl: MailScanner: master process '
	. "sleeping (perl)\n", '20', $runs],
    ['... which has not got its title yet',
	"20 1 20 0 $perl /usr/sbin/MailScanner /etc/MailScanner.conf\n", '20',
	$runs],
    ['a pid file, and nothing else', '', '20', $stopped],
    ['a number that another has now', "20 1 20 0 /usr/sbin/cron -f\n", '20',
	$stopped],
    ['a title of another user', $parent =~ s/ 0 Mail/ 4999 Mail/r, '20',
	$stopped],
    ['a shell with such a word', "20 1 20 0 sh -c MailScanner: x\n", '20',
	$stopped],
    ['an editor', "20 1 20 0 vi /usr/sbin/MailScanner\n", '20', $stopped],
    ['a check of its configuration',
	"30 1 30 0 $perl /usr/sbin/MailScanner --lint\n", undef, $stopped],
    ['the same, when it runs', $parent . $child
	. "30 1 30 0 $perl /usr/sbin/MailScanner --lint\n", '20', $runs],
    ['two parents', $parent . "24 1 24 0 MailScanner: starting child\n", '24',
	qr/MailScanner runs twice: processes 20 24; its pid file \S+ names 24, .* End both: kill 20 24; when they are gone: \/bin\/echo start/],
    ['no pid file', $parent . $child, undef,
	qr/runs as process 20, but its pid file \S+ names none, .*: echo 20 >\Q$dir\E\/pid/],
    ['a pid file that names another', $parent . $child, '21',
	qr/runs as process 20, but its pid file \S+ names 21,/],
    ['a pid file without a number', $parent . $child, '20; 21',
	qr/but its pid file \S+ names none,/],
    ['no parent', $child, '20', qr/its children still work: processes 21\. End them: kill 21; then: /],
    ['one that starts', "19 1 18 0 $perl /usr/sbin/MailScanner /x\n",
	'MailScanner', qr/has been starting for 0 seconds: process 19/],
    ['one that starts beside another', $parent
	. "19 1 18 0 $perl /usr/sbin/MailScanner /x\n",
	'20', qr/has been starting for/],
    ['one that stops', "20 1 20 0 MailScanner: killing children, bwahaha!\n",
	'20', qr/has been stopping for 0 seconds: process 20/],
    ['an old one that stops, and a new one', "24 1 24 0 MailScanner: killing "
	. "children, bwahaha!\n$parent", '20', qr/has been stopping/],
) {
	my ($what, $text, $pid, $said) = @$row;
	# ps always shows itself.
	processes($text . "99 98 98 $me ps -A\n");
	unlink "$dir/pid";
	spew("$dir/pid", "$pid\n") if defined $pid;
	my $r = respond('192.0.2.66', '--config', "$dir/conf");
	my $good = $said == $runs || $said == $stopped;
	is($r->{code}, $good ? 0 : 2, "$what: " . ($good ? 'shown' : 'refused'));
	like($good ? $r->{out} : $r->{err}, $said, '... says so');
	like($r->{err}, qr/\Aflood-response: nothing was done: .*to refuse 192\.0\.2\.66 meanwhile: \/bin\/true add 192\.0\.2\.66 --expire 24h --yes\n\z/,
	    '... and what can be done all the same') if !$good;
}

# What qflush would refuse later is refused before anything is done.
processes("99 98 98 $me ps -A\n");
spew("$dir/soon", slurp("$dir/conf") =~ s/^qflush .*\n//mr,
    "qflush @{[program('qflush')]}\n", "queue $dir/bin\npause soon\n");
refused(qr/nothing was done: qflush: --pause 'soon': /, '192.0.2.66',
    '--config', "$dir/soon");

# Open sessions, as ss(8) wants to be asked for them.
for (['192.0.2.66', '192.0.2.66'], ['192.0.2.0/24', '192.0.2.0/24'],
    ['2001:db8::66', '[2001:db8::66]'], ['2001:db8::/64', '2001:db8::/64']) {
	my ($address, $asked) = @$_;
	spew("$dir/bin/ss", "#!/bin/sh\necho \"\$4\" >$dir/asked\n"
	    . "echo one; echo two\n");
	chmod 0755, "$dir/bin/ss";
	like(respond($address, '--config', "$dir/conf")->{out},
	    qr/^b\) its open sessions stay: 2$/m, "$address: open sessions");
	is(slurp("$dir/asked"), "dst $asked and ( sport = :25 )\n",
	    '... are asked for');
}
spew("$dir/bin/ss", "#!/bin/sh\necho no netlink >&2\nexit 255\n");
like(respond('192.0.2.66', '--config', "$dir/conf")->{out},
    qr/^b\) its open sessions stay: unknown, ss fails: no netlink$/m,
    'an ss that fails has not said that there is none');
unlink "$dir/bin/ss";

# Its user, who is not root; the last value counts.
spew("$dir/conf.d/2.conf", "Run As User = bin\n");
spew("$dir/MailScanner.conf", slurp("$dir/MailScanner.conf") =~
    s/^Run As User =\n//mr);
my $bin = getpwnam 'bin';
spew("$dir/pid", "20\n");
processes($parent =~ s/ 0 Mail/ $bin Mail/r);
like(respond('192.0.2.66', '--config', "$dir/conf")->{out}, $runs,
    'Run As User');
spew("$dir/conf.d/2.conf", "Run As User = no-such-user\n");
refused(qr/Run As User: there is no user 'no-such-user'/, '192.0.2.66',
    '--config', "$dir/conf");
unlink "$dir/conf.d/2.conf";

# ps that says nothing, or fails, has not answered.
for (['', 0], ["99 98 98 $me ps -A\n", 1]) {
	processes(@$_);
	refused(qr/not known whether MailScanner runs: ps did not answer/,
	    '192.0.2.66', '--config', "$dir/conf");
}

# Another command that is asked: 0 and 3 are answers.
processes("99 98 98 $me ps -A\n");
for ([0, qr/^c\) stop MailScanner: /m], [3, $stopped],
    map { [$_, undef] } 1, 2, 4, 5, 127) {
	my ($status, $said) = @$_;
	spew("$dir/status", "#!/bin/sh\necho it says\nexit $status\n");
	chmod 0755, "$dir/status";
	spew("$dir/asks", slurp("$dir/conf"), "scanner_status $dir/status\n");
	my $r = respond('192.0.2.66', '--config', "$dir/asks");
	$said ? like($r->{out}, $said, "scanner_status exits with $status") :
	    like($r->{err}, qr/nothing was done: it is not known whether .* exits with $status, not 0 .* and says: it says; to refuse/,
	    "scanner_status exits with $status: no answer");
}

# --- who may write to records and settings --------------------------------

# A record as flood-response writes it, with a tool that tells when it is run.
spew("$dir/qflush", "#!/bin/sh\n: >$dir/ran\n");
chmod 0755, "$dir/qflush";
sub record {
	my ($state) = @_;
	my $record = "$dir/var/floods/20261124T094100Z-192.0.2.66";
	run('rm', '-rf', "$dir/var");
	mkdir $_ for "$dir/var", "$dir/var/floods", $record;
	chmod 0755, "$dir/var";
	chmod 0700, "$dir/var/floods", $record;
	spew("$record/state", $state // "address 192.0.2.66\n"
	    . "name 20261124T094100Z-192.0.2.66\nscanner stopped\n"
	    . "scanner started\nblock asked\nblock kept\nmail hold\n");
	spew("$record/settings", slurp("$dir/conf"), "qflush $dir/qflush\n");
	chmod 0600, "$record/state", "$record/settings";
	unlink "$dir/ran";
	return $record;
}

my $record = record();
is(respond('undo', $record, '--yes')->{code}, 0, 'undo of a record');
ok(-e "$dir/ran", '... runs what its settings name');
for my $row (
    ['the record', sub { chmod 0770, $_[0] }, qr/may write to it: chmod go-w/],
    ['the record', sub { chmod 0707, $_[0] }, qr/may write to it: chmod go-w/],
    ['the directory of records', sub { chmod 0770, "$_[0]/.." },
	qr/floods: others may write to it: chmod go-w /],
    ['a directory above', sub { chmod 0777, "$_[0]/../.." },
	qr/var: others may write to it: chmod go-w /],
    ['its state', sub { chmod 0620, "$_[0]/state" }, qr/may write to it/],
    ['its settings', sub { chmod 0602, "$_[0]/settings" }, qr/may write to it/],
    ['a link to its state', sub { rename "$_[0]/state", "$dir/x";
	symlink "$dir/x", "$_[0]/state" }, qr/it is a symbolic link/],
    ['a link to its settings', sub { rename "$_[0]/settings", "$dir/x";
	symlink "$dir/x", "$_[0]/settings" }, qr/it is a symbolic link/],
    ['a link to the record', sub { rename $_[0], "$dir/x";
	symlink "$dir/x", $_[0] }, qr/it is a symbolic link/],
    $me == 0 ? (
	['the record, of another', sub { chown 2, 2, $_[0] },
	    qr/belongs to another user: chown root /],
	['a directory above, of another', sub { chown 2, 2, "$_[0]/../.." },
	    qr/belongs to another user: chown root /],
	['its settings, of another', sub { chown 2, 2, "$_[0]/settings" },
	    qr/belongs to another user: chown root /]) : (),
) {
	my ($what, $spoil, $said) = @$row;
	run('rm', '-rf', "$dir/x");
	$record = record();
	$spoil->($record);
	refused($said, 'undo', $record, '--yes');
	ok(!-e "$dir/ran", "... $what: none of it is run");
}

# The same for a response, of the directory that records go to.
record();
chmod 0770, "$dir/var/floods";
refused(qr/nothing was done: .*floods, for records: others may write/,
    '192.0.2.66', '--config', "$dir/conf", '--yes');
run('rm', '-rf', "$dir/var", "$dir/other");
mkdir $_ for "$dir/var", "$dir/other";
symlink "$dir/other", "$dir/var/floods";
refused(qr/nothing was done: .*floods, for records: it is a symbolic link/,
    '192.0.2.66', '--config', "$dir/conf", '--yes');
is_deeply([glob "$dir/other/*"], [], '... and nothing is written there');
spew("$dir/open", slurp("$dir/conf"));
chmod 0666, "$dir/open";
refused(qr/open: others may write to it: .*: nothing in it is used/,
    '192.0.2.66', '--config', "$dir/open");

# Of a state nothing is used but what flood-response writes.
for my $line ('x y', 'address 192.0.2.66; id', 'address $(id)', 'name a b',
    'name ../x', 'name $x', 'mail gone', 'scanner maybe', 'block', 'address') {
	$record = record("address 192.0.2.66\nname a\nmail hold\n$line\n");
	refused(qr/state: line 4 is not one that flood-response writes/, 'undo',
	    $record, '--yes');
	ok(!-e "$dir/ran", '... nothing is done');
}
$record = record("mail hold\n");
refused(qr/it names no address/, 'undo', $record);

# --- the lock, without flock(1) -------------------------------------------

my $lock = builddir() . '/contrib/flood-response/flood-response-record';
my $holds = "command() { return 1; }; . $lock; exec 8>>$dir/lock; lock_descriptor";
is(run('sh', '-c', "$holds && (exec 8>&-; $holds)")->{code}, 1,
    'perl locks for this shell: a second lock fails');
is(run('sh', '-c', $holds)->{code}, 0, '... and goes with the process');

run('rm', '-rf', "$dir/var", "$dir/x");
$tested{$_}++ for qw(yes help version);
is_deeply([grep { !$tested{$_} } @options], [], 'each option is tested');
is_deeply([glob "$dir/flood-response.*"], [], 'no file is left');
# From the build directory it finds the tools of the build, whatever PATH is.
my $built = run({env => {PATH => '/usr/bin:/bin', TMPDIR => $dir}}, program('flood-response'),
     '203.0.113.66', '--config',
    '/dev/null');
unlike($built->{err}, qr/not found/, 'the tools of the build are found');
like($built->{err}, qr/^flood-response: /, '... and it says what it needs');

done_testing;
