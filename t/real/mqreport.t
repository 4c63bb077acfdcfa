#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqreport.t - inetd, xinetd and a systemd socket serve a real sendmail's queue
#
# By the samples of contrib/, as README there says: a user of its own in the
# group of the queues, who can do nothing else.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Lab;
use POSIX ();
use Test::More;

need('root', 'lab', '/usr/sbin/inetd', '/aside/xinetd/usr/sbin/xinetd',
    '/usr/bin/systemd-socket-activate', '/usr/bin/promtool', '/usr/bin/nc',
    '/usr/sbin/sendmail');

my $work = tempdir();
my $port = 5119;
my ($cache) = run(program('mqreport'), '--help')->{out} =~
    /write to\n\s+\((\S+)\)/;
install(program('mqreport'), '/usr/sbin/mqreport');
run_ok(qw(useradd --system --gid smmsp --no-create-home --shell
    /usr/sbin/nologin mqreport));
my $uid = getpwnam 'mqreport';
run_ok('mkdir', '-p', $cache);
run_ok('chown', 'mqreport', $cache);

my $mail = mail_server();
add_client('203.0.113.66', 'bad.example');
my @client = (client => '203.0.113.66', to => 'b@lab.example.net');
$mail->send(3, @client);

# read_report($how, $n): what nc, check_mqueue and mqc read of a server that
# runs.
sub read_report {
	my ($how, $n) = @_;
	my $r = run('nc', '-N', '-w', '20', '127.0.0.1', $port);
	is($r->{code}, 0, "$how: nc");
	like($r->{out}, qr{\Amqreport 1\nhost lab.example.net\n.*^queue mqueue.in role=in count=exact messages=$n .*^queue mqueue-client role=client count=exact .*^end\n\z}ms,
	    '... reads the report');
	unlike($r->{out}, qr/^note/m, '... for which the cache was used');
	like($r->{out}, qr/^relays count=exact read=$n total=$n complete=yes\nrelay 203\.0\.113\.66 messages=$n\nend\n/m,
	    '... and says whose mail it is');
	my ($time) = $r->{out} =~ /^time (\d+)/m;
	my $plugin = plugin('-H', '127.0.0.1', '--state-dir', "$work/state");
	is($plugin->{code}, 0, "$how: check_mqueue -H");
	like($plugin->{text}, qr/^MQUEUE OK - mqueue\.in $n messages, oldest \d+s;/,
	    '... judges it');
	is($plugin->{perf}{mqueue_in}{value}, $n, '... with perfdata');
	is(run({env => {HOME => $work}}, program('mqc'), '--once',
	    'mx1=127.0.0.1')->{out}, " mx1(in:m)\n       $n:0\n",
	    "$how: mqc shows it");
	my $again = run({stdin => "GET / HTTP/1.0\r\n\r\n"}, 'nc', '-N', '-w',
	    '20', '127.0.0.1', $port);
	like($again->{out}, qr/^end\n\z/m, "$how: what a client sends is nothing");
	my @kept = glob "$cache/$uid/mqreport/report-*";
	is_deeply([map { (stat)[4] } @kept], [($uid) x 2],
	    '... and it runs as the user of the sample');
	unlink @kept;
}

# --- what the samples say ---------------------------------------------------

my $contrib = srcdir() . '/contrib';
server({ready => sub { listeners($port) }, log => "$work/inetd"},
    '/usr/sbin/inetd', '-i', "$contrib/inetd/inetd.conf");
read_report('inetd', 3);

# 100 clients at once, and a count that is still theirs.
$mail->send(2, @client);
my @pids;
for my $i (1 .. 100) {
	my $pid = fork // die "fork: $!\n";
	push @pids, $pid;
	next if $pid;
	open STDOUT, '>', "$work/client.$i" or POSIX::_exit(126);
	exec 'nc', '-d', '-w', '30', '127.0.0.1', $port or POSIX::_exit(127);
}
waitpid $_, 0 for @pids;
my %reports;
$reports{slurp("$work/client.$_")}++ for 1 .. 100;
is_deeply([values %reports], [100], '100 clients of inetd, one report');
stop_servers();
unlink glob "$cache/$uid/mqreport/report-*";

server({ready => sub { listeners($port) }, log => "$work/xinetd"},
    '/aside/xinetd/usr/sbin/xinetd', '-dontfork', '-f',
    "$contrib/inetd/xinetd.conf", '-pidfile', "$work/xinetd.pid");
read_report('xinetd', 5);
stop_servers();

