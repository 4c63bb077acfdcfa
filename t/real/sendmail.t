#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# sendmail.t - check_mqueue counts what a real sendmail has in its queue
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Sendmail;
use Test::More;

need('root', 'm4', '/usr/sbin/sendmail');

my $work = tempdir();
my $state = tempdir();

sub check {
	return plugin('--state-dir', $state, @_);
}

# The qf files below a directory, counted in the way of an operator.
sub ls_count {
	my ($dir) = @_;
	return run('sh', '-c', 'find "$1" -follow -type f -name "qf*" | wc -l',
	    'sh', $dir)->{out} + 0;
}

# The plugin, ls and mailq all see $n messages. Returns the plugin's answer.
sub agree {
	my ($sendmail, $dir, $queue, $n, $what) = @_;
	my $r = check('-q', $queue);
	is(ls_count($dir), $n, "$what: ls sees $n messages");
	is($sendmail->mailq_total, $n, "$what: mailq sees $n");
	is($r->{perf}{mqueue}{value}, $n, "$what: check_mqueue counts $n");
	is($r->{code}, 0, "$what: OK");
	is($r->{err}, '', "$what: nothing on stderr");
	return $r;
}

# 25 messages that came over four connections, so from four processes.
sub send_25 {
	my ($sendmail) = @_;
	return map { $sendmail->send($_) } 1, 10, 13, 1;
}

sub make_dirs {
	-d $_ or mkdir $_ or die "$_: $!\n" for @_;
}

subtest 'one flat directory' => sub {
	my ($dir, $began) = ("$work/flat", time);
	make_dirs($dir, "$dir/mqueue");
	my $sendmail = MQ::Sendmail->new(dir => "$dir/sendmail",
	    queue => "$dir/mqueue")->start;
	is(agree($sendmail, "$dir/mqueue", "$dir/mqueue", 0, 'empty')
	    ->{perf}{mqueue_oldest}{value}, 0, 'no message, no age');

	my @ids = send_25($sendmail);
	is(scalar @ids, 25, 'sendmail took 25 messages');
	is(scalar(grep { length == 14 } @ids), 25, 'with ids of this century');
	my $r = agree($sendmail, "$dir/mqueue", "$dir/mqueue", 25, 'flat');
	like($r->{text}, qr/^MQUEUE OK - mqueue 25 messages\b.*, oldest \d+s$/,
	    'the count and the age are in the text');

	# A time stamp of the files cannot be where the age comes from.
	utime 86400, 86400, map { ("$dir/mqueue/qf$_", "$dir/mqueue/df$_") }
	    @ids;
	my $age = check('-q', "$dir/mqueue")->{perf}{mqueue_oldest};
	is($age->{uom}, 's', 'the age is in seconds');
	cmp_ok($age->{value}, '<=', time - $began, 'and read from the id');

	# What a crash leaves is no message.
	spew("$dir/mqueue/$_" . queue_id($began, 0), '') for qw(tf Tf xf);
	$sendmail->stop;
	agree($sendmail, "$dir/mqueue", "$dir/mqueue", 25, 'daemon stopped');
};

# Its id is of the beginning of the session; the message came at the end.
subtest 'a long SMTP session' => sub {
	my ($dir, $began, $hold, $sent) = ("$work/session", time, 8);
	make_dirs($dir, "$dir/mqueue");
	my $sendmail = MQ::Sendmail->new(dir => "$dir/sendmail",
	    queue => "$dir/mqueue")->start;
	my ($id) = $sendmail->send(1, text => sub {
		wait_for(sub { time >= $began + $hold }, 'a long session');
		$sent = time;
		return "Subject: late\r\n\r\ntext\r\n";
	});
	my $early = plugin('-q', "$dir/mqueue", '--state-dir', $state,
	    '--age-warning', '1d')->{perf}{mqueue_oldest}{value};
	cmp_ok($early, '>', 2, 'by its id, it is of the beginning');
	# Over the limit by its id, which is looked at then.
	my $r = check('-q', "$dir/mqueue", '--age-warning', '1s');
	my $age = $r->{perf}{mqueue_oldest}{value};
	cmp_ok($age, '<=', time - $sent, 'by its body, of when it came');
	is($r->{code}, $age > 1 ? 1 : 0, '... which is judged');
	cmp_ok((stat "$dir/mqueue/df$id")[9], '>=', $sent, '... a file');
	$sendmail->stop;
};

