#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# icinga2.t - Icinga 2 runs both plugins, and names the metrics for Graphite
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use MQ;
use MQ::Lab;
use Test::More;

need('root', 'lab', 'curl', '/usr/sbin/icinga2', '/usr/sbin/nrpe',
    '/usr/sbin/inetd', '/usr/sbin/sendmail');

my $work = tempdir();
my $etc = "$work/etc";
my @defines = map { "-D$_->[0]=$work/$_->[1]" } ['ConfigDir', 'etc'],
    ['DataDir', 'data'], ['LogDir', 'log'], ['CacheDir', 'cache'],
    ['SpoolDir', 'spool'], ['InitRunDir', 'run'];
my $api_port = free_port();
my $graphite = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5)
    or die "listen: $@\n";
my $sockets = IO::Select->new($graphite);
my (%received, %metric);

my @mqueue_labels = map { my $queue = $_; map { "$queue$_" }
    '', qw(_oldest _late _growth _held _lost _strand) }
    qw(mqueue_in mqueue mqueueclient);
my @flood_labels = qw(messages relays relays_over top_count top_share read
    sampled oldest_other);

sub icinga2 {
	my ($command, @arguments) = @_;
	return run('icinga2', @$command, @defines, @arguments);
}

# Debian's configuration in a copy, the API and the GraphiteWriter enabled as
# Icinga's documentation says, and the samples in conf.d by README's command.
# The machine itself has the host object that Debian gave it.
sub configure_icinga {
	run_ok('cp', '-a', '/etc/icinga2', $etc);
	mkdir "$work/$_" or die "$work/$_: $!\n"
	    for qw(data log cache spool run);
	run_ok('chown', '-R', 'nagios:', $work);
	my $r = icinga2([qw(api setup)]);
	is($r->{code}, 0, 'icinga2 api setup') or diag($r->{out}, $r->{err});
	is(icinga2([qw(feature enable graphite)])->{code}, 0, 'graphite');
	spew("$etc/features-available/api.conf", <<"EOT");
object ApiListener "api" {
	bind_host = "127.0.0.1"
	bind_port = $api_port
}
EOT
	spew("$etc/features-available/graphite.conf", <<"EOT");
object GraphiteWriter "graphite" {
	host = "127.0.0.1"
	port = ${\$graphite->sockport}
	enable_send_thresholds = true
}
EOT
	# A notification would be mail in the lab's client queue.
	unlink map { "$etc/conf.d/$_.conf" } qw(services apt notifications);
	spew("$etc/conf.d/others.conf", <<'EOT');
object Host "mx2.example.net" {
	import "generic-host"
	address = "127.0.0.1"
	check_command = "dummy"
	vars.mail_server = "nrpe"
}
object Host "mx3" {
	import "generic-host"
	address = "127.0.0.1"
	check_command = "dummy"
	vars.mail_server = "report"
}
object Host "monitor2" {
	import "generic-host"
	address = "127.0.0.1"
	check_command = "dummy"
	vars.mail_server = "none"
}
EOT
	my ($copy) = slurp(srcdir() . '/README') =~
	    m{^  (cp contrib/icinga2/\S+ /etc/icinga2/conf\.d/)$}m
	    or die "README has no command for Icinga\n";
	run_ok('sh', '-c', 'cd ' . srcdir() . ' && '
	    . $copy =~ s{/etc/icinga2}{$etc}r);
}

