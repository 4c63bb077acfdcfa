#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# nagios.t - Nagios runs both plugins on a real queue, by every way of contrib/
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Lab;
use MQ::Nagios;
use Test::More;

need('root', 'lab', '/usr/sbin/nagios4', '/usr/sbin/nrpe', '/usr/sbin/sshd',
    '/usr/sbin/inetd', '/usr/sbin/sendmail');

my $work = tempdir();
my @mqueue_labels = map { my $queue = $_; map { "$queue$_" }
    '', qw(_oldest _late _growth _held _lost _strand) }
    qw(mqueue_in mqueue mqueueclient);
my @flood_labels = qw(messages relays relays_over top_count top_share read
    sampled oldest_other);

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
		like($r->{perf}{mqueue_in_growth}{value}, qr/^(?:U|-?[\d.]+)$/,
		    'and what is not known');
		like($status->{long_plugin_output},
		    qr{^mqueue\.in OK: $n messages,[^\\]*\\nmqueue OK: 0 m},
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
report_server();
set_up_ssh();
install('contrib/nagios/commands.cfg', '/etc/nagios-plugins/config/mqueue.cfg');
install('contrib/nagios/services-local.cfg', '/etc/nagios4/conf.d/local.cfg');
install('contrib/nagios/services-remote.cfg', '/etc/nagios4/conf.d/remote.cfg',
    sub { s/192\.0\.2\.25/127.0.0.1/ or die "no address\n" });

my $nagios = MQ::Nagios->new(dir => $work, add => <<"EOT");
process_performance_data=1
service_perfdata_file=$work/perfdata
service_perfdata_file_template=\$HOSTNAME\$\\t\$SERVICEDESC\$\\t\$SERVICEPERFDATA\$
service_perfdata_file_mode=a
service_perfdata_file_processing_interval=0
EOT
my $verify = run('nagios4', '-v', $nagios->{cfg});
is($verify->{code}, 0, 'Nagios takes the samples');
like($verify->{out}, qr/^Total Warnings: 0\nTotal Errors:   0\n/m,
    'without a warning') or diag($verify->{out});
$nagios->start;
is_deeply([exposed()], [], 'all servers are on loopback');

for my $case (['localhost', 'mail queue', \&shows_mqueue],
    ['localhost', 'relay flood', \&shows_flood],
    ['mx1', 'mail queue', \&shows_mqueue],
    ['mx1', 'relay flood', \&shows_flood],
    ['mx1', 'mail queue by ssh', \&shows_mqueue],
    ['mx1', 'mail queue by report', \&shows_mqueue],
    ['mx1', 'relay flood by report', \&shows_flood]) {
	my ($host, $service, $shows) = @$case;
	$shows->($nagios->checked($host, $service), 9, "$service on $host");
}

# What nobody knows is U, in the file for graphs as well: in the first result
# the growth, and in a merge the age of the oldest other message.
my %first;
for my $line (split /\n/, slurp("$work/perfdata")) {
	my ($host, $service, $perf) = split /\t/, $line, 3;
	$first{"$service on $host"} //= parse_output("|$perf");
}
is($first{'mail queue on localhost'}{perf}{mqueue_in_growth}{value}, 'U',
    'a growth that is not known, in the perfdata file');
is_deeply($first{'mail queue on localhost'}{labels}, \@mqueue_labels,
    '... beside all others');
is($first{'relay flood by report on mx1'}{perf}{oldest_other}{value}, 'U',
    'an age that is not known');
is_deeply($first{'relay flood by report on mx1'}{labels}, \@flood_labels,
    '... beside all others');

# A relay that floods: the state, its name and the evidence.
add_client('203.0.113.66', 'bad.example');
$sendmail->send(120, client => '203.0.113.66', to => 'b@lab.example.net');
my $flood = $nagios->checked('mx1', 'relay flood');
is($flood->{current_state}, 1, 'a flood is a WARNING');
like($flood->{plugin_output}, qr/^RELAYFLOOD WARNING - 203\.0\.113\.66 \(bad\.example\) 120 of 129 messages \(93%\), /,
    'with its relay');
like($flood->{performance_data}, qr/\btop_count=120;/, 'and its number');
like($flood->{long_plugin_output}, qr/\bqflush 203\.0\.113\.66\\n/,
    'and what to do next');

# What Nagios does when there was no result in time.
my $status = $nagios->checked('mx1', 'mail queue passive');
is($status->{current_state}, 3, 'no passive result is UNKNOWN');
like($status->{plugin_output}, qr/no result has come from mx1/, 'and says so');

sub submit {
	my @plugin = @_;
	return $nagios->next_status('mx1', 'mail queue passive', sub {
		my $r = run(srcdir() . '/contrib/nagios/submit-result',
		    '-H', 'mx1', '-f', $nagios->{fifo}, 'mail queue passive',
		    @plugin);
		is($r->{code}, 0, 'submit-result exits 0') or diag($r->{err});
	});
}

shows_mqueue(submit(plugin_dir() . '/check_mqueue'), 129, 'a passive result');
$sendmail->send(4);
$status = submit(plugin_dir() . '/check_mqueue', '-w', 'mqueue.in=130');
is($status->{current_state}, 1, 'a passive WARNING');
like($status->{plugin_output}, qr/^MQUEUE WARNING - mqueue\.in 133 messages, over 130/,
    'has its text');
like($status->{long_plugin_output}, qr/\\n {2}messages WARNING: 133, which is /,
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

ok($nagios->stop, 'Nagios ends on SIGTERM');
stop_servers();
undef $sendmail;
is_deeply([leftovers()], [], 'no process is left');
done_testing();