subtest 'qf/ df/ xf/ subdirectories' => sub {
	my $dir = "$work/split";
	make_dirs($dir, "$dir/mqueue", map { "$dir/mqueue/$_" } qw(qf df xf));
	my $sendmail = MQ::Sendmail->new(dir => "$dir/sendmail",
	    queue => "$dir/mqueue")->start;
	send_25($sendmail);
	is(scalar(() = glob "$dir/mqueue/qf/qf*"), 25, 'all are in qf/');
	agree($sendmail, "$dir/mqueue", "$dir/mqueue", 25, 'split');
};

subtest 'wildcard and queue group' => sub {
	my $dir = "$work/groups";
	make_dirs($dir, map { "$dir/mqueue$_" } '',
	    qw(/q1 /q2 /q3 /q3/qf /q3/df /bulk));
	my $sendmail = MQ::Sendmail->new(dir => "$dir/sendmail",
	    queue => "$dir/mqueue/q*", mc => <<"EOT")->start;
QUEUE_GROUP(`bulk', `P=$dir/mqueue/bulk')dnl
LOCAL_RULESETS
Squeuegroup
R\$* \@ bulk.example	\$# bulk
R\$* \@ \$*		\$# mqueue
EOT
	# A queue is chosen at random: go on until each has a message.
	my $sent = 0;
	wait_for(sub {
		$sent += $sendmail->send(5);
		3 == grep { () = glob "$_/qf*" } "$dir/mqueue/q1",
		    "$dir/mqueue/q2", "$dir/mqueue/q3/qf";
	}, 'a message in each directory');
	my $r = check('-q', "$dir/mqueue/q*");
	is($r->{perf}{mqueue}{value}, $sent, 'the wildcard is one queue');
	is($sendmail->mailq_total, $sent, 'mailq agrees');

	is(scalar $sendmail->send(4, to => 'b@bulk.example'), 4, 'four more');
	is(scalar(() = glob "$dir/mqueue/bulk/qf*"), 4, 'are in the group');
	$r = check('-q', "$dir/mqueue/q*", '-q', "$dir/mqueue/bulk");
	is($r->{perf}{mqueue}{value}, $sent, 'the wildcard is as it was');
	is($r->{perf}{bulk}{value}, 4, 'and the group is counted by itself');
	is($sendmail->mailq_total, $sent + 4, 'mailq has the sum');

	# Discovery reads the configuration that this sendmail runs with, seen
	# from a root in which its queues have no prefix.
	make_dirs("$dir/etc", "$dir/etc/mail");
	spew("$dir/etc/mail/sendmail.cf",
	    slurp("$dir/sendmail/sendmail.cf") =~ s/\Q$dir\E//gr);
	$r = check('--root', $dir);
	is($r->{code}, 0, 'discovered');
	is($r->{perf}{mqueue}{value} + $r->{perf}{bulk}{value},
	    $sent + 4, 'and counted: the default group and the other one');
	$r = check('--root', $dir, '--list-queues');
	is($r->{code}, 0, '--list-queues finds them');
	is($r->{out}, <<"EOT", 'where they are and where that is written');
mqueue (out), from $dir/etc/mail/sendmail.cf
  $dir/mqueue/q1: readable
  $dir/mqueue/q2: readable
  $dir/mqueue/q3: readable
bulk (out), from $dir/etc/mail/sendmail.cf
  $dir/mqueue/bulk: readable
EOT

	# mailq counts a directory twice when a link leads to it, too.
	symlink "$dir/mqueue/q1", "$dir/mqueue/qlink" or die "symlink: $!\n";
	$r = check('-q', "$dir/mqueue/q*");
	is($r->{perf}{mqueue}{value}, $sent, 'a link adds no message');
	cmp_ok($sendmail->mailq_total, '>', $sent + 4, 'but does in mailq');
};

subtest 'quarantined and lost messages are counted apart' => sub {
	my $dir = "$work/apart";
	make_dirs($dir, "$dir/mqueue");
	my $sendmail = MQ::Sendmail->new(dir => "$dir/sendmail",
	    queue => "$dir/mqueue")->start;
	my @ids = $sendmail->send(6);
	# sendmail may go on with a queue run after its command has returned.
	$sendmail->command("-qI$_", '-Qsuspicious') for @ids[0, 1];
	wait_for(sub { -e "$dir/mqueue/hf$_" && !-e "$dir/mqueue/qf$_" },
	    "quarantine of $_") for @ids[0, 1];

	my $r = agree($sendmail, "$dir/mqueue", "$dir/mqueue", 4, 'two held');
	is($r->{perf}{mqueue_held}{value}, 2, 'held');
	is($r->{perf}{mqueue_lost}{value}, 0, 'none lost');
	is($sendmail->mailq_total('-qQ'), 2, 'mailq -qQ agrees');
	is(check('-q', "$dir/mqueue", '--quarantined-warning', 1)->{code}, 1,
	    'too many held is a warning when asked for');
	is(check('-q', "$dir/mqueue", '--quarantined-warning', 2)->{code}, 0,
	    'but the limit itself is not');

	# sendmail gives up a control file that has text after its end.
	my $file = "$dir/mqueue/qf$ids[2]";
	spew($file, slurp($file), "bogus\n");
	$sendmail->command("-qI$ids[2]");
	wait_for(sub { -e "$dir/mqueue/Qf$ids[2]" }, 'the loss');
	$r = check('-q', "$dir/mqueue");
	is($r->{perf}{mqueue}{value}, 3, 'it is not in the queue');
	is($sendmail->mailq_total, 3, 'for mailq neither');
	is($r->{perf}{mqueue_lost}{value}, 1, 'it is lost');
	is($sendmail->mailq_total('-qL'), 1, 'mailq -qL agrees');
	is($r->{code}, 1, 'which is a warning by default');
	is(check('-q', "$dir/mqueue", '--lost-warning', 1)->{code}, 0,
	    'and not when allowed');
};

subtest 'a message that waits for twenty minutes' => sub {
	my $dir = "$work/late";
	make_dirs($dir, "$dir/mqueue.in");
	my $sendmail = MQ::Sendmail->new(dir => "$dir/sendmail",
	    queue => "$dir/mqueue.in")->start;
	my ($id) = $sendmail->send(3);
	my $old = time - 1200;
	rename "$dir/mqueue.in/$_$id", "$dir/mqueue.in/$_" . queue_id($old, 0)
	    or die "rename: $!\n" for qw(qf df);
	utime $old, $old, "$dir/mqueue.in/df" . queue_id($old, 0)
	    or die "utime: $!\n";
	is($sendmail->mailq_total, 3, 'mailq sees three');

	my $r = check('-q', "$dir/mqueue.in");
	my $age = $r->{perf}{mqueue_in_oldest}{value};
	is($r->{code}, 1, 'a warning in an incoming queue');
	cmp_ok($age, '>=', 1200, 'its age');
	cmp_ok($age, '<=', time - $old, 'to the second');
	is($r->{perf}{mqueue_in_late}{value}, 1, 'one of three is late');
	like($r->{text}, qr/ - mqueue\.in oldest 20m, over 15m, 3 messages/, 'it says so');
	is(check('-q', "$dir/mqueue.in", '--age-warning', '30m')->{code}, 0,
	    'no warning when half an hour is allowed');
};

subtest 'as Debian installs it' => sub {
	my $sendmail = MQ::Sendmail->new(cf => '/etc/mail/sendmail.cf',
	    dir => "$work/stock")->start;
	$sendmail->send(7);
	my $r = check();
	is($r->{code}, 0, 'its queues are found');
	is($r->{perf}{mqueue}{value}, 7, 'the main queue is counted');
	is($r->{perf}{mqueueclient}{value}, 0, 'and the client queue');
	is(ls_count('/var/spool/mqueue'), 7, 'as by ls');
	is($sendmail->mailq_total, 7, 'and by mailq');
	like(run('/usr/lib/nagios/plugins/check_mailq', qw(-M sendmail -w 10
	    -c 20))->{out}, qr/^OK: .*\|unsent=7;10;20;0$/m, 'and check_mailq');

	$r = check('--list-queues');
	is($r->{code}, 0, '--list-queues');
	is($r->{out}, <<'EOT', 'names both queues and their sources');
mqueue (out), from /etc/mail/sendmail.cf
  /var/spool/mqueue: readable
mqueue-client (client), from /etc/mail/submit.cf
  /var/spool/mqueue-client: readable
EOT

	# 65534 is nobody on every Debian; the group is sendmail's.
	my $nobody = {uid => 65534, gid => 65534};
	$r = plugin($nobody, '--state-dir', $state);
	is($r->{code}, 3, 'UNKNOWN for a user who may not read them');
	like($r->{out}, qr/smmsp/, 'with the group that may');
	$nobody->{gid} = getgrnam 'smmsp';
	chmod 01777, $state;
	$r = plugin($nobody, '--state-dir', $state);
	is($r->{code}, 0, 'OK for that group');
	is($r->{perf}{mqueue}{value}, 7, 'which counts them');
};

done_testing();
