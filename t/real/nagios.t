#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# nagios.t - Nagios runs both plugins on a real queue, by every way of contrib/
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Lab;
use Test::More;

need('root', 'lab', '/usr/sbin/nagios4', '/usr/sbin/nrpe', '/usr/sbin/sshd',
    '/usr/sbin/sendmail');

my $work = tempdir();
my $fifo = "$work/rw/nagios.cmd";
my @mqueue_labels = map { my $queue = $_; map { "$queue$_" }
    '', qw(_oldest _late _growth _held _lost) }
    qw(mqueue_in mqueue mqueueclient);
my @flood_labels = qw(messages relays relays_over top_count top_share read
    sampled oldest_other);

# Debian's configuration, with its files below $work, no patience and no
# mail.
sub configure_nagios {
	mkdir "$work/$_" or die "$work/$_: $!\n"
	    for qw(rw spool spool/checkresults log log/archives);
	chown((getpwnam 'nagios')[2, 3], $_) for $work, map { "$work/$_" }
	    qw(rw spool spool/checkresults log log/archives);
	local $_ = slurp('/etc/nagios4/nagios.cfg');
	s{/var/lib/nagios4}{$work}g;
	s{/var/log/nagios4}{$work/log}g;
	s{/var/run/nagios4}{$work}g;
	my %change = (check_for_updates => 0, use_syslog => 0,
	    status_update_interval => 1, check_result_reaper_frequency => 1,
	    enable_notifications => 0);
	for my $name (sort keys %change) {
		s/^\Q$name\E=.*/$name=$change{$name}/m
		    or die "no $name in nagios.cfg\n";
	}
	spew("$work/nagios.cfg", $_);
}

# The steps of contrib/nagios/README, By ssh.
sub set_up_ssh {
	my $home = '/var/lib/nagios';
	my @as_nagios = qw(runuser -u nagios --);
	run_ok(qw(usermod -s /bin/sh nagios));
	put('/run/sshd/keep', '');
	put("$home/.ssh/keep", '');
	chown((getpwnam 'nagios')[2, 3], "$home/.ssh");
	chmod 0700, "$home/.ssh";
	run_ok(@as_nagios, 'ssh-keygen', '-q', '-t', 'ed25519', '-N', '',
	    '-f', "$home/.ssh/mqueue");
	put("$home/.ssh/authorized_keys",
	    'restrict ' . slurp("$home/.ssh/mqueue.pub"), owner => 'nagios');
	server({ready => sub { listeners(22) }}, '/usr/sbin/sshd', '-D', '-e',
	    '-o', 'ListenAddress=127.0.0.1');
	run_ok(@as_nagios, 'ssh', '-o', 'StrictHostKeyChecking=accept-new',
	    '-i', "$home/.ssh/mqueue", 'nagios@127.0.0.1', 'true');
}

# The servicestatus block of status.dat, as a hash.
sub status {
	my ($host, $service) = @_;
	my $text = eval { slurp("$work/status.dat") } // return {};
	for my $block ($text =~ /^servicestatus \{\n(.*?)^\t\}/msg) {
		my %value = $block =~ /^\t(\w+)=(.*)$/mg;
		return \%value if $value{host_name} eq $host
		    && $value{service_description} eq $service;
	}
	return {};
}

