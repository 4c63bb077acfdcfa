#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# prometheus.t - the alerts of contrib/prometheus, in promtool's tests and in a
# real Prometheus that has a real queue's numbers from node_exporter
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP;
use MQ;
use MQ::Lab;
use Test::More;

need('root', 'lab', '/usr/bin/prometheus', '/usr/bin/promtool', 'curl',
    '/usr/bin/prometheus-node-exporter', '/usr/sbin/sendmail');

my $work = tempdir();
my $contrib = srcdir() . '/contrib/prometheus';
my $rules = slurp("$contrib/mqueue-rules.yml");
my $tests = slurp("$contrib/mqueue-rules-test.yml");

# --- by the sample's own tests ------------------------------------------------

# promtool(COMMAND, RULES): in a directory with those rules and the tests.
my $n = 0;
sub promtool {
	my ($command, $text, $file) = @_;
	my $dir = "$work/rules" . $n++;
	mkdir $dir or die "$dir: $!\n";
	spew("$dir/mqueue-rules.yml", $text);
	spew("$dir/mqueue-rules-test.yml", $tests);
	return run('promtool', $command, 'rules', "$dir/$file");
}

my $r = promtool('check', $rules, 'mqueue-rules.yml');
is($r->{code}, 0, 'promtool check rules') or diag $r->{out}, $r->{err};
like($r->{out}, qr/SUCCESS: 17 rules found/, '... all of them');
$r = promtool('test', $rules, 'mqueue-rules-test.yml');
is($r->{code}, 0, 'promtool test rules') or diag $r->{out}, $r->{err};

# Each limit is guarded: with another one the tests fail.
for my $change (['messages > 1200', 'messages > 1290'], ['<= 3000$', '<= 9000'],
    ['messages > 3000', 'messages > 3090'], ['predict1h > 3000',
    'predict1h > 2900'], ['> 300 ', '> 0 '], ['> 900', '> 840'], ['> 3600', '> 3660'],
    ['lost_messages > 0', 'lost_messages > 2'],
    ['stranded_messages > 0', 'stranded_messages > 3'], ['readable == 0',
    'readable == 1'], ['exact == 0', 'exact == 2'], ['> 600', '> 660'],
    ['\[1d\]', '[5m]'], ['role="in"', 'role=~".*"'], [', 3600', ', 1800']) {
	my ($from, $to) = @$change;
	my $changed = $rules =~ s/$from/$to/gmr;
	isnt($changed, $rules, "with $to");
	isnt(promtool('test', $changed, 'mqueue-rules-test.yml')->{code}, 0,
	    '... the tests fail');
}

# --- a real one ---------------------------------------------------------------

# The answer of an HTTP API, decoded.
sub get {
	my ($port, $path) = @_;
	my $r = run('curl', '-s', '-S', '-m', '20', '-G',
	    "http://127.0.0.1:$port/$path");
	return $r->{code} ? undef : $r->{out};
}

my $sendmail = mail_server();
$sendmail->send(6);
spew('/var/spool/mqueue.in/Qf' . queue_id(time - 60, 0), "V8\n");
mkdir "$work/textfile" or die "mkdir: $!\n";
my $file = "$work/textfile/mqueue.prom";
$r = tool('mqreport', '--openmetrics', '--output', $file);
is($r->{code}, 0, 'mqreport writes for node_exporter') or diag $r->{err};

my %reported = map { /^(mqueue_\w+)/ ? ($1 => 1) : () }
    split /\n/, slurp($file);
my %used = map { $_ => 1 } map { /(?<![:\w])(mqueue_\w+)/g }
    grep { /^ +expr:/ } split /\n/, $rules;
is_deeply([grep { !$reported{$_} } sort keys %used], [],
    'every metric in the rules is one of mqreport');

my ($port, $exporter) = (free_port(), free_port());
spew("$work/prometheus.yml", <<"EOT");
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ $contrib/mqueue-rules.yml ]
scrape_configs:
  - job_name: node
    static_configs: [ { targets: [ '127.0.0.1:$exporter' ] } ]
EOT
server({ready => sub { get($exporter, 'metrics') }},
    '/usr/bin/prometheus-node-exporter', '--collector.disable-defaults',
    '--collector.textfile', "--collector.textfile.directory=$work/textfile",
    "--web.listen-address=127.0.0.1:$exporter");
like(get($exporter, 'metrics'), qr/^node_textfile_scrape_error 0$/m,
    'node_exporter takes the file');
server({ready => sub { get($port, '-/ready') }}, '/usr/bin/prometheus',
    "--config.file=$work/prometheus.yml", "--storage.tsdb.path=$work/data",
    "--web.listen-address=127.0.0.1:$port");
is_deeply([exposed()], [], 'all servers are on loopback');

# query($expression): queue -> value
sub query {
	my ($what) = @_;
	my $answer = decode_json(get($port, "api/v1/query?query=$what"));
	return {map { ($_->{metric}{queue} // '') => $_->{value}[1] }
	    @{$answer->{data}{result}}};
}

wait_for(sub { exists query('mqueue_messages')->{'mqueue.in'} },
    'the first scrape');
is_deeply(query('mqueue_messages{role="in"}' =~ s/([{}"=])/sprintf '%%%02X',
    ord $1/ger), {'mqueue.in' => 6}, 'the messages of the queue');
my $alert = wait_for(sub {
	my $answer = decode_json(get($port, 'api/v1/alerts'));
	return $answer->{data}{alerts}[0];
}, 'an alert');
is($alert->{labels}{alertname}, 'MailLost', 'a lost message is an alert');
is($alert->{state}, 'firing', '... at once');
is($alert->{annotations}{summary}, "mqueue.in on 127.0.0.1:$exporter: 1"
    . ' messages are set aside as unusable', '... and says where');

# What is not known is no sample, and no 0: of a queue that can't be read, and
# where there is no report at all.
is(tool('mqreport', '--openmetrics', '-q', '/var/spool/mqueue.in', '-q',
    "$work/none", '--output', $file)->{code}, 1, 'a queue that is missing');
wait_for(sub { exists query('mqueue_readable')->{none} }, 'the scrape');
is(query('mqueue_readable')->{none}, 0, '... is not readable');
ok(!exists query($_)->{none}, "... and has no $_") for qw(mqueue_messages
    mqueue_oldest_age_seconds mqueue_late_messages mqueue_lost_messages);
mkdir "$work/nothing" or die "mkdir: $!\n";
spew($file, tool('mqreport', '--openmetrics', '--root',
    "$work/nothing")->{out});
wait_for(sub { (query('mqueue_report_success')->{''} // 1) eq '0' },
    'no report');
like(get($exporter, 'metrics'), qr/^node_textfile_scrape_error 0$/m,
    '... which node_exporter takes');

make_queue('/var/spool/mqueue.in', 3001, first => 10);
is(tool('mqreport', '--openmetrics', '--output', $file)->{code}, 0,
    'a longer queue');
my %pending;
wait_for(sub {
	my $answer = decode_json(get($port, 'api/v1/alerts'));
	%pending = map { $_->{labels}{alertname} => $_->{annotations}{summary}
	    } @{$answer->{data}{alerts}};
	return $pending{MailQueueFull};
}, 'the alert');
like($pending{MailQueueFull}, qr/^mqueue\.in on \S+: 3007 messages$/,
    '... becomes another');

stop_servers();
undef $sendmail;
is_deeply([leftovers()], [], 'no process is left');
done_testing();
