#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# night.t - a whole night of a postmaster, from the packages to the undo: what
# is typed, and what is seen on the first line
#
# The host is MQ::Night: a real sendmail, Nagios and Xymon, and MailScanner's
# double. What is typed is taken out of README and mqueue-flood(7). In the lines
# that are seen, <age>, <since> and the like stand for what is different each
# night; all other words and numbers are exact.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Hints;
use MQ::Lab;
use MQ::Night;
use MQ::Package;
use Test::More;

need('lab', 'root', 'm4', 'ip', 'ss', 'make', 'dpkg-deb', '/usr/sbin/sendmail',
    '/usr/sbin/makemap', '/usr/sbin/nagios4',
    '/usr/lib/xymon/server/bin/xymond');

my $work = tempdir();
my $FLOODER = '203.0.113.66';
my $host = MQ::Night->new(dir => "$work/host", flooder => $FLOODER,
    name => 'mail.bad.example');
my (@honest, @flood);
my ($first_look) = readme('Run it as the user that the monitor');

# --- the evening -------------------------------------------------------------

subtest '1. the packages are installed' => sub {
	make_packages($work);
	mkdir "$work/unpacked";
	my ($install) = grep { /^apt-get install .*\.deb$/ }
	    readme('On Debian 12, these commands');
	# The lab has no apt, which would call dpkg.
	my $r = $host->types($install =~ s/^apt-get install/dpkg --install/r,
	    "$work/unpacked");
	is($r->{code}, 0, $install) or diag $r->{err};
	sees($host->types('dpkg --list | grep mqueue | cut -c 1-18'),
	    'ii  mqueue-plugins');
	sees($host->types($first_look), 'MQUEUE UNKNOWN - '
	    . 'mqueue.in cannot be read: Permission denied; '
	    . 'mqueue cannot be read: Permission denied; '
	    . 'mqueue-client cannot be read: Permission denied');
	shows($host->types($first_look), '-> user nagios may not read'
	    . ' /var/spool/mqueue.in: add it to group smmsp'
	    . ' (usermod -a -G smmsp nagios) and restart the monitor');
	$host->follows(readme('Add the monitoring user'));
	sees($host->types($first_look), 'MQUEUE OK - mqueue.in 0 messages;'
	    . ' mqueue 0; mqueue-client 0');
	ok(-d '/var/lib/mqueue-plugins/' . getpwnam('nagios') . '/check_mqueue',
	    'the history of the growth begins');
	sees($host->types("$first_look --list-queues"), 'mqueue.in (in), from'
	    . ' /etc/MailScanner/MailScanner.conf /var/spool/mqueue.in:'
	    . ' readable');
};

subtest "2. README's Nagios part" => sub {
	$host->follows(readme('Nagios: '));
	# Nagios takes ; for the beginning of a comment, and makes it a colon.
	sees($host->nagios('mail queue'), 'MQUEUE OK - mqueue.in 0 messages:'
	    . ' mqueue 0: mqueue-client 0');
	sees($host->nagios('relay flood'), 'RELAYFLOOD OK - 0 messages');
};

subtest "3. README's Xymon part" => sub {
	# The server first, so that it knows the columns when they come.
	$host->follows(readme('The server graphs these numbers'),
	    readme('Xymon, on the mail server'));
	my $column = $host->xymon;
	sees($column->{mqueue}, 'green <date> MQUEUE OK - mqueue.in 0'
	    . ' messages, mqueue 0, mqueue-client 0');
	sees($column->{relayflood}, 'green <date> RELAYFLOOD OK - 0 messages');
};

subtest 'mail is delivered, and a dry run is made on a quiet day' => sub {
	push @honest, $host->honest(12);
	$host->scanned;
	is_deeply([$host->delivered], [sort @honest], '12 messages arrived');
	my ($blocks, $dry_run) = runbook('Before there is one');
	sees($host->types($blocks), 'no block of qblock in /etc/mail/access');
	sees($host->types($dry_run),
	    "flood from $FLOODER: 0 messages are queued");
};

# --- the flood ---------------------------------------------------------------

subtest '4. the flood arrives' => sub {
	push @honest, $host->honest(39);
	push @flood, $host->floods(1260);
	sees($host->types('mailq -OQueueDirectory=/var/spool/mqueue.in |'
	    . ' tail -n 1 | tr -d "\t"'), 'Total requests: 1299');
};

