#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# printed.t - a host with the programs where packages have them, a sendmail and
# a flood: each command of README, of the pages' examples, and of the programs'
# own outputs is run as it stands, and does what it is printed for
#
# A "#" is root's shell, a "$" that of a user in the group of the queues. What
# can't be run here is in @elsewhere, with the reason.
use strict;
use warnings;

use File::Basename qw(basename);
use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Hints;
use MQ::Lab;
use MQ::Package;
use MQ::Sendmail;
use Test::More;

need('lab', 'root', 'm4', 'ip', 'make', 'dpkg-deb', '/usr/sbin/sendmail',
    '/usr/sbin/makemap', 'nc', 'runuser');

my $work = tempdir();
my $FLOODER = '203.0.113.66';
# Debian's, for root and for others, and where README says that plugins are.
my $SBIN = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
my $BIN = '/usr/local/bin:/usr/bin:/bin';
my @QUEUES = map { "/var/spool/$_" } qw(mqueue.in mqueue mqueue-client other);
my $RECORDS = "$work/records";

# The lab has two of them, empty; README makes the user.
at_end(sub {
	run('rm', '-rf', @QUEUES[0, 3], map { glob "$_/*" } @QUEUES[1, 2]);
	run('userdel', 'mqreport');
});

# --- the host ----------------------------------------------------------------

# sendmail with an access map, MailScanner's configuration, and a stub in its
# place.
sub configure {
	my $mail = MQ::Sendmail->new(dir => "$work/main",
	    queue => '/var/spool/mqueue', mc => <<'EOT');
define(`confTRUSTED_USER', `smmta')dnl
FEATURE(`access_db', `hash -T<TMPF> /etc/mail/access')dnl
EOT
	put('/etc/mail/sendmail.cf', slurp($mail->{cf}));
	put('/etc/mail/access', "# of the administrator\n");
	put('/etc/MailScanner/MailScanner.conf', <<'EOT');
Incoming Queue Dir = /var/spool/mqueue.in
Outgoing Queue Dir = /var/spool/mqueue
EOT
	put("$work/scanner", <<"EOT", mode => 0755);
#!/bin/sh
case \$1 in
status)	test -f $work/running || exit 3 ;;
stop)	rm -f $work/running ;;
start)	touch $work/running ;;
esac
EOT
	my ($conf) = slurp('/usr/sbin/flood-response') =~
	    m{(/\S+/flood-response\.conf)} or die "no settings\n";
	put($conf, <<"EOT");
scanner_status $work/scanner status
scanner_stop $work/scanner stop
scanner_start $work/scanner start
scanner_wait 1
pause 1s
records $RECORDS
EOT
	put('/etc/hosts', slurp('/etc/hosts'). "127.0.0.1 mx1\n");
	# README adds to it.
	put('/etc/nagios/nrpe_local.cfg', slurp('/etc/nagios/nrpe_local.cfg'));
	mkdir $_ for "$work/bb", "$work/bb/ext";
	chown scalar getpwnam 'nagios', -1, "$work/bb/ext";
}

# Mail that a real sendmail took: a flood, others, and mail of an hour ago. Of
# each queue some is held, and one is lost.
sub fill {
	my ($target, $flood) = @_;
	my $queue = "$work/queue-" . basename($target);
	-d or mkdir or die "$_: $!\n" for $target, $queue;
	my $sendmail = MQ::Sendmail->new(dir => "$work/" . basename($target),
	    queue => $queue, mc => "define(`confQUEUE_FILE_MODE', `0640')dnl"
	    )->start;
	my @to = (to => 'b@lab.example.net');
	my @ids = ($sendmail->send($flood, @to, client => $FLOODER,
	    from => 'u3@bad.example'), map { $sendmail->send(2, @to,
	    client => "198.51.100.$_", from => "u$_\@site.example") } 1 .. 10);
	$sendmail->stop;
	for my $id (@ids[0, 1, -1]) {
		my $text = slurp("$queue/qf$id") =~
		    s/^(?=S)/qqflush: $FLOODER\n/mr;
		spew("$queue/qf$id", $text);
		rename "$queue/qf$id", "$queue/hf$id" or die "hf$id: $!\n";
	}
	rename "$queue/qf$ids[-2]", "$queue/Qf$ids[-2]" or die "Qf: $!\n";
	make_message($queue, age => 3600, n => $_, relay =>
	    "mail.example [$FLOODER]") for 1 .. 3;
	if ($target eq $QUEUES[0]) {
		make_message($queue, id => $_, relay =>
		    "mail.example [$FLOODER]")
		    for qw(6AOFLCBx000064 6AMJvmCO015886);
	}
	# Those of the client queue are its own user's.
	chmod 0640, glob "$queue/*";
	chown $target =~ /client/ ? scalar getpwnam 'smmsp' : 0,
	    scalar getgrnam 'smmsp', glob "$queue/*";
	run_ok('sh', '-c', 'mv "$1"/* "$2"', 'sh', $queue, $target);
	return if -g $target;
	chown 0, scalar getgrnam 'smmsp', $target;
	chmod 02750, $target;
}