# All options at once: what Icinga makes of the variables.
my %all = (
    'mqueue remote' => [{mqueue_hostname => '127.0.0.1:5119',
    mqueue_stale => '2m'}, [qw(--hostname 127.0.0.1:5119 --stale 2m)]],
    mqueue => [{mqueue_queue => ['in=/var/spool/mqueue.in',
    '/var/spool/mqueue'], mqueue_warning => ['5', 'mqueue=7'],
    mqueue_critical => '50', mqueue_age_warning => '1h',
    mqueue_age_critical => ['in=2h'], mqueue_forecast_warning => '10s',
    mqueue_forecast_critical => '5s', mqueue_lost_warning => '~:',
    mqueue_quarantined_warning => '9',
    mqueue_stranded_warning => '3', mqueue_held_age_warning => '2d',
    mqueue_held_age_critical => ['in=7d'],
    mqueue_timeout => '9:CRITICAL', mqueue_state_dir => $work,
    mqueue_extra_opts => "x\@$work/opts.ini", mqueue_verbose => \1},
    [qw(--age-critical in=2h --age-warning 1h --critical 50),
    "--extra-opts=x\@$work/opts.ini",
    qw(--forecast-critical 5s --forecast-warning 10s
    --held-age-critical in=7d --held-age-warning 2d --lost-warning ~:
    --quarantined-warning 9 --queue in=/var/spool/mqueue.in
    --queue /var/spool/mqueue --state-dir), $work,
    qw(--stranded-warning 3),
    qw(--timeout 9:CRITICAL --verbose --warning 5 --warning mqueue=7)]],
    'mqueue root' => [{mqueue_root => '/'}, [qw(--root /)]],
    'relayflood root' => [{relayflood_root => '/'}, [qw(--root /)]],
    'relayflood merge' => [{relayflood_merge => ['127.0.0.1:5119',
    'localhost'], relayflood_stale => '2m'},
    [qw(--merge 127.0.0.1:5119 --merge localhost --stale 2m)]],
    relayflood => [{relayflood_queue => '/var/spool/mqueue.in',
    relayflood_warning => '50,5%', relayflood_critical => '500,50%',
    relayflood_by => 'relay', relayflood_ignore => ['192.0.2.1',
    '192.0.2.0/24'], relayflood_top => '3', relayflood_growth => \1,
    relayflood_timeout => '9',
    relayflood_extra_opts => "x\@$work/opts.ini",
    relayflood_verbose => \1},
    [qw(--by relay --critical), '500,50%', "--extra-opts=x\@$work/opts.ini",
    qw(--growth --ignore 192.0.2.1 --ignore 192.0.2.0/24
    --queue /var/spool/mqueue.in --timeout 9 --top 3 --verbose
    --warning), '50,5%']]);

sub all_options_conf {
	spew("$work/opts.ini", "[x]\n");
	my $json = JSON::PP->new->canonical->pretty;
	for my $command (sort keys %all) {
		my $vars = $json->encode($all{$command}[0]) =~ s/" : /" = /gr;
		my ($name) = split ' ', $command;
		spew("$etc/conf.d/all-$command.conf", <<"EOT");
object Service "all $command" {
	host_name = NodeName
	check_command = "$name"
	vars = $vars
}
EOT
	}
}

# The answer of the API, decoded.
sub api {
	my ($method, $path, $data) = @_;
	my ($password) = slurp("$etc/conf.d/api-users.conf") =~
	    /password = "(\w+)"/;
	my $r = run('curl', '-s', '-S', '-m', '20',
	    '--cacert', "$work/data/certs/ca.crt", '--resolve',
	    "lab.example.net:$api_port:127.0.0.1", '-u', "root:$password",
	    '-H', 'Accept: application/json', '-X', $method,
	    ($data ? ('-d', encode_json($data)) : ()),
	    "https://lab.example.net:$api_port/v1/$path");
	return $r->{code} ? undef : decode_json($r->{out});
}

sub escaped {
	my ($name) = @_;
	return $name =~ s/ /%20/gr;
}

# Has it checked now, and returns the result.
sub checked {
	my ($host, $service) = @_;
	my $began = time;
	api('POST', 'actions/reschedule-check', {type => 'Service',
	    filter => 'host.name == h && service.name == s', force => \1,
	    filter_vars => {h => $host, s => $service}});
	return wait_for(sub {
		read_graphite();
		my $answer = api('GET', 'objects/services/' .
		    escaped("$host!$service")) // return;
		my $attrs = $answer->{results}[0]{attrs} // return;
		my $result = $attrs->{last_check_result} // return;
		return $result->{execution_start} >= $began && $result;
	}, "the result of $service on $host");
}