subtest '5. the alarm, in Nagios, on the pager and in Xymon' => sub {
	my $queue = 'mqueue.in 1299 messages, over 1200<growth>, oldest <age>';
	my $relay = "$FLOODER (mail.bad.example) 1260 of 1299 messages (97%),"
	    . ' <since>, <rate>/min, 9 senders';
	my @state = map { $host->nagios($_) } 'mail queue', 'relay flood';
	sees($state[0], "MQUEUE WARNING - $queue: mqueue 0: mqueue-client 0");
	sees($state[1], "RELAYFLOOD CRITICAL - $relay: oldest other <age>");
	shows($host->pages(2),
	    '** PROBLEM Service Alert: localhost/mail queue is WARNING **',
	    "MQUEUE WARNING - $queue: mqueue 0: mqueue-client 0",
	    '** PROBLEM Service Alert: localhost/relay flood is CRITICAL **',
	    "RELAYFLOOD CRITICAL - $relay: oldest other <age>");
	my $column = $host->xymon;
	sees($column->{mqueue}, "yellow <date> MQUEUE WARNING - $queue,"
	    . ' mqueue 0, mqueue-client 0');
	sees($column->{relayflood}, "red <date> RELAYFLOOD CRITICAL - $relay,"
	    . ' oldest other <age>');
};

subtest '6. qstat names the relay' => sub {
	my ($who, $messages, $one) = runbook('2. Is it a flood?');
	sees($host->types($who), "$FLOODER (mail.bad.example) holds 1260 of"
	    . ' 1299 messages (97%), <since>, <rate>/min');
	my $r = $host->types($messages);
	sees($r, "1260 messages match $FLOODER, oldest <age>");
	my ($id) = $r->{out} =~ /^(\S+) .* b\@customer\.example$/m;
	$r = $host->types($one =~ s/\S+$/$id/r);
	sees($r, "== /var/spool/mqueue.in/qf$id (queued, <bytes> bytes)");
	shows($r, "\$_mail.bad.example [$FLOODER]");
};

# --- the response ------------------------------------------------------------

my ($dry_run) = runbook('3. The dry run');
my ($respond) = runbook('4. The response');
my $access = slurp('/etc/mail/access');
my ($response, $before);

subtest '7. flood-response' => sub {
	my $r = $host->types($dry_run);
	sees($r, "flood from $FLOODER: 1260 messages are queued");
	shows($r, 'a) block the address:',
	    "would block $FLOODER until <utc>: REJECT",
	    'b) its open sessions stay: 0',
	    'c) stop MailScanner (process <pid>):'
	    . ' /usr/lib/MailScanner/init/ms-init stop',
	    'would hold 1260 of 1299 messages (97%); nothing is changed',
	    'to do it: --yes --max 1260 (it is over the limit of 259)',
	    'e) start MailScanner: /usr/lib/MailScanner/init/ms-init start',
	    'dry run: nothing was changed; --yes does it');
	# The runbook's number is that of another flood.
	sees($host->types($respond), 'flood-response: nothing was done; qflush'
	    . ' would hold more than it may: look at the dry run, then say'
	    . ' --max 1260');
	# "As the flood goes on, give more than is there now."
	push @flood, $host->floods(30);
	$before = $host->flood_files;
	$response = $host->types($respond =~ s/--max \d+/--max 2000/r);
	sees($response, 'record: <record>');
	shows($response, "blocked $FLOODER until <utc>: REJECT",
	    'c) stop MailScanner: /usr/lib/MailScanner/init/ms-init stop',
	    'it has stopped',
	    'held 1290 messages in <seconds>s (<rate>/s), 3 passes, the last'
	    . ' two found nothing',
	    'e) start MailScanner: /usr/lib/MailScanner/init/ms-init start',
	    'sendmail -bt says of mail.bad.example: REJECT',
	    'its messages in the queue: 1290 before, 0 now',
	    'done; to take it back: flood-response undo <record>');
	is($response->{code}, 0, 'it ends well');
};