# There is no systemd that runs here, so the user is set by setpriv.
my $unit = slurp("$contrib/systemd/mqreport\@.service");
my ($start) = $unit =~ m{^ExecStart=-(/usr/sbin/mqreport .*)}m;
my @command = grep { !/^--cache-dir=/ } split ' ', $start;
server({ready => sub { listeners($port) }, log => "$work/systemd"},
    'systemd-socket-activate', '--accept', '--inetd', '-l',
    "127.0.0.1:$port", 'setpriv', '--reuid', 'mqreport', '--regid', 'smmsp',
    '--clear-groups', '--no-new-privs', @command);
read_report('systemd-socket-activate', 5);
stop_servers();

# Its sandbox lets all of it happen: system calls, threads, descriptors.
my %allowed;
for my $line ($unit =~ /^SystemCallFilter=(.*)/mg) {
	my $not = $line =~ s/^~//;
	my @sets = split ' ', $line;
	while (defined(my $set = shift @sets)) {
		my @members = map { s/^\s+|\s+$//gr } grep { !/^\s*(?:#|@\w)|^$/ ||
		    /^\s+@/ } split /\n/, run_ok('systemd-analyze',
		    'syscall-filter', $set);
		for (@members) {
			/^@/ ? push @sets, $_ : $not ? delete $allowed{$_}
			    : $allowed{$_}++;
		}
	}
}
make_queue("$work/many", 5000);
run_ok('strace', '-ff', '-o', "$work/calls", @command, '-q', "$work/many");
my %called = map { $_ => 1 } map { slurp($_) =~ /^(\w+)\(/mg }
    glob "$work/calls.*";
cmp_ok(scalar keys %called, '>', 20, 'the system calls are traced');
ok($called{clone} || $called{clone3}, '... with those of threads')
    or diag(join ' ', sort keys %called);
is_deeply([grep { !$allowed{$_} } sort keys %called], [],
    'the sandbox lets --relays read');

install("contrib/systemd/$_", "/etc/systemd/system/$_")
    for 'mqreport.socket', 'mqreport@.service';
my $verify = run(qw(systemd-analyze verify --man=no mqreport.socket
    mqreport@.service));
is("$verify->{code}$verify->{out}$verify->{err}", 0,
    'systemd-analyze verify has nothing to say');
my $security = run(qw(systemd-analyze security --offline=true --threshold=10
    --no-pager mqreport@.service));
is($security->{code}, 0, 'exposure level 1.0 or better');
my ($level) = $security->{out} =~ /Overall exposure level.*: (\S+)/;
cmp_ok($level, '<=', 1.0, "... by its own words: $level");

# --- for Prometheus ---------------------------------------------------------

my $prom = "$work/mqueue.prom";
run_ok('mqreport', '--openmetrics', '--output', $prom);
my $check = run({stdin => slurp($prom)}, 'promtool', 'check', 'metrics');
is("$check->{code}$check->{out}$check->{err}", 0, 'promtool finds no fault');
like(slurp($prom), qr/^mqueue_messages\{queue="mqueue\.in",role="in"\} 5$/m,
    '... and the number is that of the queue');

# --- who is not in the group ------------------------------------------------

my $r = run({uid => 65534, gid => 65534}, 'mqreport');
is($r->{code}, 1, 'another user gets a report');
like($r->{out}, qr{^queue mqueue\.in role=in count=unreadable reason=/var/spool/mqueue\.in: Permission denied$}m,
    '... that says what it can\'t read');
like($r->{err}, qr/^  -> user nobody may not read .*: add it to group smmsp/m,
    '... and what helps');

# --- who may list a queue, and not read the messages, as on RHEL -------------

run_ok('chmod', '-R', 'go-r', '/var/spool/mqueue.in');
run_ok('chmod', '2750', '/var/spool/mqueue.in');
server({ready => sub { listeners($port) }, log => "$work/inetd2"},
    '/usr/sbin/inetd', '-i', "$contrib/inetd/inetd.conf");
$r = run('nc', '-N', '-w', '20', '127.0.0.1', $port);
like($r->{out}, qr/^queue mqueue\.in role=in count=exact messages=5 .*\nrelays count=unreadable .*\nend\n\z/ms,
    'the lengths are there all the same');
like(run({env => {HOME => $work}}, program('mqc'), '--once',
    '--relays', 'mx1=127.0.0.1')->{out}, qr/^  no host can read its messages, so no relay is known: run mqreport --relays 50 there/m,
    'mqc --relays says why it knows nothing');
stop_servers();
$r = run(qw(runuser -u mqreport -- /usr/sbin/mqreport --relays=50));
is($r->{code}, 1, 'what README has run tells');
like($r->{err}, qr{^relays: 0 directories and 5 files not read, such as /var/spool/mqueue\.in/qf\w+: Permission denied\n  -> }m,
    '... and what helps') or diag $r->{err};
$mail->stop;
is_deeply([leftovers()], [], 'nothing is left');
done_testing;