sub queue_state {
	my ($verb) = @_;
	if ($verb eq 'keep') {
		run_ok('cp', '-a', @QUEUES, "$work/kept");
		return;
	}
	for my $queue (@QUEUES) {
		unlink glob "$queue/*";
		run_ok('cp', '-a', "$work/kept/" . basename($queue) . '/.',
		    $queue);
	}
	run('rm', '-rf', '/var/spool/flood', $RECORDS);
	unlink '/var/log/qflush.log', glob '/etc/mail/access.*';
	spew('/etc/mail/access', "# of the administrator\n");
	run_ok('sh', '-c',
	    'makemap hash /etc/mail/access </etc/mail/access');
	spew("$work/running", '');
	unlink "$work/bb/ext/mqueue.sh";
}

install_packages();
give_access('nagios');
configure();
MQ::Sendmail::add_network($_) for '203.0.113.0/24', '198.51.100.0/24';
# Together less than 500, which qflush --below 500 waits for.
fill(@$_) for [$QUEUES[0], 150], [$QUEUES[1], 60], [$QUEUES[2], 20],
    [$QUEUES[3], 150];
mkdir "$work/kept";
queue_state('keep');
queue_state('back');
nrpe_server();
report_server();

# --- what the programs print -------------------------------------------------

# How many messages an answer is about; undef: it does not say.
sub found {
	my ($out) = @_;
	my @n = $out =~ /^(\d+)\ messages?\ match
	    |^would\ \w+\ (\d+)\ of
	    |^(?:released|restored)\ (\d+)\ message
	    |^\s*Total\ requests:\ (\d+)
	    |^\S.*?\ holds\ (\d+)\ of/mx;
	return (grep { defined } @n)[0];
}