# What the GraphiteWriter has sent: metric -> last value.
sub read_graphite {
	for my $socket ($sockets->can_read(0)) {
		if ($socket == $graphite) {
			$sockets->add($graphite->accept);
			next;
		}
		sysread($socket, $received{$socket}, 65536,
		    length($received{$socket} //= ''))
		    or $sockets->remove($socket);
		$metric{$1} = $2
		    while $received{$socket} =~ s/^(\S+) (\S+) \d+\n//;
	}
}

sub perf {
	my ($result) = @_;
	return parse_output("|@{$result->{performance_data}}");
}

sub shows_mqueue {
	my ($result, $n, $what) = @_;
	subtest $what => sub {
		is($result->{exit_status}, 0, 'OK');
		is($result->{state}, 0, 'and so is the state');
		like($result->{output},
		    qr/^MQUEUE OK - mqueue\.in $n messages.*\nmqueue\.in OK: /,
		    'the text');
		is_deeply(perf($result)->{labels}, \@mqueue_labels,
		    'all perfdata');
		is(perf($result)->{perf}{mqueue_in}{value}, $n,
		    'with the count');
	};
}

sub shows_flood {
	my ($result, $n, $what) = @_;
	subtest $what => sub {
		is($result->{state}, 0, 'OK');
		like($result->{output}, qr/^RELAYFLOOD OK - /, 'the text');
		is_deeply(perf($result)->{labels}, \@flood_labels,
		    'all perfdata');
		is(perf($result)->{perf}{messages}{value}, $n,
		    'with the count');
	};
}

# The metric names below a service, without what they have in common.
sub metrics_of {
	my ($prefix) = @_;
	return [sort map { /^\Q$prefix\E\.perfdata\.(.*)/ ? $1 : () }
	    keys %metric];
}

# Metrics of these labels: the value, the limits and the bounds that the
# perfdata has.
sub metric_names {
	my ($result) = @_;
	my $r = perf($result);
	# What nobody knows, Icinga writes nothing of.
	return [sort map {
		my $label = $_;
		my $item = $r->{perf}{$label};
		$item->{value} eq 'U' ? () : ("$label.value", map { "$label.$_" }
		    grep { $item->{$_} ne '' } qw(warn crit min max))
	} @{$r->{labels}}];
}

install_plugins('nagios');
my $sendmail = mail_server();
$sendmail->send(8);
nrpe_server();
report_server();
configure_icinga();
all_options_conf();

my $check = icinga2([qw(daemon -C)], '-c', "$etc/icinga2.conf");
is($check->{code}, 0, 'icinga2 daemon -C takes the samples')
    or diag($check->{out});
unlike($check->{out}, qr/\bwarning.*(?:mqueue|mail queue|relay flood)/i,
    'without a warning');

my $icinga = server({ready => sub { api('GET', 'status/ApiListener') }},
    '/usr/sbin/icinga2', 'daemon', @defines, '-c', "$etc/icinga2.conf");
is_deeply([exposed()], [], 'all servers are on loopback');

# What it cannot write, it drops.
wait_for(sub {
	my $answer = api('GET', 'objects/graphitewriters') // return;
	return $answer->{results}[0]{attrs}{connected};
}, 'the connection to Graphite');

my $queue = checked('lab.example.net', 'mail queue');
shows_mqueue($queue, 8, 'check_mqueue');
my $flood = checked('lab.example.net', 'relay flood');
shows_flood($flood, 8, 'check_relayflood');
for my $case (['mx2.example.net', 'NRPE'], ['mx3', 'report']) {
	my ($host, $how) = @$case;
	shows_mqueue(checked($host, 'mail queue'), 8,
	    "check_mqueue by $how");
	shows_flood(checked($host, 'relay flood'), 8,
	    "check_relayflood by $how");
}

for my $service ('mail queue', 'relay flood') {
	is(api('GET', 'objects/services/' . escaped("monitor2!$service"))
	    ->{error}, 404, "a host that says none has no $service");
}

# The options with their values, sorted by name: Icinga keeps no order of more
# than 16 options, and it has no meaning.
sub by_option {
	my @options;
	for (@_) {
		push @options, [] if /^--/;
		push @{$options[-1]}, $_;
	}
	return map { @$_ } sort { $a->[0] cmp $b->[0] } @options;
}

for my $command (sort keys %all) {
	my $result = checked('lab.example.net', "all $command");
	my (undef, @words) = @{$result->{command}};
	is_deeply([by_option(@words)], $all{$command}[1],
	    "every option of $command");
	like($result->{output}, qr/^\w+ (?:OK|WARNING) - .*messages/,
	    'is accepted');
}

# Options that give another output than a monitor reads are left out.
for my $plugin ('mqueue', 'relayflood') {
	my %left = map { $_ => 1 } run(program("check_$plugin"),
	    '--help')->{out}
	    =~ /^  (?:-\w, |    )(--[a-z-]+)/mg;
	delete @left{qw(--list-queues --output-format --help --version),
	    map { s/=.*//r } map { @{$all{$_}[1]} }
	    grep { /^$plugin\b/ } keys %all};
	is_deeply([sort keys %left], [], "no option of $plugin is without one");
}

# mqueue_warning was 5.
is(checked('lab.example.net', 'all mqueue')->{state}, 1, 'and has its effect');

my $in = 'icinga2.lab_example_net.services';
my $last = "icinga2.mx2_example_net.services.relay_flood.nrpe.perfdata."
    . 'oldest_other.value';
is(perf($queue)->{perf}{mqueue_in_growth}{value}, 'U',
    'the growth is not known yet');
wait_for(sub { read_graphite(); defined $metric{$last} }, $last);
is_deeply(metrics_of("$in.mail_queue.mqueue"), metric_names($queue),
    'the names in Graphite are the labels: check_mqueue');
is_deeply(metrics_of("$in.relay_flood.relayflood"), metric_names($flood),
    'and check_relayflood');
is($metric{"$in.mail_queue.mqueue.perfdata.mqueue_in.value"}, 8, 'a count');
ok(!exists $metric{"$in.mail_queue.mqueue.perfdata.mqueue_in_growth.value"},
    'no number where none is known, and the others all the same');
like(slurp("$work/log/icinga2.log"), qr/perfdata.*mqueue_in_growth=U/,
    '... which the log tells');
is($metric{"$in.mail_queue.mqueue.perfdata.mqueue_in.crit"}, 3000, 'a limit');

# Every metric of the dashboard is one that Icinga has sent, or will when it is
# known.
my @known = (keys %metric, map { "$in.mail_queue.mqueue.perfdata.$_.value" }
    grep { /_growth$/ } @{perf($queue)->{labels}});
my $dashboard = decode_json(slurp(srcdir()
    . '/contrib/graphs/grafana/mqueue.json'));
my @targets = map { $_->{target} } map { @{$_->{targets} // []} }
    @{$dashboard->{panels}};
my @paths = map { /(icinga2\.[^\s,()]+)/g } @targets;
cmp_ok(scalar @paths, '>=', 15, 'the dashboard has metrics');
for my $path (@paths) {
	my $pattern = $path =~ s/\$host/lab_example_net/r
	    =~ s/\$\{?queue\}?/mqueue_in/r =~ s/\./\\./gr =~ s/\*/[^.]+/gr;
	ok((grep { /^$pattern$/ } @known), $path);
}
my ($queues) = grep { $_->{name} eq 'queue' }
    @{$dashboard->{templating}{list}};
my ($regex) = $queues->{regex} =~ m{^/(.*)/$};
is_deeply([sort map { /$regex/ ? $1 : () } map { /([^.]+)\.value$/ }
    grep { /^\Q$in\E\.mail_queue\.mqueue\.perfdata/ } keys %metric],
    [sort qw(mqueue_in mqueue mqueueclient)], 'its variable has the queues');

ok(stop_server($icinga), 'Icinga ends on SIGTERM');
stop_servers();
undef $sendmail;
is_deeply([leftovers()], [], 'no process is left');
done_testing();
