#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# xymon.t - a real Xymon shows and graphs what bb-ext reports, with the samples
# of contrib/xymon
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Lab;
use MQ::PNG;
use MQ::Xymon;
use Test::More;

need('root', 'lab', '/usr/lib/xymon/server/bin/xymond', 'rrdtool',
    '/usr/sbin/sendmail');

my $work = tempdir();
my @check = (plugin_dir() . '/check_mqueue', '--state-dir', "$work/state");
my $date = qr/\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \S+ \d{4}/;
mkdir "$work/state";
chmod 01777, "$work/state";

install_plugins('xymon');
install(program('bb-ext'), '/usr/bin/bb-ext');
my $sendmail = mail_server();
$sendmail->send(6);
my $xymon = MQ::Xymon->new->start;
my $host = $xymon->host;
is_deeply([exposed()], [], 'all servers are on loopback');

subtest 'the tasks of a client, run by xymonlaunch' => sub {
	my $launch = $xymon->client;
	my %column;
	wait_for(sub {
		%column = map { $_->[1] => $_ } $xymon->board(
		    qw(color sender lastchange logtime validtime line1));
		return $column{mqueue} && $column{relayflood}
		    && $column{mqueue}[7] =~ /MQUEUE/;
	}, 'both columns');
	stop_server($launch);

	my $mqueue = $column{mqueue};
	is($mqueue->[2], 'green', 'mqueue is green');
	is($mqueue->[3], '127.0.0.1', '... from this machine');
	is($mqueue->[6] - $mqueue->[5], 15 * 60, '... for three intervals');
	like($mqueue->[7], qr/^green $date MQUEUE OK - mqueue\.in 6 messages\b/,
	    '... with the text of the plugin');
	like($column{relayflood}[7], qr/^\w+ $date RELAYFLOOD /, 'relayflood');
	is(slurp('/var/log/xymon/mqueue.log'), '', 'the tasks say nothing');
	my ($fields, $message) = $xymon->log('mqueue');
	like($message, qr/^ mqueue_in : 6\n/m, 'a number in a row');
	like($message, qr/^ &green mqueue\.in OK: 6 messages, /m,
	    'a queue with its icon');
	is_deeply([grep { !/^mqueue,mqueue(?:_in|client)?(?:_(?:oldest|late
	    |growth|held|lost|strand))?\.rrd$|^relayflood,[a-z_]+\.rrd$/x }
	    $xymon->rrd_files], [], 'no other number is recorded');
};

# What README has copied, on a mail server that is the Xymon server as well and
# on one that is not: each task is there, and is defined once.
subtest 'the tasks are defined once' => sub {
	my $readme = slurp(srcdir() . '/contrib/xymon/README');
	my ($there) = $readme =~ /^On the mail server\n-+\n(.*?)^-+$/ms;
	for my $dir ($there =~ m{(?:/etc/xymon/)(\w+\.d)/}g) {
		install('contrib/xymon/clientlaunch.d/mqueue.cfg',
		    "/etc/xymon/$dir/mqueue.cfg");
	}
	run_ok('sh', '-c', '. /etc/default/xymon-client &&'
	    . ' . /usr/share/xymon/init-common.sh && create_includefiles');
	for my $config ('tasks.cfg', 'clientlaunch.cfg') {
		my @files = ("/etc/xymon/$config");
		my %defined;
		while (defined(my $file = shift @files)) {
			my $text = slurp($file);
			$defined{$_}++ for $text =~ /^\[(\w+)\]/mg;
			push @files, $text =~ /^include (\S+)/mg;
		}
		is($defined{$_}, 1, "$config: $_") for 'mqueue', 'relayflood';
	}
};

# What xymond, the worker and the CGIs make of it, over half an hour.
my @flood = qw(messages oldest_other read relays relays_over sampled top_count
    top_share);
my @queue = ('-q', "a.in=$work/a", '-q', "b=$work/b");
make_queue("$work/a", 20, age => 600);
make_queue("$work/b", 50, age => 1200);
unlink map { $xymon->rrd_path($_) } $xymon->rrd_files;