# Each command that is printed by one of root's is pasted, and finds what it is
# about.
sub hints_work {
	my ($what, $want, @command) = @_;
	subtest $what => sub {
		queue_state('back');
		my $r = run({env => {PATH => $SBIN}}, @command);
		my @hints = hints($r->{out});
		cmp_ok(scalar @hints, '>=', $want, 'commands')
		    or diag $r->{out}, $r->{err};
		for my $hint (@hints) {
			my $held = () = glob '/var/spool/*/hf*';
			my $ran = paste($hint, path => $SBIN);
			is($ran->{code}, 0, $hint)
			    or diag $ran->{out}, $ran->{err};
			my $n = found($ran->{out});
			if ($hint =~ / -qQ -Q/) {
				# It goes on after its command has returned.
				wait_for(sub { $held > (() = glob
				    '/var/spool/*/hf*') }, 'the release');
				pass('... what is held is released');
			} elsif ($hint !~ /^qblock expire/) {
				cmp_ok($n // 0, '>', 0, '... finds some')
				    or diag $ran->{out};
			}
		}
	};
}

my $plugins = plugin_dir();
my @limits = ('-w', 10, '-c', 20, '--quarantined-warning', 1);
hints_work('check_mqueue', 1, "$plugins/check_mqueue", @limits,
    '--lost-warning', 9);
hints_work('check_mqueue: lost', 2, "$plugins/check_mqueue");
hints_work('check_mqueue: held', 2, "$plugins/check_mqueue",
    '--quarantined-warning', 1, '--lost-warning', 9);
hints_work('check_mqueue -q', 2, "$plugins/check_mqueue", '-q',
    '/var/spool/other', @limits);
hints_work('check_relayflood', 1, "$plugins/check_relayflood");
hints_work("check_relayflood $_", 1, "$plugins/check_relayflood", '-q',
    '/var/spool/other', '--by', $_) for qw(relay network sender);
hints_work('qstat', 8, 'qstat');
hints_work('qstat -q', 4, 'qstat', '-q', '/var/spool/other');
hints_work('qflush, a dry run', 1, 'qflush', $FLOODER);
hints_work('qflush', 5, 'qflush', '--yes', '--max', '100%', $FLOODER);
hints_work('qflush -q', 3, 'qflush', '--yes', '--max', '100%', '-q',
    '/var/spool/other', '--journal', "$work/journal", $FLOODER);
hints_work('qflush --move', 1, 'qflush', '--yes', '--max', '100%', '-q',
    '/var/spool/other', '--journal', "$work/journal", '--move',
    '/var/spool/flood', $FLOODER);

# What it says at last; the lines before it are those of its steps.
subtest 'flood-response' => sub {
	queue_state('back');
	my $r = run({env => {PATH => $SBIN}}, 'flood-response', $FLOODER,
	    '--max', 600, '--yes');
	is($r->{code}, 0, 'the response') or diag $r->{out}, $r->{err};
	my ($undo) = grep { /^flood-response undo / } hints($r->{out});
	my $ran = paste($undo, path => $SBIN);
	is($ran->{code}, 0, "dry: $undo") or diag $ran->{out}, $ran->{err};
	cmp_ok(found($ran->{out}) // 0, '>', 100, '... what it held');
};

# --- what is written ---------------------------------------------------------

# [words of the command, why it is not run here]
my @elsewhere = (
    [qr{^\./quickstart|^\./bootstrap|^\./configure|^make |^apt-get |^rpmbuild },
	'builds or installs: t/package'],
    [qr/^tar xf /, 'builds: t/package'],
    [qr/^systemctl /, 'the lab has no service manager'],
    [qr/^nagios4 -v .* systemctl |^service xymon/,
	'needs what was copied before it: t/real/night.t'],
    [qr/^icinga2 daemon -C .* systemctl /,
	'needs what was copied before it: t/real/icinga2.t'],
    [qr/^bb-ext --big-sister /, 'needs a display: t/bbext.t'],
    [qr/^ansible-playbook /, 'needs an inventory: t/real/ansible.t'],
    [qr/^ssh /, 'needs a key: t/real/nagios.t'],
    [qr/^ss -K /, 'ends sessions, which there are none of:'
	. ' t/real/flood-response.t'],
    [qr{^(?:build/bin/)?mqc (?!.*--once)}, 'goes on until it is ended:'
	. ' t/mqc.t'],
);

# [words of the command, commands that come before it]
my $BLOCK = "qblock add $FLOODER --expire 24h --reason flood --yes";
my @before = (
    [qr/^qblock check/, $BLOCK],
    [qr/^qflush .*--restore/,
	'qflush --yes --move /var/spool/flood 203.0.113.66 older:10m'],
    [qr/^flood-response undo/, "flood-response $FLOODER --max 600 --yes"],
    [qr/^install -d -o mqreport/, 'id mqreport || useradd --system --gid smmsp'
	. ' --no-create-home --shell /usr/sbin/nologin mqreport'],
    [qr/^useradd/, '! id mqreport || userdel mqreport'],
);

# Exit statuses that are no failure.
sub ends_well {
	my ($command, $code) = @_;
	return $code <= 2 if $command =~ m{(?:^|/| -c )check_};
	return $code == 0;
}

my %stale = map { $_->[0] => 1 } @elsewhere;
my %seen;

# A command as it is written: prompt, text, the file for messages.
sub written {
	my ($prompt, $text, $where) = @_;
	return if $seen{"$prompt$text"}++;
	for (@elsewhere) {
		my ($words, $reason) = @$_;
		next if $text !~ $words;
		delete $stale{$words};
		note("not run ($reason): $text");
		return;
	}
	queue_state('back');
	for (@before) {
		my ($words, $command) = @$_;
		next if $text !~ $words;
		my $ran = paste($command, path => $SBIN);
		is($ran->{code}, 0, "before it: $command")
		    or diag $ran->{out}, $ran->{err};
	}
	my ($record) = glob "$RECORDS/2*";
	my $run = $text;
	$run =~ s{/var/lib/mqueue-plugins/floods/\S+}{$record}
	    if defined $record;
	my %env = (BBHOME => "$work/bb", DIR => $work);
	$run = "runuser -u nagios -- env PATH='$BIN:$plugins' sh -c "
	    . q(') . $run =~ s/'/'\\''/gr . q(') if $prompt eq '$';
	my $ran = paste($run, path => "$SBIN:$plugins", env => \%env,
	    dir => srcdir());
	ok(ends_well($text, $ran->{code}), "$where: $prompt $text")
	    or diag "$ran->{code}: $ran->{out}$ran->{err}";
}

# Joins lines that end in a backslash.
sub joined {
	my ($text) = @_;
	return $text =~ s/[ ]*\\\n\s*/ /gr;
}

# README: set in, with a prompt or without; what follows a prompt until the
# next blank line is the answer.
my @WORDS = qw(apt-get bb-ext cat check_mqueue check_nrpe check_relayflood cp
    echo flood-response icinga2 install make mqc mqreport nagios4 nc qblock
    qflush qstat rpmbuild runuser service systemctl tar useradd usermod
    ./bootstrap ./configure ./quickstart);
my $answer = 0;
for (split /\n/, joined(slurp(srcdir() . '/README'))) {
	$answer = 0 if /^\s*$/;
	if (/^  ([#\$]) (\S.*)/) {
		written($1, $2, 'README');
		$answer = 1;
	} elsif (!$answer && /^  ((\S+).*)/) {
		my ($line, $word) = ($1, $2);
		$word =~ s{^\Q$plugins\E/}{};
		next if !grep { $_ eq $word } @WORDS;
		# What stands in a column of its own is an explanation.
		written('#', $line =~ s/\s{2,}\S.*$//r =~ s/,? --tsv$//r,
		    'README');
	}
}

# The pages, as mdoc(7) has them.
for my $page (glob srcdir() . '/man/*.[1-8]') {
	my $name = basename($page);
	my $text = joined(slurp($page) =~ s/\\e/\\/gr =~ s/\\\(dq/"/gr
	    =~ s/\\&//gr);
	($text) = $text =~ /^\.Sh EXAMPLES\n(.*?)(?=^\.Sh )/ms
	    if $name !~ /^mqueue-/;
	next if !defined $text;
	for (split /\n/, $text) {
		written($1, $2, $name) if /^(?:\.Dl )?([#\$]) (\S.*)/;
	}
}
is_deeply([sort keys %stale], [], 'nothing is on the list that is not printed');
done_testing();
