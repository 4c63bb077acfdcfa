#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# cron.t - a real cron runs mqueue-alert, and mails what that prints
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Lab;
use Test::More;

need('root', 'lab', '/usr/sbin/cron', '/usr/sbin/sendmail');

my $work = tempdir();
my $mails = '/var/spool/mqueue-client';
my $home = '/var/lib/nagios';

# The sample as it is, but for the time: cron runs @reboot jobs at once. When
# a job is done it leaves a line in a file.
sub install_cron {
	hide($_) for '/etc/crontab', glob '/etc/cron.d/*';
	install('contrib/cron/mqueue-alert', '/usr/local/bin/mqueue-alert');
	spew("$work/done", '');
	chmod 0666, "$work/done";
	install('contrib/cron/mqueue-alert.crontab', '/etc/cron.d/mqueue-alert',
	    sub { s{^\*/5 \* \* \* \* (.*)}{\@reboot $1; echo >>$work/done}mg
	    == 2 or die "which lines?\n" });
}

# The text of the mails that wait in the client queue: nothing listens on the
# port of the mail server. They go away with this.
sub mails {
	my @mails;
	for my $qf (glob "$mails/qf*") {
		my $df = $qf =~ s{/qf([^/]*)$}{/df$1}r;
		push @mails, slurp($qf) . "\n" . slurp($df);
		unlink $qf, $df;
	}
	return @mails;
}

# One round of all jobs; returns the mails that came of it.
sub cron_round {
	unlink '/run/crond.reboot';
	spew("$work/done", '');
	my $cron = server('/usr/sbin/cron', '-f');
	wait_for(sub { length slurp("$work/done") == 2 }, 'both jobs');
	# cron's children send the mail when the job has ended.
	wait_for(sub { !grep { /cron|sendmail/i } children($cron->{pid}) }, 'the mail');
	ok(stop_server($cron), 'cron ends on SIGTERM');
	return mails();
}

# The names of all processes below $pid.
sub children {
	my ($pid) = @_;
	my @pids = split ' ',
	    eval { slurp("/proc/$pid/task/$pid/children") } // '';
	return map { (eval { slurp("/proc/$_/comm") } // ''), children($_) }
	    @pids;
}

at_end(sub { unlink '/run/crond.pid', '/run/crond.reboot' });
install_plugins('nagios');
install_cron();
my $sendmail = mail_server();
$sendmail->send(7);
make_queue('/var/spool/mqueue.in', 1200, first => 10);
run_ok('chmod', '-R', 'g+rX', '/var/spool/mqueue.in');

my @first = cron_round();
is(scalar @first, 2, 'the first round is reported');
my ($queue) = grep { /check_mqueue/ } @first;
my ($flood) = grep { /check_relayflood/ } @first;
like($queue, qr/^H\?\?Subject: Cron <nagios\@lab> mqueue-alert /m,
    'by mail of cron');
like($queue, qr/^RPFD:root$|^RPFD:root\@/m, 'to root');
like($queue, qr/^lab\S*: MQUEUE WARNING - mqueue\.in 1207 messages, over 1200, oldest /m,
    'with the text of check_mqueue');
like($queue, qr/^ {4}-> .*\n(?s:.*)^\(first report\)$/m, 'to its end');
unlike($queue, qr/mqueue_in=/, 'without the perfdata');
like($flood, qr/^lab\S*: RELAYFLOOD \w+ - /m, 'and of check_relayflood');

is_deeply([cron_round()], [], 'the second round has no news');

unlink map { ("/var/spool/mqueue.in/qf$_", "/var/spool/mqueue.in/df$_") }
    map { s{.*/qf}{}r } glob '/var/spool/mqueue.in/qf*';
my @third = grep { /check_mqueue/ } cron_round();
is(scalar @third, 1, 'the end of it is reported');
like($third[0], qr/: MQUEUE OK - mqueue.in 0 messages.*^\(was WARNING\)$/ms,
    'as such');

my @records = glob "$home/.mqueue-alert/*";
is(scalar @records, 2, 'a record each, in the home of the user');
run('rm', '-rf', "$home/.mqueue-alert");

stop_servers();
undef $sendmail;
is_deeply([leftovers()], [], 'no process is left');
done_testing();
