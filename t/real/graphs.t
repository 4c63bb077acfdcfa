#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# graphs.t - what the plugins measure becomes pictures: from a real Nagios by
# contrib/graphs/rrd, and by the templates for PNP4Nagios
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP;
use MQ;
use MQ::Lab;
use MQ::Nagios;
use Test::More;

need('root', 'lab', '/usr/sbin/nagios4', 'rrdtool', 'php',
    '/usr/sbin/sendmail');

my $work = tempdir();
my $contrib = srcdir() . '/contrib/graphs';
my $store = '/usr/local/bin/perfdata-rrd';

# --- from Nagios to RRD files ------------------------------------------------

install_plugins('nagios');
my $sendmail = mail_server();
$sendmail->send(9);
install('contrib/graphs/rrd/perfdata-rrd', $store);
install('contrib/nagios/commands.cfg', '/etc/nagios-plugins/config/mqueue.cfg');
install('contrib/nagios/services-local.cfg', '/etc/nagios4/conf.d/local.cfg');
install('contrib/graphs/rrd/perfdata-command.cfg',
    '/etc/nagios-plugins/config/perfdata.cfg',
    sub { s{/var/lib/nagios4}{$work/nagios}g });
my $nagios = MQ::Nagios->new(dir => "$work/nagios",
    add => slurp("$contrib/rrd/nagios-perfdata.cfg")
    =~ s/^(\w+_interval)=60$/$1=1/mr)->start;
my %status = map { $_ => $nagios->checked('localhost', $_) }
    'mail queue', 'relay flood';
my %dir = map { $_ => "$work/nagios/rrd/localhost/" . tr/ /_/r } keys %status;
for my $service (sort keys %status) {
	my $perf = parse_output("|$status{$service}{performance_data}");
	wait_for(sub {
		!grep { !-e "$dir{$service}/$_.rrd" } @{$perf->{labels}}
	}, "the files of $service");
	is_deeply([sort map { m{([^/]+)\.rrd$} } glob "$dir{$service}/*"],
	    [sort @{$perf->{labels}}], "$service: a file for each number");
}
like(run_ok('rrdtool', 'lastupdate', "$dir{'mail queue'}/mqueue_in.rrd"),
    qr/^ *value\n\n\d+: 9$/m, 'the number of messages');
like(run_ok('rrdtool', 'lastupdate',
    "$dir{'mail queue'}/mqueue_in_growth.rrd"),
    qr/^ *value\n\n\d+: U$/m, 'the growth, which is not known');
is_deeply([exposed()], [], 'all servers are on loopback');
stop_servers();
undef $sendmail;
is_deeply([leftovers()], [], 'no process is left');

# --- a day of numbers --------------------------------------------------------

# What the plugins print, with a flood in the afternoon.
my $now = time - time % 300;
my $rrd = "$work/rrd";
sub perfdata {
	my ($time, $n) = @_;
	my $perf = $status{'mail queue'}{performance_data}
	    =~ s/(?<=mqueue_in=)\d+/$n/r
	    =~ s/(?<=mqueue_in_oldest=)\d+/$n/r;
	my $flood = $status{'relay flood'}{performance_data}
	    =~ s/(?<=messages=)\d+/$n/r =~ s/(?<=top_count=)\d+/$n - 80/er
	    =~ s/(?<=top_share=)[\d.]+/100 - 8000 \/ $n/er;
	# Now and then it is not known how old the others are.
	$flood =~ s/(?<=oldest_other=)\d+s/U/ or die "no age\n" if $n % 3;
	return "$time\tmx1\tmail queue\t$perf\n",
	    "$time\tmx1\trelay flood\t$flood\n";
}

my @lines = map {
	my $n = $_ > 150 && $_ < 200 ? 100 + 60 * ($_ - 150) :
	    100 + $_ % 7 * 10;
	perfdata($now - 300 * (288 - $_), $n);
} 0 .. 288;
spew("$work/perfdata", @lines, "$now\tmx1\tdisk\t/=5;;;0\n",
    "$now\t../../x\trelay flood\tmessages=1\n", "junk\n",
    "$now\tmx2\tmail queue\t'" . 'a' x 40 . "'=1 b/c=2 ../x=3 ok=4 bad=x\n");
my $r = run($store, "$work/perfdata", $rrd, 'mail queue', 'relay flood');
is($r->{code}, 0, 'perfdata-rrd') or diag $r->{err};
is("$r->{out}$r->{err}", '', '... without a word');
ok(!-e "$work/perfdata$_", "... perfdata$_ is gone") for '', '.work';
is_deeply([sort map { s{^\Q$rrd\E/}{}r } glob "$rrd/*/*"], ['_._.._x/relay_flood',
    'mx1/mail_queue', 'mx1/relay_flood', 'mx2/mail_queue'],
    '... files of these services only, and below its directory');
is_deeply([map { s{.*/}{}r } glob "$rrd/mx2/mail_queue/*"], ['ok.rrd'],
    '... and of labels as the plugins have them');
my @average = map { /: (\d\S+)$/ ? $1 + 0 : () } split /\n/, run_ok('rrdtool',
    'fetch', "$rrd/mx1/mail_queue/mqueue_in.rrd", 'MAX', '--resolution', 300,
    '--start', $now - 300 * 140, '--end', $now);
is((sort { $b <=> $a } @average)[0], 100 + 60 * 49, 'the peak is in the file');

