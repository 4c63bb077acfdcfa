#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# formats.t - the format that was asked for holds for every answer: failures,
# wrong options, ini files, the alarm, and lists as well
use strict;
use warnings;

use FindBin;
use JSON::PP;
use POSIX ();
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Net;
use Test::More;

my $dir = tempdir();
plan(skip_all => 'this build has no JSON')
    if lacks(plugin('--output-format', 'json', '-q', $dir)->{out} =~ /^\{/,
    'JSON in this build');

mkdir "$dir/none";
make_queue("$dir/mqueue", 3);
spew("$dir/x.ini", "[json]\noutput-format=json\n", "[bad]\nnonsense=1\n",
    "[text]\noutput-format=nagios\n", "[broken]\noutput-format=json\n]\n");
my @json = ('--output-format', 'json');
my $port = 1; # which nobody serves on loopback

# Each way to fail, and what is told of it.
my %common = ('before it' => [['--nonsense', @json],
    q{unknown option '--nonsense'; see --help}],
    'after it' => [[@json, '--nonsense'],
    q{unknown option '--nonsense'; see --help}],
    'with =' => [['--nonsense', '--output-format=json'],
    q{unknown option '--nonsense'; see --help}],
    'shortened' => [['--nonsense', '--output=json'],
    q{unknown option '--nonsense'; see --help}],
    'a value that is missing' => [[@json, '-w'],
    q{a value is needed after '-w'; see --help}],
    'a value that is none' => [['-t', 'x', @json], qr/^--timeout 'x': .*--help$/],
    'a word' => [['word', @json], qr/^unexpected argument 'word'/],
    'another format, which is none' => [['--output-format', 'xml', @json],
    qr/^--output-format 'xml': /],
    'from an ini file' => [["--extra-opts=json\@$dir/x.ini", '--nonsense'],
    q{unknown option '--nonsense'; see --help}],
    'a wrong option of an ini file' => [[@json, "--extra-opts=bad\@$dir/x.ini"],
    q{unknown option '--nonsense=1'; see --help}],
    'the command line over the ini file' => [["--extra-opts=text\@$dir/x.ini",
    '--nonsense', @json], q{unknown option '--nonsense'; see --help}],
    'no ini file' => [["--extra-opts=json\@$dir/none.ini", @json],
    qr/^--extra-opts: cannot read .*none\.ini': No such file/],
    'no section, and the format in another' =>
    [["--extra-opts=json\@$dir/x.ini", "--extra-opts=no\@$dir/x.ini"],
    "--extra-opts: no section 'no' in $dir/x.ini"],
    'no section, and another format in another' =>
    [["--extra-opts=text\@$dir/x.ini", "--extra-opts=no\@$dir/x.ini", @json],
    "--extra-opts: no section 'no' in $dir/x.ini"],
    'no queue' => [[@json, '--root', "$dir/none"],
    'no sendmail queue found on this machine; name one: -q DIR']);
my %own = (check_mqueue => {
    'no report' => [[@json, '-H', "127.0.0.1:$port"],
    qr/^127\.0\.0\.1 port $port: /],
    'a threshold astray' => [[@json, '-q', "$dir/mqueue", '-w', 'x=1'],
    qr/^a threshold names the queue 'x', which is not watched/]},
    check_relayflood => {'no report' => [[@json, '--merge',
    "127.0.0.1:$port"], qr/^1 of 1 server not counted: 127\.0\.0\.1 port /]});

# The answer as it is, the same on one line of JSON: is that one all there is?
sub is_told {
	my ($r, $service, $why, $name) = @_;
	is("$r->{code} $r->{err}", '3 ', "$name: UNKNOWN");
	my $answer = eval { decode_json($r->{out}) };
	ok($answer, '... JSON') or diag $r->{out};
	is_deeply([@$answer{qw(version service state code)}],
	    [1, $service, 'UNKNOWN', 3], '... of the usual form');
	ref $why ? like($answer->{summary}, $why, '... says why') :
	    is($answer->{summary}, $why, '... says why');
	is(ref $answer->{results}, 'ARRAY', '... with its lists');
}

for my $row (['check_mqueue', 'MQUEUE'], ['check_relayflood', 'RELAYFLOOD']) {
	my ($plugin, $service) = @$row;
	my $program = program($plugin);
	my %ways = (%common, %{$own{$plugin}});
	for my $name (sort keys %ways) {
		my ($args, $why) = @{$ways{$name}};
		is_told(run($program, @$args), $service, $why,
		    "$plugin, $name");
	}

	# Without any, or another one last, it is text as ever.
	for my $args (['--nonsense'], [@json, '--nonsense', '--output-format',
	    'nagios'], ['--', @json]) {
		my $r = run($program, @$args);
		like($r->{out}, qr/\A$service UNKNOWN - un.*; see --help\n\z/,
		    "$plugin: @$args");
	}

	# The alarm: an ini file on a standard input that says nothing.
	for my $format ([], \@json) {
		pipe my $in, my $silent or die "pipe: $!\n";
		my $out = "$dir/alarm";
		my $pid = fork // die "fork: $!\n";
		if (!$pid) {
			open STDIN, '<&', $in or POSIX::_exit(126);
			open STDOUT, '>', $out or POSIX::_exit(126);
			exec $program, '-t', '1:CRITICAL',
			    "--extra-opts=x\@-", @$format;
		}
		waitpid $pid, 0;
		is($? >> 8, 2, "$plugin: the alarm, with its state");
		my $text = slurp($out);
		my $answer = @$format ? eval { decode_json($text) } :
		    {summary => $text =~ s/^$service CRITICAL - //r
		    =~ s/\n\z//r};
		is($answer->{summary},
		    'the file system did not answer within 1s',
		    '... in its format');
		is($answer->{state}, 'CRITICAL', '... whole') if @$format;
	}

	# A list is an answer.
	my $r = run($program, @json, '--list-queues', '-q', "$dir/mqueue",
	    '-q', "$dir/missing");
	is($r->{code}, 3, "$plugin: --list-queues");
	my $list = eval { decode_json($r->{out}) } // {};
	is_deeply([@$list{qw(state summary)}], ['UNKNOWN',
	    '2 queues, 1 of 2 directories readable'], '... is JSON');
	is_deeply([map { "$_->{subject} $_->{state} $_->{detail}" }
	    map { ($_, @{$_->{results}}) } @{$list->{results}}],
	    ['missing UNKNOWN (out), from -q',
	    "$dir/missing UNKNOWN NOT readable",
	    'mqueue OK (out), from -q', "$dir/mqueue OK readable"],
	    '... with each queue and directory');
	like($list->{results}[0]{results}[0]{advice}, qr/No such file/,
	    '... and what is missing');
}

# --- the tools ----------------------------------------------------------------

for my $row (['qstat', ['--json', '--root', "$dir/none"], qr/^no sendmail/],
    ['qstat', ['--nonsense', '--json'], qr/^unknown option/],
    ['qstat', ['--json', '--by', 'a"b\\'], qr/^--by 'a_b_': /],
    ['qblock', ['--nonsense', 'list', '--json'], qr/^unknown option/],
    ['qblock', ['list', '--json', '--cf', "$dir/none.cf"], qr/none\.cf/],
    ['mqc', ['--nonsense', '--json', 'x'], qr/^unknown option/],
    ['mqc', ['--json', '-f', "$dir/none.conf"], qr/none\.conf/]) {
	my ($tool, $args, $why) = @$row;
	next if !-x program($tool);
	my $r = tool($tool, @$args);
	is($r->{code}, 2, "$tool @$args");
	my $answer = eval { decode_json($r->{out}) } // {};
	like($answer->{error}{reason}, $why, '... is JSON that says why');
	is($r->{err}, "$tool: $answer->{error}{reason}\n",
	    '... as standard error does');
}
my $r = tool('qstat', '--tsv', '--root', "$dir/none");
is("$r->{code} $r->{out}", '2 ',
    'qstat --tsv: not even a head, which would be an empty list');
is(tool('qstat', '--root', "$dir/none")->{out}, '', 'qstat: no answer');

my $failed = "mqueue_report_success 0\n";
for my $args (['--openmetrics', '--root', "$dir/none"],
    ['--nonsense', '--openmetrics'], ['--openmetrics', '-t', 'x']) {
	$r = tool('mqreport', @$args);
	is($r->{code}, 2, "mqreport @$args");
	like($r->{out}, qr/^mqueue_report_success 0\n/m, '... metrics');
	like($r->{out}, qr/^# TYPE mqueue_report_error gauge\n.*\n
	    mqueue_report_error\{reason="[^"\n]+"\}\ 1\n\#\ EOF\n\z/mx,
	    '... that say why');
	my ($reason) = $r->{out} =~ /reason="(.*)"/;
	is($r->{err}, "mqreport: $reason\n", '... as standard error does');
}
my ($client, $pid) = served(program('mqreport'), '--openmetrics',
    '--root', "$dir/none");
my $served = read_all($client);
waitpid $pid, 0;
like($served, qr/^\Q$failed\E/m, '... and served, metrics as well');
unlike($served, qr/^mqreport 1$/m, '... not a report');
$r = tool('mqreport', '--openmetrics', '-q', "$dir/mqueue");
like($r->{out}, qr/^mqueue_report_success\{queue="mqueue",role="out"\} 1\n/m,
    'a report is one');
done_testing;