# The value that a file has for each five minutes, by name.
sub fetch {
	my ($file, $name) = @_;
	my ($names, @rows) = grep { /\S/ } split /\n/, run_ok('rrdtool',
	    'fetch', $xymon->rrd_path($file), 'AVERAGE', '--start',
	    $xymon->now - 3600, '--end', $xymon->now);
	my @names = split ' ', $names;
	my ($column) = grep { $names[$_] eq $name } 0 .. $#names;
	return map { sprintf '%g', $_ } grep { !/nan/ }
	    map { (split)[$column + 1] } @rows;
}

sub last_value {
	my ($file) = @_;
	my ($names, $line) = grep { /\S/ } split /\n/,
	    run_ok('rrdtool', 'lastupdate', $xymon->rrd_path($file));
	my (undef, @values) = split /[:\s]+/, $line;
	my %value;
	@value{split ' ', $names} = @values;
	return \%value;
}

# Sends both columns, and waits for what the worker does with the last.
my ($sent, $last) = (0, 'relayflood,oldest_other.rrd');
sub both {
	my (@queues) = @_;
	is($xymon->bbext('--test', 'mqueue', @check, @queues)->{code}, 0,
	    'mqueue is sent');
	my $r = $xymon->bbext(plugin_dir() . '/check_relayflood', '-q',
	    "$work/a");
	is($r->{code}, 0, 'relayflood is sent') or diag $r->{err};
	wait_for(sub {
		-e $xymon->rrd_path($last) && run_ok('rrdtool', 'last',
		    $xymon->rrd_path($last)) > $sent;
	}, 'the update');
	$sent = run_ok('rrdtool', 'last', $xymon->rrd_path($last));
}

subtest 'numbers in RRD files' => sub {
	my $clock = 0;
	for my $more (0, 0, 0, 100, 0, 0, 0) {
		$xymon->clock($clock += 300);
		make_queue("$work/a", $more, age => 600, first => 500)
		    if $more;
		both(@queue);
	}
	is_deeply(last_value('mqueue,a_in.rrd'), {lambda => 120},
	    'the last number of messages');
	my @values = fetch('mqueue,a_in.rrd', 'lambda');
	is_deeply([@values[0, -1]], [20, 120], '... and those before');
	is_deeply([grep { $_ != 20 && $_ != 120 } @values],
	    [$values[grep { $_ == 20 } @values]], '... a gauge');
	is_deeply([(fetch('mqueue,b.rrd', 'lambda'))[0, -1]], [50, 50],
	    'the other queue');
	cmp_ok((fetch('mqueue,b_oldest.rrd', 'lambda'))[-1], '>', 1190,
	    'an age in seconds');
	# The growth is not known: U, of which Xymon records nothing.
	is_deeply([$xymon->rrd_files], [(map { ("mqueue,$_.rrd",
	    map { "mqueue,$_.rrd" } "${_}_held", "${_}_late", "${_}_lost",
	    "${_}_oldest", "${_}_strand") } 'a_in', 'b'),
	    map { "relayflood,$_.rrd" } @flood],
	    'a file for each number that is known');
	like(($xymon->log('mqueue'))[1], qr/^ a_in_growth : U$/m,
	    '... and the growth is not');

	# A queue that is new does not disturb the others.
	make_queue("$work/c", 7);
	$xymon->clock($clock += 300);
	both(@queue, '-q', "$work/c");
	is_deeply(last_value('mqueue,c.rrd'), {lambda => 7}, 'a new queue');
	is_deeply(last_value('mqueue,a_in.rrd'), {lambda => 120},
	    '... beside the old ones');

	is_deeply(last_value('relayflood,messages.rrd'), {lambda => 120},
	    'relayflood: the last number');
	is((fetch('relayflood,messages.rrd', 'lambda'))[0], 20,
	    '... the first one');

	# What is not known takes no other number with it, nor does what is no
	# item; and what is written with an exponent is what it says.
	my $before = run_ok('rrdtool', 'last',
	    $xymon->rrd_path('relayflood,relays.rrd'));
	spew("$work/check_stub", "#!/bin/sh\necho 'x | relays=U messages=13"
	    . " top_count=1, read=1.5e2 oldest_other=.52'\n");
	chmod 0755, "$work/check_stub";
	$xymon->clock($clock += 300);
	is($xymon->bbext('--test', 'relayflood', "$work/check_stub")->{code},
	    0, 'a foreign plugin');
	wait_for(sub { run_ok('rrdtool', 'last', $xymon->rrd_path($last))
	    > $sent }, 'the update');
	$sent = run_ok('rrdtool', 'last', $xymon->rrd_path($last));
	is_deeply([map { last_value("relayflood,$_.rrd")->{lambda} }
	    qw(messages read oldest_other)], [13, 150, '.52'],
	    '... all its numbers');
	is(run_ok('rrdtool', 'last',
	    $xymon->rrd_path('relayflood,relays.rrd')), $before,
	    '... but for the one that is not known');
	is(last_value('relayflood,top_count.rrd')->{lambda}, 120,
	    '... and the one that is none');
	like(($xymon->log('relayflood'))[1], qr/left out: \(top_count=1,\)\.$/m,
	    '... which is named');
};