subtest '8. it has ended: the flooder is refused, others are not' => sub {
	my ($flood, $block, $who) = runbook('5. Has it ended?');
	sees($host->types($flood), 'RELAYFLOOD OK - 39 messages, 39 relays,'
	    . ' largest 198.51.100.1 1 (2.6%), limit 100, oldest <age>');
	sees($host->types($block), "$FLOODER as mail.bad.example is blocked:"
	    . " connect:$FLOODER REJECT (line 4, until <utc> by root: a flood"
	    . ' of mail)');
	sees($host->types($who), 'no flood: the largest relay, 198.51.100.1,'
	    . ' holds 1 of 39 messages (3%)');
	my ($held) = grep { /-bp -qQ/ } hints($response->{out});
	sees($host->types("$held | tail -n 1 | tr -d '\\t'"),
	    'Total requests: 1290');
	sees($host->hears($FLOODER), '550 5.7.1 Access denied');
	sees($host->hears('198.51.100.1'),
	    '250 2.1.0 <a@lab.example.net>... Sender ok');
};

subtest '... honest mail arrives, and the monitors say so' => sub {
	push @honest, $host->honest(9);
	$host->scanned;
	is_deeply([$host->delivered], [sort @honest],
	    'all 60 honest messages arrived once, and no other');
	sees($host->nagios('mail queue'), 'MQUEUE OK - mqueue.in 0'
	    . ' messages<growth>: mqueue 0: mqueue-client 0');
	sees($host->nagios('relay flood'), 'RELAYFLOOD OK - 0 messages');
	shows($host->pages(4),
	    '** RECOVERY Service Alert: localhost/mail queue is OK **',
	    'MQUEUE OK - mqueue.in 0 messages<growth>: mqueue 0:'
	    . ' mqueue-client 0',
	    '** RECOVERY Service Alert: localhost/relay flood is OK **',
	    'RELAYFLOOD OK - 0 messages');
	my $column = $host->xymon;
	sees($column->{mqueue}, 'green <date> MQUEUE OK - mqueue.in 0'
	    . ' messages<growth>, mqueue 0, mqueue-client 0');
	sees($column->{relayflood}, 'green <date> RELAYFLOOD OK - 0 messages');
};

# --- the morning -------------------------------------------------------------

subtest '9. it was no flood: all is taken back' => sub {
	my ($record) = $response->{out} =~ /^record: (\S+)$/m;
	my ($show, $undo) = map { s{undo \S+}{undo $record}r }
	    runbook('If it was no flood');
	my $r = $host->types($show);
	sees($r, "undo of <record>: $FLOODER");
	shows($r, "would end the block of $FLOODER (1 entry, added <utc>)",
	    'would release 1290 of 1290 messages (100%); nothing is changed',
	    'dry run: nothing was changed; --yes does it');
	sees($host->hears($FLOODER), '550 5.7.1 Access denied');
	$r = $host->types($undo);
	is($r->{code}, 0, 'it ends well');
	sees($r, "undo of <record>: $FLOODER");
	shows($r, 'released 1290 messages in <seconds>s (<rate>/s)');
	sees($host->hears($FLOODER),
	    '250 2.1.0 <a@lab.example.net>... Sender ok');
	sees($host->types('qblock list'),
	    'no block of qblock in /etc/mail/access');
	is(slurp('/etc/mail/access'), $access, 'the access file is as before');
	is_deeply($host->flood_files, $before,
	    'its mail is queued again, byte for byte');
};

subtest '... and nothing was lost' => sub {
	sees($host->nagios('relay flood'), "RELAYFLOOD CRITICAL - $FLOODER"
	    . ' (mail.bad.example) 1290 of 1290 messages (100%), <since>,'
	    . ' <rate>/min, 9 senders: no other mail');
	sees($host->xymon->{relayflood}, "red <date> RELAYFLOOD CRITICAL -"
	    . " $FLOODER (mail.bad.example) 1290 of 1290 messages (100%),"
	    . ' <since>, <rate>/min, 9 senders, no other mail');
	$host->scanned;
	is_deeply([$host->delivered], [sort @honest, @flood],
	    'all 1350 messages arrived once');
	sees($host->types($first_look), 'MQUEUE OK - mqueue.in 0'
	    . ' messages<growth>; mqueue 0<growth>; mqueue-client 0');
};

is_deeply([exposed()], [], 'all servers were on loopback');
$host->ends;
undef $host;
is_deeply([leftovers()], [], 'no process is left');
done_testing();