# A host that sends a new label each time does not fill the disk.
spew("$work/perfdata", "$now\t.mx5\tmail queue\t",
    join(' ', map { "l$_=1" } 1 .. 500), "\n");
is(run($store, "$work/perfdata", $rrd, 'mail queue')->{code}, 0, 'many labels');
is(() = glob("$rrd/_mx5/mail_queue/*"), 100, '... are 100 files at most');

# A run that was killed is finished by the next one.
spew("$work/perfdata.work", "$now\tmx3\tmail queue\tmqueue=1\n");
spew("$work/perfdata", "$now\tmx4\tmail queue\tmqueue=2\n");
is(run($store, "$work/perfdata", $rrd, 'mail queue')->{code}, 0, 'again');
ok(-e "$rrd/$_/mail_queue/mqueue.rrd", "... $_ is stored") for qw(mx3 mx4);
spew("$work/perfdata", "$now\tmx4\tmail queue\tmqueue=3\n");
$r = run($store, "$work/perfdata", $rrd, 'mail queue');
is($r->{code}, 1, 'what rrdtool refuses');
like($r->{err}, qr/^perfdata-rrd: rrdtool refused 1 updates; the first: .*minimum one second step/,
    '... is told');

# --- pictures ----------------------------------------------------------------

# A picture is a PNG of that size or larger, and not the same as one of a time
# without numbers.
sub is_picture {
	my ($file, $empty, $name) = @_;
	my $png = slurp($file);
	is(substr($png, 0, 8), "\x89PNG\r\n\x1a\n", "$name: a PNG");
	my ($width, $height) = unpack 'x16NN', $png;
	ok($width > 400 && $height > 100, '... of its size');
	isnt($png, slurp($empty), '... with something in it');
}

my $draw = "$contrib/rrd/queue-graph";
for my $row (['queue', "$rrd/mx1/mail_queue", 'mqueue_in'],
    ['flood', '--flood', "$rrd/mx1/relay_flood"]) {
	my ($name, @arguments) = @$row;
	$r = run($draw, @arguments, "$work/$name.png");
	is($r->{code}, 0, "queue-graph: $name") or diag $r->{err};
	run_ok($draw, '--start', $now - 86400 * 9, '--end', $now - 86400 * 8,
	    @arguments, "$work/empty.png");
	is_picture("$work/$name.png", "$work/empty.png", $name);
}
$r = run($draw, "$rrd/mx1/mail_queue", 'none', "$work/none.png");
is($r->{code}, 2, 'a queue without a file');
is($r->{err}, "queue-graph: there is no $rrd/mx1/mail_queue/none.rrd\n",
    '... is told');

# --- PNP4Nagios --------------------------------------------------------------

# What PNP does: the arrays, the template, and rrdtool in its pipe mode.
spew("$work/pnp.php", <<'EOT');
<?php
set_error_handler(function ($n, $text, $file, $line) {
	fwrite(STDERR, "$text in $file:$line\n");
	exit(1);
});
$opt = $def = $ds_name = FALSE;
extract(json_decode(file_get_contents($argv[2]), true));
require $argv[1];
echo json_encode(array($opt, $def, $ds_name));
EOT

my %variables;
for my $service (sort keys %dir) {
	my $perf = parse_output("|$status{$service}{performance_data}");
	my $plugin = $service eq 'mail queue' ? 'check_mqueue' :
	    'check_relayflood';
	my %v = (hostname => 'mx1', servicedesc => $service);
	my $i = 0;
	for my $label (@{$perf->{labels}}) {
		$i++;
		$v{NAME}{$i} = $label;
		$v{DS}{$i} = 'value';
		$v{RRDFILE}{$i} = "$rrd/mx1/" . $service =~ tr/ /_/r
		    . "/$label.rrd";
		$v{WARN}{$i} = $perf->{perf}{$label}{warn};
		$v{CRIT}{$i} = $perf->{perf}{$label}{crit};
	}
	spew("$work/$plugin.json", encode_json(\%v));
	$r = run('php', '-l', "$contrib/pnp4nagios/$plugin.php");
	is($r->{code}, 0, "$plugin.php is PHP") or diag $r->{out};
	$r = run('php', "$work/pnp.php", "$contrib/pnp4nagios/$plugin.php",
	    "$work/$plugin.json");
	is($r->{code}, 0, '... that runs') or diag $r->{err};
	is($r->{err}, '', '... without a warning');
	my ($opt, $def, $names) = @{decode_json($r->{out})};
	is(scalar keys %$def, $service eq 'mail queue' ? 6 : 3,
	    '... and has its graphs');
	is_deeply([sort keys %$names], [sort keys %$def], '... with names');
	for my $graph (sort keys %$def) {
		my ($png, $empty) = ("$work/pnp$graph.png", "$work/empty.png");
		my $words = "--width 500 --height 100 $opt->{$graph}"
		    . $def->{$graph};
		$r = run({stdin => "graph $png --start end-1d $words\n"
		    . 'graph ' . $empty . ' --start ' . ($now - 86400 * 9)
		    . ' --end ' . ($now - 86400 * 8) . " $words\n"},
		    'rrdtool', '-');
		unlike($r->{out}, qr/ERROR/, "rrdtool draws $names->{$graph}");
		is_picture($png, $empty, $names->{$graph});
	}
}
done_testing();
