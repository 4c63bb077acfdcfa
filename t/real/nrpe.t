#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# nrpe.t - NRPE passes on what the plugins say, in its old small packet, too
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Lab;
use Test::More;

need('root', 'lab', '/usr/sbin/nrpe', plugin_dir() . '/check_nrpe',
    '/usr/sbin/sendmail');

# Seven queues fill the first line, and the lines below exceed a kilobyte.
my $work = tempdir();
make_queue("$work/customer$_", 6) for 1 .. 7;
my $many = join ' ', map { "-q $work/customer$_" } 1 .. 7;

sub nrpe {
	my ($options, $command) = @_;
	my $r = run(plugin_dir() . '/check_nrpe', '-H', '127.0.0.1',
	    @$options, '-c', $command);
	return {%$r, %{parse_output($r->{out})}};
}

# What differs from second to second.
sub without_ages {
	my ($text) = @_;
	return $text =~ s/(oldest=?) ?\d+(?:s|m\d*s?)\b/$1 AGE/gr;
}

install_plugins('nagios');
put('/etc/nagios/nrpe.d/many.cfg',
    'command[check_many]=' . plugin_dir() . "/check_mqueue $many\n");
my $sendmail = mail_server();
$sendmail->send(6);
my $nrpe = nrpe_server();
is_deeply([exposed()], [], 'all servers are on loopback');

# A monitor that is another host is refused, until README's line is there.
sub from_elsewhere {
	return run(plugin_dir() . '/check_nrpe', '-b', '127.0.0.2', '-H',
	    '127.0.0.1', '-c', 'check_mqueue');
}

my $refused = from_elsewhere();
is($refused->{code}, 2, 'another host is refused');
my ($symptom) = slurp(srcdir() . '/contrib/nrpe/README') =~
    /check_nrpe says "([^"]+)" and/;
like($refused->{out}, qr/\Q$symptom\E/, '... with what README says of it')
    or diag explain $refused;
put('/etc/nagios/nrpe_local.cfg', slurp('/etc/nagios/nrpe_local.cfg'));
for my $readme ('README', 'contrib/nrpe/README') {
	my ($line) = slurp(srcdir() . "/$readme") =~
	    m{^  (echo allowed_hosts=\S+ >>\S+)$}m
	    or die "$readme names no allowed_hosts\n";
	$line =~ s/192\.0\.2\.10/127.0.0.2/ or die "no monitor: $line\n";
	my $before = slurp('/etc/nagios/nrpe_local.cfg');
	stop_server($nrpe);
	run_ok('sh', '-c', $line);
	$nrpe = nrpe_server();
	my $r = from_elsewhere();
	is($r->{code}, 0, "what $readme has: it is let in");
	like($r->{out}, qr/^MQUEUE OK - mqueue\.in 6 messages/, '... for real');
	is(nrpe([], 'check_mqueue')->{code}, 0, '... as is the host itself');
	spew('/etc/nagios/nrpe_local.cfg', $before);
}
is((() = slurp(srcdir() . '/contrib/nrpe/mqueue.cfg') =~
    /^#   allowed_hosts=127\.0\.0\.1,::1,192\.0\.2\.10$/mg), 1,
    'the sample tells of it as well');

my $local = run('runuser', '-u', 'nagios', '--',
    plugin_dir() . '/check_mqueue', split ' ', $many);
cmp_ok(length $local->{out}, '>', 1024, 'the output is over a kilobyte');
my $labels = parse_output($local->{out})->{labels};
cmp_ok(scalar @$labels, '>', 20, 'with a first line that is full');

for my $version (['version 4'], ['version 3', '-3'], ['version 2', '-2']) {
	my ($what, @option) = @$version;
	my $r = nrpe(\@option, 'check_many');
	is($r->{code}, 0, "$what: OK");
	is_deeply($r->{labels}, $labels, "$what: all perfdata");
	is($r->{perf}{customer7}{value}, 6, "$what: and the last count");
	if (@option) {
		cmp_ok(length $r->{out}, '<=', 1024, "$what: has 1 kB");
	} else {
		is(without_ages($r->{out}), without_ages($local->{out}),
		    "$what: and every line");
	}
}

for my $case (['check_mqueue', 'mqueue_in', 21],
    ['check_relayflood', 'messages', 8]) {
	my ($command, $label, $n) = @$case;
	my $r = nrpe([], $command);
	is($r->{code}, 0, "the sample: $command is OK");
	is($r->{perf}{$label}{value}, 6, 'with its count');
	is(scalar @{$r->{labels}}, $n, 'and its perfdata');
}

# What nobody knows is U, by all of its versions.
make_queue("$work/new", 3);
stop_server($nrpe);
put('/etc/nagios/nrpe.d/new.cfg', 'command[check_new]=' . plugin_dir()
    . "/check_mqueue -q $work/new --state-dir /proc/none\n");
$nrpe = nrpe_server();
for my $option ([], ['-3'], ['-2']) {
	my $r = nrpe($option, 'check_new');
	is($r->{perf}{new_growth}{value}, 'U', "@$option: not known");
	is($r->{perf}{new}{value}, 3, '... beside what is');
}

# States and reasons come through.
stop_server($nrpe);
put('/etc/nagios/nrpe.d/many.cfg', join '', map {
    "command[$_->[0]]=" . plugin_dir() . "/check_mqueue $_->[1]\n" }
    ['low', '-w 5'], ['lower', '-c 5'], ['none', '-q /var/spool/none']);
nrpe_server();
for my $case (['low', 1, qr/^MQUEUE WARNING - mqueue\.in 6 messages, over 5/],
    ['lower', 2, qr/^MQUEUE CRITICAL - mqueue\.in 6 messages, over 5/],
    ['none', 3, qr/^MQUEUE UNKNOWN - none .*No such file/]) {
	my ($command, $code, $text) = @$case;
	my $r = nrpe([], $command);
	is($r->{code}, $code, "exit status $code");
	like($r->{text}, $text, 'with its text');
}

# What is no option of the sample cannot be asked for.
my $r = nrpe(['-a', '-q', '/etc'], 'check_mqueue');
isnt($r->{code}, 0, 'arguments in the request are refused');
unlike($r->{out}, qr/MQUEUE/, 'and the plugin did not run');

stop_servers();
undef $sendmail;
is_deeply([leftovers()], [], 'no process is left');
done_testing();