# Has it checked now, and waits for the result.
sub checked {
	my ($host, $service) = @_;
	my $before = status($host, $service)->{last_check} // 0;
	wait_for(sub { time > $before }, 5, 'the next second');
	my $now = time;
	run_ok('sh', '-c', 'printf "[%s] SCHEDULE_FORCED_SVC_CHECK;%s;%s;%s\n"'
	    . ' "$2" "$3" "$4" "$2" >"$1"', 'sh', $fifo, $now, $host,
	    $service);
	return wait_for(sub {
		my $status = status($host, $service);
		return ($status->{last_check} // 0) >= $now && $status;
	}, 60, "the result of $service on $host");
}

# $status shows what check_mqueue says of $n messages in the incoming queue.
sub shows_mqueue {
	my ($status, $n, $what) = @_;
	subtest $what => sub {
		my $r = parse_output(
		    "$status->{plugin_output}|$status->{performance_data}");
		is($status->{current_state}, 0, 'OK');
		like($status->{plugin_output},
		    qr/^MQUEUE OK - mqueue\.in $n messages\b/, 'the text');
		is_deeply($r->{labels}, \@mqueue_labels, 'all perfdata');
		is($r->{perf}{mqueue_in}{value}, $n, 'with the count');
		is($r->{perf}{mqueue_in}{crit}, 3000, 'and the limit');
		like($status->{long_plugin_output},
		    qr{^mqueue\.in OK: $n messages,.*; /var/spool/mqueue\.in\\n},
		    'and the lines below');
	};
}

sub shows_flood {
	my ($status, $n, $what) = @_;
	subtest $what => sub {
		my $r = parse_output("|$status->{performance_data}");
		is($status->{current_state}, 0, 'OK');
		like($status->{plugin_output}, qr/^RELAYFLOOD OK - /,
		    'the text');
		is_deeply($r->{labels}, \@flood_labels, 'all perfdata');
		is($r->{perf}{messages}{value}, $n, 'with the count');
	};
}

install_plugins('nagios');
my $sendmail = mail_server();
$sendmail->send(9);
nrpe_server();
set_up_ssh();
configure_nagios();
install('contrib/nagios/commands.cfg', '/etc/nagios-plugins/config/mqueue.cfg');
install('contrib/nagios/services-local.cfg', '/etc/nagios4/conf.d/local.cfg');
install('contrib/nagios/services-remote.cfg', '/etc/nagios4/conf.d/remote.cfg',
    sub { s/192\.0\.2\.25/127.0.0.1/ or die "no address\n" });

my $verify = run('nagios4', '-v', "$work/nagios.cfg");
is($verify->{code}, 0, 'Nagios takes the samples');
like($verify->{out}, qr/^Total Warnings: 0\nTotal Errors:   0\n/m,
    'without a warning') or diag($verify->{out});

my $nagios = server({ready => sub { -p $fifo && -e "$work/status.dat" }},
    '/usr/sbin/nagios4', "$work/nagios.cfg");
is_deeply([listeners()], ['127.0.0.1'], 'all servers are on loopback');

shows_mqueue(checked('localhost', 'mail queue'), 9, 'check_mqueue');
shows_flood(checked('localhost', 'relay flood'), 9, 'check_relayflood');
shows_mqueue(checked('mx1', 'mail queue'), 9, 'check_mqueue by NRPE');
shows_flood(checked('mx1', 'relay flood'), 9, 'check_relayflood by NRPE');
shows_mqueue(checked('mx1', 'mail queue by ssh'), 9, 'check_mqueue by ssh');

# What Nagios does when there was no result in time.
my $status = checked('mx1', 'mail queue passive');
is($status->{current_state}, 3, 'no passive result is UNKNOWN');
like($status->{plugin_output}, qr/no result has come from mx1/, 'and says so');

# The last result, not the first: Nagios drops what is older than it has.
sub submit {
	my @plugin = @_;
	my $before = status('mx1', 'mail queue passive')->{last_check};
	wait_for(sub { time > $before }, 5, 'the next second');
	my $r = run(srcdir() . '/contrib/nagios/submit-result', '-H', 'mx1',
	    '-f', $fifo, 'mail queue passive', @plugin);
	is($r->{code}, 0, 'submit-result exits 0') or diag($r->{err});
	return wait_for(sub {
		my $now = status('mx1', 'mail queue passive');
		return $now->{last_check} > $before && $now;
	}, 30, 'the passive result');
}

shows_mqueue(submit(plugin_dir() . '/check_mqueue'), 9, 'a passive result');
$sendmail->send(4);
$status = submit(plugin_dir() . '/check_mqueue', '-w', 'mqueue.in=10');
is($status->{current_state}, 1, 'a passive WARNING');
like($status->{plugin_output}, qr/^MQUEUE WARNING - mqueue\.in 13 messages/,
    'has its text');
like($status->{long_plugin_output}, qr/\\n {2}messages WARNING: 13, which is /,
    'and its reason');
$status = submit('/bin/sh', '-c',
    'printf "%s\n" "a\b;c|x=1" "line \n two"; exit 2');
is($status->{current_state}, 2, 'another plugin');
is($status->{plugin_output}, 'a\b:c', 'the ; of its text is a : in Nagios');
is($status->{performance_data}, 'x=1', 'its perfdata');
# In status.dat a newline is \n, so a backslash is two.
is($status->{long_plugin_output}, 'line \\\\n two',
    'its backslash is no newline');

# Nagios has what the plugin says of a user who may not read the queue.
run_ok('gpasswd', '-d', 'nagios', 'smmsp');
my $denied = run('runuser', '-u', 'nagios', '--',
    plugin_dir() . '/check_mqueue');
is($denied->{code}, 3, 'without the group it is UNKNOWN');
like($denied->{out}, qr/usermod -a -G smmsp nagios/, 'which tells what to do');

ok(stop_server($nagios), 'Nagios ends on SIGTERM');
stop_servers();
undef $sendmail;
is_deeply([leftovers()], [], 'no process is left');
done_testing();