subtest 'the page and its graphs' => sub {
	my (undef, $message) = $xymon->log('mqueue');
	my ($colour, $first, $rest) = $message =~ /^(\w+) (.*?)\n(.*)/s;
	is($colour, 'green', 'the status');
	my $html = $xymon->page('mqueue');
	is_deeply([($xymon->shown($html))[0, 1]], [$first, $rest],
	    'the page shows it all');
	my @graphs = $html =~ /showgraph\.sh\?[^"]*;service=(\w+)/g;
	my %graphs = map { $_ => 1 } @graphs;
	is_deeply([sort keys %graphs], ['mqueue', 'mqueue1'],
	    'and two graphs');
	%graphs = map { $_ => 1 } $xymon->page('relayflood') =~
	    /showgraph\.sh\?[^"]*;service=(\w+)/g;
	is_deeply([sort keys %graphs], ['relayflood', 'relayflood1'],
	    'relayflood has two graphs, too');
	my $now = $xymon->now;
	my %colour = (mqueue => '0000ff', mqueue1 => '0000ff',
	    relayflood => 'c0c0c0', relayflood1 => 'c0c0c0');
	for my $graph (sort keys %colour) {
		my ($head, $png) = $xymon->graph($graph, $now - 3600, $now);
		like($head, qr{^Content-type: image/png$}m, "$graph: an image");
		is(substr($png, 0, 8), "\x89PNG\r\n\x1a\n", '... a PNG');
		# Beside the legend, which is there without a line as well.
		my (undef, $empty) = $xymon->graph($graph, $now - 86400 * 9,
		    $now - 86400 * 9 + 3600);
		cmp_ok(png_pixels($png, $colour{$graph}), '>', 100
		    + png_pixels($empty, $colour{$graph}),
		    '... with a line in it');
	}
	my %limit = (mqueue1 => 'e6b800', relayflood => '8c0000');
	for my $graph (sort keys %limit) {
		my (undef, $png) = $xymon->graph($graph, $now - 3600, $now);
		# That of a relay has a legend; the other one is always drawn.
		my (undef, $empty) = $xymon->graph($graph, $now - 86400 * 9,
		    $now - 86400 * 9 + 3600);
		cmp_ok(png_pixels($png, $limit{$graph}), '>', 20 +
		    ($graph eq 'mqueue1' ? 0 : png_pixels($empty,
		    $limit{$graph})), "$graph: a limit");
	}
};

subtest 'without a client program, and to whom nobody knows' => sub {
	my $r = run({env => {MACHINE => $host}}, '/usr/bin/bb-ext',
	    '--display', '127.0.0.1', '--test', 'tcp', '--lifetime', '7',
	    @check, '-q', "$work/a");
	is($r->{code}, 0, 'sent by TCP');
	my ($fields, $message) = $xymon->log('tcp');
	like($message, qr/^green $date MQUEUE OK - .*\n <!-- ncv_skipstart -->\n(?: .*\n)+ <!-- ncv_skipend -->\n a : 120\n/,
	    '... it is there');
	is($fields->[6] - $fields->[5], 7 * 60, '... with its lifetime');
	for my $args ([], ['--big-sister']) {
		$r = $xymon->bbext('--host', 'nobody.example.net', @$args,
		    '--display', '127.0.0.1', @check, '-q', "$work/a");
		is($r->{code}, 0, 'Xymon does not say that it knows no host');
	}
	is_deeply([grep { $_->[0] ne $host } $xymon->board('color')], [],
	    '... but shows no such host');
	like($xymon->raw('ghostlist'), qr/^nobody\.example\.net\|/m,
	    '... except as a ghost');
};

stop_servers();
undef $sendmail;
is_deeply([leftovers()], [], 'no process is left');
done_testing();
